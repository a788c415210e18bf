import pLimit from 'p-limit';
import { longBody, wholeOf } from '../aws/long-body.js';
import type { ObjectLines } from '../aws/object-lines.js';
import type { Replaced, S3, StoredHeaders } from '../aws/s3.js';
import { RefusedError } from '../errors.js';
import { LIST_END, MANIFEST_FOLDER, manifestStart, ownerOfManifest } from './names.js';
import type { Environment } from './resource.js';

/** How many lists are read at once. */
const READERS = 8;

/** The head names every so-many-th key: a listing can be parted behind it. AWS: a page of one has up to 1,000 keys. */
const PAGE = 1000;

/** Entries are put together in pieces of about so many characters. */
const PIECE = 65_536;

/** Bytes of a list above which it is made once more to be sent, rather than held. */
const LONG = 4 * 1024 ** 2;

/** What we sent under one key. */
export interface ManifestEntry {
  /** ETag that S3 gave to it, without quotes; '' in a promise. */
  readonly etag: string;
  /** SHA-256 of its bytes, lower-case hexadecimal. */
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether it was about to be sent when the list was written, so that only a look tells whether it is there. @default false */
  readonly promised?: boolean;
  /** Whether the run that wrote the list sent it, and so after it had looked. @default false */
  readonly sent?: boolean;
}

/** What we sent below one prefix, and what is left of it. */
export interface SentList {
  /** What the keys of the objects begin with. */
  readonly prefix: string;
  /** By key below the prefix, in the order of their bytes. */
  readonly objects: ReadonlyMap<string, ManifestEntry>;
  /** Keys below the prefix that we deleted, of which a bucket with versioning keeps what we sent; only where it is not ours. */
  readonly gone: readonly string[];
}

/** What a list says before it names its objects. */
export interface ManifestHead extends Omit<SentList, 'objects'> {
  /** Installation that wrote it. */
  readonly token: string;
  /** false from before the first object is sent until the last one is. */
  readonly complete: boolean;
  /** The latest change that the run had seen when it looked, in milliseconds since 1970: what it did not send itself may have changed later. */
  readonly seenMs: number;
  /** What was sent below prefixes that the mount had before and is still to be removed; only in an unfinished list. */
  readonly former: readonly SentList[];
}

/** The list of what we uploaded to a mount, kept in the bucket outside the served prefix. */
export interface Manifest extends ManifestHead, SentList {}

/** When a list was written, and which it is. */
interface Written {
  /** In milliseconds since 1970, whole seconds. */
  readonly writtenMs: number;
  /** ETag of the list itself, without quotes. */
  readonly listEtag: string;
}

/** A manifest as it was read. */
export interface FoundManifest extends Manifest, Written {}

/** A manifest of which the head was read. */
export interface OpenManifest extends ManifestHead, Written {
  /** How many objects it names. */
  readonly count: number;
  /** Every thousandth key below the prefix. */
  readonly splits: readonly string[];
  /** The objects, some at a time, in the order of the bytes of their keys. Once only. @throws {BrokenManifest} */
  entries(): AsyncIterable<readonly Named[]>;
  /** Reads no further. */
  close(): Promise<void>;
}

/** A key below the prefix, and what we sent under it. */
export type Named = readonly [key: string, entry: ManifestEntry];

/** A list whose head can be understood and some line cannot. */
export class BrokenManifest extends Error {}

/** The first line. Types and headers are many objects' own, so each of them stands there once. */
interface Head extends Omit<ManifestHead, 'former'> {
  readonly pixgate: 'sent';
  readonly version: 2;
  readonly count: number;
  readonly splits: readonly string[];
  readonly stored: readonly Pick<StoredHeaders, 'contentType' | 'headers'>[];
  readonly former: readonly (Omit<SentList, 'objects'> & { readonly objects: readonly Named[] })[];
}

/** All other lines, one an object: `stored` is a place in the head's list; at the end, 1 makes it a promise, and 2 says that it was sent. */
type Line = [key: string, etag: string, sha256: string, sizeBytes: number, stored: number, state?: 1 | 2];

/** What lies where a manifest should. */
export interface OpenList {
  /** ETag of it, without quotes. */
  readonly listEtag: string;
  /** Undefined when it cannot be understood. */
  readonly manifest: OpenManifest | undefined;
}

/** Opens what lies where a manifest should; undefined when there is nothing. */
export async function openList(s3: S3, bucket: string, key: string): Promise<OpenList | undefined> {
  const found = await s3.readObjectLines(bucket, key);
  if (found === undefined) return undefined;
  return { listEtag: found.etag, manifest: await open(found) };
}

