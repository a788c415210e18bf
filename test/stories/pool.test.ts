import { CognitoIdentityProviderClient, CreateUserPoolCommand } from '@aws-sdk/client-cognito-identity-provider';
import { expect, it } from 'vitest';
import { clientConfig } from '../../src/aws/access.js';
import type { Config, MountAccess } from '../../src/config/config.js';
import { openSweepOn } from '../../src/project/sweep.js';
import { findThings } from '../../src/resources/things.js';
import { targetOn } from '../../src/targets/local.js';
import { changing, newWorld, REGION, type Weather, type World } from './world.js';

const REQUIRED: MountAccess = { kind: 'cognito', mfa: 'required' };
const NAME = 'pixgate-holiday-dev';

/** A config whose one mount asks for a pool, without a cache, which takes minutes that no story here is about. */
function configOf(world: World, access: MountAccess = REQUIRED, change: Partial<Config> = {}): Config {
  const { cache: _cache, ...config } = world.config(change, { access });
  return config;
}

/** Makes everything but the images, which no story here is about. */
async function wire(world: World, config: Config): Promise<void> {
  await world.run('init', config);
  await world.run('wire', config);
}

async function poolIdOf(world: World): Promise<string> {
  const pools = await (await world.aws()).userPools.listPools();
  return pools.find(({ name }) => name === NAME)?.id ?? '';
}

const cognitoCalls = ({ calls }: World): string[] =>
  calls.filter(({ service }) => service === 'cognito-idp').map(({ operation }) => operation ?? '');

it('wire makes the pool before the API, a second run changes nothing, and teardown leaves nothing', async () => {
  const world = newWorld();
  const empty = world.everything();
  const config = configOf(world);

  await wire(world, config);
  const made = changing(world.calls);
  world.calls.length = 0;
  await world.run('wire', config);
  const again = changing(world.calls);
  const plan = await world.plan('teardown', config);
  const { left } = await world.run('teardown', config);

  const [pool, api] = ['cognito-idp CreateUserPool', 'apigateway CreateRestApi'].map((call) => made.indexOf(call));
  expect(pool).toBeGreaterThan(0);
  expect(api).toBeGreaterThan(pool ?? Number.NaN);
  expect(again).toEqual([]);
  const order = plan.steps.map(({ address }) => address);
  expect(order.indexOf('pool')).toBeGreaterThan(order.indexOf('api'));
  expect(plan.notices.filter((notice) => notice.includes('pool'))).toEqual([]);
  expect(left).toEqual([]);
  expect(world.everything()).toEqual(empty);
});

it('two mounts share one pool', async () => {
  const world = newWorld();
  const { mounts, ...config } = configOf(world);
  const second = mounts.map((mount) => ({ ...mount, id: 'maps', path: '/maps' }));

  await wire(world, { ...config, mounts: [...mounts, ...second] });

  expect(cognitoCalls(world).filter((call) => call === 'CreateUserPool')).toHaveLength(1);
});

const refuse: Weather = async () => ({
  status: 400,
  headers: { 'x-amzn-requestid': 'request' },
  body: Buffer.from('{"__type":"AccessDeniedException","message":"not you"}'),
});
const isNowhere: Weather = () =>
  Promise.reject(Object.assign(new Error('getaddrinfo ENOTFOUND cognito-idp'), { code: 'ENOTFOUND' }));

it.each<[MountAccess, string, Weather]>([
  [{ kind: 'public' }, 'denied', refuse],
  [{ kind: 'iam' }, 'not there in the Region', isNowhere],
])(
  'where no mount asks for a pool, as with %j, only teardown and surveys look for one, and do without where that is %s',
  async (access, _what, weather) => {
    let asked = 0;
    const world = newWorld((request, handle) => {
      const isCognito = request.host.startsWith('cognito-idp');
      asked += isCognito ? 1 : 0;
      return isCognito ? weather(request, handle) : handle(request);
    });
    const config = configOf(world, access, { expires: '2h' });

    await wire(world, config);
    await world.run('wire', config);
    await (await world.open(config)).status();
    const before = asked;
    const found = await findThings(await world.aws(), REGION);
    const { left } = await world.run('teardown', config);

    expect(before).toBe(0);
    expect(asked).toBeGreaterThan(1);
    expect(new Set(found.map(({ kind }) => kind))).toEqual(new Set(['api', 'stage', 'bucket', 'role', 'log group']));
    expect(left).toEqual([]);
  },
);

it('status tells of the pool, of what somebody changed in it, and of one that is gone', async () => {
  const world = newWorld();
  const config = configOf(world);
  const seen = async () => (await (await world.open(config)).status()).things.find(({ address }) => address === 'pool');
  await wire(world, config);
  const id = await poolIdOf(world);
  const { userPools } = await world.aws();

  const whole = await seen();
  await userPools.setMfa(id, { mode: 'OFF', authenticator: true });
  const changed = await seen();
  const facts = (await world.verify(config)).results.filter((result) => result.id.includes('pool/'));
  await userPools.deletePool(id);
  const gone = await seen();

  expect(whole).toMatchObject({ label: NAME, state: 'present', id, detail: 'MFA required', drift: [] });
  expect(whole?.createdAt).toBeDefined();
  expect(changed?.drift).toEqual([{ path: 'mfa', from: 'OFF', to: 'ON' }]);
  expect(facts.filter(({ status }) => status === 'failed').map((fact) => fact.id)).toEqual([
    expect.stringMatching(/pool\/mfa$/) as string,
  ]);
  expect(gone).toMatchObject({ state: 'missing', fix: 'pixgate wire' });
});

