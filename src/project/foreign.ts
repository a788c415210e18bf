import { RefusedError } from '../errors.js';
import { findManifest } from '../resources/manifest.js';
import { bucketName, manifestKey } from '../resources/names.js';
import type { Context } from './context.js';

/**
 * Looks for objects in our own buckets that we did not send.
 *
 * @throws {RefusedError} naming some of them: deleting the bucket would delete them.
 */
export async function refuseForeignObjects({ config, environment, aws }: Context): Promise<void> {
  const buckets = new Map<string, Set<string>>();
  for (const mount of config.mounts.filter((is) => is.bucket.create)) {
    const bucket = bucketName(environment, mount);
    const manifest = await findManifest(aws.s3, bucket, manifestKey(mount));
    const sent = Object.keys(manifest?.objects ?? {}).map((key) => mount.bucket.prefix + key);
    // Two mounts may share a bucket: what either sent is ours.
    buckets.set(bucket, new Set([...(buckets.get(bucket) ?? []), manifestKey(mount), ...sent]));
  }
  for (const [bucket, ours] of buckets) {
    const foreign = (await aws.s3.listObjects(bucket, '')).map(({ key }) => key).filter((key) => !ours.has(key));
    if (foreign.length === 0) continue;
    const some = foreign
      .slice(0, 3)
      .map((key) => JSON.stringify(key))
      .join(', ');
    throw new RefusedError(
      `Cannot delete bucket "${bucket}": pixgate did not send ${foreign.length} of its objects (${some}).`,
      {
        code: 'FOREIGN_OBJECTS',
        suggestions: ['pixgate teardown --keep-bucket', 'pixgate teardown --including-foreign  deletes them too'],
      },
    );
  }
}
