import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../errors.js';
import { codeOf } from './error-code.js';
import { printable } from './printable.js';

/** Name of the file, in the mount's source folder itself, that says what is passed over. */
export const IGNORE_FILE = '.pixgateignore';

const LARGEST_BYTES = 1_048_576;

/**
 * Reads the text of a folder's ignore file; undefined when there is none.
 *
 * @throws {UsageError} when it cannot be read, is no ordinary file, is above 1 MiB or is not UTF-8.
 */
export async function readIgnoreFile(source: string): Promise<string | undefined> {
  const path = join(source, IGNORE_FILE);
  try {
    return await readText(path);
  } catch (error) {
    const code = codeOf(error);
    // Without the folder there is no such file either: the walk says so better.
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    if (error instanceof TypeError) throw unusable(path, 'it is not UTF-8 text', error);
    if (code === undefined) throw error;
    throw unusable(path, code === 'EACCES' ? 'permission denied' : `the system answered ${code}`, error);
  }
}

async function readText(path: string): Promise<string> {
  // O_NONBLOCK: a pipe in its place opens at once.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw unusable(path, 'it is not an ordinary file');
    if (stats.size > LARGEST_BYTES) throw unusable(path, `it has ${stats.size} bytes, more than ${LARGEST_BYTES}`);
    return new TextDecoder('utf-8', { fatal: true }).decode(await file.readFile());
  } finally {
    await file.close();
  }
}

function unusable(path: string, why: string, cause?: unknown): UsageError {
  return new UsageError(`Cannot use "${printable(path)}": ${why}.`, {
    suggestions: ['make it a text file with one gitignore pattern a line, or remove it'],
    ...(cause === undefined ? {} : { cause }),
  });
}
