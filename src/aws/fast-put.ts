import { createHash, createHmac } from 'node:crypto';
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import type { PutObjectCommandInput, S3Client } from '@aws-sdk/client-s3';

/** What S3 said of an object that it stored. */
export interface FastAnswer {
  /** Without quotes. */
  readonly etag: string;
  /** False when S3 names another checksum than that of the bytes that were sent. */
  readonly isIntact: boolean;
}

/** What a plain put may say besides. */
export interface FastPutOptions {
  /** SHA-256 of the body, in lower-case hex; it is signed as it is. Absent: the put is not plain. */
  readonly sha256?: string | undefined;
  /** Ends the put. What was sent by then may be stored. */
  readonly signal?: AbortSignal;
}

/**
 * Sends a plain put past the SDK. Undefined when it is not plain, when nothing is known of the bucket yet, and after any answer
 * but success: the caller then sends the same input through the SDK, which knows about retries, clocks, Regions and errors.
 */
export type FastPut = (input: PutObjectCommandInput, options: FastPutOptions) => Promise<FastAnswer | undefined>;

/** How the SDK reaches a bucket. */
interface Lane {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  /** Hostname, and the port where it is not the protocol's own. */
  readonly host: string;
  /** What the path of a key begins with, without a slash at the end. */
  readonly prefix: string;
  /** Region that signatures are for. */
  readonly region: string;
  readonly userAgent: string;
}

/** The fields of a plain put that are headers as they stand. Also, one by one: Expires and Metadata. */
const HEADERS: Readonly<Record<string, string>> = {
  CacheControl: 'cache-control',
  ContentDisposition: 'content-disposition',
  ContentLanguage: 'content-language',
  ContentType: 'content-type',
  ExpectedBucketOwner: 'x-amz-expected-bucket-owner',
  IfMatch: 'if-match',
  IfNoneMatch: 'if-none-match',
};

/** Calls whose endpoint is that of a put. */
const TEACHERS = new Set(['HeadObjectCommand', 'ListObjectsV2Command', 'PutObjectCommand']);
/** Values that are signed as they stand: visible ASCII, with single spaces inside. */
const PLAIN = /^[!-~]+(?: [!-~]+)*$/;
const SHA256 = /^[0-9a-f]{64}$/;
/** Bytes of an answer's body that are read so that its connection can serve again. S3's own are below 1 KiB. */
const LONGEST_ANSWER = 65_536;

/**
 * Makes the short way for plain puts: the SDK's own transport, credentials, clock and endpoint, without its middleware, which
 * costs a small object more time than all the rest. Where a bucket is, it learns from what the SDK itself sends with success,
 * and it forgets it after a failure: until the SDK gets through again, every put is the SDK's, with its patience.
 *
 * @param now this machine's time, in milliseconds since 1970
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
export function createFastPut(client: S3Client, now: () => number = Date.now): FastPut {
  const { config } = client;
  const lanes = learnLanes(client);
  const sign = createSign();
  return async (input, { sha256 = '', signal }) => {
    const { Bucket = '', Body } = input;
    const lane = lanes.get(Bucket);
    if (lane === undefined || !SHA256.test(sha256) || !(Body instanceof Uint8Array)) return undefined;
    try {
      const plain = readPlain(input, Body);
      if (plain === undefined) return undefined;
      const identity = await config.credentials();
      const request = sign({ lane, plain, sha256, identity, date: toAmzDate(now() + config.systemClockOffset) });
      const answered = await config.requestHandler.handle(
        { ...request, body: Body } as unknown as Parameters<typeof config.requestHandler.handle>[0],
        signal === undefined ? {} : { abortSignal: signal },
      );
      const { response } = answered as { readonly response: Answer };
      await readToEnd(response.body);
      const stored = readAnswer(response, plain.checksum);
      if (stored !== undefined) return stored;
    } catch {
      // Whatever it was, the SDK meets it as well and says it in its own words.
    }
    lanes.delete(Bucket);
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
        ...(port === '' ? {} : { port: Number(port) }),
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

interface Plain {
  /** As it stands in a path. */
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  /** CRC-32 of the body, in Base64. */
  readonly checksum: string;
}

