import { mostSockets } from '../aws/most-sockets.js';
import type { Replaced, S3 } from '../aws/s3.js';
import { AwsError, CancelledError } from '../errors.js';
import { judgeContent } from '../files/judge-content.js';
import { readImage, sha256Of } from '../files/read-image.js';
import type { FailedFile } from '../model/result.js';
import { createFlow, watchThread } from './flow.js';
import type { LocalImage } from './local-images.js';
import type { ManifestEntry } from './manifest.js';
import { sameHeaders, type Work } from './objects-work.js';
import { createProgress } from './progress.js';
import type { World } from './resource.js';
import { workThrough } from './work-through.js';

/** Where images are sent, and what is known of it. */
export interface Destination {
  readonly s3: S3;
  readonly bucket: string;
  /** What all keys begin with. */
  readonly prefix: string;
  /** What was seen there under a key below the prefix: nothing that came since is overwritten. */
  readonly seen: (key: string) => { readonly etag: string } | undefined;
  /** How many are sent at once, at most. */
  readonly concurrency: number;
  /** Hears what is there now of an image of which something was sent. */
  readonly onSent: (image: LocalImage, entry: ManifestEntry) => void;
}

/** So many images that fail one after the other, with none that succeeds, are no longer the images' fault. */
const FAILURES_IN_A_ROW = 3;

/** Failures of a call after which the next image may well succeed. */
const PASSING = new Set(['AWS', 'NO_ANSWER', 'CONNECTION_LOST', 'NOT_AWS']);

/** Why one file was not sent: half a sentence, to follow its name. */
class NotSent extends Error {
  readonly code: FailedFile['code'];

  constructor(code: FailedFile['code'], reason: string) {
    super(reason);
    this.code = code;
  }
}

/**
 * Sends images and headers, several at once, each one whole or not at all. One that fails keeps no other from being sent:
 * answers those. What S3 refuses for haste is sent later and slower.
 *
 * @throws {AwsError} when no call can succeed any more.
 * @throws {CancelledError} when the signal was given; what is under way is finished first.
 */
export async function sendImages(world: World, to: Destination, work: Work): Promise<readonly FailedFile[]> {
  const { put, headers } = work;
  const total = put.length + headers.length;
  const failed: FailedFile[] = [];
  let inARow = 0;
  let broken: unknown;
  const sizes = new Uint32Array(put.length);
  let place = 0;
  for (const { sizeBytes } of put) sizes[place++] = sizeBytes;
  const bytesOf = (at: number): number => sizes[at] ?? 0;
  const bytesTotal = sizes.reduce((sum, bytes) => sum + bytes, 0);
  const progress = createProgress(world, total, bytesTotal);
  const flow = createFlow({
    clock: world.clock,
    most: Math.min(to.concurrency, mostSockets()),
    isBusy: watchThread(),
    onSlow: (perSecond) => world.say({ text: `S3 asks to slow down: going on with about ${perSecond} files a second` }),
  });
  const send = async (at: number): Promise<boolean> => {
    const image = at < put.length ? put.at(at) : headers.at(at - put.length);
    if (image === undefined) return true;
    const { cuts } = flow;
    try {
      to.onSent(image, await (at < put.length ? putImage : putHeaders)(to, image));
      inARow = 0;
      flow.succeed();
    } catch (error) {
      const isHasty = isHaste(error);
      if (isHasty && flow.slowDown(cuts)) return false;
      inARow += error instanceof AwsError ? 1 : 0;
      const isLost = isHasty || inARow >= FAILURES_IN_A_ROW;
      const failure = isLost ? undefined : failureOf(image.key, error);
      if (failure === undefined) broken ??= error;
      else failed.push(failure);
    }
    progress.add(bytesOf(at));
    return true;
  };
  const isOver = (): boolean => world.signal.aborted || broken !== undefined;
  await workThrough({ total, flow, bytesOf, isOver, signal: world.signal }, send);
  progress.end();
  if (broken !== undefined) throw broken;
  if (world.signal.aborted && progress.done < total) {
    throw new CancelledError(`Stopped as asked: ${progress.done - failed.length} of ${total} files are sent.`, {
      suggestions: ['run the same command again to send the rest'],
    });
  }
  return failed;
}

/** Whether S3 refused a call because there are too many of them, by SlowDown and by other names. */
function isHaste(error: unknown): boolean {
  return error instanceof AwsError && (error.failure.status === 503 || error.failure.status === 429);
}

