import { lacksAcceleration } from '../aws/acceleration.js';
import type { AllSettings, BucketEncryption, BucketSettings } from '../aws/bucket-settings.js';
import type { Tags } from '../aws/iam.js';
import type { S3 } from '../aws/s3.js';
import type { MountConfig } from '../config/config.js';
import { AwsError, RefusedError } from '../errors.js';
import type { Change } from '../model/plan.js';
import { appear } from './appear.js';
import { removeBucket } from './empty-bucket.js';
import { bucketName, bucketNamespace, bucketRegion, kmsKeyOf, lacksNamespace } from './names.js';
import { demandOurs, diffTags, ownTags } from './ownership.js';
import { isSamePolicy, tlsOnlyPolicy } from './policies.js';
import type { Environment, Resource, World } from './resource.js';

/** The bucket as a mount wants it. */
export interface BucketWant {
  readonly name: string;
  /** false: it exists, is only used, and nothing of it is changed. */
  readonly create: boolean;
  readonly tags: Tags;
  readonly settings: AllSettings;
  /** Address of an earlier mount's bucket that is this very one, and makes and removes it. */
  readonly sharedWith?: string;
}

/** The bucket as it is. */
export interface BucketHave {
  readonly name: string;
  /** Region it lies in. */
  readonly region: string;
  readonly adopted: boolean;
  /** Whether another mount makes and removes it. */
  readonly shared: boolean;
  readonly tags: Tags;
  /** Undefined for an adopted bucket, whose settings are not ours to judge here. */
  readonly settings: BucketSettings | undefined;
}

/**
 * Tag of a made bucket that was ever given Transfer Acceleration. Only such a one is asked for it, and it is asked with any
 * ledger and without: what the config has no more is still switched off.
 */
const ACCELERATED = 'pixgate:acceleration';

/** The bucket of a mount: made and hardened, or adopted and left as it is. */
export function bucketResource(environment: Environment, mount: MountConfig): Resource<BucketWant, BucketHave> {
  const name = bucketName(environment, mount);
  const region = bucketRegion(environment, mount);
  const accelerates = mount.bucket.create && mount.bucket.acceleration === true;
  const leaderOf = (mounts: readonly MountConfig[]): string =>
    mounts.find((other) => bucketName(environment, other) === name)?.id ?? mount.id;
  const look = async (world: World, want: BucketWant): Promise<BucketHave | undefined> => {
    // Before any call for the bucket. What goes is looked for all the same: its config may have lost the field.
    if (want.create && !world.removing) {
      if (lacksNamespace(region, mount)) throw withoutNamespace(mount, region);
      if (want.settings.acceleration === 'Enabled') demandAcceleration(name, region);
    }
    return observe(world, want, region);
  };
  const demand = (world: World, want: BucketWant): Promise<BucketHave> =>
    appear(world, `bucket "${want.name}"`, () => look(world, want));
  return {
    address: `bucket/${mount.id}`,
    needs: [],
    desire: ({ tags, mounts }) => ({
      name,
      create: mount.bucket.create,
      ...(leaderOf(mounts) === mount.id ? {} : { sharedWith: `bucket/${leaderOf(mounts)}` }),
      tags: accelerates ? { ...tags, [ACCELERATED]: 'true' } : tags,
      settings: {
        publicAccessBlocked: true,
        objectOwnership: 'BucketOwnerEnforced',
        encryption: encryptionOf(mount),
        policy: tlsOnlyPolicy(environment.partition, name),
        abortUploadsAfterDays: 7,
        versioning: mount.bucket.versioning ? 'Enabled' : 'Off',
        acceleration: accelerates ? 'Enabled' : 'Off',
      },
    }),
    label: (want) => want.name,
    observe: look,
    diff,
    async converge(world, want, have) {
      const s3 = world.aws.s3In(region);
      if (have === undefined) await create(s3, want.name, ownTags(environment, want.tags), mount, region);
      const now = have ?? (await demand(world, want));
      if (diffTags(want.tags, now.tags).length > 0) await s3.putBucketTags(want.name, { ...now.tags, ...want.tags });
      if (now.settings !== undefined) await putSettings(s3, want, now.settings);
      return demand(world, want);
    },
    ending: (have) => (have.adopted || have.shared ? 'keep' : 'remove'),
    async remove(world, have) {
      if (have.adopted || have.shared) return;
      await removeBucket(world, have);
    },
    remember: (have) => ({ name: have.name, adopted: have.adopted }),
  };
}

function encryptionOf(mount: MountConfig): BucketEncryption {
  const kmsKey = kmsKeyOf(mount);
  if (kmsKey === undefined) return { algorithm: 'AES256', bucketKey: false };
  return { algorithm: 'aws:kms', kmsKey, bucketKey: true };
}

