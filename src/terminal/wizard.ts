import type { Readable, Writable } from 'node:stream';

/** Judges an answer: true, or a sentence that says what it must be. */
export type Judge = (answer: string) => true | string | Promise<true | string>;

/** What is asked in words; the names are those of the flags. */
export type WizardQuestion = 'source' | 'name' | 'region' | 'mount' | 'bucket';

/** What the wizard needs to know. */
export interface WizardOptions {
  /** Answers that are already given by flag or variable, by flag; those are not asked again. */
  readonly given: Readonly<Record<string, unknown>>;
  /** What Enter alone means. */
  readonly defaults: Readonly<Record<Exclude<WizardQuestion, 'bucket'>, string>>;
  /** Judge each answer in words before the next question. */
  readonly judges: Readonly<Record<WizardQuestion, Judge>>;
  /** Where answers come from. */
  readonly input: Readable;
  /** Where questions go. */
  readonly output: Writable;
}

/** Smallest cache cluster, in GB, and about what it costs an hour in US dollars. @see https://aws.amazon.com/api-gateway/pricing/ */
const CACHE = { sizeGb: '0.5', usdPerHour: '0.02' };

const words: Readonly<Record<WizardQuestion, string>> = {
  source: 'Which folder holds the images?',
  name: 'What is this project called? (a-z, 0-9 and -; the root of every name that is made)',
  region: 'In which AWS Region?',
  mount: 'Under which path are the images served?',
  bucket: 'What is the bucket called? (nothing in it but our own images is ever changed)',
};

/** Asks for what a config needs and was not given, one question at a time, and gives the answers as flags. */
export async function runWizard(options: WizardOptions): Promise<Record<string, string | boolean>> {
  // inquirer takes 100 ms to load, so it is loaded only when something is asked.
  const { default: inquirer } = await import('inquirer');
  const prompt = inquirer.createPromptModule({ input: options.input, output: options.output });
  const isOpen = (flag: string) => options.given[flag] === undefined;
  const answers: Record<string, string | boolean> = {};

  const askText = async (question: WizardQuestion) => {
    const { text } = await prompt<{ text: string }>([
      {
        type: 'input',
        name: 'text',
        message: words[question],
        ...(question === 'bucket' ? {} : { default: options.defaults[question] }),
        validate: (text: string) => options.judges[question](text.trim()),
      },
    ]);
    answers[question] = text.trim();
  };
  const askYes = async (message: string) => {
    const { yes } = await prompt<{ yes: boolean }>([{ type: 'confirm', name: 'yes', message, default: false }]);
    return yes;
  };

  for (const question of ['source', 'name', 'region', 'mount'] as const) if (isOpen(question)) await askText(question);
  if (isOpen('bucket')) {
    const { kind } = await prompt<{ kind: string }>([
      {
        type: 'select',
        name: 'kind',
        message: 'Which bucket keeps the images?',
        choices: [
          { name: 'a new one, private, named and hardened for me', value: 'new' },
          { name: 'one that exists: audited, never changed', value: 'existing' },
        ],
      },
    ]);
    if (kind === 'existing') {
      await askText('bucket');
      answers['create-bucket'] = false;
    }
  }
  if (isOpen('cache-size')) {
    const price = `about $${CACHE.usdPerHour} an hour for ${CACHE.sizeGb} GB, used or not, until you tear it down`;
    if (await askYes(`Cache answers in API Gateway? It costs ${price}.`)) answers['cache-size'] = CACHE.sizeGb;
  }
  if (isOpen('access')) {
    const { access } = await prompt<{ access: string }>([
      {
        type: 'select',
        name: 'access',
        message: 'Who may see the images?',
        // What opens them to the world is chosen, never merely entered past.
        choices: [
          { name: 'programs that sign their requests with AWS credentials (IAM)', value: 'iam' },
          { name: 'everybody who knows or guesses an address, and you pay for it', value: 'public' },
          { name: 'programs with an API key, which meters them and proves nothing', value: 'api-key' },
          { name: 'people who sign in to a user pool that pixgate makes (Cognito)', value: 'cognito' },
        ],
      },
    ]);
    answers['access'] = access;
  }
  return answers;
}
