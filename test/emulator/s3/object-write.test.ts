import {
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { headersOf, newS3World, refusalOf, type S3World, textOf } from './s3-world.js';

const Bucket = 'pics';

async function worldWithBucket(): Promise<S3World> {
  const world = newS3World();
  await world.s3.send(new CreateBucketCommand({ Bucket }));
  return world;
}

describe('PutObject', () => {
  it('PutObject answers the MD5 as the ETag, the client’s checksum and the encryption', async () => {
    const { s3 } = await worldWithBucket();

    const put = await s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: '0123456789' }));

    expect(put).toMatchObject({
      ETag: '"781e5e245d69b566979b86e28d23f2c7"',
      ChecksumCRC32: 'poTHxg==',
      ChecksumType: 'FULL_OBJECT',
      ServerSideEncryption: 'AES256',
    });
    expect(put.VersionId).toBeUndefined();
  });

  it.each([
    ['crc32', 'y/Q5Jg=='],
    ['crc32c', '4waSgw=='],
    ['crc64nvme', 'rosUhgp5mIg='],
    ['sha1', '98O8HYCOBHMq32eZZczDTKeuNEE='],
    ['sha256', 'FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU='],
    ['md5', 'JfnnlDI7RTiF9RgfG2JNCw=='],
  ])('PutObject keeps a right %s, and gives it back', async (algorithm, value) => {
    const world = await worldWithBucket();
    const header = `x-amz-checksum-${algorithm}`;
    const body = Buffer.from('123456789');

    const put = world.raw({ method: 'PUT', path: '/pics/a', headers: { [header]: value }, body });

    const head = world.raw({ method: 'HEAD', path: '/pics/a', headers: { 'x-amz-checksum-mode': 'ENABLED' } });
    expect([put.status, headersOf(put)[header], headersOf(head)[header]]).toEqual([200, value, value]);
  });

  it('PutObject without a checksum is given a CRC64NVME', async () => {
    const world = await worldWithBucket();

    const put = world.raw({ method: 'PUT', path: '/pics/a', body: Buffer.from('123456789') });

    expect(headersOf(put)['x-amz-checksum-crc64nvme']).toBe('rosUhgp5mIg=');
  });

  it('PutObject whose checksum came in a trailer is given that checksum', async () => {
    const world = await worldWithBucket();
    const headers = {
      'x-amz-trailer': 'x-amz-checksum-crc32',
      'x-amz-sdk-checksum-algorithm': 'CRC32',
      'content-encoding': 'gzip, aws-chunked',
    };

    const put = world.raw({ method: 'PUT', path: '/pics/a', headers, body: Buffer.from('123456789') });

    expect(headersOf(put)['x-amz-checksum-crc32']).toBe('y/Q5Jg==');
    expect(headersOf(world.raw({ method: 'HEAD', path: '/pics/a' }))['content-encoding']).toBe('gzip');
  });

  it.each([
    [{ 'content-md5': 'bm90IGFuIG1kNQ==' }, 'InvalidDigest'],
    [{ 'content-md5': 'AAAAAAAAAAAAAAAAAAAAAA==' }, 'BadDigest'],
    [{ 'x-amz-checksum-crc32': 'AAAAAA==' }, 'BadDigest'],
    [{ 'x-amz-checksum-crc64nvme': 'AAAAAAAAAAA=' }, 'BadDigest'],
    [{ 'x-amz-checksum-sha256': 'short' }, 'InvalidRequest'],
    [{ 'x-amz-checksum-crc32': 'y/Q5Jg==', 'x-amz-checksum-crc32c': '4waSgw==' }, 'InvalidRequest'],
    [{ 'x-amz-sdk-checksum-algorithm': 'SHA256' }, 'InvalidRequest'],
    [{ 'x-amz-storage-class': 'WARM' }, 'InvalidStorageClass'],
    [{ 'x-amz-server-side-encryption': 'rot13' }, 'InvalidArgument'],
    [{ 'x-amz-meta-a': 'x'.repeat(2048) }, 'MetadataTooLarge'],
    [{ 'x-amz-tagging': 'a=1&a=2' }, 'InvalidTag'],
    [{ 'x-amz-tagging': Array.from({ length: 11 }, (_, n) => `k${n}=v`).join('&') }, 'BadRequest'],
  ])('PutObject with %j is refused and stores nothing', async (headers, code) => {
    const world = await worldWithBucket();

    const answer = world.raw({ method: 'PUT', path: '/pics/a', headers, body: Buffer.from('123456789') });

    expect([answer.status, textOf(answer)]).toEqual([400, expect.stringContaining(`<Code>${code}</Code>`)]);
    expect(world.raw({ method: 'HEAD', path: '/pics/a' }).status).toBe(404);
  });

  it('PutObject with If-None-Match * never overwrites', async () => {
    const { s3 } = await worldWithBucket();
    const put = (Body: string) => s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body, IfNoneMatch: '*' }));
    await put('first');

    const refusal = await refusalOf(put('second'));

    const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'a' }));
    expect(refusal).toEqual({
      name: 'PreconditionFailed',
      status: 412,
      message: 'At least one of the pre-conditions you specified did not hold',
    });
    expect(await got.Body?.transformToString()).toBe('first');
  });

  it('PutObject with If-Match writes only over what it expects', async () => {
    const { s3 } = await worldWithBucket();
    const first = await s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'first' }));
    const put = (Key: string, IfMatch: string) =>
      s3.send(new PutObjectCommand({ Bucket, Key, Body: 'second', IfMatch }));

    const other = await refusalOf(put('a', '"other"'));
    const missing = await refusalOf(put('b', '*'));
    const written = await put('a', first.ETag ?? '');

    expect([other.name, missing.name, written.ETag]).toEqual([
      'PreconditionFailed',
      'NoSuchKey',
      '"a9f0e61a137d86aa9db53465e0801612"',
    ]);
  });

  it('PutObject over an object leaves one object and one body', async () => {
    const world = await worldWithBucket();

    for (const Body of ['one', 'two', 'three']) {
      await world.s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body }));
    }

    const rows = world.store.list<{ bodyId: string }>('s3/object');
    const bodies = rows.map(({ value }) => world.store.getBody(value.bodyId)?.toString());
    expect(bodies).toEqual(['three']);
  });

  it('PutObject keeps tags, and they can be replaced', async () => {
    const { s3 } = await worldWithBucket();
    await s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'x', Tagging: 'k%201=v%2B1&empty=' }));
    const put = await s3.send(new GetObjectTaggingCommand({ Bucket, Key: 'a' }));

    await s3.send(
      new PutObjectTaggingCommand({ Bucket, Key: 'a', Tagging: { TagSet: [{ Key: 'new', Value: 'tag' }] } }),
    );

    const replaced = await s3.send(new GetObjectTaggingCommand({ Bucket, Key: 'a' }));
    expect(put.TagSet).toEqual([
      { Key: 'k 1', Value: 'v+1' },
      { Key: 'empty', Value: '' },
    ]);
    expect(replaced.TagSet).toEqual([{ Key: 'new', Value: 'tag' }]);
  });

  it.each(['x-amz-server-side-encryption-customer-algorithm', 'x-amz-object-lock-mode', 'x-amz-grant-read'])(
    'PutObject with %s is not emulated and says so',
    async (header) => {
      const world = await worldWithBucket();

      const answer = world.raw({ method: 'PUT', path: '/pics/a', headers: { [header]: 'AES256' } });

      expect([answer.status, textOf(answer)]).toEqual([
        501,
        expect.stringContaining('<Code>NotImplemented</Code><Message>The local cloud does not emulate S3 '),
      ]);
    },
  );
});

