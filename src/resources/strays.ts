import type { Config } from '../config/config.js';
import { removeBucket } from './bucket.js';
import { BUCKET_PREFIX, bucketName, ROLE_PATH, roleName } from './names.js';
import { isOurs } from './ownership.js';
import type { AnyResource, Environment, Resource, World } from './resource.js';

/** A thing of this environment that no mount of the config explains any more: a mount was renamed, or the config is gone. */
interface Stray {
  readonly name: string;
}

/** Finds roles and buckets that carry our token and belong to no mount of the config. */
export async function findStrays(world: World, config: Config): Promise<readonly AnyResource[]> {
  const { aws, environment } = world;
  const roles = new Set(config.mounts.map((mount) => roleName(environment, mount)));
  const buckets = new Set(config.mounts.map((mount) => bucketName(environment, mount)));
  const strays: AnyResource[] = [];
  for (const { name, tags } of await aws.iam.listRoles(ROLE_PATH)) {
    if (!roles.has(name) && isOurs(tags, environment)) strays.push(strayRole(environment, name) as AnyResource);
  }
  for (const { name, region } of await aws.s3.listBuckets(BUCKET_PREFIX)) {
    if (buckets.has(name) || !isOurs((await aws.s3In(region).findBucketTags(name)) ?? {}, environment)) continue;
    strays.push(strayBucket(environment, name, region) as AnyResource);
  }
  return strays;
}

function strayRole(environment: Environment, name: string): Resource<Stray, Stray> {
  return {
    ...stray(`role/${name}`, name),
    observe: async ({ aws }) => {
      const role = await aws.iam.findRole(name);
      return role !== undefined && isOurs(role.tags, environment) ? { name } : undefined;
    },
    remove: ({ aws }) => aws.iam.deleteRole(name),
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
