import pLimit from 'p-limit';
import type { Config, MountConfig } from '../config/config.js';
import { AwsError, RefusedError } from '../errors.js';
import { removeBucket } from './empty-bucket.js';
import { mayBeBucketOf } from './hidden-bucket.js';
import { BUCKET_PREFIX, bucketName, ROLE_PATH, roleName } from './names.js';
import { isOurs } from './ownership.js';
import type { AnyResource, Environment, Resource, World } from './resource.js';
import { type BehindRole, findRead, objectsBehind, readableTags } from './stray-objects.js';
import { unlessDenied } from './things.js';

/** How many buckets are asked for their tags at once. */
const READERS = 8;

/** A thing of this environment that no mount of the config explains any more: a mount was renamed, or the config is gone. */
export interface Stray {
  readonly name: string;
  /** Of a bucket: where it lies. */
  readonly region?: string;
}

/**
 * Finds roles and buckets that carry our token and belong to no mount of the config; for a removal also, before the role
 * that leads to them, the images that we sent to buckets of others.
 *
 * Without a config an own bucket may have any name, so that a removal reads the tags of all buckets. What may not be looked
 * for is, for a removal, a thing that cannot be looked at.
 */
export async function findStrays(world: World, config: Config): Promise<readonly AnyResource[]> {
  const { environment, removing } = world;
  const blind: AnyResource[] = [];
  const lookFor = async <T>(what: string, search: Promise<readonly T[]>): Promise<readonly T[]> => {
    try {
      return await search;
    } catch (error) {
      if (!removing || !isDenied(error)) throw error;
      blind.push(unseen(what, error));
      return [];
    }
  };
  const known = new Set(config.mounts.map((mount) => bucketName(environment, mount)));
  const roles = await lookFor('roles that no mount uses', findStrayRoles(world, config));
  const prefix = removing && config.mounts.length === 0 ? '' : BUCKET_PREFIX;
  const found = await lookFor('buckets that no mount uses', findStrayBuckets(world, prefix, known));
  const led = await findBucketsBehind(world, roles, new Set([...known, ...found.map(({ name }) => name)]));
  return [
    ...roles.flatMap((role) => roleAndImages(world, role)),
    ...[...found, ...led].map((bucket) => (bucket.isHidden ? hiddenBucket(bucket) : strayBucket(environment, bucket))),
    ...blind,
  ] as readonly AnyResource[];
}

/** A bucket that no mount uses. */
interface FoundBucket {
  readonly name: string;
  readonly region: string;
  /** Whether nobody can tell whose it is: its tags may not be read, and its name is one of ours. */
  readonly isHidden: boolean;
}

/**
 * Of the mounts of the config whose role still reads another bucket, since the config was changed: their images there,
 * and the mounts' roles, which stay while those do.
 */
export function guardRoles(
  { environment }: World,
  config: Config,
  resources: readonly AnyResource[],
): readonly AnyResource[] {
  const behind = new Map(config.mounts.map((mount) => [`role/${mount.id}`, formerObjects(environment, mount)]));
  const guarded = resources.map((resource): AnyResource => {
    const images = behind.get(resource.address);
    if (images === undefined) return resource;
    return {
      ...resource,
      async remove(world, have) {
        if (images.holds()) throw imagesFirst(resource.address);
        await resource.remove(world, have);
      },
    };
  });
  return [...[...behind.values()].map(({ resource }) => resource as AnyResource), ...guarded];
}

/** The images that a mount sent to a bucket of others which its role still reads, and the config no longer names. */
function formerObjects(environment: Environment, mount: MountConfig): BehindRole {
  return objectsBehind(environment, roleName(environment, mount), bucketName(environment, mount));
}

async function findStrayRoles({ aws, environment }: World, config: Config): Promise<readonly string[]> {
  const known = new Set(config.mounts.map((mount) => roleName(environment, mount)));
  const roles = (await aws.iam.listRoles(ROLE_PATH)).filter(({ tags }) => isOurs(tags, environment));
  return roles.map(({ name }) => name).filter((name) => !known.has(name));
}

function roleAndImages({ environment, removing }: World, name: string): readonly unknown[] {
  const behind = objectsBehind(environment, name);
  return [...(removing ? [behind.resource] : []), strayRole(environment, name, behind)];
}

