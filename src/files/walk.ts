import { type BigIntStats, type Dirent, lstatSync, readdirSync, realpathSync } from 'node:fs';
import { join, sep } from 'node:path';
import { UsageError } from '../errors.js';
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
  /** Size, both times to the nanosecond, number and disk, in one word: another one whenever the file may be another. */
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
  /** Called with each hidden or housekeeping entry that is passed over; a folder counts once. */
  readonly onSkipped?: (file: string) => void;
  /** What the walk is about: all else is not looked at and not told. @default everything */
  readonly scope?: KeyFilter;
  /** What is wanted of that: all else is passed over, whatever it is. @default everything */
  readonly filter?: KeyFilter;
  /** Called with each entry that the filter rules out; a folder counts once. */
  readonly onFiltered?: (file: string) => void;
}

/** Files and folders that systems and tools leave lying about, lower case. */
const HOUSEKEEPING = new Set(['node_modules', 'thumbs.db', 'desktop.ini', '__macosx']);

/** One entry of a folder, by the key it sorts and is found under. */
interface Entry {
  readonly key: string;
  readonly path: string;
  readonly dirent: Dirent<Buffer>;
}

/**
 * Walks a folder in the order of S3's listings, the bytes of the keys, without ever holding more than the folders on its way.
 *
 * Files come with what the disk says of them; nothing is opened. Links to files inside the folder are followed. Refused, with
 * a reason: links that are broken, loop, lead out or lead to a folder; pipes, sockets and devices; names that are not UTF-8; what cannot be read.
 * Passed over: names that begin with '.', `node_modules`, `Thumbs.db` and their kind, and what the filter rules out.
 *
 * @throws {UsageError} when the folder itself is missing, is no folder, or cannot be read.
 * @throws {Error} of the system when it can open no more files at all.
 */
export function* walkImages(root: string, options: WalkOptions = {}): Generator<FoundFile | RefusedFile> {
  const { base, entries } = openRoot(root);
  for (const entry of listFiles(entries, options))
    yield 'reason' in entry ? entry : attempt(entry, () => describe(entry, base));
}

/** What is neither a folder nor passed over, in order. */
function* listFiles(entries: Entry[], options: WalkOptions): Generator<Entry | RefusedFile> {
  const stack = [entries.reverse()];
  while (stack.length > 0) {
    const entry = stack.at(-1)?.pop();
    if (entry === undefined) {
      stack.pop();
      continue;
    }
    const name = entry.key.slice(entry.key.lastIndexOf('/') + 1);
    if (!passes(options.scope, entry)) continue;
    if (name.startsWith('.') || HOUSEKEEPING.has(name.toLowerCase())) {
      options.onSkipped?.(printable(entry.key));
    } else if (!passes(options.filter, entry)) {
      options.onFiltered?.(printable(entry.key));
    } else if (!isUtf8(entry.dirent.name)) {
      yield refuse(entry, 'has a name that is not UTF-8');
    } else if (entry.dirent.isDirectory()) {
      const inside = attempt(entry, () => listEntries(entry.path, `${entry.key}/`));
      if (Array.isArray(inside)) stack.push(inside.reverse());
      else yield inside;
    } else {
      yield entry;
    }
  }
}

function passes(filter: KeyFilter | undefined, { key, dirent }: Entry): boolean {
  if (filter === undefined) return true;
  return dirent.isDirectory() ? filter.enters(key) : filter.takes(key);
}

function openRoot(root: string): { base: string; entries: Entry[] } {
  try {
    const base = realpathSync.native(root);
    return { base, entries: listEntries(base, '') };
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    const reasons: Record<string, string> = { ENOENT: 'there is no such folder', ENOTDIR: 'it is not a folder' };
    const reason = reasons[code] ?? `it ${explain(code)}`;
    throw new UsageError(`Cannot read images from "${printable(root)}": ${reason}.`, { cause: error });
  }
}

/** Sorted by the bytes that their keys begin with: 'a.png' comes before 'a/b.png', as in a listing of S3. */
function listEntries(folder: string, prefix: string): Entry[] {
  const dirents = readdirSync(folder, { withFileTypes: true, encoding: 'buffer' });
  const sortable = dirents.map((dirent) => ({
    bytes: dirent.isDirectory() ? Buffer.concat([dirent.name, Buffer.from('/')]) : dirent.name,
    dirent,
  }));
  sortable.sort((a, b) => Buffer.compare(a.bytes, b.bytes));
  return sortable.map(({ dirent }) => {
    const name = dirent.name.toString('utf8');
    return { key: prefix + name, path: join(folder, name), dirent };
  });
}

function describe(entry: Entry, base: string): FoundFile | RefusedFile {
  if (!entry.dirent.isSymbolicLink()) return toFile(entry, entry.path, lstatSync(entry.path, { bigint: true }));
  const target = followLink(entry);
  if (typeof target !== 'string') return target;
  const inside = target.startsWith(base.endsWith(sep) ? base : base + sep);
  if (!inside) return refuse(entry, 'is a link that leads out of the folder');
  const stats = lstatSync(target, { bigint: true });
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

function isUtf8(name: Buffer): boolean {
  return Buffer.from(name.toString('utf8')).equals(name);
}