/** Reads a put as key and headers; undefined when there is anything in it that only the SDK knows how to send. */
function readPlain(input: PutObjectCommandInput, body: Uint8Array): Plain | undefined {
  const { Bucket: _, Body: __, Key = '', ContentLength, Expires, Metadata = {}, ...rest } = input;
  const named: [string | undefined, unknown][] = Object.entries(rest).map(([field, value]) => [HEADERS[field], value]);
  for (const [name, value] of Object.entries(Metadata)) named.push([`x-amz-meta-${name.toLowerCase()}`, value]);
  if (Expires !== undefined) named.push(['expires', Expires.toUTCString()]);
  const headers: Record<string, string> = {};
  for (const [name, value] of named) {
    if (name === undefined || typeof value !== 'string' || !PLAIN.test(value)) return undefined;
    headers[name] = value;
  }
  const isWhole = ContentLength === body.byteLength && headers['expires'] !== 'Invalid Date';
  if (Key === '' || !isWhole) return undefined;
  const checksum = crcOf(body);
  headers['content-length'] = String(body.byteLength);
  headers['x-amz-checksum-crc32'] = checksum;
  return { key: encodeKey(Key), headers, checksum };
}

function crcOf(body: Uint8Array): string {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(crc32(body));
  return bytes.toString('base64');
}

/** AWS: everything but letters, digits, `-._~` and the slash is encoded, in upper case. */
function encodeKey(key: string): string {
  const encoded = encodeURIComponent(key).replaceAll('%2F', '/');
  return encoded.replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** `20261123T103218Z` */
function toAmzDate(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
}

interface ToSign {
  readonly lane: Lane;
  readonly plain: Plain;
  readonly sha256: string;
  readonly identity: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string | undefined;
  };
  readonly date: string;
}

/** Makes what signs puts by Signature Version 4. It keeps the last signing key, which serves a secret, a day and a Region. */
function createSign(): (put: ToSign) => SignedPut {
  let last: { readonly secret: string; readonly scope: string; readonly key: Buffer } | undefined;
  return ({ lane, plain, sha256, identity, date }) => {
    const { protocol, hostname, port, host, prefix, region, userAgent } = lane;
    const { accessKeyId, secretAccessKey: secret, sessionToken = '' } = identity;
    const scope = `${date.slice(0, 8)}/${region}/s3/aws4_request`;
    if (last?.secret !== secret || last.scope !== scope) last = { secret, scope, key: deriveKey(secret, scope) };
    const path = `${prefix}/${plain.key}`;
    const dated = { ...plain.headers, host, 'x-amz-content-sha256': sha256, 'x-amz-date': date };
    const signed = sessionToken === '' ? dated : { ...dated, 'x-amz-security-token': sessionToken };
    // The SDK does not sign this one either: a proxy may change it.
    const names = Object.keys(signed).filter((name) => name !== 'cache-control');
    const { list, digest } = digestOf(path, signed, names.sort());
    const signature = hmac(last.key, `AWS4-HMAC-SHA256\n${date}\n${scope}\n${digest}`).toString('hex');
    const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${list}, Signature=${signature}`;
    const headers = { ...signed, authorization, 'user-agent': userAgent };
    return { method: 'PUT', protocol, hostname, ...(port === undefined ? {} : { port }), path, query: {}, headers };
  };
}

/** A request as the SDK's transports take it, without its body. */
interface SignedPut extends Pick<Lane, 'protocol' | 'hostname' | 'port'> {
  readonly method: 'PUT';
  readonly path: string;
  readonly query: Readonly<Record<string, never>>;
  readonly headers: Readonly<Record<string, string>>;
}

function deriveKey(secret: string, scope: string): Buffer {
  return scope.split('/').reduce<Buffer>((key, part) => hmac(key, part), Buffer.from(`AWS4${secret}`));
}

/** The list of signed headers, and the digest of the canonical request that they are part of. */
function digestOf(
  path: string,
  headers: Readonly<Record<string, string>>,
  names: readonly string[],
): { readonly list: string; readonly digest: string } {
  const list = names.join(';');
  const lines = names.map((name) => `${name}:${headers[name]}\n`).join('');
  const canonical = `PUT\n${path}\n\n${lines}\n${list}\n${headers['x-amz-content-sha256']}`;
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

function readAnswer({ statusCode, headers }: Answer, checksum: string): FastAnswer | undefined {
  const { etag, 'x-amz-request-id': request, 'x-amz-checksum-crc32': named = checksum } = headers;
  if (statusCode !== 200 || etag === undefined || request === undefined) return undefined;
  return { etag: etag.replaceAll('"', ''), isIntact: named === checksum };
}

/** Reads what is left of an answer, so that its connection is free again; hangs up on one that is too long. */
async function readToEnd(body: Readable): Promise<void> {
  let size = 0;
  body.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > LONGEST_ANSWER) body.destroy(new Error('the answer to a put is too long'));
  });
  await finished(body);
}
