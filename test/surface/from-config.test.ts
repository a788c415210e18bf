import { expect, test } from 'vitest';
import type { Config, MountConfig } from '../../src/config/config.js';
import { diffSurface } from '../../src/surface/diff.js';
import { surfaceFromConfig } from '../../src/surface/from-config.js';
import { fromGateway, toGateway } from '../../src/surface/gateway.js';
import type { Reply, Surface } from '../../src/surface/surface.js';
import { mutantsOf } from './any-gateway.js';

const MOUNT: MountConfig = {
  id: 'images',
  path: '/images',
  bucket: { name: 'auto', create: true, prefix: 'images/', versioning: false },
  source: '/nowhere',
  access: { kind: 'public' },
  headers: {},
  upload: [],
};

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
  mounts: [MOUNT],
  concurrency: 16,
  directory: '/nowhere',
};

const PLACE = { bucket: 'my-bucket', region: 'eu-west-1', roleArn: 'arn:aws:iam::123456789012:role/r' };

function draw(config: Partial<Config> = {}): Surface {
  return surfaceFromConfig({ ...CONFIG, ...config }, 'holiday-dev', 'aws', { images: PLACE, more: PLACE });
}

/** The drawing of one mount that differs from the usual one. */
function drawMount({
  bucket,
  ...mount
}: Partial<Omit<MountConfig, 'bucket'>> & { bucket?: Partial<MountConfig['bucket']> }): Surface {
  return draw({ mounts: [{ ...MOUNT, ...mount, bucket: { ...MOUNT.bucket, ...bucket } }] });
}

function repliesOf(surface: Surface, method: string): readonly Reply[] {
  return surface.routes.find((route) => route.method === method)?.replies ?? [];
}

/** The headers of a reply, by lower-case name. */
function headersOf(surface: Surface, method: string, status: number): Record<string, unknown> {
  const reply = repliesOf(surface, method).find((reply) => reply.status === status);
  return Object.fromEntries(Object.entries(reply?.headers ?? {}).map(([name, source]) => [name.toLowerCase(), source]));
}

test('surfaceFromConfig() draws GET, HEAD and OPTIONS for each mount, in the order of the config', () => {
  const surface = draw({ mounts: [MOUNT, { ...MOUNT, id: 'more', path: '/more' }] });

  expect(surface.routes.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'GET /images/{key+}',
    'HEAD /images/{key+}',
    'OPTIONS /images/{key+}',
    'GET /more/{key+}',
    'HEAD /more/{key+}',
    'OPTIONS /more/{key+}',
  ]);
});

test('surfaceFromConfig() without CORS draws no OPTIONS and no header that speaks of origins', () => {
  const { cors: _cors, ...closed } = CONFIG;

  const surface = surfaceFromConfig(closed, 'holiday-dev', 'aws', { images: PLACE });

  expect(surface.routes.map(({ method }) => method)).toEqual(['GET', 'HEAD']);
  expect(JSON.stringify(surface)).not.toMatch(/access-control/i);
});

test.each(['GET', 'HEAD', 'OPTIONS'])(
  'surfaceFromConfig() lets the configured origin read every answer to %s',
  (method) => {
    const surface = draw({ cors: { origin: 'https://example.com' } });

    const origins = repliesOf(surface, method).map(({ headers }) => headers['Access-Control-Allow-Origin']);

    expect(origins.length).toBeGreaterThan(0);
    expect(new Set(origins.map((source) => JSON.stringify(source)))).toEqual(
      new Set(['{"fixed":"https://example.com"}']),
    );
  },
);

test('surfaceFromConfig() lets the configured origin read what API Gateway itself answers', () => {
  const { errors } = draw({ cors: { origin: 'https://example.com' } });

  for (const { headers, type } of errors)
    expect(headers['Access-Control-Allow-Origin'], type).toEqual({ fixed: 'https://example.com' });
});

