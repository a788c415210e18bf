import type { Call } from '../operation.js';
import type { JsonInput, JsonOperation } from '../wire/json-1-1.js';
import { type ClientSettings, readClientSettings } from './client-settings.js';
import { notFound, openPool, toPage } from './input.js';
import { COGNITO_TABLES, deleteRows, isInRegion, type RefreshGrant } from './model.js';

/** An app client as the account keeps it. */
export interface UserPoolClient extends ClientSettings {
  /** 26 lower-case characters, unique everywhere. */
  readonly id: string;
  /** Its pool. */
  readonly poolId: string;
  /** Name; several clients may share one. */
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly createdAtMs: number;
  /** Milliseconds since 1970. */
  readonly modifiedAtMs: number;
}

const NAME_RULE = { min: 1, max: 128, pattern: '[\\w\\s+=,.@-]+' };
const ID_RULE = { min: 1, max: 128, pattern: '[\\w+]+' };

/** Makes an app client without a secret. @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html */
export const CreateUserPoolClient: JsonOperation = {
  name: 'CreateUserPoolClient',
  mutating: true,
  fidelity: 'documented',
  source: 'Amazon Cognito API Reference, CreateUserPoolClient; its sentences are guessed',
  run(input, call) {
    const pool = openPool(input, call, 'CreateUserPoolClient');
    const client: UserPoolClient = {
      ...readClientSettings(input, 'CreateUserPoolClient'),
      id: call.newId(26),
      poolId: pool.id,
      name: input.getText('ClientName', NAME_RULE),
      createdAtMs: call.now(),
      modifiedAtMs: call.now(),
    };
    call.store.put(COGNITO_TABLES.client, client.id, client);
    return { UserPoolClient: toClientFields(client) };
  },
};

/** Reads an app client. @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeUserPoolClient.html */
export const DescribeUserPoolClient: JsonOperation = {
  name: 'DescribeUserPoolClient',
  mutating: false,
  fidelity: 'documented',
  source: 'Amazon Cognito API Reference, DescribeUserPoolClient',
  run(input, call) {
    return { UserPoolClient: toClientFields(openClient(input, call, 'DescribeUserPoolClient')) };
  },
};

/**
 * Sets an app client anew.
 *
 * AWS: whatever the call leaves out gets its default value again. (API Reference, UpdateUserPoolClient)
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPoolClient.html
 */
export const UpdateUserPoolClient: JsonOperation = {
  name: 'UpdateUserPoolClient',
  mutating: true,
  fidelity: 'documented',
  source: 'Amazon Cognito API Reference, UpdateUserPoolClient; its sentences are guessed',
  run(input, call) {
    const { id, poolId, name, createdAtMs } = openClient(input, call, 'UpdateUserPoolClient');
    const client: UserPoolClient = {
      ...readClientSettings(input, 'UpdateUserPoolClient'),
      ...{ id, poolId, createdAtMs },
      name: input.findText('ClientName', NAME_RULE) ?? name,
      modifiedAtMs: call.now(),
    };
    call.store.put(COGNITO_TABLES.client, id, client);
    return { UserPoolClient: toClientFields(client) };
  },
};

/** Removes an app client and what it was given. @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteUserPoolClient.html */
export const DeleteUserPoolClient: JsonOperation = {
  name: 'DeleteUserPoolClient',
  mutating: true,
  fidelity: 'documented',
  source: 'Amazon Cognito API Reference, DeleteUserPoolClient',
  run(input, call) {
    const { id } = openClient(input, call, 'DeleteUserPoolClient');
    call.store.delete(COGNITO_TABLES.client, id);
    for (const table of [COGNITO_TABLES.session, COGNITO_TABLES.refresh])
      deleteRows<Pick<RefreshGrant, 'clientId'>>(call.store, table, ({ clientId }) => clientId === id);
    return undefined;
  },
};

/** Lists the app clients of a pool. @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUserPoolClients.html */
export const ListUserPoolClients: JsonOperation = {
  name: 'ListUserPoolClients',
  mutating: false,
  fidelity: 'documented',
  source: 'Amazon Cognito API Reference, ListUserPoolClients; the order is guessed',
  run(input, call) {
    const pool = openPool(input, call, 'ListUserPoolClients');
    const most = input.findInteger('MaxResults', 1, 60) ?? call.settings.pageSize;
    const rows = call.store.list<UserPoolClient>(COGNITO_TABLES.client).filter(({ value }) => value.poolId === pool.id);
    const { values, next } = toPage(rows, Math.min(most, call.settings.pageSize), input.findText('NextToken'));
    const clients = values.map(({ id, name }) => ({ ClientId: id, UserPoolId: pool.id, ClientName: name }));
    return { UserPoolClients: clients, NextToken: next };
  },
};

/** The app client that a call names by `ClientId`, in whichever pool. @throws {Refusal} ResourceNotFoundException. */
export function getClient(input: JsonInput, call: Call): UserPoolClient {
  const id = input.getText('ClientId', ID_RULE);
  const client = call.store.get<UserPoolClient>(COGNITO_TABLES.client, id);
  if (client === undefined || !isInRegion(call, client.poolId))
    throw notFound(`User pool client ${id} does not exist.`);
  return client;
}

/** The app client that a call names, in the pool that it names. @throws {Refusal} AccessDeniedException, ResourceNotFoundException. */
export function openClient(input: JsonInput, call: Call, action: string): UserPoolClient {
  const pool = openPool(input, call, action);
  const client = getClient(input, call);
  if (client.poolId !== pool.id) throw notFound(`User pool client ${client.id} does not exist.`);
  return client;
}

function toClientFields(client: UserPoolClient): Record<string, unknown> {
  const { values, units } = client.validity;
  return {
    UserPoolId: client.poolId,
    ClientName: client.name,
    ClientId: client.id,
    LastModifiedDate: client.modifiedAtMs / 1000,
    CreationDate: client.createdAtMs / 1000,
    RefreshTokenValidity: values.RefreshToken ?? 30,
    AccessTokenValidity: values.AccessToken,
    IdTokenValidity: values.IdToken,
    TokenValidityUnits: units,
    ExplicitAuthFlows: client.flows,
    AllowedOAuthFlowsUserPoolClient: false,
    PreventUserExistenceErrors: client.existenceErrors,
    EnableTokenRevocation: client.isRevocable,
    EnablePropagateAdditionalUserContextData: false,
    AuthSessionValidity: client.sessionMinutes,
  };
}
