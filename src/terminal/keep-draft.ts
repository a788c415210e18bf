import { readFile } from 'node:fs/promises';
import { RefusedError } from '../errors.js';
import type { Library, Setup } from './setup.js';

/**
 * Writes a config file that was approved. One that somebody else wrote meanwhile stays: with the same text it will do.
 *
 * @throws {RefusedError} when it has another text
 */
export async function keepDraft(draft: NonNullable<Setup['draft']>, library: Library): Promise<void> {
  const { path, text, replaces } = draft;
  if (replaces !== undefined) {
    if ((await readText(path)) !== replaces) throw overtaken(path);
    return library.writeConfig(path, text, { overwrite: true });
  }
  try {
    await library.writeConfig(path, text);
  } catch (error) {
    if (!(error instanceof RefusedError) || error.code !== 'CONFIG_EXISTS') throw error;
    // Of two that began at once the second now meets the first one's lock, which says who works.
    if ((await readText(path)) !== text) throw overtaken(path, error);
  }
}

async function readText(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}

function overtaken(path: string, cause?: unknown): RefusedError {
  return new RefusedError(`Cannot write ${path}: somebody else, perhaps another pixgate, wrote it meanwhile.`, {
    code: 'CONFIG_EXISTS',
    suggestions: ['look at that file, then run the command again; it takes the file that is there'],
    cause,
  });
}
