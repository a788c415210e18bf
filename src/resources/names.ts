import { createHash } from 'node:crypto';
import type { Config, MountConfig } from '../config/config.js';
import type { Environment } from './resource.js';

/** IAM path of every role we make, so that strays are found. */
export const ROLE_PATH = '/pixgate/';

/** Begins every bucket name we choose. */
export const BUCKET_PREFIX = 'pixgate-';

/** Begins every access-log group we make. */
export const LOG_GROUP_PREFIX = '/pixgate/';

type Place = Pick<Environment, 'account' | 'partition' | 'region' | 'name' | 'stage'>;

const BUCKET_MAX = 63;
const ROLE_MAX = 64;

/** The Region of a mount's bucket: its own, else the API's. */
export function bucketRegion(place: Pick<Place, 'region'>, mount: MountConfig): string {
  return mount.bucket.region ?? place.region;
}

/**
 * The bucket of a mount: the one named in the config, else a name that tells environment and mount.
 *
 * A name of the account's own namespace ends in account and Region, so nobody else can take it, before us or after us.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/gpbucketnamespaces.html
 */
export function bucketName(place: Place, mount: MountConfig): string {
  if (mount.bucket.name !== 'auto') return mount.bucket.name;
  const end = bucketNamespace(mount) === 'global' ? '' : `-${place.account}-${bucketRegion(place, mount)}-an`;
  const wish = `${BUCKET_PREFIX}${place.name}-${place.stage}-${mount.id}`;
  return hashed(wish, place, mount.id, BUCKET_MAX - end.length) + end;
}

/** The namespace that a mount's bucket is made in; follows from the config alone. */
export function bucketNamespace({ bucket }: MountConfig): 'account-regional' | 'global' {
  return bucket.namespace ?? (bucket.name === 'auto' ? 'account-regional' : 'global');
}

/** Regions known to have no account-regional names. Others may have none either: then CreateBucket says so. */
const GLOBAL_ONLY: readonly string[] = ['me-central-1', 'me-south-1'];

/**
 * Whether a mount's bucket is to have an account-regional name in a Region that is known to have none.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/gpbucketnamespaces.html
 */
export function lacksNamespace(region: string, mount: MountConfig): boolean {
  return bucketNamespace(mount) === 'account-regional' && GLOBAL_ONLY.includes(region);
}

/** The KMS key that a mount's images are encrypted with; undefined for S3's own keys. */
export function kmsKeyOf({ bucket }: MountConfig): string | undefined {
  return typeof bucket.encryption === 'object' ? bucket.encryption.kms : undefined;
}

/** The role that API Gateway takes on to read a mount. IAM is one for all Regions, so the hash covers the Region. */
export function roleName(place: Place, mount: Pick<MountConfig, 'id'>): string {
  return hashed(`pixgate-${place.name}-${place.stage}-${mount.id}`, place, mount.id, ROLE_MAX);
}

/** The role's ARN, which follows from its name. */
export function roleArn(place: Place, name: string): string {
  return `arn:${place.partition}:iam::${place.account}:role${ROLE_PATH}${name}`;
}

/** The role that API Gateway writes logs with: one for the account and Region. */
export function loggingRoleName(region: string): string {
  return `pixgate-logging-${region}`;
}

/** The REST API. Names of APIs need not be unique; the tags decide. */
export function apiName(config: Pick<Config, 'name' | 'stage'>): string {
  return `${config.name}-${config.stage}`;
}

/** Begins the name of every user pool we make. */
export const POOL_PREFIX = 'pixgate-';

const POOL_NAME_MAX = 128;

/** The user pool of an environment. Names of pools need not be unique, so a long one is just cut; the tags decide. */
export function poolName({ name, stage }: Pick<Place, 'name' | 'stage'>): string {
  return `${POOL_PREFIX}${name}-${stage}`.slice(0, POOL_NAME_MAX);
}

/** The app client in it. */
export function poolClientName({ name, stage }: Pick<Place, 'name' | 'stage'>): string {
  return `${name}-${stage}`.slice(0, POOL_NAME_MAX);
}

/** The API key that wire makes. Names of keys need not be unique; the tags decide. */
export function firstKeyName(config: Pick<Config, 'name' | 'stage'>): string {
  return `${apiName(config)}-default`;
}

/** The log group of the stage's access log. */
export function accessLogGroup(place: Place): string {
  return `${LOG_GROUP_PREFIX}${place.name}/${place.stage}/access`;
}

/** Begins the log group that API Gateway writes the execution log of any stage to. */
export const EXECUTION_LOG_PREFIX = 'API-Gateway-Execution-Logs_';

/** The log group of a stage's execution log: AWS's choice. */
export function executionLogGroup(apiId: string, stage: string): string {
  return `${EXECUTION_LOG_PREFIX}${apiId}/${stage}`;
}

/** Below this lie the lists of what we uploaded, one a mount. None is ever served. */
export const MANIFEST_FOLDER = '.pixgate/';

/** What the keys of lists end with. */
export const LIST_END = '.ndjson';

type Owner = Pick<Environment, 'name' | 'stage' | 'region'>;

/** What the keys of an environment's lists begin with. */
export function manifestStart({ name, stage, region }: Owner): string {
  return `${MANIFEST_FOLDER}${name}.${stage}.${region}.`;
}

/** Where the list of what we uploaded to a mount lies. Environments may share an adopted bucket, so it tells them apart. */
export function manifestKey(place: Owner, mount: MountConfig): string {
  return `${manifestStart(place)}${mount.id}${LIST_END}`;
}

/** Tells the mounts whose lists of uploads are among some keys of a bucket: the keys, by mount id. */
export function mountsOfManifests(place: Owner, keys: readonly string[]): ReadonlyMap<string, string> {
  const start = manifestStart(place);
  const lists = keys.filter((key) => key.startsWith(start) && key.endsWith(LIST_END));
  return new Map(lists.map((key) => [key.slice(start.length, -LIST_END.length), key]));
}

/** Says in words whose list lies under a key. */
export function ownerOfManifest(key: string): string {
  const [name, stage, region, mount] = key.slice(MANIFEST_FOLDER.length).split('.');
  if (mount === undefined) return 'another environment of pixgate';
  return `environment "${name}", stage "${stage}", in ${region}`;
}

/** A valid name that ends in six characters of a hash of everything that tells this thing from all others. */
function hashed(wish: string, { account, region, name, stage }: Place, mountId: string, maxLength: number): string {
  const hash = createHash('sha256')
    .update([account, region, name, stage, mountId].join('\n'))
    .digest('hex')
    .slice(0, 6);
  const plain = wish
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .slice(0, maxLength - hash.length - 1);
  return `${plain.replace(/-+$/, '')}-${hash}`;
}
