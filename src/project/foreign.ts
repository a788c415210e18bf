import { RefusedError } from '../errors.js';
import { findManifest } from '../resources/manifest.js';
import { MANIFEST_FOLDER } from '../resources/names.js';
import type { Context } from './context.js';

/** How many objects a refusal names. */
const NAMED = 3;

/**
 * Looks for objects in buckets of ours that we did not send.
 *
 * @throws {RefusedError} naming some of them: deleting the bucket would delete them.
 */
export async function refuseForeignObjects({ aws }: Context, buckets: readonly string[]): Promise<void> {
  for (const bucket of buckets) {
    const keys = (await aws.s3.listObjects(bucket, '')).map(({ key }) => key);
    const lists = keys.filter((key) => key.startsWith(MANIFEST_FOLDER) && key.endsWith('.json'));
    const manifests = await Promise.all(lists.map((key) => findManifest(aws.s3, bucket, key)));
    // A list of what we sent knows keys below the prefix only, and the mount that knows the prefix may be gone.
    const sent = manifests.flatMap((manifest) => Object.keys(manifest?.objects ?? {}));
    const ours = new Set(sent.map(lastPart));
    const isOurs = (key: string): boolean => ours.has(lastPart(key)) && sent.some((name) => key.endsWith(name));
    const foreign = keys.filter((key) => !key.startsWith(MANIFEST_FOLDER) && !isOurs(key));
    if (foreign.length === 0) continue;
    const some = foreign.slice(0, NAMED).map((key) => JSON.stringify(key));
    throw new RefusedError(
      `Cannot delete bucket "${bucket}": pixgate did not send ${foreign.length} of its objects (${some.join(', ')}).`,
      {
        code: 'FOREIGN_OBJECTS',
        suggestions: ['pixgate teardown --keep-bucket', 'pixgate teardown --including-foreign'],
      },
    );
  }
}

function lastPart(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1);
}
