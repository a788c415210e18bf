import {
  type APIGatewayClient,
  type Authorizer,
  type GatewayResponse as AwsGatewayResponse,
  type Integration as AwsIntegration,
  type Method as AwsMethod,
  type Resource as AwsResource,
  GetAuthorizersCommand,
  GetGatewayResponsesCommand,
  GetRequestValidatorsCommand,
  GetResourcesCommand,
  GetRestApiCommand,
  type RequestValidator,
  type RestApi,
} from '@aws-sdk/client-api-gateway';
import type {
  Gateway,
  GatewayAuthorizer,
  GatewayIntegration,
  GatewayMethod,
  GatewayResponse,
  GatewaySettings,
} from '../model/gateway.js';
import type { Tags } from './iam.js';
import { drain } from './pages.js';
import type { Send } from './sender.js';

/** A REST API read back, and where its parts are. */
export interface GatewayReading {
  readonly gateway: Gateway;
  readonly tags: Tags;
  /** Which TLS the API takes; undefined when AWS does not say. */
  readonly securityPolicy: string | undefined;
  readonly rootId: string;
  /** By resource path, including resources without methods. */
  readonly resourceIds: Readonly<Record<string, string>>;
  /** By name. */
  readonly validatorIds: Readonly<Record<string, string>>;
  /** By name. */
  readonly authorizerIds: Readonly<Record<string, string>>;
}

const MISSING = ['NotFoundException'];

/** Reads a whole API in five kinds of calls; undefined when it is gone. */
export async function readGateway(
  client: APIGatewayClient,
  send: Send,
  apiId: string,
): Promise<GatewayReading | undefined> {
  const restApiId = apiId;
  const api = await send('GetRestApi', () => client.send(new GetRestApiCommand({ restApiId })), { missing: MISSING });
  if (api === undefined) return undefined;
  const resources = await drain(async (from) => {
    const input = { restApiId, embed: ['methods'], limit: 500, ...position(from) };
    const page = await send('GetResources', () => client.send(new GetResourcesCommand(input)), { missing: MISSING });
    return { items: page?.items ?? [], next: page?.position };
  });
  const responses = await drain(async (from) => {
    const input = { restApiId, limit: 500, ...position(from) };
    const page = await send('GetGatewayResponses', () => client.send(new GetGatewayResponsesCommand(input)), {
      missing: MISSING,
    });
    return { items: page?.items ?? [], next: page?.position };
  });
  const validators = await drain(async (from) => {
    const input = { restApiId, limit: 500, ...position(from) };
    const page = await send('GetRequestValidators', () => client.send(new GetRequestValidatorsCommand(input)), {
      missing: MISSING,
    });
    return { items: page?.items ?? [], next: page?.position };
  });
  const authorizers = await drain(async (from) => {
    const input = { restApiId, limit: 500, ...position(from) };
    const page = await send('GetAuthorizers', () => client.send(new GetAuthorizersCommand(input)), {
      missing: MISSING,
    });
    return { items: page?.items ?? [], next: page?.position };
  });
  return {
    gateway: {
      settings: fromRestApi(api),
      resources: fromResources(resources, validators, authorizers),
      authorizers: Object.fromEntries(authorizers.map((is) => [is.name ?? '', fromAuthorizer(is)])),
      gatewayResponses: fromGatewayResponses(responses),
      validators: Object.fromEntries(
        validators.map(({ name = '', validateRequestBody = false, validateRequestParameters = false }) => [
          name,
          { validateRequestBody, validateRequestParameters },
        ]),
      ),
    },
    tags: api.tags ?? {},
    securityPolicy: api.securityPolicy,
    rootId: resources.find(({ path }) => path === '/')?.id ?? api.rootResourceId ?? '',
    resourceIds: Object.fromEntries(resources.map(({ path = '', id = '' }) => [path, id])),
    validatorIds: Object.fromEntries(validators.map(({ name = '', id = '' }) => [name, id])),
    authorizerIds: Object.fromEntries(authorizers.map(({ name = '', id = '' }) => [name, id])),
  };
}

function position(from: string | undefined): { position?: string } {
  return from === undefined ? {} : { position: from };
}

function fromRestApi(api: RestApi): GatewaySettings {
  return {
    name: api.name ?? '',
    description: api.description ?? '',
    endpointType: api.endpointConfiguration?.types?.[0] ?? 'EDGE',
    binaryMediaTypes: [...(api.binaryMediaTypes ?? [])].sort(),
    apiKeySource: api.apiKeySource ?? 'HEADER',
    disableExecuteApiEndpoint: api.disableExecuteApiEndpoint ?? false,
    ...(api.minimumCompressionSize === undefined ? {} : { minimumCompressionSize: api.minimumCompressionSize }),
    ...(api.policy === undefined || api.policy === '' ? {} : { policy: plainPolicy(api.policy) }),
  };
}

function fromResources(
  resources: readonly AwsResource[],
  validators: readonly RequestValidator[],
  authorizers: readonly Authorizer[],
): Gateway['resources'] {
  const named = new Map([...validators, ...authorizers].map(({ id = '', name = '' }) => [id, name]));
  const withMethods = resources.filter(({ resourceMethods }) => Object.keys(resourceMethods ?? {}).length > 0);
  return Object.fromEntries(
    withMethods.map(({ id = '', path = '', resourceMethods = {} }) => {
      const methods = Object.entries(resourceMethods).map(([verb, method]) => [verb, fromMethod(method, id, named)]);
      return [path, { methods: Object.fromEntries(methods) }];
    }),
  );
}

