import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { Sha256 } from '@aws-crypto/sha256-js';
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutBucketEncryptionCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type AwsAccess, clientConfig } from '../../src/aws/access.js';
import { createFastPut, type PutRequest } from '../../src/aws/fast-put.js';
import { longBody, wholeOf } from '../../src/aws/long-body.js';
import type { ObjectToPut, Replaced } from '../../src/aws/s3.js';
import { toStored } from '../../src/aws/stored-headers.js';
import { createEmulator, type Emulator, serve } from '../../src/emulator/index.js';
import { targetOn } from '../../src/targets/local.js';

const BUCKET = 'fast-bucket';
const KEYS = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'example-secret' };
const BODY = Buffer.from('an image');
/** 2026-03-31T23:59:59Z */
const BEFORE_MIDNIGHT = Date.UTC(2026, 2, 31, 23, 59, 59);

function sha256Of(body: Uint8Array): string {
  return createHash('sha256').update(body).digest('hex');
}

/** Account that the local cloud's buckets belong to. */
const OWNER = '000000000000';

/** A plain put. */
function plain(object: Partial<ObjectToPut> = {}, replaced?: Replaced): PutRequest {
  const { body = BODY } = object;
  const image = {
    key: 'a.png',
    body,
    contentType: 'image/png',
    headers: {},
    sha256: body instanceof Uint8Array ? sha256Of(body) : body.sha256,
  };
  return { bucket: BUCKET, object: { ...image, ...object }, replaced };
}

/** The same put as the SDK takes it. */
function asInput({ bucket, object: { key, body, ...stored } }: PutRequest): PutObjectCommandInput {
  return { Bucket: bucket, Key: key, Body: wholeOf(body), ExpectedBucketOwner: OWNER, ...toStored(stored) };
}

function clientOf(config: S3ClientConfig): S3Client {
  const client = new S3Client(config);
  onTestFinished(() => client.destroy());
  return client;
}

/** A bucket in a new local cloud, and both ways to put into it; both know where it is. */
async function emulated(reach: (emulator: Emulator) => Promise<AwsAccess>, owner = OWNER) {
  const emulator = createEmulator();
  onTestFinished(() => emulator.close());
  const access = await reach(emulator);
  const client = clientOf({ ...clientConfig(access, 1), forcePathStyle: access.endpointUrl !== undefined });
  const put = createFastPut(client, owner);
  const location = { LocationConstraint: 'eu-west-1' } as const;
  await client.send(new CreateBucketCommand({ Bucket: BUCKET, CreateBucketConfiguration: location }));
  await client.send(new ListObjectsV2Command({ Bucket: BUCKET }));
  return {
    emulator,
    client,
    put,
    async stored(key: string) {
      const {
        Body,
        LastModified: _,
        $metadata: __,
        ...found
      } = await client.send(new GetObjectCommand({ ...keyed(key), ChecksumMode: 'ENABLED' }));
      return { ...found, body: Buffer.from((await Body?.transformToByteArray()) ?? []) };
    },
  };
}

function keyed(key: string) {
  return { Bucket: BUCKET, Key: key };
}

const inProcess = async (emulator: Emulator): Promise<AwsAccess> => targetOn(emulator, 'eu-west-1', 4566).access;

async function overHttp(emulator: Emulator): Promise<AwsAccess> {
  const { clock, credentials } = emulator;
  const served = await serve(emulator, { port: 0 });
  onTestFinished(() => served.close());
  return { region: 'eu-west-1', clock, credentials, endpointUrl: served.url };
}

