import type { Call } from '../operation.js';
import { compact } from './compact.js';
import { notFound } from './errors.js';
import { type FoundIntegration, findIntegration } from './integration.js';
import { checkResponseMappings, checkTemplates, noMethodResponse } from './mapping-expression.js';
import { STATUS_CODE } from './method-response.js';
import type { IntegrationResponse, Method } from './model.js';
import { operation } from './operation.js';
import { applyPatch, dropEmpty, entryRule, PATCH_BODY, type PatchRules } from './patch.js';
import { saveResource } from './resource.js';
import { mapOf, oneOf, text } from './shape.js';
import { setContentHandling } from './update-integration.js';

const path = '/restapis/{restApiId}/resources/{resourceId}/methods/{httpMethod}/integration/responses/{statusCode}';
const source = 'LocalStack, recorded tests of integration responses (March 2025 to February 2026)';

const RULES: PatchRules<IntegrationResponse> = {
  '/selectionPattern': {
    replace(response, value = '') {
      response.selectionPattern = value;
    },
    remove(response) {
      delete response.selectionPattern;
    },
  },
  '/contentHandling': {
    replace: setContentHandling,
    remove(response) {
      delete response.contentHandling;
    },
  },
  '/responseParameters/*': entryRule<IntegrationResponse, string>({
    pick: (response) => (response.responseParameters ??= {}),
    read: (value = '') => value,
    missing: 'Invalid parameter name specified',
  }),
  '/responseTemplates/*': entryRule<IntegrationResponse, string>({
    pick: (response) => (response.responseTemplates ??= {}),
    read: (value = '') => value,
    missing: 'Content-Type specified was not found',
  }),
};

type Ids = Parameters<typeof findIntegration>[1] & { readonly statusCode: string };

interface Found extends FoundIntegration {
  readonly response: IntegrationResponse;
}

function findResponse(call: Call, ids: Ids): Found {
  const found = findIntegration(call, ids);
  const response = found.integration.integrationResponses?.[ids.statusCode];
  if (response === undefined) throw notFound('Invalid Response status code specified');
  return { ...found, response };
}

function check(method: Method, response: IntegrationResponse): void {
  checkTemplates(response.responseTemplates);
  const declared = method.methodResponses?.[response.statusCode];
  if (declared === undefined) throw noMethodResponse();
  checkResponseMappings(response.responseParameters, declared.responseParameters);
}

/** Says what becomes of an answer of the backend. One of the same status is replaced. */
export const PutIntegrationResponse = operation({
  name: 'PutIntegrationResponse',
  route: `PUT ${path}`,
  success: 201,
  fidelity: 'recorded',
  source: `${source}; refusals of undeclared headers and answers from reports`,
  labels: { statusCode: STATUS_CODE },
  body: {
    selectionPattern: text(),
    responseParameters: mapOf(text()),
    responseTemplates: mapOf(text()),
    contentHandling: oneOf(['CONVERT_TO_BINARY', 'CONVERT_TO_TEXT']),
  },
  run(call, { path, body }) {
    const { resource, method, integration } = findIntegration(call, path);
    const response: IntegrationResponse = { statusCode: path.statusCode, ...compact(body) };
    check(method, response);
    integration.integrationResponses = { ...integration.integrationResponses, [path.statusCode]: response };
    saveResource(call, path.restApiId, resource);
    return response;
  },
});

/** Answers one integration response. */
export const GetIntegrationResponse = operation({
  name: 'GetIntegrationResponse',
  route: `GET ${path}`,
  success: 200,
  fidelity: 'recorded',
  source,
  labels: { statusCode: STATUS_CODE },
  run: (call, { path }) => findResponse(call, path).response,
});

/** Changes one integration response. */
export const UpdateIntegrationResponse = operation({
  name: 'UpdateIntegrationResponse',
  route: `PATCH ${path}`,
  success: 200,
  fidelity: 'documented',
  source: 'Developer guide, patch operations',
  labels: { statusCode: STATUS_CODE },
  body: PATCH_BODY,
  run(call, { path, body }) {
    const { resource, method, response } = findResponse(call, path);
    applyPatch(response, body.patchOperations, RULES);
    dropEmpty(response, ['responseParameters', 'responseTemplates']);
    check(method, response);
    saveResource(call, path.restApiId, resource);
    return response;
  },
});

/** Removes one integration response. */
export const DeleteIntegrationResponse = operation({
  name: 'DeleteIntegrationResponse',
  route: `DELETE ${path}`,
  success: 204,
  fidelity: 'recorded',
  source,
  labels: { statusCode: STATUS_CODE },
  run(call, { path }) {
    const { resource, integration } = findResponse(call, path);
    delete integration.integrationResponses?.[path.statusCode];
    dropEmpty(integration, ['integrationResponses']);
    saveResource(call, path.restApiId, resource);
    return undefined;
  },
});
