import type { Store } from '../store.js';
import type { Authorizer } from './authorizer-model.js';

/** What the control plane keeps and the request chain reads. Field names are AWS's own wire names. */
export interface RestApi {
  readonly id: string;
  readonly accountId: string;
  readonly region: string;
  name: string;
  description?: string;
  version?: string;
  /** Epoch seconds. */
  readonly createdDate: number;
  binaryMediaTypes: string[];
  minimumCompressionSize?: number;
  apiKeySource: 'HEADER' | 'AUTHORIZER';
  endpointConfiguration: { types: string[]; ipAddressType: string; vpcEndpointIds?: string[] };
  /** The resource policy as JSON text, already expanded. */
  policy?: string;
  tags?: Record<string, string>;
  disableExecuteApiEndpoint: boolean;
  readonly rootResourceId: string;
  securityPolicy?: string;
  endpointAccessMode?: string;
}

/** One segment of the API's path tree, with the methods on it. */
export interface Resource {
  readonly id: string;
  parentId?: string;
  pathPart?: string;
  /** '/' for the root, else '/images/{key+}'. */
  path: string;
  /** By verb. */
  methods: Record<string, Method>;
}

/** What clients may ask of a resource with one verb. */
export interface Method {
  httpMethod: string;
  authorizationType: string;
  authorizerId?: string;
  authorizationScopes?: string[];
  apiKeyRequired: boolean;
  operationName?: string;
  requestValidatorId?: string;
  /** 'method.request.path.key' → required. */
  requestParameters?: Record<string, boolean>;
  requestModels?: Record<string, string>;
  methodResponses?: Record<string, MethodResponse>;
  methodIntegration?: Integration;
}

/** One answer that a method declares. */
export interface MethodResponse {
  statusCode: string;
  /** 'method.response.header.X' → required (AWS keeps the flag and ignores it). */
  responseParameters?: Record<string, boolean>;
  responseModels?: Record<string, string>;
}

/** What a method does with its requests. */
export interface Integration {
  type: 'HTTP' | 'AWS' | 'MOCK' | 'HTTP_PROXY' | 'AWS_PROXY';
  httpMethod?: string;
  uri?: string;
  connectionType?: string;
  credentials?: string;
  requestParameters?: Record<string, string>;
  requestTemplates?: Record<string, string>;
  passthroughBehavior: 'WHEN_NO_MATCH' | 'WHEN_NO_TEMPLATES' | 'NEVER';
  contentHandling?: 'CONVERT_TO_BINARY' | 'CONVERT_TO_TEXT';
  timeoutInMillis: number;
  cacheNamespace: string;
  cacheKeyParameters: string[];
  integrationResponses?: Record<string, IntegrationResponse>;
}

/** What becomes of an answer of the backend. */
export interface IntegrationResponse {
  statusCode: string;
  selectionPattern?: string;
  responseParameters?: Record<string, string>;
  responseTemplates?: Record<string, string>;
  contentHandling?: 'CONVERT_TO_BINARY' | 'CONVERT_TO_TEXT';
}

/** A gateway response as somebody put it; types nobody put are not stored. */
export interface GatewayResponse {
  responseType: string;
  statusCode?: string;
  responseParameters: Record<string, string>;
  responseTemplates: Record<string, string>;
}

/** What is checked of a request before it goes on. */
export interface RequestValidator {
  id: string;
  name: string;
  validateRequestBody: boolean;
  validateRequestParameters: boolean;
}

/** A named JSON schema of a body. */
export interface Model {
  id: string;
  name: string;
  description?: string;
  schema?: string;
  contentType: string;
}

/** An API as the request chain sees it: the draft, or what a deployment froze. */
export interface Snapshot {
  readonly api: RestApi;
  readonly resources: readonly Resource[];
  /** By response type. */
  readonly gatewayResponses: Readonly<Record<string, GatewayResponse>>;
  /** By id. */
  readonly validators: Readonly<Record<string, RequestValidator>>;
  /** By id. */
  readonly authorizers: Readonly<Record<string, Authorizer>>;
}

/** An API frozen at one moment; what it froze is a `Snapshot`. */
export interface Deployment {
  readonly id: string;
  description?: string;
  /** Epoch seconds. */
  readonly createdDate: number;
}

/** How a stage logs, throttles and caches one method, or all of them. */
export interface MethodSetting {
  metricsEnabled: boolean;
  loggingLevel?: 'OFF' | 'ERROR' | 'INFO';
  dataTraceEnabled: boolean;
  throttlingBurstLimit: number;
  throttlingRateLimit: number;
  cachingEnabled: boolean;
  cacheTtlInSeconds: number;
  cacheDataEncrypted: boolean;
  requireAuthorizationForCacheControl: boolean;
  unauthorizedCacheControlHeaderStrategy:
    | 'FAIL_WITH_403'
    | 'SUCCEED_WITH_RESPONSE_HEADER'
    | 'SUCCEED_WITHOUT_RESPONSE_HEADER';
}

