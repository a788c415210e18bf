import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { headersOf, newS3World, refusalOf, type S3World, textOf } from './s3-world.js';

const Bucket = 'pics';

async function worldWithVersions(): Promise<S3World> {
  const world = newS3World();
  await world.s3.send(new CreateBucketCommand({ Bucket }));
  await setVersioning(world, 'Enabled');
  return world;
}

async function setVersioning({ s3 }: S3World, Status: 'Enabled' | 'Suspended'): Promise<void> {
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
}

async function put({ s3 }: S3World, Key: string, Body: string): Promise<string> {
  return (await s3.send(new PutObjectCommand({ Bucket, Key, Body }))).VersionId ?? 'none';
}

async function get({ s3 }: S3World, Key: string, VersionId?: string): Promise<string> {
  const got = await s3.send(new GetObjectCommand({ Bucket, Key, ...(VersionId === undefined ? {} : { VersionId }) }));
  return (await got.Body?.transformToString()) ?? '';
}

/** Every version and marker as `key:latest?`, in order, page by page. */
async function listed({ s3 }: S3World, MaxKeys: number): Promise<string[]> {
  const seen: string[] = [];
  let markers = {};
  for (;;) {
    const page = await s3.send(new ListObjectVersionsCommand({ Bucket, MaxKeys, ...markers }));
    for (const version of page.Versions ?? []) seen.push(`${version.Key}${version.IsLatest ? ' latest' : ''}`);
    for (const marker of page.DeleteMarkers ?? []) seen.push(`${marker.Key} marker${marker.IsLatest ? ' latest' : ''}`);
    if (page.IsTruncated !== true) return seen;
    markers = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
  }
}

describe('versions of an object', () => {
  it('PutObject over an object keeps the old version', async () => {
    const world = await worldWithVersions();

    const first = await put(world, 'a', 'one');
    const second = await put(world, 'a', 'two');

    expect([first, second]).toEqual([expect.stringMatching(/^[\w.-]{32}$/), expect.stringMatching(/^[\w.-]{32}$/)]);
    expect([await get(world, 'a'), await get(world, 'a', first), await get(world, 'a', second)]).toEqual([
      'two',
      'one',
      'two',
    ]);
  });

  it('DeleteObject hides an object behind a delete marker, whose removal shows it again', async () => {
    const world = await worldWithVersions();
    await put(world, 'a', 'one');

    const deleted = await world.s3.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));

    const hidden = world.raw({ method: 'GET', path: '/pics/a' });
    const { KeyCount } = await world.s3.send(new ListObjectsV2Command({ Bucket }));
    const { VersionId = '' } = deleted;
    const removed = await world.s3.send(new DeleteObjectCommand({ Bucket, Key: 'a', VersionId }));
    expect(deleted.DeleteMarker).toBe(true);
    expect([hidden.status, headersOf(hidden)['x-amz-delete-marker'], KeyCount]).toEqual([404, 'true', 0]);
    expect(textOf(hidden)).toContain('<Code>NoSuchKey</Code>');
    expect(removed).toMatchObject({ DeleteMarker: true, VersionId });
    expect(await get(world, 'a')).toBe('one');
  });

  it('GetObject of a delete marker by its id is not allowed', async () => {
    const world = await worldWithVersions();
    const { VersionId = '' } = await world.s3.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));

    const refusal = await refusalOf(world.s3.send(new GetObjectCommand({ Bucket, Key: 'a', VersionId })));

    expect(refusal).toMatchObject({ name: 'MethodNotAllowed', status: 405 });
  });

  it.each([
    ['x'.repeat(32), 'NoSuchVersion', 404],
    ['short', 'InvalidArgument', 400],
    ['', 'InvalidArgument', 400],
  ])('GetObject of the version "%s" is refused', async (versionId, code, status) => {
    const world = await worldWithVersions();
    await put(world, 'a', 'one');

    const answer = world.raw({ method: 'GET', path: '/pics/a', query: `versionId=${versionId}` });

    expect([answer.status, textOf(answer)]).toEqual([status, expect.stringContaining(`<Code>${code}</Code>`)]);
  });

  it('suspended versioning replaces only the null version', async () => {
    const world = await worldWithVersions();
    const kept = await put(world, 'a', 'kept');
    await setVersioning(world, 'Suspended');

    const ids = [await put(world, 'a', 'first null'), await put(world, 'a', 'second null')];

    expect(ids).toEqual(['null', 'null']);
    expect([await get(world, 'a', 'null'), await get(world, 'a', kept)]).toEqual(['second null', 'kept']);
    expect(await listed(world, 1000)).toEqual(['a latest', 'a']);
  });

  it('an object from before versioning stays as the null version', async () => {
    const world = newS3World();
    await world.s3.send(new CreateBucketCommand({ Bucket }));
    const before = await put(world, 'a', 'before');
    await setVersioning(world, 'Enabled');

    await put(world, 'a', 'after');

    expect(before).toBe('none');
    expect(await get(world, 'a', 'null')).toBe('before');
  });

  it.each([1, 2, 3, 1000])('ListObjectVersions shows everything once in pages of %i', async (size) => {
    const world = await worldWithVersions();
    for (const [key, body] of [
      ['a', '1'],
      ['a', '2'],
      ['a', '3'],
      ['ab', '1'],
      ['b', '1'],
    ] as const) {
      await put(world, key, body);
    }
    await world.s3.send(new DeleteObjectCommand({ Bucket, Key: 'b' }));

    const seen = await listed(world, size);

    expect(seen.sort()).toEqual(['a', 'a', 'a latest', 'ab latest', 'b', 'b marker latest']);
  });

  it('ListObjectVersions goes on behind a version that was deleted meanwhile', async () => {
    const world = await worldWithVersions();
    for (let n = 0; n < 7; n += 1) await put(world, 'a', String(n));
    let rounds = 0;

    for (let markers = {}, more = true; more; rounds += 1) {
      const page = await world.s3.send(new ListObjectVersionsCommand({ Bucket, MaxKeys: 2, ...markers }));
      const Objects = (page.Versions ?? []).map(({ Key = '', VersionId = '' }) => ({ Key, VersionId }));
      await world.s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
      markers = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
      more = page.IsTruncated === true;
    }

    expect([rounds, world.store.list('s3/object')]).toEqual([4, []]);
  });

  it('ListObjectVersions refuses a version marker without a key marker', async () => {
    const world = await worldWithVersions();

    const answer = world.raw({ method: 'GET', path: '/pics', query: 'versions&version-id-marker=x' });

    expect([answer.status, textOf(answer)]).toEqual([400, expect.stringContaining('<Code>InvalidArgument</Code>')]);
  });

  it('DeleteBucket with nothing but a delete marker is refused', async () => {
    const world = await worldWithVersions();
    const { VersionId = '' } = await world.s3.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));

    const refusal = await refusalOf(world.s3.send(new DeleteBucketCommand({ Bucket })));

    expect(refusal).toEqual({
      name: 'BucketNotEmpty',
      status: 409,
      message: 'The bucket you tried to delete is not empty. You must delete all versions in the bucket.',
    });
    await world.s3.send(new DeleteObjectCommand({ Bucket, Key: 'a', VersionId }));
    expect((await world.s3.send(new DeleteBucketCommand({ Bucket }))).$metadata.httpStatusCode).toBe(204);
  });
});
