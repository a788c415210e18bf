import { createHash } from 'node:crypto';
import {
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutBucketEncryptionCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import type { Authorization } from '../../../src/emulator/operation.js';
import { newS3World, OWNER, type S3World } from './s3-world.js';

const Bucket = 'pics';
const KEY = `arn:aws:kms:us-east-1:${OWNER}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
const CALLER = `arn:aws:iam::${OWNER}:root`;

/** A bucket whose default is a KMS key, with one object in it, and every question that is asked of the policy engine from then on. */
async function kmsWorld(KMSMasterKeyID = KEY): Promise<{ world: S3World; asked: Authorization[] }> {
  const world = newS3World();
  const rule = { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' as const, KMSMasterKeyID } };
  await world.s3.send(new CreateBucketCommand({ Bucket }));
  await world.s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules: [rule] } }));
  await world.s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'x' }));
  const asked: Authorization[] = [];
  world.authorize = (ask) => {
    asked.push(ask);
    return 'allowed';
  };
  return { world, asked };
}

const keyAsks = (asked: readonly Authorization[]) => asked.filter(({ action }) => action.startsWith('kms:'));

type Command = (world: S3World) => Promise<unknown>;

const COMMANDS: readonly [string, string[], Command][] = [
  ['PutObject', ['kms:GenerateDataKey'], ({ s3 }) => s3.send(new PutObjectCommand({ Bucket, Key: 'b', Body: 'y' }))],
  ['GetObject', ['kms:Decrypt'], ({ s3 }) => s3.send(new GetObjectCommand({ Bucket, Key: 'a' }))],
  ['HeadObject', ['kms:Decrypt'], ({ s3 }) => s3.send(new HeadObjectCommand({ Bucket, Key: 'a' }))],
  [
    'CopyObject',
    ['kms:Decrypt', 'kms:GenerateDataKey'],
    ({ s3 }) => s3.send(new CopyObjectCommand({ Bucket, Key: 'c', CopySource: 'pics/a' })),
  ],
  [
    'CreateMultipartUpload',
    ['kms:GenerateDataKey'],
    ({ s3 }) => s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'd' })),
  ],
];

describe('objects under a KMS key', () => {
  it.each(COMMANDS)('%s asks for %j on the key, by way of S3', async (_name, actions, run) => {
    const { world, asked } = await kmsWorld();

    await run(world);

    expect(keyAsks(asked).map(({ action, resource }) => [action, resource])).toEqual(
      actions.map((action) => [action, KEY]),
    );
    for (const { context } of keyAsks(asked)) {
      expect(context).toMatchObject({ 'kms:ViaService': 's3.us-east-1.amazonaws.com', 'kms:CallerAccount': OWNER });
    }
  });

  it.each(COMMANDS)('%s is refused to whoever may not use the key', async (name, actions, run) => {
    const { world } = await kmsWorld();
    world.authorize = ({ action }) => (action === actions.at(-1) ? 'implicit-deny' : 'allowed');

    const refusal: unknown = await run(world).catch((error: unknown) => error);

    expect(refusal).toMatchObject({ $metadata: { httpStatusCode: 403 } });
    if (name === 'HeadObject') return;
    const action = actions.at(-1);
    expect(refusal).toMatchObject({
      name: 'AccessDenied',
      message: `User: ${CALLER} is not authorized to perform: ${action} on resource: ${KEY} because no identity-based policy allows the ${action} action`,
    });
  });

  it('tell in every answer how they are encrypted, by an ETag that is not the MD5 and differs from copy to copy', async () => {
    const { world } = await kmsWorld();

    const put = await world.s3.send(new PutObjectCommand({ Bucket, Key: 'b', Body: 'y' }));
    const copy = await world.s3.send(new CopyObjectCommand({ Bucket, Key: 'c', CopySource: 'pics/b' }));
    const read = await world.s3.send(new GetObjectCommand({ Bucket, Key: 'b' }));

    for (const answer of [put, copy, read]) {
      expect(answer).toMatchObject({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: KEY });
    }
    const md5 = createHash('md5').update('y').digest('hex');
    expect(put.ETag).toMatch(/^"[0-9a-f]{32}"$/);
    expect(new Set([put.ETag, copy.CopyObjectResult?.ETag, `"${md5}"`]).size).toBe(3);
    expect(read.ETag).toBe(put.ETag);
  });

  it('of a key named by its id ask for the key of the account and Region', async () => {
    const { world, asked } = await kmsWorld('1234abcd-12ab-34cd-56ef-1234567890ab');

    await world.s3.send(new GetObjectCommand({ Bucket, Key: 'a' }));

    expect(keyAsks(asked).map(({ resource }) => resource)).toEqual([KEY]);
  });

  it("under the account's own key are open to whoever may read them", async () => {
    const world = newS3World();
    await world.s3.send(new CreateBucketCommand({ Bucket }));
    await world.s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'x', ServerSideEncryption: 'aws:kms' }));
    world.authorize = ({ action }) => (action.startsWith('kms:') ? 'explicit-deny' : 'allowed');

    const read = await world.s3.send(new GetObjectCommand({ Bucket, Key: 'a' }));

    expect(await read.Body?.transformToString()).toBe('x');
  });

  it('under a key named by an alias are not emulated', async () => {
    const { world } = await kmsWorld();

    const refusal = world.s3.send(
      new PutObjectCommand({ Bucket, Key: 'b', Body: 'y', ServerSideEncryption: 'aws:kms', SSEKMSKeyId: 'alias/mine' }),
    );

    await expect(refusal).rejects.toMatchObject({ name: 'NotImplemented', message: expect.stringContaining('alias') });
  });
});
