import type { BucketSettings } from '../aws/bucket-settings.js';
import type { Tags } from '../aws/iam.js';
import type { ObjectVersion, S3 } from '../aws/s3.js';
import type { MountConfig } from '../config/config.js';
import { RefusedError, WaitError } from '../errors.js';
import type { Change } from '../model/plan.js';
import { bucketName } from './names.js';
import { demandOurs, diffTags, ownTags } from './ownership.js';
import { isSamePolicy, tlsOnlyPolicy } from './policies.js';
import type { Environment, Resource, World } from './resource.js';

/** The bucket as a mount wants it. */
export interface BucketWant {
  readonly name: string;
  /** false: it exists, is only used, and nothing of it is changed. */
  readonly create: boolean;
  readonly tags: Tags;
  readonly settings: BucketSettings;
}

/** The bucket as it is. */
export interface BucketHave {
  readonly name: string;
  readonly adopted: boolean;
  readonly tags: Tags;
  /** Undefined for an adopted bucket, whose settings are not ours to judge here. */
  readonly settings: BucketSettings | undefined;
}

/** Rounds of emptying before a bucket that fills up again is given up. Each round must shrink it. */
const EMPTYING_ROUNDS = 10_000;

/** The bucket of a mount: made and hardened, or adopted and left as it is. */
export function bucketResource(environment: Environment, mount: MountConfig): Resource<BucketWant, BucketHave> {
  const name = bucketName(environment, mount);
  return {
    address: `bucket/${mount.id}`,
    needs: [],
    desire: (config) => ({
      name,
      create: mount.bucket.create,
      tags: config.tags,
      settings: {
        publicAccessBlocked: true,
        objectOwnership: 'BucketOwnerEnforced',
        encryption: 'AES256',
        policy: tlsOnlyPolicy(environment.partition, name),
        abortUploadsAfterDays: 7,
        versioning: mount.bucket.versioning ? 'Enabled' : 'Off',
      },
    }),
    label: (want) => want.name,
    observe: (world, want) => observe(world, want),
    diff,
    async converge(world, want, have) {
      const { s3 } = world.aws;
      if (have === undefined) await s3.createBucket(want.name, ownTags(environment, want.tags));
      const now = have ?? (await demand(world, want));
      if (diffTags(want.tags, now.tags).length > 0) await s3.putBucketTags(want.name, { ...now.tags, ...want.tags });
      if (now.settings !== undefined) await putSettings(s3, want, now.settings);
      return demand(world, want);
    },
    ending: (have) => (have.adopted ? 'keep' : 'remove'),
    async remove(world, have) {
      if (have.adopted) return;
      await emptyBucket(world, have.name);
      await world.aws.s3.deleteBucket(have.name);
    },
    remember: (have) => ({ name: have.name, adopted: have.adopted }),
  };
}

async function observe({ aws, environment, removing }: World, want: BucketWant): Promise<BucketHave | undefined> {
  const sighting = await aws.s3.lookAtBucket(want.name);
  switch (sighting.kind) {
    case 'absent':
      if (want.create || removing) return undefined;
      throw refused(want.name, 'it does not exist', ['create it, or set bucket.create to true in pixgate.yaml']);
    case 'forbidden':
      throw refused(want.name, 'it belongs to another account, or its policy shuts you out', [
        'choose another bucket name in pixgate.yaml',
      ]);
    case 'elsewhere':
      throw refused(want.name, `it is in ${sighting.region}, not in ${environment.region}`, [
        `pixgate … --region ${sighting.region}`,
      ]);
    case 'present':
  }
  if (!want.create) return { name: want.name, adopted: true, tags: {}, settings: undefined };
  const tags = (await aws.s3.findBucketTags(want.name)) ?? {};
  demandOurs('bucket', want.name, tags, environment);
  return { name: want.name, adopted: false, tags, settings: await aws.s3.settings.read(want.name) };
}

async function demand(world: World, want: BucketWant): Promise<BucketHave> {
  const have = await observe(world, want);
  if (have === undefined) throw new WaitError(`Cannot find bucket "${want.name}" right after it was made.`);
  return have;
}

function diff(want: BucketWant, have: BucketHave | undefined): readonly Change[] {
  if (have === undefined) return [{ path: 'settings', from: undefined, to: { ...want.settings } }];
  if (have.settings === undefined) return [];
  const { settings } = have;
  const names = Object.keys(want.settings) as (keyof BucketSettings)[];
  const differing = names.filter((name) => !holds(name, want.settings, settings));
  return [
    ...differing.map((name) => ({ path: `settings.${name}`, from: settings[name], to: want.settings[name] })),
    ...diffTags(want.tags, have.tags),
  ];
}

function holds(name: keyof BucketSettings, want: BucketSettings, have: BucketSettings): boolean {
  if (name === 'policy') return isSamePolicy(want.policy, have.policy);
  // AWS: versioning can be suspended and never be unset again.
  if (name === 'versioning')
    return want.versioning === have.versioning || (want.versioning === 'Off' && have.versioning === 'Suspended');
  return want[name] === have[name];
}

async function putSettings(s3: S3, want: BucketWant, have: BucketSettings): Promise<void> {
  // One after the other: S3 refuses changes of one bucket that overlap.
  for (const name of Object.keys(want.settings) as (keyof BucketSettings)[]) {
    if (!holds(name, want.settings, have)) await s3.settings.write(want.name, name, want.settings[name]);
  }
}

/** Removes every version, delete marker and unfinished upload. */
export async function emptyBucket({ aws, say, signal }: World, bucket: string): Promise<void> {
  await aws.s3.abortUploads(bucket);
  let removed = 0;
  let stuck: readonly ObjectVersion[] = [];
  for (let round = 0; round < EMPTYING_ROUNDS && !signal.aborted; round += 1) {
    const versions = await aws.s3.listSomeVersions(bucket);
    if (versions.length === 0) return;
    stuck = await aws.s3.deleteVersions(bucket, versions);
    // AWS: some keys do not survive the XML of a bulk delete, and go one by one.
    for (const { key, versionId } of stuck) await aws.s3.deleteObject(bucket, key, versionId);
    removed += versions.length;
    say({ type: 'progress', done: removed, total: removed, unit: 'files' });
  }
  if (signal.aborted) return;
  throw new WaitError(`Cannot empty bucket "${bucket}": it fills up again as fast as it is emptied.`, {
    suggestions: ['stop whatever writes to it, then run pixgate teardown again'],
  });
}

function refused(name: string, reason: string, suggestions: readonly string[]): RefusedError {
  return new RefusedError(`Cannot use bucket "${name}": ${reason}.`, { code: 'BUCKET_NOT_USABLE', suggestions });
}
