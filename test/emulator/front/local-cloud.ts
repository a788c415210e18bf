import { Readable } from 'node:stream';
import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import type { EmulatorOptions } from '../../../src/emulator/emulator.js';
import type { CallRecord, Emulator, WireRequest, WireResponse } from '../../../src/emulator/index.js';
import { createEmulator } from '../../../src/emulator/index.js';

export const ACCOUNT = '111122223333';

export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

export interface LocalCloud {
  readonly emulator: Emulator;
  readonly calls: CallRecord[];
  /** What an SDK client needs to speak to this cloud. */
  config(keys?: Keys, region?: string): SdkConfig;
  /** Signs a request as it stands, and sends it. */
  sendSigned(ask: SignAsk): Promise<WireResponse>;
}

/** A local cloud in memory, and the ways into it. */
export function openCloud(options: EmulatorOptions = {}): LocalCloud {
  const calls: CallRecord[] = [];
  const emulator = createEmulator({
    observe: (record) => calls.push(record),
    ...options,
    settings: { accountId: ACCOUNT, ...options.settings },
  });
  return {
    emulator,
    calls,
    config: (keys = emulator.credentials, region = 'eu-west-1') => sdkConfig(emulator, keys, region),
    sendSigned: async (ask) => emulator.handle(await sign(emulator.credentials, ask)),
  };
}

export interface SignAsk extends Partial<Pick<WireRequest, 'method' | 'path' | 'query' | 'headers' | 'body'>> {
  readonly service: string;
  readonly host: string;
  readonly region?: string;
  readonly keys?: Keys;
  /** Moment of the signature, in milliseconds since 1970. */
  readonly atMs?: number;
  /** Whether X-Amz-Content-Sha256 is sent. @default true */
  readonly withHash?: boolean;
}

/** A signed request, ready to be sent or tampered with. */
export async function sign(keys: Keys, ask: SignAsk): Promise<WireRequest> {
  const { service, host, region = 'eu-west-1', method = 'GET', path = '/', query = '' } = ask;
  const body = ask.body ?? new Uint8Array();
  const { sessionToken, ...plain } = ask.keys ?? keys;
  const signer = new SignatureV4({
    credentials: sessionToken === undefined ? plain : { ...plain, sessionToken },
    region,
    service,
    sha256: Sha256,
    uriEscapePath: service !== 's3',
    applyChecksum: ask.withHash ?? true,
  });
  const signed = await signer.sign(
    {
      method,
      protocol: 'https:',
      hostname: host,
      path,
      query: Object.fromEntries(new URLSearchParams(query)),
      headers: { host, ...ask.headers },
      body,
    },
    ask.atMs === undefined ? {} : { signingDate: new Date(ask.atMs) },
  );
  return { method, host, path, query, headers: signed.headers, body };
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
    const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode: number } };
    return { name, status: $metadata?.httpStatusCode ?? 0, message };
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

type SdkConfig = ReturnType<typeof sdkConfig>;

function sdkConfig(emulator: Emulator, { sessionToken, ...keys }: Keys, region: string) {
  return {
    region,
    maxAttempts: 1,
    credentials: sessionToken === undefined ? keys : { ...keys, sessionToken },
    requestHandler: {
      handle: async (request: SdkRequest) => {
        const { status, headers, body } = await emulator.handle(await toWireRequest(request));
        return {
          response: { statusCode: status, headers: lowerCase(headers), body: Readable.from([Buffer.from(body)]) },
        };
      },
      destroy: () => undefined,
      updateHttpClientConfig: () => undefined,
      httpHandlerConfigs: () => ({}),
    },
  };
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

async function toWireRequest(request: SdkRequest): Promise<WireRequest> {
  const pairs = Object.entries(request.query ?? {}).flatMap(([name, values]) =>
    [values]
      .flat()
      .map((value) =>
        value === null ? percentEncode(name) : `${percentEncode(name)}=${percentEncode(String(value))}`,
      ),
  );
  return {
    method: request.method,
    host: request.hostname,
    path: request.path,
    query: pairs.join('&'),
    headers: lowerCase(request.headers),
    body: await toBytes(request.body),
  };
}

function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

async function toBytes(body: unknown): Promise<Uint8Array> {
  if (body === undefined) return new Uint8Array();
  if (body instanceof Uint8Array) return body;
  if (typeof body === 'string') return Buffer.from(body);
  const chunks: Buffer[] = [];
  for await (const chunk of body as AsyncIterable<Uint8Array>) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
