import pLimit from 'p-limit';
import type { Aws } from '../aws/aws.js';
import type { Tags } from '../aws/iam.js';
import type { S3 } from '../aws/s3.js';
import { RefusedError } from '../errors.js';
import { findManifest, keysOnList, readListedKeys } from './manifest.js';
import { MANIFEST_FOLDER, mountsOfManifests, roleName } from './names.js';
import { isOurs } from './ownership.js';
import type { Environment, Resource } from './resource.js';
import { READ_POLICY_NAME } from './role.js';
import { type Sent, takeBack } from './take-back.js';
import { unlessDenied } from './things.js';

/** How many objects are asked for our digest at once. */
const ASKED_AT_ONCE = 16;

/** What we sent to a bucket that is not ours, for a mount that the config does not know any more. */
export interface StrayObjects {
  readonly bucket: string;
  /** Region of the bucket. */
  readonly region: string;
  readonly sent: Sent;
}

/** The images behind a role that no mount uses, and whether the role has to stay because of them. */
export interface BehindRole {
  readonly resource: Resource<undefined, StrayObjects>;
  /** Whether images are left that could not be looked for, or not be taken away. */
  holds(): boolean;
}

/**
 * What a role leads to: its policy names the bucket that it reads, and our list in that bucket the images that we sent.
 * Nothing else tells of them once the config is lost, so the role has to outlast them. The bucket `served`, which a mount
 * of the config still uses, is passed over.
 */
export function objectsBehind(environment: Environment, role: string, served?: string): BehindRole {
  let held = false;
  const holding = async <T>(work: Promise<T>): Promise<T> => {
    held = true;
    const outcome = await work;
    held = false;
    return outcome;
  };
  return {
    holds: () => held,
    resource: {
      address: `objects/${role}`,
      needs: [],
      desire: () => undefined,
      label: () => `images that ${role} reads, and that no mount uses`,
      observe: ({ aws }) => holding(findBehind(aws, environment, role, served)),
      diff: () => [],
      converge: () => Promise.reject(new Error(`${role} is only ever taken away`)),
      async remove({ aws, say }, { bucket, region, sent }) {
        for (const key of await holding(takeBack(aws.s3In(region), bucket, sent)))
          say({ text: `${JSON.stringify(key)} stays: somebody put another object in its place` });
      },
      remember: ({ bucket }) => ({ bucket }),
    },
  };
}

/**
 * Looks for what we sent to the bucket of others that a role's policy names, unless that is `served`.
 *
 * @throws {RefusedError} when the bucket shuts us out, or holds images of ours of which no list tells any more.
 */
export async function findBehind(
  aws: Aws,
  environment: Environment,
  role: string,
  served?: string,
): Promise<StrayObjects | undefined> {
  const read = await findRead(aws, role);
  if (read === undefined || read.bucket === served) return undefined;
  const { bucket, prefix } = read;
  const sighting = await aws.s3.lookAtBucket(bucket);
  if (sighting.kind === 'absent') return undefined;
  const region = sighting.kind === 'elsewhere' ? sighting.region : environment.region;
  const s3 = aws.s3In(region);
  // A bucket of ours goes whole, and its tags tell of it.
  if (isOurs((await readableTags(s3, bucket)) ?? {}, environment)) return undefined;
  if (sighting.kind === 'forbidden') throw shutOut(bucket);
  const keys = (await s3.listObjects(bucket, MANIFEST_FOLDER)).map(({ key }) => key);
  for (const [id, listKey] of mountsOfManifests(environment, keys)) {
    const list = roleName(environment, { id }) === role ? await findManifest(s3, bucket, listKey) : undefined;
    if (list?.token !== environment.token) continue;
    return { bucket, region, sent: { objects: keysOnList(list), writtenMs: list.writtenMs, listKey } };
  }
  if (await holdsUnlisted(s3, environment, bucket, prefix)) throw withoutList(bucket, prefix);
  return undefined;
}

/** Where the policy of a role lets it read: a bucket, and what keys begin with; undefined when it tells of none. */
export async function findRead(
  { iam }: Aws,
  role: string,
): Promise<{ readonly bucket: string; readonly prefix: string } | undefined> {
  const policy = (await iam.findRolePolicy(role, READ_POLICY_NAME)) ?? '';
  const resources = [...policy.matchAll(/"arn:[a-z-]+:s3:::([a-z0-9._-]+)\/([^"]*?)\*?"/g)];
  const places = resources.map(([, bucket = '', prefix = '']) => ({ bucket, prefix }));
  // The lists are named as well, since nobody may read them.
  return places.find(({ prefix }) => prefix !== MANIFEST_FOLDER);
}

function shutOut(bucket: string): RefusedError {
  return new RefusedError(`Cannot look for what pixgate sent to bucket "${bucket}": its owner shuts you out.`, {
    code: 'BUCKET_NOT_USABLE',
    suggestions: ['run it with credentials that may list and delete objects there'],
  });
}

/** Whether objects below a prefix carry our digest and are on no list: those of other environments are on theirs. */
async function holdsUnlisted(s3: S3, environment: Environment, bucket: string, prefix: string): Promise<boolean> {
  const objects = await s3.listObjects(bucket, prefix);
  if (objects.length === 0) return false;
  const { ours, others } = await readListedKeys(s3, bucket, environment);
  const limit = pLimit(ASKED_AT_ONCE);
  let found = false;
  const ask = async (key: string): Promise<void> => {
    if (found || ours.has(key) || others.has(key)) return;
    if ((await s3.findObjectHeaders(bucket, key))?.sha256 !== undefined) found = true;
  };
  await Promise.all(objects.map(({ key }) => limit(() => ask(key))));
  return found;
}

/** That nothing tells any more which objects in a bucket of others are ours. */
export function withoutList(bucket: string, prefix: string): RefusedError {
  const where = `s3://${bucket}/${prefix}`;
  return new RefusedError(`Cannot tell which images in ${where} pixgate sent: its list of them is gone.`, {
    code: 'LIST_LOST',
    suggestions: [
      'run pixgate upload with the config that sent them, which writes the list anew, then pixgate teardown',
      `delete by hand what is yours in ${where}, then run pixgate teardown again`,
    ],
  });
}

/** The tags of a bucket; undefined when there is none, or when they are hidden from us. */
export async function readableTags(s3: S3, bucket: string): Promise<Tags | undefined> {
  return unlessDenied(s3.findBucketTags(bucket));
}
