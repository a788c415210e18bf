import type { Aws } from '../aws/aws.js';
import type { Tags } from '../aws/iam.js';
import type { S3 } from '../aws/s3.js';
import { AwsError, RefusedError } from '../errors.js';
import { findManifest, type Manifest } from './manifest.js';
import { MANIFEST_FOLDER, mountsOfManifests, roleName } from './names.js';
import { isOurs } from './ownership.js';
import type { Environment, Resource, World } from './resource.js';
import { READ_POLICY_NAME } from './role.js';
import { type Sent, takeBack } from './take-back.js';

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
 * Nothing else tells of them once the config is lost, so the role has to outlast them.
 */
export function objectsBehind(environment: Environment, role: string): BehindRole {
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
      observe: (world) => holding(findBehind(world, role)),
      diff: () => [],
      converge: () => Promise.reject(new Error(`${role} is only ever taken away`)),
      async remove({ aws, say }, { bucket, region, sent }) {
        for (const key of await holding(takeBack(aws.s3In(region), bucket, sent)))
          say({ text: `${JSON.stringify(key)} stays: somebody put another object in its place` });
      },
      remember: ({ bucket }) => ({ bucket }),
    },
  };

  async function findBehind({ aws }: World, name: string): Promise<StrayObjects | undefined> {
    const bucket = bucketOf(await aws.iam.findRolePolicy(name, READ_POLICY_NAME));
    const region = bucket === undefined ? undefined : await findRegion(aws, bucket);
    if (bucket === undefined || region === undefined) return undefined;
    const s3 = aws.s3In(region);
    // A bucket of ours goes whole.
    if (isOurs((await readableTags(s3, bucket)) ?? {}, environment)) return undefined;
    const keys = (await s3.listObjects(bucket, MANIFEST_FOLDER)).map(({ key }) => key);
    for (const [id, listKey] of mountsOfManifests(environment, keys)) {
      const manifest = roleName(environment, { id }) === name ? await findManifest(s3, bucket, listKey) : undefined;
      if (manifest?.token === environment.token)
        return { bucket, region, sent: { objects: sentOf(manifest), listKey } };
    }
    return undefined;
  }

  async function findRegion({ s3 }: Aws, bucket: string): Promise<string | undefined> {
    const sighting = await s3.lookAtBucket(bucket);
    switch (sighting.kind) {
      case 'absent':
        return undefined;
      case 'present':
        return environment.region;
      case 'elsewhere':
        return sighting.region;
      case 'forbidden':
        throw new RefusedError(`Cannot look for what pixgate sent to bucket "${bucket}": its owner shuts you out.`, {
          code: 'BUCKET_NOT_USABLE',
          suggestions: ['run it with credentials that may list and delete objects there'],
        });
    }
  }
}

/** The bucket that a policy lets a role read; undefined when it is none of ours. */
function bucketOf(policy: string | undefined): string | undefined {
  return policy === undefined ? undefined : /"arn:[a-z-]+:s3:::([a-z0-9._-]+)\//.exec(policy)?.[1];
}

/** The tags of a bucket; undefined when there is none, or when they are hidden from us. */
export async function readableTags(s3: S3, bucket: string): Promise<Tags | undefined> {
  return s3.findBucketTags(bucket).catch((error: unknown) => {
    if (error instanceof AwsError && error.code === 'ACCESS_DENIED') return undefined;
    throw error;
  });
}

/** Every whole key of a list, with its ETag where that is more than a promise. */
function sentOf(manifest: Manifest): Map<string, string | undefined> {
  const keysOf = ({ prefix, objects, gone = [] }: NonNullable<Manifest['former']>, complete: boolean) => [
    ...gone.map((key) => [prefix + key, undefined] as const),
    ...Object.entries(objects).map(([key, { etag }]) => [prefix + key, complete ? etag : undefined] as const),
  ];
  const { former, complete } = manifest;
  return new Map([...(former === undefined ? [] : keysOf(former, true)), ...keysOf(manifest, complete)]);
}
