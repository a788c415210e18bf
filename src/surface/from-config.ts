import type { Config, MountAccess, MountConfig } from '../config/config.js';
import { authorizersOf, credentialHeaders, drawAccess, refusals } from './access.js';
import { resourcePolicy } from './resource-policy.js';
import type { Example, GatewayError, HeaderSource, Parameter, Reply, Route, Surface } from './surface.js';

/** Where the things of a mount lie, as far as the API must know. */
export interface MountPlace {
  readonly bucket: string;
  /** Region of the bucket. */
  readonly region: string;
  /** Role that API Gateway takes on to read it. */
  readonly roleArn: string;
}

type Headers = Readonly<Record<string, HeaderSource>>;

/** Sent with every answer, unless the mount fixes another value: browsers neither guess a type nor run an SVG's script. */
const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
  'X-Content-Type-Options': 'nosniff',
};

const VALIDATOR = 'parameters';

/** Request headers that change what S3 answers. Each is a cache key too, or one client's 206 or 304 is replayed to the next. */
const CONDITIONAL_HEADERS = ['If-Match', 'If-Modified-Since', 'If-None-Match', 'If-Unmodified-Since', 'Range'];

const STORED_HEADERS = ['Cache-Control', 'Content-Disposition', 'Content-Encoding', 'Content-Language', 'Expires'];
const VALIDATORS = ['ETag', 'Last-Modified'];
const WHOLE = ['Accept-Ranges', 'Content-Type', ...STORED_HEADERS, ...VALIDATORS];

/**
 * The drawing of the API that a config asks for. `partition` is AWS's: 'aws'; `places` is by mount id.
 *
 * @throws {UsageError} when its resource policy would be longer than API Gateway takes.
 */
export function surfaceFromConfig(
  config: Config,
  apiName: string,
  partition: string,
  places: Readonly<Record<string, MountPlace>>,
): Surface {
  return {
    name: apiName,
    description: `Images of ${config.name}, stage ${config.stage}, served by pixgate.`,
    endpoint: config.endpoint === 'edge' ? 'EDGE' : 'REGIONAL',
    binaryMediaTypes: ['*/*'],
    routes: config.mounts.flatMap((mount) => routesOf(config, mount, places[mount.id])),
    errors: gatewayErrors(config),
    validators: { [VALIDATOR]: { body: false, parameters: true } },
    authorizers: authorizersOf(config, partition),
    policy: resourcePolicy(config, partition),
    foreign: {},
  };
}

function routesOf(config: Config, mount: MountConfig, place: MountPlace | undefined): Route[] {
  if (place === undefined) throw new Error(`mount ${mount.id} has no place`);
  const path = `${mount.path}/{key+}`;
  const shared = { path, access: drawAccess(mount), validator: VALIDATOR } as const;
  const reading = (method: 'GET' | 'HEAD'): Route => ({
    ...shared,
    method,
    parameters: readParameters(config.cache !== undefined),
    backend: {
      kind: 's3-object',
      verb: method,
      region: place.region,
      bucket: place.bucket,
      key: `${mount.bucket.prefix}{key}`,
      roleArn: place.roleArn,
    },
    replies: imageReplies(config, mount, method),
    examples: imageExamples(config, method),
  });
  const routes = [reading('GET'), reading('HEAD')];
  if (config.cors !== undefined) routes.push(preflight(path, config.cors.origin, mount.access));
  return routes;
}

function readParameters(cached: boolean): Parameter[] {
  const header = (name: string): Parameter => ({
    in: 'header',
    name,
    required: false,
    forwardAs: name,
    cacheKey: cached,
  });
  return [
    ...CONDITIONAL_HEADERS.map(header),
    { in: 'path', name: 'key', required: true, forwardAs: 'key', cacheKey: cached },
  ];
}

