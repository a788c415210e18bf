import { createHash, createHmac } from 'node:crypto';
import type { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import type { S3Client } from '@aws-sdk/client-s3';
import type { ObjectToPut, Replaced } from './s3.js';
import { DIGEST, META } from './stored-headers.js';

/** What S3 said of an object that it stored. */
export interface FastAnswer {
  /** Without quotes. */
  readonly etag: string;
  /** False when S3 names another checksum than that of the bytes that were sent. */
  readonly isIntact: boolean;
}

/** Which object to put, and where. */
export interface PutRequest {
  readonly bucket: string;
  /** The put is plain only with the SHA-256 of the body, in lower-case hex, which is signed as it is. */
  readonly object: ObjectToPut;
  /** What the object may replace. Absent: whatever is there. */
  readonly replaced?: Replaced | undefined;
  /** Ends the put. What was sent by then may be stored. */
  readonly signal?: AbortSignal;
}

/**
 * Sends a plain put past the SDK. 'slow' when S3 asks for fewer puts: nothing is stored, and the way stays open. Undefined when
 * the put is not plain, when nothing is known of the bucket yet, and after any other answer but success: the caller then sends
 * the same object through the SDK, which knows about retries, clocks, Regions and errors.
 */
export type FastPut = (put: PutRequest) => Promise<FastAnswer | 'slow' | undefined>;

/** How the SDK reaches a bucket. */
interface Lane {
  readonly protocol: string;
  readonly hostname: string;
  readonly port: number | undefined;
  /** Hostname, and the port where it is not the protocol's own. */
  readonly host: string;
  /** What the path of a key begins with, without a slash at the end. */
  readonly prefix: string;
  /** Region that signatures are for. */
  readonly region: string;
  readonly userAgent: string;
}

/** Calls whose endpoint is that of a put. */
const TEACHERS = new Set(['HeadObjectCommand', 'ListObjectsV2Command', 'PutObjectCommand']);
/** Values that are signed as they stand: visible ASCII, with single spaces inside. */
const PLAIN = /^[!-~]+(?: [!-~]+)*$/;
const SHA256 = /^[0-9a-f]{64}$/;
/** Keys that stand in a path as they are. */
const BARE_KEY = /^[A-Za-z0-9\-._~/]+$/;
/** The header of the digest that we keep with what we send. */
const DIGEST_HEADER = `${META}${DIGEST}`;
/** AWS: S3 keeps the names of user metadata in lower case. (S3 User Guide, "Working with object metadata") */
const META_NAME = new RegExp(`^${META}[a-z0-9._-]+$`);
/** Bytes of an answer's body that are read so that its connection can serve again. S3's own are below 1 KiB. */
const LONGEST_ANSWER = 65_536;
/**
 * AWS: with these S3 asks for a lower rate, by SlowDown and by other names, and has done nothing.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
const ASKS_FOR_LESS: ReadonlySet<number> = new Set([429, 503]);

/**
 * Makes the short way for plain puts: the SDK's own transport, credentials, clock and endpoint, without its middleware, which
 * costs a small object more time than all the rest. Where a bucket is, it learns from what the SDK itself sends with success,
 * and it forgets it after a failure: until the SDK gets through again, every put is the SDK's, with its patience.
 *
 * @param owner account that must own the bucket
 * @param now this machine's time, in milliseconds since 1970
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
export function createFastPut(client: S3Client, owner: string, now: () => number = Date.now): FastPut {
  const { config } = client;
  const lanes = learnLanes(client);
  const sign = createSign();
  return async (put) => {
    const { bucket, signal } = put;
    const lane = lanes.get(bucket);
    if (lane === undefined) return undefined;
    try {
      const plain = toPlain(put, owner, lane.host);
      if (plain === undefined) return undefined;
      const request = sign(lane, plain, await config.credentials(), now() + config.systemClockOffset);
      const answered = await config.requestHandler.handle(
        request as unknown as Parameters<typeof config.requestHandler.handle>[0],
        signal === undefined ? {} : { abortSignal: signal },
      );
      const { response } = answered as { readonly response: Answer };
      await readToEnd(response.body);
      const stored = readAnswer(response, plain.checksum);
      if (stored !== undefined) return stored;
    } catch {
      // Whatever it was, the SDK meets it as well and says it in its own words.
    }
    lanes.delete(bucket);
    return undefined;
  };
}

/** Keeps how the SDK reached each bucket last, where an ordinary signature does there. */
function learnLanes(client: S3Client): Map<string, Lane> {
  const lanes = new Map<string, Lane>();
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const result = await next(args);
      // The context is filled on the way, so it is read late.
      const { commandName = '', endpointV2 } = context;
      const scheme = endpointV2?.properties?.['authSchemes'] as readonly AuthScheme[] | undefined;
      const { name, signingName, signingRegion: region } = scheme?.[0] ?? {};
      const isPlain = name === 'sigv4' && signingName === 's3' && Object.keys(endpointV2?.headers ?? {}).length === 0;
      if (!TEACHERS.has(commandName) || endpointV2 === undefined || region === undefined || !isPlain) return result;
      // A store that does not know AWS's newer checksums is told to the SDK by this setting, of the environment too.
      if ((await client.config.requestChecksumCalculation()) !== 'WHEN_SUPPORTED') return result;
      const { protocol, hostname, port, host, pathname } = endpointV2.url;
      const { headers } = args.request as { readonly headers: Readonly<Record<string, string>> };
      lanes.set((args.input as { readonly Bucket: string }).Bucket, {
        protocol,
        hostname,
        port: port === '' ? undefined : Number(port),
        host,
        prefix: pathname.replace(/\/$/, ''),
        region,
        userAgent: headers['user-agent'] ?? '',
      });
      return result;
    },
    { step: 'finalizeRequest', priority: 'low', name: 'learnLanes' },
  );
  return lanes;
}