describe('DeleteObject', () => {
  it('DeleteObject removes an object with its body, and a second time does nothing', async () => {
    const world = await worldWithBucket();
    await world.s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'x' }));
    const [row] = world.store.list<{ bodyId: string }>('s3/object');

    const answers = [1, 2].map(() => world.raw({ method: 'DELETE', path: '/pics/a' }).status);

    expect(answers).toEqual([204, 204]);
    expect(world.store.list('s3/object')).toEqual([]);
    expect(world.store.getBody(row?.value.bodyId ?? '')).toBeUndefined();
  });

  it('DeleteObject with If-Match removes only what it expects', async () => {
    const { s3 } = await worldWithBucket();
    const { ETag = '' } = await s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'x' }));

    const other = await refusalOf(s3.send(new DeleteObjectCommand({ Bucket, Key: 'a', IfMatch: '"other"' })));
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'a', IfMatch: ETag }));

    expect(other).toMatchObject({ name: 'PreconditionFailed', status: 412 });
    expect((await refusalOf(s3.send(new HeadObjectCommand({ Bucket, Key: 'a' })))).status).toBe(404);
  });
});

describe('DeleteObjects', () => {
  it('DeleteObjects tells of each key, and of errors inside a 200', async () => {
    const world = await worldWithBucket();
    for (const Key of ['a', 'b & c', 'kept']) {
      await world.s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
    }
    world.authorize = ({ resource }) => (resource.endsWith('/kept') ? 'explicit-deny' : 'allowed');

    const Objects = ['a', 'b & c', 'missing', 'kept'].map((Key) => ({ Key }));
    const deleted = await world.s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));

    expect(deleted.Deleted).toEqual([{ Key: 'a' }, { Key: 'b & c' }, { Key: 'missing' }]);
    expect(deleted.Errors).toEqual([{ Key: 'kept', Code: 'AccessDenied', Message: 'Access Denied' }]);
    expect(world.store.list<{ key: string }>('s3/object').map(({ value }) => value.key)).toEqual(['kept']);
  });

  it('DeleteObjects that is quiet tells only of errors', async () => {
    const { s3 } = await worldWithBucket();

    const Delete = { Quiet: true, Objects: [{ Key: 'a' }] };
    const deleted = await s3.send(new DeleteObjectsCommand({ Bucket, Delete }));

    expect([deleted.Deleted, deleted.Errors]).toEqual([undefined, undefined]);
  });

  it('DeleteObjects takes 1,000 keys and refuses 1,001', async () => {
    const { s3 } = await worldWithBucket();
    const send = (count: number) => {
      const Objects = Array.from({ length: count }, (_, n) => ({ Key: `k${n}` }));
      return s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    };

    const most = await send(1000);
    const refusal = await refusalOf(send(1001));

    expect(most.Deleted?.length).toBe(1000);
    expect(refusal).toMatchObject({ name: 'MalformedXML', status: 400 });
  });

  it('DeleteObjects without a digest of its body is refused', async () => {
    const world = await worldWithBucket();
    const body = Buffer.from('<Delete><Object><Key>a</Key></Object></Delete>');

    const answer = world.raw({ method: 'POST', path: '/pics', query: 'delete', body });

    expect([answer.status, textOf(answer)]).toEqual([400, expect.stringContaining('<Code>InvalidRequest</Code>')]);
  });
});
