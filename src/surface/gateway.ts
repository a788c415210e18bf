import type {
  Gateway,
  GatewayIntegrationResponse,
  GatewayMethod,
  GatewayMethodResponse,
  GatewayResponse,
  GatewaySettings,
} from '../model/gateway.js';
import { fromBackendIntegration, toIntegration } from './backend.js';
import { parseErrorTemplate, renderErrorTemplate } from './error-body.js';
import { fromMapping, toMapping } from './headers.js';
import { nothingLeft } from './nothing-left.js';
import type { Access, Body, GatewayError, HeaderSource, Parameter, Reply, Route, Surface } from './surface.js';

const DECLARED = 'method.response.header.';
const GATEWAY_HEADER = 'gatewayresponse.header.';
const OUR_TEMPLATE = 'application/json';

/** The REST API that a drawing asks for. Inverse of `fromGateway`, but for the examples, of which AWS keeps none. */
export function toGateway(surface: Surface): Gateway {
  const {
    name,
    description,
    endpoint,
    binaryMediaTypes,
    routes,
    errors,
    validators,
    authorizers,
    policy,
    foreign,
    ...rest
  } = surface;
  nothingLeft(rest);
  const resources: Record<string, { methods: Record<string, GatewayMethod> }> = {};
  for (const route of routes) {
    const resource = resources[route.path] ?? { methods: {} };
    resource.methods[route.method] = toMethod(route);
    resources[route.path] = resource;
  }
  return {
    settings: toSettings({ name, description, endpoint, binaryMediaTypes, policy, foreign }),
    resources,
    gatewayResponses: Object.fromEntries(errors.map((error) => [error.type, toGatewayResponse(error)])),
    validators: Object.fromEntries(
      Object.entries(validators).map(([id, { body, parameters }]) => [
        id,
        { validateRequestBody: body, validateRequestParameters: parameters },
      ]),
    ),
    authorizers,
  };
}

/** The drawing that a REST API amounts to; what no drawing of ours holds is kept as it is, so nothing gets lost. */
export function fromGateway(gateway: Gateway): Surface {
  const { settings, resources, gatewayResponses, validators, authorizers, ...rest } = gateway;
  nothingLeft(rest);
  const routes = Object.entries(resources).flatMap(([path, { methods }]) =>
    Object.entries(methods).map(([method, is]) => fromMethod(method, path, is)),
  );
  return {
    ...fromSettings(settings),
    routes,
    errors: Object.entries(gatewayResponses).map(([type, is]) => fromGatewayResponse(type, is)),
    validators: Object.fromEntries(
      Object.entries(validators).map(([id, is]) => [
        id,
        { body: is.validateRequestBody, parameters: is.validateRequestParameters },
      ]),
    ),
    authorizers,
  };
}

type Settings = Pick<Surface, 'name' | 'description' | 'endpoint' | 'binaryMediaTypes' | 'policy' | 'foreign'>;

function toSettings({ name, description, endpoint, binaryMediaTypes, policy, foreign }: Settings): GatewaySettings {
  const { minimumCompressionSize, apiKeySource, disableExecuteApiEndpoint } = foreign;
  return {
    name,
    description,
    endpointType: endpoint,
    binaryMediaTypes,
    apiKeySource: apiKeySource ?? 'HEADER',
    disableExecuteApiEndpoint: disableExecuteApiEndpoint === 'true',
    ...(minimumCompressionSize === undefined ? {} : { minimumCompressionSize: Number(minimumCompressionSize) }),
    ...(policy === undefined ? {} : { policy }),
  };
}

function fromSettings(settings: GatewaySettings): Settings {
  const {
    name,
    description,
    endpointType,
    binaryMediaTypes,
    apiKeySource,
    minimumCompressionSize,
    disableExecuteApiEndpoint,
    policy,
    ...rest
  } = settings;
  nothingLeft(rest);
  return {
    name,
    description,
    endpoint: endpointType,
    binaryMediaTypes,
    policy,
    foreign: {
      ...(apiKeySource === 'HEADER' ? {} : { apiKeySource }),
      ...(disableExecuteApiEndpoint ? { disableExecuteApiEndpoint: 'true' } : {}),
      ...(minimumCompressionSize === undefined ? {} : { minimumCompressionSize: String(minimumCompressionSize) }),
    },
  };
}