function imageReplies(config: Config, mount: MountConfig, method: 'GET' | 'HEAD'): Reply[] {
  const fixed = fixedHeaders(config, mount.headers);
  const bytes = (status: number, names: readonly string[]): Reply => ({
    status,
    when: String(status),
    declared: true,
    headers: merge(
      fromBackend(names),
      method === 'HEAD' && status < 300 ? { 'X-Object-Size': { backend: 'Content-Length' } } : {},
      fixed,
    ),
    body: { kind: 'bytes' },
  });
  const refusal = (status: number, when: string, error: string, message: string): Reply => ({
    status,
    when,
    declared: true,
    headers: merge(
      { 'Cache-Control': { fixed: 'no-store' }, 'Content-Type': { fixed: 'application/json' } },
      errorHeaders(config, mount.headers),
    ),
    body: { kind: 'error', error, message },
  });
  // Without ListBucket (an empty prefix must not have it) S3 says 403 for a missing key, so both read as missing.
  const missing = mount.bucket.prefix === '' ? '403|404' : '404';
  const forbidden = refusal(403, '403', 'ImageForbidden', 'The image at $context.path may not be read.');
  return [
    bytes(200, WHOLE),
    bytes(206, [...WHOLE, 'Content-Range']),
    bytes(304, [...STORED_HEADERS, ...VALIDATORS]),
    refusal(400, '400', 'BadImagePath', 'The path $context.path cannot name an image.'),
    ...(mount.bucket.prefix === '' ? [] : [forbidden]),
    refusal(404, missing, 'ImageNotFound', 'No image at $context.path.'),
    refusal(
      412,
      '412',
      'PreconditionFailed',
      'The image at $context.path does not meet the conditions of the request.',
    ),
    refusal(416, '416', 'RangeNotSatisfiable', 'The image at $context.path has no such range.'),
    refusal(502, '', 'ImageStoreFailed', 'The image store did not answer as expected.'),
    refusal(503, '429|503', 'ImageStoreBusy', 'The image store is busy; try again.'),
  ];
}

function preflight(path: string, origin: string, access: MountAccess): Route {
  const headers: Headers = {
    'Access-Control-Allow-Headers': {
      fixed: [...credentialHeaders(access), 'Cache-Control', ...CONDITIONAL_HEADERS].join(','),
    },
    'Access-Control-Allow-Methods': { fixed: 'GET,HEAD,OPTIONS' },
    'Access-Control-Allow-Origin': { fixed: origin },
    'Access-Control-Max-Age': { fixed: '600' },
    'X-Content-Type-Options': { fixed: 'nosniff' },
  };
  return {
    method: 'OPTIONS',
    path,
    access: { kind: 'public' },
    validator: undefined,
    parameters: [],
    backend: { kind: 'mock', status: 204 },
    replies: [{ status: 204, when: '', declared: true, headers, body: { kind: 'empty' } }],
    examples: [
      {
        title: 'a preflight is answered',
        headers: { Origin: 'https://example.com', 'Access-Control-Request-Method': 'GET' },
        object: 'existing',
        status: 204,
        expectHeaders: { 'access-control-allow-origin': origin, 'access-control-allow-methods': 'GET,HEAD,OPTIONS' },
      },
    ],
  };
}

function imageExamples(config: Config, method: 'GET' | 'HEAD'): Example[] {
  const cors: Record<string, string> =
    config.cors === undefined ? {} : { 'access-control-allow-origin': config.cors.origin };
  const secure = { 'x-content-type-options': 'nosniff', 'content-security-policy': true } as const;
  const whole = { etag: true, 'last-modified': true, 'content-type': true, ...secure, ...cors } as const;
  const ask = (
    title: string,
    object: Example['object'],
    status: number,
    headers: Record<string, string>,
    expect: Example['expectHeaders'],
  ): Example => ({
    title,
    object,
    status,
    headers,
    expectHeaders: expect,
  });
  return [
    ask('an image is served', 'existing', 200, {}, method === 'HEAD' ? { ...whole, 'x-object-size': true } : whole),
    ask(
      'the first bytes of an image are served',
      'existing',
      206,
      { Range: 'bytes=0-9' },
      { ...whole, 'content-range': true },
    ),
    ask('a range beyond the end is refused', 'existing', 416, { Range: 'bytes=99999999-' }, { ...secure, ...cors }),
    ask(
      'an image that has other bytes than demanded is refused',
      'existing',
      412,
      { 'If-Match': '"0"' },
      { ...secure, ...cors },
    ),
    ask(
      'a missing image is not found',
      'missing',
      404,
      {},
      { 'content-type': 'application/json', 'cache-control': 'no-store', ...secure, ...cors },
    ),
  ];
}

