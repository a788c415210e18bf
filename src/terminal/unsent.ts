import { AwsError, type PixgateError, RefusedError, UsageError } from '../errors.js';
import type { ApplyResult, FailedFile } from '../model/result.js';
import { safeText } from './safe-text.js';
import { countOf } from './units.js';

/** How many files a complaint names. */
const NAMED = 3;

/** What to do with files that cannot be served, but for mending them. */
const LEAVE_OUT = 'leave them out: `exclude` in pixgate.yaml, or a .pixgateignore in the folder';

/** What to do with files that cannot be served, one line each. */
export const REFUSED_REMEDIES = ['mend or remove them', LEAVE_OUT] as const;

/** A reason that goes on where the file's name stops; all others are clauses of their own. */
const PREDICATE = /^(?:is|has|holds|differs|cannot|vanished|became|changed)\b/;

/** A file with the reason why it is not sent. */
interface Unsent {
  readonly file: string;
  readonly reason: string;
}

/** Says that a file is not sent, and why: `a.png is not sent: it is empty`. */
export function describeUnsent({ file, reason }: Unsent): string {
  return safeText(`${file} is not sent: ${PREDICATE.test(reason) ? 'it ' : ''}${reason}`);
}

/** Says which files of the folder cannot be served: `1 file of the folder cannot be sent: a.png is empty.` */
export function describeRefused(refused: readonly Unsent[]): string {
  return `${countOf(refused.length, 'file')} of the folder cannot be sent: ${nameSome(refused)}.`;
}

/**
 * Lets only an upload pass that left nothing out; `command` is what sends the rest.
 *
 * @throws {AwsError} when a call of S3 failed for a file
 * @throws {RefusedError} when a file changed while it was sent, or somebody else wrote what is there
 * @throws {UsageError} when files of the folder cannot be served
 */
export function demandAllSent({ upload }: Pick<ApplyResult, 'upload'>, command: string): void {
  const { failed = [], refused = [] } = upload ?? {};
  const [first] = failed;
  if (first !== undefined) throw complainOfFailed(failed, first, command);
  if (refused.length === 0) return;
  throw new UsageError(`Cannot send ${countOf(refused.length, 'file')} of the folder: ${nameSome(refused)}.`, {
    code: 'FILES_REFUSED',
    suggestions: ['mend or remove them; the others are sent', LEAVE_OUT],
  });
}

function complainOfFailed(failed: readonly FailedFile[], first: FailedFile, command: string): PixgateError {
  const message = `Cannot send ${countOf(failed.length, 'file')}: ${nameSome(failed)}.`;
  const options = { code: 'FILES_FAILED', suggestions: [`${command}  sends just these`] };
  const { call } = failed.find((is) => is.call !== undefined) ?? first;
  return call === undefined
    ? new RefusedError(message, options)
    : new AwsError(message, { service: 'S3', ...call }, options);
}

function nameSome(files: readonly Unsent[]): string {
  const named = files
    .slice(0, NAMED)
    .map(({ file, reason }) => safeText(`${file}${PREDICATE.test(reason) ? '' : ':'} ${reason.replace(/\.$/, '')}`));
  const more = files.length - named.length;
  return [...named, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}
