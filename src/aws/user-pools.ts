import type { AwsAccess } from './access.js';
import { openCognito, type SendCognito } from './cognito.js';
import type { Tags } from './iam.js';
import { drain } from './pages.js';
import { sent } from './sender.js';
import { createUserPoolClients, type UserPoolClients } from './user-pool-clients.js';
import { fromPoolSettings, type PoolSettings, toPoolSettings, toPoolUpdate } from './user-pool-settings.js';
import { createPoolUsers, type PoolUsers } from './user-pool-users.js';
import { createUserSignIn, type UserSignIn } from './user-sign-in.js';

/** A user pool as far as we care. */
export interface UserPool {
  readonly id: string;
  readonly arn: string;
  /** Not unique. */
  readonly name: string;
  readonly tags: Tags;
  /** Epoch milliseconds. */
  readonly createdAtMs: number;
  readonly settings: PoolSettings;
}

/** Whether the users of a pool show a second factor. */
export interface PoolMfa {
  /** Everybody, whoever wants to, or nobody. */
  readonly mode: 'ON' | 'OPTIONAL' | 'OFF';
  /** Whether the code of an authenticator is one. */
  readonly authenticator: boolean;
}

/** The verbs of Cognito user pools. */
export interface UserPools extends UserPoolClients, PoolUsers, UserSignIn {
  /** All pools of the Region; AWS lists neither tags nor settings. */
  listPools(): Promise<readonly { readonly id: string; readonly name: string }[]>;
  findPool(id: string): Promise<UserPool | undefined>;
  /** Makes a pool without MFA and answers its id. Sent once: when the reply is lost, its tags tell. */
  createPool(name: string, settings: PoolSettings, tags: Tags): Promise<string>;
  /** Changes name and settings; all else of the pool stays as it is. */
  updatePool(id: string, name: string, settings: PoolSettings): Promise<void>;
  findMfa(id: string): Promise<PoolMfa | undefined>;
  setMfa(id: string, mfa: PoolMfa): Promise<void>;
  tagPool(arn: string, tags: Tags): Promise<void>;
  /** A tag that is not there does no harm. */
  untagPool(arn: string, key: string): Promise<void>;
  /** Takes clients and users with it; gone already is success. */
  deletePool(id: string): Promise<void>;
}

const MISSING = ['ResourceNotFoundException'];

/** Most things on one page, which AWS wants to be told. */
const PAGE = 60;

/** Cognito user pools in the Region of `access`. */
export function createUserPools(access: AwsAccess): UserPools {
  const send = openCognito(access);
  return { ...createPools(send), ...createUserPoolClients(send), ...createPoolUsers(send), ...createUserSignIn(send) };
}

function createPools(send: SendCognito): Omit<UserPools, keyof (UserPoolClients & PoolUsers & UserSignIn)> {
  const describe = async (id: string) =>
    (
      await send(
        'DescribeUserPool',
        (client, sdk) => client.send(new sdk.DescribeUserPoolCommand({ UserPoolId: id })),
        { missing: MISSING },
      )
    )?.UserPool;
  return {
    async listPools() {
      const pools = await drain(async (from) => {
        const input = { MaxResults: PAGE, ...(from === undefined ? {} : { NextToken: from }) };
        const call = send('ListUserPools', (client, sdk) => client.send(new sdk.ListUserPoolsCommand(input)));
        const page = await sent(call);
        return { items: page.UserPools ?? [], next: page.NextToken };
      });
      return pools.map(({ Id = '', Name = '' }) => ({ id: Id, name: Name }));
    },
    async findPool(id) {
      const pool = await describe(id);
      if (pool === undefined) return undefined;
      const { Arn = '', Name = '', UserPoolTags = {}, CreationDate } = pool;
      const createdAtMs = CreationDate?.getTime() ?? 0;
      return { id, arn: Arn, name: Name, tags: UserPoolTags, createdAtMs, settings: toPoolSettings(pool) };
    },
    async createPool(name, settings, tags) {
      // AWS: MFA by authenticator alone can be had only of SetUserPoolMfaConfig. (Cognito Developer Guide, "Adding MFA to a user pool")
      const input = {
        PoolName: name,
        ...fromPoolSettings(settings),
        MfaConfiguration: 'OFF' as const,
        UserPoolTags: { ...tags },
      };
      const call = send('CreateUserPool', (client, sdk) => client.send(new sdk.CreateUserPoolCommand(input)), {
        once: true,
      });
      return (await sent(call)).UserPool?.Id ?? '';
    },
    async updatePool(id, name, settings) {
      const pool = await describe(id);
      if (pool === undefined) throw new Error(`user pool ${id} disappeared while it was changed`);
      const input = { UserPoolId: id, PoolName: name, ...toPoolUpdate(pool, settings) };
      await send('UpdateUserPool', (client, sdk) => client.send(new sdk.UpdateUserPoolCommand(input)));
    },
    async findMfa(id) {
      const mfa = await send(
        'GetUserPoolMfaConfig',
        (client, sdk) => client.send(new sdk.GetUserPoolMfaConfigCommand({ UserPoolId: id })),
        { missing: MISSING },
      );
      if (mfa === undefined) return undefined;
      const { MfaConfiguration: mode = 'OFF', SoftwareTokenMfaConfiguration: token } = mfa;
      return { mode, authenticator: token?.Enabled === true };
    },
    async setMfa(id, { mode, authenticator }) {
      const input = {
        UserPoolId: id,
        MfaConfiguration: mode,
        SoftwareTokenMfaConfiguration: { Enabled: authenticator },
      };
      await send('SetUserPoolMfaConfig', (client, sdk) => client.send(new sdk.SetUserPoolMfaConfigCommand(input)));
    },
    async tagPool(arn, tags) {
      const input = { ResourceArn: arn, Tags: { ...tags } };
      await send('TagResource', (client, sdk) => client.send(new sdk.TagResourceCommand(input)));
    },
    async untagPool(arn, key) {
      const input = { ResourceArn: arn, TagKeys: [key] };
      await send('UntagResource', (client, sdk) => client.send(new sdk.UntagResourceCommand(input)));
    },
    async deletePool(id) {
      await send('DeleteUserPool', (client, sdk) => client.send(new sdk.DeleteUserPoolCommand({ UserPoolId: id })), {
        missing: MISSING,
      });
    },
  };
}
