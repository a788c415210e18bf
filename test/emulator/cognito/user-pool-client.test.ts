import {
  CreateUserPoolClientCommand,
  type CreateUserPoolClientCommandInput,
  DeleteUserPoolClientCommand,
  DescribeUserPoolClientCommand,
  ListUserPoolClientsCommand,
  UpdateUserPoolClientCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { expect, test } from 'vitest';
import { refusalOf } from '../front/local-cloud.js';
import { cognitoOf, makeClient, makePool, NOW_MS, standing } from './pool-world.js';

test('DescribeUserPoolClient answers the defaults of what CreateUserPoolClient was not given', async () => {
  const cognito = cognitoOf(standing());
  const { id: UserPoolId } = await makePool(cognito);
  const made = await cognito.send(new CreateUserPoolClientCommand({ UserPoolId, ClientName: 'terminal' }));
  const ClientId = made.UserPoolClient?.ClientId;

  const { UserPoolClient } = await cognito.send(new DescribeUserPoolClientCommand({ UserPoolId, ClientId }));

  expect(ClientId).toMatch(/^[0-9a-z]{26}$/);
  expect(UserPoolClient).toEqual(made.UserPoolClient);
  expect(UserPoolClient).toEqual({
    UserPoolId,
    ClientId,
    ClientName: 'terminal',
    CreationDate: new Date(NOW_MS),
    LastModifiedDate: new Date(NOW_MS),
    RefreshTokenValidity: 30,
    TokenValidityUnits: {},
    AllowedOAuthFlowsUserPoolClient: false,
    EnableTokenRevocation: true,
    EnablePropagateAdditionalUserContextData: false,
    AuthSessionValidity: 3,
  });
});

test('UpdateUserPoolClient sets the client anew, defaults included', async () => {
  const cognito = cognitoOf(standing());
  const { id: UserPoolId } = await makePool(cognito);
  const ClientId = await makeClient(cognito, UserPoolId, { AuthSessionValidity: 15 });
  const settings = { PreventUserExistenceErrors: 'ENABLED' as const, EnableTokenRevocation: false };

  await cognito.send(new UpdateUserPoolClientCommand({ UserPoolId, ClientId, ...settings }));

  const { UserPoolClient } = await cognito.send(new DescribeUserPoolClientCommand({ UserPoolId, ClientId }));
  expect(UserPoolClient).toMatchObject({ ...settings, ClientName: 'terminal', AuthSessionValidity: 3 });
  expect(UserPoolClient?.ExplicitAuthFlows).toBeUndefined();
});

const inUnits = (
  kind: 'AccessToken' | 'IdToken' | 'RefreshToken',
  value: number,
  unit?: 'seconds' | 'minutes' | 'days',
) => ({
  [`${kind}Validity`]: value,
  ...(unit === undefined ? {} : { TokenValidityUnits: { [kind]: unit } }),
});

test.each<Partial<CreateUserPoolClientCommandInput>>([
  inUnits('AccessToken', 300, 'seconds'),
  inUnits('AccessToken', 24),
  inUnits('IdToken', 5, 'minutes'),
  inUnits('IdToken', 1, 'days'),
  inUnits('RefreshToken', 60, 'minutes'),
  inUnits('RefreshToken', 3650),
])('CreateUserPoolClient takes %j', async (validity) => {
  const cognito = cognitoOf(standing());
  const { id: UserPoolId } = await makePool(cognito);

  const { UserPoolClient } = await cognito.send(
    new CreateUserPoolClientCommand({ UserPoolId, ClientName: 'terminal', ...validity }),
  );

  expect(UserPoolClient).toMatchObject(validity);
});

test.each<Partial<CreateUserPoolClientCommandInput>>([
  inUnits('AccessToken', 299, 'seconds'),
  inUnits('AccessToken', 25),
  inUnits('IdToken', 4, 'minutes'),
  inUnits('IdToken', 2, 'days'),
  inUnits('RefreshToken', 59, 'minutes'),
  inUnits('RefreshToken', 3651),
  { AuthSessionValidity: 2 },
  { AuthSessionValidity: 16 },
  { ExplicitAuthFlows: ['ALLOW_EVERYTHING' as 'ALLOW_USER_AUTH'] },
  { ClientName: 'a/b' },
])('CreateUserPoolClient refuses %j', async (input) => {
  const cognito = cognitoOf(standing());
  const { id } = await makePool(cognito);

  const refusal = await refusalOf(makeClient(cognito, id, input));

  expect(refusal).toMatchObject({ name: 'InvalidParameterException', status: 400 });
});

test.each<[string, Partial<CreateUserPoolClientCommandInput>]>([
  ['GenerateSecret', { GenerateSecret: true }],
  ['CallbackURLs', { CallbackURLs: ['https://example.com'] }],
  ['the legacy flow USER_PASSWORD_AUTH', { ExplicitAuthFlows: ['USER_PASSWORD_AUTH'] }],
])('CreateUserPoolClient with %s is not emulated', async (what, input) => {
  const cognito = cognitoOf(standing());
  const { id } = await makePool(cognito);

  const refusal = await refusalOf(makeClient(cognito, id, input));

  expect(refusal).toMatchObject({ status: 501, message: expect.stringContaining(`CreateUserPoolClient with ${what}`) });
});

test('ListUserPoolClients tells the clients of its own pool, page by page', async () => {
  const cognito = cognitoOf(standing());
  const { id: UserPoolId } = await makePool(cognito);
  await makeClient(cognito, (await makePool(cognito)).id);
  const made: string[] = [];
  for (let n = 0; n < 6; n++) made.push(await makeClient(cognito, UserPoolId));

  const first = await cognito.send(new ListUserPoolClientsCommand({ UserPoolId, MaxResults: 60 }));
  const second = await cognito.send(new ListUserPoolClientsCommand({ UserPoolId, NextToken: first.NextToken }));

  const listed = [...(first.UserPoolClients ?? []), ...(second.UserPoolClients ?? [])];
  expect(listed).toEqual([...made].sort().map((ClientId) => ({ ClientId, UserPoolId, ClientName: 'terminal' })));
  expect([first.UserPoolClients?.length, second.NextToken]).toEqual([5, undefined]);
});

test('ListUserPoolClients refuses a token that is none', async () => {
  const cognito = cognitoOf(standing());
  const { id: UserPoolId } = await makePool(cognito);

  const refusal = await refusalOf(cognito.send(new ListUserPoolClientsCommand({ UserPoolId, NextToken: 'a b' })));

  expect(refusal.name).toBe('InvalidParameterException');
});

test('a client is not found in another pool, nor once it is deleted', async () => {
  const cognito = cognitoOf(standing());
  const { id: UserPoolId } = await makePool(cognito);
  const { id: other } = await makePool(cognito);
  const ClientId = await makeClient(cognito, UserPoolId);
  const describe = (pool: string) => cognito.send(new DescribeUserPoolClientCommand({ UserPoolId: pool, ClientId }));

  const before = await refusalOf(describe(other));
  await cognito.send(new DeleteUserPoolClientCommand({ UserPoolId, ClientId }));
  const after = await refusalOf(describe(UserPoolId));

  const refusal = {
    name: 'ResourceNotFoundException',
    status: 400,
    message: `User pool client ${ClientId} does not exist.`,
  };
  expect([before, after]).toEqual([refusal, refusal]);
});
