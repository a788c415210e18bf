import { type BigIntStats, lstatSync, readdirSync, realpathSync } from 'node:fs';
import { sep } from 'node:path';
import { UsageError } from '../errors.js';
import { compareKeys } from './compare-keys.js';
import { codeOf, isScarce } from './error-code.js';
import type { KeyFilter } from './filter.js';
import { printable } from './printable.js';
import { stampOf } from './read-image.js';

/** One ordinary file below the folder. */
export interface FoundFile {
  /** Absolute; where a link leads, for a link. */
  readonly path: string;
  /** Path below the folder with '/' between its parts, letter by letter as on the disk. */
  readonly key: string;
  /** Bytes. */
  readonly sizeBytes: number;
  /** Time of the last change of its bytes or of what the disk keeps of it, whichever is later, in whole milliseconds since 1970. */
  readonly changedMs: number;
  /** Size, both times to the nanosecond, number and disk, in one word: another one whenever the file may be another. See `stampOf`. */
  readonly stamp: string;
}

/** One thing below the folder that cannot be sent. */
export interface RefusedFile {
  /** Path below the folder, safe to print. */
  readonly file: string;
  /** Half a sentence: 'is a broken link'. */
  readonly reason: string;
}

/** What a walk may be told. */
export interface WalkOptions {
  /** Called with each hidden or housekeeping entry that is passed over and that the filter does not rule out; a folder counts once. */
  readonly onSkipped?: (file: string) => void;
  /** What the walk is about: all else is not looked at and not told. @default everything */
  readonly scope?: KeyFilter;
  /** What is wanted of that: all else is passed over, whatever it is. @default everything */
  readonly filter?: KeyFilter;
  /** Called with each entry that the filter rules out; a folder counts once. */
  readonly onFiltered?: (file: string) => void;
  /** Which links to files are followed: those that stay in the folder, or all of them. @default 'inside' */
  readonly links?: 'inside' | 'follow';
}

/** Files and folders that systems and tools, this one too, leave lying about, lower case. */
const HOUSEKEEPING = new Set(['pixgate.yaml', 'node_modules', 'thumbs.db', 'desktop.ini', '__macosx']);

/** One entry of a folder, by the key it sorts and is found under. */
interface Entry {
  readonly key: string;
  readonly path: string;
}

/** A folder on the way, and what of it is still to be walked. */
interface Folder {
  /** What the keys in it begin with: '' or 'cats/'. */
  readonly prefix: string;
  /** Names in reverse order, marked at their ends: those of folders, and behind that those that are not UTF-8. */
  readonly names: string[];
}

// Neither can stand in a name, and a name sorts as its key begins: 'a.png' comes before 'a/b.png', as in a listing of S3.
const FOLDER_MARK = '/';
const SPOILED_MARK = '\0';

/**
 * Walks a folder in the order of S3's listings, the bytes of the keys, without ever holding more than the folders on its way.
 *
 * Files come with what the disk says of them; nothing is opened. Links to files inside the folder are followed, and with
 * `links: 'follow'` those to files outside. Refused, with a reason: links that are broken, loop, lead out or lead to a folder;
 * pipes, sockets and devices; names that are not UTF-8; what cannot be read.
 * Passed over: names that begin with '.', `pixgate.yaml`, `node_modules`, `Thumbs.db` and their kind, and what the filter rules out.
 *
 * @throws {UsageError} when the folder itself is missing, is no folder, or cannot be read.
 * @throws {Error} of the system when it can open no more files at all.
 */
export function* walkImages(root: string, options: WalkOptions = {}): Generator<FoundFile | RefusedFile> {
  const base = rootOf(root);
  for (const entry of listFiles(base, openRoot(root, base), options))
    yield 'reason' in entry ? entry : attempt(entry, () => describe(entry, base, options.links));
}

/**
 * The absolute path that all keys of a folder are below, with the links on its own way resolved.
 *
 * @throws {UsageError} when the folder is missing or cannot be reached.
 */
export function rootOf(folder: string): string {
  return attemptRoot(folder, () => realpathSync.native(folder));
}

/** Where a key lies below a folder, by its `rootOf`. */
export function pathBelow(root: string, key: string): string {
  const start = root.endsWith(sep) ? root : root + sep;
  return start + (sep === '/' ? key : key.replaceAll('/', sep));
}

/** Whether a file, as a walk below a `rootOf` tells its path, lies outside: a link led there. */
export function leadsOut(root: string, path: string): boolean {
  return !path.startsWith(root.endsWith(sep) ? root : root + sep);
}