function toMethod(route: Route): GatewayMethod {
  const {
    method: _method,
    path: _path,
    access,
    validator,
    parameters,
    backend,
    replies,
    examples: _examples,
    ...rest
  } = route;
  nothingLeft(rest);
  const responses: Record<string, GatewayMethodResponse> = {};
  const integrationResponses: Record<string, GatewayIntegrationResponse> = {};
  for (const reply of replies) {
    if (reply.declared) responses[String(reply.status)] = toMethodResponse(reply);
    if (reply.when !== undefined) integrationResponses[String(reply.status)] = toIntegrationResponse(reply, reply.when);
  }
  const integration = toIntegration(backend, parameters, integrationResponses);
  return {
    ...toAuthorization(access),
    ...(validator === undefined ? {} : { validator }),
    requestParameters: Object.fromEntries(parameters.map((is) => [`method.request.${is.in}.${is.name}`, is.required])),
    requestModels: {},
    ...(integration === undefined ? {} : { integration }),
    responses,
  };
}

function fromMethod(method: string, path: string, is: GatewayMethod): Route {
  const {
    authorizationType,
    authorizer,
    authorizationScopes,
    apiKeyRequired,
    validator,
    requestParameters,
    requestModels: _models,
    integration,
    responses,
    ...rest
  } = is;
  nothingLeft(rest);
  const declared = Object.entries(requestParameters).map(([expression, required]) =>
    fromRequestParameter(expression, required),
  );
  const { backend, parameters } = fromBackendIntegration(integration, declared);
  const statuses = new Set([...Object.keys(responses), ...Object.keys(integration?.responses ?? {})]);
  return {
    method,
    path,
    access: fromAuthorization({ authorizationType, authorizer, authorizationScopes, apiKeyRequired }),
    validator,
    parameters,
    backend,
    replies: [...statuses].sort().map((status) => fromReply(status, responses[status], integration?.responses[status])),
    examples: [],
  };
}

type Authorization = Pick<GatewayMethod, 'authorizationType' | 'apiKeyRequired' | 'authorizer' | 'authorizationScopes'>;

/** AWS's types of authorization for what takes nothing else. */
const PLAIN = {
  public: { authorizationType: 'NONE', apiKeyRequired: false },
  iam: { authorizationType: 'AWS_IAM', apiKeyRequired: false },
  'api-key': { authorizationType: 'NONE', apiKeyRequired: true },
} as const;

/** AWS's types of authorization for what an authorizer says. */
const ASKED = { 'user-pool': 'COGNITO_USER_POOLS', function: 'CUSTOM' } as const;

function toAuthorization(access: Access): Authorization {
  switch (access.kind) {
    case 'public':
    case 'iam':
    case 'api-key':
      return PLAIN[access.kind];
    case 'user-pool':
    case 'function':
      return {
        authorizationType: ASKED[access.kind],
        apiKeyRequired: false,
        authorizer: access.authorizer,
        ...('scopes' in access && access.scopes !== undefined ? { authorizationScopes: access.scopes } : {}),
      };
    case 'other': {
      const { kind: _kind, scopes, ...same } = access;
      return { ...same, ...(scopes === undefined ? {} : { authorizationScopes: scopes }) };
    }
  }
}

function fromAuthorization(is: {
  authorizationType: string;
  apiKeyRequired: boolean;
  authorizer: string | undefined;
  authorizationScopes: readonly string[] | undefined;
}): Access {
  const { authorizationType, apiKeyRequired, authorizer, authorizationScopes: scopes } = is;
  const plain = (['public', 'iam', 'api-key'] as const).find(
    (kind) => PLAIN[kind].authorizationType === authorizationType && PLAIN[kind].apiKeyRequired === apiKeyRequired,
  );
  if (plain !== undefined && authorizer === undefined && scopes === undefined) return { kind: plain };
  if (authorizer !== undefined && !apiKeyRequired) {
    if (authorizationType === ASKED['user-pool'])
      return { kind: 'user-pool', authorizer, ...(scopes === undefined ? {} : { scopes }) };
    if (authorizationType === ASKED.function && scopes === undefined) return { kind: 'function', authorizer };
  }
  return {
    kind: 'other',
    authorizationType,
    apiKeyRequired,
    ...(authorizer === undefined ? {} : { authorizer }),
    ...(scopes === undefined ? {} : { scopes }),
  };
}

function fromRequestParameter(expression: string, required: boolean): Parameter {
  const [, , place = 'header', ...name] = expression.split('.');
  return { in: place as Parameter['in'], name: name.join('.'), required, cacheKey: false };
}