/** A name under which a deployment is served, with its own settings. */
export interface Stage {
  readonly stageName: string;
  deploymentId: string;
  description?: string;
  variables?: Record<string, string>;
  cacheClusterEnabled: boolean;
  cacheClusterSize?: string;
  /** The status that a change has led to, and from when on it holds; before that the `…_IN_PROGRESS` one. Milliseconds. */
  cacheCluster: {
    settled: 'AVAILABLE' | 'NOT_AVAILABLE';
    settledAtMs: number;
    meanwhile: 'CREATE_IN_PROGRESS' | 'DELETE_IN_PROGRESS' | 'FLUSH_IN_PROGRESS';
  };
  /** Key as AWS keeps it: resource path without its leading slash, inner slashes as ~1, then /VERB; or '*' + '/*'. */
  methodSettings: Record<string, MethodSetting>;
  accessLogSettings?: { destinationArn?: string; format?: string };
  tracingEnabled: boolean;
  clientCertificateId?: string;
  tags?: Record<string, string>;
  /** Epoch seconds. */
  readonly createdDate: number;
  lastUpdatedDate: number;
}

/** A Regional custom domain, as it goes over the wire. */
export interface DomainName {
  /** The domain itself: `images.example.com`. */
  readonly domainName: string;
  /** The ARN that policies and tags name it by. */
  readonly domainNameArn: string;
  /** The certificate as it was given; nobody looked for it. */
  readonly regionalCertificateArn: string;
  /** Host that a DNS record for the domain would point to. */
  readonly regionalDomainName: string;
  /** Always REGIONAL. */
  readonly endpointConfiguration: { readonly types: readonly string[]; readonly ipAddressType: string };
  /** Always AVAILABLE: nothing settles here. */
  readonly domainNameStatus: string;
  /** Always TLS_1_2. */
  readonly securityPolicy: string;
  /** By key. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** A mapping of a base path of a custom domain, as it goes over the wire. */
export interface BasePathMapping {
  /** One segment without slashes; `(none)` for the empty one. */
  readonly basePath: string;
  /** The API it leads to. */
  readonly restApiId: string;
  /** The stage it leads to; absent: the next segment of the path names one. */
  readonly stage?: string;
}

/** Tables of the store, and what lies in them under which key. */
export const TABLES = {
  /** apiId → RestApi */
  restApi: 'apigateway/restapi',
  /** apiId/resourceId → Resource */
  resource: 'apigateway/resource',
  /** apiId/TYPE → GatewayResponse */
  gatewayResponse: 'apigateway/gatewayresponse',
  /** apiId/id → RequestValidator */
  validator: 'apigateway/validator',
  /** apiId/id → Authorizer */
  authorizer: 'apigateway/authorizer',
  /** apiId/name → Model */
  model: 'apigateway/model',
  /** apiId/deploymentId → Deployment */
  deployment: 'apigateway/deployment',
  /** apiId/deploymentId → Snapshot */
  snapshot: 'apigateway/snapshot',
  /** apiId/stageName → Stage */
  stage: 'apigateway/stage',
  /** region/planId → UsagePlan */
  usagePlan: 'apigateway/usageplan',
  /** region/keyId → ApiKey */
  apiKey: 'apigateway/apikey',
  /** region/value → keyId */
  apiKeyValue: 'apigateway/apikeyvalue',
  /** region/keyId/planId → { keyId, planId } */
  usagePlanKey: 'apigateway/usageplankey',
  /** region/domain → DomainName */
  domainName: 'apigateway/domainname',
  /** region/domain/basePath → BasePathMapping */
  mapping: 'apigateway/basepathmapping',
  /** region → { cloudwatchRoleArn? } */
  account: 'apigateway/account',
} as const;

/** The status of a stage's cache cluster at `nowMs`. */
export function cacheClusterStatus(stage: Stage, nowMs: number): string {
  return nowMs >= stage.cacheCluster.settledAtMs ? stage.cacheCluster.settled : stage.cacheCluster.meanwhile;
}

/** The API as it stands now, deployed or not. */
export function readDraft(store: Store, apiId: string): Snapshot | undefined {
  const api = store.get<RestApi>(TABLES.restApi, apiId);
  if (api === undefined) return undefined;
  const under = { prefix: `${apiId}/` };
  const gatewayResponses: Record<string, GatewayResponse> = {};
  for (const { value } of store.list<GatewayResponse>(TABLES.gatewayResponse, under))
    gatewayResponses[value.responseType] = value;
  const validators: Record<string, RequestValidator> = {};
  for (const { value } of store.list<RequestValidator>(TABLES.validator, under)) validators[value.id] = value;
  const authorizers: Record<string, Authorizer> = {};
  for (const { value } of store.list<Authorizer>(TABLES.authorizer, under)) authorizers[value.id] = value;
  const resources = store.list<Resource>(TABLES.resource, under).map((row) => row.value);
  return { api, resources, gatewayResponses, validators, authorizers };
}
