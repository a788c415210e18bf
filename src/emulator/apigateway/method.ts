import type { Call } from '../operation.js';
import { checkModels } from './api-model.js';
import type { Authorizer } from './authorizer-model.js';
import { badRequest, notFound } from './errors.js';
import { mappingRefusal } from './mapping-expression.js';
import { type Method, type RequestValidator, type Resource, TABLES } from './model.js';
import { operation } from './operation.js';
import { findResource, saveResource } from './resource.js';

const VERBS = ['GET', 'PUT', 'POST', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD', 'ANY'];

const AUTHORIZATION_TYPES = ['NONE', 'AWS_IAM', 'CUSTOM', 'COGNITO_USER_POOLS'];

/** A method and the resource it is kept in. */
export interface FoundMethod {
  readonly resource: Resource;
  readonly method: Method;
}

/** Reads a method. @throws {Refusal} NotFoundException. */
export function findMethod(
  call: Call,
  ids: { restApiId: string; resourceId: string; httpMethod: string },
): FoundMethod {
  const resource = findResource(call, ids.restApiId, ids.resourceId);
  const method = Object.hasOwn(resource.methods, ids.httpMethod) ? resource.methods[ids.httpMethod] : undefined;
  if (method === undefined) throw notFound('Invalid Method identifier specified');
  return { resource, method };
}

/** Refuses what is not a verb. */
export function checkVerb(verb: string): void {
  if (!VERBS.includes(verb)) throw badRequest(`Invalid HttpMethod specified. Valid options are ${VERBS.join(',')}`);
}

/** Refuses a method that AWS would refuse: by its authorisation, its validator, its models, its parameters. */
export function checkMethod(call: Call, apiId: string, method: Method): void {
  checkParameters(method.requestParameters ?? {});
  if (!AUTHORIZATION_TYPES.includes(method.authorizationType))
    throw badRequest(`Invalid authorization type specified. Valid options are ${AUTHORIZATION_TYPES.join(',')}`);
  if (needsAuthorizer(method) && !hasAuthorizer(call, apiId, method))
    throw badRequest(
      'Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.',
    );
  const { requestValidatorId: validator } = method;
  if (validator && call.store.get<RequestValidator>(TABLES.validator, `${apiId}/${validator}`) === undefined)
    throw badRequest('Invalid Request Validator identifier specified');
  checkModels(call, apiId, method.requestModels);
}

/** Whether a method's authorisation is an authorizer's. */
export function needsAuthorizer({ authorizationType }: Method): boolean {
  return authorizationType === 'CUSTOM' || authorizationType === 'COGNITO_USER_POOLS';
}

/** Guessed: an authorizer of the other kind is as good as none. */
function hasAuthorizer(call: Call, apiId: string, { authorizationType, authorizerId = '' }: Method): boolean {
  const authorizer = call.store.get<Authorizer>(TABLES.authorizer, `${apiId}/${authorizerId}`);
  if (authorizer === undefined) return false;
  return (authorizer.type === 'COGNITO_USER_POOLS') === (authorizationType === 'COGNITO_USER_POOLS');
}

function checkParameters(parameters: Readonly<Record<string, boolean>>): void {
  const names = new Set<string>();
  for (const parameter of Object.keys(parameters)) {
    const name = /^method\.request\.(?:path|querystring|header)\.([a-zA-Z0-9._$-]+)$/.exec(parameter)?.[1];
    if (name === undefined) throw mappingRefusal([`Invalid mapping expression specified: ${parameter}`]);
    names.add(name);
  }
  if (names.size < Object.keys(parameters).length)
    throw badRequest('Parameter names must be unique across querystring, header and path');
}

const route = '/restapis/{restApiId}/resources/{resourceId}/methods/{httpMethod}';

/** Answers one method, with its responses and its integration. */
export const GetMethod = operation({
  name: 'GetMethod',
  route: `GET ${route}`,
  success: 200,
  fidelity: 'recorded',
  source: 'LocalStack, recorded tests of methods (April 2024)',
  run: (call, { path }) => findMethod(call, path).method,
});

/** Removes a method, with its responses and its integration. */
export const DeleteMethod = operation({
  name: 'DeleteMethod',
  route: `DELETE ${route}`,
  success: 204,
  fidelity: 'recorded',
  source: 'LocalStack, recorded tests of methods (April 2024)',
  run(call, { path }) {
    const { resource, method } = findMethod(call, path);
    delete resource.methods[method.httpMethod];
    saveResource(call, path.restApiId, resource);
    return undefined;
  },
});