/** `names` is by id, of validators and authorizers. */
function fromMethod(method: AwsMethod, resourceId: string, names: ReadonlyMap<string, string>): GatewayMethod {
  const { authorizerId, authorizationScopes, requestValidatorId, methodIntegration } = method;
  const responses = Object.entries(method.methodResponses ?? {}).map(([status, is]) => [
    status,
    // AWS keeps the required flag of a response header and ignores it.
    {
      responseParameters: Object.fromEntries(Object.keys(is.responseParameters ?? {}).map((name) => [name, false])),
      responseModels: is.responseModels ?? {},
    },
  ]);
  return {
    authorizationType: method.authorizationType ?? 'NONE',
    apiKeyRequired: method.apiKeyRequired ?? false,
    requestParameters: method.requestParameters ?? {},
    requestModels: method.requestModels ?? {},
    responses: Object.fromEntries(responses),
    ...(authorizerId === undefined ? {} : { authorizer: names.get(authorizerId) ?? authorizerId }),
    ...(authorizationScopes === undefined ? {} : { authorizationScopes }),
    ...(requestValidatorId === undefined ? {} : { validator: names.get(requestValidatorId) ?? requestValidatorId }),
    ...(methodIntegration === undefined ? {} : { integration: fromIntegration(methodIntegration, resourceId) }),
  };
}

function fromAuthorizer(is: Authorizer): GatewayAuthorizer {
  const { authorizerUri, authorizerCredentials, identityValidationExpression, authorizerResultTtlInSeconds } = is;
  const isPool = is.type === 'COGNITO_USER_POOLS';
  return {
    type: is.type ?? '',
    providerArns: [...(is.providerARNs ?? [])].sort(),
    identitySource: is.identitySource ?? '',
    ...(authorizerUri === undefined ? {} : { uri: authorizerUri }),
    ...(authorizerCredentials === undefined ? {} : { credentials: authorizerCredentials }),
    ...(identityValidationExpression === undefined ? {} : { identityValidation: identityValidationExpression }),
    // AWS: tokens of user pools are judged each time, and what stands there means nothing.
    ...(isPool || authorizerResultTtlInSeconds === undefined ? {} : { ttlSeconds: authorizerResultTtlInSeconds }),
  };
}

function fromIntegration(is: AwsIntegration, resourceId: string): GatewayIntegration {
  const { httpMethod, uri, credentials, contentHandling, cacheNamespace } = is;
  const responses = Object.entries(is.integrationResponses ?? {}).map(([status, response]) => [
    status,
    {
      selectionPattern: response.selectionPattern ?? '',
      responseParameters: response.responseParameters ?? {},
      responseTemplates: response.responseTemplates ?? {},
      ...(response.contentHandling === undefined ? {} : { contentHandling: response.contentHandling }),
    },
  ]);
  return {
    type: is.type ?? '',
    requestParameters: is.requestParameters ?? {},
    requestTemplates: is.requestTemplates ?? {},
    passthroughBehavior: is.passthroughBehavior ?? 'WHEN_NO_MATCH',
    timeoutMs: is.timeoutInMillis ?? 29_000,
    cacheKeyParameters: [...(is.cacheKeyParameters ?? [])].sort(),
    responses: Object.fromEntries(responses),
    ...(httpMethod === undefined ? {} : { httpMethod }),
    ...(uri === undefined ? {} : { uri }),
    ...(credentials === undefined ? {} : { credentials }),
    ...(contentHandling === undefined ? {} : { contentHandling }),
    ...(cacheNamespace === undefined || cacheNamespace === resourceId ? {} : { cacheNamespace }),
  };
}

function fromGatewayResponses(responses: readonly AwsGatewayResponse[]): Readonly<Record<string, GatewayResponse>> {
  // AWS lists all types always; those that nobody put say so.
  const put = responses.filter(({ defaultResponse }) => defaultResponse !== true);
  return Object.fromEntries(
    put.map(({ responseType = '', statusCode, responseParameters = {}, responseTemplates = {} }) => [
      responseType,
      { responseParameters, responseTemplates, ...(statusCode === undefined ? {} : { statusCode }) },
    ]),
  );
}

/**
 * A resource policy as it was written: AWS hands it back with its quotes escaped, short resources spelled out with the
 * id of the API, and fields in any order. A list of one item and the item say the same.
 */
export function plainPolicy(text: string): string {
  const unescaped = text.startsWith('{\\"') ? (JSON.parse(`"${text}"`) as string) : text;
  const short = unescaped.replace(/arn:[a-z-]+:execute-api:[^:"]*:[^:"]*:[a-z0-9]+\//g, 'execute-api:/');
  return JSON.stringify(JSON.parse(short), (_name, value: unknown) => {
    if (Array.isArray(value)) {
      if (!value.every((item) => typeof item === 'string')) return value;
      return value.length === 1 ? value[0] : [...value].sort();
    }
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