/** What is to be said of one file that failed; undefined when the others would fare no better. */
function failureOf(file: string, error: unknown): FailedFile | undefined {
  if (error instanceof NotSent) return { file, reason: error.message, code: error.code };
  if (!(error instanceof AwsError) || !PASSING.has(error.code)) return undefined;
  const { operation, awsCode } = error.failure;
  return { file, reason: error.message, code: 'AWS', call: { operation, awsCode } };
}

/**
 * Deletes objects of ours, several at once, and leaves those that somebody else put in their place: answers what went, by key,
 * with the delete marker that lies there now where versions are kept.
 *
 * @throws {CancelledError} when the signal was given; what is under way is finished first.
 */
export async function removeImages(
  world: World,
  to: Pick<Destination, 's3' | 'bucket' | 'prefix' | 'seen' | 'concurrency'>,
  keys: readonly string[],
  onRemoved: (key: string, marker: string | undefined) => void,
): Promise<void> {
  const total = keys.length;
  const progress = createProgress(world, total);
  let taken = 0;
  const worker = async (): Promise<void> => {
    for (let key = keys[taken++]; key !== undefined && !world.signal.aborted; key = keys[taken++]) {
      const deleted = await to.s3.deleteObjectAsSeen(to.bucket, to.prefix + key, to.seen(key)?.etag ?? '');
      if (deleted === false)
        world.say({ text: `${JSON.stringify(key)} stays: somebody put another object in its place` });
      else onRemoved(key, deleted.marker);
      progress.add();
    }
  };
  await Promise.all(Array.from({ length: Math.min(to.concurrency, total) }, worker));
  progress.end();
  if (!world.signal.aborted || progress.done === total) return;
  throw new CancelledError(`Stopped as asked: ${progress.done} of ${total} images are removed.`, {
    suggestions: ['run the same command again to remove the rest'],
  });
}

async function putImage(to: Destination, image: LocalImage): Promise<ManifestEntry> {
  const read = readImage(image);
  if ('reason' in read) throw new NotSent('FILE_CHANGED', read.reason);
  const sha256 = read.stamp === image.stamp ? image.sha256 : sha256Of(read.bytes);
  if (sha256 !== image.sha256) demandSameType(image, read.bytes);
  const { contentType, headers } = image;
  const { bytes: body } = read;
  const object = { contentType, headers, sha256, key: to.prefix + image.key, body };
  const entry = (etag: string): ManifestEntry => ({ etag, sha256, sizeBytes: body.byteLength, contentType, headers });
  const seen = to.seen(image.key);
  let replaced: Replaced = seen === undefined ? 'nothing' : { etag: seen.etag };
  for (;;) {
    const etag = await to.s3.replaceObject(to.bucket, object, replaced, true);
    if (etag !== undefined) return entry(etag);
    const there = await to.s3.findObjectHeaders(to.bucket, object.key);
    // A try whose answer was lost has put it there.
    if (there?.sha256 === sha256 && sameHeaders(object, there)) return entry(there.etag);
    if (there !== undefined || replaced === 'nothing') throw overtaken();
    replaced = 'nothing';
  }
}

/** A file that was written anew since it was checked may be anything. */
function demandSameType(image: LocalImage, bytes: Buffer): void {
  const now = judgeContent(image.key, bytes);
  if ('type' in now && now.type === image.contentType && now.active.length === 0) return;
  throw new NotSent('FILE_CHANGED', 'reason' in now ? `changed: now it ${now.reason}` : 'changed since it was checked');
}

async function putHeaders(to: Destination, image: LocalImage): Promise<ManifestEntry> {
  const { sha256, sizeBytes, contentType, headers } = image;
  const key = to.prefix + image.key;
  const seen = to.seen(image.key)?.etag ?? '';
  const etag = await to.s3.putObjectHeaders(to.bucket, key, { contentType, headers, sha256 }, seen);
  if (etag !== undefined) return { etag, sha256, sizeBytes, contentType, headers };
  const there = await to.s3.findObjectHeaders(to.bucket, key);
  const isAsWanted = there?.sha256 === sha256 && sameHeaders({ contentType, headers }, there);
  if (!isAsWanted) throw overtaken();
  return { etag: there.etag, sha256, sizeBytes, contentType, headers };
}

function overtaken(): NotSent {
  return new NotSent('OBJECT_CHANGED', 'somebody else changed what is there since it was looked at, so it is left');
}
