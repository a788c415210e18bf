import { existsSync, mkdirSync, readdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import type { AwsAccess } from '../aws/access.js';
import { serve } from '../emulator/http.js';
import {
  createEmulator,
  type Emulator,
  type EmulatorOptions,
  type WireRequest,
  type WireResponse,
} from '../emulator/index.js';
import { LedgerError } from '../errors.js';
import { pathUrl } from './aws.js';
import { requireFreeFiles, toDiskFault } from './disk-fault.js';
import type { Target } from './target.js';

/** Where the local cloud of a project lies, and how its addresses read. */
export interface LocalTargetOptions {
  /** Folder of the project. */
  readonly directory: string;
  readonly region: string;
  /** Port that `pixgate local` serves on. */
  readonly port: number;
}

/**
 * Clouds that this process serves, by their folder. libsql keeps a closed connection until it is collected, and one connection
 * more would keep an empty account from going with the last.
 */
const served = new Map<string, Emulator>();

/** The door to the local cloud, in this process: no socket, and the same product code to the last line. */
export function openLocalTarget({ directory, region, port }: LocalTargetOptions): Target {
  const ours = served.get(path.resolve(directory));
  const emulator = ours ?? openCloud(directory);
  const handle: Emulator['handle'] = (request) =>
    emulator.handle(request).catch((cause: unknown) => {
      throw toDiskFault(folderOf(directory), cause) ?? cause;
    });
  const close = async (): Promise<void> => {
    if (ours === undefined) leave(emulator, directory);
  };
  return { ...targetOn({ ...emulator, handle }, region, port), close };
}

/** A target on an emulator that is already at hand. */
export function targetOn(emulator: Emulator, region: string, port: number): Target {
  return {
    name: 'local',
    access: { region, clock: emulator.clock, credentials: emulator.credentials, requestHandler: handlerOf(emulator) },
    clock: emulator.clock,
    async ask({ method, url, headers }) {
      const { host, origin } = new URL(url);
      const [rawPath = '', query = ''] = splitOnce(url.slice(origin.length), '?');
      const named = { host, ...lowerCase(headers) };
      const request = {
        method,
        host: host.replace(/:\d+$/, ''),
        path: rawPath || '/',
        query,
        headers: named,
        body: new Uint8Array(),
      };
      const answer = await emulator.handle(request);
      return { status: answer.status, headers: lowerCase(answer.headers), body: answer.body };
    },
    putFunction({ functionArn, file }) {
      const [, , , inRegion = region, , , name = ''] = functionArn.split(':');
      emulator.putFunction({ name, region: inRegion, file });
    },
    stageUrl: (place) => pathUrl(`http://127.0.0.1:${port}`, place),
    async close() {
      emulator.close();
    },
  };
}

/** The local cloud behind a port. */
export interface LocalCloud {
  readonly url: string;
  readonly port: number;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly accountId: string;
  close(): Promise<void>;
}

/** What to serve, and where. */
export interface LocalCloudOptions {
  /** Folder of the project. */
  readonly directory: string;
  readonly port: number;
  /** Whether AWS's call quotas hold, in this process and in all that open the folder later. @default as it was */
  readonly pace?: 'none' | 'aws';
  /** The page that a browser gets at `/`. @default what S3 answers there */
  readonly home?: () => Promise<string>;
}

/** Serves the local cloud of a folder on the loopback address. */
export async function serveLocalCloud({ directory, port, pace, home }: LocalCloudOptions): Promise<LocalCloud> {
  const emulator = openCloud(directory, pace === undefined ? {} : { pace });
  served.set(path.resolve(directory), emulator);
  const letGo = (): void => {
    served.delete(path.resolve(directory));
    leave(emulator, directory);
  };
  const handle: Emulator['handle'] = async (request) =>
    home !== undefined && isBrowserAtHome(request) ? toPage(await home()) : emulator.handle(request);
  try {
    const server = await serve({ handle }, { port, host: '127.0.0.1' });
    return {
      url: server.url,
      port: server.port,
      credentials: emulator.credentials,
      accountId: emulator.accountId,
      async close() {
        await server.close();
        letGo();
      },
    };
  } catch (error) {
    letGo();
    throw error;
  }
}

/** What lies beside the account and is made anew when it is missing; `digests` is what is known of the files. */
const REMADE = ['.gitignore', 'digests'];

/** Lets go of an account; one that holds nothing goes, and so do the folders that were there only for it. */
function leave(emulator: Emulator, directory: string): void {
  if (!emulator.leave()) return;
  const folder = folderOf(directory);
  const home = path.dirname(folder);
  try {
    rmdirSync(folder);
    if (readdirSync(home).some((name) => !REMADE.includes(name))) return;
    for (const name of REMADE) rmSync(path.join(home, name), { recursive: true, force: true });
    rmdirSync(home);
  } catch {
    // Somebody else has put something there.
  }
}

/** Whether a person opened the address that `pixgate local` prints; a call of S3 is signed. */
function isBrowserAtHome({ method, path: target, query, headers }: WireRequest): boolean {
  const isPage = method === 'GET' && target === '/' && query === '' && /text\/html/.test(headers['accept'] ?? '');
  return isPage && headers['authorization'] === undefined;
}

function toPage(html: string): WireResponse {
  const headers = {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'",
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
  };
  return { status: 200, headers, body: Buffer.from(html) };
}

/**
 * Opens the account that lies below a project's folder, or makes an empty one.
 *
 * @throws {LedgerError} when what lies there cannot be read, or the disk does not let it be written.
 */
function openCloud(directory: string, settings: NonNullable<EmulatorOptions['settings']> = {}): Emulator {
  const folder = folderOf(directory);
  try {
    return insist(folder, () => makeCloud(directory, settings));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    // Nothing is wrong with the folder.
    if (['EMFILE', 'ENFILE'].includes(String((cause as { code?: unknown }).code))) throw cause;
    if ((cause as { code?: unknown }).code === 'SQLITE_BUSY') {
      throw new LedgerError(`Cannot open the local cloud in ${folder}: another process is at work in it.`, {
        code: 'LOCAL_CLOUD_BUSY',
        suggestions: ['wait until it is done, or bring it back with fg, then run the same command again'],
        cause,
      });
    }
    const fault = toDiskFault(folder, cause);
    if (fault !== undefined) throw fault;
    throw new LedgerError(`Cannot open the local cloud in ${folder}: ${reason}.`, {
      code: 'LOCAL_CLOUD_UNREADABLE',
      suggestions: [`remove ${folder}; with it goes all that the local cloud holds`],
      cause,
    });
  }
}

function makeCloud(directory: string, settings: NonNullable<EmulatorOptions['settings']>): Emulator {
  const folder = folderOf(directory);
  mkdirSync(directory, { recursive: true });
  for (const each of [path.dirname(folder), folder]) makeFolder(each);
  // Nothing below belongs into a repository.
  const ignore = path.join(directory, '.pixgate', '.gitignore');
  writeFileSync(ignore, '*\n');
  requireFreeFiles(ignore);
  return createEmulator({ folder, settings });
}

/** How often a folder is made anew that another process takes away under our eyes. */
const ATTEMPTS = 20;

function insist<T>(folder: string, work: () => T): T {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return work();
    } catch (error) {
      const isGone = !existsSync(folder) || (error as { code?: unknown }).code === 'ENOENT';
      if (!isGone || attempt === ATTEMPTS) throw error;
    }
  }
}

