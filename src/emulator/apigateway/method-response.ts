import type { Call } from '../operation.js';
import { checkModels } from './api-model.js';
import { compact } from './compact.js';
import { conflict, notFound } from './errors.js';
import { mappingRefusal } from './mapping-expression.js';
import { findMethod } from './method.js';
import type { Method, MethodResponse, Resource } from './model.js';
import { operation } from './operation.js';
import { applyPatch, dropEmpty, entryRule, PATCH_BODY, type PatchRules } from './patch.js';
import { saveResource } from './resource.js';
import { flag, mapOf, text } from './shape.js';

const path = '/restapis/{restApiId}/resources/{resourceId}/methods/{httpMethod}/responses/{statusCode}';
const source = 'LocalStack, recorded tests of method responses (June and July 2025)';

/** A status code in a path. */
export const STATUS_CODE = text('[1-5]\\d\\d');

const RULES: PatchRules<MethodResponse> = {
  '/responseParameters/*': entryRule<MethodResponse, boolean>({
    pick: (response) => (response.responseParameters ??= {}),
    read: (value) => value?.toLowerCase() === 'true',
    missing: 'Invalid parameter name specified',
  }),
  '/responseModels/*': entryRule<MethodResponse, string>({
    pick: (response) => (response.responseModels ??= {}),
    read: (value = '') => value,
    missing: 'Content-Type specified was not found',
  }),
};

interface Found {
  readonly resource: Resource;
  readonly method: Method;
  readonly response: MethodResponse;
}

type Ids = Parameters<typeof findMethod>[1] & { readonly restApiId: string; readonly statusCode: string };

function findResponse(call: Call, ids: Ids): Found {
  const { resource, method } = findMethod(call, ids);
  const response = method.methodResponses?.[ids.statusCode];
  if (response === undefined) throw notFound('Invalid Response status code specified');
  return { resource, method, response };
}

function check(call: Call, apiId: string, response: MethodResponse): void {
  for (const name of Object.keys(response.responseParameters ?? {}))
    if (!/^method\.response\.header\.[a-zA-Z0-9._$-]+$/.test(name))
      throw mappingRefusal([`Invalid mapping expression specified: ${name}`]);
  checkModels(call, apiId, response.responseModels);
}

/** Declares an answer of a method. A second one of the same status is a conflict (remembered, not recorded). */
export const PutMethodResponse = operation({
  name: 'PutMethodResponse',
  route: `PUT ${path}`,
  success: 201,
  fidelity: 'recorded',
  source,
  labels: { statusCode: STATUS_CODE },
  body: { responseParameters: mapOf(flag), responseModels: mapOf(text()) },
  run(call, { path, body }) {
    const { resource, method } = findMethod(call, path);
    if (method.methodResponses?.[path.statusCode] !== undefined)
      throw conflict('Response already exists for this resource');
    const response: MethodResponse = { statusCode: path.statusCode, ...compact(body) };
    check(call, path.restApiId, response);
    method.methodResponses = { ...method.methodResponses, [path.statusCode]: response };
    saveResource(call, path.restApiId, resource);
    return response;
  },
});

/** Answers one declared answer of a method. */
export const GetMethodResponse = operation({
  name: 'GetMethodResponse',
  route: `GET ${path}`,
  success: 200,
  fidelity: 'recorded',
  source,
  labels: { statusCode: STATUS_CODE },
  run: (call, { path }) => findResponse(call, path).response,
});

/** Changes a declared answer. Success is 201 here, and only here among the updates. */
export const UpdateMethodResponse = operation({
  name: 'UpdateMethodResponse',
  route: `PATCH ${path}`,
  success: 201,
  fidelity: 'recorded',
  source: 'LocalStack, recorded: test_update_method_response',
  labels: { statusCode: STATUS_CODE },
  body: PATCH_BODY,
  run(call, { path, body }) {
    const { resource, response } = findResponse(call, path);
    applyPatch(response, body.patchOperations, RULES);
    dropEmpty(response, ['responseParameters', 'responseModels']);
    check(call, path.restApiId, response);
    saveResource(call, path.restApiId, resource);
    return response;
  },
});

/** Takes a declared answer back. */
export const DeleteMethodResponse = operation({
  name: 'DeleteMethodResponse',
  route: `DELETE ${path}`,
  success: 204,
  fidelity: 'recorded',
  source,
  labels: { statusCode: STATUS_CODE },
  run(call, { path }) {
    const { resource, method } = findResponse(call, path);
    delete method.methodResponses?.[path.statusCode];
    dropEmpty(method, ['methodResponses']);
    saveResource(call, path.restApiId, resource);
    return undefined;
  },
});
