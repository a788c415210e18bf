import { rmSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { RefusedError, UsageError } from '../errors.js';
import type { AccessDocument, Project } from '../index.js';
import { cannotWrite } from './cannot-write.js';
import { quoteWord } from './invocation.js';
import { askSecrets, unseenSeed } from './sign-in-prompts.js';
import type { Voice } from './voice.js';

/** What an action works with. */
export interface AccessTools {
  open(): Promise<Project>;
  voice(): Voice;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** Whether secrets are shown. */
  readonly reveal: boolean;
  /** File for the secret; undefined: none. */
  readonly out: string | undefined;
}

type Action = (project: Project, name: string, tools: AccessTools) => Promise<AccessDocument>;

/** What is typed, and what it does; `NAME` stands for a name. */
const ACTIONS: Readonly<Record<string, Action>> = {
  '': (project) => project.access(),
  'key list': async (project) => ({ keys: await project.keys.list() }),
  'key add NAME': async (project, name, tools) => {
    const { id } = await project.keys.add(name, { unique: true });
    return { done: 'key added', name, id, ...(await hand(tools, () => project.keys.reveal(id))) };
  },
  'key show NAME': async (project, name, tools) => {
    demandWayOut(tools, `key show ${quoteWord(name)}`);
    return { done: 'key shown', name, ...(await hand(tools, () => project.keys.reveal(name))) };
  },
  'key rotate NAME': async (project, name, tools) => {
    const known = (await project.keys.list()).find((key) => key.id === name || key.name === name);
    if (known === undefined)
      throw new UsageError(`Cannot rotate key ${JSON.stringify(name)}: there is no such key.`, {
        code: 'KEY_UNKNOWN',
        suggestions: ['pixgate access key list'],
      });
    const { id } = await project.keys.add(known.name);
    return { done: 'key rotated', name: known.name, id, ...(await hand(tools, () => project.keys.reveal(id))) };
  },
  'key delete NAME': async (project, name) => {
    const { id, name: called } = await project.keys.remove(name);
    return { done: 'key deleted', name: called, id };
  },
  'user list': async (project) => ({ users: await project.users.list() }),
  'user add NAME': async (project, name, tools) => {
    demandWayOut(tools, `user add ${quoteWord(name)}`);
    const { temporaryPassword } = await project.users.add(name);
    return { done: 'user added', name, ...(await hand(tools, async () => temporaryPassword)) };
  },
  'user reset NAME': async (project, name, tools) => {
    demandWayOut(tools, `user reset ${quoteWord(name)}`);
    const { temporaryPassword } = await project.users.reset(name);
    return { done: 'password reset', name, ...(await hand(tools, async () => temporaryPassword)) };
  },
  'user delete NAME': async (project, name) => {
    await project.users.remove(name);
    return { done: 'user deleted', name };
  },
  'login NAME': async (project, name, tools) => {
    demandWayOut(tools, `login ${quoteWord(name)}`);
    // Told before the password is replaced, which is the first thing that happens.
    if (!tools.reveal && (await project.users.mustEnrol(name))) throw unseenSeed();
    const { idToken, expiresInSeconds } = await project.users.signIn(name, askSecrets(tools));
    return { done: 'signed in', name, expiresInSeconds, ...(await hand(tools, async () => idToken)) };
  },
};

/**
 * Does what was typed behind `access`.
 *
 * @throws {UsageError} when that is nothing there is.
 */
export async function runAccess(words: readonly string[], tools: AccessTools): Promise<AccessDocument> {
  const found = Object.entries(ACTIONS).find(([spelled]) => fits(spelled, words));
  if (found === undefined) throw unknown(words);
  const [spelled, act] = found;
  const givesSecret = /^(key (add|show|rotate)|user (add|reset)|login) /.test(spelled);
  if (givesSecret && tools.out !== undefined)
    return withFile(tools.out, () => carryOut(act, words, tools), tools.signal);
  return carryOut(act, words, tools);
}

async function carryOut(act: Action, words: readonly string[], tools: AccessTools): Promise<AccessDocument> {
  return act(await tools.open(), words.at(-1) ?? '', tools);
}

/** Has an empty file of our own before anything is made, and takes it away again when nothing came of it. */
async function withFile<T>(file: string, work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  if (file === '') throw new UsageError('--out must be the name of a file: got "".');
  await writeSecret(file, '');
  // A signal may end the process before anything else is done.
  const drop = (): void => {
    if (statSync(file, { throwIfNoEntry: false })?.size === 0) rmSync(file, { force: true });
  };
  signal.addEventListener('abort', drop);
  try {
    return await work();
  } catch (error) {
    drop();
    throw error;
  } finally {
    signal.removeEventListener('abort', drop);
  }
}

function fits(spelled: string, words: readonly string[]): boolean {
  const parts = spelled === '' ? [] : spelled.split(' ');
  return parts.length === words.length && parts.every((part, nth) => part === 'NAME' || part === words[nth]);
}

function unknown(words: readonly string[]): UsageError {
  const typed = words.join(' ');
  const known = Object.keys(ACTIONS).filter((spelled) => spelled !== '');
  const begun = known.filter((spelled) => spelled.split(' ')[0] === words[0]);
  return new UsageError(`There is no access ${JSON.stringify(typed)}.`, {
    code: 'ACTION_UNKNOWN',
    suggestions: (begun.length > 0 ? begun : known).map((spelled) => `pixgate access ${spelled}`),
  });
}

/** A secret that nobody sees is of no use where it cannot be asked for again. */
function demandWayOut({ reveal, out }: AccessTools, typed: string): void {
  if (reveal || out !== undefined) return;
  throw new UsageError(
    'Cannot give a secret away unasked: --reveal shows it, --out FILE writes it to a file of yours.',
    {
      code: 'SECRET_UNASKED',
      suggestions: [`pixgate access ${typed} --reveal`, `pixgate access ${typed} --out secret.txt`],
    },
  );
}

/** Writes a file of our own that nobody else may read; one that somebody else made is left alone. */
async function writeSecret(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { mode: 0o600, flag: text === '' ? 'wx' : 'w' });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    if (error.code === 'EEXIST')
      throw new RefusedError(`Cannot write ${file}: it is already there.`, {
        code: 'FILE_EXISTS',
        suggestions: ['name another file', 'remove it first'],
      });
    throw cannotWrite(file, error, 'FILE_UNWRITABLE');
  }
}

/** Gives a secret to whoever asked for it, and to nobody else. */
async function hand(
  { reveal, out }: AccessTools,
  read: () => Promise<string>,
): Promise<{ readonly secret?: string; readonly file?: string }> {
  if (!reveal && out === undefined) return {};
  const secret = await read();
  if (out !== undefined) await writeSecret(out, `${secret}\n`);
  return { ...(reveal ? { secret } : {}), ...(out === undefined ? {} : { file: out }) };
}
