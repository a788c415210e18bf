import type { BucketSettings } from '../aws/bucket-settings.js';
import type { Tags } from '../aws/iam.js';
import type { MountConfig } from '../config/config.js';
import { AwsError } from '../errors.js';
import { findManifest } from '../resources/manifest.js';
import { bucketName, MANIFEST_FOLDER, manifestKey, roleArn, roleName } from '../resources/names.js';
import { isOurs, TAG } from '../resources/ownership.js';
import type { Context } from './context.js';
import { findShutOuts, refusesPlainHttp } from './shut-outs.js';

/** How many objects a finding names. */
const NAMED = 3;

/** Storage classes whose objects S3 hands out only after a restore. */
const ARCHIVED = new Set(['GLACIER', 'DEEP_ARCHIVE']);

/** One object under the prefix of an adopted bucket that we did not send. */
export interface StrangeObject {
  /** The whole key. */
  readonly key: string;
  /** AWS's name of the class; absent where the listing does not tell. */
  readonly storageClass?: string;
}

/** What a look at an adopted bucket found. */
export interface AdoptedBucket {
  /** Undefined when they may not be read. */
  readonly settings: BucketSettings | undefined;
  readonly tags: Tags;
  /** Below the prefix, without what we sent ourselves. */
  readonly objects: readonly StrangeObject[];
  /** ARN of the key that the config names; undefined when it names none. */
  readonly kmsKey: string | undefined;
  /** The role that API Gateway reads the bucket with. */
  readonly roleArn: string;
  /** Whether its tags are those of another environment of pixgate. */
  readonly othersEnvironment: boolean;
}

/**
 * Looks at every bucket that is used and not made, and says in sentences what may keep images from being served, and what
 * else will be served. Changes nothing. What is not there, or somebody else's, is refused before.
 */
export async function auditAdopted(context: Context): Promise<string[]> {
  const notices: string[] = [];
  for (const mount of context.config.mounts.filter(({ bucket }) => !bucket.create)) {
    const bucket = bucketName(context.environment, mount);
    const said = `audit of bucket ${bucket}${mount.bucket.prefix === '' ? '' : `, ${mount.bucket.prefix}`}`;
    const findings = await auditMount(context, mount, bucket);
    const clean = `it is of this account and in the right Region, and nothing in it stands in the way.`;
    notices.push(...(findings.length === 0 ? [clean] : findings).map((finding) => `${said}: ${finding}`));
  }
  return notices;
}

async function auditMount({ aws, environment }: Context, mount: MountConfig, bucket: string): Promise<string[]> {
  const { prefix, region = environment.region, encryption = 'aes256' } = mount.bucket;
  const s3 = aws.s3In(region);
  const denied: string[] = [];
  const settings = await ifAllowed(denied, 'its settings are not known', () => s3.settings.read(bucket));
  const tags = await ifAllowed(denied, 'its tags are not known', () => s3.findBucketTags(bucket));
  const listed = await ifAllowed(denied, 'its objects are not known', () => s3.listObjects(bucket, prefix));
  const manifest = await ifAllowed(denied, 'all objects count as those of others', () =>
    findManifest(s3, bucket, manifestKey(environment, mount)),
  );
  const sent = new Set([...(manifest?.objects.keys() ?? [])].map((key) => prefix + key));
  const findings = describeFindings({
    settings,
    tags: tags ?? {},
    objects: (listed ?? []).filter(({ key }) => !sent.has(key) && !key.startsWith(MANIFEST_FOLDER)),
    kmsKey: encryption === 'aes256' ? undefined : encryption.kms,
    roleArn: roleArn(environment, roleName(environment, mount)),
    othersEnvironment: tags?.[TAG.token] !== undefined && !isOurs(tags, environment),
  });
  return [...findings, ...denied];
}

/** What may not be read is said, and is no reason not to read the rest. */
async function ifAllowed<T>(denied: string[], so: string, read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== 'ACCESS_DENIED') throw error;
    denied.push(`${error.failure.operation} is not allowed to you, so ${so}.`);
    return undefined;
  }
}

/** What somebody should know before images are served from such a bucket, a sentence each. Pure. */
export function describeFindings(bucket: AdoptedBucket): string[] {
  const { settings, tags, objects } = bucket;
  const archived = objects.filter(({ storageClass = '' }) => ARCHIVED.has(storageClass));
  return [
    ...(settings === undefined ? [] : describeSettings(settings, bucket)),
    ...(bucket.othersEnvironment
      ? [
          `it belongs to pixgate's environment "${tags[TAG.name] ?? ''}", stage "${tags[TAG.stage] ?? ''}", whose teardown deletes it.`,
        ]
      : []),
    ...(objects.length > 0
      ? [`${count(objects)} that pixgate did not send will be served too: ${names(objects)}.`]
      : []),
    ...(archived.length > 0 ? [`S3 refuses to read what is archived, until it is restored: ${names(archived)}.`] : []),
  ];
}

function describeSettings(settings: BucketSettings, { roleArn: role, kmsKey: named }: AdoptedBucket): string[] {
  const { algorithm, kmsKey } = settings.encryption;
  // AWS: the key that S3 makes for an account (aws/s3) lets everybody decrypt who may read; a key of one's own does not.
  const locked = algorithm.startsWith('aws:kms') && kmsKey !== '' && kmsKey !== named;
  const found: [boolean, string][] = [
    [
      locked,
      `new objects are encrypted with KMS, and the role may decrypt them only when bucket.encryption names the key: { kms: ${kmsKey} }.`,
    ],
    [
      settings.objectOwnership !== 'BucketOwnerEnforced',
      'its ACLs are on, so objects that other accounts put there may not be readable, and are then 403.',
    ],
    [!settings.publicAccessBlocked, 'Block Public Access is not on in full; that is left as it is.'],
    [!refusesPlainHttp(settings.policy), 'no policy refuses plain HTTP; that is left as it is.'],
    [
      settings.versioning !== 'Off',
      `versioning is ${settings.versioning === 'Enabled' ? 'on' : 'suspended'}: teardown deletes every version that pixgate sent, and leaves all others.`,
    ],
  ];
  return [...findShutOuts(settings.policy, role), ...found.flatMap(([holds, sentence]) => (holds ? [sentence] : []))];
}

function count(objects: readonly StrangeObject[]): string {
  return objects.length === 1 ? '1 object' : `${objects.length} objects`;
}

function names(objects: readonly StrangeObject[]): string {
  const some = objects.slice(0, NAMED).map(({ key }) => JSON.stringify(key));
  const more = objects.length - some.length;
  return [...some, ...(more > 0 ? [`and ${more} more`] : [])].join(', ');
}
