import { setMaxListeners } from 'node:events';
import type { ListedObjects } from './listed-objects.js';

/** Where a page of a listing begins: behind a key, where another page said, or at the front. */
export interface PageStart {
  /** The page has only keys that come after this one. */
  readonly after?: string;
  /** What the page before told to go on with. */
  readonly token?: string;
}

/** One page of a listing. */
export interface ObjectPage {
  readonly items: ListedObjects;
  /** Where the next page begins; undefined on the last one. */
  readonly next: string | undefined;
}

/** Reads one page, or gives up as soon as `signal` is given. */
export type ReadPage = (start: PageStart, signal: AbortSignal) => Promise<ObjectPage>;

/** Pages that are asked for or wait for their turn, at most: each holds up to 1,000 objects. */
const AHEAD = 4;

/** What lies behind one key and up to another, which belongs to it. */
interface Part {
  readonly after: string;
  /** Undefined: all the rest. */
  readonly last: string | undefined;
}

/**
 * Reads a listing of the keys that begin with `prefix` page by page, in the order of their bytes, four pages ahead of
 * whoever takes them. AWS: a page tells where the next one begins, so only a key that is known beforehand lets another
 * part be read at the same time. `splits` are such keys; one that is not in order or not below the prefix is passed over.
 * Costs one page per 1,000 objects, and at most one more for each split.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
 */
export async function* listInParts(
  read: ReadPage,
  prefix: string,
  splits: Iterable<string>,
): AsyncGenerator<ListedObjects, void, undefined> {
  const stop = new AbortController();
  // Each of the requests listens to it, and a few that just ended.
  setMaxListeners(0, stop.signal);
  const parts = partsOf(prefix, splits);
  const ahead: Promise<ObjectPage & { readonly part: Part }>[] = [];
  const ask = (part: Part, start: PageStart) => {
    const page = read(start, stop.signal).then((is) => ({ part, ...endAt(part.last, is) }));
    // Nobody waits for what lies behind a failure, or behind the page at which the taker left.
    page.catch(() => {});
    return page;
  };
  const askAhead = (): void => {
    while (ahead.length < AHEAD) {
      const { value: part } = parts.next();
      if (part === undefined) return;
      ahead.push(ask(part, part.after === '' ? {} : { after: part.after }));
    }
  };
  try {
    askAhead();
    for (let first = ahead.shift(); first !== undefined; first = ahead.shift()) {
      const { part, items, next } = await first;
      if (next === undefined) askAhead();
      else ahead.unshift(ask(part, { token: next }));
      if (!items.isEmpty) yield items;
    }
  } finally {
    stop.abort();
    parts.return(undefined);
  }
}

function* partsOf(prefix: string, splits: Iterable<string>): Generator<Part, undefined, undefined> {
  let after = '';
  for (const split of splits) {
    if (!split.startsWith(prefix) || !isAfter(split, after)) continue;
    yield { after, last: split };
    after = split;
  }
  yield { after, last: undefined };
  return undefined;
}

/** A page without what comes after a key; when the page reaches that far, it is the last one. */
function endAt(last: string | undefined, page: ObjectPage): ObjectPage {
  const end = page.items.last;
  if (last === undefined || end === undefined || isAfter(last, end.key)) return page;
  if (end.key === last) return { items: page.items, next: undefined };
  return { items: page.items.until((key) => isAfter(key, last)), next: undefined };
}

/** Whether a key comes after another one in a listing: S3 sorts by their bytes. */
function isAfter(key: string, other: string): boolean {
  return Buffer.compare(Buffer.from(key), Buffer.from(other)) > 0;
}
