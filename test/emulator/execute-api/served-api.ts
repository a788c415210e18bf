import type { Authorizer } from '../../../src/emulator/apigateway/authorizer-model.js';
import {
  type Integration,
  type IntegrationResponse,
  type Method,
  type MethodSetting,
  type Resource,
  type RestApi,
  type Snapshot,
  type Stage,
  TABLES,
} from '../../../src/emulator/apigateway/model.js';
import type { StageAsk } from '../../../src/emulator/execute-api/index.js';
import { flushAuthorizersCache, invokeStage, testInvoke } from '../../../src/emulator/execute-api/index.js';
import type {
  Authorization,
  Call,
  Caller,
  Cloud,
  FunctionAsk,
  FunctionOutcome,
  UserPoolTokenAsk,
  UserPoolTokenVerdict,
  Verdict,
  WireRequest,
  WireResponse,
} from '../../../src/emulator/operation.js';
import { openStore, type Store } from '../../../src/emulator/store.js';

/** An object that the fake S3 serves under 'bucket/key'. */
export interface FakeObject {
  readonly body: Uint8Array | string;
  readonly type?: string;
  readonly headers?: Record<string, string>;
  readonly status?: number;
}

export const API_ID = 'abcde12345';
export const ROLE = 'arn:aws:iam::000000000000:role/reader';
export const NOON = Date.UTC(2026, 6, 28, 9, 45, 44);
export const ANONYMOUS: Caller = { kind: 'anonymous', accountId: '', arn: '', userId: '' };
export const ALICE: Caller = {
  kind: 'user',
  accountId: '000000000000',
  arn: 'arn:aws:iam::000000000000:user/alice',
  name: 'alice',
  userId: 'AIDAALICE',
};
const SESSION: Caller = {
  kind: 'assumed-role',
  accountId: '000000000000',
  arn: 'arn:aws:sts::000000000000:assumed-role/reader/BackplaneAssumeRoleSession',
  userId: 'AROA:BackplaneAssumeRoleSession',
};

/** One API in an in-memory store, with a fake cloud around it. */
export class ServedApi {
  readonly store: Store = openStore();
  readonly objects = new Map<string, FakeObject>();
  readonly sentToS3: WireRequest[] = [];
  readonly s3Regions: string[] = [];
  readonly asked: Authorization[] = [];
  readonly logged = new Map<string, string[]>();
  readonly api: RestApi;
  readonly snapshot: {
    api: RestApi;
    resources: Resource[];
    gatewayResponses: Snapshot['gatewayResponses'];
    validators: Snapshot['validators'];
    authorizers: Record<string, Authorizer>;
  };
  readonly stage: Stage;
  /** Judges every question; allows all unless replaced. */
  verdict: (ask: Authorization) => Verdict = () => 'allowed';
  trusted = true;
  readonly invoked: FunctionAsk[] = [];
  readonly tokens: UserPoolTokenAsk[] = [];
  /** What functions answer. */
  outcome: (ask: FunctionAsk) => FunctionOutcome = () => ({ kind: 'missing' });
  /** What user pools say of every token. */
  tokenVerdict: UserPoolTokenVerdict = { refusal: 'malformed' };
  /** S3 as the gateway reaches it; serves `objects` unless replaced. */
  s3: Cloud['s3'] = (request) => this.serve(request);
  now = NOON;
  private ids = 0;
  private uuids = 0;

  constructor(binaryMediaTypes: string[] = []) {
    this.api = {
      id: API_ID,
      accountId: '000000000000',
      region: 'eu-central-1',
      name: 'images',
      createdDate: 1,
      binaryMediaTypes,
      apiKeySource: 'HEADER',
      endpointConfiguration: { types: ['REGIONAL'], ipAddressType: 'ipv4' },
      disableExecuteApiEndpoint: false,
      rootResourceId: 'root00',
    };
    const root: Resource = { id: 'root00', path: '/', methods: {} };
    this.snapshot = { api: this.api, resources: [root], gatewayResponses: {}, validators: {}, authorizers: {} };
    this.stage = {
      stageName: 'v1',
      deploymentId: 'dep001',
      cacheClusterEnabled: false,
      cacheCluster: { settled: 'NOT_AVAILABLE', settledAtMs: 0, meanwhile: 'DELETE_IN_PROGRESS' },
      methodSettings: {},
      tracingEnabled: false,
      createdDate: 1,
      lastUpdatedDate: 1,
    };
  }