describe('put() into the local cloud', () => {
  const STORED: ObjectToPut['headers'] = {
    'Cache-Control': 'public, max-age=3600',
    'Content-Disposition': 'inline; filename="a b.png"',
    'Content-Language': 'en, de',
    Expires: '2030-01-02T03:04:05.678Z',
    'x-amz-meta-title': 'Case, and a comma',
    'x-amz-meta-a': 'first',
  };

  test.each<[string, Partial<ObjectToPut>]>([
    ['a key as it is', {}],
    ['spaces and signs', { key: 'a b/+%20&?#;.png' }],
    ['signs that AWS encodes', { key: "!$()*,:=@~'.png" }],
    ['Unicode', { key: 'über/日本/🦋.png' }],
    ['slashes', { key: '/a//b/' }],
    ['dots', { key: 'a/../b/./c.png' }],
    ['headers and metadata', { headers: STORED }],
  ])('put() stores what the SDK stores: %s', async (_, object) => {
    const cloud = await emulated(inProcess);
    const request = plain(object);

    const bySdk = await cloud.client.send(new PutObjectCommand(asInput(request)));
    const expected = await cloud.stored(request.object.key);
    await cloud.client.send(new PutObjectCommand({ ...keyed(request.object.key), Body: 'another' }));
    const answer = await cloud.put(request);

    expect(answer).toEqual({ etag: bySdk.ETag?.replaceAll('"', ''), isIntact: true });
    expect(await cloud.stored(request.object.key)).toEqual(expected);
  });

  test('put() stores what the SDK stores through a socket and a path-style endpoint', async () => {
    const cloud = await emulated(overHttp);
    const request = plain({ headers: STORED, key: 'ü b/(1).png' });

    await cloud.client.send(new PutObjectCommand(asInput(request)));
    const expected = await cloud.stored('ü b/(1).png');
    await cloud.client.send(new PutObjectCommand({ ...keyed('ü b/(1).png'), Body: 'another' }));

    expect(await cloud.put(request)).toMatchObject({ isIntact: true });
    expect(await cloud.stored('ü b/(1).png')).toEqual(expected);
  });

  test.each([
    ['in one process', inProcess],
    ['through a socket', overHttp],
  ])('put() stores a body that comes in pieces as one that is whole, %s', async (_, way) => {
    const cloud = await emulated(way);
    const text = Array.from({ length: 40 }, (_piece, n) => Buffer.alloc(65_536, `line ${n}\n`));
    const body = longBody(() => text);
    const request = plain({ body });

    const bySdk = await cloud.client.send(new PutObjectCommand(asInput(request)));
    const expected = await cloud.stored('a.png');
    await cloud.client.send(new PutObjectCommand({ ...keyed('a.png'), Body: 'another' }));

    expect(await cloud.put(request)).toEqual({ etag: bySdk.ETag?.replaceAll('"', ''), isIntact: true });
    expect(await cloud.stored('a.png')).toEqual(expected);
  });

  test('put() answers the ETag of an object that KMS encrypts', async () => {
    const cloud = await emulated(inProcess);
    const rule = { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' as const } };
    const ServerSideEncryptionConfiguration = { Rules: [rule] };
    await cloud.client.send(new PutBucketEncryptionCommand({ Bucket: BUCKET, ServerSideEncryptionConfiguration }));

    const answer = await cloud.put(plain());

    const { ETag, ServerSideEncryption } = await cloud.stored('a.png');
    expect(answer).toEqual({ etag: ETag?.replaceAll('"', ''), isIntact: true });
    expect(ServerSideEncryption).toBe('aws:kms');
  });

  test('put() leaves an object alone that must not be there, and lets the SDK say so', async () => {
    const cloud = await emulated(inProcess);
    await cloud.client.send(new PutObjectCommand({ ...keyed('a.png'), Body: 'another' }));

    expect(await cloud.put(plain({}, 'nothing'))).toBeUndefined();

    expect((await cloud.stored('a.png')).body.toString()).toBe('another');
  });

  test('put() replaces the object that was seen, and no other', async () => {
    const cloud = await emulated(inProcess);
    const { ETag = '' } = await cloud.client.send(new PutObjectCommand({ ...keyed('a.png'), Body: 'another' }));

    expect(await cloud.put(plain({}, { etag: ETag.replaceAll('"', '') }))).toMatchObject({ isIntact: true });
    expect(await cloud.put(plain({}, { etag: ETag.replaceAll('"', '') }))).toBeUndefined();
  });

  test('put() stores nothing in a bucket of another account', async () => {
    const cloud = await emulated(inProcess, '111111111111');

    expect(await cloud.put(plain())).toBeUndefined();

    await expect(cloud.client.send(new HeadObjectCommand(keyed('a.png')))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 404 },
    });
  });

  test.each([
    ['the secret', { secretAccessKey: 'wrong' }],
    ['the key', { accessKeyId: 'AKIAWRONG' }],
    ['the session', { sessionToken: 'wrong' }],
  ])('put() stores nothing when %s is wrong', async (_, wrong) => {
    const cloud = await emulated(inProcess);
    const { credentials } = cloud.client.config;
    const right = await credentials();
    cloud.client.config.credentials = Object.assign(async () => ({ ...right, ...wrong }), credentials);

    expect(await cloud.put(plain())).toBeUndefined();

    cloud.client.config.credentials = credentials;
    await expect(cloud.client.send(new HeadObjectCommand(keyed('a.png')))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 404 },
    });
  });
});