function toMethodResponse({ headers, body }: Reply): GatewayMethodResponse {
  const declared = Object.entries(headers).filter(([, source]) => !('undeclared' in source));
  return {
    responseParameters: Object.fromEntries(declared.map(([name]) => [`${DECLARED}${name}`, false])),
    responseModels: body.kind === 'other' ? body.models : {},
  };
}

function toIntegrationResponse({ headers, body }: Reply, selectionPattern: string): GatewayIntegrationResponse {
  const responseParameters: Record<string, string> = {};
  for (const [name, source] of Object.entries(headers)) {
    const mapping = toMapping(source);
    if (mapping !== undefined) responseParameters[`${DECLARED}${name}`] = mapping;
  }
  return { selectionPattern, responseParameters, ...toBody(body) };
}

function toBody(body: Body): Pick<GatewayIntegrationResponse, 'responseTemplates' | 'contentHandling'> {
  switch (body.kind) {
    case 'bytes':
      return { responseTemplates: {}, contentHandling: 'CONVERT_TO_BINARY' };
    case 'empty':
      return { responseTemplates: {} };
    case 'error':
      // AWS: with */* S3's XML counts as binary, and a template on binary is a 500 unless it is made text first.
      return { responseTemplates: { [OUR_TEMPLATE]: renderErrorTemplate(body) }, contentHandling: 'CONVERT_TO_TEXT' };
    case 'other':
      return {
        responseTemplates: body.templates,
        ...(body.contentHandling === undefined ? {} : { contentHandling: body.contentHandling }),
      };
  }
}

function fromReply(
  status: string,
  declared: GatewayMethodResponse | undefined,
  selected: GatewayIntegrationResponse | undefined,
): Reply {
  const headers: Record<string, HeaderSource> = {};
  for (const name of Object.keys(declared?.responseParameters ?? {}))
    headers[name.replace(DECLARED, '')] = { unset: true };
  for (const [name, mapping] of Object.entries(selected?.responseParameters ?? {})) {
    headers[name.replace(DECLARED, '')] = fromMapping(mapping, declared?.responseParameters[name] === undefined);
  }
  return {
    status: Number(status),
    when: selected?.selectionPattern,
    declared: declared !== undefined,
    headers,
    body: fromBody(selected, declared?.responseModels ?? {}),
  };
}

function fromBody(selected: GatewayIntegrationResponse | undefined, models: Readonly<Record<string, string>>): Body {
  const templates = selected?.responseTemplates ?? {};
  const contentHandling = selected?.contentHandling;
  const other = {
    kind: 'other',
    templates,
    models,
    ...(contentHandling === undefined ? {} : { contentHandling }),
  } as const;
  if (Object.keys(models).length > 0) return other;
  const kinds = Object.keys(templates);
  if (kinds.length === 0 && contentHandling === 'CONVERT_TO_BINARY') return { kind: 'bytes' };
  if (kinds.length === 0 && contentHandling === undefined) return { kind: 'empty' };
  if (kinds.length !== 1 || contentHandling !== 'CONVERT_TO_TEXT') return other;
  const error = parseErrorTemplate(templates[OUR_TEMPLATE] ?? '');
  return error === undefined ? other : { kind: 'error', ...error };
}

function toGatewayResponse({ type: _type, status, headers, body, ...rest }: GatewayError): GatewayResponse {
  nothingLeft(rest);
  const responseParameters: Record<string, string> = {};
  for (const [name, source] of Object.entries(headers)) {
    const mapping = toMapping(source);
    if (mapping !== undefined) responseParameters[`${GATEWAY_HEADER}${name}`] = mapping;
  }
  return {
    ...(status === undefined ? {} : { statusCode: String(status) }),
    responseParameters,
    responseTemplates: body.kind === 'error' ? { [OUR_TEMPLATE]: renderErrorTemplate(body) } : body.templates,
  };
}

function fromGatewayResponse(
  type: string,
  { statusCode, responseParameters, responseTemplates, ...rest }: GatewayResponse,
): GatewayError {
  nothingLeft(rest);
  const error =
    Object.keys(responseTemplates).length === 1 ? parseErrorTemplate(responseTemplates[OUR_TEMPLATE] ?? '') : undefined;
  const headers = Object.entries(responseParameters).map(([name, mapping]) => [
    name.replace(GATEWAY_HEADER, ''),
    fromMapping(mapping, false),
  ]);
  return {
    type,
    status: statusCode === undefined ? undefined : Number(statusCode),
    headers: Object.fromEntries(headers) as GatewayError['headers'],
    body: error === undefined ? { kind: 'other', templates: responseTemplates } : { kind: 'error', ...error },
  };
}
