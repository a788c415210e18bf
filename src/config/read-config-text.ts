import { readFile, stat } from 'node:fs/promises';
import { ConfigError } from '../errors.js';

/** Largest config file that is read, in bytes: 1 MiB. */
const LARGEST_BYTES = 1_048_576;

/**
 * Reads the text of a config file; undefined when there is no such file.
 *
 * A byte order mark is dropped. Folders, pipes, files above 1 MiB and text that is not UTF-8 are never taken.
 *
 * @throws {ConfigError} for a file that is there and cannot be used.
 */
export async function findConfigText(path: string, shown: string): Promise<string | undefined> {
  const refuse = (reason: string, cause?: unknown): never => {
    throw new ConfigError(`Cannot read ${shown}: ${reason}.`, { file: shown }, { cause });
  };
  try {
    const stats = await stat(path);
    if (stats.isDirectory()) refuse('it is a folder');
    if (!stats.isFile()) refuse('it is not an ordinary file');
    if (stats.size > LARGEST_BYTES) refuse(`it is larger than 1 MiB: got ${stats.size} bytes`);
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return refuse('it is not UTF-8 text', error);
    if (code === 'EACCES' || code === 'EPERM') return refuse('permission was denied', error);
    if (code?.startsWith('E')) return refuse(`the system answered ${code}`, error);
    throw error;
  }
}
