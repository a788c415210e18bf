import type { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import { crc32Of } from './long-body.js';
import type { ObjectToPut, Replaced } from './s3.js';
import { createSign, type Lane, type Plain } from './sign-put.js';
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
      const abortSignal = endedBy(request.body, signal);
      const answered = await config.requestHandler.handle(
        request as unknown as Parameters<typeof config.requestHandler.handle>[0],
        abortSignal === undefined ? {} : { abortSignal },
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

/** A signal that is given, too, when a body in pieces fails on its way: whoever takes it would wait for the rest of it. */
function endedBy(body: Uint8Array | Readable, signal: AbortSignal | undefined): AbortSignal | undefined {
  if (body instanceof Uint8Array) return signal;
  const broken = new AbortController();
  body.once('error', () => broken.abort());
  return signal === undefined ? broken.signal : AbortSignal.any([signal, broken.signal]);
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

/** Writes a put as key and headers; undefined when there is anything in it that only the SDK knows how to send. */
function toPlain({ object, replaced }: PutRequest, owner: string, host: string): Plain | undefined {
  const { key, body, contentType, headers: given, sha256 = '' } = object;
  const told = readTold(given);
  if (key === '' || !SHA256.test(sha256) || told === undefined || !PLAIN.test(contentType)) return undefined;
  const checksum = crc32Of(body);
  // Written down in the order in which Signature Version 4 wants them, so that nothing has to be sorted.
  const headers: Record<string, string> = {};
  if (told.cache !== undefined) headers['cache-control'] = told.cache;
  if (told.disposition !== undefined) headers['content-disposition'] = told.disposition;
  if (told.language !== undefined) headers['content-language'] = told.language;
  headers['content-length'] = String(body.byteLength);
  headers['content-type'] = contentType;
  if (told.expires !== undefined) headers['expires'] = told.expires;
  headers['host'] = host;
  if (replaced === 'nothing') headers['if-none-match'] = '*';
  else if (replaced !== undefined) headers['if-match'] = `"${replaced.etag}"`;
  headers['x-amz-checksum-crc32'] = checksum;
  headers['x-amz-content-sha256'] = sha256;
  headers['x-amz-date'] = '';
  headers['x-amz-expected-bucket-owner'] = owner;
  for (const [name, value] of told.metadata) headers[name] = name === DIGEST_HEADER ? sha256 : value;
  return { key: encodeKey(key), body, sha256, checksum, headers };
}

/** Stored headers as a put sends them. */
interface Told {
  readonly cache: string | undefined;
  readonly disposition: string | undefined;
  readonly language: string | undefined;
  readonly expires: string | undefined;
  /** In order, with a place for the digest. */
  readonly metadata: readonly (readonly [name: string, value: string])[];
}

/** What most images have in common, so that it is read once. */
const TOLD = new WeakMap<object, Told>();

/** Reads stored headers; undefined when one of them is not plain. */
function readTold(given: ObjectToPut['headers']): Told | undefined {
  const known = TOLD.get(given);
  if (known !== undefined) return known;
  const { 'Cache-Control': cache, 'Content-Disposition': disposition, 'Content-Language': language, ...others } = given;
  const { Expires, ...own } = others;
  const expires = Expires === undefined ? undefined : new Date(Expires).toUTCString();
  if (expires === 'Invalid Date' || !Object.values(given).every((value) => PLAIN.test(value))) return undefined;
  if (!Object.keys(own).every((name) => META_NAME.test(name))) return undefined;
  const metadata = Object.entries({ ...own, [DIGEST_HEADER]: '' }).sort(([one], [two]) => (one < two ? -1 : 1));
  const told = { cache, disposition, language, expires, metadata };
  TOLD.set(given, told);
  return told;
}

/** AWS: everything but letters, digits, `-._~` and the slash is encoded, in upper case. */
function encodeKey(key: string): string {
  if (BARE_KEY.test(key)) return key;
  const encoded = encodeURIComponent(key).replaceAll('%2F', '/');
  return encoded.replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
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
