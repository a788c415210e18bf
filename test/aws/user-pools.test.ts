import { inspect } from 'node:util';
import { expect, it, test } from 'vitest';
import type { UserPools } from '../../src/aws/user-pools.js';
import { newWorld, type Weather } from '../stories/world.js';

const SECRETS = { password: 'Quite another, 2 be sure', code: '123456', session: 'session-of-twenty-characters' };
const { password, code, session } = SECRETS;
const challenge = { name: 'SOFTWARE_TOKEN_MFA', session, username: 'ann' };

/** Answers every call of Cognito with a complaint that repeats what was sent. */
const repeating: Weather = async (request, handle) => {
  if (!request.host.startsWith('cognito-idp')) return handle(request);
  const message = `1 validation error detected: Value '${Buffer.from(request.body).toString()}' failed to satisfy constraint`;
  return {
    status: 400,
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': 'request' },
    body: Buffer.from(JSON.stringify({ __type: 'InvalidParameterException', message })),
  };
};

const CALLS: readonly (readonly [string, (pools: UserPools) => Promise<unknown>])[] = [
  ['AdminCreateUser', (is) => is.createUser('eu-west-1_a', { username: 'ann', temporaryPassword: password })],
  ['AdminSetUserPassword', (is) => is.resetPassword('eu-west-1_a', { username: 'ann', temporaryPassword: password })],
  ['InitiateAuth', (is) => is.initiate('client', { username: 'ann', password })],
  ['RespondToAuthChallenge', (is) => is.respond('client', challenge, { NEW_PASSWORD: password })],
  ['RespondToAuthChallenge', (is) => is.respond('client', challenge, { SOFTWARE_TOKEN_MFA_CODE: code })],
  ['AssociateSoftwareToken', (is) => is.associate(session)],
  ['VerifySoftwareToken', (is) => is.verify(session, code)],
];

it.each(CALLS)(
  'an answer to %s that repeats what was sent brings no secret into the error',
  async (operation, call) => {
    const { userPools } = await newWorld(repeating).aws();

    const failure: unknown = await call(userPools).catch((error: unknown) => error);

    expect(failure).toMatchObject({ name: 'AwsError', failure: { service: 'Cognito', operation } });
    const told = inspect(failure, { depth: Infinity });
    expect(told).toContain("Value '{");
    expect(told).toContain('***');
    expect(Object.values(SECRETS).filter((secret) => told.includes(secret))).toEqual([]);
  },
);

test('calls of a sign-in are not signed', async () => {
  const signed: Record<string, boolean> = {};
  const { userPools } = await newWorld(async (request, handle) => {
    const operation = request.headers['x-amz-target']?.split('.').at(-1);
    if (operation !== undefined) signed[operation] = request.headers['authorization'] !== undefined;
    return handle(request);
  }).aws();

  await Promise.allSettled([
    userPools.listPools(),
    userPools.initiate('client', { username: 'ann', password }),
    userPools.respond('client', challenge, { SOFTWARE_TOKEN_MFA_CODE: code }),
    userPools.associate(session),
    userPools.verify(session, code),
  ]);

  expect(signed).toEqual({
    ListUserPools: true,
    InitiateAuth: false,
    RespondToAuthChallenge: false,
    AssociateSoftwareToken: false,
    VerifySoftwareToken: false,
  });
});

test('listPools() and listUsers() read every page', async () => {
  const { userPools } = await newWorld(undefined, { pageSize: 2 }).aws();
  const settings = {
    ...{ selfSignUp: false, passwordLength: 12, passwordClasses: [], temporaryPasswordDays: 7 },
    ...{ recovery: ['admin_only'], deletionProtection: false },
  };
  const names = ['a', 'b', 'c', 'd', 'e'];
  const ids: string[] = [];
  for (const name of names) ids.push(await userPools.createPool(name, settings, {}));
  const [poolId = ''] = ids;
  for (const username of names) await userPools.createUser(poolId, { username, temporaryPassword: 'aaaaaaaaaaaa' });

  const pools = await userPools.listPools();
  const users = await userPools.listUsers(poolId);

  expect(pools.map(({ name }) => name).toSorted()).toEqual(names);
  expect(users.map(({ username }) => username).toSorted()).toEqual(names);
});