  /** Adds a method, making the resources on its path. */
  add(path: string, verb: string, method: Partial<Method>): Method {
    const made: Method = { httpMethod: verb, authorizationType: 'NONE', apiKeyRequired: false, ...method };
    this.resource(path).methods[verb] = made;
    return made;
  }

  resource(path: string): Resource {
    const known = this.snapshot.resources.find((resource) => resource.path === path);
    if (known !== undefined) return known;
    const cut = path.lastIndexOf('/');
    const parent = this.resource(path.slice(0, cut) || '/');
    this.ids += 1;
    const made = { id: `res${this.ids}`, parentId: parent.id, pathPart: path.slice(cut + 1), path, methods: {} };
    this.snapshot.resources.push(made);
    return made;
  }

  /** Turns the stage cache on for all methods. */
  turnOnCache(setting: Partial<MethodSetting> = {}): void {
    this.stage.cacheClusterEnabled = true;
    this.stage.cacheCluster = { settled: 'AVAILABLE', settledAtMs: NOON - 1000, meanwhile: 'CREATE_IN_PROGRESS' };
    this.stage.methodSettings['*/*'] = methodSetting({ cachingEnabled: true, ...setting });
  }

  send(
    method: string,
    path: string,
    request: {
      headers?: Record<string, string>;
      body?: Uint8Array | string;
      caller?: Caller;
      stageName?: string;
      ask?: Partial<StageAsk>;
    } = {},
  ): WireResponse {
    this.write();
    const [rawPath = '', ...query] = path.split('?');
    const rawHeaders = Object.entries(request.headers ?? {});
    const wire: WireRequest = {
      method,
      host: `${API_ID}.execute-api.eu-central-1.amazonaws.com`,
      path: `/v1${rawPath}`,
      query: query.join('?'),
      headers: Object.fromEntries(rawHeaders.map(([name, value]) => [name.toLowerCase(), value])),
      rawHeaders,
      body: Buffer.from(request.body ?? ''),
      sourceIp: '203.0.113.7',
    };
    const ask = { apiId: API_ID, stageName: request.stageName ?? 'v1', path: rawPath, ...request.ask };
    return invokeStage(wire, ask, this.call(request.caller ?? ANONYMOUS));
  }

  test(path: string, verb: string, input: Record<string, unknown> = {}): Record<string, unknown> {
    this.write();
    const resourceId = this.resource(path).id;
    return testInvoke(this.call(ALICE), { apiId: API_ID, resourceId, httpMethod: verb, input });
  }

  write(): void {
    this.store.put(TABLES.stage, `${API_ID}/v1`, this.stage);
    this.store.put(TABLES.snapshot, `${API_ID}/dep001`, this.snapshot);
    this.store.put(TABLES.restApi, API_ID, this.api);
    for (const resource of this.snapshot.resources)
      this.store.put(TABLES.resource, `${API_ID}/${resource.id}`, resource);
  }

  call(caller: Caller): Call {
    return {
      store: this.store,
      now: () => this.now,
      wall: () => this.now,
      newId: (length) => 'x'.repeat(length),
      newUuid: () => {
        this.uuids += 1;
        return `00000000-0000-4000-8000-${String(this.uuids).padStart(12, '0')}`;
      },
      region: 'eu-central-1',
      caller,
      requestId: '11111111-1111-4111-8111-111111111111',
      settings: { accountId: '000000000000', partition: 'aws', pageSize: 5, cacheClusterMs: 0 },
      cloud: this.cloud(),
    };
  }

  cloud(): Cloud {
    return {
      s3: (request, call, caller) => {
        this.sentToS3.push(request);
        this.s3Regions.push(call.region);
        return this.s3(request, call, caller);
      },
      assumeRoleAsService: (_call, role) => (this.trusted && role === ROLE ? SESSION : undefined),
      authorize: (_call, ask) => {
        this.asked.push(ask);
        return this.verdict(ask);
      },
      putLogEvents: (_call, { group, messages }) => {
        this.logged.set(group, [...(this.logged.get(group) ?? []), ...messages]);
      },
      testInvoke: () => ({}),
      flushStageCache: () => undefined,
      flushAuthorizersCache,
      invokeFunction: (_call, ask) => {
        this.invoked.push(ask);
        return this.outcome(ask);
      },
      verifyUserPoolToken: (_call, ask) => {
        this.tokens.push(ask);
        return this.tokenVerdict;
      },
    };
  }

