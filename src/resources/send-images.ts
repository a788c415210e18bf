import type { Replaced, S3 } from '../aws/s3.js';
import { AwsError, CancelledError } from '../errors.js';
import { judgeContent } from '../files/judge-content.js';
import { readImage, sha256Of } from '../files/read-image.js';
import type { FailedFile } from '../model/result.js';
import type { LocalImage } from './local-images.js';
import type { ManifestEntry } from './manifest.js';
import { sameHeaders, type Work } from './objects-work.js';
import type { World } from './resource.js';

/** Where images are sent, and what is known of it. */
export interface Destination {
  readonly s3: S3;
  readonly bucket: string;
  /** What all keys begin with. */
  readonly prefix: string;
  /** What was seen under a key: nothing that came since is overwritten. */
  readonly seen: (key: string) => { readonly etag: string } | undefined;
  /** How many are sent at once. */
  readonly concurrency: number;
  /** Hears what is there now under a key of which something was sent. */
  readonly onSent: (key: string, entry: ManifestEntry) => void;
}

/** So many images that fail one after the other, with none that succeeds, are no longer the images' fault. */
const FAILURES_IN_A_ROW = 3;

/** Bytes of files that are held at once, whatever the concurrency; one file alone may be larger. */
const BYTES_AT_ONCE = 64 * 1_048_576;

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
 * answers those.
 *
 * @throws {AwsError} when no call can succeed any more.
 * @throws {CancelledError} when the signal was given; what is under way is finished first.
 */
export async function sendImages(world: World, to: Destination, work: Work): Promise<readonly FailedFile[]> {
  const { images } = work;
  const [put, headers] = [work.put, work.headers].map((keys) => keys.flatMap((key) => images.get(key) ?? [])) as [
    LocalImage[],
    LocalImage[],
  ];
  const total = put.length + headers.length;
  const bytesTotal = put.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const failed: FailedFile[] = [];
  let [taken, done, bytesDone, inARow] = [0, 0, 0, 0];
  let broken: unknown;
  const room = makeRoom(BYTES_AT_ONCE);
  const run = async (image: LocalImage, bytes: number, send: typeof putImage): Promise<void> => {
    try {
      to.onSent(image.key, await send(to, image));
      inARow = 0;
    } catch (error) {
      inARow += error instanceof AwsError ? 1 : 0;
      const failure = inARow < FAILURES_IN_A_ROW ? failureOf(image.key, error) : undefined;
      if (failure === undefined) broken ??= error;
      else failed.push(failure);
    }
    done += 1;
    bytesDone += bytes;
    world.say({ type: 'progress', done, total, unit: 'files', bytesDone, bytesTotal });
  };
  const worker = async (): Promise<void> => {
    while (taken < total && !world.signal.aborted && broken === undefined) {
      const at = taken++;
      const image = put[at];
      if (image === undefined) {
        const other = headers[at - put.length];
        if (other !== undefined) await run(other, 0, putHeaders);
        continue;
      }
      await room.take(image.sizeBytes);
      await run(image, image.sizeBytes, putImage).finally(() => room.give(image.sizeBytes));
    }
  };
  await Promise.all(Array.from({ length: Math.min(to.concurrency, total) }, worker));
  if (broken !== undefined) throw broken;
  if (world.signal.aborted && done < total) {
    throw new CancelledError(`Stopped as asked: ${done - failed.length} of ${total} files are sent.`, {
      suggestions: ['run the same command again to send the rest'],
    });
  }
  return failed;
}

/** Room for so many bytes: who takes some waits until they fit, or until there is nothing else inside. */
function makeRoom(bytes: number): { take(size: number): Promise<void>; give(size: number): void } {
  let held = 0;
  const waiting: (() => void)[] = [];
  return {
    async take(size) {
      while (held > 0 && held + size > bytes) await new Promise<void>((resolve) => waiting.push(resolve));
      held += size;
    },
    give(size) {
      held -= size;
      for (const resolve of waiting.splice(0)) resolve();
    },
  };
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
  let [taken, done] = [0, 0];
  const worker = async (): Promise<void> => {
    for (let key = keys[taken++]; key !== undefined && !world.signal.aborted; key = keys[taken++]) {
      const deleted = await to.s3.deleteObjectAsSeen(to.bucket, to.prefix + key, to.seen(key)?.etag ?? '');
      if (deleted === false)
        world.say({ text: `${JSON.stringify(key)} stays: somebody put another object in its place` });
      else onRemoved(key, deleted.marker);
      done += 1;
      world.say({ type: 'progress', done, total, unit: 'files' });
    }
  };
  await Promise.all(Array.from({ length: Math.min(to.concurrency, total) }, worker));
  if (!world.signal.aborted || done === total) return;
  throw new CancelledError(`Stopped as asked: ${done} of ${total} images are removed.`, {
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
  const stored = { contentType, headers, sha256 };
  const object = { ...stored, key: to.prefix + image.key, body };
  const entry = (etag: string): ManifestEntry => ({ etag, sha256, sizeBytes: body.byteLength, contentType, headers });
  const seen = to.seen(image.key);
  let replaced: Replaced = seen === undefined ? 'nothing' : { etag: seen.etag };
  for (;;) {
    const etag = await to.s3.replaceObject(to.bucket, object, replaced);
    if (etag !== undefined) return entry(etag);
    const there = await to.s3.findObjectHeaders(to.bucket, object.key);
    // A try whose answer was lost has put it there.
    if (there?.sha256 === sha256 && sameHeaders(stored, there)) return entry(there.etag);
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
  const seen = to.seen(image.key)?.etag ?? image.etag;
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