async function open(found: ObjectLines): Promise<OpenManifest | undefined> {
  const batches = found.lines[Symbol.asyncIterator]();
  const close = async (): Promise<void> => void (await batches.return?.());
  const first = await batches.next();
  const [line = '', ...rest] = first.done === true ? [] : first.value;
  const head = parseHead(line);
  if (head === undefined) {
    await close();
    return undefined;
  }
  const { token, complete, seenMs, prefix, gone, count, splits, stored, former } = head;
  async function* entries(): AsyncGenerator<readonly Named[]> {
    try {
      for (let lines: readonly string[] = rest; ; ) {
        yield lines.map((text) => parseLine(text, stored));
        const next = await batches.next();
        if (next.done === true) return;
        lines = next.value;
      }
    } finally {
      await close();
    }
  }
  const lists = former.map((list) => ({ ...list, objects: new Map(list.objects) }));
  const told = { token, complete, seenMs, prefix, gone, count, splits, former: lists };
  return { ...told, writtenMs: found.modifiedMs, listEtag: found.etag, entries, close };
}

function parseHead(line: string): Head | undefined {
  try {
    const head = JSON.parse(line) as Head | null;
    if (head?.pixgate !== 'sent' || head.version !== 2) return undefined;
    const { token, prefix, seenMs, gone, splits, stored, former } = head;
    const isWhole = [gone, splits, stored, former].every(Array.isArray) && Number.isFinite(seenMs);
    return isWhole && typeof token === 'string' && typeof prefix === 'string' ? head : undefined;
  } catch {
    return undefined;
  }
}

function parseLine(text: string, stored: Head['stored']): Named {
  try {
    const [key, etag, sha256, sizeBytes, at, state] = JSON.parse(text) as Line;
    const { contentType, headers } = stored[at] as Head['stored'][number];
    if (typeof key !== 'string') throw new Error('there is no key');
    if (state === 1) return [key, { etag, sha256, sizeBytes, contentType, headers, promised: true }];
    if (state === 2) return [key, { etag, sha256, sizeBytes, contentType, headers, sent: true }];
    return [key, { etag, sha256, sizeBytes, contentType, headers }];
  } catch (error) {
    throw new BrokenManifest('a line of the list cannot be understood', { cause: error });
  }
}

/** Reads a manifest whole; undefined when there is none, or none that can be understood. */
export async function findManifest(s3: S3, bucket: string, key: string): Promise<FoundManifest | undefined> {
  const { manifest } = (await openList(s3, bucket, key)) ?? {};
  return manifest === undefined ? undefined : readWhole(manifest);
}

/** Reads all that an open manifest names; undefined when that cannot be understood. */
export async function readWhole(open: OpenManifest): Promise<FoundManifest | undefined> {
  const objects = new Map<string, ManifestEntry>();
  try {
    for await (const batch of open.entries()) for (const [key, entry] of batch) objects.set(key, entry);
  } catch (error) {
    if (error instanceof BrokenManifest) return undefined;
    throw error;
  }
  const { token, complete, seenMs, prefix, gone, former, writtenMs, listEtag } = open;
  return { token, complete, seenMs, prefix, gone, former, writtenMs, listEtag, objects };
}

/** Every whole key that a list names: with its ETag, where that is more than a promise. */
export function keysOnList({ former, ...list }: Manifest): Map<string, string | undefined> {
  const keysOf = ({ prefix, objects, gone }: SentList) => [
    ...gone.map((key) => [prefix + key, undefined] as const),
    ...[...objects].map(([key, { etag, promised }]) => [prefix + key, promised === true ? undefined : etag] as const),
  ];
  return new Map([...former, list].flatMap(keysOf));
}

/** What the lists in a bucket say of each whole key that any of them names. */
export interface ListedKeys {
  /** What this environment sent: with ETags, where they are more than promises. */
  readonly ours: ReadonlyMap<string, string | undefined>;
  /** What other environments sent, and their lists: whose it is, in words. */
  readonly others: ReadonlyMap<string, string>;
  /** How many lists of this environment there are, without those that cannot be understood. */
  readonly lists: number;
}

