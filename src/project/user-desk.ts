import { type Clock, systemClock } from '../clock.js';
import { RefusedError, UsageError } from '../errors.js';
import type { UserInfo } from '../model/access.js';
import { findPool } from '../resources/pool.js';
import { chooseTemporaryPassword } from '../resources/temporary-password.js';
import type { Context } from './context.js';
import { type SignedIn, type SignInAsk, signIn } from './sign-in.js';

/** Manages the users of the pool that pixgate made. */
export interface UserDesk {
  /** By name. */
  list(): Promise<readonly UserInfo[]>;
  /**
   * Makes a user and answers the temporary password, which the first sign-in replaces; secret, and kept nowhere. One who
   * is there gets another temporary password.
   */
  add(username: string): Promise<{ readonly temporaryPassword: string }>;
  remove(username: string): Promise<void>;
  /** Signs a user in, asking what the pool asks; by the world's time, unless the authenticator goes by another. @throws {UsageError} when the pool does not take what was answered. */
  signIn(username: string, ask: SignInAsk, clock?: Clock): Promise<SignedIn>;
}

/** What a user may be called. AWS takes more; these need no quoting anywhere. */
const USERNAME = /^[\w.@+-]{1,128}$/;

/** Opens the desk. */
export function openUserDesk(context: Context): UserDesk {
  const { aws, environment } = context;
  const { userPools } = aws;
  const demand = async () => {
    const pool = await findPool({ aws, environment });
    if (pool !== undefined) return pool;
    throw new RefusedError(
      `Cannot look after users of "${environment.name}", stage "${environment.stage}": it has no user pool of its own.`,
      {
        code: 'NO_USER_POOL',
        suggestions: ['write access: cognito for a mount into pixgate.yaml, then pixgate wire'],
      },
    );
  };
  return {
    async list() {
      const users = await userPools.listUsers((await demand()).id);
      return users
        .map(({ username, status, enabled, createdAtMs }) => ({
          username,
          status,
          enabled,
          createdAt: new Date(createdAtMs).toISOString(),
        }))
        .toSorted((a, b) => (a.username < b.username ? -1 : 1));
    },
    async add(username) {
      if (!USERNAME.test(username))
        throw new UsageError(
          `NAME must be 1 to 128 of A-Z, a-z, 0-9, "_", ".", "@", "+" and "-": got ${JSON.stringify(username)}.`,
        );
      const { id } = await demand();
      const temporaryPassword = chooseTemporaryPassword();
      const known = (await userPools.listUsers(id)).some((user) => user.username === username);
      await userPools[known ? 'resetPassword' : 'createUser'](id, { username, temporaryPassword });
      return { temporaryPassword };
    },
    async remove(username) {
      const { id } = await demand();
      if (!(await userPools.listUsers(id)).some((user) => user.username === username))
        throw new UsageError(`Cannot delete user ${JSON.stringify(username)}: there is none of that name.`, {
          code: 'USER_UNKNOWN',
          suggestions: ['pixgate access user list'],
        });
      await userPools.deleteUser(id, username);
    },
    async signIn(username, ask, clock = systemClock) {
      const { clientId } = await demand();
      const issuer = `${environment.name}-${environment.stage}`;
      return signIn({ userPools, clientId, issuer, clock }, { username, ask });
    },
  };
}
