import { createHash } from 'node:crypto';
import type { WireRequest } from '../../src/emulator/index.js';
import type { RawAnswer } from './raw-socket.js';
import type { Wanted } from './row.js';

/** What an answer is held against. */
export interface Surroundings {
  /** By key below the prefix. */
  readonly images: ReadonlyMap<string, Buffer>;
  /** Contents that no answer may hold 32 bytes of in a row. */
  readonly canaries: readonly string[];
  /** Words that no answer may hold. */
  readonly secrets: readonly string[];
  /** The bucket that alone may be read, below `images/`. */
  readonly bucket: string;
}

const SECURITY = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
} as const;

const TYPES: Readonly<Record<string, string>> = {
  avif: 'image/avif',
  gif: 'image/gif',
  ico: 'image/vnd.microsoft.icon',
  jpg: 'image/jpeg',
  png: 'image/png',
  svg: 'image/svg+xml',
  webp: 'image/webp',
};

/** Every header that an answer may have. */
const ALLOWED = new Set([
  'accept-ranges',
  'access-control-allow-headers',
  'access-control-allow-methods',
  'access-control-allow-origin',
  'access-control-expose-headers',
  'access-control-max-age',
  'cache-control',
  'connection',
  'content-length',
  'content-range',
  'content-security-policy',
  'content-type',
  'date',
  'etag',
  'keep-alive',
  'last-modified',
  'transfer-encoding',
  'x-amz-apigw-id',
  'x-amzn-errortype',
  'x-amzn-requestid',
  'x-amzn-trace-id',
  'x-content-type-options',
  'x-object-size',
]);

/** What is wrong with an answer; empty when nothing is. */
export function judgeAnswer(
  request: string,
  wanted: readonly Wanted[],
  answer: RawAnswer,
  around: Surroundings,
): readonly string[] {
  const isHead = /^HEAD |\r\nX-HTTP-Method-Override: HEAD\r\n/i.test(request);
  const complaints = wanted.map((one) => compare(one, isHead, answer, around.images));
  const [nearest = []] = complaints.toSorted((a, b) => a.length - b.length);
  return [...nearest, ...leaks(request, answer, around)];
}

/** What is wrong with requests that the gateway sent to S3. */
export function judgeSent(sent: readonly WireRequest[], { bucket }: Surroundings): readonly string[] {
  return sent.flatMap(({ method, host, path, query, headers, body }) => {
    const names = Object.keys(headers).filter((name) => !SENT_HEADERS.has(name));
    const said = Object.entries(headers).find(([, value]) => /evil|secret|neighbour/.test(value));
    return [
      ...(method === 'GET' || method === 'HEAD' ? [] : [`S3 was sent a ${method}`]),
      ...(path.startsWith(`/${bucket}/images/`) && query === '' ? [] : [`S3 was asked for ${path}?${query}`]),
      ...(host === headers['host'] && host === 's3.eu-west-1.amazonaws.com' ? [] : [`S3 was called ${host}`]),
      ...names.map((name) => `S3 was sent ${name}`),
      ...(said === undefined ? [] : [`S3 was sent ${said.join(': ')}`]),
      ...(body.byteLength === 0 ? [] : ['S3 was sent a body']),
    ];
  });
}

const SENT_HEADERS = new Set([
  'accept',
  'host',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-unmodified-since',
  'range',
  'user-agent',
  'x-amzn-apigateway-api-id',
  'x-amzn-trace-id',
]);

function compare(
  wanted: Wanted,
  isHead: boolean,
  answer: RawAnswer,
  images: ReadonlyMap<string, Buffer>,
): readonly string[] {
  switch (wanted.kind) {
    case 'image':
    case 'headers':
      return compareImage(wanted, answer, images.get(wanted.key) ?? Buffer.alloc(0));
    case 'error':
      return compareError(wanted, isHead, answer);
    case 'preflight':
      return [
        ...difference('status', 204, answer.status),
        ...difference('body', '', answer.body.toString('latin1')),
        ...differences(answer, {
          'access-control-allow-origin': '*',
          'access-control-allow-methods': 'GET,HEAD,OPTIONS',
          'access-control-max-age': '600',
          'x-content-type-options': 'nosniff',
        }),
      ];
    case 'door':
      return [
        ...difference('status', wanted.status, answer.status),
        ...difference('body', wanted.body, answer.body.toString('latin1')),
      ];
  }
}

