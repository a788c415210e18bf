import type { Call } from '../operation.js';
import { authorisePassRole } from './authorise.js';
import { badRequest, notFound } from './errors.js';
import { checkRequestMappings, checkTemplates } from './mapping-expression.js';
import { checkVerb, type FoundMethod, findMethod } from './method.js';
import type { Integration, Method } from './model.js';
import { operation } from './operation.js';
import { saveResource } from './resource.js';

const route = '/restapis/{restApiId}/resources/{resourceId}/methods/{httpMethod}/integration';
const source = 'LocalStack, recorded tests of integrations (June 2024, March 2025)';

/** An integration and where it is kept. */
export interface FoundIntegration extends FoundMethod {
  readonly integration: Integration;
}

/** Reads an integration. @throws {Refusal} NotFoundException. */
export function findIntegration(call: Call, ids: Parameters<typeof findMethod>[1]): FoundIntegration {
  const found = findMethod(call, ids);
  const integration = found.method.methodIntegration;
  if (integration === undefined) throw notFound('Invalid Integration identifier specified');
  return { ...found, integration };
}

/** Refuses an integration that AWS would refuse. Whether its role and its bucket exist is not looked at. */
export function checkIntegration(call: Call, method: Method, integration: Integration): void {
  checkTarget(integration);
  checkRequestMappings(integration.requestParameters, method.requestParameters);
  checkTemplates(integration.requestTemplates);
  for (const key of integration.cacheKeyParameters)
    if (method.requestParameters?.[key] === undefined) throw badRequest('Invalid cache key parameter specified');
  if (integration.timeoutInMillis < 50 || integration.timeoutInMillis > 29_000)
    throw badRequest('Timeout should be between 50 ms and 29000 ms');
  checkCredentials(call, integration);
}

function checkTarget({ type, httpMethod, uri = '' }: Integration): void {
  if (type === 'MOCK') return;
  if (!httpMethod) throw badRequest('Enumeration value for HttpMethod must be non-empty');
  checkVerb(httpMethod);
  if (type === 'HTTP' || type === 'HTTP_PROXY') {
    if (!/^https?:\/\/[^/\s]/.test(uri)) throw badRequest('Invalid HTTP endpoint specified for URI');
    return;
  }
  if (!uri.startsWith('arn:')) throw badRequest('Invalid ARN specified in the request');
  if (!/^arn:[^:]+:apigateway:[^:]+:[^:]+:(?:path|action)\//.test(uri))
    throw badRequest('AWS ARN for integration must contain path or action');
  if (type === 'AWS_PROXY' && !/^(?:[^:]+:){4}(?:lambda|firehose):/.test(uri))
    throw badRequest(
      "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations.",
    );
}

/** Passes the caller's own identity on to the backend, so there is no role to pass. */
const CALLERS_OWN = /^arn:[^:]+:iam::\*:user\/\*$/;

function checkCredentials(call: Call, { type, uri = '', credentials }: Integration): void {
  if (credentials) {
    if (!CALLERS_OWN.test(credentials)) authorisePassRole(call, credentials);
    return;
  }
  const lambda = /^(?:[^:]+:){4}lambda:/.test(uri);
  if (type === 'AWS' && !lambda) throw badRequest('Role ARN must be specified for AWS integrations');
}

/** Answers the integration of a method, with its responses. */
export const GetIntegration = operation({
  name: 'GetIntegration',
  route: `GET ${route}`,
  success: 200,
  fidelity: 'recorded',
  source,
  run: (call, { path }) => findIntegration(call, path).integration,
});

/** Removes the integration of a method, with its responses. */
export const DeleteIntegration = operation({
  name: 'DeleteIntegration',
  route: `DELETE ${route}`,
  success: 204,
  fidelity: 'recorded',
  source,
  run(call, { path }) {
    const { resource, method } = findIntegration(call, path);
    delete method.methodIntegration;
    saveResource(call, path.restApiId, resource);
    return undefined;
  },
});