async function findStrayBuckets(
  { aws, environment, removing }: World,
  prefix: string,
  known: ReadonlySet<string>,
): Promise<readonly FoundBucket[]> {
  const limit = pLimit(READERS);
  const buckets = (await aws.s3.listBuckets(prefix)).filter(({ name }) => !known.has(name));
  const found = buckets.map(({ name, region }) =>
    limit(async (): Promise<FoundBucket[]> => {
      const tags = await readableTags(aws.s3In(region), name);
      const isHidden = tags === undefined && removing && mayBeBucketOf({ name, region }, environment);
      return isHidden || isOurs(tags ?? {}, environment) ? [{ name, region, isHidden }] : [];
    }),
  );
  return (await Promise.all(found)).flat();
}

/** Own buckets of a name that the config chose once: roles of ours still read them. */
async function findBucketsBehind(
  { aws, environment }: World,
  roles: readonly string[],
  known: ReadonlySet<string>,
): Promise<readonly FoundBucket[]> {
  const found = new Map<string, FoundBucket>();
  for (const role of roles) {
    // Whoever may not read the policy is told when the images behind the role are looked for.
    const { bucket: name } = (await unlessDenied(findRead(aws, role))) ?? {};
    if (name === undefined || known.has(name) || found.has(name)) continue;
    const sighting = await aws.s3.lookAtBucket(name);
    if (sighting.kind === 'absent') continue;
    const region = sighting.kind === 'elsewhere' ? sighting.region : environment.region;
    if (!isOurs((await readableTags(aws.s3In(region), name)) ?? {}, environment)) continue;
    found.set(name, { name, region, isHidden: false });
  }
  return [...found.values()];
}

function strayRole(environment: Environment, name: string, behind: BehindRole): Resource<Stray, Stray> {
  return {
    ...stray(`role/${name}`, name),
    observe: async ({ aws }) => {
      const role = await aws.iam.findRole(name);
      return role !== undefined && isOurs(role.tags, environment) ? { name } : undefined;
    },
    async remove({ aws }) {
      if (behind.holds()) throw imagesFirst(name);
      await aws.iam.deleteRole(name);
    },
  };
}

function imagesFirst(role: string): RefusedError {
  return new RefusedError(`Cannot delete role "${role}" yet: it alone tells which images pixgate sent.`, {
    code: 'IMAGES_FIRST',
    suggestions: ['run pixgate teardown again once the images can be deleted'],
  });
}

function strayBucket(environment: Environment, { name, region }: FoundBucket): Resource<Stray, Stray> {
  return {
    ...stray(`bucket/${name}`, name),
    observe: async ({ aws }) => {
      const s3 = aws.s3In(region);
      const { kind } = await s3.lookAtBucket(name);
      if (kind === 'absent' || !isOurs((await s3.findBucketTags(name)) ?? {}, environment)) return undefined;
      if (kind === 'present') return { name, region };
      throw new RefusedError(
        `Cannot look into bucket "${name}", which is ours by its tags: its policy shuts you out.`,
        {
          code: 'BUCKET_NOT_USABLE',
          suggestions: ['run it with credentials that may list and delete it, or delete its policy'],
        },
      );
    },
    remove: (world) => removeBucket(world, { name, region }),
  };
}

/** A bucket that may be ours: it stays, and is named. */
function hiddenBucket({ name, region }: FoundBucket): Resource<Stray, Stray> {
  return {
    ...stray(`bucket/${name}`, name),
    observe: async ({ aws }) => {
      if ((await aws.s3In(region).lookAtBucket(name)).kind === 'absent') return undefined;
      throw new RefusedError(`Cannot tell whose bucket "${name}" is: you may not read its tags.`, {
        code: 'TAGS_HIDDEN',
        suggestions: ['allow s3:GetBucketTagging, then run pixgate teardown again'],
      });
    },
    remove: () => Promise.reject(new Error(`${name} is never there to be taken away`)),
  };
}

/** A kind of things that may not be looked for: there is nothing to take away, and no telling that there is nothing. */
function unseen(what: string, denial: AwsError): AnyResource {
  return {
    ...stray(what, what),
    observe: () => Promise.reject(denial),
    remove: () => Promise.reject(denial),
  } as Resource<Stray, Stray> as AnyResource;
}

function isDenied(error: unknown): error is AwsError {
  return error instanceof AwsError && error.code === 'ACCESS_DENIED';
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
