import { Readable } from 'node:stream';
import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { apigatewayService } from '../../../src/emulator/apigateway/index.js';
import type {
  Authorization,
  Call,
  Caller,
  Cloud,
  Handled,
  Verdict,
  WireRequest,
} from '../../../src/emulator/operation.js';
import { openStore, type Store } from '../../../src/emulator/store.js';

/** What a raw request is answered with. */
export interface Reply {
  readonly status: number;
  /** Value of x-amzn-ErrorType, if it has one. */
  readonly type: string | undefined;
  /** The parsed body; undefined when it is empty. */
  readonly body: unknown;
}

/** One thing that was asked of the rest of the cloud. */
export interface Asked {
  readonly flushed: string[];
  readonly forgotten: string[];
  readonly logged: { readonly group: string; readonly createGroup: boolean }[];
  readonly tested: Record<string, unknown>[];
}

export interface ControlPlaneOptions {
  /** Judges every question. @default everything is allowed */
  readonly judge?: (ask: Authorization) => Verdict;
  /** Roles that trust API Gateway. @default all */
  readonly trusted?: readonly string[];
}

/** The control plane alone, in memory, on a clock that only `advance` moves, in a cloud that allows everything. */
export interface ControlPlane {
  readonly store: Store;
  readonly asked: Asked;
  readonly client: APIGatewayClient;
  /** Sends one request as it is; `target` is a raw path with its query. */
  ask(method: string, target: string, body?: unknown, region?: string): Reply;
  /** As `ask`, for what must succeed; answers the body. */
  make(method: string, target: string, body?: unknown): Record<string, unknown>;
  handle(request: WireRequest, region?: string): Handled;
  advance(ms: number): void;
}

