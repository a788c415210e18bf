import { createHash } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { newS3World, refusalOf, type S3World } from './s3-world.js';

const Bucket = 'pics';
const Key = 'big.png';
const FIVE_MIB = 5 * 1024 * 1024;

async function worldWithUpload(): Promise<{ world: S3World; UploadId: string }> {
  const world = newS3World();
  await world.s3.send(new CreateBucketCommand({ Bucket }));
  return { world, UploadId: await begin(world, Key) };
}

async function begin({ s3 }: S3World, key: string): Promise<string> {
  const created = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: key, ContentType: 'image/png' }));
  return created.UploadId ?? '';
}

async function putPart({ s3 }: S3World, UploadId: string, PartNumber: number, Body: Buffer) {
  const put = await s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }));
  return { PartNumber, ETag: put.ETag ?? '' };
}

function md5(bytes: Uint8Array): Buffer {
  return createHash('md5').update(bytes).digest();
}

describe('a multipart upload', () => {
  it('CompleteMultipartUpload makes one object, whose ETag is made of its parts', async () => {
    const { world, UploadId } = await worldWithUpload();
    const bodies = [Buffer.alloc(FIVE_MIB, 'a'), Buffer.from('tail')];
    const Parts = [];
    for (const [index, body] of bodies.entries()) Parts.push(await putPart(world, UploadId, index + 1, body));

    const done = await world.s3.send(
      new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }),
    );

    const got = await world.s3.send(new GetObjectCommand({ Bucket, Key }));
    const bytes = Buffer.from((await got.Body?.transformToByteArray()) ?? []);
    expect(done.ETag).toBe(`"${md5(Buffer.concat(bodies.map(md5))).toString('hex')}-2"`);
    expect(got).toMatchObject({ ETag: done.ETag, ContentType: 'image/png', ContentLength: FIVE_MIB + 4 });
    expect(bytes.equals(Buffer.concat(bodies))).toBe(true);
    expect([world.store.list('s3/upload'), world.store.list('s3/part')]).toEqual([[], []]);
  });

  it.each([
    ['parts out of order', [2, 1], 'InvalidPartOrder'],
    ['a part that was never put', [1, 3], 'InvalidPart'],
    ['a small part before the last', [1, 2], 'EntityTooSmall'],
    ['no part', [], 'MalformedXML'],
  ])('CompleteMultipartUpload refuses %s, and the upload stays', async (_, numbers, code) => {
    const { world, UploadId } = await worldWithUpload();
    const put = [
      await putPart(world, UploadId, 1, Buffer.from('a')),
      await putPart(world, UploadId, 2, Buffer.from('b')),
    ];
    const Parts = numbers.map((n) => put[n - 1] ?? { PartNumber: n, ETag: '"x"' });

    const refusal = await refusalOf(
      world.s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } })),
    );

    expect(refusal).toMatchObject({ name: code, status: 400 });
    expect(world.store.list('s3/part').length).toBe(2);
  });

  it.each([
    ['SHA256', 'COMPOSITE', /^[\w+/]{43}=-2$/],
    ['CRC32', 'COMPOSITE', /^[\w+/]{6}==-2$/],
    ['CRC64NVME', 'FULL_OBJECT', /^[\w+/]{11}=$/],
  ] as const)('CompleteMultipartUpload answers a %s that is %s', async (ChecksumAlgorithm, type, form) => {
    const { world } = await worldWithUpload();
    const created = await world.s3.send(new CreateMultipartUploadCommand({ Bucket, Key, ChecksumAlgorithm }));
    const UploadId = created.UploadId ?? '';
    const Parts = [];
    for (const [index, Body] of [Buffer.alloc(FIVE_MIB), Buffer.from('tail')].entries()) {
      const PartNumber = index + 1;
      const { $metadata: _, ...part } = await world.s3.send(
        new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body, ChecksumAlgorithm }),
      );
      Parts.push({ ...part, PartNumber });
    }

    const done = await world.s3.send(
      new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }),
    );

    expect(done.ChecksumType).toBe(type);
    expect(done[`Checksum${ChecksumAlgorithm}`]).toMatch(form);
  });

  it('UploadPart of the same number replaces the part', async () => {
    const { world, UploadId } = await worldWithUpload();
    await putPart(world, UploadId, 1, Buffer.from('first'));
    const Parts = [await putPart(world, UploadId, 1, Buffer.from('second'))];

    await world.s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }));

    const got = await world.s3.send(new GetObjectCommand({ Bucket, Key }));
    expect(await got.Body?.transformToString()).toBe('second');
  });

  it.each([0, 10_001])('UploadPart refuses the number %i', async (number) => {
    const { world, UploadId } = await worldWithUpload();

    const refusal = await refusalOf(putPart(world, UploadId, number, Buffer.from('x')));

    expect(refusal).toMatchObject({ name: 'InvalidArgument', status: 400 });
  });

  it('AbortMultipartUpload frees the parts, and the upload is gone', async () => {
    const { world, UploadId } = await worldWithUpload();
    await putPart(world, UploadId, 1, Buffer.from('x'));

    await world.s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));

    const refusal = await refusalOf(putPart(world, UploadId, 2, Buffer.from('y')));
    expect(refusal).toMatchObject({ name: 'NoSuchUpload', status: 404 });
    expect(world.store.list('s3/part')).toEqual([]);
  });

  it('ListParts pages through the parts', async () => {
    const { world, UploadId } = await worldWithUpload();
    for (const n of [1, 2, 3, 7, 9, 10]) await putPart(world, UploadId, n, Buffer.from(`part ${n}`));

    const first = await world.s3.send(new ListPartsCommand({ Bucket, Key, UploadId }));
    const rest = await world.s3.send(
      new ListPartsCommand({ Bucket, Key, UploadId, PartNumberMarker: first.NextPartNumberMarker ?? '' }),
    );

    expect([first.IsTruncated, first.Parts?.map(({ PartNumber }) => PartNumber)]).toEqual([true, [1, 2, 3, 7, 9]]);
    expect([rest.IsTruncated, rest.Parts?.map(({ PartNumber, Size }) => [PartNumber, Size])]).toEqual([
      false,
      [[10, 7]],
    ]);
  });

  it('ListMultipartUploads pages by key and then by time', async () => {
    const { world } = await worldWithUpload();
    for (const key of ['c', 'a', 'c', 'a', 'b']) {
      world.nowMs += 1000;
      await begin(world, key);
    }

    const seen: (string | undefined)[] = [];
    const times: number[] = [];
    for (let markers = {}, more = true; more; ) {
      const page = await world.s3.send(new ListMultipartUploadsCommand({ Bucket, MaxUploads: 2, ...markers }));
      seen.push(...(page.Uploads ?? []).map((upload) => upload.Key));
      times.push(...(page.Uploads ?? []).map((upload) => upload.Initiated?.getTime() ?? 0));
      markers = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker };
      more = page.IsTruncated === true;
    }

    expect(seen).toEqual(['a', 'a', 'b', Key, 'c', 'c']);
    expect([times[0], times[4]].map((time, n) => (time ?? 0) < (times[n === 0 ? 1 : 5] ?? 0))).toEqual([true, true]);
  });

  it('an unfinished upload does not keep its bucket, and goes with it', async () => {
    const { world, UploadId } = await worldWithUpload();
    await putPart(world, UploadId, 1, Buffer.from('x'));

    await world.s3.send(new DeleteBucketCommand({ Bucket }));

    expect([world.store.list('s3/upload'), world.store.list('s3/part')]).toEqual([[], []]);
  });
});