test.each([
  ['no cache', undefined, false],
  ['a cache', { sizeGb: 0.5, ttlSeconds: 300 }, true],
])(
  'surfaceFromConfig() with %s hands on key, range and conditions, and keeps answers apart by them if it caches',
  (_what, cache, cacheKey) => {
    const surface = draw(cache === undefined ? {} : { cache });

    for (const method of ['GET', 'HEAD']) {
      const route = surface.routes.find((route) => route.method === method);
      expect(route?.parameters).toEqual([
        { in: 'header', name: 'If-Match', required: false, forwardAs: 'If-Match', cacheKey },
        { in: 'header', name: 'If-Modified-Since', required: false, forwardAs: 'If-Modified-Since', cacheKey },
        { in: 'header', name: 'If-None-Match', required: false, forwardAs: 'If-None-Match', cacheKey },
        { in: 'header', name: 'If-Unmodified-Since', required: false, forwardAs: 'If-Unmodified-Since', cacheKey },
        { in: 'header', name: 'Range', required: false, forwardAs: 'Range', cacheKey },
        { in: 'path', name: 'key', required: true, forwardAs: 'key', cacheKey },
      ]);
    }
  },
);

test.each([
  ['images/', 'images/{key}'],
  ['a/b/', 'a/b/{key}'],
  ['', '{key}'],
])('surfaceFromConfig() with the prefix %j asks S3 for %s', (prefix, key) => {
  const surface = drawMount({ bucket: { prefix } });

  expect(surface.routes.slice(0, 2).map(({ backend }) => backend)).toEqual([
    { kind: 's3-object', verb: 'GET', region: 'eu-west-1', bucket: 'my-bucket', key, roleArn: PLACE.roleArn },
    { kind: 's3-object', verb: 'HEAD', region: 'eu-west-1', bucket: 'my-bucket', key, roleArn: PLACE.roleArn },
  ]);
});

test.each(['GET', 'HEAD'])(
  'surfaceFromConfig() catches every status of S3 for %s, and the unexpected as 502',
  (method) => {
    const replies = repliesOf(draw(), method);

    expect(replies.map(({ status, when }) => [status, when])).toEqual([
      [200, '200'],
      [206, '206'],
      [304, '304'],
      [400, '400'],
      [403, '403'],
      [404, '404'],
      [412, '412'],
      [416, '416'],
      [502, ''],
      [503, '429|503'],
    ]);
    expect(replies.every(({ declared }) => declared)).toBe(true);
  },
);

test('surfaceFromConfig() without a prefix joins 403 to 404, since S3 then calls a missing key forbidden', () => {
  const replies = repliesOf(drawMount({ bucket: { prefix: '' } }), 'GET');

  expect(replies.find(({ status }) => status === 404)?.when).toBe('403|404');
  expect(replies.some(({ status }) => status === 403)).toBe(false);
});

test.each(['GET', 'HEAD'])('surfaceFromConfig() hands on what S3 keeps with an image: %s', (method) => {
  const surface = draw();

  for (const status of [200, 206]) {
    expect(headersOf(surface, method, status)).toMatchObject({
      'accept-ranges': { backend: 'Accept-Ranges' },
      'cache-control': { backend: 'Cache-Control' },
      'content-disposition': { backend: 'Content-Disposition' },
      'content-encoding': { backend: 'Content-Encoding' },
      'content-language': { backend: 'Content-Language' },
      'content-type': { backend: 'Content-Type' },
      etag: { backend: 'ETag' },
      expires: { backend: 'Expires' },
      'last-modified': { backend: 'Last-Modified' },
    });
  }
  expect(headersOf(surface, method, 206)['content-range']).toEqual({ backend: 'Content-Range' });
  expect(headersOf(surface, method, 304)['content-type']).toBeUndefined();
});

test.each([
  ['HEAD', 200, { backend: 'Content-Length' }],
  ['HEAD', 206, { backend: 'Content-Length' }],
  ['HEAD', 304, undefined],
  ['HEAD', 404, undefined],
  ['GET', 200, undefined],
] as const)('surfaceFromConfig() tells the size of an image to %s %i: %j', (method, status, source) => {
  expect(headersOf(draw(), method, status)['x-object-size']).toEqual(source);
});

test('surfaceFromConfig() never maps Content-Length, which API Gateway sets itself', () => {
  const names = draw().routes.flatMap(({ replies }) => replies.flatMap(({ headers }) => Object.keys(headers)));

  expect(names.map((name) => name.toLowerCase())).not.toContain('content-length');
});

test.each(['Cache-Control', 'cache-control', 'CACHE-CONTROL'])(
  'surfaceFromConfig() has the fixed header %s replace that of S3',
  (name) => {
    const surface = drawMount({ headers: { [name]: 'private' } });

    const { headers = {} } = repliesOf(surface, 'GET')[0] ?? {};

    const named = Object.entries(headers).filter(([header]) => header.toLowerCase() === 'cache-control');
    expect(named).toEqual([[name, { fixed: 'private' }]]);
  },
);