export const ACCOUNT = '000000000000';
export const ROLE = `arn:aws:iam::${ACCOUNT}:role/images`;
const CALLER: Caller = { kind: 'user', accountId: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:user/me`, userId: 'AIDAME' };
const START = Date.UTC(2026, 0, 2, 3, 4, 5, 678);

export function createControlPlane({ judge = () => 'allowed', trusted }: ControlPlaneOptions = {}): ControlPlane {
  const store = openStore();
  const asked: Asked = { flushed: [], forgotten: [], logged: [], tested: [] };
  let nowMs = START;
  let ids = 0;
  const cloud: Cloud = {
    s3: () => ({ status: 500, headers: {}, body: new Uint8Array() }),
    assumeRoleAsService(_call, roleArn, principal) {
      const trusts = trusted === undefined || trusted.includes(roleArn);
      return trusts ? { ...CALLER, kind: 'assumed-role', arn: `${roleArn}/${principal}` } : undefined;
    },
    authorize: (_call, ask) => judge(ask),
    putLogEvents: (_call, { group, createGroup }) => void asked.logged.push({ group, createGroup }),
    testInvoke(_call, ask) {
      asked.tested.push(ask);
      return { status: 200, body: '{}', headers: {}, log: '', latency: 1 };
    },
    flushStageCache: (_call, { apiId, stageName }) => void asked.flushed.push(`${apiId}/${stageName}`),
    flushAuthorizersCache: (_call, { apiId, stageName }) => void asked.forgotten.push(`${apiId}/${stageName}`),
    invokeFunction: () => ({ kind: 'missing' }),
    verifyUserPoolToken: () => ({ refusal: 'missing' }),
  };
  const callFor = (region: string): Call => ({
    store,
    cloud,
    region,
    caller: CALLER,
    requestId: 'b7e1c4a2-0000-4000-8000-000000000000',
    settings: { accountId: ACCOUNT, partition: 'aws', pageSize: 5, cacheClusterMs: 2000 },
    now: () => nowMs,
    wall: () => nowMs,
    newId: (length) => `${++ids}`.padStart(length, 'a'),
    newUuid: () => `b7e1c4a2-0000-4000-8000-${`${++ids}`.padStart(12, '0')}`,
  });
  const handle = (request: WireRequest, region = 'eu-central-1') =>
    store.transaction(() => apigatewayService.handle(request, callFor(region)));
  const ask = (method: string, target: string, body?: unknown, region?: string): Reply => {
    const [path = '', query = ''] = target.split('?');
    const bytes = Buffer.from(body === undefined ? '' : JSON.stringify(body));
    const { response } = handle({ method, host: 'local', path, query, headers: {}, body: bytes }, region);
    const text = Buffer.from(response.body).toString();
    const type = response.headers['x-amzn-ErrorType'];
    return { status: response.status, type, body: text === '' ? undefined : JSON.parse(text) };
  };
  return {
    store,
    asked,
    client: createClient(handle),
    ask,
    make(method, target, body) {
      const reply = ask(method, target, body);
      if (reply.status >= 300) throw new Error(`${method} ${target}: ${JSON.stringify(reply)}`);
      return reply.body as Record<string, unknown>;
    },
    handle,
    advance(ms) {
      nowMs += ms;
    },
  };
}

interface SdkRequest {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

function createClient(handle: ControlPlane['handle']): APIGatewayClient {
  return new APIGatewayClient({
    region: 'eu-central-1',
    credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'example' },
    maxAttempts: 1,
    requestHandler: {
      async handle(request: SdkRequest) {
        const pairs = Object.entries(request.query ?? {}).flatMap(([name, value]) =>
          (Array.isArray(value) ? value : [value ?? '']).map((one) => [name, String(one)]),
        );
        const { response } = handle({
          method: request.method,
          host: 'apigateway.eu-central-1.amazonaws.com',
          path: request.path,
          query: new URLSearchParams(pairs).toString(),
          headers: request.headers,
          body: request.body instanceof Uint8Array ? request.body : Buffer.from(String(request.body ?? '')),
        });
        const headers = Object.fromEntries(
          Object.entries(response.headers).map(([name, value]) => [name.toLowerCase(), value]),
        );
        return { response: { statusCode: response.status, headers, body: Readable.from([response.body]) } };
      },
      destroy: () => undefined,
      updateHttpClientConfig: () => undefined,
      httpHandlerConfigs: () => ({}),
    },
  });
}

/** One change of a PATCH. */
export type PatchChange = readonly [op: string, path?: string | undefined, value?: string | undefined];

/** The body of a PATCH. */
export function patch(...changes: readonly PatchChange[]) {
  return { patchOperations: changes.map(([op, path, value]) => ({ op, path, value })) };
}

/** The id of a new API. */
export function makeApi(plane: ControlPlane, input: Record<string, unknown> = {}): string {
  return String(plane.make('POST', '/restapis', { name: 'images', ...input })['id']);
}

/** A new API with a resource `/{key+}`, and the paths under which tests reach its parts. */
export function makeImages(plane: ControlPlane) {
  const { id, rootResourceId } = plane.make('POST', '/restapis', { name: 'images' });
  const resource = plane.make('POST', `/restapis/${id}/resources/${rootResourceId}`, { pathPart: '{key+}' });
  const api = `/restapis/${id}`;
  const resources = `${api}/resources`;
  return {
    id: String(id),
    api,
    rootId: String(rootResourceId),
    resourceId: String(resource['id']),
    method: `${resources}/${resource['id']}/methods/GET`,
    root: `${resources}/${rootResourceId}`,
  };
}

/** An integration with S3, as the wire writes it. */
export const S3_INTEGRATION = {
  type: 'AWS',
  httpMethod: 'GET',
  uri: 'arn:aws:apigateway:eu-central-1:s3:path/holiday/{key}',
  credentials: ROLE,
};

/** A new API whose GET /{key+} is wired to S3 and answers 200. */
export function makeWired(plane: ControlPlane) {
  const images = makeImages(plane);
  const key = 'method.request.path.key';
  plane.make('PUT', images.method, { authorizationType: 'NONE', requestParameters: { [key]: true } });
  plane.make('PUT', `${images.method}/responses/200`, { responseParameters: { 'method.response.header.ETag': false } });
  plane.make('PUT', `${images.method}/integration`, {
    ...S3_INTEGRATION,
    requestParameters: { 'integration.request.path.key': key },
  });
  return images;
}

/** A wired API with a stage `live`. */
export function makeLive(plane: ControlPlane) {
  const images = makeWired(plane);
  const { id } = plane.make('POST', `${images.api}/deployments`, { stageName: 'live' });
  return { ...images, deploymentId: String(id), stage: `${images.api}/stages/live` };
}

/** A refusal as `ask` answers it. */
export function refused(status: number, type: string, message: string): Reply {
  return { status, type, body: { message } };
}

export const badRequest = (message: string) => refused(400, 'BadRequestException', message);
export const notFound = (message: string) => refused(404, 'NotFoundException', message);
export const conflict = (message: string) => refused(409, 'ConflictException', message);
export const invalid = (message: string) => refused(400, 'ValidationException', message);

/** A stage `live`, with a logging role for its account unless told otherwise, and short ways to change and read it. */
export function makeStage({ logging = true } = {}) {
  const plane = createControlPlane();
  const live = makeLive(plane);
  if (logging) plane.make('PATCH', '/account', patch(['replace', '/cloudwatchRoleArn', ROLE]));
  const change = (...changes: readonly PatchChange[]) => plane.ask('PATCH', live.stage, patch(...changes));
  const read = () => plane.make('GET', live.stage);
  return { plane, live, change, read };
}

/** What AWS says of anything that it cannot remove from a stage. */
export const noSetting = (path: string) =>
  badRequest(`Cannot remove method setting ${path} because there is no method setting for this method `);

export const KEY = 'method.request.path.key';
export const RANGE = 'method.request.header.Range';

/** The refusal of a mapping. */
export const mapping = (error: string) =>
  badRequest(`Invalid mapping expression specified: Validation Result: warnings : [], errors : [${error}]`);

/** A method that declares a path parameter and a header, not wired yet. */
export function makeMethod(plane: ControlPlane) {
  const images = makeImages(plane);
  const requestParameters = { [KEY]: true, [RANGE]: false };
  plane.make('PUT', images.method, { authorizationType: 'NONE', requestParameters });
  return { ...images, integration: `${images.method}/integration` };
}
