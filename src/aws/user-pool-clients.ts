import type { SendCognito } from './cognito.js';
import { drain } from './pages.js';
import { sent } from './sender.js';
import {
  fromClientSettings,
  type PoolClientSettings,
  toClientSettings,
  toClientUpdate,
} from './user-pool-client-settings.js';

/** An app client of a user pool as far as we care. */
export interface UserPoolClient {
  readonly id: string;
  /** Not unique. */
  readonly name: string;
  /** Epoch milliseconds. */
  readonly createdAtMs: number;
  /** Whether whoever signs in must know a secret, too; fixed when it is made. */
  readonly hasSecret: boolean;
  readonly settings: PoolClientSettings;
}

/** What is done with the app clients of a user pool. */
export interface UserPoolClients {
  /** All clients of a pool; AWS lists no settings. Empty when the pool is gone. */
  listClients(poolId: string): Promise<readonly { readonly id: string; readonly name: string }[]>;
  findClient(poolId: string, id: string): Promise<UserPoolClient | undefined>;
  /** Makes a client without a secret. Sent once: when the reply is lost, its name tells. */
  createClient(poolId: string, name: string, settings: PoolClientSettings): Promise<void>;
  /** Changes settings; OAuth that they are without goes, and all else of the client stays as it is. */
  updateClient(poolId: string, id: string, settings: PoolClientSettings): Promise<void>;
  /** Gone already is success. */
  deleteClient(poolId: string, id: string): Promise<void>;
}

const MISSING = ['ResourceNotFoundException'];

/** The app clients of user pools by way of `send`. */
export function createUserPoolClients(send: SendCognito): UserPoolClients {
  const describe = async (poolId: string, id: string) => {
    const input = { UserPoolId: poolId, ClientId: id };
    const found = await send(
      'DescribeUserPoolClient',
      (client, sdk) => client.send(new sdk.DescribeUserPoolClientCommand(input)),
      { missing: MISSING },
    );
    return found?.UserPoolClient;
  };
  return {
    async listClients(poolId) {
      const clients = await drain(async (from) => {
        const input = { UserPoolId: poolId, MaxResults: 60, ...(from === undefined ? {} : { NextToken: from }) };
        const page = await send(
          'ListUserPoolClients',
          (client, sdk) => client.send(new sdk.ListUserPoolClientsCommand(input)),
          { missing: MISSING },
        );
        return { items: page?.UserPoolClients ?? [], next: page?.NextToken };
      });
      return clients.map(({ ClientId = '', ClientName = '' }) => ({ id: ClientId, name: ClientName }));
    },
    async findClient(poolId, id) {
      const found = await describe(poolId, id);
      if (found === undefined) return undefined;
      const { ClientName = '', CreationDate, ClientSecret } = found;
      const createdAtMs = CreationDate?.getTime() ?? 0;
      return {
        id,
        name: ClientName,
        createdAtMs,
        hasSecret: ClientSecret !== undefined,
        settings: toClientSettings(found),
      };
    },
    async createClient(poolId, name, settings) {
      const input = { UserPoolId: poolId, ClientName: name, GenerateSecret: false, ...fromClientSettings(settings) };
      const call = send(
        'CreateUserPoolClient',
        (client, sdk) => client.send(new sdk.CreateUserPoolClientCommand(input)),
        { once: true },
      );
      await sent(call);
    },
    async updateClient(poolId, id, settings) {
      const found = await describe(poolId, id);
      if (found === undefined) throw new Error(`app client ${id} disappeared while it was changed`);
      const input = { UserPoolId: poolId, ClientId: id, ...toClientUpdate(found, settings) };
      await send('UpdateUserPoolClient', (client, sdk) => client.send(new sdk.UpdateUserPoolClientCommand(input)));
    },
    async deleteClient(poolId, id) {
      const input = { UserPoolId: poolId, ClientId: id };
      await send('DeleteUserPoolClient', (client, sdk) => client.send(new sdk.DeleteUserPoolClientCommand(input)), {
        missing: MISSING,
      });
    },
  };
}