test.each(['content-security-policy', 'X-Content-Type-Options', 'access-control-allow-origin'])(
  'surfaceFromConfig() has the header %s of a mount win over ours, on images and errors',
  (name) => {
    const surface = drawMount({ headers: { [name]: 'mine' } });

    for (const { headers, status } of repliesOf(surface, 'GET')) {
      const named = Object.entries(headers).filter(([header]) => header.toLowerCase() === name.toLowerCase());
      expect(named, String(status)).toEqual([[name, { fixed: 'mine' }]]);
    }
  },
);

test('surfaceFromConfig() fixes the security headers on every answer', () => {
  const surface = draw();

  const images = ['GET', 'HEAD'].flatMap((method) => repliesOf(surface, method));
  for (const { headers } of [...images, ...surface.errors]) {
    expect(headers['X-Content-Type-Options']).toEqual({ fixed: 'nosniff' });
    expect(headers['Content-Security-Policy']).toEqual({
      fixed: "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    });
  }
});

test('surfaceFromConfig() keeps what a mount says of its images off its errors, and the rest on them', () => {
  const surface = drawMount({
    headers: {
      'cache-control': 'public, max-age=31536000',
      'Content-Disposition': 'attachment',
      'content-encoding': 'gzip',
      'Content-Language': 'de',
      EXPIRES: 'Wed, 21 Oct 2026 07:28:00 GMT',
      'X-Mine': 'yes',
    },
  });

  for (const { status } of repliesOf(surface, 'GET').filter(({ status }) => status >= 400)) {
    const headers = headersOf(surface, 'GET', status);
    expect(headers['cache-control'], String(status)).toEqual({ fixed: 'no-store' });
    expect(headers['content-type'], String(status)).toEqual({ fixed: 'application/json' });
    expect(headers['x-mine'], String(status)).toEqual({ fixed: 'yes' });
    for (const name of ['content-disposition', 'content-encoding', 'content-language', 'expires'])
      expect(headers[name], `${status} ${name}`).toBeUndefined();
  }
});

test('surfaceFromConfig() answers bytes as they are, and refusals as JSON', () => {
  const bodies = repliesOf(draw(), 'GET').map(({ status, body }) => [
    status,
    body.kind === 'error' ? body.error : body.kind,
  ]);

  expect(bodies).toEqual([
    [200, 'bytes'],
    [206, 'bytes'],
    [304, 'bytes'],
    [400, 'BadImagePath'],
    [403, 'ImageForbidden'],
    [404, 'ImageNotFound'],
    [412, 'PreconditionFailed'],
    [416, 'RangeNotSatisfiable'],
    [502, 'ImageStoreFailed'],
    [503, 'ImageStoreBusy'],
  ]);
});

test('surfaceFromConfig() gives what API Gateway answers itself the same shape, kept by nobody', () => {
  const { errors } = draw();

  expect(errors.map(({ type, status }) => [type, status])).toEqual([
    ['ACCESS_DENIED', 403],
    ['BAD_REQUEST_PARAMETERS', 400],
    ['DEFAULT_4XX', undefined],
    ['DEFAULT_5XX', undefined],
    ['INTEGRATION_FAILURE', 502],
    ['INTEGRATION_TIMEOUT', 503],
    ['MISSING_AUTHENTICATION_TOKEN', 404],
    ['THROTTLED', 429],
  ]);
  for (const { body, headers } of errors) {
    expect(body.kind).toBe('error');
    expect(headers['Cache-Control']).toEqual({ fixed: 'no-store' });
  }
});

test('surfaceFromConfig() lets nobody say where its things lie: no message names bucket, role or account', () => {
  const surface = draw();

  const bodies = [...surface.routes.flatMap(({ replies }) => replies), ...surface.errors].map(({ body }) => body);

  expect(JSON.stringify(bodies)).not.toMatch(/my-bucket|role|123456789012/);
});

test.each([
  ['public', ['Authorization']],
  ['iam', ['Authorization', 'X-Amz-Content-Sha256', 'X-Amz-Date', 'X-Amz-Security-Token']],
] as const)(
  'surfaceFromConfig() draws %s access on GET and HEAD, and lets scripts send its credentials',
  (kind, headers) => {
    const surface = drawMount({ access: { kind } });

    expect(surface.routes.map(({ method, access }) => [method, access])).toEqual([
      ['GET', { kind }],
      ['HEAD', { kind }],
      ['OPTIONS', { kind: 'public' }],
    ]);
    const allowed = headersOf(surface, 'OPTIONS', 204)['access-control-allow-headers'];
    expect((allowed as { fixed: string }).fixed.split(',').slice(0, headers.length)).toEqual(headers);
  },
);

test('surfaceFromConfig() tells nobody whether a path is unknown or closed, once a mount is closed', () => {
  const errorOf = (surface: Surface, type: string) => surface.errors.find((error) => error.type === type);
  const type = 'MISSING_AUTHENTICATION_TOKEN';

  expect(errorOf(draw(), type)).toMatchObject({ status: 404, body: { error: 'NotFound' } });
  expect(errorOf(draw(), 'INVALID_SIGNATURE')).toBeUndefined();
  const mixed = draw({ mounts: [MOUNT, { ...MOUNT, id: 'more', path: '/more', access: { kind: 'iam' } }] });
  expect(errorOf(mixed, type)).toMatchObject({ status: 403, body: { error: 'Forbidden' } });
  expect(errorOf(mixed, 'INVALID_SIGNATURE')).toMatchObject({ status: 403, body: { error: 'Forbidden' } });
});

test('surfaceFromConfig() answers a preflight from within API Gateway', () => {
  const options = draw().routes.find(({ method }) => method === 'OPTIONS');

  expect(options?.backend).toEqual({ kind: 'mock', status: 204 });
  expect(options?.parameters).toEqual([]);
  expect(headersOf(draw(), 'OPTIONS', 204)).toMatchObject({
    'access-control-allow-methods': { fixed: 'GET,HEAD,OPTIONS' },
    'access-control-allow-origin': { fixed: '*' },
    'access-control-max-age': { fixed: '600' },
  });
});

test.each([
  ['regional', 'REGIONAL'],
  ['edge', 'EDGE'],
] as const)('surfaceFromConfig() serves a %s endpoint', (endpoint, kind) => {
  const surface = draw({ endpoint });

  expect(surface.endpoint).toBe(kind);
  expect(surface.binaryMediaTypes).toEqual(['*/*']);
});

test('surfaceFromConfig() promises an example only of a status that the route answers with', () => {
  const { cors: _cors, ...closed } = CONFIG;
  const bare: Config = { ...closed, mounts: [{ ...MOUNT, bucket: { ...MOUNT.bucket, prefix: '' } }] };

  const routes = [...draw().routes, ...surfaceFromConfig(bare, 'holiday-dev', 'aws', { images: PLACE }).routes];

  for (const { examples, replies, method } of routes) {
    const statuses = replies.map(({ status }) => status);
    expect(examples.length).toBeGreaterThan(0);
    for (const { status, title } of examples) expect(statuses, `${method}: ${title}`).toContain(status);
  }
});

test('surfaceFromConfig() refuses a mount of which nobody says where it lies', () => {
  expect(() => surfaceFromConfig(CONFIG, 'holiday-dev', 'aws', {})).toThrow('mount images has no place');
});

test.each<[string, Partial<Config>]>([
  ['the usual config', {}],
  ['a cache and one origin', { cache: { sizeGb: 0.5, ttlSeconds: 60 }, cors: { origin: 'https://example.com' } }],
  ['two mounts on the edge', { endpoint: 'edge', mounts: [MOUNT, { ...MOUNT, id: 'more', path: '/more' }] }],
  ['headers of its own', { mounts: [{ ...MOUNT, headers: { 'X-Mine': "it's", etag: 'fixed' } }] }],
])('surfaceFromConfig() of %s comes back from AWS as it was drawn', (_what, config) => {
  const surface = draw(config);

  const back = fromGateway(toGateway(surface));

  expect(back).toEqual({ ...surface, routes: surface.routes.map((route) => ({ ...route, examples: [] })) });
  expect(diffSurface(back, surface)).toEqual([]);
});

test('surfaceFromConfig() lets diffSurface() see every single thing that somebody changes in its API', () => {
  const surface = draw({ cache: { sizeGb: 0.5, ttlSeconds: 300 } });

  const mutants = mutantsOf(toGateway(surface));
  const unseen = mutants.filter(({ gateway }) => diffSurface(fromGateway(gateway), surface).length === 0);

  expect(mutants.length).toBeGreaterThan(800);
  expect(unseen.map(({ what }) => what)).toEqual([]);
});
