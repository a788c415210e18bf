import { randomBytes } from 'node:crypto';
import { PixgateError } from '../errors.js';
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
  /** Takes away what was made; it does not fail when something is gone already. */
  undo(): Promise<void>;
}

/**
 * Makes what the run was not given: an API key, and a user of the pool that pixgate made, signed in with whatever the
 * pool asks for. What stands in one mount's way keeps the others from nothing: its checks say that they have no credentials.
 *
 * @throws {AwsError} when AWS does not let it be made.
 */
export async function makeCredentials(context: Context, given: Credentials): Promise<MadeCredentials> {
  const kinds = new Set(context.config.mounts.map(({ access }) => access.kind));
  const ownPool = context.config.mounts.some(
    ({ access }) => access.kind === 'cognito' && access.userPoolArn === undefined,
  );
  const undoing: (() => Promise<void>)[] = [];
  const undo = async (): Promise<void> => {
    for (const each of undoing.toReversed()) await each();
  };
  try {
    const apiKey = given.apiKey ?? (kinds.has('api-key') ? await makeKey(context, undoing) : undefined);
    const token = given.token ?? (ownPool ? await makeUser(context, undoing) : undefined);
    return { credentials: { apiKey, token }, undo };
  } catch (error) {
    await undo();
    throw error;
  }
}

const nameOf = (): string => `test-${randomBytes(4).toString('hex')}`;

async function makeKey(context: Context, undoing: (() => Promise<void>)[]): Promise<string> {
  const desk = openKeyDesk(context);
  const { id } = await desk.add(nameOf());
  undoing.push(async () => {
    await desk.remove(id).catch(passGone);
  });
  return desk.reveal(id);
}

async function makeUser(context: Context, undoing: (() => Promise<void>)[]): Promise<string> {
  const desk = openUserDesk(context);
  const username = nameOf();
  undoing.push(() => desk.remove(username).catch(passGone));
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

function passGone(error: unknown): void {
  if (!(error instanceof PixgateError) || !/_UNKNOWN$/.test(error.code)) throw error;
}
