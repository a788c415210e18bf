import {
  AwsError,
  CancelledError,
  ChecksFailedError,
  LedgerError,
  RefusedError,
  UsageError,
  WaitError,
} from '../errors.js';

/** What a shell sees, by who must act; the first class that fits counts. */
const table = [
  [ChecksFailedError, 1],
  [UsageError, 2],
  [RefusedError, 3],
  [AwsError, 4],
  [WaitError, 5],
  [LedgerError, 6],
  [CancelledError, 130],
] as const;

/** Exit code of a bug of ours. */
export const BUG_EXIT_CODE = 70;

/** Gives the exit code of an error: 1 to 6 and 130 for complaints, 70 for everything nobody foresaw. */
export function exitCodeOf(error: unknown): number {
  return table.find(([complaint]) => error instanceof complaint)?.[1] ?? BUG_EXIT_CODE;
}