it('a teardown plan says how many users go with the pool, and that somebody protected it; they are no reason to stay', async () => {
  const world = newWorld();
  const empty = world.everything();
  const config = configOf(world);
  await wire(world, config);
  const id = await poolIdOf(world);
  const { userPools } = await world.aws();
  for (const username of ['ann', 'bob'])
    await userPools.createUser(id, { username, temporaryPassword: 'Long enough, 1 thinks' });
  const pool = await userPools.findPool(id);
  if (pool === undefined) throw new Error('no pool');
  await userPools.updatePool(id, NAME, { ...pool.settings, deletionProtection: true });

  const { notices } = await world.plan('teardown', config);
  const { left } = await world.run('teardown', config);

  expect(notices).toContain(`User pool "${NAME}" (${id}) goes with its users: 2.`);
  expect(notices).toContain(
    `Somebody protected user pool "${NAME}" (${id}) from being deleted: it is deleted all the same.`,
  );
  expect(left).toEqual([]);
  expect(world.everything()).toEqual(empty);
});

it('a pool that no mount asks for any more stays with its users, is told of, and goes at teardown', async () => {
  const world = newWorld();
  const empty = world.everything();
  await wire(world, configOf(world));
  const id = await poolIdOf(world);
  const open = configOf(world, { kind: 'public' });

  const { notices } = await world.plan('wire', open);
  await world.run('wire', open);
  const after = await poolIdOf(world);
  const { left } = await world.run('teardown', open);

  expect(notices).toContain(
    `User pool "${NAME}" stays with its users until teardown, though no mount asks for it any more.`,
  );
  expect(after).toBe(id);
  expect(left).toEqual([]);
  expect(world.everything()).toEqual(empty);
});

it('pools of others stay, whatever they are called', async () => {
  const world = newWorld();
  const cognito = new CognitoIdentityProviderClient(clientConfig(targetOn(world.emulator, REGION, 4510).access));
  await cognito.send(new CreateUserPoolCommand({ PoolName: NAME }));
  const tags = { 'pixgate:token': 'of others', 'pixgate:name': 'holiday', 'pixgate:stage': 'dev' };
  await cognito.send(new CreateUserPoolCommand({ PoolName: NAME, UserPoolTags: tags }));
  const theirs = world.everything();
  const config = configOf(world);

  await wire(world, config);
  await world.run('teardown', config);

  expect(world.everything()).toEqual(theirs);
});

it('an environment is found, renewed and swept with its pool, by tags alone', async () => {
  const world = newWorld();
  const empty = world.everything();
  await wire(world, configOf(world, REQUIRED, { expires: '2h' }));
  const tagsOfPool = async () =>
    (await findThings(await world.aws(), REGION)).filter(({ kind }) => kind === 'user pool').map(({ tags }) => tags);
  const sweep = async (which: 'expired' | 'all') => {
    const target = { ...targetOn(world.emulator, REGION, 4510), close: () => Promise.resolve() };
    return openSweepOn(target, { region: REGION, directory: `${world.folder}/cron`, which });
  };

  const [first] = await tagsOfPool();
  await world.run('wire', configOf(world, REQUIRED, { renewal: '7d' }));
  const [renewed] = await tagsOfPool();
  const expired = await sweep('expired');
  const [swept] = await (await sweep('all')).apply();

  expect(first).toMatchObject({ 'pixgate:name': 'holiday', 'pixgate:region': REGION });
  expect(Date.parse(renewed?.['pixgate:expires'] ?? '') - Date.parse(first?.['pixgate:expires'] ?? '')).toBeGreaterThan(
    6 * 86_400_000,
  );
  expect(expired.entries).toEqual([]);
  expect(swept).toMatchObject({ outcome: 'removed', left: [] });
  expect(swept?.environment.things).toContainEqual(
    expect.stringMatching(/^user pool pixgate-holiday-dev \(eu-west-1_/),
  );
  expect(world.everything()).toEqual(empty);
});

it.each(
  ['CreateUserPool', 'SetUserPoolMfaConfig', 'CreateUserPoolClient', 'DeleteUserPool'].flatMap((operation) => [
    [operation, 'before it', false] as const,
    [operation, 'with its reply lost', true] as const,
  ]),
)('an environment whose run died at %s, %s, is set right by the next run', async (operation, _when, isDone) => {
  let life: 'first' | 'none' | 'next' = 'first';
  const world = newWorld(async (request, handle) => {
    if (life === 'first' && request.headers['x-amz-target']?.endsWith(`.${operation}`) === true) {
      if (isDone) await handle(request);
      life = 'none';
    }
    if (life === 'none') throw new Error('killed');
    return handle(request);
  });
  const empty = world.everything();
  const config = configOf(world);
  const again = async (run: () => Promise<unknown>): Promise<void> => {
    await run().catch(async (error: unknown) => {
      if (life !== 'none') throw error;
      life = 'next';
      await run();
    });
  };

  await again(() => wire(world, config));
  const { steps } = await world.plan('wire', config);
  await again(() => world.run('teardown', config));

  expect(life).toBe('next');
  expect(steps.filter(({ action }) => action !== 'keep')).toEqual([]);
  expect(world.everything()).toEqual(empty);
});
