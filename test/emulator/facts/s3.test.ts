import {
  CreateBucketCommand,
  DeleteObjectCommand,
  HeadBucketCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { headersOf, newS3World, refusalOf, rootOf, type S3World, textOf } from '../s3/s3-world.js';

const Bucket = 'pics';

/** A world with one object of ten bytes, last modified at 12:00:00; it is one hour later now. */
async function worldWithObject(): Promise<S3World> {
  const world = newS3World();
  await world.s3.send(new CreateBucketCommand({ Bucket }));
  await world.s3.send(new PutObjectCommand({ Bucket, Key: 'ten', Body: '0123456789' }));
  world.nowMs += 3_600_000;
  return world;
}

const BEFORE = 'Sun, 01 Mar 2026 11:59:59 GMT';

describe('errors of reads (LocalStack, recorded tests of S3)', () => {
  it.each([
    ['/pics/missing', {}, 404, 'NoSuchKey'],
    ['/nowhere/ten', {}, 404, 'NoSuchBucket'],
    ['/pics/ten', { 'if-match': '"other"' }, 412, 'PreconditionFailed'],
    ['/pics/ten', { 'if-unmodified-since': BEFORE }, 412, 'PreconditionFailed'],
    ['/pics/ten', { range: 'bytes=100-200' }, 416, 'InvalidRange'],
  ])(
    'GET %s with %j is chunked XML that ends in two ids, and HEAD is its status only',
    async (path, headers, status, code) => {
      const world = await worldWithObject();

      const got = world.raw({ method: 'GET', path, headers });
      const head = world.raw({ method: 'HEAD', path, headers });

      const sent = headersOf(got);
      expect([got.status, head.status, head.body.byteLength]).toEqual([status, status, 0]);
      expect([sent['content-type'], sent['transfer-encoding'], sent['content-length']]).toEqual([
        'application/xml',
        'chunked',
        undefined,
      ]);
      expect(textOf(got)).toMatch(
        new RegExp(
          `^<\\?xml version="1.0" encoding="UTF-8"\\?>\\n<Error><Code>${code}</Code><Message>[^<]+</Message>.*<RequestId>\\w+</RequestId><HostId>[\\w+/=]+</HostId></Error>$`,
        ),
      );
    },
  );

  it.each([
    [{ 'if-match': '"other"' }, 'If-Match'],
    [{ 'if-unmodified-since': BEFORE }, 'If-Unmodified-Since'],
  ])('a read with %j names the condition %s', async (headers, condition) => {
    const world = await worldWithObject();

    expect(textOf(world.raw({ method: 'GET', path: '/pics/ten', headers }))).toContain(
      `<Code>PreconditionFailed</Code><Message>At least one of the pre-conditions you specified did not hold</Message><Condition>${condition}</Condition>`,
    );
  });

  it.each([
    ['Sun, 01 Mar 2026 12:00:00 GMT', 304],
    ['Sun, 01 Mar 2026 12:30:00 GMT', 304],
    ['Sun, 01 Mar 2026 13:30:00 GMT', 200],
    [BEFORE, 200],
  ])('If-Modified-Since %s, of an object of 12:00 read at 13:00, is a %i', async (since, status) => {
    const world = await worldWithObject();

    const answer = world.raw({ method: 'GET', path: '/pics/ten', headers: { 'if-modified-since': since } });

    expect([answer.status, answer.body.byteLength]).toEqual([status, status === 304 ? 0 : 10]);
  });
});

describe('buckets (LocalStack, recorded tests of S3)', () => {
  it("HeadBucket of somebody else's bucket is a 403 without a body", async () => {
    const world = await worldWithObject();
    world.caller = rootOf('999988887777');
    world.authorize = ({ caller, resourceAccount }) =>
      caller.accountId === resourceAccount ? 'allowed' : 'implicit-deny';

    const answer = world.raw({ method: 'HEAD', path: '/pics' });

    expect([answer.status, answer.body.byteLength]).toEqual([403, 0]);
  });

  it('HeadBucket tells Region and ARN in headers', async () => {
    const world = await worldWithObject();

    const { $metadata } = await world.s3.send(new HeadBucketCommand({ Bucket }));

    const headers = headersOf(world.raw({ method: 'HEAD', path: '/pics' }));
    expect($metadata.httpStatusCode).toBe(200);
    expect([headers['x-amz-bucket-region'], headers['x-amz-bucket-arn']]).toEqual(['us-east-1', 'arn:aws:s3:::pics']);
  });

  it('DeleteBucket of a versioned bucket with an object says to delete all versions', async () => {
    const world = await worldWithObject();
    const VersioningConfiguration = { Status: 'Enabled' } as const;
    await world.s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
    await world.s3.send(new DeleteObjectCommand({ Bucket, Key: 'ten' }));

    const answer = world.raw({ method: 'DELETE', path: '/pics' });

    expect([answer.status, textOf(answer)]).toEqual([
      409,
      expect.stringContaining(
        '<Code>BucketNotEmpty</Code><Message>The bucket you tried to delete is not empty. You must delete all versions in the bucket.</Message>',
      ),
    ]);
  });

  it('PutObject with If-None-Match * over an object is refused with that condition', async () => {
    const world = await worldWithObject();

    const refusal = await refusalOf(
      world.s3.send(new PutObjectCommand({ Bucket, Key: 'ten', Body: 'x', IfNoneMatch: '*' })),
    );

    expect(refusal).toEqual({
      name: 'PreconditionFailed',
      status: 412,
      message: 'At least one of the pre-conditions you specified did not hold',
    });
    expect(textOf(world.raw({ method: 'GET', path: '/pics/ten' }))).toBe('0123456789');
  });

  it.each([
    ['file%2Fname', 'file/name'],
    ['test%25123', 'test%123'],
    ['test%20key/', 'test key/'],
    ['test%40key/', 'test@key/'],
    ['test%2540key/', 'test%40key/'],
    ['a/%F0%9F%98%80/', 'a/😀/'],
  ])('the path %s is the key %s (recorded: test_url_encoded_key)', async (path, key) => {
    const world = await worldWithObject();

    world.raw({ method: 'PUT', path: `/pics/${path}`, body: Buffer.from('x') });

    expect(textOf(world.raw({ method: 'GET', path: '/pics', query: 'list-type=2' }))).toContain(`<Key>${key}</Key>`);
  });
});
