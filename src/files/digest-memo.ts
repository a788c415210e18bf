import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ContentVerdict } from './judge-content.js';

/** Raised whenever the form of the file or any judgement that it keeps changes: an older memo is then forgotten. */
const VERSION = 1;

/** A file changed so shortly before it was read, in milliseconds, might change again with the same times. */
const RACY_MS = 2000;

/** A pipe in the memo's place opens at once, and holds nothing. */
const READ = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** What is remembered of a file that did not change since; it depends on nothing but the file and its name. */
export interface RememberedFile extends ContentVerdict {
  /** What the disk said of the file: see `FoundFile`. */
  readonly stamp: string;
  /** Lower-case hexadecimal. */
  readonly md5: string;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
}

/** Digests of files that did not change since they were last read, by key: a second look at a folder costs a stat a file. */
export type DigestMemo = Map<string, RememberedFile>;

/**
 * Keeps what was found out about a file, unless it was changed less than 2 s before `nowMs`, a moment before it was read.
 *
 * On some disks a change within that time would leave the file's times, and so its stamp, as they are.
 */
export function rememberFile(
  memo: DigestMemo,
  found: { readonly key: string; readonly changedMs: number },
  file: RememberedFile,
  nowMs: number,
): void {
  if (found.changedMs > nowMs - RACY_MS) memo.delete(found.key);
  else memo.set(found.key, file);
}

/** Loads a memo; an empty one when there is none, or none whole and of this version. */
export async function loadDigestMemo(path: string): Promise<DigestMemo> {
  try {
    const text = await readFile(path, { encoding: 'utf8', flag: READ });
    const end = text.indexOf('\n') + 1;
    const body = text.slice(end);
    return new Map(text.slice(0, end) === headOf(body) ? body.split('\n').slice(0, -1).map(parseLine) : []);
  } catch {
    // Whatever is wrong with a memo, the files themselves can be read.
    return new Map();
  }
}

/** Saves a memo for its owner alone, whole or not at all; one that cannot be saved is let go, for it only saves time. */
export async function saveDigestMemo(path: string, memo: DigestMemo): Promise<void> {
  const body = [...memo].map(formatLine).join('');
  const head = headOf(body);
  const draft = `${path}.${process.pid}.draft`;
  try {
    if ((await readStart(path, head.length)) === head) return;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(draft, head + body, { mode: 0o600, flag: 'wx' });
    await rename(draft, path);
  } catch {
    // A full disk or a closed folder costs the next run some time, and this one nothing.
    await rm(draft, { force: true }).catch(() => undefined);
  }
}

/** The first line: it vouches for all others. */
function headOf(body: string): string {
  return `${JSON.stringify({ pixgate: 'digests', version: VERSION, sha256: createHash('sha256').update(body).digest('hex') })}\n`;
}

async function readStart(path: string, length: number): Promise<string | undefined> {
  const file = await open(path, READ).catch(() => undefined);
  try {
    const start = await file?.read(Buffer.alloc(length), 0, length, 0);
    return start?.buffer.toString('utf8', 0, start.bytesRead);
  } finally {
    await file?.close();
  }
}

/** One line a file, in the order of its fields and without their names. */
type Line = [key: string, stamp: string, md5: string, sha256: string, type: string, active: string[], behind?: string];

function formatLine([key, { stamp, md5, sha256, type, active, behind }]: [string, RememberedFile]): string {
  const line: Line = [
    key,
    stamp,
    md5,
    sha256,
    type,
    [...active],
    ...(behind === undefined ? ([] as const) : ([behind] as const)),
  ];
  return `${JSON.stringify(line)}\n`;
}

function parseLine(text: string): [string, RememberedFile] {
  const [key, stamp, md5, sha256, type, active, behind] = JSON.parse(text) as Line;
  return [key, { stamp, md5, sha256, type, active, ...(behind === undefined ? {} : { behind }) }];
}