interface AuthScheme {
  readonly name?: string;
  readonly signingName?: string;
  readonly signingRegion?: string;
}

/** A put as it is signed. */
interface Plain {
  /** As it stands in a path. */
  readonly key: string;
  readonly body: Uint8Array;
  /** SHA-256 of the body, in lower-case hex. */
  readonly sha256: string;
  /** CRC-32 of the body, in Base64. */
  readonly checksum: string;
  /** By lower-case names, in the order of signing. The date is still empty. */
  readonly headers: Record<string, string>;
}

/** Writes a put as key and headers; undefined when there is anything in it that only the SDK knows how to send. */
function toPlain({ object, replaced }: PutRequest, owner: string, host: string): Plain | undefined {
  const { key, body, contentType, headers: given, sha256 = '' } = object;
  if (key === '' || !SHA256.test(sha256)) return undefined;
  for (const name in given) if (!PLAIN.test(given[name] ?? '')) return undefined;
  if (!PLAIN.test(contentType)) return undefined;
  const {
    'Cache-Control': cache,
    'Content-Disposition': disposition,
    'Content-Language': language,
    Expires,
    ...metadata
  } = given;
  const expires = Expires === undefined ? undefined : new Date(Expires).toUTCString();
  const names = Object.keys(metadata);
  if (expires === 'Invalid Date' || !names.every((name) => META_NAME.test(name))) return undefined;
  const checksum = crc32Of(body);
  // Written down in the order in which Signature Version 4 wants them, so that nothing has to be sorted.
  const headers: Record<string, string> = {};
  if (cache !== undefined) headers['cache-control'] = cache;
  if (disposition !== undefined) headers['content-disposition'] = disposition;
  if (language !== undefined) headers['content-language'] = language;
  headers['content-length'] = String(body.byteLength);
  headers['content-type'] = contentType;
  if (expires !== undefined) headers['expires'] = expires;
  headers['host'] = host;
  if (replaced === 'nothing') headers['if-none-match'] = '*';
  else if (replaced !== undefined) headers['if-match'] = `"${replaced.etag}"`;
  headers['x-amz-checksum-crc32'] = checksum;
  headers['x-amz-content-sha256'] = sha256;
  headers['x-amz-date'] = '';
  headers['x-amz-expected-bucket-owner'] = owner;
  for (const name of [DIGEST_HEADER, ...names].sort())
    headers[name] = name === DIGEST_HEADER ? sha256 : (metadata[name] ?? '');
  return { key: encodeKey(key), body, sha256, checksum, headers };
}

/** CRC-32 in Base64, as S3 names it. */
export function crc32Of(body: Uint8Array): string {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(crc32(body));
  return bytes.toString('base64');
}

