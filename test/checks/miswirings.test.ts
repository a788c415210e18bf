import { expect, test } from 'vitest';
import { runChecks } from '../../src/checks/index.js';
import type { Answer } from '../../src/model/check.js';
import { type Asked, gatewayWorld, IMAGES, json, type Mistake, unrouted, type World } from './gateway-world.js';

const GET = 'replies/GET /images/{key+}';
const HEAD = 'replies/HEAD /images/{key+}';
const ASSUME =
  'Execution failed due to configuration error: API Gateway does not have permission to assume the provided role ARN';
const S3_ERROR = '<?xml version="1.0"?><Error><Code>NoSuchKey</Code><RequestId>4</RequestId><HostId>h</HostId></Error>';

const reads = ({ method }: Asked) => method === 'GET' || method === 'HEAD';
const below = ({ path }: Asked) => path.startsWith('/images/');
const missing = ({ path }: Asked) => path.includes('no-such-image');
const forImage = (asked: Asked) => reads(asked) && below(asked) && !missing(asked) && !asked.path.includes('%3F');

const internal = (asked: Asked): Answer => ({
  status: 500,
  headers: { 'content-type': 'application/json', 'x-amzn-errortype': 'InternalServerErrorException' },
  body: asked.method === 'HEAD' ? Buffer.alloc(0) : json({ message: 'Internal server error' }),
  ms: 0,
});

const ours = (status: number, error: string, asked: Asked): Answer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: asked.method === 'HEAD' ? Buffer.alloc(0) : json({ error, message: 'No.', requestId: 'r' }),
  ms: 0,
});

const own = (status: number, type: string, message: string): Answer => ({
  status,
  headers: { 'content-type': 'application/json', 'x-amzn-errortype': type },
  body: json({ message }),
  ms: 0,
});

/** Whether the request is as it would be without some headers, which the gateway then does not hand on. */
const blindTo =
  (...names: readonly string[]) =>
  (asked: Asked, healthy: Answer, { images }: World): Answer => {
    const image = images.find(({ key }) => asked.path === `/images/${key}`);
    if (image === undefined || !reads(asked) || !names.some((name) => asked.headers[name] !== undefined))
      return healthy;
    const body = asked.method === 'HEAD' ? Buffer.alloc(0) : image.bytes;
    return { ...healthy, status: 200, headers: { ...healthy.headers, 'content-type': image.type, etag: '"e"' }, body };
  };

const without = (name: string, when: (asked: Asked, healthy: Answer) => boolean) => (asked: Asked, healthy: Answer) => {
  if (!when(asked, healthy)) return healthy;
  const { [name]: _gone, ...headers } = healthy.headers;
  return { ...healthy, headers };
};

const broken500 = (log: string): Mistake => ({
  log,
  answer: (asked, healthy) => (reads(asked) && below(asked) ? internal(asked) : healthy),
});

