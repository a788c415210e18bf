import type { Config } from '../config/config.js';
import { RefusedError } from '../errors.js';
import { removeBucket } from './empty-bucket.js';
import { BUCKET_PREFIX, bucketName, ROLE_PATH, roleName } from './names.js';
import { isOurs } from './ownership.js';
import type { AnyResource, Environment, Resource, World } from './resource.js';
import { type BehindRole, objectsBehind, readableTags } from './stray-objects.js';

/** A thing of this environment that no mount of the config explains any more: a mount was renamed, or the config is gone. */
interface Stray {
  readonly name: string;
}

/**
 * Finds roles and buckets that carry our token and belong to no mount of the config; for a removal also, before the role
 * that leads to them, the images that we sent to buckets of others.
 */
export async function findStrays(world: World, config: Config): Promise<readonly AnyResource[]> {
  const { aws, environment } = world;
  const roles = new Set(config.mounts.map((mount) => roleName(environment, mount)));
  const buckets = new Set(config.mounts.map((mount) => bucketName(environment, mount)));
  const strays: AnyResource[] = [];
  for (const { name, tags } of await aws.iam.listRoles(ROLE_PATH)) {
    if (roles.has(name) || !isOurs(tags, environment)) continue;
    const behind = objectsBehind(environment, name);
    strays.push(...(world.removing ? [behind.resource as AnyResource] : []));
    strays.push(strayRole(environment, name, behind) as AnyResource);
  }
  for (const { name, region } of await aws.s3.listBuckets(BUCKET_PREFIX)) {
    if (buckets.has(name) || !(await isOurBucket(world, name, region))) continue;
    strays.push(strayBucket(environment, name, region) as AnyResource);
  }
  return strays;
}

/** A bucket whose tags are hidden from us is not ours, as far as anyone can tell. */
async function isOurBucket({ aws, environment }: World, name: string, region: string): Promise<boolean> {
  return isOurs((await readableTags(aws.s3In(region), name)) ?? {}, environment);
}

function strayRole(environment: Environment, name: string, behind: BehindRole): Resource<Stray, Stray> {
  return {
    ...stray(`role/${name}`, name),
    observe: async ({ aws }) => {
      const role = await aws.iam.findRole(name);
      return role !== undefined && isOurs(role.tags, environment) ? { name } : undefined;
    },
    async remove({ aws }) {
      if (!behind.holds()) return aws.iam.deleteRole(name);
      throw new RefusedError(`Cannot delete role "${name}" yet: it alone tells which images pixgate sent.`, {
        code: 'IMAGES_FIRST',
        suggestions: ['run pixgate teardown again once the images can be deleted'],
      });
    },
  };
}

function strayBucket(environment: Environment, name: string, region: string): Resource<Stray, Stray> {
  return {
    ...stray(`bucket/${name}`, name),
    observe: async ({ aws }) => {
      const s3 = aws.s3In(region);
      if ((await s3.lookAtBucket(name)).kind !== 'present') return undefined;
      return isOurs((await s3.findBucketTags(name)) ?? {}, environment) ? { name } : undefined;
    },
    remove: (world) => removeBucket(world, { name, region }),
  };
}

/** What all strays share: they are only ever taken away. */
function stray(address: string, name: string): Omit<Resource<Stray, Stray>, 'observe' | 'remove'> {
  return {
    address,
    needs: [],
    desire: () => ({ name }),
    label: () => `${name}, which no mount uses`,
    diff: () => [],
    converge: (_world, want) => Promise.resolve(want),
    remember: () => ({ name }),
  };
}
