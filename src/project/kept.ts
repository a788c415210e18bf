import { surveyForRemoval } from '../engine/plan.js';
import type { Job } from '../engine/survey.js';
import type { Address } from '../model/plan.js';
import type { BucketHave } from '../resources/bucket.js';
import { roleName } from '../resources/names.js';
import { TAG } from '../resources/ownership.js';
import type { RoleHave } from '../resources/role.js';
import type { Stray } from '../resources/strays.js';
import { retagBucket } from '../resources/things.js';
import type { Context } from './context.js';

/**
 * Tells what of all that was seen a teardown keeps that keeps the buckets: them, the images in them, and the roles that
 * alone lead to images in buckets of others, which the config does not name.
 */
export function keptAmong({ config, environment }: Context, seen: readonly Address[]): ReadonlySet<Address> {
  const mounts = new Map(config.mounts.map((mount) => [roleName(environment, mount), mount.id]));
  const ids = new Set(config.mounts.map(({ id }) => id));
  const stored = seen.filter((address) => /^(bucket|objects)\//.test(address));
  const unnamed = stored
    .filter((address) => address.startsWith('objects/'))
    .map((address) => address.slice('objects/'.length))
    .filter((owner) => !ids.has(owner));
  return new Set([...stored, ...unnamed.map((role) => `role/${mounts.get(role) ?? role}`)]);
}

/** Something that is kept, and whose lease would have it deleted all the same. */
export interface LeasedKept {
  readonly address: Address;
  /** Takes its lease off. */
  release(): Promise<void>;
}

/** Finds what carries a lease of all that a teardown keeps. */
export async function findLeasedKept(context: Context, job: Job): Promise<readonly LeasedKept[]> {
  const { sights, obstacles } = await surveyForRemoval(job);
  const kept = keptAmong(context, [...sights.keys(), ...obstacles.map(({ address }) => address)]);
  const { iam, s3In } = context.aws;
  const leased: LeasedKept[] = [];
  for (const [address, { have }] of sights) {
    if (!kept.has(address)) continue;
    if (address.startsWith('bucket/')) {
      const { name, region = '', adopted } = { adopted: false, ...(have as BucketHave | Stray) };
      const tags = adopted ? {} : await s3In(region).findBucketTags(name);
      const release = () => retagBucket(s3In(region), name, TAG.expires, undefined);
      if (tags?.[TAG.expires] !== undefined) leased.push({ address, release });
    } else if (address.startsWith('role/')) {
      const name = 'role' in (have as RoleHave | Stray) ? (have as RoleHave).role.name : (have as Stray).name;
      const tags = (await iam.findRole(name))?.tags;
      if (tags?.[TAG.expires] !== undefined) leased.push({ address, release: () => iam.untagRole(name, TAG.expires) });
    }
  }
  return leased;
}
