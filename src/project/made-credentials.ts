import { randomBytes } from 'node:crypto';
import { findPool, poolAccess } from '../resources/pool.js';
import { chooseTemporaryPassword } from '../resources/temporary-password.js';
import type { Context } from './context.js';
import { openKeyDesk } from './key-desk.js';
import type { Credentials } from './project.js';
import type { SignInAsk } from './sign-in.js';
import { totp } from './totp.js';
import { openUserDesk } from './user-desk.js';

/** Credentials for one run of checks, and what takes them away again. */
export interface MadeCredentials {
  readonly credentials: Credentials;
  /** Takes away what was made, whatever fails on the way, and names what stays. */
  undo(): Promise<readonly string[]>;
}

/** One thing that was made for the run, or may have been. */
interface Made {
  /** 'API key test-1a2b3c4d' */
  readonly label: string;
  undo(): Promise<void>;
}

/**
 * Makes what the run was not given: an API key, and a user of the pool that pixgate made, signed in with whatever the
 * pool asks for.
 *
 * @throws {AwsError} when AWS does not let it be made; what was made until then is taken away.
 */
export async function makeCredentials(context: Context, given: Credentials): Promise<MadeCredentials> {
  const { mounts } = context.config;
  const made: Made[] = [];
  const undo = async (): Promise<string[]> => {
    const ended = await Promise.allSettled(made.map((each) => each.undo()));
    return made.filter((_, nth) => ended[nth]?.status === 'rejected').map(({ label }) => label);
  };
  try {
    const wantsKey = given.apiKey === undefined && mounts.some(({ access }) => access.kind === 'api-key');
    const apiKey = wantsKey ? await makeKey(context, made) : given.apiKey;
    const poolToken = poolAccess(context.config) === undefined ? undefined : await makeUser(context, made);
    return { credentials: { ...given, apiKey, poolToken }, undo };
  } catch (error) {
    await undo();
    throw error;
  }
}

const chooseName = (): string => `test-${randomBytes(4).toString('hex')}`;

async function makeKey(context: Context, made: Made[]): Promise<string> {
  const desk = openKeyDesk(context);
  const name = chooseName();
  const { id } = await desk.add(name);
  made.push({ label: `API key ${name}`, undo: () => context.aws.usagePlans.deleteKey(id) });
  return desk.reveal(id);
}

async function makeUser(context: Context, made: Made[]): Promise<string> {
  const desk = openUserDesk(context);
  const { userPools } = context.aws;
  const pool = await findPool(context);
  const username = chooseName();
  made.push({
    label: `user ${username}`,
    undo: async () => (pool === undefined ? undefined : userPools.deleteUser(pool.id, username)),
  });
  const { temporaryPassword } = await desk.add(username);
  let seed = '';
  const { clock } = context.target;
  const ask: SignInAsk = {
    password: async () => temporaryPassword,
    newPassword: async () => chooseTemporaryPassword(),
    code: async () => totp(seed, clock.now()),
    showSeed: async (given) => {
      seed = given;
    },
  };
  const { idToken } = await desk.signIn(username, ask, clock);
  return idToken;
}
