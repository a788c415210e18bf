import type { Call } from '../operation.js';
import { notFound } from './errors.js';
import { mappingRefusal } from './mapping-expression.js';
import { STATUS_CODE } from './method-response.js';
import { type GatewayResponse, TABLES } from './model.js';
import { operation } from './operation.js';
import { page } from './page.js';
import { findRestApi } from './rest-api.js';
import { mapOf, oneOf, text } from './shape.js';

const path = '/restapis/{restApiId}/gatewayresponses/{responseType}';
const source = 'LocalStack, recorded tests of gateway responses (April and June 2024)';

/** All types with AWS's own status; the two defaults have none. */
const STATUS = {
  ACCESS_DENIED: '403',
  API_CONFIGURATION_ERROR: '500',
  AUTHORIZER_CONFIGURATION_ERROR: '500',
  AUTHORIZER_FAILURE: '500',
  BAD_REQUEST_BODY: '400',
  BAD_REQUEST_PARAMETERS: '400',
  DEFAULT_4XX: undefined,
  DEFAULT_5XX: undefined,
  EXPIRED_TOKEN: '403',
  INTEGRATION_FAILURE: '504',
  INTEGRATION_TIMEOUT: '504',
  INVALID_API_KEY: '403',
  INVALID_SIGNATURE: '403',
  MISSING_AUTHENTICATION_TOKEN: '403',
  QUOTA_EXCEEDED: '429',
  REQUEST_TOO_LARGE: '413',
  RESOURCE_NOT_FOUND: '404',
  THROTTLED: '429',
  UNAUTHORIZED: '401',
  UNSUPPORTED_MEDIA_TYPE: '415',
  WAF_FILTERED: '403',
} as const;

type Type = keyof typeof STATUS;

const TYPES = Object.keys(STATUS) as Type[];

/** A gateway response's type in a path; AWS's order of the types in the refusal is not known. */
export const RESPONSE_TYPE = oneOf(TYPES);

/** AWS's own gateway response of a type. */
export function builtIn(responseType: string): GatewayResponse {
  const statusCode = STATUS[responseType as Type];
  return {
    responseType,
    ...(statusCode !== undefined && { statusCode }),
    responseParameters: {},
    responseTemplates: { 'application/json': '{"message":$context.error.messageString}' },
  };
}

/** The gateway response that somebody put, if any. */
export function findOwn(call: Call, apiId: string, responseType: string): GatewayResponse | undefined {
  return call.store.get<GatewayResponse>(TABLES.gatewayResponse, `${apiId}/${responseType}`);
}

/** Keeps a gateway response and answers it. @throws {Refusal} for a header that is no gateway response parameter. */
export function keep(call: Call, apiId: string, response: GatewayResponse): Record<string, unknown> {
  const errors = Object.entries(response.responseParameters).flatMap(([target, value]) => {
    if (!/^gatewayresponse\.header\.[a-zA-Z0-9._$-]+$/.test(target)) return [target];
    return SOURCE.test(value) ? [] : [value];
  });
  if (errors.length > 0) throw mappingRefusal(errors.map((error) => `Invalid mapping expression specified: ${error}`));
  call.store.put(TABLES.gatewayResponse, `${apiId}/${response.responseType}`, response);
  return { ...response, defaultResponse: false };
}

const SOURCE =
  /^(?:'.*'|method\.request\.(?:header|path|querystring)\.[a-zA-Z0-9._$-]+|(?:context|stageVariables)\.[a-zA-Z0-9._$-]+)$/s;

/** A type that nobody put takes on what somebody put for all of its kind, and still says that it is a default. */
function answer(call: Call, apiId: string, responseType: string): Record<string, unknown> {
  const own = findOwn(call, apiId, responseType);
  if (own !== undefined) return { ...own, defaultResponse: false };
  const standard = builtIn(responseType);
  const kind = standard.statusCode?.startsWith('5') ? 'DEFAULT_5XX' : 'DEFAULT_4XX';
  const inherited = standard.statusCode === undefined ? undefined : findOwn(call, apiId, kind);
  return { ...standard, ...inherited, responseType, defaultResponse: true };
}

/** Answers one gateway response, put or not. */
export const GetGatewayResponse = operation({
  name: 'GetGatewayResponse',
  route: `GET ${path}`,
  success: 200,
  fidelity: 'recorded',
  source,
  labels: { responseType: RESPONSE_TYPE },
  run(call, { path }) {
    findRestApi(call, path.restApiId);
    return answer(call, path.restApiId, path.responseType);
  },
});

/** Lists the gateway responses of all types. They come on one page unless a limit is asked for. */
export const GetGatewayResponses = operation({
  name: 'GetGatewayResponses',
  route: 'GET /restapis/{restApiId}/gatewayresponses',
  success: 200,
  fidelity: 'recorded',
  source,
  run(call, { path, query }) {
    findRestApi(call, path.restApiId);
    const rows = TYPES.map((type) => ({ key: type, value: answer(call, path.restApiId, type) }));
    return page(rows, query, TYPES.length);
  },
});

/** Customises a gateway response. What is left out comes from AWS's own one of the type, not from DEFAULT_4XX. */
export const PutGatewayResponse = operation({
  name: 'PutGatewayResponse',
  route: `PUT ${path}`,
  success: 201,
  fidelity: 'recorded',
  source: `${source}; refusals of mappings are guesses`,
  labels: { responseType: RESPONSE_TYPE },
  body: { statusCode: STATUS_CODE, responseParameters: mapOf(text()), responseTemplates: mapOf(text()) },
  run(call, { path, body }) {
    findRestApi(call, path.restApiId);
    const standard = builtIn(path.responseType);
    const templates = body.responseTemplates ?? {};
    return keep(call, path.restApiId, {
      ...standard,
      ...(body.statusCode !== undefined && { statusCode: body.statusCode }),
      responseParameters: body.responseParameters ?? {},
      responseTemplates: Object.keys(templates).length > 0 ? templates : standard.responseTemplates,
    });
  },
});

/** Takes a customised gateway response back. */
export const DeleteGatewayResponse = operation({
  name: 'DeleteGatewayResponse',
  route: `DELETE ${path}`,
  success: 202,
  fidelity: 'recorded',
  source,
  labels: { responseType: RESPONSE_TYPE },
  run(call, { path }) {
    findRestApi(call, path.restApiId);
    if (!call.store.delete(TABLES.gatewayResponse, `${path.restApiId}/${path.responseType}`))
      throw notFound('Gateway response type not defined on api');
    return undefined;
  },
});