/** AWS: everything but letters, digits, `-._~` and the slash is encoded, in upper case. */
function encodeKey(key: string): string {
  if (BARE_KEY.test(key)) return key;
  const encoded = encodeURIComponent(key).replaceAll('%2F', '/');
  return encoded.replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** `20261123T103218Z` */
function toAmzDate(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
}

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

type Sign = (lane: Lane, plain: Plain, keys: Keys, ms: number) => SignedPut;

/**
 * Makes what signs puts by Signature Version 4. It keeps what the last put has in common with the next: the time in whole
 * seconds, and the signing key, which serves a secret, a day and a Region.
 */
function createSign(): Sign {
  let second = { at: Number.NaN, date: '' };
  let last: { readonly secret: string; readonly scope: string; readonly key: Buffer } | undefined;
  return (lane, { key, body, sha256, headers }, { accessKeyId, secretAccessKey: secret, sessionToken = '' }, ms) => {
    const at = Math.floor(ms / 1000);
    if (second.at !== at) second = { at, date: toAmzDate(at * 1000) };
    const { date } = second;
    const scope = `${date.slice(0, 8)}/${lane.region}/s3/aws4_request`;
    if (last?.secret !== secret || last.scope !== scope) last = { secret, scope, key: deriveKey(secret, scope) };
    headers['x-amz-date'] = date;
    if (sessionToken !== '') headers['x-amz-security-token'] = sessionToken;
    const path = `${lane.prefix}/${key}`;
    const { list, digest } = digestOf(path, headers, sha256);
    const signature = hmac(last.key, `AWS4-HMAC-SHA256\n${date}\n${scope}\n${digest}`).toString('hex');
    headers['authorization'] =
      `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${list}, Signature=${signature}`;
    headers['user-agent'] = lane.userAgent;
    const { protocol, hostname, port } = lane;
    return { method: 'PUT', protocol, hostname, port, path, query: NO_QUERY, headers, body };
  };
}

/** A request as the SDK's transports take it. */
interface SignedPut extends Pick<Lane, 'protocol' | 'hostname' | 'port'> {
  readonly method: 'PUT';
  readonly path: string;
  readonly query: typeof NO_QUERY;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

const NO_QUERY: Readonly<Record<string, never>> = {};

function deriveKey(secret: string, scope: string): Buffer {
  return scope.split('/').reduce<Buffer>((key, part) => hmac(key, part), Buffer.from(`AWS4${secret}`));
}

/** The list of signed headers, and the digest of the canonical request that they are part of. */
function digestOf(
  path: string,
  headers: Readonly<Record<string, string>>,
  sha256: string,
): { readonly list: string; readonly digest: string } {
  let [list, lines] = ['', ''];
  for (const name in headers) {
    // The SDK does not sign this one either: a proxy may change it.
    if (name === 'cache-control') continue;
    list += list === '' ? name : `;${name}`;
    lines += `${name}:${headers[name]}\n`;
  }
  const canonical = `PUT\n${path}\n\n${lines}\n${list}\n${sha256}`;
  return { list, digest: createHash('sha256').update(canonical).digest('hex') };
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

interface Answer {
  readonly statusCode: number;
  /** By their lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readable;
}

function readAnswer({ statusCode, headers }: Answer, checksum: string): FastAnswer | 'slow' | undefined {
  const { etag, 'x-amz-request-id': request, 'x-amz-checksum-crc32': named = checksum } = headers;
  if (request === undefined) return undefined;
  if (ASKS_FOR_LESS.has(statusCode)) return 'slow';
  return statusCode === 200 && etag !== undefined
    ? { etag: etag.replaceAll('"', ''), isIntact: named === checksum }
    : undefined;
}

/** Reads what is left of an answer, so that its connection is free again; hangs up on one that is too long. */
function readToEnd(body: Readable): Promise<void> {
  return new Promise((resolve, reject) => {
    let size = 0;
    const end = (): void => (body.readableEnded ? resolve() : reject(new Error('the answer to a put broke off')));
    body.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > LONGEST_ANSWER) body.destroy();
    });
    body.once('end', end);
    body.once('error', end);
    body.once('close', end);
    if (body.destroyed) end();
  });
}
