import { createHash } from 'node:crypto';
import type { ChecksAsk } from '../../src/checks/index.js';
import type { Config } from '../../src/config/config.js';
import type { Answer, Fact, Probe, TestInvocation, UploadedImage } from '../../src/model/check.js';
import { surfaceFromConfig } from '../../src/surface/from-config.js';
import type { Reply, Surface } from '../../src/surface/surface.js';

/** A request as the made-up gateway sees it. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** An object of the made-up bucket. */
export interface Stored {
  readonly key: string;
  readonly type: string;
  readonly bytes: Buffer;
}

/** What is wrong with a world; `{}` is a healthy one. */
export interface Mistake {
  /** Replaces a healthy answer. */
  readonly answer?: (asked: Asked, healthy: Answer, world: World) => Answer;
  /** Text of the execution log and of the console's Test. */
  readonly log?: string;
  /** Status of the console's Test; 'absent' when the draft lacks the route. */
  readonly draft?: (asked: { method: string }) => number | 'absent';
  /** Replaces methods of the probe. */
  readonly probe?: Partial<Probe>;
  /** Headers by which the cache tells answers apart besides the path; all conditional ones if left out. */
  readonly cachedBy?: readonly string[];
  /** Whether the cache ignores the path. */
  readonly cacheIgnoresPath?: boolean;
  /** Whether anybody may refresh a cached answer. */
  readonly strangersEvict?: boolean;
  /** Objects that replace those of the bucket. */
  readonly objects?: readonly Stored[];
  /** Whether no answer is ever cached, though the cache is configured. */
  readonly cacheIdle?: boolean;
}

/** A gateway that answers as drawn, but for one mistake. */
export interface World {
  readonly ask: ChecksAsk;
  readonly probe: Probe;
  readonly surface: Surface;
  readonly images: readonly Stored[];
  /** Everything that was asked, in order. */
  readonly asked: Asked[];
}

const CONDITIONS = ['If-Match', 'If-Modified-Since', 'If-None-Match', 'If-Unmodified-Since', 'Range'];

/** Bytes that are no UTF-8, different for each seed. */
export function noise(seed: number, length: number): Buffer {
  return Buffer.from(Array.from({ length }, (_, index) => (index * 37 + seed * 101 + 128) % 256));
}

