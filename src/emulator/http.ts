import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WireRequest, WireResponse } from './operation.js';

/** Most bytes of one request body, above which the answer is 413: a little more than API Gateway's own limit of 10 MB. */
export const MAX_BODY_BYTES = 12 * 1024 * 1024;

/** What is served: the front of an emulator. */
export interface Front {
  /** Answers one request. A rejection becomes a 500. */
  handle(request: WireRequest): Promise<WireResponse>;
}

/** Where to listen. */
export interface ServeOptions {
  /** TCP port; 0 for any free one. */
  readonly port: number;
  /** Address to listen on. @default '127.0.0.1' */
  readonly host?: string;
}

/** A listening server. */
export interface Served {
  /** 'http://127.0.0.1:4599', without a slash at the end. */
  readonly url: string;
  /** TCP port: the one asked for, or the free one that was found. */
  readonly port: number;
  /** Stops listening and drops open connections. */
  close(): Promise<void>;
}

/**
 * Serves an emulator over plain HTTP/1.1.
 *
 * Request targets go through as they came, undecoded. HEAD is answered with headers only.
 *
 * @throws {Error} with Node's code, such as EADDRINUSE, when it cannot listen.
 */
export async function serve(front: Front, { port, host = '127.0.0.1' }: ServeOptions): Promise<Served> {
  const server = createServer((incoming, outgoing) => {
    answer(front, incoming, outgoing).catch((error: unknown) => {
      if (outgoing.headersSent) outgoing.destroy();
      else send(outgoing, 'GET', plain(500, `The local cloud failed: ${String(error)}`));
    });
  });
  server.on('connect', (_request, socket) => socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const bound = (server.address() as AddressInfo).port;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    port: bound,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
}

async function answer(front: Front, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const method = incoming.method ?? 'GET';
  const target = incoming.url ?? '';
  const raw = rawHeadersOf(incoming);
  const hosts = raw.filter(([name]) => name.toLowerCase() === 'host');
  // The target is neither resolved nor proxied: only a path is a place in the local cloud.
  if (!target.startsWith('/') || hosts.length > 1) return send(outgoing, method, plain(400, 'Bad Request'));
  const body = await readBody(incoming);
  if (body === undefined)
    return send(outgoing, method, plain(413, `HTTP content length exceeded ${MAX_BODY_BYTES} bytes.`));
  const at = target.indexOf('?');
  const request: WireRequest = {
    method,
    host: (hosts[0]?.[1] ?? '').replace(/:\d*$/, '').toLowerCase(),
    path: at < 0 ? target : target.slice(0, at),
    query: at < 0 ? '' : target.slice(at + 1),
    headers: joinHeaders(raw),
    body,
    rawHeaders: raw,
    sourceIp: (incoming.socket.remoteAddress ?? '127.0.0.1').replace(/^::ffff:/, ''),
    protocol: `HTTP/${incoming.httpVersion}`,
  };
  send(outgoing, method, await front.handle(request));
}

function rawHeadersOf({ rawHeaders }: IncomingMessage): [string, string][] {
  const pairs: [string, string][] = [];
  for (let n = 0; n < rawHeaders.length; n += 2) pairs.push([rawHeaders[n] ?? '', rawHeaders[n + 1] ?? '']);
  return pairs;
}

/** Repeated headers are joined here, since Node keeps only the first of some. */
function joinHeaders(raw: readonly [string, string][]): Record<string, string> {
  const headers = new Map<string, string>();
  for (const [name, value] of raw) {
    const key = name.toLowerCase();
    const before = headers.get(key);
    headers.set(key, before === undefined ? value : `${before}, ${value}`);
  }
  return Object.fromEntries(headers);
}

/** The whole body, or undefined when it is too long; then it is read to its end all the same, so that the client hears the answer. */
async function readBody(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming) {
    const bytes = chunk as Buffer;
    length += bytes.length;
    if (length <= MAX_BODY_BYTES) chunks.push(bytes);
  }
  return length <= MAX_BODY_BYTES ? Buffer.concat(chunks, length) : undefined;
}

function send(outgoing: ServerResponse, method: string, { status, headers, body }: WireResponse): void {
  const isBodiless = status === 204 || status === 304;
  // Whether the connection stays is between this socket and its client, whatever the service says.
  const own = Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'connection'));
  const names = new Set(Object.keys(own).map((name) => name.toLowerCase()));
  const isMeasured = names.has('content-length') || names.has('transfer-encoding');
  const length = isMeasured || isBodiless || method === 'HEAD' ? {} : { 'Content-Length': String(body.byteLength) };
  outgoing.writeHead(status, { ...own, ...length });
  outgoing.end(method === 'HEAD' || isBodiless ? undefined : body);
}

function plain(status: number, text: string): WireResponse {
  return { status, headers: { 'Content-Type': 'text/plain; charset=utf-8' }, body: Buffer.from(text) };
}
