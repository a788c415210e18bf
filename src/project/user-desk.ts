import { type Clock, systemClock } from '../clock.js';
import { RefusedError, UsageError } from '../errors.js';
import type { UserInfo } from '../model/access.js';
import { findPool, poolAccess } from '../resources/pool.js';
import { chooseTemporaryPassword } from '../resources/temporary-password.js';
import type { Context } from './context.js';
import { type SignedIn, type SignInAsk, signIn } from './sign-in.js';

/** Manages the users of the pool that pixgate made. */
export interface UserDesk {
  /** By name. */
  list(): Promise<readonly UserInfo[]>;
  /**
   * Makes a user and answers the temporary password, which the first sign-in replaces; secret, and kept nowhere.
   *
   * @throws {RefusedError} when there is one of that name.
   */
  add(username: string): Promise<{ readonly temporaryPassword: string }>;
  /** Gives a user another temporary password; the own one is forgotten. @throws {UsageError} when there is none of that name. */
  reset(username: string): Promise<{ readonly temporaryPassword: string }>;
  /** Whether the first sign-in of a user sets up an authenticator, whose seed somebody must see. */
  mustEnrol(username: string): Promise<boolean>;
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
  const demandUser = async (username: string) => {
    const pool = await demand();
    if ((await userPools.listUsers(pool.id)).some((user) => user.username === username)) return pool;
    throw new UsageError(`Cannot use user ${JSON.stringify(username)}: there is none of that name.`, {
      code: 'USER_UNKNOWN',
      suggestions: ['pixgate access user list'],
    });
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
      if ((await userPools.listUsers(id)).some((user) => user.username === username))
        throw new RefusedError(`Cannot make user "${username}": there is one of that name.`, {
          code: 'USER_EXISTS',
          suggestions: [`pixgate access user reset ${username}  gives another temporary password`],
        });
      const temporaryPassword = chooseTemporaryPassword();
      await userPools.createUser(id, { username, temporaryPassword });
      return { temporaryPassword };
    },
    async reset(username) {
      const { id } = await demandUser(username);
      const temporaryPassword = chooseTemporaryPassword();
      await userPools.resetPassword(id, { username, temporaryPassword });
      return { temporaryPassword };
    },
    async mustEnrol(username) {
      if (poolAccess(context.config)?.mfa !== 'required') return false;
      const { id } = await demand();
      const user = (await userPools.listUsers(id)).find((is) => is.username === username);
      return user?.status === 'FORCE_CHANGE_PASSWORD';
    },
    async remove(username) {
      const { id } = await demandUser(username);
      await userPools.deleteUser(id, username);
    },
    async signIn(username, ask, clock = systemClock) {
      const { clientId } = await demand();
      const issuer = `${environment.name}-${environment.stage}`;
      return signIn({ userPools, clientId, issuer, clock }, { username, ask });
    },
  };
}