/** The bucket of every world: three types, a space, a letter outside ASCII, one above 1 MiB. */
export const IMAGES: readonly Stored[] = [
  { key: 'cat.png', type: 'image/png', bytes: noise(1, 67) },
  { key: 'dog.jpg', type: 'image/jpeg', bytes: noise(2, 90) },
  { key: 'deep/sun.svg', type: 'image/svg+xml', bytes: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>') },
  { key: 'café au lait.jpg', type: 'image/jpeg', bytes: noise(3, 200) },
  { key: 'large.jpg', type: 'image/jpeg', bytes: Buffer.concat([noise(4, 256), Buffer.alloc(1_048_576)]) },
];

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const etagOf = (bytes: Buffer) => `"${sha256(bytes).slice(0, 32)}"`;
const MODIFIED = 'Tue, 03 Nov 2026 10:00:00 GMT';

const CONFIG: Config = {
  version: 1,
  name: 'holiday',
  region: 'eu-west-1',
  stage: 'dev',
  endpoint: 'regional',
  logs: { level: 'error', access: true, retentionDays: 30 },
  throttle: { rate: 100, burst: 200 },
  cors: { origin: '*' },
  tracing: false,
  tags: {},
  concurrency: 16,
  directory: '/project',
  mounts: [
    {
      id: 'images',
      path: '/images',
      access: { kind: 'public' },
      bucket: { name: 'holiday-bucket', create: true, prefix: 'images/', versioning: false },
      source: '/project/images',
      headers: {},
      upload: [],
    },
  ],
};

/** Makes a world. With `cache`, answers are kept as the drawing says. */
export function gatewayWorld(mistake: Mistake = {}, options: { cache?: boolean; accessLog?: boolean } = {}): World {
  const cache = options.cache === true ? { sizeGb: 0.5, ttlSeconds: 300 } : undefined;
  const surface = surfaceFromConfig({ ...CONFIG, ...(cache === undefined ? {} : { cache }) }, 'holiday-dev', 'aws', {
    images: { bucket: 'holiday-bucket', region: 'eu-west-1', roleArn: 'arn:aws:iam::123456789012:role/pixgate/r' },
  });
  const objects = mistake.objects ?? IMAGES;
  const lines: Record<string, string>[] = [];
  const kept = new Map<string, Answer>();
  const asked: Asked[] = [];
  let time = 1_790_000_000_000;
  const serve = (request: Asked): Answer => {
    const healthy = stampless(surface, objects, request);
    return mistake.answer?.(request, healthy, world) ?? healthy;
  };
  const probe: Probe = {
    url: 'https://abc.execute-api.eu-west-1.amazonaws.com/dev',
    now: () => time,
    async sleep(ms) {
      time += ms;
    },
    async ask({ method, path, headers = {} }) {
      const request = { method, path, headers };
      asked.push(request);
      const id = `id-${asked.length}=`;
      const cacheKey = [
        mistake.cacheIgnoresPath === true ? '' : path,
        ...(mistake.cachedBy ?? CONDITIONS).map((name) => headers[name] ?? ''),
      ].join('|');
      const refresh = mistake.strangersEvict === true && headers['Cache-Control'] === 'max-age=0';
      const cached = refresh || method !== 'GET' ? undefined : kept.get(cacheKey);
      const answer = cached ?? serve(request);
      const keeps = cache !== undefined && method === 'GET' && mistake.cacheIdle !== true;
      if (keeps && answer.body.length <= 1_048_576 && answer.headers['x-amzn-errortype'] === undefined) {
        kept.set(cacheKey, answer);
      }
      time += cached === undefined ? 40 : 5;
      lines.push({
        extendedRequestId: id,
        httpMethod: method,
        resourcePath: '/images/{key+}',
        status: String(answer.status),
        integrationStatus: cached === undefined ? String(answer.status) : '-',
        integrationLatency: cached === undefined ? '30' : '-',
      });
      const stamps = { 'x-amz-apigw-id': id, 'x-amzn-requestid': `r-${asked.length}` };
      return { ...answer, headers: { ...answer.headers, ...stamps }, ms: cached === undefined ? 40 : 5 };
    },
    visitors: () => [],
    uploaded: async () => manifest(),
    object: async (_mount, key) => objects.find((object) => object.key === key)?.bytes,
    async testInvoke({ method }): Promise<TestInvocation | undefined> {
      const status = mistake.draft?.({ method }) ?? 500;
      return status === 'absent' ? undefined : { status, headers: {}, body: '', log: mistake.log ?? '' };
    },
    facts: async () => FACTS,
    accessLog: async () => (options.accessLog === false ? undefined : lines),
    whyNoLogs: async () => undefined,
    executionLog: async () => (mistake.log === undefined ? [] : [`(r-1) ${mistake.log}`]),
    ...mistake.probe,
  };
  const world: World = {
    ask: {
      surface,
      mounts: [{ id: 'images', path: '/images' }],
      cors: { origin: '*' },
      accessLog: options.accessLog !== false,
      stage: 'dev',
      ...(cache === undefined ? {} : { cache: { ttlSeconds: cache.ttlSeconds } }),
    },
    probe,
    surface,
    images: objects,
    asked,
  };
  return world;
}

export const FACTS: readonly Fact[] = [
  {
    id: 'bucket/images/public-access-block',
    title: 'The bucket is closed.',
    holds: true,
    seen: 'all four on',
    fix: '',
  },
  { id: 'api/drift', title: 'The API is the drawn one.', holds: true, seen: 'no difference', fix: 'pixgate wire' },
];

/** What the last upload left. */
export function manifest(): readonly UploadedImage[] {
  return IMAGES.map(({ key, type, bytes }) => ({
    key,
    sizeBytes: bytes.length,
    sha256: sha256(bytes),
    contentType: type,
    headers: { 'Cache-Control': 'public, max-age=300' },
  }));
}

/** What a gateway that is wired as drawn answers, without the headers of the single request. */
function stampless(surface: Surface, objects: readonly Stored[], asked: Asked): Answer {
  const [path = ''] = asked.path.split('?', 1);
  const route = surface.routes.find(({ method }) => method === asked.method);
  if (route === undefined || !path.startsWith('/images/')) return unrouted(surface);
  if (route.backend.kind === 'mock') return reply(route.replies[0], {}, Buffer.alloc(0));
  const key = decodeURIComponent(path.slice('/images/'.length));
  const object = objects.find((object) => object.key === key);
  const s3 = fromS3(object, asked.headers);
  const chosen = route.replies.find(({ status }) => status === s3.status);
  const answer = reply(chosen, s3.headers, s3.body);
  return asked.method === 'HEAD' ? { ...answer, body: Buffer.alloc(0) } : answer;
}

export function unrouted(surface: Surface): Answer {
  const own = surface.errors.find(({ type }) => type === 'MISSING_AUTHENTICATION_TOKEN');
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'x-amzn-errortype': 'MissingAuthenticationTokenException',
  };
  for (const [name, source] of Object.entries(own?.headers ?? {})) {
    if ('fixed' in source) headers[name.toLowerCase()] = source.fixed;
  }
  const error = own?.body.kind === 'error' ? own.body.error : '';
  return {
    status: own?.status ?? 403,
    headers,
    body: json({ error, message: 'Nothing here.', requestId: 'r' }),
    ms: 0,
  };
}

