import { Readable } from 'node:stream';
import { S3Client } from '@aws-sdk/client-s3';
import type {
  Authorization,
  Call,
  Caller,
  Verdict,
  WireRequest,
  WireResponse,
} from '../../../src/emulator/operation.js';
import { s3Service } from '../../../src/emulator/s3/index.js';
import { openStore, type Store } from '../../../src/emulator/store.js';

export const OWNER = '111122223333';
export const START_MS = Date.parse('2026-03-01T12:00:00.500Z');

export interface S3World {
  readonly s3: S3Client;
  readonly store: Store;
  /** Milliseconds since 1970; move it to let time pass. */
  nowMs: number;
  /** Who sends the next requests. */
  caller: Caller;
  /** Region of the endpoint that gets the next requests. */
  region: string;
  /** Answers the policy engine; everything is allowed at first. */
  authorize: (ask: Authorization) => Verdict;
  raw(request: Partial<WireRequest> & Pick<WireRequest, 'method' | 'path'>): WireResponse;
}

/** A caller who is the root user of an account. */
export function rootOf(accountId: string): Caller {
  return { kind: 'root', accountId, arn: `arn:aws:iam::${accountId}:root`, userId: accountId };
}

export const ANONYMOUS: Caller = { kind: 'anonymous', accountId: '', arn: '', userId: '' };

/** S3 alone, in memory, with a clock that stands and a policy engine that is one function. */
export function newS3World(): S3World {
  const store = openStore();
  let count = 0;
  const newId = (length: number): string => {
    count += 1;
    return count.toString(36).padStart(length, 'a');
  };
  const newCall = (): Call => ({
    store,
    now: () => world.nowMs,
    wall: () => world.nowMs,
    newId,
    newUuid: () => `00000000-0000-4000-8000-${newId(12)}`,
    region: world.region,
    caller: world.caller,
    requestId: newId(16).toUpperCase(),
    settings: { accountId: OWNER, partition: 'aws', pageSize: 5, cacheClusterMs: 0 },
    cloud: {
      s3: () => absent('s3'),
      assumeRoleAsService: () => undefined,
      authorize: (_call, ask) => world.authorize(ask),
      putLogEvents: () => undefined,
      testInvoke: () => absent('testInvoke'),
      flushStageCache: () => undefined,
      flushAuthorizersCache: () => undefined,
      invokeFunction: () => absent('invokeFunction'),
      verifyUserPoolToken: () => absent('verifyUserPoolToken'),
    },
  });
  const world: S3World = {
    s3: new S3Client({
      region: 'us-east-1',
      forcePathStyle: true,
      maxAttempts: 1,
      credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'example' },
      requestHandler: {
        handle: async (request: SdkRequest) => ({ response: toSdkResponse(world.raw(toWireRequest(request))) }),
        destroy: () => undefined,
        updateHttpClientConfig: () => undefined,
        httpHandlerConfigs: () => ({}),
      },
    }),
    store,
    nowMs: START_MS,
    caller: rootOf(OWNER),
    region: 'us-east-1',
    authorize: () => 'allowed',
    raw: (request) => store.transaction(() => s3Service.handle({ ...EMPTY_REQUEST, ...request }, newCall()).response),
  };
  return world;
}

/** The body of an answer as text. */
export function textOf(response: WireResponse): string {
  return Buffer.from(response.body).toString();
}

/** The headers of an answer by lower-case name. */
export function headersOf(response: WireResponse): Record<string, string> {
  return Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** What an AWS call was refused with. */
export async function refusalOf(call: Promise<unknown>): Promise<{ name: string; status: number; message: string }> {
  try {
    await call;
  } catch (error) {
    const { name, message, $metadata } = error as Error & { $metadata: { httpStatusCode: number } };
    return { name, status: $metadata.httpStatusCode, message };
  }
  throw new Error('The call was not refused.');
}

interface SdkRequest {
  readonly method: string;
  readonly hostname: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

const EMPTY_REQUEST = { host: 's3.us-east-1.amazonaws.com', query: '', headers: {}, body: new Uint8Array() };

function absent(what: string): never {
  throw new Error(`There is no ${what} in this world.`);
}

function toWireRequest({ method, hostname, path, query = {}, headers, body }: SdkRequest): WireRequest {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    [value].flat().map((item) => (item === null ? name : `${encodeURIComponent(name)}=${encodeURIComponent(item)}`)),
  );
  return {
    method,
    host: hostname,
    path,
    query: pairs.join('&'),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    body: typeof body === 'string' || body instanceof Uint8Array ? Buffer.from(body) : new Uint8Array(),
  };
}

function toSdkResponse(response: WireResponse) {
  return {
    statusCode: response.status,
    headers: headersOf(response),
    body: Readable.from([Buffer.from(response.body)]),
  };
}
