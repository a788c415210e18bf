import * as Errors from '@oclif/core/errors';
import {
  AwsError,
  CancelledError,
  ChecksFailedError,
  ConfigError,
  type ErrorDocument,
  LedgerError,
  PixgateError,
  UsageError,
} from '../errors.js';
import { findNamespaceRefusal } from './global-name.js';
import type { FlagShape } from './invocation.js';
import { type Page, wrapText } from './page.js';
import { safeText } from './safe-text.js';
import { complainOfUnknownFlags } from './unknown-flags.js';

/** What this machine can run out of wherever it happens, by Node's code or SQLite's: why, and what to do. */
const SCARCE: Readonly<Record<string, readonly [why: string, suggestion: string]>> = {
  EMFILE: ['too many files are open', 'ulimit -n 1024'],
  ENFILE: ['too many files are open on this machine', 'end other programs'],
  ENOSPC: ['the disk is full', 'make room on the disk'],
  EDQUOT: ['the disk quota is used up', 'make room on the disk'],
  EROFS: ['the disk may only be read', 'run it in a folder that may be written to'],
  SQLITE_FULL: ['the disk is full', 'make room on the disk'],
  SQLITE_READONLY: ['the disk may only be read', 'run it in a folder that may be written to'],
  // SQLite: a quota and a limit of a file's size are among these too.
  SQLITE_IOERR: ['the disk does not take it', 'make room on the disk, or check it'],
};

/**
 * Turns what was thrown into a complaint of ours where its meaning is known: a flag that oclif did not accept,
 * and a question that was left with Ctrl-C. Everything else comes back as it is. `flags` are those of the command.
 */
export function toComplaint(error: unknown, flags: Readonly<Record<string, FlagShape>> = {}): unknown {
  if (error instanceof PixgateError || !(error instanceof Error)) return error;
  // inquirer throws it for Ctrl-C, and when the input ends.
  if (error.name === 'ExitPromptError' || error.name === 'AbortPromptError') {
    return new CancelledError('Cancelled: nothing was changed.', { cause: error });
  }
  const scarce = SCARCE[scarceCodeOf(error)];
  if (scarce !== undefined) {
    const [why, suggestion] = scarce;
    return new LedgerError(`Cannot go on: ${why} (${error.message}).`, {
      code: String('code' in error && error.code),
      suggestions: [`${suggestion}, then run the same command again; it goes on where it stopped`],
      cause: error,
    });
  }
  if (!(error instanceof Errors.CLIError)) return error;
  if ('flags' in error && Array.isArray(error.flags)) {
    return complainOfUnknownFlags(error.flags.map(String), flags, error);
  }
  const [sentence = ''] = error.message.split('\n');
  const words = 'args' in error && Array.isArray(error.args) ? error.args.map((word) => JSON.stringify(word)) : [];
  const message = words.length > 0 ? `There is no argument to take ${words.join(', ')}.` : `${sentence}.`;
  return new UsageError(message, { suggestions: ['add --help to see what there is'], cause: error });
}

/** The code that the table knows an error of the system or of SQLite by: of SQLite's `SQLITE_IOERR_WRITE` only the kind. */
function scarceCodeOf(error: Error): string {
  const code = 'code' in error ? String(error.code) : '';
  const [kind = ''] = /^SQLITE_[A-Z]+/.exec(code) ?? [];
  return 'syscall' in error ? code : kind;
}

/** Sets out a complaint for a person: its sentence, what to type next, where to read more. A stack only with `verbose`. */
export function renderComplaint(error: unknown, page: Page, version: string, verbose: boolean): string[] {
  const stack = verbose && error instanceof Error && error.stack !== undefined ? error.stack.split('\n') : [];
  if (!(error instanceof PixgateError)) {
    const said = error instanceof Error ? error.message : String(error);
    return [
      page.paint('bad', `This is a bug in pixgate ${version}: ${safeText(said)}`),
      'Try this: run it again with --verbose and report what it prints.',
      ...stack.map(safeText),
    ];
  }
  const suggestions = error.suggestions.map((text, index) => `${index === 0 ? 'Try this:' : '      or:'} ${text}`);
  return [
    ...wrapText(safeText(error.message), page.columns).map((line) => page.paint('bad', line)),
    ...suggestions.flatMap((text) => wrapText(safeText(text), page.columns, 10)),
    ...(error.ref === undefined ? [] : [`See ${error.ref}`]),
    ...stack.map(safeText),
  ];
}

/** Gives a complaint as the `error` of a JSON document: code, message, suggestions and the fields of its class. */
export function toErrorDocument(error: unknown, verbose: boolean): ErrorDocument {
  const stack = verbose && error instanceof Error && error.stack !== undefined ? { stack: error.stack } : {};
  if (!(error instanceof PixgateError)) {
    return { code: 'BUG', message: error instanceof Error ? error.message : String(error), suggestions: [], ...stack };
  }
  const { code, message, suggestions, ref } = error;
  const { refused } = error as Pick<ErrorDocument, 'refused'>;
  const refusal = findNamespaceRefusal(error);
  return {
    ...{ code, message, suggestions },
    ...(ref === undefined ? {} : { ref }),
    ...(error instanceof ConfigError ? { place: error.place } : {}),
    ...(error instanceof AwsError ? { failure: error.failure } : {}),
    ...(error instanceof ChecksFailedError ? { failed: error.failed, total: error.total } : {}),
    ...(refused === undefined ? {} : { refused }),
    ...(refusal === undefined ? {} : { mount: refusal.mount, region: refusal.region }),
    ...stack,
  };
}
