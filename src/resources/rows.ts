import type { FoundHeaders, ListedObject } from '../aws/s3.js';
import { compareKeys } from '../files/compare-keys.js';
import type { LocalImage } from './local-images.js';
import type { ManifestEntry, Named } from './manifest.js';

/** One key below the prefix of a mount, and what is known of it besides its file. */
export interface Row {
  readonly key: string;
  /** What the listing tells; undefined: there is no object. */
  readonly there: ListedObject | undefined;
  /** What our list tells of it. */
  readonly entry: ManifestEntry | undefined;
  /** What HEAD tells, where the list could not. */
  readonly headers: FoundHeaders | undefined;
}

/** The same keys in three places, each in the order of the bytes of its keys. */
export interface Sources {
  /** Of the folder. */
  readonly images: Iterable<LocalImage>;
  /** What lies in the bucket, by keys below the prefix. */
  readonly listing: AsyncIterable<Iterable<readonly [key: string, there: ListedObject]>>;
  /** What our list names. */
  readonly entries: AsyncIterable<Iterable<Named>>;
}

/** What a row is made of, and the file that goes with it. */
export interface Match extends Omit<Row, 'headers'> {
  readonly image: LocalImage | undefined;
}

/** Reads three sources side by side and tells each key once, in order. No more of them is held than they give at a time. */
export async function matchKeys({ images, listing, entries }: Sources, hear: (match: Match) => void): Promise<void> {
  const files = images[Symbol.iterator]();
  const [objects, sent] = [newCursor(listing), newCursor(entries)];
  try {
    let file = files.next();
    for (;;) {
      if (objects.isEmpty()) await objects.fill();
      if (sent.isEmpty()) await sent.fill();
      const [object, named] = [objects.first(), sent.first()];
      const image = file.done === true ? undefined : file.value;
      const key = least(image?.key, least(object?.[0], named?.[0]));
      if (key === undefined) return;
      const [isFile, isThere, isSent] = [image?.key === key, object?.[0] === key, named?.[0] === key];
      hear({
        key,
        image: isFile ? image : undefined,
        there: isThere ? object?.[1] : undefined,
        entry: isSent ? named?.[1] : undefined,
      });
      if (isFile) file = files.next();
      if (isThere) objects.skip();
      if (isSent) sent.skip();
    }
  } finally {
    await Promise.all([objects.close(), sent.close()]);
  }
}

function least(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return compareKeys(a, b) <= 0 ? a : b;
}

/** A place in a sequence of batches. */
interface Cursor<T> {
  /** Whether `fill` has to be called before `first` can tell. */
  isEmpty(): boolean;
  fill(): Promise<void>;
  /** Undefined at the end. */
  first(): T | undefined;
  skip(): void;
  close(): Promise<void>;
}

function newCursor<T>(batches: AsyncIterable<Iterable<T>>): Cursor<T> {
  const iterator = batches[Symbol.asyncIterator]();
  let batch: Iterator<T> | undefined;
  let [first, isOver]: [T | undefined, boolean] = [undefined, false];
  const skip = (): void => {
    const next = batch?.next();
    if (next === undefined || next.done === true) [batch, first] = [undefined, undefined];
    else first = next.value;
  };
  return {
    isEmpty: () => !isOver && batch === undefined,
    async fill() {
      while (!isOver && batch === undefined) {
        const next = await iterator.next();
        isOver = next.done === true;
        batch = next.done === true ? undefined : next.value[Symbol.iterator]();
        skip();
      }
    },
    first: () => first,
    skip,
    close: async () => void (await iterator.return?.()),
  };
}