function compareImage(
  wanted: Wanted & { readonly kind: 'image' | 'headers' },
  answer: RawAnswer,
  whole: Buffer,
): readonly string[] {
  const range = wanted.kind === 'image' ? wanted.part : undefined;
  const bytes = range === undefined ? whole : whole.subarray(range[0], range[1] + 1);
  const status = wanted.kind === 'headers' ? wanted.status : range === undefined ? 200 : 206;
  const body = wanted.kind === 'image' ? bytes : Buffer.alloc(0);
  const extension = wanted.key.split('.').at(-1) ?? '';
  return [
    ...difference('status', status, answer.status),
    ...difference('digest', digest('sha256', body), digest('sha256', answer.body)),
    ...differences(answer, {
      ...SECURITY,
      'access-control-allow-origin': '*',
      'cache-control': 'public, max-age=300',
      etag: `"${digest('md5', whole)}"`,
    }),
    ...(status === 304 ? [] : differences(answer, { 'content-type': TYPES[extension], 'accept-ranges': 'bytes' })),
    ...(answer.headers.has('last-modified') ? [] : ['Last-Modified is missing']),
    ...(wanted.kind === 'headers' && wanted.status === 200
      ? differences(answer, { 'x-object-size': String(whole.byteLength) })
      : []),
    ...(range === undefined
      ? []
      : differences(answer, { 'content-range': `bytes ${range[0]}-${range[1]}/${whole.byteLength}` })),
  ];
}

function compareError(
  wanted: Wanted & { readonly kind: 'error' },
  isHead: boolean,
  answer: RawAnswer,
): readonly string[] {
  const found = [
    ...difference('status', wanted.status, answer.status),
    ...differences(answer, {
      ...SECURITY,
      'access-control-allow-origin': '*',
      'cache-control': 'no-store',
      'content-type': 'application/json',
    }),
  ];
  return isHead ? found : [...found, ...compareJson(wanted.error, answer.body)];
}

const REQUEST_ID = /^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|UUID_REPLACED_INVALID_REQUEST_ID)$/;

function compareJson(error: string, body: Buffer): readonly string[] {
  const text = body.toString();
  try {
    const { error: named, message, requestId, ...more } = JSON.parse(text) as Record<string, unknown>;
    const isOurs = typeof message === 'string' && message !== '' && REQUEST_ID.test(String(requestId));
    return [
      ...difference('error', error, named),
      ...(isOurs && Object.keys(more).length === 0 ? [] : [`not our shape: ${text}`]),
    ];
  } catch {
    return [`no JSON: ${JSON.stringify(text.slice(0, 200))}`];
  }
}

/** What no answer may do, whatever was asked. */
function leaks(request: string, { head, headers, body }: RawAnswer, around: Surroundings): readonly string[] {
  const [, target = ''] = request.split(' ');
  const isImage = headers.get('content-type')?.startsWith('image/') ?? false;
  const text = `${head}\r\n\r\n${body.toString('latin1')}`;
  // What the client wrote himself is no secret to him.
  const words = (isImage ? head : text).replaceAll(target.split('?')[0] ?? target, '');
  return [
    ...around.canaries.filter((canary) => holdsRun(text, canary)).map((canary) => `canary ${canary.slice(0, 16)}`),
    ...around.secrets.filter((secret) => words.includes(secret)).map((secret) => `tells of ${secret}`),
    ...(/<Error>|<\?xml|ListBucketResult/.test(words) ? ["tells S3's XML"] : []),
    ...[...headers.keys()].filter((name) => !ALLOWED.has(name)).map((name) => `has header ${name}`),
  ];
}

const RUN = 32;
const BLOCK = 16;

/** Whether `text` holds 32 bytes in a row of `canary`: any such run holds a whole block of 16, so only blocks are searched. */
function holdsRun(text: string, canary: string): boolean {
  for (let block = 0; block + BLOCK <= canary.length; block += BLOCK) {
    const at = text.indexOf(canary.slice(block, block + BLOCK));
    if (at >= 0 && runAround(text, at, canary, block) >= RUN) return true;
  }
  return false;
}

function runAround(text: string, at: number, canary: string, block: number): number {
  let before = 0;
  while (at > before && block > before && text[at - before - 1] === canary[block - before - 1]) before += 1;
  let behind = 0;
  while (at + behind < text.length && block + behind < canary.length && text[at + behind] === canary[block + behind])
    behind += 1;
  return before + behind;
}

function differences(answer: RawAnswer, wanted: Readonly<Record<string, string | undefined>>): readonly string[] {
  return Object.entries(wanted).flatMap(([name, value]) => difference(name, value, answer.headers.get(name)));
}

function difference(what: string, wanted: unknown, got: unknown): readonly string[] {
  return wanted === got ? [] : [`${what} is ${JSON.stringify(got)}, not ${JSON.stringify(wanted)}`];
}

function digest(algorithm: 'md5' | 'sha256', bytes: Buffer): string {
  return createHash(algorithm).update(bytes).digest('hex');
}
