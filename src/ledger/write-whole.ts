import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { LedgerError } from '../errors.js';
import { draftName } from './draft.js';

/** Some file systems cannot sync a folder, and say so in one of these ways. */
const CANNOT_SYNC = new Set(['EINVAL', 'ENOTSUP', 'EPERM']);

/**
 * Replaces a file so that a crash or a full disk leaves the old or the new one, never a part. Makes its folder.
 *
 * @throws {LedgerError} when it cannot; the old file stands.
 */
export async function writeWhole(file: string, text: string): Promise<void> {
  const draft = await draftName(file);
  try {
    await mkdir(path.dirname(file), { recursive: true });
    const handle = await open(draft, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
    await syncFolder(path.dirname(file));
  } catch (cause) {
    await rm(draft, { force: true }).catch(() => {});
    throw unwritable(file, cause);
  }
}

/** The complaint about a ledger, or the lock beside it, that cannot be written. */
export function unwritable(file: string, cause: unknown): LedgerError {
  return new LedgerError(`Cannot write ${file}: ${cause instanceof Error ? cause.message : String(cause)}.`, {
    code: 'LEDGER_UNWRITABLE',
    suggestions: ['free some disk space or give write permission, then run the same command again'],
    cause,
  });
}

async function syncFolder(folder: string): Promise<void> {
  const directory = await open(folder, 'r');
  try {
    await directory.sync();
  } catch (cause) {
    if (!CANNOT_SYNC.has((cause as NodeJS.ErrnoException).code ?? '')) throw cause;
  } finally {
    await directory.close();
  }
}
