// An S3 endpoint that costs little, in a process of its own. Objects in buckets named `bench-…` are answered at once and their
// bytes forgotten; everything else goes to pixgate's own local cloud, in memory, so that the real command finds all it asks.
// GET /__counts: requests, connections and objects since the last time. POST /__forget?bucket=B. POST /__latency?ms=N. POST /__limit?rate=N.
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import {
  createEmulator,
  LOCAL_ADMIN_ACCESS_KEY_ID,
  LOCAL_ADMIN_SECRET_ACCESS_KEY,
} from '../dist/src/emulator/index.js';
import { failure, Objects } from './objects.mjs';

const emulator = createEmulator({ settings: { pageSize: 1000 } });
const buckets = new Map();
const seen = new WeakSet();
let counts = {};
let latencyMs = 0;
/** So many puts a second are taken, after a tenth of a second's worth at once; none is refused at 0. */
let limit = 0;
let allowance = { puts: 0, atMs: 0 };

const server = createServer((request, response) => {
  handle(request).then(
    (answer) => send(request, response, answer),
    (error) => send(request, response, { status: 500, body: Buffer.from(String(error?.stack ?? error)) }),
  );
});
server.keepAliveTimeout = 60_000;
server.listen(Number(process.argv[2] ?? 0), '127.0.0.1', () => {
  process.stdout.write(
    `${JSON.stringify({
      url: `http://127.0.0.1:${server.address().port}`,
      accessKeyId: LOCAL_ADMIN_ACCESS_KEY_ID,
      secretAccessKey: LOCAL_ADMIN_SECRET_ACCESS_KEY,
    })}\n`,
  );
});

async function handle(request) {
  const { method, url, headers, socket } = request;
  const at = url.indexOf('?');
  const [path, query] = at < 0 ? [url, ''] : [url.slice(0, at), url.slice(at + 1)];
  const body = await read(request);
  if (path.startsWith('/__')) return control(path, new URLSearchParams(query));
  if (!seen.has(socket)) count('connections');
  seen.add(socket);
  const answer = (await fast(method, path, query, headers, body)) ?? (await slow(request, path, query, body));
  if (latencyMs > 0) await pause(latencyMs);
  return answer;
}

/** Objects and listings of the buckets that are measured; undefined for all else. */
function fast(method, path, query, headers, body) {
  const [, bucket, key] = /^\/(bench-[^/]+)\/?(.*)$/s.exec(path) ?? [];
  if (bucket === undefined) return undefined;
  const asked = new URLSearchParams(query);
  asked.delete('x-id');
  if (key === '') {
    if (method !== 'GET' || !asked.has('list-type')) return undefined;
    count('LIST');
    return {
      status: 200,
      headers: { 'Content-Type': 'application/xml' },
      body: Buffer.from(objectsOf(bucket).list(bucket, asked)),
    };
  }
  count(method);
  if (method === 'PUT' && isTooMany()) {
    count('SlowDown');
    return failure(503, 'SlowDown');
  }
  const isKnown = ['GET', 'HEAD', 'PUT', 'DELETE'].includes(method) && asked.size === 0;
  if (!isKnown || headers['x-amz-copy-source'] !== undefined) return failure(501, 'NotImplemented');
  return objectsOf(bucket).answer(method, decodeURIComponent(key), headers, body);
}

/** Whether one more put is above the limit. */
function isTooMany() {
  if (limit === 0) return false;
  const atMs = performance.now();
  const puts = Math.min(limit / 10, allowance.puts + ((atMs - allowance.atMs) * limit) / 1000);
  const isRefused = puts < 1;
  allowance = { puts: isRefused ? puts : puts - 1, atMs };
  return isRefused;
}

function slow(request, path, query, body) {
  count('other');
  const { method, headers, rawHeaders } = request;
  const pairs = Array.from({ length: rawHeaders.length / 2 }, (_, n) => rawHeaders.slice(2 * n, 2 * n + 2));
  const host = (headers.host ?? '').replace(/:\d*$/, '');
  return emulator.handle({ method, host, path, query, headers, body, rawHeaders: pairs });
}

function control(path, query) {
  if (path === '/__counts') {
    const objects = Object.fromEntries([...buckets].map(([name, { size }]) => [name, size]));
    const told = { ...counts, objects };
    counts = {};
    return { status: 200, body: Buffer.from(JSON.stringify(told)) };
  }
  if (path === '/__forget') buckets.delete(query.get('bucket'));
  else if (path === '/__latency') latencyMs = Number(query.get('ms'));
  else if (path === '/__limit') limit = Number(query.get('rate'));
  else return { status: 404 };
  return { status: 204 };
}

function objectsOf(bucket) {
  const objects = buckets.get(bucket) ?? new Objects();
  buckets.set(bucket, objects);
  return objects;
}

function count(what) {
  counts[what] = (counts[what] ?? 0) + 1;
}

async function read(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
}

function send({ method }, response, { status, headers = {}, body = Buffer.alloc(0) }) {
  const isBodiless = method === 'HEAD' || status === 204 || status === 304;
  // Whether the connection stays is not for the local cloud to say.
  const own = Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'connection'));
  const names = new Set(Object.keys(own).map((name) => name.toLowerCase()));
  if (!isBodiless && !names.has('content-length') && !names.has('transfer-encoding'))
    own['Content-Length'] = body.length;
  if (!names.has('x-amz-request-id')) own['x-amz-request-id'] = randomBytes(8).toString('hex').toUpperCase();
  response.writeHead(status, own);
  response.end(isBodiless ? undefined : body);
}
