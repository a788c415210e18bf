import type { Readable, Writable } from 'node:stream';
import { wrapText } from './page.js';
import { untilEscape } from './until-escape.js';
import {
  ACCESS,
  BUCKET,
  CACHE,
  CACHING,
  type Choice,
  OPENING,
  TYPED,
  type WizardQuestion,
  type Wording,
} from './wizard-words.js';

/** Judges an answer: true, or a sentence that says what it must be. */
export type Judge = (answer: string) => true | string | Promise<true | string>;

/** What an existing config says to the questions that are not answered by typing. */
export interface PresentChoices {
  /** Name of the bucket that is only used; absent where pixgate makes it. */
  readonly bucket?: string;
  /** Whether there is a cache. */
  readonly isCached: boolean;
  /** Kind of access. */
  readonly access: string;
}

/** What the wizard needs to know. */
export interface WizardOptions {
  /** Answers that are already given by flag or variable, by flag; those are not asked again. */
  readonly given: Readonly<Record<string, unknown>>;
  /** What Enter alone means. */
  readonly defaults: Readonly<Record<Exclude<WizardQuestion, 'bucket'>, string>>;
  /** Which cloud the config is for: the local one bills nothing, and nothing leaves the machine. */
  readonly target: 'aws' | 'local';
  /** What the choices are at present, which Enter alone keeps. Absent: there is no config yet. */
  readonly present?: PresentChoices;
  /** Judge each answer in words before the next question. */
  readonly judges: Readonly<Record<WizardQuestion, Judge>>;
  /** Where answers come from. */
  readonly input: Readable;
  /** Where questions go. */
  readonly output: Writable;
  /** Width of the terminal, in columns. */
  readonly columns: number;
  /** Takes the question back. */
  readonly signal?: AbortSignal;
}

/** Answers by flag. */
export type Answers = Record<string, string | boolean>;

/**
 * Asks for what a config needs and was not given, one question at a time, and gives the answers as flags.
 *
 * With `present`, the answers to choices hold only what is no longer so.
 */
export function runWizard(options: WizardOptions): Promise<Answers> {
  return untilEscape(options.input, options.signal, async (signal) => {
    const ask = await openQuestions(options, signal);
    const isOpen = (flag: string) => options.given[flag] === undefined;
    const answers: Answers = {};
    for (const question of ['source', 'name', 'region', 'mount'] as const) {
      if (isOpen(question)) answers[question] = await ask.text(question, options.defaults[question]);
    }
    const { present } = options;
    if (isOpen('bucket')) Object.assign(answers, await askBucket(ask, options));
    if (isOpen('cache-size')) Object.assign(answers, await askCache(ask, options));
    // Enter alone never opens anything to the world, and the local cloud is not the world.
    const most = options.target === 'local' ? 'public' : 'iam';
    if (isOpen('access')) answers['access'] = await ask.choice(ACCESS[options.target], present?.access ?? most);
    return answers;
  });
}

type Questions = Awaited<ReturnType<typeof openQuestions>>;

async function openQuestions({ judges, input, output, columns }: WizardOptions, signal: AbortSignal) {
  // inquirer takes 100 ms to load, so it is loaded only when something is asked.
  const { default: inquirer } = await import('inquirer');
  const prompt = inquirer.createPromptModule({ input, output, signal });
  // inquirer breaks long lines within words, so it is never handed one.
  const wrapped = (text: string) => wrapText(text, Math.max(columns - 3, 10), 0).join('\n');
  output.write(`${wrapped(OPENING)}\n`);
  const explain = ({ why }: Wording) => void output.write(`\n${wrapped(why)}\n`);
  return {
    async text(question: WizardQuestion, byDefault: string | undefined): Promise<string> {
      explain(TYPED[question]);
      const { text } = await prompt<{ text: string }>([
        {
          type: 'input',
          name: 'text',
          message: wrapped(TYPED[question].ask),
          ...(byDefault === undefined ? {} : { default: byDefault }),
          validate: async (answer: string) => {
            const verdict = await judges[question](complete(question, answer));
            return verdict === true || wrapped(verdict);
          },
        },
      ]);
      return complete(question, text);
    },
    async choice(wording: Wording & { choices: readonly Choice[] }, byDefault: string): Promise<string> {
      explain(wording);
      const choices = wording.choices.map((choice) => ({
        ...choice,
        short: choice.value,
        description: wrapped(choice.description),
      }));
      const { value } = await prompt<{ value: string }>([
        { type: 'select', name: 'value', message: wrapped(wording.ask), choices, default: byDefault },
      ]);
      return value;
    },
    async yes(wording: Wording, byDefault: boolean): Promise<boolean> {
      explain(wording);
      const message = wrapped(wording.ask);
      const { yes } = await prompt<{ yes: boolean }>([{ type: 'confirm', name: 'yes', message, default: byDefault }]);
      return yes;
    },
  };
}

/** Takes an answer as it is meant: of a path only the slash may be missing. */
function complete(question: WizardQuestion, answer: string): string {
  const text = answer.trim();
  return question === 'mount' && /^[\w.-]/.test(text) ? `/${text}` : text;
}

async function askBucket(ask: Questions, { target, present: before }: WizardOptions): Promise<Answers> {
  const present = before?.bucket;
  const kind = await ask.choice(BUCKET[target], present === undefined ? 'new' : 'existing');
  if (kind === 'existing') return { bucket: await ask.text('bucket', present), 'create-bucket': false };
  return present === undefined ? {} : { bucket: 'auto' };
}

async function askCache(ask: Questions, { target, present }: WizardOptions): Promise<Answers> {
  const isCached = present?.isCached ?? false;
  const wanted = await ask.yes(CACHING[target], isCached);
  if (wanted === isCached) return {};
  return { 'cache-size': wanted ? CACHE.sizeGb : 'none' };
}
