import pLimit from 'p-limit';
import type { ListedVersion, S3 } from '../aws/s3.js';
import { deleteVersions } from './empty-bucket.js';

/** What we sent to a bucket. */
export interface Sent {
  /** By whole key: the ETag that it has, where that is known. */
  readonly objects: ReadonlyMap<string, string | undefined>;
  /**
   * When the list that tells the ETags was written, in milliseconds since 1970. What was put later may be of others, with the
   * same bytes, and is asked for our digest. @default 0
   */
  readonly writtenMs?: number;
  /** The whole key that nobody but us writes to. */
  readonly listKey?: string;
}

/** How many objects are asked for our digest at once. */
const ASKED_AT_ONCE = 16;

/**
 * Takes what we sent out of a bucket, and leaves under every key what was there before: where versions are kept, each
 * version of ours goes for good, with the delete markers that lie on it.
 *
 * What somebody put in place of an object of ours is theirs, and stays: answers its keys.
 */
export async function takeBack(s3: S3, bucket: string, sent: Sent): Promise<string[]> {
  const { objects, listKey, writtenMs = 0 } = sent;
  const stacks = await readStacks(s3, bucket, new Set(objects.keys()));
  const limit = pLimit(ASKED_AT_ONCE);
  const carriesDigest = ({ key, versionId }: ListedVersion): Promise<boolean> =>
    limit(async () => (await s3.findObjectHeaders(bucket, key, versionId))?.sha256 !== undefined);
  const found = await Promise.all(
    [...stacks].map(async ([key, stack]) => {
      const etag = objects.get(key);
      return [key, stack, await findOurs(stack, { etag, writtenMs, carriesDigest })] as const;
    }),
  );
  const goes: ListedVersion[] = [];
  const replaced: string[] = [];
  for (const [key, stack, ours] of found) {
    goes.push(...(await hideTheirs(s3, bucket, stack, ours)));
    const [top] = stack;
    if (top !== undefined && !top.isMarker && !ours.has(top)) replaced.push(key);
  }
  await deleteVersions(s3, bucket, goes);
  // Last: as long as it is there, a broken-off run is taken up again.
  if (listKey !== undefined) await deleteVersions(s3, bucket, await s3.listVersions(bucket, listKey));
  return replaced;
}

/** All versions and delete markers of some keys, by key, the newest first. */
async function readStacks(s3: S3, bucket: string, keys: ReadonlySet<string>): Promise<Map<string, ListedVersion[]>> {
  const stacks = new Map<string, ListedVersion[]>();
  if (keys.size === 0) return stacks;
  for (const version of await s3.listVersions(bucket, commonStart([...keys]))) {
    if (keys.has(version.key)) stacks.set(version.key, [...(stacks.get(version.key) ?? []), version]);
  }
  // AWS: versions and markers come in two lists, with times in whole seconds. A marker of the same second was put on top.
  const age = ({ isLatest, isMarker, modifiedMs }: ListedVersion): number[] => [
    isLatest ? 0 : 1,
    -modifiedMs,
    isMarker ? 0 : 1,
  ];
  for (const stack of stacks.values()) stack.sort((a, b) => firstDifference(age(a), age(b)));
  return stacks;
}

function firstDifference(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at === -1 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}

/** What tells an object of ours. */
interface Signs {
  readonly etag: string | undefined;
  readonly writtenMs: number;
  carriesDigest(version: ListedVersion): Promise<boolean>;
}

/** The versions of one key that we sent, and the markers that lie right on one of them. */
async function findOurs(
  stack: readonly ListedVersion[],
  { etag, writtenMs, carriesDigest }: Signs,
): Promise<ReadonlySet<ListedVersion>> {
  const ours = new Set<ListedVersion>();
  for (const version of stack.filter(({ isMarker }) => !isMarker)) {
    // Of several versions the ETag cannot tell: theirs may hold the same bytes. Ours carry a digest.
    const isTold = stack.length === 1 && etag !== undefined;
    const isAsTold = version.etag === etag && version.modifiedMs <= writtenMs;
    if (isTold && version.etag !== etag) continue;
    if ((isTold && isAsTold) || (await carriesDigest(version))) ours.add(version);
  }
  // A marker with nothing under it hides what was ours: where versioning is suspended it took that one's place.
  let belowIsOurs = true;
  for (const version of stack.toReversed()) {
    if (!version.isMarker) belowIsOurs = ours.has(version);
    else if (belowIsOurs) ours.add(version);
  }
  return ours;
}

/**
 * Answers which versions are still to be deleted.
 *
 * AWS: where versioning is suspended, an object takes the place of a delete marker that was there. Without a new marker an
 * old version of theirs, which they had deleted, would come back to light.
 */
async function hideTheirs(
  s3: S3,
  bucket: string,
  stack: readonly ListedVersion[],
  ours: ReadonlySet<ListedVersion>,
): Promise<ListedVersion[]> {
  const top = stack.findIndex((version) => !ours.has(version));
  // Where versioning is on, nothing of theirs lost its place: what comes to light was there to be seen before.
  const tookPlace = stack.slice(0, Math.max(top, 0)).some(({ versionId }) => versionId === 'null');
  const uncovers = tookPlace && stack[top]?.isMarker === false;
  const key = stack[0]?.key;
  if (!uncovers || key === undefined) return [...ours];
  const marker = await s3.deleteObject(bucket, key);
  return [...ours].filter(({ versionId }) => versionId !== marker);
}

/** The longest text that all keys begin with. */
function commonStart(keys: readonly string[]): string {
  const [first = ''] = keys;
  const differs = (length: number): boolean => keys.some((key) => !key.startsWith(first.slice(0, length)));
  let length = first.length;
  while (length > 0 && differs(length)) length -= 1;
  return first.slice(0, length);
}