export function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

interface S3Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

function fromS3(object: Stored | undefined, asked: Readonly<Record<string, string>>): S3Answer {
  const nothing = Buffer.alloc(0);
  if (object === undefined) return { status: 404, headers: {}, body: nothing };
  const etag = etagOf(object.bytes);
  const headers = {
    ETag: etag,
    'Last-Modified': MODIFIED,
    'Accept-Ranges': 'bytes',
    'Content-Type': object.type,
    'Cache-Control': 'public, max-age=300',
    'Content-Length': String(object.bytes.length),
  };
  if (asked['If-Match'] !== undefined && asked['If-Match'] !== etag) return { status: 412, headers: {}, body: nothing };
  if (asked['If-Unmodified-Since']?.includes('1990')) return { status: 412, headers: {}, body: nothing };
  if (asked['If-None-Match'] === etag || asked['If-Modified-Since'] === MODIFIED) {
    return { status: 304, headers, body: nothing };
  }
  const range = /^bytes=(\d*)-(\d*)$/.exec(asked['Range'] ?? '');
  if (range === null) return { status: 200, headers, body: object.bytes };
  const size = object.bytes.length;
  const from = range[1] === '' ? size - Number(range[2]) : Number(range[1]);
  const to = range[1] === '' || range[2] === '' ? size - 1 : Math.min(Number(range[2]), size - 1);
  if (from >= size) return { status: 416, headers: {}, body: nothing };
  const part = object.bytes.subarray(from, to + 1);
  const length = String(part.length);
  const contentRange = { 'Content-Range': `bytes ${from}-${to}/${size}`, 'Content-Length': length };
  return { status: 206, headers: { ...headers, ...contentRange }, body: part };
}

function reply(chosen: Reply | undefined, s3: Readonly<Record<string, string>>, body: Buffer): Answer {
  const headers: Record<string, string> = {};
  for (const [name, source] of Object.entries(chosen?.headers ?? {})) {
    const value = 'fixed' in source ? source.fixed : 'backend' in source ? s3[source.backend] : undefined;
    if (value !== undefined) headers[name.toLowerCase()] = value;
  }
  const error = chosen?.body.kind === 'error' ? chosen.body : undefined;
  return {
    status: chosen?.status ?? 500,
    headers,
    body: error === undefined ? body : json({ error: error.error, message: error.message, requestId: 'r' }),
    ms: 0,
  };
}