  private serve(request: WireRequest): WireResponse {
    const key = decodeURIComponent(request.path.slice(1));
    const query = new URLSearchParams(request.query);
    const listed: FakeObject | undefined = query.has('list-type')
      ? { body: '<ListBucketResult/>', type: 'application/xml' }
      : undefined;
    const found = listed ?? this.objects.get(key);
    if (request.method === 'PUT') {
      this.objects.set(key, { body: request.body, type: request.headers['content-type'] ?? '' });
      return { status: 200, headers: { 'x-amz-request-id': 'S3REQUEST' }, body: new Uint8Array() };
    }
    const body = Buffer.from(found?.body ?? '<Error><Code>NoSuchKey</Code></Error>');
    const headers = {
      'Content-Type':
        query.get('response-content-type') ?? (found === undefined ? 'application/xml' : (found.type ?? 'image/png')),
      'Content-Length': String(body.byteLength),
      ETag: '"original"',
      Date: 'Tue, 28 Jul 2026 09:45:44 GMT',
      Server: 'AmazonS3',
      'x-amz-request-id': 'S3REQUEST',
      ...found?.headers,
    };
    const status = found === undefined ? 404 : (found.status ?? 200);
    return { status, headers, body: request.method === 'HEAD' ? new Uint8Array() : body };
  }
}

/** A method setting with AWS's defaults. */
export function methodSetting(changed: Partial<MethodSetting> = {}): MethodSetting {
  return {
    metricsEnabled: false,
    dataTraceEnabled: false,
    throttlingBurstLimit: 5000,
    throttlingRateLimit: 10000,
    cachingEnabled: false,
    cacheTtlInSeconds: 300,
    cacheDataEncrypted: false,
    requireAuthorizationForCacheControl: true,
    unauthorizedCacheControlHeaderStrategy: 'SUCCEED_WITH_RESPONSE_HEADER',
    ...changed,
  };
}

/** A MOCK method answering 200, its template and response as given. */
export function mock(
  integration: Partial<Integration> = {},
  response: Partial<IntegrationResponse> = {},
): Partial<Method> {
  return {
    methodResponses: { 200: { statusCode: '200' } },
    methodIntegration: {
      type: 'MOCK',
      passthroughBehavior: 'WHEN_NO_MATCH',
      requestTemplates: { 'application/json': '{"statusCode": 200}' },
      timeoutInMillis: 29000,
      cacheNamespace: 'mock',
      cacheKeyParameters: [],
      integrationResponses: { 200: { statusCode: '200', ...response } },
      ...integration,
    },
  };
}

/** A method that gets objects from S3 by path parameter `key`, with a default answer of 200 that carries type and ETag. */
export function s3(
  integration: Partial<Integration> = {},
  response: Partial<IntegrationResponse> = {},
): Partial<Method> {
  const headers = {
    'method.response.header.Content-Type': 'integration.response.header.Content-Type',
    'method.response.header.ETag': 'integration.response.header.ETag',
  };
  return {
    requestParameters: { 'method.request.path.key': true },
    methodResponses: { 200: { statusCode: '200' }, 404: { statusCode: '404' }, 403: { statusCode: '403' } },
    methodIntegration: {
      type: 'AWS',
      httpMethod: 'GET',
      uri: 'arn:aws:apigateway:eu-central-1:s3:path/pics/{key}',
      credentials: ROLE,
      requestParameters: { 'integration.request.path.key': 'method.request.path.key' },
      passthroughBehavior: 'WHEN_NO_MATCH',
      timeoutInMillis: 29000,
      cacheNamespace: 'images',
      cacheKeyParameters: ['method.request.path.key'],
      integrationResponses: { 200: { statusCode: '200', responseParameters: headers, ...response } },
      ...integration,
    },
  };
}

/** The body of an answer as text. */
export function textOf(response: WireResponse): string {
  return Buffer.from(response.body).toString();
}