/** Makes a bucket; a refusal of its account-regional name is told as such. */
async function create(s3: S3, name: string, tags: Tags, mount: MountConfig, region: string): Promise<void> {
  const namespace = bucketNamespace(mount);
  try {
    await s3.createBucket(name, tags, namespace);
  } catch (error) {
    if (namespace === 'global' || !(error instanceof AwsError)) throw error;
    // Guessed: no recording of this refusal is known. Its name has to say what it refuses; messages do not count, since
    // that of BucketAlreadyExists speaks of namespaces too.
    if (!/namespace/i.test(error.failure.awsCode)) throw error;
    throw withoutNamespace(mount, region, error);
  }
}

/** Refuses an account-regional name where there are none: what S3 said, or what is known without asking it. */
function withoutNamespace(mount: MountConfig, region: string, cause?: AwsError): RefusedError | AwsError {
  const start = `Cannot give the bucket of ${mount.path} an account-regional name in ${region}`;
  const free = mount.bucket.name === 'auto';
  const suggestion = free
    ? 'set bucket.namespace to global in pixgate.yaml'
    : 'choose a bucket.name in pixgate.yaml that does not end with -an';
  const options = { code: 'NAMESPACE_NOT_AVAILABLE', suggestions: [suggestion] };
  const error =
    cause === undefined
      ? new RefusedError(`${start}: the Region has none.`, options)
      : new AwsError(`${start}: ${cause.message}`, cause.failure, { ...options, cause });
  // For whoever can ask: the bucket that a global name would help, and where it is.
  return free ? Object.assign(error, { mount: mount.path, region }) : error;
}

/** @throws {RefusedError} for a bucket that cannot have Transfer Acceleration. */
function demandAcceleration(name: string, region: string): void {
  const start = `Cannot give bucket "${name}" Transfer Acceleration`;
  const off = 'set bucket.acceleration to false in pixgate.yaml';
  const code = 'ACCELERATION_NOT_AVAILABLE';
  // AWS: the name becomes part of a host name that a certificate has to cover. (S3 User Guide, transfer-acceleration)
  if (name.includes('.')) {
    const suggestions = ['choose a bucket.name without dots', off];
    throw new RefusedError(`${start}: its name has a dot.`, { code, suggestions });
  }
  if (lacksAcceleration(region)) throw new RefusedError(`${start}: ${region} has none.`, { code, suggestions: [off] });
}

async function observe(world: World, want: BucketWant, region: string): Promise<BucketHave | undefined> {
  const { aws, environment, removing } = world;
  const s3 = aws.s3In(region);
  const sighting = await s3.lookAtBucket(want.name);
  switch (sighting.kind) {
    case 'absent':
      if (want.create || removing) return undefined;
      throw refused(want.name, 'it does not exist', [
        'check bucket.name in pixgate.yaml',
        `have it made in ${region}: set bucket.create to true`,
      ]);
    case 'forbidden':
      throw refused(want.name, 'it belongs to another account, or its policy shuts you out', [
        'choose another bucket name in pixgate.yaml',
      ]);
    case 'elsewhere':
      throw refused(want.name, `it is in ${sighting.region}, not in ${region}`, [
        `set bucket.region to ${sighting.region} in pixgate.yaml`,
      ]);
    case 'present':
  }
  const found = { name: want.name, region, shared: want.sharedWith !== undefined };
  if (!want.create) return { ...found, adopted: true, tags: {}, settings: undefined };
  const tags = await s3.findBucketTags(want.name);
  if (tags === undefined) return undefined;
  demandOurs('bucket', want.name, tags, environment);
  if (found.shared) return { ...found, adopted: false, tags, settings: undefined };
  const settings = await s3.settings.read(want.name);
  if (want.settings.acceleration !== 'Enabled' && tags[ACCELERATED] === undefined)
    return { ...found, adopted: false, tags, settings };
  const acceleration = await s3.settings.readAcceleration(want.name);
  return { ...found, adopted: false, tags, settings: { ...settings, acceleration } };
}

function diff(want: BucketWant, have: BucketHave | undefined): readonly Change[] {
  // Two steps for one bucket would each find that the other changed it.
  if (want.sharedWith !== undefined) return [];
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
  if (name === 'acceleration') return (want.acceleration === 'Enabled') === (have.acceleration === 'Enabled');
  if (name === 'encryption') return sameEncryption(want.encryption, have.encryption);
  return want[name] === have[name];
}

function sameEncryption(want: BucketEncryption, have: BucketEncryption): boolean {
  if (want.algorithm !== have.algorithm || want.kmsKey !== have.kmsKey) return false;
  return want.kmsKey === undefined || want.bucketKey === have.bucketKey;
}

async function putSettings(s3: S3, want: BucketWant, have: BucketSettings): Promise<void> {
  // One after the other: S3 refuses changes of one bucket that overlap.
  for (const name of Object.keys(want.settings) as (keyof BucketSettings)[]) {
    if (!holds(name, want.settings, have)) await s3.settings.write(want.name, name, want.settings[name]);
  }
}

function refused(name: string, reason: string, suggestions: readonly string[]): RefusedError {
  return new RefusedError(`Cannot use bucket "${name}": ${reason}.`, { code: 'BUCKET_NOT_USABLE', suggestions });
}
