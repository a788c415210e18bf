import pLimit from 'p-limit';
import type { ListedObject, S3 } from '../aws/s3.js';
import { AwsError } from '../errors.js';
import { newEtagColumn } from './etag-column.js';
import { partLists } from './former-lists.js';
import type { LocalFolder } from './local-images.js';
import { BrokenManifest, listChanged, type Named, type OpenList, readWhole, type SentList } from './manifest.js';
import { isAsWanted, isUntold, type ListState, type ObjectsHave, settlePromise } from './objects-work.js';
import { PickedImages } from './picked-images.js';
import { matchKeys, type Row } from './rows.js';

/** What is compared. */
export interface LookOptions {
  readonly bucket: string;
  /** What all keys begin with. */
  readonly prefix: string;
  /** Whole key of our list, which is no image. */
  readonly listKey: string;
  /** Our list; what it names is read once. */
  readonly list: OpenList | undefined;
  /** Whole keys that other environments send: they are left to them. */
  readonly others: ReadonlyMap<string, string>;
  /** In the order of the bytes of their keys. */
  readonly images: LocalFolder['images'];
  /** How many objects are asked about at once. */
  readonly concurrency: number;
}

/** How many objects are asked about at once, at most: each connection more costs a handshake. */
const ASKED_AT_ONCE = 64;

/** What a look finds below one prefix. */
type Seen = Omit<ObjectsHave, 'former' | 'done' | 'failed'>;

/** Compares a folder with a listing and our list. What is as it is wanted is only counted, so that memory stays flat. */
export async function lookAtObjects(s3: S3, options: LookOptions): Promise<Seen> {
  try {
    return await compare(s3, options, await openNames(options));
  } catch (error) {
    if (isReplaced(error)) throw listChanged(options.bucket, options.listKey);
    if (!(error instanceof BrokenManifest)) throw error;
    // A list that cannot be understood is as none: what the objects carry themselves tells enough to write it anew.
    return compare(s3, options, NO_NAMES);
  }
}

/** Whether our list was put anew, or deleted, while it was read. */
function isReplaced(error: unknown): boolean {
  const { awsCode, operation } = error instanceof AwsError ? error.failure : {};
  return operation === 'GetObject' && (awsCode === 'PreconditionFailed' || awsCode === 'NoSuchKey');
}

/** What our list tells of the prefix at hand. */
interface Names {
  readonly list: ListState | undefined;
  readonly elsewhere: readonly SentList[];
  readonly splits: readonly string[];
  entries(): AsyncIterable<readonly Named[]>;
}

const NO_NAMES: Names = { list: undefined, elsewhere: [], splits: [], entries: () => inOne([]) };

async function openNames({ list, prefix }: LookOptions): Promise<Names> {
  const open = list?.manifest;
  if (open === undefined) return NO_NAMES;
  if (open.prefix === prefix && open.former.length === 0) {
    return { list: open, elsewhere: [], splits: open.splits, entries: () => open.entries() };
  }
  const whole = await readWhole(open);
  if (whole === undefined) throw new BrokenManifest();
  const { here, elsewhere } = partLists(whole, prefix);
  const state = here === undefined ? undefined : { ...here, writtenMs: whole.writtenMs, seenMs: whole.seenMs };
  return { list: state, elsewhere, splits: [], entries: () => inOne([...(here?.objects ?? [])]) };
}

async function* inOne<T>(batch: T): AsyncGenerator<T> {
  yield batch;
}

async function compare(s3: S3, options: LookOptions, { list, elsewhere, splits, entries }: Names): Promise<Seen> {
  const { bucket, prefix, listKey, others, images, concurrency } = options;
  const rows = new Map<string, Row>();
  const fresh = new PickedImages(images);
  const etags = newEtagColumn();
  const untold: Row[] = [];
  let [count, bytes, strange, listed, seenMs] = [0, 0, 0, 0, 0];
  const pages = s3.listObjectPages(
    bucket,
    prefix,
    splits.map((key) => prefix + key),
  );
  const isOurs = (key: string): boolean => !others.has(prefix + key);
  await matchKeys({ images: images.values(), listing: bare(pages, prefix, listKey), entries: entries() }, (found) => {
    const entry = found.entry !== undefined && isOurs(found.key) ? found.entry : undefined;
    const { key, image, there } = found;
    const match = { key, image, there, entry };
    if (entry !== undefined) listed += 1;
    seenMs = Math.max(seenMs, there?.modifiedMs ?? 0);
    if (there === undefined && entry === undefined) {
      if (image !== undefined) fresh.add(image.number);
    } else if (image === undefined && entry === undefined) {
      strange += 1;
    } else if (isAsWanted(match, list)) {
      count += 1;
      bytes += there?.sizeBytes ?? 0;
      etags.set(image?.number ?? 0, there?.etag ?? '');
    } else {
      const row: Row = { key, there, entry, headers: undefined };
      rows.set(key, row);
      if (isUntold(match, list)) untold.push(row);
    }
  });
  const limit = pLimit(Math.min(concurrency, ASKED_AT_ONCE));
  const ask = async (row: Row): Promise<void> => {
    const headers = await s3.findObjectHeaders(bucket, prefix + row.key);
    if (headers !== undefined) rows.set(row.key, settlePromise({ ...row, headers }, list));
  };
  await Promise.all(untold.map((row) => limit(ask, row)));
  for (const { there, entry } of rows.values()) {
    if (there === undefined) continue;
    if (entry === undefined) strange += 1;
    else [count, bytes] = [count + 1, bytes + there.sizeBytes];
  }
  const gone = list?.gone.filter(isOurs) ?? [];
  const state = list === undefined ? undefined : { ...timesOf(list), complete: list.complete, gone };
  const online = { count, bytes };
  const seen = { rows, fresh, etags, seenMs, online, strange, listed, elsewhere };
  return { ...seen, list: state, listEtag: options.list?.listEtag };
}

function timesOf({ writtenMs, seenMs }: ListState): Pick<ListState, 'writtenMs' | 'seenMs'> {
  return { writtenMs, seenMs };
}

/** A listing by keys below the prefix, without our list. */
async function* bare(
  pages: AsyncIterable<Iterable<ListedObject>>,
  prefix: string,
  listKey: string,
): AsyncGenerator<Iterable<readonly [string, ListedObject]>> {
  for await (const page of pages) yield barePage(page, prefix, listKey);
}

function* barePage(
  page: Iterable<ListedObject>,
  prefix: string,
  listKey: string,
): Generator<readonly [string, ListedObject]> {
  for (const is of page) if (is.key !== listKey) yield [is.key.slice(prefix.length), is];
}
