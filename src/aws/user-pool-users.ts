import type { SendCognito } from './cognito.js';
import { drain } from './pages.js';

/** A user of a pool as far as we care. */
export interface PoolUser {
  readonly username: string;
  /** AWS's word for how far along they are: 'FORCE_CHANGE_PASSWORD' until the first sign-in, then 'CONFIRMED'. */
  readonly status: string;
  /** Whether they may sign in. */
  readonly enabled: boolean;
  /** Epoch milliseconds. */
  readonly createdAtMs: number;
}

/** What an administrator does with the users of a pool. Passwords are in no error. */
export interface PoolUsers {
  listUsers(poolId: string): Promise<readonly PoolUser[]>;
  /** Makes a user, who chooses another password at the first sign-in. Nothing is sent to anybody. */
  createUser(poolId: string, user: { readonly username: string; readonly temporaryPassword: string }): Promise<void>;
  /** Gives a user another temporary password, as where the own one is forgotten. */
  resetPassword(poolId: string, user: { readonly username: string; readonly temporaryPassword: string }): Promise<void>;
  /** Gone already is success. */
  deleteUser(poolId: string, username: string): Promise<void>;
}

/** The users of pools by way of `send`. */
export function createPoolUsers(send: SendCognito): PoolUsers {
  return {
    async listUsers(poolId) {
      const users = await drain(async (from) => {
        const input = { UserPoolId: poolId, ...(from === undefined ? {} : { PaginationToken: from }) };
        const page = await send('ListUsers', (client, sdk) => client.send(new sdk.ListUsersCommand(input)), {
          missing: ['ResourceNotFoundException'],
        });
        return { items: page?.Users ?? [], next: page?.PaginationToken };
      });
      return users.map(({ Username = '', UserStatus = 'UNKNOWN', Enabled = false, UserCreateDate }) => ({
        username: Username,
        status: UserStatus,
        enabled: Enabled,
        createdAtMs: UserCreateDate?.getTime() ?? 0,
      }));
    },
    async createUser(poolId, { username, temporaryPassword }) {
      const input = {
        UserPoolId: poolId,
        Username: username,
        TemporaryPassword: temporaryPassword,
        MessageAction: 'SUPPRESS' as const,
      };
      await send('AdminCreateUser', (client, sdk) => client.send(new sdk.AdminCreateUserCommand(input)), {
        made: ['UsernameExistsException'],
        secrets: [temporaryPassword],
      });
    },
    async resetPassword(poolId, { username, temporaryPassword }) {
      const input = { UserPoolId: poolId, Username: username, Password: temporaryPassword, Permanent: false };
      await send('AdminSetUserPassword', (client, sdk) => client.send(new sdk.AdminSetUserPasswordCommand(input)), {
        secrets: [temporaryPassword],
      });
    },
    async deleteUser(poolId, username) {
      const input = { UserPoolId: poolId, Username: username };
      await send('AdminDeleteUser', (client, sdk) => client.send(new sdk.AdminDeleteUserCommand(input)), {
        missing: ['UserNotFoundException', 'ResourceNotFoundException'],
      });
    },
  };
}
