import { expect, it } from 'vitest';
import type { MountAccess } from '../../src/config/config.js';
import { newWorld } from './world.js';

it('an API key has so many requests a day and no more, and another has its own', async () => {
  const world = newWorld();
  const access: MountAccess = {
    kind: 'api-key',
    throttle: { rate: 1000, burst: 2000 },
    quota: { limit: 3, per: 'day' },
  };
  const config = world.config({}, { access });
  await world.run('up', config);
  const project = await world.open(config);
  const { url } = await project.access();
  const other = await project.keys.add('other');
  const [first, second] = [await project.keys.reveal('default'), await project.keys.reveal(other.id)];
  const ask = (key: string) => world.get(`${url}/images/orbit.gif`, { 'x-api-key': key });

  const asked = [await ask(first), await ask(first), await ask(first), await ask(first)];
  const others = await ask(second);
  await world.emulator.clock.sleep(86_400_000);
  const tomorrow = await ask(first);

  expect(asked.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
  expect(JSON.parse(asked[3]?.body.toString() ?? '').error).toBe('QuotaExceeded');
  expect([others.status, tomorrow.status]).toEqual([200, 200]);
});

it('a quota is not spent on checks unasked', async () => {
  const world = newWorld();
  const access: MountAccess = { kind: 'api-key', throttle: { rate: 5, burst: 5 }, quota: { limit: 3, per: 'month' } };
  const config = world.config({}, { access });
  await world.run('up', config);

  const { results } = await world.verify(config);

  const told = new Map(results.map(({ id, status }) => [id, status]));
  expect(told.get('auth/images/key')).toBeUndefined();
  expect(told.get('auth/images/anonymous')).toBe('passed');
  expect(results.filter(({ status }) => status === 'failed')).toEqual([]);
});

it.each<[string, readonly string[] | undefined, 'idToken' | 'accessToken']>([
  ['ID tokens', undefined, 'idToken'],
  ['access tokens with a scope', ['images/read', 'aws.cognito.signin.user.admin'], 'accessToken'],
])('a pool that exists opens a mount to its %s, and stays when everything goes', async (_what, scopes, opens) => {
  const world = newWorld();
  const theirs = world.config({ name: 'theirs' }, { access: { kind: 'cognito', mfa: 'none' } });
  await world.run('up', theirs);
  const owner = await world.open(theirs);
  const { temporaryPassword } = await owner.users.add('ann');
  const ask = {
    password: async () => temporaryPassword,
    newPassword: async () => 'Correct-Horse-9-Staple',
    code: async () => '',
    showSeed: async () => {},
  };
  const tokens = await owner.users.signIn('ann', ask, world.emulator.clock);
  const { userPools } = await world.aws();
  const [pool] = await userPools.listPools();
  const userPoolArn = `arn:aws:cognito-idp:eu-west-1:000000000000:userpool/${pool?.id}`;
  const access: MountAccess = { kind: 'cognito', userPoolArn, ...(scopes === undefined ? {} : { scopes }) };
  const config = world.config({}, { access });

  await world.run('up', config);
  const { results } = await world.verify(config, { credentials: { token: tokens[opens] } });
  const { url } = await (await world.open(config)).access();
  const other = opens === 'idToken' ? tokens.accessToken : tokens.idToken;
  const refused = await world.get(`${url}/images/orbit.gif`, { Authorization: other });
  const { left } = await world.run('teardown', config);

  expect(results.filter(({ status }) => status !== 'passed')).toEqual([]);
  expect([401, 403]).toContain(refused.status);
  expect(left).toEqual([]);
  expect(await userPools.listPools()).toHaveLength(1);
  expect(await owner.users.list()).toMatchObject([{ username: 'ann', status: 'CONFIRMED' }]);
});