/** Reads all lists in a bucket but that under `except`. What several environments name counts as the others' too. */
export async function readListedKeys(
  s3: S3,
  bucket: string,
  environment: Environment,
  except?: string,
): Promise<ListedKeys> {
  const start = manifestStart(environment);
  const limit = pLimit(READERS);
  const keys = (await s3.listObjects(bucket, MANIFEST_FOLDER)).map(({ key }) => key);
  const found = await Promise.all(
    keys
      .filter((key) => key.endsWith(LIST_END) && key !== except)
      .map((key) => limit(async () => [key, await findManifest(s3, bucket, key)] as const)),
  );
  const ours = new Map<string, string | undefined>();
  const others = new Map<string, string>();
  let lists = 0;
  for (const [key, list] of found) {
    const isAtHome = key.startsWith(start);
    if (isAtHome && list?.token === environment.token) {
      lists += 1;
      for (const [name, etag] of keysOnList(list)) ours.set(name, etag);
    } else if (list !== undefined || !isAtHome) {
      const whose = isAtHome && list !== undefined ? `installation ${list.token}` : ownerOfManifest(key);
      for (const name of [key, ...(list === undefined ? [] : keysOnList(list).keys())]) others.set(name, whose);
    }
  }
  return { ours, others, lists };
}

/**
 * Writes a manifest whole, in the place of the one that was read and of no other: answers its ETag. The entries are asked for
 * more than once, and are the same each time.
 *
 * @throws {RefusedError} when somebody else wrote it since; nothing is written.
 */
export async function putManifest(
  s3: S3,
  place: { readonly bucket: string; readonly key: string; readonly replaced: Replaced },
  head: ManifestHead,
  entries: () => Iterable<Named>,
): Promise<string> {
  const { bucket, key, replaced } = place;
  const text = longBody(writeLines(head, entries));
  const body = text.byteLength > LONG ? text : wholeOf(text);
  const { sha256 } = text;
  const object = { key, body, contentType: 'application/x-ndjson', headers: { 'Cache-Control': 'no-store' }, sha256 };
  const etag = await s3.replaceObject(bucket, object, replaced);
  if (etag !== undefined) return etag;
  const there = await s3.findObjectHeaders(bucket, key);
  // A try whose answer was lost has put it there.
  if (there?.sha256 === sha256) return there.etag;
  throw listChanged(bucket, key);
}

/** That another run wrote the list while this one read or kept it. */
export function listChanged(bucket: string, key: string): RefusedError {
  return new RefusedError(
    `Cannot keep the list of what is sent to "${bucket}": another run wrote it at "${key}" meanwhile.`,
    {
      code: 'LIST_CHANGED',
      suggestions: ['wait until nobody else uploads to this environment, then run the same command again'],
    },
  );
}

/** The text of a list, in pieces. Its head tells what only the last of its entries knows, so they are gone through twice. */
function writeLines(head: ManifestHead, entries: () => Iterable<Named>): () => Iterable<Buffer> {
  const splits: string[] = [];
  const stored = newPlaces();
  let count = 0;
  for (const [key, entry] of entries()) {
    count += 1;
    if (count % PAGE === 0) splits.push(key);
    stored.placeOf(entry);
  }
  const { token, complete, seenMs, prefix, gone } = head;
  const former = head.former.map((list) => ({ ...list, objects: [...list.objects] }));
  const told = { token, complete, seenMs, prefix, gone, former };
  const first: Head = { pixgate: 'sent', version: 2, ...told, count, splits, stored: stored.all };
  return function* pieces() {
    let text = `${JSON.stringify(first)}\n`;
    for (const [key, entry] of entries()) {
      const { etag, sha256, sizeBytes, promised, sent } = entry;
      const line: Line = [key, etag, sha256, sizeBytes, stored.placeOf(entry)];
      if (promised === true) line.push(1);
      else if (sent === true) line.push(2);
      text += `${JSON.stringify(line)}\n`;
      if (text.length < PIECE) continue;
      yield Buffer.from(text);
      text = '';
    }
    yield Buffer.from(text);
  };
}

/** Gives each pair of type and headers a place in one list, and the same pairs the same place. */
function newPlaces(): { all: Head['stored']; placeOf(entry: ManifestEntry): number } {
  const all: Head['stored'][number][] = [];
  const byText = new Map<string, number>();
  // Most entries share the very object, and then its text need not be made.
  const known = new Map<string, Map<object, number>>();
  return {
    all,
    placeOf({ contentType, headers }) {
      const ofType = known.get(contentType) ?? new Map<object, number>();
      known.set(contentType, ofType);
      const text = ofType.has(headers) ? '' : JSON.stringify([contentType, headers]);
      const place = ofType.get(headers) ?? byText.get(text) ?? all.push({ contentType, headers }) - 1;
      if (text !== '') byText.set(text, place);
      ofType.set(headers, place);
      return place;
    },
  };
}
