import { CancelledError, UsageError } from '../errors.js';
import type { Voice } from './voice.js';

/**
 * Asks a yes-or-no question on stderr; Enter alone means no. A signal takes the question back, or lets it never be asked.
 *
 * @throws {UsageError} when nobody is there to answer: it names `--yes`.
 */
export async function confirm(question: string, voice: Voice, signal?: AbortSignal): Promise<boolean> {
  if (!voice.canAsk) {
    throw new UsageError('Cannot ask for approval: this is not a terminal, and --yes was not given.', {
      code: 'APPROVAL_MISSING',
      suggestions: ['add --yes to approve the plan', 'add --plan to see it and change nothing'],
    });
  }
  // inquirer takes 100 ms to load, so it is loaded only when something is asked.
  const { default: inquirer } = await import('inquirer');
  const stop = signal === undefined ? {} : { signal };
  const ask = inquirer.createPromptModule({ input: process.stdin, output: process.stderr, ...stop });
  const { yes } = await ask<{ yes: boolean }>([{ type: 'confirm', name: 'yes', message: question, default: false }]);
  return yes;
}

/**
 * Asks for a word that nobody types by accident, on stderr.
 *
 * @throws {CancelledError} when something else is typed.
 */
export async function confirmByTyping(question: string, words: readonly string[]): Promise<void> {
  const { default: inquirer } = await import('inquirer');
  const ask = inquirer.createPromptModule({ input: process.stdin, output: process.stderr });
  const { word } = await ask<{ word: string }>([{ type: 'input', name: 'word', message: question }]);
  if (!words.includes(word.trim())) throw new CancelledError('Cancelled: nothing was changed.');
}