function folderOf(directory: string): string {
  return path.join(directory, '.pixgate', 'local');
}

/** Makes one folder, unless it is there. With `recursive` Node says of a disk that may only be read that there is no such folder. */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  }
}

/** The request of an SDK, as far as the emulator needs it. */
interface SdkRequest {
  readonly method: string;
  readonly hostname: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** The SDK's own transport, leading into the emulator instead of to the network. */
function handlerOf(emulator: Emulator): NonNullable<AwsAccess['requestHandler']> {
  const handler = {
    async handle(request: SdkRequest) {
      const answer = await emulator.handle({
        method: request.method,
        host: request.hostname.toLowerCase(),
        path: request.path,
        query: queryOf(request.query ?? {}),
        headers: lowerCase(request.headers),
        body: await bytesOf(request.body),
      });
      return {
        response: {
          statusCode: answer.status,
          headers: lowerCase(answer.headers),
          body: Readable.from([Buffer.from(answer.body)]),
        },
      };
    },
    destroy() {},
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
  };
  return handler as unknown as NonNullable<AwsAccess['requestHandler']>;
}

function queryOf(query: NonNullable<SdkRequest['query']>): string {
  const encode = (text: string): string =>
    encodeURIComponent(text).replace(/[!'()*]/g, (is) => `%${is.charCodeAt(0).toString(16).toUpperCase()}`);
  const pairs = Object.entries(query).flatMap(([name, value]) => {
    if (value === null) return [encode(name)];
    const values = typeof value === 'string' ? [value] : value;
    return values.map((each) => `${encode(name)}=${encode(each)}`);
  });
  return pairs.join('&');
}

async function bytesOf(body: unknown): Promise<Uint8Array> {
  if (body === undefined || body === null) return new Uint8Array();
  if (typeof body === 'string') return Buffer.from(body);
  // The SDK's own kind of array warns when it is treated as text, so a plain one goes on.
  if (body instanceof Uint8Array) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
  const chunks: Buffer[] = [];
  for await (const chunk of body as AsyncIterable<Uint8Array>) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function splitOnce(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
