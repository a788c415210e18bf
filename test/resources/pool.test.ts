import {
  AdminCreateUserCommand,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  DescribeUserPoolClientCommand,
  DescribeUserPoolCommand,
  GetUserPoolMfaConfigCommand,
  ListUserPoolClientsCommand,
  ListUserPoolsCommand,
  SetUserPoolMfaConfigCommand,
  TagResourceCommand,
  UpdateUserPoolClientCommand,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { expect, it, test } from 'vitest';
import type { CognitoAccess, MountAccess } from '../../src/config/config.js';
import { ownTags } from '../../src/resources/ownership.js';
import { findPool, poolResource } from '../../src/resources/pool.js';
import { findOwnClients, type PoolHave } from '../../src/resources/pool-sight.js';
import { openPoolBench, type PoolBench, REQUIRED } from './pool-bench.js';

const NAME = 'pixgate-holiday-dev';

/** Every pool of the account with its clients, by name. */
async function everything({ cognito }: PoolBench): Promise<{ name: string; id: string; clients: string[] }[]> {
  const { UserPools = [] } = await cognito.send(new ListUserPoolsCommand({ MaxResults: 60 }));
  const pools = UserPools.map(async ({ Id = '', Name = '' }) => {
    const { UserPoolClients = [] } = await cognito.send(new ListUserPoolClientsCommand({ UserPoolId: Id }));
    return { name: Name, id: Id, clients: UserPoolClients.map(({ ClientName = '' }) => ClientName) };
  });
  return Promise.all(pools);
}

/** What AWS shows of a pool. */
async function shown({ cognito }: PoolBench, { pool, client }: PoolHave) {
  const { UserPool } = await cognito.send(new DescribeUserPoolCommand({ UserPoolId: pool.id }));
  const mfa = await cognito.send(new GetUserPoolMfaConfigCommand({ UserPoolId: pool.id }));
  const { UserPoolClient } = await cognito.send(
    new DescribeUserPoolClientCommand({ UserPoolId: pool.id, ClientId: client?.id }),
  );
  return { pool: UserPool, mfa, client: UserPoolClient };
}

const TAGS = {
  team: 'web',
  'pixgate:token': 'token-of-ours',
  'pixgate:name': 'holiday',
  'pixgate:stage': 'dev',
  'pixgate:region': 'eu-west-1',
  'pixgate:created-by': 'ann@laptop',
};

it('makes a hardened pool with one app client, and a second run changes nothing', async () => {
  const bench = await openPoolBench();

  const made = await bench.run();
  const first = bench.calls();
  await bench.run();

  const { pool, mfa, client } = await shown(bench, made);
  expect(pool).toMatchObject({
    Name: NAME,
    Policies: {
      PasswordPolicy: {
        ...{ MinimumLength: 12, RequireLowercase: true, RequireUppercase: true },
        ...{ RequireNumbers: true, RequireSymbols: true, TemporaryPasswordValidityDays: 7 },
      },
    },
    DeletionProtection: 'INACTIVE',
    AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
    AccountRecoverySetting: { RecoveryMechanisms: [{ Name: 'admin_only', Priority: 1 }] },
    UserPoolTags: TAGS,
  });
  expect(mfa).toMatchObject({ MfaConfiguration: 'ON', SoftwareTokenMfaConfiguration: { Enabled: true } });
  expect(client).toMatchObject({
    ClientName: 'holiday-dev',
    ExplicitAuthFlows: ['ALLOW_REFRESH_TOKEN_AUTH', 'ALLOW_USER_PASSWORD_AUTH'],
    ...{ PreventUserExistenceErrors: 'ENABLED', EnableTokenRevocation: true, AllowedOAuthFlowsUserPoolClient: false },
    ...{ IdTokenValidity: 60, AccessTokenValidity: 60, RefreshTokenValidity: 1440 },
    TokenValidityUnits: { IdToken: 'minutes', AccessToken: 'minutes', RefreshToken: 'minutes' },
  });
  expect(client?.ClientSecret).toBeUndefined();
  expect(first).toEqual(['CreateUserPool', 'SetUserPoolMfaConfig', 'CreateUserPoolClient']);
  expect(bench.calls()).toEqual(first);
});

test.each<[CognitoAccess, string, string[]]>([
  [{ kind: 'cognito', mfa: 'required' }, 'ON', ['SetUserPoolMfaConfig']],
  [{ kind: 'cognito', mfa: 'optional' }, 'OPTIONAL', ['SetUserPoolMfaConfig']],
  [{ kind: 'cognito' }, 'OPTIONAL', ['SetUserPoolMfaConfig']],
  [{ kind: 'cognito', mfa: 'none' }, 'OFF', []],
])('MFA as in %j is %s', async (access, mode, calls) => {
  const bench = await openPoolBench();

  const made = await bench.run(access);

  expect((await shown(bench, made)).mfa.MfaConfiguration).toBe(mode);
  expect(bench.calls()).toEqual(['CreateUserPool', ...calls, 'CreateUserPoolClient']);
});

test('findPool() answers id, ARN and client once all is made', async () => {
  const bench = await openPoolBench();

  const before = await findPool(bench.world);
  const { pool, client } = await bench.run();

  expect(before).toBeUndefined();
  expect(await findPool(bench.world)).toEqual({ id: pool.id, arn: pool.arn, clientId: client?.id });
});

test('remember() keeps ids alone', async () => {
  const bench = await openPoolBench();
  const made = await bench.run();

  const kept = poolResource(bench.world.environment).remember(made);

  expect(kept).toEqual({ id: made.pool.id, arn: made.pool.arn, clientId: made.client?.id });
});

/** What the console sends when somebody changes one thing of a pool. */
async function changePool(bench: PoolBench, { pool }: PoolHave, change: object): Promise<void> {
  const { UserPool: is } = await bench.cognito.send(new DescribeUserPoolCommand({ UserPoolId: pool.id }));
  await bench.cognito.send(
    new UpdateUserPoolCommand({
      ...{ UserPoolId: pool.id, Policies: is?.Policies, AccountRecoverySetting: is?.AccountRecoverySetting },
      ...{ UserPoolTags: is?.UserPoolTags, MfaConfiguration: is?.MfaConfiguration },
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
      ...change,
    }),
  );
}

async function changePasswords(bench: PoolBench, have: PoolHave, change: object): Promise<void> {
  const { pool } = await shown(bench, have);
  await changePool(bench, have, { Policies: { PasswordPolicy: { ...pool?.Policies?.PasswordPolicy, ...change } } });
}

async function changeClient(bench: PoolBench, { pool, client }: PoolHave, change: object): Promise<void> {
  await bench.cognito.send(
    new UpdateUserPoolClientCommand({
      ...{ UserPoolId: pool.id, ClientId: client?.id, PreventUserExistenceErrors: 'ENABLED' },
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
      ...{ IdTokenValidity: 1, AccessTokenValidity: 3600, RefreshTokenValidity: 1 },
      TokenValidityUnits: { AccessToken: 'seconds' },
      ...change,
    }),
  );
}

const setMfa =
  (MfaConfiguration: 'OFF' | 'OPTIONAL') =>
  async ({ cognito }: PoolBench, { pool }: PoolHave): Promise<void> => {
    await cognito.send(new SetUserPoolMfaConfigCommand({ UserPoolId: pool.id, MfaConfiguration }));
  };

type Edit = (bench: PoolBench, have: PoolHave) => Promise<void>;

const EDITS: readonly (readonly [string, Edit, string])[] = [
  ['settings.selfSignUp', (b, h) => changePool(b, h, { AdminCreateUserConfig: {} }), 'UpdateUserPool'],
  ['settings.passwordLength', (b, h) => changePasswords(b, h, { MinimumLength: 6 }), 'UpdateUserPool'],
  ['settings.passwordClasses', (b, h) => changePasswords(b, h, { RequireSymbols: false }), 'UpdateUserPool'],
  [
    'settings.temporaryPasswordDays',
    (b, h) => changePasswords(b, h, { TemporaryPasswordValidityDays: 90 }),
    'UpdateUserPool',
  ],
  ['settings.recovery', (b, h) => changePool(b, h, { AccountRecoverySetting: undefined }), 'UpdateUserPool'],
  ['settings.deletionProtection', (b, h) => changePool(b, h, { DeletionProtection: 'ACTIVE' }), 'UpdateUserPool'],
  ['mfa', setMfa('OPTIONAL'), 'SetUserPoolMfaConfig'],
  ['mfa', setMfa('OFF'), 'SetUserPoolMfaConfig'],
  [
    'tags.team',
    async ({ cognito }, { pool }) => {
      await cognito.send(new TagResourceCommand({ ResourceArn: pool.arn, Tags: { team: 'other' } }));
    },
    'TagResource',
  ],
  [
    'client.flows',
    (b, h) => changeClient(b, h, { ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH'] }),
    'UpdateUserPoolClient',
  ],
  [
    'client.tellsUnknownUsers',
    (b, h) => changeClient(b, h, { PreventUserExistenceErrors: 'LEGACY' }),
    'UpdateUserPoolClient',
  ],
  ['client.tokenRevocation', (b, h) => changeClient(b, h, { EnableTokenRevocation: false }), 'UpdateUserPoolClient'],
  ['client.idTokenMinutes', (b, h) => changeClient(b, h, { IdTokenValidity: 24 }), 'UpdateUserPoolClient'],
  ['client.accessTokenMinutes', (b, h) => changeClient(b, h, { AccessTokenValidity: 300 }), 'UpdateUserPoolClient'],
  ['client.refreshTokenMinutes', (b, h) => changeClient(b, h, { RefreshTokenValidity: 30 }), 'UpdateUserPoolClient'],
];

it.each(EDITS)('a change of %s by somebody else is seen alone, and undone by one call', async (path, edit, call) => {
  const bench = await openPoolBench();
  const made = await bench.run();
  const before = await shown(bench, made);
  await edit(bench, made);
  const done = bench.calls().length;

  const { changes } = await bench.look();
  await bench.run();

  expect(changes.map((change) => change.path)).toEqual([path]);
  expect(bench.calls().slice(done)).toEqual([call]);
  expect((await bench.look()).changes).toEqual([]);
  const after = await shown(bench, made);
  expect(after.pool?.Policies).toEqual(before.pool?.Policies);
  expect(after.mfa.MfaConfiguration).toBe('ON');
});

it('a change of a client that says the same in other units is none', async () => {
  const bench = await openPoolBench();
  await changeClient(bench, await bench.run(), {});

  const { changes } = await bench.look();

  expect(changes).toEqual([]);
});

it('the repair of one setting leaves alone what others set and pixgate does not judge', async () => {
  const bench = await openPoolBench();
  const made = await bench.run();
  const theirs = { AutoVerifiedAttributes: ['email'], UserPoolTier: 'PLUS', UserPoolTags: { ...TAGS, their: 'tag' } };
  await changePool(bench, made, { ...theirs, AdminCreateUserConfig: {} });

  await bench.run();

  expect((await shown(bench, made)).pool).toMatchObject({
    ...theirs,
    AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
  });
});

it('a pool that was renamed is found by the id that the ledger keeps, and named again', async () => {
  const bench = await openPoolBench();
  const made = await bench.run();
  const memo = { settled: poolResource(bench.world.environment).remember(made) };
  await changePool(bench, made, { PoolName: 'gallery' });

  const { changes } = await bench.look(REQUIRED, memo);
  await bench.run(REQUIRED, memo);

  expect(changes).toEqual([{ path: 'name', from: 'gallery', to: NAME }]);
  expect(await everything(bench)).toEqual([{ name: NAME, id: made.pool.id, clients: ['holiday-dev'] }]);
});

it('makes a client again that somebody deleted', async () => {
  const bench = await openPoolBench();
  const made = await bench.run();
  await bench.world.aws.userPools.deleteClient(made.pool.id, made.client?.id ?? '');

  const { changes } = await bench.look();
  const again = await bench.run();

  expect(changes.every(({ path, from }) => path.startsWith('client.') && from === undefined)).toBe(true);
  expect(again.client?.id).not.toBe(made.client?.id);
  expect((await bench.look()).changes).toEqual([]);
});

test('findOwnClients() passes over clients of other names, and those that have a secret', async () => {
  const bench = await openPoolBench();
  const { client, pool } = await bench.run();
  if (client === undefined) throw new Error('no client');
  await bench.cognito.send(new CreateUserPoolClientCommand({ UserPoolId: pool.id, ClientName: 'holiday' }));
  const { userPools } = bench.world.aws;
  const secret = { ...client, id: 'secret', hasSecret: true };
  const findClient = async (poolId: string, id: string) =>
    id === 'secret' ? secret : userPools.findClient(poolId, id);
  const listClients = async (poolId: string) => [secret, ...(await userPools.listClients(poolId))];
  const aws = { ...bench.world.aws, userPools: { ...userPools, findClient, listClients } };

  const clients = await findOwnClients({ ...bench.world, aws }, pool.id);

  expect(clients.map(({ id }) => id)).toEqual([client.id]);
});

/** Runs with one fault, once for each call that can meet it; the last has none left to meet it. */
async function eachFault(kind: 'kill-before' | 'lose-reply' | 'reset-after' | 'reset-before'): Promise<string[]> {
  const stories: string[] = [];
  for (let at = 1; ; at += 1) {
    const bench = await openPoolBench([{ kind, at }]);
    const failure: unknown = await bench.run().then(
      () => undefined,
      (error: unknown) => error,
    );
    const met = bench.emulator.met.map(({ operation }) => operation).join();
    bench.emulator.heal();
    if (failure !== undefined) await bench.run();
    const left = (await everything(bench)).map(({ name, clients }) => [name, ...clients].join());
    const { changes } = await bench.look();
    if (met === '') return stories;
    const end = changes.length === 0 ? left.join(' + ') : JSON.stringify(changes);
    stories.push(`${met}: ${end}${failure === undefined ? '' : ' after another run'}`);
  }
}

const CALLS = [
  ...['ListUserPools', 'CreateUserPool', 'ListUserPools', 'DescribeUserPool', 'GetUserPoolMfaConfig'],
  ...['ListUserPoolClients', 'SetUserPoolMfaConfig', 'CreateUserPoolClient', 'ListUserPools', 'DescribeUserPool'],
  ...['GetUserPoolMfaConfig', 'ListUserPoolClients', 'DescribeUserPoolClient'],
];

test.each(['kill-before', 'lose-reply'] as const)(
  'a run that meets %s at any call is set right by another run, without a second pool or client',
  async (kind) => {
    const stories = await eachFault(kind);

    expect(stories).toEqual(CALLS.map((call) => `${call}: ${NAME},holiday-dev after another run`));
  },
);

test.each([
  // What was not made is not sent again blind.
  ['reset-before', ' after another run'],
  ['reset-after', ''],
] as const)('%s at any call leaves no duplicate', async (kind, afterCreate) => {
  const stories = await eachFault(kind);

  expect(stories).toEqual(
    CALLS.map((call) => `${call}: ${NAME},holiday-dev${call.startsWith('Create') ? afterCreate : ''}`),
  );
});

/** Makes a pool that carries the tags of ours. */
async function makeTwin({ cognito, world }: PoolBench): Promise<string> {
  const UserPoolTags = { ...ownTags(world.environment, {}) };
  const { UserPool } = await cognito.send(new CreateUserPoolCommand({ PoolName: NAME, UserPoolTags }));
  return UserPool?.Id ?? '';
}

it('where changes are seen late, one pool and one client are made, and the next run finds them by their ids', async () => {
  const bench = await openPoolBench([{ kind: 'stale', seconds: 30 }]);
  const made = await bench.run();
  const done = bench.calls().length;

  const again = await bench.run(REQUIRED, { settled: poolResource(bench.world.environment).remember(made) });

  expect(again.client?.id).toBe(made.client?.id);
  expect(bench.calls().slice(done)).toEqual([]);
  bench.emulator.heal();
  expect(await everything(bench)).toEqual([{ name: NAME, id: made.pool.id, clients: ['holiday-dev'] }]);
});

it('a second pool that a lost reply left behind is named and deleted, as is a second client', async () => {
  const bench = await openPoolBench();
  const { pool, client } = await bench.run();
  const twin = await makeTwin(bench);
  await bench.cognito.send(new CreateUserPoolClientCommand({ UserPoolId: pool.id, ClientName: 'holiday-dev' }));
  const memo = { settled: { id: pool.id, clientId: client?.id ?? '' } };

  const { changes, have } = await bench.look(REQUIRED, memo);
  await bench.run(REQUIRED, memo);

  expect(changes.map(({ path }) => path)).toEqual([`twin ${twin}`, `clientTwin ${have?.clientTwins[0]}`]);
  expect(await everything(bench)).toEqual([{ name: NAME, id: pool.id, clients: ['holiday-dev'] }]);
});

it('a second pool that has users is refused by name, and nothing is changed', async () => {
  const bench = await openPoolBench();
  const { pool } = await bench.run();
  const twin = await makeTwin(bench);
  await bench.cognito.send(new AdminCreateUserCommand({ UserPoolId: twin, Username: 'bob' }));
  const done = bench.calls().length;

  const refusal: unknown = await bench.run(REQUIRED, { settled: { id: pool.id } }).catch((error: unknown) => error);

  expect(refusal).toMatchObject({ code: 'TAGS_COPIED', message: expect.stringContaining(twin) as string });
  expect(bench.calls().slice(done)).toEqual([]);
});

it('pools of the same name that are not ours are left as they are', async () => {
  const bench = await openPoolBench();
  const { cognito } = bench;
  const foreign = { ...TAGS, 'pixgate:token': 'token-of-others' };
  await cognito.send(new CreateUserPoolCommand({ PoolName: NAME, UserPoolTags: foreign }));
  await cognito.send(new CreateUserPoolCommand({ PoolName: NAME }));
  const theirs = await everything(bench);

  const made = await bench.run();
  await poolResource(bench.world.environment).remove(bench.world, made);

  expect(theirs.map(({ id }) => id)).not.toContain(made.pool.id);
  expect(await everything(bench)).toEqual(theirs);
});

it('remove() deletes the pool with its twins, also one that somebody protected, and what is gone already is success', async () => {
  const bench = await openPoolBench([], true);
  const made = await bench.run();
  await changePool(bench, made, { DeletionProtection: 'ACTIVE' });
  await makeTwin(bench);
  const { remove } = poolResource(bench.world.environment);
  const { have = made } = await bench.look(REQUIRED, { settled: { id: made.pool.id } });

  await remove(bench.world, have);
  await remove(bench.world, { ...made, twins: [] });

  expect(have.twins).toHaveLength(1);
  expect(await everything(bench)).toEqual([]);
});

const NONE: readonly MountAccess[] = [
  { kind: 'public' },
  { kind: 'iam' },
  { kind: 'cognito', userPoolArn: 'arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_AbCdEfGhI' },
];

it.each(NONE)('a mount with %j asks for no pool, and Cognito is not asked for one', async (access) => {
  const bench = await openPoolBench();

  const { have, changes } = await bench.look(access);

  expect([have, changes]).toEqual([undefined, []]);
  expect(bench.calls('all')).toEqual([]);
});

it('a pool that no mount asks for any more stays as it is', async () => {
  const bench = await openPoolBench();
  const made = await bench.run();
  await setMfa('OFF')(bench, made);

  const { have, changes } = await bench.look({ kind: 'public' }, { settled: { id: made.pool.id } });

  expect(have?.pool.id).toBe(made.pool.id);
  expect(changes).toEqual([]);
});

it.each([
  ['nothing tells of a pool', { kind: 'public' }, undefined, undefined],
  ['a mount asks for it', REQUIRED, undefined, 'ACCESS_DENIED'],
  ['the ledger remembers one', { kind: 'public' }, { settled: { id: 'eu-west-1_gone' } }, 'ACCESS_DENIED'],
] as const)('teardown without the right to look, where %s', async (_where, access, memo, code) => {
  const bench = await openPoolBench([{ kind: 'access-denied', times: Infinity }], true);

  const outcome: unknown = await bench.look(access, memo).catch((error: unknown) => error);

  expect(outcome).toMatchObject(code === undefined ? { have: undefined } : { code });
});
