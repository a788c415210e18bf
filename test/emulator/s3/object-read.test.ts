import {
  CopyObjectCommand,
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import type { WireResponse } from '../../../src/emulator/operation.js';
import { ANONYMOUS, headersOf, newS3World, refusalOf, type S3World, textOf } from './s3-world.js';

const Bucket = 'pics';
const ETAG = '781e5e245d69b566979b86e28d23f2c7';

/** A world with one object of ten bytes, last modified at 12:00:00; it is one hour later now. */
async function worldWithObject(): Promise<S3World> {
  const world = newS3World();
  await world.s3.send(new CreateBucketCommand({ Bucket }));
  await world.s3.send(new PutObjectCommand({ Bucket, Key: 'ten', Body: '0123456789', ContentType: 'image/png' }));
  world.nowMs += 3_600_000;
  return world;
}

function read(world: S3World, headers: Record<string, string>, method = 'GET', path = '/pics/ten'): WireResponse {
  return world.raw({ method, path, headers });
}

describe('GetObject', () => {
  it('GetObject answers with the headers S3 answers with', async () => {
    const world = await worldWithObject();
    await world.s3.send(
      new PutObjectCommand({
        Bucket,
        Key: 'dressed',
        Body: 'x',
        CacheControl: 'max-age=60',
        ContentDisposition: 'inline; filename="a b.png"',
        ContentEncoding: 'identity',
        ContentLanguage: 'de',
        ContentType: 'image/webp',
        Expires: new Date('2030-01-01T00:00:00Z'),
        Metadata: { Author: 'Ann', sha256: 'abc' },
      }),
    );

    const answer = read(world, {}, 'GET', '/pics/dressed');

    const { 'x-amz-id-2': hostId, 'x-amz-request-id': requestId, ...headers } = headersOf(answer);
    expect(answer.status).toBe(200);
    expect(hostId).toMatch(/^[\w+/]{75}=$/);
    expect(requestId).toMatch(/^[A-Z0-9]{16}$/);
    expect(headers).toEqual({
      'accept-ranges': 'bytes',
      'cache-control': 'max-age=60',
      'content-disposition': 'inline; filename="a b.png"',
      'content-encoding': 'identity',
      'content-language': 'de',
      'content-length': '1',
      'content-type': 'image/webp',
      date: 'Sun, 01 Mar 2026 13:00:00 GMT',
      etag: '"9dd4e461268c8034f5c8564e155c67a6"',
      expires: 'Tue, 01 Jan 2030 00:00:00 GMT',
      'last-modified': 'Sun, 01 Mar 2026 13:00:00 GMT',
      server: 'AmazonS3',
      'x-amz-meta-author': 'Ann',
      'x-amz-meta-sha256': 'abc',
      'x-amz-server-side-encryption': 'AES256',
    });
  });

  it('GetObject answers binary/octet-stream for an object stored without a type', async () => {
    const world = await worldWithObject();
    world.raw({ method: 'PUT', path: '/pics/bare', body: Buffer.from('x') });

    const answer = read(world, {}, 'GET', '/pics/bare');

    expect(headersOf(answer)['content-type']).toBe('binary/octet-stream');
  });

  it('GetObject of a missing key is a NoSuchKey in S3’s XML for whoever may list', async () => {
    const world = await worldWithObject();

    const answer = read(world, {}, 'GET', '/pics/a%20%26%20b');

    expect([answer.status, headersOf(answer)['content-type']]).toEqual([404, 'application/xml']);
    expect(textOf(answer)).toMatch(
      /^<\?xml version="1.0" encoding="UTF-8"\?>\n<Error><Code>NoSuchKey<\/Code><Message>The specified key does not exist.<\/Message><Key>a &amp; b<\/Key><RequestId>[A-Z0-9]{16}<\/RequestId><HostId>[\w+/=]+<\/HostId><\/Error>$/,
    );
  });

  it('GetObject of a missing key is AccessDenied for whoever may not list', async () => {
    const world = await worldWithObject();
    world.authorize = ({ action }) => (action === 's3:GetObject' ? 'allowed' : 'implicit-deny');

    const missing = read(world, {}, 'GET', '/pics/missing');
    const there = read(world, {});

    expect([missing.status, textOf(missing)]).toEqual([
      403,
      expect.stringContaining('<Error><Code>AccessDenied</Code><Message>Access Denied</Message><RequestId>'),
    ]);
    expect(there.status).toBe(200);
  });

  it('GetObject in a missing bucket is a NoSuchBucket', async () => {
    const refusal = await refusalOf(newS3World().s3.send(new GetObjectCommand({ Bucket: 'nowhere', Key: 'a' })));

    expect(refusal).toEqual({ name: 'NoSuchBucket', status: 404, message: 'The specified bucket does not exist' });
  });

  it.each([
    ['bytes=0-8', 'bytes 0-8/10', '012345678'],
    ['bytes=1-', 'bytes 1-9/10', '123456789'],
    ['bytes=-2', 'bytes 8-9/10', '89'],
    ['bytes=0-100', 'bytes 0-9/10', '0123456789'],
    ['bytes=-15', 'bytes 0-9/10', '0123456789'],
    ['bytes=9-9', 'bytes 9-9/10', '9'],
  ])('GetObject of %s is a 206', async (range, contentRange, body) => {
    const world = await worldWithObject();

    const answer = read(world, { range });

    const headers = headersOf(answer);
    expect([answer.status, headers['content-range'], headers['content-length'], textOf(answer)]).toEqual([
      206,
      contentRange,
      String(body.length),
      body,
    ]);
  });

  it.each(['bytes=1-0', 'bytes=-1-', 'bytes=0--1', 'bytes=-', 'bytes=0-1,3-4', 'bytes', 'items=0-1', 'bytes=a-b', ''])(
    'GetObject of the range "%s" is the whole object',
    async (range) => {
      const world = await worldWithObject();

      const answer = read(world, { range });

      expect([answer.status, headersOf(answer)['content-range'], textOf(answer)]).toEqual([
        200,
        undefined,
        '0123456789',
      ]);
    },
  );

  it.each(['bytes=-0', 'bytes=100-200', 'bytes=10-'])('GetObject of the range %s is a 416', async (range) => {
    const world = await worldWithObject();

    const answer = read(world, { range });

    expect(answer.status).toBe(416);
    expect(textOf(answer)).toContain(
      `<Code>InvalidRange</Code><Message>The requested range is not satisfiable</Message><RangeRequested>${range}</RangeRequested><ActualObjectSize>10</ActualObjectSize>`,
    );
  });

  const BEFORE = 'Sun, 01 Mar 2026 11:59:59 GMT';
  const SAME = 'Sun, 01 Mar 2026 12:00:00 GMT';
  const FUTURE = 'Mon, 01 Mar 2027 12:00:00 GMT';
  it.each([
    [{ 'if-none-match': `"${ETAG}"` }, 304],
    [{ 'if-none-match': ETAG }, 304],
    [{ 'if-none-match': '*' }, 304],
    [{ 'if-none-match': '"other"' }, 200],
    [{ 'if-modified-since': SAME }, 304],
    [{ 'if-modified-since': BEFORE }, 200],
    [{ 'if-modified-since': FUTURE }, 200],
    [{ 'if-modified-since': 'yesterday' }, 200],
    [{ 'if-match': `"${ETAG}"` }, 200],
    [{ 'if-match': ETAG }, 200],
    [{ 'if-match': '"other"' }, 412],
    [{ 'if-unmodified-since': SAME }, 200],
    [{ 'if-unmodified-since': BEFORE }, 412],
    [{ 'if-unmodified-since': 'yesterday' }, 200],
    [{ 'if-match': ETAG, 'if-unmodified-since': BEFORE }, 200],
    [{ 'if-none-match': '"other"', 'if-modified-since': SAME }, 200],
    [{ 'if-none-match': ETAG, 'if-modified-since': BEFORE }, 304],
    [{ 'if-match': '"other"', 'if-none-match': ETAG }, 412],
  ])('GetObject and HeadObject with %j answer %i', async (headers, status) => {
    const world = await worldWithObject();

    const got = read(world, headers);
    const head = read(world, headers, 'HEAD');

    expect([got.status, head.status, head.body.length]).toEqual([status, status, 0]);
    expect(got.body.length === 0).toBe(status === 304);
  });

  it('GetObject names the condition that did not hold', async () => {
    const world = await worldWithObject();

    const answer = read(world, { 'if-match': '"other"' });

    expect(textOf(answer)).toContain(
      '<Code>PreconditionFailed</Code><Message>At least one of the pre-conditions you specified did not hold</Message><Condition>If-Match</Condition>',
    );
  });

  it('GetObject keeps the tag and the date in a 304, and nothing about a body', async () => {
    const world = await worldWithObject();

    const headers = headersOf(read(world, { 'if-none-match': ETAG }));

    expect(headers).toMatchObject({ etag: `"${ETAG}"`, 'last-modified': SAME });
    expect(Object.keys(headers).filter((name) => name.startsWith('content-'))).toEqual([]);
  });

  it('GetObject answers with other headers when a signed request asks for them', async () => {
    const { s3 } = await worldWithObject();

    const got = await s3.send(
      new GetObjectCommand({
        Bucket,
        Key: 'ten',
        ResponseContentType: 'text/plain',
        ResponseCacheControl: 'no-store',
        ResponseContentDisposition: 'attachment',
      }),
    );

    expect(got).toMatchObject({
      ContentType: 'text/plain',
      CacheControl: 'no-store',
      ContentDisposition: 'attachment',
    });
  });

  it('GetObject refuses other headers to an unsigned request', async () => {
    const world = await worldWithObject();
    world.caller = ANONYMOUS;

    const answer = world.raw({ method: 'GET', path: '/pics/ten', query: 'response-content-type=text/html' });

    expect([answer.status, textOf(answer)]).toEqual([400, expect.stringContaining('<Code>InvalidRequest</Code>')]);
  });

  it('GetObject tells the checksum only when asked, and never for a part', async () => {
    const world = await worldWithObject();
    const mode = { 'x-amz-checksum-mode': 'ENABLED' };

    const plain = headersOf(read(world, {}));
    const asked = headersOf(read(world, mode));
    const part = headersOf(read(world, { ...mode, range: 'bytes=0-1' }));

    const checksum = { 'x-amz-checksum-crc32': 'poTHxg==', 'x-amz-checksum-type': 'FULL_OBJECT' };
    expect(asked).toMatchObject(checksum);
    expect([plain, part].map((headers) => headers['x-amz-checksum-crc32'])).toEqual([undefined, undefined]);
  });

  it('GetObject refuses an archived object, and HeadObject tells its class', async () => {
    const { s3 } = await worldWithObject();
    await s3.send(new PutObjectCommand({ Bucket, Key: 'cold', Body: 'x', StorageClass: 'GLACIER' }));

    const refusal = await refusalOf(s3.send(new GetObjectCommand({ Bucket, Key: 'cold' })));
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'cold' }));

    expect(refusal).toMatchObject({ name: 'InvalidObjectState', status: 403 });
    expect(head.StorageClass).toBe('GLACIER');
  });

  it('GetObject gives twelve million bytes back as they were', async () => {
    const { s3 } = await worldWithObject();
    const Body = Buffer.alloc(12_000_000, 'pixels');

    await s3.send(new PutObjectCommand({ Bucket, Key: 'big', Body }));

    const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'big' }));
    expect(Body.equals((await got.Body?.transformToByteArray()) ?? new Uint8Array())).toBe(true);
  });

  it('GetObject gives an empty object back, and no range of it', async () => {
    const world = await worldWithObject();
    world.raw({ method: 'PUT', path: '/pics/empty' });

    const whole = read(world, {}, 'GET', '/pics/empty');
    const range = read(world, { range: 'bytes=0-1' }, 'GET', '/pics/empty');

    expect([whole.status, headersOf(whole)['content-length'], range.status]).toEqual([200, '0', 416]);
  });
});

