import { CancelledError, UsageError } from '../errors.js';
import { wrapText } from './page.js';
import { untilEscape } from './until-escape.js';
import type { Voice } from './voice.js';

/** Columns that a question shares its last line with: the mark before it, the answers and the answer behind it. */
const AROUND = 10;

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
  const message = wrapped(question);
  return untilEscape(process.stdin, signal, async (stop) => {
    const prompt = await openPrompt(stop);
    const { yes } = await prompt<{ yes: boolean }>([{ type: 'confirm', name: 'yes', message, default: false }]);
    return yes;
  });
}

/**
 * Asks for a word that nobody types by accident, on stderr.
 *
 * @throws {CancelledError} when something else is typed.
 */
export async function confirmByTyping(question: string, words: readonly string[]): Promise<void> {
  const word = await untilEscape(process.stdin, undefined, async (signal) => {
    const prompt = await openPrompt(signal);
    const { word } = await prompt<{ word: string }>([{ type: 'input', name: 'word', message: wrapped(question) }]);
    return word;
  });
  if (!words.includes(word.trim())) throw new CancelledError('Cancelled: nothing was changed.');
}

/** inquirer takes 100 ms to load, so it is loaded only when something is asked. */
async function openPrompt(signal: AbortSignal) {
  const { default: inquirer } = await import('inquirer');
  return inquirer.createPromptModule({ input: process.stdin, output: process.stderr, signal });
}

/** inquirer breaks a line that is too long, and what is typed on it, wherever its end comes. */
function wrapped(question: string): string {
  return wrapText(question, Math.max((process.stderr.columns || 80) - AROUND, 10)).join('\n');
}
