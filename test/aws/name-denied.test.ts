import { expect, onTestFinished, test } from 'vitest';
import { createS3, type S3 } from '../../src/aws/s3.js';
import { putUser } from '../../src/emulator/iam/credentials.js';
import { createEmulator } from '../../src/emulator/index.js';
import { AwsError } from '../../src/errors.js';
import { targetOn } from '../../src/targets/local.js';

const REGION = 'eu-west-1';
const BUCKET = 'pixgate-denied';
const KEYS = { accessKeyId: 'AKIA0000000000000001', secretAccessKey: 'reader/not-a-secret' };
const STORED = { contentType: 'image/png', headers: {} };

/** An account with one bucket and one image, as its owner and as somebody who may do what `allow` said last. */
async function twoCallers(): Promise<{ owner: S3; other: S3; allow(policy: object | undefined): void }> {
  const emulator = createEmulator();
  onTestFinished(() => emulator.close());
  const { access } = targetOn(emulator, REGION, 4510);
  const identity = { account: emulator.accountId, partition: 'aws' };
  const owner = createS3(access, identity);
  await owner.createBucket(BUCKET, {});
  await owner.settings.write(BUCKET, 'versioning', 'Enabled');
  await owner.putObject(BUCKET, { key: 'a/b.png', body: Buffer.from('x'), ...STORED });
  return {
    owner,
    other: createS3({ ...access, credentials: KEYS }, identity),
    allow(policy) {
      const policies = policy === undefined ? {} : { p: JSON.stringify({ Version: '2012-10-17', Statement: policy }) };
      putUser(emulator.store, { accountId: emulator.accountId, name: 'other', ...KEYS, policies }, Date.now());
    },
  };
}

/** The verbs, called for what is there. */
const VERBS: Readonly<Record<string, (s3: S3, versionId: string) => Promise<unknown>>> = {
  listBuckets: (s3) => s3.listBuckets(''),
  createBucket: (s3) => s3.createBucket('pixgate-denied-too', {}),
  findBucketTags: (s3) => s3.findBucketTags(BUCKET),
  putBucketTags: (s3) => s3.putBucketTags(BUCKET, { a: 'b' }),
  listObjects: (s3) => s3.listObjects(BUCKET, ''),
  putObject: (s3) => s3.putObject(BUCKET, { key: 'a/b.png', body: Buffer.from('y'), ...STORED }),
  findObjectHeaders: (s3) => s3.findObjectHeaders(BUCKET, 'a/b.png'),
  'findObjectHeaders of a version': (s3, versionId) => s3.findObjectHeaders(BUCKET, 'a/b.png', versionId),
  findObject: (s3) => s3.findObject(BUCKET, 'a/b.png'),
  deleteObject: (s3) => s3.deleteObject(BUCKET, 'c.png'),
  'deleteObject of a version': (s3, versionId) => s3.deleteObject(BUCKET, 'a/b.png', versionId),
  listVersions: (s3) => s3.listVersions(BUCKET, ''),
  abortUploads: (s3) => s3.abortUploads(BUCKET),
  deleteBucket: (s3) => s3.deleteBucket(BUCKET),
  'write policy': (s3) => s3.settings.write(BUCKET, 'policy', '{}'),
  'write encryption': (s3) => s3.settings.write(BUCKET, 'encryption', { algorithm: 'AES256', bucketKey: false }),
  'write publicAccessBlocked': (s3) => s3.settings.write(BUCKET, 'publicAccessBlocked', true),
  'write objectOwnership': (s3) => s3.settings.write(BUCKET, 'objectOwnership', 'BucketOwnerEnforced'),
  'read acceleration': (s3) => s3.settings.readAcceleration(BUCKET),
  'write acceleration': (s3) => s3.settings.write(BUCKET, 'acceleration', 'Enabled'),
  'write abortUploadsAfterDays': (s3) => s3.settings.write(BUCKET, 'abortUploadsAfterDays', 7),
  'write versioning': (s3) => s3.settings.write(BUCKET, 'versioning', 'Enabled'),
};

/** What a refusal names: the action and the resource to allow. */
async function refusalOf(call: Promise<unknown>): Promise<{ Action: readonly string[]; Resource: string } | undefined> {
  const error: unknown = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof AwsError) || error.code !== 'ACCESS_DENIED') return undefined;
  const [, actions = '', Resource = ''] = / (s3:.+) is not allowed on (arn:aws:s3:::\S+)\.$/.exec(error.message) ?? [];
  return { Action: actions.match(/s3:\w+/g) ?? [], Resource };
}

test.each(Object.entries(VERBS))(
  'a refusal of %s names what to allow: with just that it is not refused',
  async (_name, verb) => {
    const { owner, other, allow } = await twoCallers();
    const [version] = await owner.listVersions(BUCKET, '');
    allow(undefined);

    const refusal = await refusalOf(verb(other, version?.versionId ?? ''));

    expect(refusal).toBeDefined();
    allow({ Effect: 'Allow', ...refusal });
    expect(await refusalOf(verb(other, version?.versionId ?? ''))).toBeUndefined();
  },
);

test('a refusal to read settings names each action in turn', async () => {
  const { other, allow } = await twoCallers();
  allow(undefined);
  const named: string[] = [];
  for (;;) {
    const refusal = await refusalOf(other.settings.read(BUCKET));
    if (refusal === undefined) break;
    named.push(...refusal.Action);
    allow({ Effect: 'Allow', Action: named, Resource: refusal.Resource });
  }

  expect(named).toEqual([
    's3:GetBucketPublicAccessBlock',
    's3:GetBucketOwnershipControls',
    's3:GetEncryptionConfiguration',
    's3:GetBucketPolicy',
    's3:GetLifecycleConfiguration',
    's3:GetBucketVersioning',
  ]);
});
