import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync, writeFileSync, writeSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { setImmediate } from 'node:timers/promises';
import { compareKeys } from './compare-keys.js';
import { codeOf } from './error-code.js';
import type { ContentVerdict } from './judge-content.js';

/** Raised whenever the form of the file or any judgement that it keeps changes: an older memo is then forgotten. */
const VERSION = 3;

/** A file changed so shortly before it was read, in milliseconds, might change again with the same times. */
const RACY_MS = 2000;

/** A pipe in the memo's place opens at once, and holds nothing. */
const READ = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** How much is read and written at once, in bytes. */
const CHUNK = 65_536;

/** What is remembered of a file that did not change since; it depends on nothing but the file and its name. */
export interface RememberedFile extends ContentVerdict {
  /** What the disk said of the file: see `FoundFile`. */
  readonly stamp: string;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
}

/** A file with its key. Many of them always come in the order of their keys' bytes, each key once. */
export type Remembered = readonly [key: string, file: RememberedFile];

/** Looks up files in the order of a walk, while it reads what is known of them in the same order. */
export interface DigestCursor {
  /** What is known of the file under a key, if its stamp is still this one. Keys are asked for in order. */
  find(key: string, stamp: string): RememberedFile | undefined;
  /** Passes over all that is left. */
  end(): void;
  /** Lets go of what is read; there is nothing more to find then. */
  close(): void;
}

/**
 * Whether a file that last changed at `changedMs` can be told by its stamp: not when that was less than 2 s before `nowMs`, a
 * moment before it was read.
 *
 * On some disks a change within that time would leave the file's times, and so its stamp, as they are.
 */
export function isSettled(changedMs: number, nowMs: number): boolean {
  return changedMs <= nowMs - RACY_MS;
}

/** Goes along known files; `onPassed` hears the key of each one that was not asked for as it is known. */
export function openCursor(files: Iterable<Remembered>, onPassed: (key: string) => void): DigestCursor {
  const iterator = files[Symbol.iterator]();
  let next = iterator.next();
  const pass = (key: string): void => {
    onPassed(key);
    next = iterator.next();
  };
  return {
    find(key, stamp) {
      while (next.done !== true) {
        const [known, file] = next.value;
        const order = known === key ? 0 : compareKeys(known, key);
        if (order > 0) return undefined;
        if (order === 0 && file.stamp === stamp) {
          next = iterator.next();
          return file;
        }
        pass(known);
      }
      return undefined;
    },
    end() {
      while (next.done !== true) pass(next.value[0]);
    },
    close() {
      iterator.return?.();
      next = { done: true, value: undefined };
    },
  };
}

/** What was remembered, without all that `covers` takes, and in its place what is remembered now. */
export function* mergeDigests(
  former: Iterable<Remembered>,
  now: Iterable<Remembered>,
  covers: (key: string) => boolean,
): Generator<Remembered> {
  const fresh = now[Symbol.iterator]();
  let next = fresh.next();
  for (const entry of former) {
    if (covers(entry[0])) continue;
    for (; next.done !== true && compareKeys(next.value[0], entry[0]) < 0; next = fresh.next()) yield next.value;
    yield entry;
  }
  for (; next.done !== true; next = fresh.next()) yield next.value;
}

/** Reads a memo file by file: it is never whole in memory. There is nothing in one that is not whole or not of this version. */
export function* readDigestMemo(path: string): Generator<Remembered> {
  let file: number | undefined;
  try {
    file = openSync(path, READ);
    if (!fstatSync(file).isFile() || !isWhole(file)) return;
    let previous: string | undefined;
    for (const line of linesOf(file)) {
      const entry = parseLine(line);
      if (previous !== undefined && compareKeys(previous, entry[0]) >= 0) return;
      previous = entry[0];
      yield entry;
    }
  } catch {
    // Whatever is wrong with a memo, the files themselves can be read.
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/**
 * Saves a memo for its owner alone, whole or not at all: false when it cannot be saved, which costs the next run some time and
 * this one nothing. It is written file by file; what it replaces can be read meanwhile.
 */
export async function saveDigestMemo(path: string, files: Iterable<Remembered>): Promise<boolean> {
  drafts += 1;
  const draft = `${path}.${process.pid}-${drafts}.draft`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeDraft(draft, files);
    await rename(draft, path);
    return true;
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    if (codeOf(error) === undefined) throw error;
    // A full disk or a closed folder.
    return false;
  }
}

/** How many drafts this process has begun: no two share a name. */
let drafts = 0;

async function writeDraft(path: string, files: Iterable<Remembered>): Promise<void> {
  const file = openSync(path, 'wx', 0o600);
  try {
    const hash = createHash('sha256');
    const add = (text: string): void => {
      hash.update(text);
      writeFileSync(file, text);
    };
    // Room for the head, which is known at the end.
    writeFileSync(file, ' '.repeat(HEAD_BYTES));
    let text = '';
    for (const entry of files) {
      text += formatLine(entry);
      if (text.length < CHUNK) continue;
      add(text);
      text = '';
      await setImmediate();
    }
    add(text);
    writeSync(file, headOf(hash.digest('hex')), 0);
  } finally {
    closeSync(file);
  }
}

/** The first line: it vouches for all others. */
function headOf(sha256: string): string {
  return `${JSON.stringify({ pixgate: 'digests', version: VERSION, sha256 })}\n`;
}

const HEAD_BYTES = headOf('0'.repeat(64)).length;

/** Whether the first line vouches for all others. */
function isWhole(file: number): boolean {
  const head = Buffer.alloc(HEAD_BYTES);
  readSync(file, head, 0, HEAD_BYTES, 0);
  const hash = createHash('sha256');
  for (const chunk of chunksOf(file)) hash.update(chunk);
  return head.toString('latin1') === headOf(hash.digest('hex'));
}

/** All that follows the head, in one piece of memory that is used again and again. */
function* chunksOf(file: number): Generator<Buffer> {
  const chunk = Buffer.allocUnsafe(CHUNK);
  for (let offset = HEAD_BYTES; ; ) {
    const bytesRead = readSync(file, chunk, 0, CHUNK, offset);
    if (bytesRead === 0) return;
    offset += bytesRead;
    yield chunk.subarray(0, bytesRead);
  }
}

function* linesOf(file: number): Generator<string> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for (const chunk of chunksOf(file)) {
    const lines = (rest + decoder.write(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield line;
  }
}

/** One line a file, in the order of its fields and without their names. */
type Line = [key: string, stamp: string, sha256: string, type: string, active: readonly string[], behind?: string];

function formatLine([key, { stamp, sha256, type, active, behind }]: Remembered): string {
  const line: Line = [key, stamp, sha256, type, active];
  if (behind !== undefined) line.push(behind);
  return `${JSON.stringify(line)}\n`;
}

function parseLine(text: string): Remembered {
  const [key, stamp, sha256, type, active, behind] = JSON.parse(text) as Line;
  const file = { stamp, sha256, type, active };
  return [key, behind === undefined ? file : { ...file, behind }];
}