const MISWIRINGS: readonly {
  readonly name: string;
  readonly mistake: Mistake;
  readonly cache?: boolean;
  /** The check that must fail. */
  readonly id: string;
  readonly cause: RegExp;
}[] = [
  {
    name: 'no binary media types',
    mistake: {
      answer: (asked, healthy) =>
        forImage(asked) && healthy.status < 300
          ? { ...healthy, body: Buffer.from(new TextDecoder().decode(healthy.body)) }
          : healthy,
    },
    id: 'bytes/images/cat.png/curl',
    cause: /binary media types are not set or not deployed/,
  },
  {
    name: 'no binary media types, seen through a range',
    mistake: {
      answer: (asked, healthy) =>
        forImage(asked) && healthy.status < 300
          ? { ...healthy, body: Buffer.from(new TextDecoder().decode(healthy.body)) }
          : healthy,
    },
    id: `${GET}/Range bytes=-5`,
    cause: /binary media types are not set or not deployed/,
  },
  {
    name: 'no contentHandling, and an Accept that is not in the list',
    mistake: {
      answer: (asked, healthy) =>
        forImage(asked) && healthy.status === 200 && !asked.headers['Accept']?.startsWith('image/png')
          ? { ...healthy, body: Buffer.from(Buffer.from(healthy.body).toString('base64')) }
          : healthy,
    },
    id: 'bytes/images/cat.png/browser',
    cause: /base64 text: the integration response lacks CONVERT_TO_BINARY/,
  },
  {
    name: 'CONVERT_TO_BINARY with a list that lacks application/xml',
    mistake: {
      log: 'Execution failed due to configuration error: Unable to transform response',
      answer: (asked, healthy) => (missing(asked) && reads(asked) ? internal(asked) : healthy),
    },
    id: `${GET}/404`,
    cause: /CONVERT_TO_BINARY meets a type that is not among the binary media types/,
  },
  {
    name: 'a default reply on 200',
    mistake: {
      answer: (asked, healthy) =>
        healthy.status === 404 && reads(asked) && below(asked)
          ? { ...healthy, status: 200, body: Buffer.from(asked.method === 'HEAD' ? '' : S3_ERROR) }
          : healthy,
    },
    id: `${GET}/404`,
    cause: /default integration response, which answers 200/,
  },
  {
    name: "S3's own error body",
    mistake: {
      answer: (asked, healthy) =>
        missing(asked) && asked.method === 'GET' ? { ...healthy, body: Buffer.from(S3_ERROR) } : healthy,
    },
    id: `${GET}/404`,
    cause: /S3's own XML error/,
  },
  {
    name: 'no HEAD method',
    mistake: {
      answer: (asked, healthy, { surface }) =>
        asked.method === 'HEAD' ? { ...unrouted(surface), body: Buffer.alloc(0) } : healthy,
      draft: ({ method }) => (method === 'HEAD' ? 'absent' : 200),
    },
    id: `${HEAD}/headers`,
    cause: /The API has no HEAD method on \/images\/\{key\+\}/,
  },
  {
    name: 'no OPTIONS method',
    mistake: {
      answer: (asked, healthy, { surface }) => (asked.method === 'OPTIONS' ? unrouted(surface) : healthy),
      draft: ({ method }) => (method === 'OPTIONS' ? 'absent' : 200),
    },
    id: 'replies/OPTIONS /images/{key+}/preflight',
    cause: /The API has no OPTIONS method on \/images\/\{key\+\}/,
  },
  {
    name: 'methods that are not deployed',
    mistake: { answer: (_asked, _healthy, { surface }) => unrouted(surface), draft: () => 200 },
    id: 'bytes/images/cat.png/curl',
    cause: /deployed API has no GET method .* not deployed/,
  },
  {
    name: 'IAM authorisation',
    mistake: {
      answer: (asked, healthy) =>
        forImage(asked) ? own(403, 'MissingAuthenticationTokenException', 'Missing Authentication Token') : healthy,
      draft: () => 200,
    },
    id: 'auth/images/anonymous',
    cause: /asks for a signature/,
  },
  {
    name: 'a resource policy that denies',
    mistake: {
      answer: (asked, healthy) =>
        forImage(asked) ? own(403, 'AccessDeniedException', 'User: anonymous is not authorized') : healthy,
    },
    id: 'auth/images/anonymous',
    cause: /asks for credentials, or a resource policy/,
  },
  {
    name: 'an API key that is required',
    mistake: {
      answer: (asked, healthy) => (forImage(asked) ? own(403, 'ForbiddenException', 'Forbidden') : healthy),
    },
    id: 'auth/images/anonymous',
    cause: /requires an API key/,
  },
  {
    name: 'a role without ListBucket',
    mistake: {
      answer: (asked, healthy) => (missing(asked) && reads(asked) ? ours(403, 'ImageForbidden', asked) : healthy),
    },
    id: `${GET}/404`,
    cause: /lacks s3:ListBucket/,
  },
  {
    name: 'a role without ListBucket, seen by HEAD',
    mistake: {
      answer: (asked, healthy) => (missing(asked) && reads(asked) ? ours(403, 'ImageForbidden', asked) : healthy),
    },
    id: `${HEAD}/404`,
    cause: /lacks s3:ListBucket/,
  },
  {
    name: 'a role without GetObject',
    mistake: { answer: (asked, healthy) => (forImage(asked) ? ours(403, 'ImageForbidden', asked) : healthy) },
    id: 'bytes/images/cat.png/curl',
    cause: /lacks s3:GetObject/,
  },
  {
    name: 'a role that cannot be assumed',
    mistake: broken500(ASSUME),
    id: 'bytes/images/cat.png/curl',
    cause: /trust policy/,
  },
  {
    name: '{key+} in the uri',
    mistake: broken500('Illegal character in path at index 52: https://s3.eu-west-1.amazonaws.com/b/images/{key+}'),
    id: 'bytes/images/cat.png/curl',
    cause: /holds \{key\+\} where \{key\} belongs/,
  },
  {
    name: 'a path parameter that is not mapped',
    mistake: broken500('Illegal character in path at index 52: https://s3.eu-west-1.amazonaws.com/b/images/{key}'),
    id: 'bytes/images/cat.png/curl',
    cause: /path parameter is not mapped/,
  },
  {
    name: 'Content-Length mapped into the request',
    mistake: broken500('Execution failed due to configuration error: Content-Length header already present'),
    id: 'bytes/images/cat.png/curl',
    cause: /maps the header Content-Length/,
  },
  {
    name: 'no integration response for 404',
    mistake: {
      log: 'No match for output mapping and no default output mapping configured. Endpoint Response Status Code: 404',
      answer: (asked, healthy) => (missing(asked) && reads(asked) ? internal(asked) : healthy),
    },
    id: `${GET}/404`,
    cause: /No integration response takes S3's status 404/,
  },
  {
    name: 'a method response that is missing',
    mistake: broken500(
      'Execution failed due to configuration error: Output mapping refers to an invalid method response: 200',
    ),
    id: 'bytes/images/cat.png/curl',
    cause: /no method response of the same status/,
  },
  {
    name: 'a uri that cannot be called',
    mistake: broken500('Execution failed due to configuration error: Invalid endpoint address'),
    id: 'bytes/images/cat.png/curl',
    cause: /not one that API Gateway can call/,
  },
  {
    name: 'a bucket in another Region',
    mistake: {
      log: 'Received response. Status: 301, Integration latency: 9 ms',
      answer: (asked, healthy) => (forImage(asked) ? ours(502, 'ImageStoreFailed', asked) : healthy),
    },
    id: 'bytes/images/cat.png/curl',
    cause: /another Region/,
  },
  {
    name: 'no reply for 206',
    mistake: {
      log: 'Received response. Status: 206, Integration latency: 9 ms',
      answer: (asked, healthy) => (healthy.status === 206 ? ours(502, 'ImageStoreFailed', asked) : healthy),
    },
    id: `${GET}/Range bytes=0-4`,
    cause: /S3 answered 206, which no integration response/,
  },
  {
    name: 'a repair that is not deployed',
    mistake: { ...broken500(''), draft: () => 200 },
    id: 'bytes/images/cat.png/curl',
    cause: /not deployed/,
  },
  {
    name: 'a templated OPTIONS with */*',
    mistake: { answer: (asked, healthy) => (asked.method === 'OPTIONS' ? internal(asked) : healthy) },
    id: 'replies/OPTIONS /images/{key+}/preflight',
    cause: /OPTIONS integration lacks CONVERT_TO_TEXT/,
  },
  {
    name: 'Content-Type not mapped',
    mistake: {
      answer: (asked, healthy) =>
        forImage(asked) && healthy.status < 300
          ? { ...healthy, headers: { ...healthy.headers, 'content-type': 'application/json' } }
          : healthy,
    },
    id: 'bytes/images/cat.png/curl',
    cause: /Content-Type is not mapped/,
  },
  {
    name: 'Range not mapped',
    mistake: { answer: blindTo('Range') },
    id: `${GET}/Range bytes=0-4`,
    cause: /Range is not handed to S3/,
  },
  {
    name: 'If-None-Match not mapped',
    mistake: { answer: blindTo('If-None-Match') },
    id: `${GET}/If-None-Match`,
    cause: /If-None-Match is not handed to S3/,
  },
  {
    name: 'If-Unmodified-Since not mapped',
    mistake: { answer: blindTo('If-Unmodified-Since') },
    id: `${GET}/If-Unmodified-Since`,
    cause: /If-Unmodified-Since is not handed to S3/,
  },
  {
    name: 'no X-Object-Size',
    mistake: { answer: without('x-object-size', () => true) },
    id: `${HEAD}/headers`,
    cause: /does not carry x-object-size/,
  },
  {
    name: 'Cache-Control not mapped',
    mistake: { answer: without('cache-control', (_asked, { status }) => status === 200) },
    id: `${GET}/headers`,
    cause: /does not carry cache-control/,
  },
  {
    name: 'no CORS header on errors',
    mistake: { answer: without('access-control-allow-origin', (_asked, { status }) => status === 404) },
    id: `${GET}/404`,
    cause: /does not carry access-control-allow-origin/,
  },
  {
    name: 'no security headers on 304',
    mistake: { answer: without('x-content-type-options', (_asked, { status }) => status === 304) },
    id: `${GET}/If-None-Match`,
    cause: /does not carry x-content-type-options/,
  },
  {
    name: 'a gateway response that is not customised',
    mistake: {
      answer: (asked, healthy) =>
        below(asked) ? healthy : own(403, 'MissingAuthenticationTokenException', 'Missing Authentication Token'),
    },
    id: 'replies/unknown path',
    cause: /MISSING_AUTHENTICATION_TOKEN is not the drawn one/,
  },
  {
    name: 'a PUT method that somebody added',
    mistake: {
      answer: (asked, healthy) =>
        asked.method === 'PUT' ? { status: 200, headers: {}, body: Buffer.alloc(0), ms: 0 } : healthy,
    },
    id: 'replies/PUT /images',
    cause: /takes PUT requests, which nobody drew/,
  },
  {
    name: 'a PUT that really writes',
    mistake: {
      probe: { object: async (_mount, key) => IMAGES.find((image) => image.key === key)?.bytes ?? Buffer.from('x') },
    },
    id: 'replies/PUT /images',
    cause: /let a stranger write to the bucket by PUT/,
  },
  {
    name: 'a listing behind an encoded question mark',
    mistake: {
      answer: (asked, healthy) =>
        asked.path.endsWith('%3Flist-type=2')
          ? { ...healthy, status: 200, body: Buffer.from('<ListBucketResult><Name>b</Name></ListBucketResult>') }
          : healthy,
    },
    id: 'replies/images/%3Flist-type=2',
    cause: /served without a prefix/,
  },
  {
    name: 'another type behind an encoded question mark',
    mistake: {
      answer: (asked, healthy, { images }) =>
        asked.path.endsWith('%3Fresponse-content-type=text/html')
          ? {
              ...healthy,
              status: 200,
              headers: { 'content-type': 'text/html' },
              body: images[0]?.bytes ?? healthy.body,
            }
          : healthy,
    },
    id: 'replies/images/cat.png%3Fresponse-content-type=text/html',
    cause: /reached S3 as a query and changed the answer/,
  },
  {
    name: 'a bucket name in the error',
    mistake: {
      answer: (asked, healthy) =>
        missing(asked) && asked.method === 'GET' && healthy.status === 404
          ? { ...healthy, body: json({ error: 'ImageNotFound', message: 'Not in holiday-bucket.', requestId: 'r' }) }
          : healthy,
    },
    id: `${GET}/404`,
    cause: /gives away the bucket or the account/,
  },
  {
    name: 'a uri that looks in another prefix',
    mistake: { answer: (asked, healthy) => (forImage(asked) ? ours(404, 'ImageNotFound', asked) : healthy) },
    id: 'bytes/images/cat.png/curl',
    cause: /looks in another bucket or prefix/,
  },
  {
    name: 'an object that is gone',
    mistake: { objects: IMAGES.slice(1) },
    id: 'bytes/images/cat.png/curl',
    cause: /no longer in the bucket/,
  },
  {
    name: 'an object with another type',
    mistake: { objects: IMAGES.map((image) => ({ ...image, type: 'binary/octet-stream' })) },
    id: 'bytes/images/cat.png/curl',
    cause: /stored with another Content-Type/,
  },
  {
    name: 'a gateway that cannot be reached',
    mistake: {
      probe: {
        ask: () => Promise.reject(new TypeError('fetch failed', { cause: new Error('getaddrinfo ENOTFOUND abc') })),
      },
    },
    id: 'bytes/images/cat.png/curl',
    cause: /cannot be reached: getaddrinfo ENOTFOUND abc/,
  },
  {
    name: 'a throttle of nothing',
    mistake: { answer: () => own(429, 'TooManyRequestsException', 'Too Many Requests') },
    id: 'bytes/images/cat.png/curl',
    cause: /throttles/,
  },
  {
    name: 'a control that does not hold',
    mistake: {
      probe: {
        facts: async () => [
          { id: 'bucket/acl', title: 'No ACLs.', holds: false, seen: 'ObjectWriter', fix: 'pixgate init' },
        ],
      },
    },
    id: 'hardening/bucket/acl',
    cause: /another setting: ObjectWriter/,
  },
  {
    name: 'a stage without its access log',
    mistake: { probe: { accessLog: async () => undefined } },
    id: 'logs/access',
    cause: /writes no access log/,
  },
  {
    name: 'a cache without a key',
    mistake: { cacheIgnoresPath: true },
    cache: true,
    id: 'cache/images/mixed',
    cause: /no key for the path/,
  },
  {
    name: 'a cache that does not tell ranges apart',
    mistake: { cachedBy: ['If-Match', 'If-Modified-Since', 'If-None-Match', 'If-Unmodified-Since'] },
    cache: true,
    id: 'cache/images/range',
    cause: /Range is not handed to S3, .* or it is not in the cache key/,
  },
  {
    name: 'a cache that does not tell conditions apart',
    mistake: { cachedBy: ['Range'] },
    cache: true,
    id: 'cache/images/hit',
    cause: /conditional headers are not in the cache key/,
  },
  {
    name: 'a cache that does not tell conditions apart, seen by a client that has the image',
    mistake: { cachedBy: ['Range'] },
    cache: true,
    id: 'cache/images/not-modified',
    cause: /If-None-Match is not handed to S3, .* or it is not in the cache key/,
  },
  {
    name: 'a cache that strangers empty',
    mistake: { strangersEvict: true },
    cache: true,
    id: 'cache/images/stranger',
    cause: /Anybody may refresh/,
  },
  {
    name: 'a cache that never answers',
    mistake: { cacheIdle: true },
    cache: true,
    id: 'cache/images/hit',
    cause: /never answers/,
  },
  {
    name: 'a large image that comes cut off',
    mistake: {
      answer: (_asked, healthy) =>
        healthy.body.length > 1_048_576 ? { ...healthy, body: healthy.body.subarray(0, 9) } : healthy,
    },
    cache: true,
    id: 'cache/images/large',
    cause: /not the one that is drawn/,
  },
];

test.each(MISWIRINGS)('runChecks() names the cause of $name', async ({ mistake, cache, id, cause }) => {
  const world = gatewayWorld(mistake, { cache: cache === true });

  const { results } = await runChecks(world.ask, world.probe, () => {});

  const found = results.find((result) => result.id === id);
  expect(found?.status).toBe('failed');
  expect(found?.cause).toMatch(cause);
  expect(found?.fix).toMatch(/\S/);
});