interface Sent {
  readonly method: string;
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

const STORED_ANSWER = { etag: '"e1"', 'x-amz-request-id': 'R1' };

/** A client whose requests all succeed and go nowhere. */
function recorded(config: S3ClientConfig = {}) {
  const sent: Sent[] = [];
  const handler = {
    async handle(request: Sent) {
      sent.push(request);
      return { response: { statusCode: 200, headers: STORED_ANSWER, body: Readable.from([]) } };
    },
    destroy() {},
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
  };
  const requestHandler = handler as unknown as NonNullable<S3ClientConfig['requestHandler']>;
  const client = clientOf({ region: 'eu-west-1', credentials: KEYS, maxAttempts: 1, requestHandler, ...config });
  return { sent, client };
}

async function learn(client: S3Client, bucket = BUCKET): Promise<void> {
  await client.send(new HeadObjectCommand({ Bucket: bucket, Key: 'any' }));
}

/** Signs what was sent once more, by the SDK's own signer. */
async function signedBySdk({ headers, ...sent }: Sent, body: Uint8Array, keys = KEYS): Promise<string | undefined> {
  const { authorization: _, 'x-amz-date': date = '', ...unsigned } = headers;
  const signer = new SignatureV4({
    credentials: keys,
    region: 'eu-west-1',
    service: 's3',
    sha256: Sha256,
    uriEscapePath: false,
  });
  const ms = Date.parse(date.replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5'));
  const signed = await signer.sign({ ...sent, headers: unsigned, body }, { signingDate: new Date(ms) });
  return signed.headers['authorization'];
}

describe('put() on the wire', () => {
  test('put() signs as the SDK does, whatever the key, the body and the headers', async () => {
    const word = fc.stringMatching(/^[!-~]{1,20}( [!-~]{1,20})?$/);
    const given = fc.record({
      key: fc.string({ unit: 'grapheme', minLength: 1 }),
      body: fc.uint8Array(),
      cache: word,
      metadata: fc.dictionary(fc.stringMatching(/^[a-z0-9-]{1,10}$/), word, { maxKeys: 4 }),
      secretAccessKey: fc.string({ minLength: 1 }),
      sessionToken: fc.option(word, { nil: undefined }),
      replaced: fc.constantFrom<(Replaced | undefined)[]>(undefined, 'nothing', { etag: 'e0' }),
      ms: fc.integer({ min: 0, max: Date.UTC(2099, 0) }),
    });
    await fc.assert(
      fc.asyncProperty(given, async ({ key, body, cache, metadata, secretAccessKey, sessionToken, replaced, ms }) => {
        const keys = { ...KEYS, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
        const { sent, client } = recorded({ credentials: keys });
        const put = createFastPut(client, OWNER, () => ms);
        await learn(client);
        const meta = Object.entries(metadata).map(([name, value]) => [`x-amz-meta-${name}`, value]);
        const headers = { 'Cache-Control': cache, ...Object.fromEntries(meta) };

        await put(plain({ key, body, headers }, replaced));

        const [, request] = sent;
        if (request === undefined) throw new Error('nothing was sent');
        expect(request.headers['authorization']).toBe(await signedBySdk(request, body, keys));
        expect(request.headers['x-amz-security-token']).toBe(sessionToken);
        expect(Buffer.from(request.headers['x-amz-checksum-crc32'] ?? '', 'base64').readUInt32BE()).toBe(crc32(body));
        expect(decodeURIComponent(request.path)).toBe(`/${key}`);
      }),
      { numRuns: 200 },
    );
  });

  test('put() signs with the key of the day on both sides of midnight', async () => {
    const { sent, client } = recorded();
    let now = BEFORE_MIDNIGHT;
    const put = createFastPut(client, OWNER, () => now);
    await learn(client);

    await put(plain());
    now += 1_000;
    await put(plain());

    const [, before, after] = sent;
    if (before === undefined || after === undefined) throw new Error('nothing was sent');
    expect([before, after].map(({ headers }) => headers['x-amz-date'])).toEqual([
      '20260331T235959Z',
      '20260401T000000Z',
    ]);
    expect(before.headers['authorization']).toBe(await signedBySdk(before, BODY));
    expect(after.headers['authorization']).toBe(await signedBySdk(after, BODY));
    expect(after.headers['authorization']).toContain('/20260401/eu-west-1/s3/aws4_request');
  });

  test('put() signs by the clock of AWS, as far as the SDK knows it', async () => {
    const { sent, client } = recorded({ systemClockOffset: 5_000 });
    const put = createFastPut(client, OWNER, () => BEFORE_MIDNIGHT);
    await learn(client);

    await put(plain());

    expect(sent[1]?.headers['x-amz-date']).toBe('20260401T000004Z');
  });

  test.each<[string, S3ClientConfig, string, string]>([
    ['of its Region', {}, 'https://fast-bucket.s3.eu-west-1.amazonaws.com', 'eu-west-1'],
    ['in China', { region: 'cn-north-1' }, 'https://fast-bucket.s3.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
    ['in path style', { forcePathStyle: true }, 'https://s3.eu-west-1.amazonaws.com/fast-bucket', 'eu-west-1'],
    ['of FIPS', { useFipsEndpoint: true }, 'https://fast-bucket.s3-fips.eu-west-1.amazonaws.com', 'eu-west-1'],
    [
      'of acceleration',
      { useAccelerateEndpoint: true },
      'https://fast-bucket.s3-accelerate.amazonaws.com',
      'eu-west-1',
    ],
    [
      'that was given',
      { endpoint: 'http://[::1]:9000/p', forcePathStyle: true },
      'http://[::1]:9000/p/fast-bucket',
      'eu-west-1',
    ],
  ])('put() goes to the endpoint %s', async (_, config, url, region) => {
    const { sent, client } = recorded(config);
    const put = createFastPut(client, OWNER);
    await learn(client);

    expect(await put(plain())).toEqual({ etag: 'e1', isIntact: true });

    const [bySdk, request] = sent;
    if (bySdk === undefined || request === undefined) throw new Error('nothing was sent');
    const { protocol, hostname, port, headers, path } = request;
    expect(`${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}`).toBe(`${url}/a.png`);
    expect([hostname, port]).toEqual([bySdk.hostname, bySdk.port]);
    expect(headers['host']).toBe(bySdk.headers['host']);
    expect(headers['user-agent']).toBe(bySdk.headers['user-agent']);
    expect(headers['authorization']).toContain(`/${region}/s3/aws4_request`);
  });

  test.each<[string, Partial<PutRequest>, Partial<ObjectToPut>]>([
    ['no digest', {}, { sha256: '' }],
    ['a digest that is none', {}, { sha256: 'abc' }],
    ['a bucket nothing is known of', { bucket: 'other-bucket' }, {}],
    ['no key', {}, { key: '' }],
    ['half a character in the key', {}, { key: 'a\ud800' }],
    ['a header of another feature', {}, { headers: { 'x-amz-storage-class': 'GLACIER' } }],
    ['a header beyond ASCII', {}, { headers: { 'Content-Disposition': 'inline; filename="ü"' } }],
    ['metadata beyond ASCII', {}, { headers: { 'x-amz-meta-title': 'über' } }],
    ['metadata with a capital in its name', {}, { headers: { 'x-amz-meta-Title': 'a' } }],
    ['a header with wide gaps', {}, { headers: { 'Cache-Control': 'a,  b' } }],
    ['a header with space around', {}, { headers: { 'Cache-Control': ' a' } }],
    ['a header of two lines', {}, { headers: { 'Cache-Control': 'a\r\nx-amz-acl: public-read' } }],
    ['an empty header', {}, { headers: { 'Content-Language': '' } }],
    ['a type of two lines', {}, { contentType: 'image/png\r\nx-amz-acl: public-read' }],
    ['a date that is none', {}, { headers: { Expires: 'soon' } }],
  ])('put() leaves to the SDK what has %s', async (_, request, object) => {
    const { sent, client } = recorded();
    const put = createFastPut(client, OWNER);
    await learn(client);

    expect(await put({ ...plain(object), ...request })).toBeUndefined();

    expect(sent.map(({ method }) => method)).toEqual(['HEAD']);
  });

  test.each<[string, S3ClientConfig, string]>([
    ['of S3 Express', { disableS3ExpressSessionAuth: false }, 'fast--euw1-az1--x-s3'],
    ['of a store without newer checksums', { requestChecksumCalculation: 'WHEN_REQUIRED' }, BUCKET],
  ])('put() leaves buckets %s to the SDK', async (_, config, bucket) => {
    const { sent, client } = recorded(config);
    const put = createFastPut(client, OWNER);
    await learn(client, bucket).catch(() => undefined);
    const before = sent.length;

    expect(await put({ ...plain(), bucket })).toBeUndefined();

    expect(sent).toHaveLength(before);
  });
});

type Answerer = (request: IncomingMessage, response: ServerResponse) => void;

/** A store that answers a put as told, and everything else well. */
async function store(answer: Answerer, config: S3ClientConfig['requestHandler'] = {}) {
  const puts: string[] = [];
  const server = createServer((request, response) => {
    request.resume();
    request.once('end', () => {
      if (request.method !== 'PUT') return response.writeHead(200, STORED_ANSWER).end();
      puts.push(request.url ?? '');
      answer(request, response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = clientOf({
    ...clientConfig({ region: 'eu-west-1', credentials: KEYS, endpointUrl: endpoint, clock: STOPPED }, 1),
    forcePathStyle: true,
    requestHandler: config,
  });
  const put = createFastPut(client, OWNER);
  await learn(client);
  return { client, put, puts };
}

const STOPPED = { now: () => 0, sleep: () => Promise.resolve() };

describe('put() and bad answers', () => {
  const ANSWERS: readonly [string, Answerer][] = [
    ['500', (_, to) => to.writeHead(500, STORED_ANSWER).end('<Error><Code>InternalError</Code></Error>')],
    ['503 of something that is not S3', (_, to) => to.writeHead(503).end('<html>')],
    ['a redirect', (_, to) => to.writeHead(307, { ...STORED_ANSWER, location: 'http://127.0.0.1:1/' }).end()],
    ['204', (_, to) => to.writeHead(204, STORED_ANSWER).end()],
    ['no ETag', (_, to) => to.writeHead(200, { 'x-amz-request-id': 'R1' }).end()],
    ['no request id, as from a login page', (_, to) => to.writeHead(200, { etag: '"e1"' }).end('<html>')],
    [
      'half an answer',
      (_, to) => to.writeHead(200, { ...STORED_ANSWER, 'content-length': 9 }).write('a', () => to.destroy()),
    ],
    ['half a head', (_, to) => to.socket?.end('HTTP/1.1 200 OK\r\netag: "e1"\r\nx-amz-req')],
    ['a hang-up', (request) => request.socket.destroy()],
    [
      'an answer without an end',
      (_, to) =>
        Readable.from(endless())
          .on('error', () => to.destroy())
          .pipe(to.writeHead(200, STORED_ANSWER)),
    ],
  ];

  test.each(ANSWERS)('put() takes it for no success: %s', async (_, answer) => {
    const { put, puts } = await store(answer);

    expect(await put(plain())).toBeUndefined();

    expect(puts).toEqual(['/fast-bucket/a.png']);
  });

  test('put() leaves a bucket to the SDK after a failure, until the SDK gets through', async () => {
    let status = 500;
    const { client, put, puts } = await store((_, to) => to.writeHead(status, STORED_ANSWER).end());

    await put(plain({ key: 'fails' }));
    status = 200;
    expect(await put(plain({ key: 'left' }))).toBeUndefined();
    await client.send(new PutObjectCommand({ ...keyed('by-sdk'), Body: BODY }));
    expect(await put(plain({ key: 'fast' }))).toEqual({ etag: 'e1', isIntact: true });

    expect(puts).toEqual(['/fast-bucket/fails', '/fast-bucket/by-sdk?x-id=PutObject', '/fast-bucket/fast']);
  });

  test.each([429, 503])('put() says of %i that S3 asks for less, and goes on', async (status) => {
    let answers = 0;
    const { put, puts } = await store((_, to) => to.writeHead(answers++ === 0 ? status : 200, STORED_ANSWER).end());

    expect(await put(plain({ key: 'refused' }))).toBe('slow');
    expect(await put(plain({ key: 'refused' }))).toEqual({ etag: 'e1', isIntact: true });

    expect(puts).toEqual(['/fast-bucket/refused', '/fast-bucket/refused']);
  });

  test.each([200, 500, 503])('put() gives its connection back after %i', async (first) => {
    const ports: (number | undefined)[] = [];
    const { client, put } = await store(({ socket }, to) => {
      ports.push(socket.remotePort);
      to.writeHead(ports.length === 1 ? first : 200, STORED_ANSWER).end('<Error/>');
    });
    const bySdk = () => client.send(new PutObjectCommand({ ...keyed('a.png'), Body: BODY }));
    const fast = () => put(plain());

    for (const call of [fast, bySdk, fast]) {
      await call();
      // Node frees a connection one turn after its answer has ended.
      await setImmediate();
    }

    expect(ports).toHaveLength(3);
    expect(new Set(ports).size).toBe(1);
  });

  test.each([
    ['the same', crcOf(BODY), true],
    ['another', crcOf(Buffer.from('another')), false],
  ])('put() tells whether S3 names the checksum of what was sent: %s', async (_, checksum, isIntact) => {
    const headers = { ...STORED_ANSWER, 'x-amz-checksum-crc32': checksum };
    const { put } = await store((_request, to) => to.writeHead(200, headers).end());

    expect(await put(plain())).toEqual({ etag: 'e1', isIntact });
  });

  test('put() ends when the time-out of the client is over', async () => {
    const { put, puts } = await store(() => {}, { requestTimeout: 50, throwOnRequestTimeout: true });

    expect(await put(plain())).toBeUndefined();

    expect(puts).toHaveLength(1);
  });

  test('put() ends when the pieces of a body fail on their way', async () => {
    const { put } = await store(({ method }, to) => void (method === 'HEAD' && to.end()));
    let passes = 0;
    const body = longBody(function* () {
      passes += 1;
      yield Buffer.alloc(100_000);
      if (passes > 1) throw new Error('there is no more');
    });

    expect(await put(plain({ body }))).toBeUndefined();
  });

  test('put() ends when it is told to', async () => {
    const ending = new AbortController();
    const { put, puts } = await store(() => ending.abort());

    expect(await put({ ...plain(), signal: ending.signal })).toBeUndefined();

    expect(puts).toHaveLength(1);
  });
});

function crcOf(body: Uint8Array): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(body));
  return bytes.toString('base64');
}

function* endless() {
  for (;;) yield Buffer.alloc(16_384);
}
