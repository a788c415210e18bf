import { LedgerError, type PixgateError, UsageError } from '../errors.js';
import { safeText } from './safe-text.js';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such folder',
  ENOTDIR: 'there is no such folder',
  EISDIR: 'it is a folder',
  EACCES: 'permission was denied',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
};

/** The complaint about a file that somebody named and the system does not let be written. `code` tells which file it is. */
export function cannotWrite(file: string, cause: unknown, code: string): PixgateError {
  const answer = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
  const message = `Cannot write "${safeText(file)}": ${REASONS[answer] ?? `the system answered ${answer}`}.`;
  if (answer !== 'ENOSPC' && answer !== 'EDQUOT') return new UsageError(message, { code, cause });
  return new LedgerError(message, {
    code,
    cause,
    suggestions: ['make room on the disk, or name a file on another, then run the same command again'],
  });
}
