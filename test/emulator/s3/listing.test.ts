import {
  CreateBucketCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  paginateListObjectsV2,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { newS3World, type S3World, textOf } from './s3-world.js';

const Bucket = 'pics';

async function worldWith(keys: readonly string[]): Promise<S3World> {
  const world = newS3World();
  for (const name of [Bucket, 'pic', 'pics2']) await world.s3.send(new CreateBucketCommand({ Bucket: name }));
  await world.s3.send(new PutObjectCommand({ Bucket: 'pics2', Key: 'not-ours', Body: 'x' }));
  await world.s3.send(new PutObjectCommand({ Bucket: 'pic', Key: 's/not-ours', Body: 'x' }));
  for (const Key of keys) await world.s3.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
  return world;
}

const TREE = ['a', 'b/1', 'b/2', 'b/c/3', 'd/1', 'e', 'f', 'g/'];

describe('ListObjectsV2', () => {
  it('ListObjectsV2 tells of each object what S3 tells', async () => {
    const { s3 } = await worldWith(['a']);

    const page = await s3.send(new ListObjectsV2Command({ Bucket, FetchOwner: true }));

    const { $metadata: _, Contents, ...rest } = page;
    expect(rest).toEqual({ Name: Bucket, Prefix: '', KeyCount: 1, MaxKeys: 1000, IsTruncated: false });
    expect(Contents).toEqual([
      {
        Key: 'a',
        LastModified: new Date('2026-03-01T12:00:00Z'),
        ETag: '"0cc175b9c0f1b6a831c399e269772661"',
        ChecksumAlgorithm: ['CRC32'],
        ChecksumType: 'FULL_OBJECT',
        Size: 1,
        StorageClass: 'STANDARD',
        Owner: { ID: expect.stringMatching(/^[0-9a-f]{64}$/) },
      },
    ]);
  });

  it('ListObjectsV2 of an empty bucket has no contents', async () => {
    const { s3 } = await worldWith([]);

    const page = await s3.send(new ListObjectsV2Command({ Bucket }));

    expect([page.KeyCount, page.Contents, page.IsTruncated]).toEqual([0, undefined, false]);
  });

  it('ListObjectsV2 that names no size pages by five, and shows each key once', async () => {
    const { s3 } = await worldWith(TREE);

    const pages: (string | undefined)[][] = [];
    for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket })) {
      pages.push((page.Contents ?? []).map(({ Key }) => Key));
    }

    expect(pages.map((page) => page.length)).toEqual([5, 3]);
    expect(pages.flat()).toEqual(TREE);
  });

  it.each([
    [{ Prefix: 'b/' }, ['b/1', 'b/2', 'b/c/3'], []],
    [{ Prefix: 'b' }, ['b/1', 'b/2', 'b/c/3'], []],
    [{ Prefix: 'x' }, [], []],
    [{ Delimiter: '/' }, ['a', 'e', 'f'], ['b/', 'd/', 'g/']],
    [{ Delimiter: '/', Prefix: 'b/' }, ['b/1', 'b/2'], ['b/c/']],
    [{ Delimiter: '/1' }, ['a', 'b/2', 'b/c/3', 'e', 'f', 'g/'], ['b/1', 'd/1']],
    [{ StartAfter: 'b/2' }, ['b/c/3', 'd/1', 'e', 'f', 'g/'], []],
    [{ StartAfter: 'c' }, ['d/1', 'e', 'f', 'g/'], []],
    [{ StartAfter: 'a', Prefix: 'b/' }, ['b/1', 'b/2', 'b/c/3'], []],
    [{ StartAfter: 'z' }, [], []],
    [{ StartAfter: 'z', Prefix: 'b/' }, [], []],
    [{ MaxKeys: 0 }, [], []],
  ])('ListObjectsV2 with %j lists what it should', async (input, keys, prefixes) => {
    const { s3 } = await worldWith(TREE);

    const page = await s3.send(new ListObjectsV2Command({ Bucket, MaxKeys: 1000, ...input }));

    expect((page.Contents ?? []).map(({ Key }) => Key)).toEqual(keys);
    expect((page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix)).toEqual(prefixes);
    expect([page.KeyCount, page.IsTruncated]).toEqual([keys.length + prefixes.length, false]);
  });

  it.each([1, 2, 3, 4])(
    'ListObjectsV2 with a delimiter pages by %i without repeating a common prefix',
    async (MaxKeys) => {
      const { s3 } = await worldWith(TREE);

      const seen: unknown[] = [];
      for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket, Delimiter: '/', MaxKeys })) {
        expect(page.KeyCount).toBeLessThanOrEqual(MaxKeys);
        seen.push(
          ...(page.Contents ?? []).map(({ Key }) => Key),
          ...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix),
        );
      }

      expect(seen.sort()).toEqual(['a', 'b/', 'd/', 'e', 'f', 'g/']);
    },
  );

  it.each([
    ['max-keys=-1', 'InvalidArgument'],
    ['max-keys=many', 'InvalidArgument'],
    ['continuation-token=forged', 'InvalidArgument'],
    ['encoding-type=base64', 'InvalidArgument'],
  ])('ListObjectsV2 refuses %s', async (query, code) => {
    const world = await worldWith([]);

    const answer = world.raw({ method: 'GET', path: '/pics', query: `list-type=2&${query}` });

    expect([answer.status, textOf(answer)]).toEqual([400, expect.stringContaining(`<Code>${code}</Code>`)]);
  });

  it('ListObjectsV2 honours no more than 1,000', async () => {
    const { s3 } = await worldWith([]);

    const page = await s3.send(new ListObjectsV2Command({ Bucket, MaxKeys: 5000 }));

    expect(page.MaxKeys).toBe(1000);
  });

  it('ListObjectsV2 encodes names when asked, and only then', async () => {
    const world = await worldWith(['a b+c/ü']);

    const [plain, encoded] = ['', '&encoding-type=url'].map((more) =>
      textOf(world.raw({ method: 'GET', path: '/pics', query: `list-type=2${more}` })),
    );

    expect(plain).toContain('<Key>a b+c/ü</Key>');
    expect(encoded).toContain('<Key>a+b%2Bc/%C3%BC</Key>');
  });

  it('ListObjectsV2 finds its page among very many objects', async () => {
    const world = await worldWith([]);
    world.store.transaction(() => {
      for (let n = 0; n < 20_000; n += 1) {
        world.raw({ method: 'PUT', path: `/pics/${String(n % 200).padStart(3, '0')}/${n}.png` });
      }
    });

    const folders = await world.s3.send(new ListObjectsV2Command({ Bucket, Delimiter: '/', MaxKeys: 1000 }));
    const last = await world.s3.send(new ListObjectsV2Command({ Bucket, StartAfter: '199/9', MaxKeys: 1000 }));

    expect([folders.KeyCount, folders.IsTruncated]).toEqual([200, false]);
    expect(last.Contents?.map(({ Key }) => Key)).toEqual([
      '199/9199.png',
      '199/9399.png',
      '199/9599.png',
      '199/9799.png',
      '199/999.png',
      '199/9999.png',
    ]);
  });
});

describe('ListObjects', () => {
  it.each([
    [{}, ['a', 'b/1', 'b/2', 'b/c/3', 'd/1'], [], undefined],
    [{ Marker: 'd/1' }, ['e', 'f', 'g/'], [], undefined],
    [{ Delimiter: '/', MaxKeys: 2 }, ['a'], ['b/'], 'b/'],
    [{ Delimiter: '/', Marker: 'b/', MaxKeys: 2 }, ['e'], ['d/'], 'e'],
    [{ Delimiter: '/', Marker: 'b/1', MaxKeys: 9 }, ['e', 'f'], ['d/', 'g/'], undefined],
  ])('ListObjects with %j lists what it should', async (input, keys, prefixes, nextMarker) => {
    const { s3 } = await worldWith(TREE);

    const page = await s3.send(new ListObjectsCommand({ Bucket, ...input }));

    expect((page.Contents ?? []).map(({ Key }) => Key)).toEqual(keys);
    expect((page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix)).toEqual(prefixes);
    expect(page.NextMarker).toBe(nextMarker);
  });
});
