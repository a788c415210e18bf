import type { ObjectVersion, S3 } from '../aws/s3.js';
import { AwsError, CancelledError, WaitError } from '../errors.js';
import { MANIFEST_FOLDER } from './names.js';
import { closedPolicy } from './policies.js';
import type { World } from './resource.js';

/** Rounds of emptying, of up to 1,000 objects each, before a bucket that fills up again is given up. */
const ROUNDS = 10_000;

/** Rounds in which the same version may come back before it counts as one that does not go. */
const STUBBORN_ROUNDS = 5;

/** How often a bucket that got something new at the last moment is emptied again. */
const FRESH_STARTS = 5;

/** Versions in one bulk delete. AWS: at most 1,000. */
const BATCH = 1000;

/** Removes a bucket with everything in it; gone already is success. */
export async function removeBucket(world: World, { name, region }: { name: string; region: string }): Promise<void> {
  const s3 = world.aws.s3In(region);
  for (let start = 1; ; start += 1) {
    await emptyBucket(world, s3, name);
    try {
      await s3.deleteBucket(name);
      return;
    } catch (error) {
      const isFilled = error instanceof AwsError && error.failure.awsCode === 'BucketNotEmpty';
      if (!isFilled || start === FRESH_STARTS) throw error;
    }
  }
}

/** Deletes versions and delete markers, in bulk where that works. */
export async function deleteVersions(s3: S3, bucket: string, versions: readonly ObjectVersion[]): Promise<void> {
  for (let from = 0; from < versions.length; from += BATCH) {
    const stuck = await s3.deleteVersions(bucket, versions.slice(from, from + BATCH));
    await deleteSingly(s3, bucket, stuck);
  }
}

/** AWS: some keys do not survive the XML of a bulk delete, and go one by one. */
async function deleteSingly(s3: S3, bucket: string, versions: readonly ObjectVersion[]): Promise<void> {
  for (const { key, versionId } of versions) await s3.deleteObject(bucket, key, versionId);
}

/** Removes every version, delete marker and unfinished upload. */
async function emptyBucket(world: World, s3: S3, bucket: string): Promise<void> {
  const { say, signal } = world;
  await s3.abortUploads(bucket);
  let removed = 0;
  let first = '';
  let seen = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const versions = await s3.listSomeVersions(bucket);
    if (versions.length === 0) return;
    if (signal.aborted) throw stopped(bucket, removed);
    if (round === 0) await refuseWriters(world, s3, bucket);
    const going = listsLast(versions);
    const now = JSON.stringify(going[0]);
    seen = now === first ? seen + 1 : 1;
    first = now;
    if (seen > STUBBORN_ROUNDS) throw stubborn(bucket, going);
    // What a bulk delete claims to have deleted, and what is there all the same, is deleted by name.
    if (seen > 1) await deleteSingly(s3, bucket, going);
    else await deleteVersions(s3, bucket, going);
    removed += going.length;
    say({ type: 'progress', done: removed, total: removed, unit: 'files' });
  }
  throw new WaitError(`Cannot empty bucket "${bucket}": it fills up again as fast as it is emptied.`, {
    suggestions: ['stop whatever writes to it, then run pixgate teardown again'],
  });
}

/**
 * What of a page goes now: the newest version of each list of what we sent only where nothing else is left. As long as it is
 * there, a run that breaks off half way leaves nothing behind that the next one takes for somebody else's.
 */
function listsLast(versions: readonly ObjectVersion[]): readonly ObjectVersion[] {
  // Of each key the newest comes first, so it is the one that is kept here.
  const newest = new Map(versions.toReversed().map((version) => [version.key, version]));
  const others = versions.filter((is) => !is.key.startsWith(MANIFEST_FOLDER) || newest.get(is.key) !== is);
  return others.length === 0 ? versions : others;
}

/** Shuts everybody out who writes, so that the bucket gets empty. Whoever may not set policies has to do without. */
async function refuseWriters({ environment }: World, s3: S3, bucket: string): Promise<void> {
  try {
    await s3.settings.write(bucket, 'policy', closedPolicy(environment.partition, bucket));
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== 'ACCESS_DENIED') throw error;
  }
}

function stopped(bucket: string, removed: number): CancelledError {
  return new CancelledError(
    `Stopped as asked: ${removed} objects of bucket "${bucket}" are deleted, and the rest is there.`,
    { suggestions: ['run the same command again to go on'] },
  );
}

function stubborn(bucket: string, versions: readonly ObjectVersion[]): WaitError {
  const keys = versions.slice(0, 3).map(({ key }) => JSON.stringify(key));
  return new WaitError(
    `Cannot empty bucket "${bucket}": S3 lists ${keys.join(', ')} again after every delete (${versions.length} in all).`,
    { suggestions: ['look at these objects in the S3 console, then run pixgate teardown again'] },
  );
}