/**
 * What API Gateway itself answers with. AWS fills what a typed response leaves out from its own built-in, not from
 * DEFAULT_4XX, so each carries everything.
 */
function gatewayErrors(config: Config): GatewayError[] {
  const headers = merge({ 'Cache-Control': { fixed: 'no-store' } }, errorHeaders(config, {}));
  const answer = (type: string, status: number | undefined, error: string, message: string): GatewayError => ({
    type,
    status,
    headers,
    body: { kind: 'error', error, message },
  });
  const said = '$context.error.messageString';
  return [
    // AWS: the built-in message names the API and the end of the account's number.
    answer('ACCESS_DENIED', 403, 'Forbidden', 'The path $context.path may not be asked for.'),
    answer('BAD_REQUEST_PARAMETERS', 400, 'BadRequest', said),
    answer('DEFAULT_4XX', undefined, '$context.error.responseType', said),
    answer('DEFAULT_5XX', undefined, '$context.error.responseType', said),
    answer('INTEGRATION_FAILURE', 502, 'ImageStoreFailed', 'The image store did not answer as expected.'),
    answer('INTEGRATION_TIMEOUT', 503, 'ImageStoreBusy', 'The image store did not answer in time; try again.'),
    ...refusals(config).map(([type, status, error, message]) => answer(type, status, error, message)),
    answer('THROTTLED', 429, 'TooManyRequests', 'Too many requests; try again in a moment.'),
  ];
}

function fromBackend(names: readonly string[]): Headers {
  return Object.fromEntries(names.map((name) => [name, { backend: name }]));
}

/** Headers that stand on every answer of a mount; its own win. */
function fixedHeaders(config: Config, own: Readonly<Record<string, string>>): Headers {
  return merge(fixed(SECURITY_HEADERS), crossOrigin(config), fixed(own));
}

/** As `fixedHeaders`, without those of the mount that speak of an image: an error is never an attachment or cacheable. */
function errorHeaders(config: Config, own: Readonly<Record<string, string>>): Headers {
  const speaksOfImage = new Set(STORED_HEADERS.map((name) => name.toLowerCase()));
  const kept = Object.entries(own).filter(([name]) => !speaksOfImage.has(name.toLowerCase()));
  return fixedHeaders(config, Object.fromEntries(kept));
}

function crossOrigin(config: Config): Headers {
  if (config.cors === undefined) return {};
  const exposed = ['Accept-Ranges', 'Content-Range', 'ETag', 'X-Object-Size'];
  return fixed({
    'Access-Control-Allow-Origin': config.cors.origin,
    'Access-Control-Expose-Headers': exposed.join(','),
  });
}

function fixed(values: Readonly<Record<string, string>>): Headers {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { fixed: value }]));
}

/** Later headers replace earlier ones of the same name, whatever the case; one header has one source. */
function merge(...parts: readonly Headers[]): Headers {
  const byName = new Map<string, readonly [string, HeaderSource]>();
  for (const part of parts) {
    for (const [name, source] of Object.entries(part)) byName.set(name.toLowerCase(), [name, source]);
  }
  return Object.fromEntries([...byName.values()].sort(([a], [b]) => (a < b ? -1 : 1)));
}