describe('HeadObject', () => {
  it('HeadObject has the headers of GetObject and no body', async () => {
    const world = await worldWithObject();

    const head = read(world, {}, 'HEAD');

    expect(head.body.length).toBe(0);
    expect(headersOf(head)).toMatchObject({ 'content-length': '10', etag: `"${ETAG}"`, 'content-type': 'image/png' });
  });

  it.each([
    ['/pics/missing', {}, 404],
    ['/nowhere/ten', {}, 404],
    ['/pics/ten', { range: 'bytes=100-200' }, 416],
  ])('HeadObject of %s with %j is an error without a body', async (path, headers, status) => {
    const world = await worldWithObject();

    const answer = read(world, headers, 'HEAD', path);

    expect([answer.status, answer.body.length]).toEqual([status, 0]);
  });
});

describe('CopyObject', () => {
  it('CopyObject onto itself with REPLACE changes the headers and not the bytes', async () => {
    const world = await worldWithObject();

    const copied = await world.s3.send(
      new CopyObjectCommand({
        Bucket,
        Key: 'ten',
        CopySource: `${Bucket}/ten`,
        MetadataDirective: 'REPLACE',
        ContentType: 'image/avif',
        CacheControl: 'no-cache',
        Metadata: { a: 'b' },
      }),
    );

    const got = await world.s3.send(new GetObjectCommand({ Bucket, Key: 'ten' }));
    expect(copied.CopyObjectResult?.ETag).toBe(`"${ETAG}"`);
    expect(got).toMatchObject({ ContentType: 'image/avif', CacheControl: 'no-cache', Metadata: { a: 'b' } });
    expect(await got.Body?.transformToString()).toBe('0123456789');
    expect(got.LastModified?.getTime()).toBe(Math.floor(world.nowMs / 1000) * 1000);
  });

  it.each([
    ['what is there', 'ten', { IfMatch: `"${ETAG}"` }, 'copied'],
    ['what is no longer there', 'ten', { IfMatch: '"other"' }, 'PreconditionFailed'],
    ['something where nothing is', 'none', { IfMatch: `"${ETAG}"` }, 'NoSuchKey'],
    ['nothing where something is', 'ten', { IfNoneMatch: '*' }, 'PreconditionFailed'],
    ['nothing where nothing is', 'none', { IfNoneMatch: '*' }, 'copied'],
  ])('CopyObject replaces %s', async (_, Key, condition, outcome) => {
    const { s3 } = await worldWithObject();
    const source = { CopySource: `${Bucket}/ten`, MetadataDirective: 'REPLACE' as const, ContentType: 'image/avif' };

    const copied = s3.send(new CopyObjectCommand({ Bucket, Key, ...source, ...condition })).then(() => 'copied');

    expect(await copied.catch(({ name }: Error) => name)).toBe(outcome);
  });

  it('CopyObject onto itself without a change is refused', async () => {
    const { s3 } = await worldWithObject();

    const refusal = await refusalOf(
      s3.send(new CopyObjectCommand({ Bucket, Key: 'ten', CopySource: `/${Bucket}/ten` })),
    );

    expect(refusal).toMatchObject({ name: 'InvalidRequest', status: 400 });
  });

  it('CopyObject takes headers and tags along, to keys that need decoding', async () => {
    const { s3 } = await worldWithObject();
    await s3.send(
      new PutObjectCommand({ Bucket, Key: 'ü +%/x', Body: 'y', ContentType: 'image/gif', Tagging: 'a=b%20c' }),
    );

    await s3.send(
      new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: `${Bucket}/${encodeURIComponent('ü +%/x')}` }),
    );

    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'copy' }));
    expect(head).toMatchObject({ ContentType: 'image/gif', ContentLength: 1, TagCount: 1 });
  });

  it.each([
    [{ CopySourceIfMatch: '"other"' }, 412],
    [{ CopySourceIfNoneMatch: ETAG }, 412],
    [{ CopySourceIfMatch: ETAG }, 200],
  ])('CopyObject with %j answers %i', async (condition, status) => {
    const { s3 } = await worldWithObject();
    const copy = s3.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: `${Bucket}/ten`, ...condition }));

    const [outcome] = await Promise.allSettled([copy]);

    const answered = outcome.status === 'fulfilled' ? outcome.value : outcome.reason;
    expect(answered.$metadata.httpStatusCode).toBe(status);
  });

  it('CopyObject needs the right to read the source', async () => {
    const world = await worldWithObject();
    world.authorize = ({ action }) => (action === 's3:PutObject' ? 'allowed' : 'implicit-deny');

    const refusal = await refusalOf(
      world.s3.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: `${Bucket}/ten` })),
    );

    expect(refusal).toMatchObject({ name: 'AccessDenied', status: 403 });
  });
});
