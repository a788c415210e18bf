import { UsageError } from '../errors.js';
import type { SignInAsk } from '../index.js';
import type { AccessTools } from './access-actions.js';
import { untilEscape } from './until-escape.js';

/** What a person is asked, and the variable that answers in their place. */
const QUESTIONS = {
  password: { message: 'Password', variable: 'PIXGATE_PASSWORD' },
  newPassword: {
    message: 'A new password (12 characters or more, of all four kinds)',
    variable: 'PIXGATE_NEW_PASSWORD',
  },
  code: { message: 'Code of the authenticator', variable: 'PIXGATE_CODE' },
} as const;

/**
 * Asks on the terminal for what a sign-in needs, or takes it from the environment: nothing of it is ever an argument.
 *
 * The seed of a new authenticator is a secret: it is shown only where secrets are.
 */
export function askSecrets({ env, voice, reveal, signal }: AccessTools): SignInAsk {
  const used = new Set<string>();
  const ask = async (name: keyof typeof QUESTIONS, refusal?: string): Promise<string> => {
    const { message, variable } = QUESTIONS[name];
    const given = env[variable];
    // What was refused once is not offered again.
    if (given !== undefined && given !== '' && !used.has(variable)) {
      used.add(variable);
      return given;
    }
    const { canAsk } = voice();
    if (!canAsk)
      throw new UsageError(
        refusal === undefined
          ? `${variable} must be set, since nobody can be asked here: it is missing.`
          : `${variable} was refused: ${refusal}`,
        { code: 'SECRET_MISSING', suggestions: [`set ${variable} in the environment`] },
      );
    const { default: inquirer } = await import('inquirer');
    const shown = refusal === undefined ? message : `${refusal} ${message}`;
    return untilEscape(process.stdin, signal, async (stop) => {
      const prompt = inquirer.createPromptModule({ input: process.stdin, output: process.stderr, signal: stop });
      const { answer } = await prompt<{ answer: string }>([
        { type: 'password', name: 'answer', message: shown, mask: '*' },
      ]);
      return answer;
    });
  };
  return {
    password: () => ask('password'),
    newPassword: (refusal) => ask('newPassword', refusal),
    code: (refusal) => ask('code', refusal === undefined ? undefined : `That code was ${refusal}.`),
    async showSeed(seed, uri) {
      if (!reveal) throw unseenSeed();
      const { err } = voice();
      err.line('Add this to your authenticator; it is shown once:');
      err.line(`  ${seed}`);
      err.line(`  ${uri}`);
    },
    waiting(ms) {
      voice().err.line(`Waiting ${Math.ceil(ms / 1000)} s for the next code.`);
    },
  };
}

/** The seed of an authenticator is a secret that somebody has to see. */
export function unseenSeed(): UsageError {
  return new UsageError('Cannot set up an authenticator unseen: its seed is shown once, and --reveal was not given.', {
    code: 'SECRET_UNASKED',
    suggestions: ['add --reveal, beside --out or alone'],
  });
}
