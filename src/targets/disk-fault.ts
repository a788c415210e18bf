import { closeSync, openSync } from 'node:fs';
import { LedgerError } from '../errors.js';

/** How SQLite and Node name what a disk refuses: why, and what to do. With what lies in the folder nothing is wrong then. */
const DISK_FAULTS: readonly (readonly [codes: RegExp, why: string, suggestion: string])[] = [
  // SQLite: there is no room for the index of its log.
  [/^(SQLITE_FULL|SQLITE_IOERR_SHMSIZE|ENOSPC|EDQUOT)$/, 'the disk is full', 'make room on the disk'],
  [/^(SQLITE_READONLY|SQLITE_CANTOPEN|EROFS|EACCES|EPERM)/, 'it may not be written to', 'give write permission'],
  [/^(SQLITE_IOERR|EIO$|EFBIG$)/, 'the disk does not take it', 'make room on the disk, or check it'],
];

/** The complaint about a disk that refuses to have the local cloud in `folder` written; undefined where the cause is another. */
export function toDiskFault(folder: string, cause: unknown): LedgerError | undefined {
  if (!(cause instanceof Error) || !('code' in cause)) return undefined;
  const fault = DISK_FAULTS.find(([codes]) => codes.test(String(cause.code)));
  if (fault === undefined) return undefined;
  const [, why, suggestion] = fault;
  return new LedgerError(`Cannot write to the local cloud in ${folder}: ${why} (${cause.message}).`, {
    code: 'LOCAL_CLOUD_UNWRITABLE',
    suggestions: [`${suggestion}, then run the same command again; it goes on where it stopped`],
    cause,
  });
}

/** What a database and a connection of each kind may need at once. */
const FREE_FILES = 16;

/**
 * Opens a file several times, and closes it again. libsql aborts the whole process where it can open no more.
 *
 * @throws {Error} with the code EMFILE or ENFILE when there is not room for that many.
 */
export function requireFreeFiles(file: string): void {
  const opened: number[] = [];
  try {
    while (opened.length < FREE_FILES) opened.push(openSync(file, 'r'));
  } finally {
    for (const each of opened) closeSync(each);
  }
}