/** What is neither a folder nor passed over, in order. */
function* listFiles(base: string, root: Folder, options: WalkOptions): Generator<Entry | RefusedFile> {
  const stack = [root];
  for (let folder = stack.at(-1); folder !== undefined; folder = stack.at(-1)) {
    const marked = folder.names.pop();
    if (marked === undefined) {
      stack.pop();
      continue;
    }
    const [isSpoiled, spelled] = unmark(marked, SPOILED_MARK);
    const [isFolder, name] = unmark(spelled, FOLDER_MARK);
    const key = folder.prefix + name;
    if (!passes(options.scope, key, isFolder)) continue;
    const isWanted = passes(options.filter, key, isFolder);
    if (name.startsWith('.') || HOUSEKEEPING.has(name.toLowerCase())) {
      if (isWanted) options.onSkipped?.(printable(key));
      continue;
    }
    if (!isWanted) {
      options.onFiltered?.(printable(key));
      continue;
    }
    const entry = { key, path: pathBelow(base, key) };
    if (isSpoiled) yield refuse(entry, 'has a name that is not UTF-8');
    else if (!isFolder) yield entry;
    else {
      const inside = attempt(entry, () => openFolder(entry.path, `${key}/`));
      if ('reason' in inside) yield inside;
      else stack.push(inside);
    }
  }
}

function passes(filter: KeyFilter | undefined, key: string, isFolder: boolean): boolean {
  return filter === undefined || (isFolder ? filter.enters(key) : filter.takes(key));
}

function openRoot(root: string, base: string): Folder {
  return attemptRoot(root, () => openFolder(base, ''));
}

function attemptRoot<T>(root: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    const reasons: Record<string, string> = { ENOENT: 'there is no such folder', ENOTDIR: 'it is not a folder' };
    const reason = reasons[code] ?? `it ${explain(code)}`;
    throw new UsageError(`Cannot read images from "${printable(root)}": ${reason}.`, {
      suggestions: code in reasons ? ['correct source in pixgate.yaml, or --source'] : [],
      cause: error,
    });
  }
}

function openFolder(path: string, prefix: string): Folder {
  const names = readdirSync(path, { withFileTypes: true }).map((entry) => mark(entry.name, entry.isDirectory()));
  names.sort((a, b) => compareKeys(b, a));
  // This is read in place of what is not UTF-8. It may also be what a name really holds.
  return { prefix, names: names.some((name) => name.includes('\ufffd')) ? readSpoiledNames(path) : names };
}

function readSpoiledNames(path: string): string[] {
  const entries = readdirSync(path, { withFileTypes: true, encoding: 'buffer' }).map((entry) => ({
    bytes: entry.isDirectory() ? Buffer.concat([entry.name, Buffer.from(FOLDER_MARK)]) : entry.name,
    name: mark(entry.name.toString('utf8'), entry.isDirectory()),
  }));
  entries.sort((a, b) => Buffer.compare(b.bytes, a.bytes));
  return entries.map(({ bytes, name }) => (Buffer.from(name).equals(bytes) ? name : name + SPOILED_MARK));
}

function mark(name: string, isFolder: boolean): string {
  return isFolder ? name + FOLDER_MARK : name;
}

function unmark(name: string, sign: string): [isMarked: boolean, name: string] {
  return name.endsWith(sign) ? [true, name.slice(0, -1)] : [false, name];
}

function describe(entry: Entry, base: string, links: WalkOptions['links']): FoundFile | RefusedFile {
  const own = lstatSync(entry.path, { bigint: true });
  if (!own.isSymbolicLink()) return toFile(entry, entry.path, own);
  const target = followLink(entry);
  if (typeof target !== 'string') return target;
  const stats = lstatSync(target, { bigint: true });
  if (links !== 'follow' && leadsOut(base, target)) {
    const way = stats.isFile() ? ' (set links: follow to send it)' : '';
    return refuse(entry, `is a link that leads out of the folder${way}`);
  }
  if (stats.isDirectory()) return refuse(entry, 'is a link to a folder; only links to files are followed');
  return toFile(entry, target, stats);
}

function followLink(entry: Entry): string | RefusedFile {
  try {
    return realpathSync.native(entry.path);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return refuse(entry, 'is a broken link');
    if (code === 'ELOOP') return refuse(entry, 'is a link that leads to itself');
    throw error;
  }
}

function toFile(entry: Entry, path: string, stats: BigIntStats): FoundFile | RefusedFile {
  if (!stats.isFile()) return refuse(entry, `is ${kindOf(stats)}, not a file`);
  const { size, mtimeNs, ctimeNs } = stats;
  const changedMs = Number((mtimeNs > ctimeNs ? mtimeNs : ctimeNs) / 1_000_000n);
  return { path, key: entry.key, sizeBytes: Number(size), changedMs, stamp: stampOf(stats) };
}

function kindOf(stats: BigIntStats): string {
  if (stats.isFIFO()) return 'a pipe';
  if (stats.isSocket()) return 'a socket';
  if (stats.isBlockDevice() || stats.isCharacterDevice()) return 'a device';
  return 'something else';
}

/** Turns what the system refuses into a reason; everything else is a fault of ours and passes. */
function attempt<T>(entry: Entry, work: () => T): T | RefusedFile {
  try {
    return work();
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined || isScarce(code)) throw error;
    return refuse(entry, explain(code));
  }
}

function refuse(entry: Entry, reason: string): RefusedFile {
  return { file: printable(entry.key), reason };
}

function explain(code: string): string {
  if (code === 'EACCES' || code === 'EPERM') return 'cannot be read: permission denied';
  if (code === 'ENOENT') return 'vanished while the folder was read';
  return `cannot be read: the system answered ${code}`;
}
