import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openAws, openSts } from '../../src/aws/aws.js';
import type { Config } from '../../src/config/config.js';
import { withFaults } from '../../src/emulator/faults.js';
import { openProjectOn } from '../../src/project/open-project.js';
import { openSweepOn, type Sweep, type SweepOptions, type SweptEnvironment } from '../../src/project/sweep.js';
import { API_GATEWAY_TRUST } from '../../src/resources/policies.js';
import { findThings, type Thing } from '../../src/resources/things.js';
import { openLocalTarget, targetOn } from '../../src/targets/local.js';
import { commands } from '../cli/commands.js';
import { runCommand } from '../cli/run-command.js';
import { changing, newWorld, REGION, type Weather, type World } from './world.js';

const HOUR = 3_600_000;
const EXPIRES = 'pixgate:expires';
const THEIRS = 'their-old-bucket';

/** A config without a cache, which takes minutes that no lease here is about. */
function configOf(world: World, name: string, change: Partial<Config> = {}): Config {
  const { cache: _cache, ...config } = world.config({ name, ...change });
  return config;
}

function openSweepIn(world: World, change: Partial<SweepOptions> = {}, weather?: Weather): Promise<Sweep> {
  const { emulator, folder } = world;
  const reached =
    weather === undefined
      ? emulator
      : { ...emulator, handle: (is: Parameters<Weather>[0]) => weather(is, emulator.handle) };
  const target = { ...targetOn(reached, REGION, 4510), close: () => Promise.resolve() };
  return openSweepOn(target, { region: REGION, directory: path.join(folder, 'cron'), which: 'expired', ...change });
}

async function sweep(world: World, change: Partial<SweepOptions> = {}, weather?: Weather) {
  const opened = await openSweepIn(world, change, weather);
  return { opened, swept: await opened.apply() };
}

const outcomes = (swept: readonly SweptEnvironment[]): Record<string, string> =>
  Object.fromEntries(swept.map(({ environment, outcome }) => [environment.name, outcome]));

/** The things of an environment, as AWS shows them. */
async function thingsOf(world: World, name: string): Promise<readonly Thing[]> {
  return (await findThings(await world.aws(), REGION)).filter((thing) => thing.name === name);
}

/** Every end that the things of an environment tell, once each. */
async function endsOf(world: World, name: string): Promise<(string | undefined)[]> {
  return [...new Set((await thingsOf(world, name)).map(({ tags }) => tags[EXPIRES]))];
}

const instant = (ms: number): string => new Date(Math.ceil(ms / 1000) * 1000).toISOString().replace('.000Z', 'Z');

/** A weather in which the process dies once it is armed and that many changing calls have been answered. */
function mortal() {
  const state = { left: Number.POSITIVE_INFINITY };
  const weather: Weather = async (request, handle) => {
    if (state.left <= 0) throw new Error('killed');
    const answer = await handle(request);
    const text = Buffer.from(request.body).toString('latin1');
    const action = request.headers['x-amz-target']?.split('.').at(-1) ?? /Action=(\w+)/.exec(text)?.[1] ?? '';
    const reads = /^(GET|HEAD)$/.test(request.method) || /^(Get|List|Describe|Filter)/.test(action);
    if (!reads) state.left -= 1;
    return answer;
  };
  return { state, weather };
}

async function runUntilKilled(world: World, state: { left: number }, calls: number, config: Config): Promise<void> {
  state.left = calls;
  await expect(world.run('up', config)).rejects.toThrow();
  state.left = Number.POSITIVE_INFINITY;
  const folder = path.join(config.directory, '.pixgate', 'state');
  for (const lock of readdirSync(folder).filter((name) => name.includes('.lock'))) rmSync(path.join(folder, lock));
}

/** The bucket that is adopted, with an image of its owner's. */
async function makeTheirs(world: World): Promise<void> {
  const { s3 } = await world.aws();
  await s3.createBucket(THEIRS, { team: 'web' });
  const body = Buffer.from('theirs');
  await s3.putObject(THEIRS, { key: 'pics/sent/theirs.png', body, contentType: 'image/png', headers: {} });
}

/** Somebody's own bucket, API, role and log group, with tags of another tool; some are named as ours are. */
async function makeForeign(world: World): Promise<void> {
  const { s3, iam, logs, apiGateway } = await world.aws();
  const tags = {
    'other:expires': '2020-01-01T00:00:00Z',
    [EXPIRES]: '2020-01-01T00:00:00Z',
    'pixgate:name': 'expired',
  };
  await s3.createBucket('pixgate-of-somebody-else', tags);
  await iam.createRole({ name: 'somebody', path: '/pixgate/', description: 'theirs', trust: API_GATEWAY_TRUST, tags });
  await logs.ensureGroup('/pixgate/somebody/dev/access', tags);
  const [ours] = await apiGateway.listApis();
  const found = await apiGateway.findGateway(ours?.id ?? '');
  if (found === undefined) throw new Error('no API to copy');
  await apiGateway.createApi(found.gateway.settings, tags);
}

const adopting = (world: World): Config => {
  const [mount] = world.config().mounts;
  if (mount === undefined) throw new Error('no mount');
  const bucket = { name: THEIRS, create: false, prefix: 'pics/sent/', versioning: false };
  return configOf(world, 'adopting', { expires: '2h', mounts: [{ ...mount, bucket }] });
};

describe('teardown --expired', () => {
  it('takes exactly the expired environments of ours, whole or half made, and leaves all others byte for byte', async () => {
    const { state, weather } = mortal();
    const world = newWorld(weather);
    const elsewhere = mkdtempSync(path.join(tmpdir(), 'pixgate-other-'));
    onTestFinished(() => rmSync(elsewhere, { recursive: true, force: true }));
    // given what is to stay: live, unleased and unreadable environments of two installations, and things of others
    await world.run('up', configOf(world, 'live', { expires: '30d' }));
    await world.run('up', configOf(world, 'unleased'));
    await world.run('init', configOf(world, 'guest-live', { expires: '7d', directory: elsewhere }));
    await world.run('init', configOf(world, 'edited', { expires: '2h' }));
    const [edited] = await thingsOf(world, 'edited');
    await edited?.retag(EXPIRES, 'next week');
    await makeForeign(world);
    await makeTheirs(world);
    const staying = world.everything();
    // and what is to go
    await world.run('up', configOf(world, 'expired', { expires: '2h' }));
    await world.run('up', configOf(world, 'guest', { expires: '2h', directory: elsewhere }));
    await world.run('up', adopting(world));
    for (const calls of [1, 3, 12, 20, 40])
      await runUntilKilled(world, state, calls, configOf(world, `half-${calls}`, { expires: '2h' }));
    await world.emulator.clock.sleep(3 * HOUR);

    // when
    const { opened, swept } = await sweep(world);

    // then
    const going = ['expired', 'guest', 'adopting', 'half-1', 'half-3', 'half-12', 'half-20', 'half-40'];
    expect(outcomes(swept)).toEqual(Object.fromEntries(going.map((name) => [name, 'removed'])));
    expect(swept.flatMap(({ left, error }) => [...left, error])).toEqual(swept.map(() => undefined));
    expect(opened.unreadable.map(({ name, unreadableLease }) => [name, unreadableLease?.[0]?.value])).toEqual([
      ['edited', 'next week'],
    ]);
    expect(world.everything()).toEqual(staying);
    expect((await sweep(world)).swept).toEqual([]);
    const others = ['live', 'unleased', 'guest-live', 'edited'].length;
    process.stdout.write(
      `leases: ${going.length + others} environments, ${swept.length} expired removed, 0 others touched\n`,
    );
  }, 120_000);

  it('lets all others go where one may not, and names what is left', async () => {
    const world = newWorld();
    const before = world.everything();
    for (const name of ['first', 'second', 'third']) await world.run('init', configOf(world, name, { expires: '1h' }));
    const { s3 } = await world.aws();
    const buckets = (await s3.listBuckets('pixgate-')).map(({ name }) => name);
    const [full = '', denied = ''] = ['first', 'second'].map((name) => buckets.find((bucket) => bucket.includes(name)));
    await s3.putObject(full, { key: 'theirs.png', body: Buffer.from('x'), contentType: 'image/png', headers: {} });
    await world.emulator.clock.sleep(2 * HOUR);
    const weather: Weather = async (request, handle) => {
      if (request.method !== 'DELETE' || !`${request.host}${request.path}`.includes(denied)) return handle(request);
      const body = Buffer.from('<Error><Code>AccessDenied</Code><Message>no s3:DeleteBucket</Message></Error>');
      return { status: 403, headers: { 'Content-Type': 'application/xml' }, body };
    };

    const { swept } = await sweep(world, {}, weather);
    const again = await sweep(world, { includingForeign: true });

    expect(swept.map(({ outcome, left, error }) => [outcome, left, error?.code])).toEqual([
      ['refused', [`bucket ${full}`], 'FOREIGN_OBJECTS'],
      ['refused', [`bucket ${denied}`], 'ACCESS_DENIED'],
      ['removed', [], undefined],
    ]);
    expect(outcomes(again.swept)).toEqual({ first: 'removed', second: 'removed' });
    expect(world.everything()).toEqual(before);
  });

  it('leaves an environment that is renewed while its plan is looked at', async () => {
    const world = newWorld();
    await world.run('init', configOf(world, 'wanted', { expires: '1h' }));
    await world.emulator.clock.sleep(2 * HOUR);
    const opened = await openSweepIn(world);
    await world.run('init', configOf(world, 'wanted', { renewal: '1h' }));
    const staying = world.everything();

    const swept = await opened.apply();

    expect(outcomes(swept)).toEqual({ wanted: 'renewed' });
    expect(world.everything()).toEqual(staying);
  });

  it('keeps the role that alone leads to images in a bucket of others until they are gone', async () => {
    const world = newWorld();
    await makeTheirs(world);
    const { s3 } = await world.aws();
    const before = (await s3.listObjects(THEIRS, '')).map(({ key }) => key);
    await world.run('up', adopting(world));
    await world.emulator.clock.sleep(3 * HOUR);
    const weather: Weather = async (request, handle) => {
      const deletes = request.method === 'DELETE' || (request.method === 'POST' && /(^|&)delete/.test(request.query));
      if (!deletes || !`${request.host}${request.path}`.includes(THEIRS)) return handle(request);
      const body = Buffer.from('<Error><Code>AccessDenied</Code><Message>no s3:DeleteObject</Message></Error>');
      return { status: 403, headers: { 'Content-Type': 'application/xml' }, body };
    };

    const denied = await sweep(world, {}, weather);
    const rolesThen = (await thingsOf(world, 'adopting')).map(({ kind }) => kind);
    const again = await sweep(world);

    expect(denied.swept.map(({ outcome, error }) => [outcome, error?.code])).toEqual([['left', 'ACCESS_DENIED']]);
    expect(rolesThen).toEqual(['role']);
    expect(outcomes(again.swept)).toEqual({ adopting: 'removed' });
    expect((await s3.listObjects(THEIRS, '')).map(({ key }) => key)).toEqual(before);
  });
});

describe('teardown by name, stage and Region alone', () => {
  it('takes what is half made, and the images in a bucket of others, without config and ledger', async () => {
    const { state, weather } = mortal();
    const world = newWorld(weather);
    await makeTheirs(world);
    const before = world.everything();
    await world.run('up', adopting(world));
    await runUntilKilled(world, state, 3, configOf(world, 'half'));

    for (const name of ['adopting', 'half']) {
      const result = await world.run('teardown', configOf(world, name, { mounts: [], directory: `${world.folder}/x` }));
      expect(result.left).toEqual([]);
    }

    expect(world.everything()).toEqual(before);
  });

  it('keeps with --keep-bucket the role that alone leads to the images in a bucket of others, and says so', async () => {
    const world = newWorld();
    await makeTheirs(world);
    const before = world.everything();
    await world.run('up', adopting(world));
    const { s3 } = await world.aws();
    const objects = (await s3.listObjects(THEIRS, '')).map(({ key }) => key);
    const bare = configOf(world, 'adopting', { mounts: [] });

    const plan = await world.plan('teardown', bare, { keepBucket: true });
    const kept = await world.run('teardown', bare, { keepBucket: true });
    const then = (await thingsOf(world, 'adopting')).map(({ kind, tags }) => [kind, tags[EXPIRES]]);
    const objectsThen = (await s3.listObjects(THEIRS, '')).map(({ key }) => key);
    await world.emulator.clock.sleep(3 * HOUR);
    const { swept } = await sweep(world);
    const gone = await world.run('teardown', bare);

    expect(plan.notices.filter((notice) => /^role\/\S+ is kept too: /.test(notice))).toHaveLength(1);
    expect([kept.left, then, objectsThen]).toEqual([[], [['role', undefined]], objects]);
    expect([swept, gone.left]).toEqual([[], []]);
    expect(world.everything()).toEqual(before);
  });
});

describe('teardown --keep-bucket', () => {
  it.each([
    ['with its config', (world: World) => configOf(world, 'holiday', { expires: '1h' })],
    ['by name alone', (world: World) => configOf(world, 'holiday', { mounts: [] })],
  ])('takes the lease off the bucket that it keeps, %s, so that no sweep takes it', async (_, configFor) => {
    const world = newWorld();
    await world.run('up', configOf(world, 'holiday', { expires: '1h' }));
    const plan = await world.plan('teardown', configFor(world), { keepBucket: true });
    await world.run('teardown', configFor(world), { keepBucket: true });
    const staying = world.everything();
    await world.emulator.clock.sleep(2 * HOUR);

    const { swept } = await sweep(world);

    expect(plan.notices.filter((notice) => notice.startsWith('What is kept has no end any more'))).toHaveLength(1);
    expect(swept).toEqual([]);
    expect(world.everything()).toEqual(staying);
    expect((await thingsOf(world, 'holiday')).map(({ kind, tags }) => [kind, tags[EXPIRES]])).toEqual([
      ['bucket', undefined],
    ]);
  });
});

describe('a sweep', () => {
  const inS3 = (code: string, call: string) => ({
    status: 403,
    headers: { 'Content-Type': 'application/xml' },
    body: Buffer.from(`<Error><Code>${code}</Code><Message>no ${call}</Message></Error>`),
  });
  const readsTags = ({ method, query }: Parameters<Weather>[0]): boolean =>
    method === 'GET' && /(^|&)tagging(=|&|$)/.test(query);

  it('takes an own bucket of a name that the config chose, and says of no other bucket that it is one', async () => {
    const world = newWorld();
    await makeTheirs(world);
    const before = world.everything();
    const [mount] = world.config().mounts;
    if (mount === undefined) throw new Error('no mount');
    const bucket = { name: 'my-photos', create: true, prefix: 'images/', versioning: false };
    await world.run('up', configOf(world, 'named', { expires: '1h', mounts: [{ ...mount, bucket }] }));
    await world.run(
      'init',
      configOf(world, 'half', { expires: '1h', mounts: [{ ...mount, bucket: { ...bucket, name: 'my-half' } }] }),
    );
    await world.emulator.clock.sleep(2 * HOUR);

    const { swept } = await sweep(world);

    expect(outcomes(swept)).toEqual({ named: 'removed', half: 'removed' });
    expect(world.everything()).toEqual(before);
  });

  it('never says "removed" of a bucket that nobody may look into', async () => {
    const world = newWorld();
    await world.run('up', configOf(world, 'holiday', { expires: '1h' }));
    await world.emulator.clock.sleep(2 * HOUR);
    const weather: Weather = async (request, handle) =>
      request.method === 'HEAD' && !request.host.includes('execute-api')
        ? inS3('403', 's3:ListBucket')
        : handle(request);

    const denied = await sweep(world, {}, weather);
    const again = await sweep(world);

    expect(denied.swept.map(({ outcome, left }) => [outcome, left])).toEqual([
      ['left', [expect.stringMatching(/^bucket pixgate-holiday-dev-/)]],
    ]);
    expect(denied.swept[0]?.error).toMatchObject({ code: 'BUCKET_NOT_USABLE' });
    expect(outcomes(again.swept)).toEqual({ holiday: 'removed' });
  });

  it('never says "removed" while the tags of one thing can still be read', async () => {
    const world = newWorld();
    await world.run('init', configOf(world, 'holiday', { expires: '1h' }));
    await world.run('wire', configOf(world, 'holiday'));
    await world.emulator.clock.sleep(2 * HOUR);
    const weather: Weather = async (request, handle) => {
      const isLook = request.method === 'HEAD' && !request.host.includes('execute-api');
      return isLook ? { status: 404, headers: {}, body: Buffer.alloc(0) } : handle(request);
    };

    const blind = await sweep(world, {}, weather);
    const again = await sweep(world);

    expect(blind.swept.map(({ outcome, left, error }) => [outcome, left, error?.code])).toEqual([
      ['left', [expect.stringMatching(/^bucket pixgate-holiday-dev-/)], 'LEFTOVERS'],
    ]);
    expect(outcomes(again.swept)).toEqual({ holiday: 'removed' });
  });

  it('names in the plan a bucket whose tags nobody may read, and is not done while it is there', async () => {
    const world = newWorld();
    const before = world.everything();
    await world.run('up', configOf(world, 'holiday', { expires: '1h' }));
    await world.run('init', configOf(world, 'other'));
    await world.emulator.clock.sleep(2 * HOUR);
    const weather: Weather = async (request, handle) =>
      readsTags(request) && !request.host.includes('apigateway')
        ? inS3('AccessDenied', 's3:GetBucketTagging')
        : handle(request);

    const denied = await sweep(world, {}, weather);
    await world.run('teardown', configOf(world, 'holiday'));
    await world.run('teardown', configOf(world, 'other'));

    const notices = denied.opened.entries.flatMap(({ plan }) => plan?.notices ?? []);
    expect(notices.filter((notice) => /^bucket\/pixgate-holiday-dev-\S+ stays: /.test(notice))).toHaveLength(1);
    expect(notices.filter((notice) => notice.includes('pixgate-other'))).toEqual([]);
    expect(denied.opened.hiddenBuckets).toEqual([
      expect.stringMatching(/^pixgate-holiday-/),
      expect.stringMatching(/^pixgate-other-/),
    ]);
    expect(denied.swept.map(({ outcome, error }) => [outcome, error?.code])).toEqual([['left', 'TAGS_HIDDEN']]);
    expect(world.everything()).toEqual(before);
  });

  it('costs about the same for each environment, however many there are', async () => {
    const callsFor = async (count: number): Promise<number> => {
      const world = newWorld();
      for (let n = 0; n < count; n += 1) await world.run('up', configOf(world, `env-${n}`, { expires: '1h' }));
      await world.emulator.clock.sleep(2 * HOUR);
      world.calls.length = 0;
      const { swept } = await sweep(world);
      expect(swept.map(({ outcome }) => outcome)).toEqual(Array(count).fill('removed'));
      return world.calls.length;
    };

    const [two, four] = [await callsFor(2), await callsFor(4)];

    process.stdout.write(`leases: a sweep of 2 takes ${two} calls, of 4 ${four}\n`);
    expect(four / two).toBeLessThan(2.1);
  }, 60_000);

  it('uses the ledger of a folder whose endpoint is another', async () => {
    const world = newWorld();
    const before = world.everything();
    const local = targetOn(world.emulator, REGION, 4510);
    const access = { ...local.access, endpointUrl: 'http://127.0.0.1:4510' };
    const target = { ...local, access, close: () => Promise.resolve() };
    const project = await openProjectOn(target, configOf(world, 'holiday', { expires: '1h' }));
    await project.apply(await project.plan('init'));
    await world.emulator.clock.sleep(2 * HOUR);

    const opened = await openSweepOn(target, { region: REGION, directory: world.folder, which: 'expired' });
    const swept = await opened.apply();

    expect([outcomes(swept), world.everything()]).toEqual([{ holiday: 'removed' }, before]);
    expect(existsSync(path.join(world.folder, '.pixgate', 'state'))).toBe(false);
  });

  it("goes by AWS's clock where this machine's is wrong", async () => {
    const world = newWorld();
    await world.run('init', configOf(world, 'holiday', { expires: '10m' }));
    const skew = { kind: 'clock-skew', skewMs: 14 * 60_000, times: Number.POSITIVE_INFINITY } as const;
    const faulty = withFaults(world.emulator, [skew]);

    const early = await sweep(world);
    const late = await sweep(world, {}, (request) => faulty.handle(request));

    expect([outcomes(early.swept), outcomes(late.swept)]).toEqual([{}, { holiday: 'removed' }]);
  });
});

describe('teardown --all', () => {
  it('takes every environment, leased or not, and gives back the logging role that they shared', async () => {
    const world = newWorld();
    const before = world.everything();
    await world.run('up', configOf(world, 'one', { expires: '7d' }));
    await world.run('up', configOf(world, 'two'));

    const { swept } = await sweep(world, { which: 'all' });

    expect(outcomes(swept)).toEqual({ one: 'removed', two: 'removed' });
    expect(world.everything()).toEqual(before);
  });
});

describe('a lease', () => {
  it('counts from when the environment is made, is on everything, and is renewed only when that is asked for', async () => {
    const world = newWorld();
    const config = configOf(world, 'holiday', { expires: '2h' });
    const start = world.emulator.clock.now();
    const plan = await world.plan('init', config);
    await world.run('init', config);
    await world.emulator.clock.sleep(HOUR / 2);
    await world.run('up', config);
    const made = await endsOf(world, 'holiday');
    const kinds = new Set((await thingsOf(world, 'holiday')).map(({ kind }) => kind));
    world.calls.length = 0;
    const longer = await world.plan('up', { ...config, expires: '4h' });
    const again = await world.run('up', { ...config, expires: '4h' });
    const calls = changing(world.calls);
    const now = world.emulator.clock.now();
    const renewing = await world.plan('wire', { ...config, renewal: '4h' });
    await world.run('upload', { ...config, renewal: '4h' });

    expect(Date.parse(plan.expiresAt ?? '') - start).toBeGreaterThanOrEqual(2 * HOUR);
    expect(Date.parse(plan.expiresAt ?? '') - start).toBeLessThan(2 * HOUR + 10_000);
    expect(made).toHaveLength(1);
    expect(Math.abs(Date.parse(made[0] ?? '') - Date.parse(plan.expiresAt ?? ''))).toBeLessThan(10_000);
    expect([...kinds].sort()).toEqual(['api', 'bucket', 'log group', 'role', 'stage']);
    expect([again.changed, calls]).toEqual([0, []]);
    expect(longer.notices.filter((notice) => /^expires: 4h .*--expires 4h changes it\.$/.test(notice))).toHaveLength(1);
    const [step] = renewing.steps;
    expect(step).toMatchObject({ address: 'lease', action: 'update' });
    expect(step?.changes).toHaveLength((await thingsOf(world, 'holiday')).length);
    const [renewed, ...others] = await endsOf(world, 'holiday');
    expect(others).toEqual([]);
    expect(Date.parse(renewed ?? '') - now).toBeGreaterThanOrEqual(4 * HOUR);
  });

  it.each([
    { first: '2h', renewal: 'never', phase: 'wire' },
    { first: '2h', renewal: '10m', phase: 'init' },
    { first: undefined, renewal: '7d', phase: 'up' },
  ] as const)('of $first is $renewal on all things after one $phase', async ({ first, renewal, phase }) => {
    const world = newWorld();
    const config = configOf(world, 'holiday', first === undefined ? {} : { expires: first });
    await world.run('up', config);
    const now = world.emulator.clock.now();

    await world.run(phase, { ...config, renewal });
    const ends = await endsOf(world, 'holiday');
    const again = await world.run('up', config);

    expect(ends).toHaveLength(1);
    const minutes = { never: undefined, '10m': 10, '7d': 7 * 24 * 60 }[renewal];
    if (minutes === undefined) expect(ends).toEqual([undefined]);
    else expect((Date.parse(ends[0] ?? '') - now) / 60_000).toBeCloseTo(minutes, 0);
    expect(again.changed).toBe(0);
    expect((await sweep(world)).swept).toEqual([]);
  });

  it.each([
    { renewal: '9h', calls: 1 },
    { renewal: '9h', calls: 3 },
    { renewal: 'never', calls: 2 },
    { renewal: '1m', calls: 2 },
  ])(
    'whose renewal to $renewal was killed after call $calls is the later one, also on what is made anew',
    async ({ renewal, calls }) => {
      const { state, weather } = mortal();
      const world = newWorld(weather);
      const config = configOf(world, 'holiday', { expires: '2h' });
      await world.run('up', config);
      const [made] = await endsOf(world, 'holiday');
      await runUntilKilled(world, state, calls, { ...config, renewal });
      const torn = await endsOf(world, 'holiday');
      const role = (await thingsOf(world, 'holiday')).find(({ kind }) => kind === 'role');
      await (await world.aws()).iam.deleteRole(role?.label.replace('role ', '') ?? '');
      await world.emulator.clock.sleep(60_000);
      const asOfNow = (await sweep(world)).swept;

      await world.run('up', config);
      const ends = await endsOf(world, 'holiday');
      const again = await world.run('up', config);

      expect(torn).toHaveLength(2);
      const latest = torn.includes(undefined) ? undefined : torn.toSorted().at(-1);
      expect(ends).toEqual([latest]);
      expect(renewal === '1m' ? latest : made).toBe(made);
      expect([asOfNow, again.changed]).toEqual([[], 0]);
    },
  );

  it('that somebody edited stays as it is, is said to be unreadable, and is set right by --expires', async () => {
    const world = newWorld();
    const config = configOf(world, 'holiday', { expires: '1h' });
    await world.run('init', config);
    const [bucket] = await thingsOf(world, 'holiday');
    await bucket?.retag(EXPIRES, '2026-02-30T00:00:00Z');
    await world.emulator.clock.sleep(2 * HOUR);

    const plan = await world.plan('init', config);
    const { opened, swept } = await sweep(world);
    await world.run('init', { ...config, renewal: '1h' });
    const ends = await endsOf(world, 'holiday');

    expect(plan.steps.map(({ action }) => action)).toEqual(['keep']);
    expect(plan.notices.join()).toContain('"2026-02-30T00:00:00Z"');
    expect(swept).toEqual([]);
    expect(opened.unreadable).toHaveLength(1);
    expect(ends).toEqual([expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)]);
    expect(instant(Date.parse(ends[0] ?? ''))).toBe(ends[0]);
  });

  it('is planned without a look at the stages of others', async () => {
    const world = newWorld();
    for (const name of ['one', 'two']) await world.run('up', configOf(world, name));
    const stages = () => world.calls.filter(({ operation }) => operation === 'GetStage').length;
    const config = configOf(world, 'holiday', { expires: '2h' });
    await world.plan('init', config);
    world.calls.length = 0;

    await world.plan('init', config);

    expect(stages()).toBe(0);
    await world.plan('wire', configOf(world, 'one'));
    expect(stages()).toBeGreaterThan(0);
  });

  it('is on no role that the account shares', async () => {
    const world = newWorld();
    await world.run('up', configOf(world, 'holiday', { expires: '1h' }));

    const roles = await (await world.aws()).iam.listRoles('/pixgate/');

    const leased = roles.filter(({ tags }) => tags[EXPIRES] !== undefined).map(({ name }) => name);
    expect(leased).toEqual([expect.stringMatching(/^pixgate-holiday-dev-images-/)]);
  });
});

describe('the cron line', () => {
  const local = ['--target', 'local', '--region', REGION];

  /** A folder whose local cloud holds an environment for two hours, another for a week, and one for good. */
  async function leasedFolder(): Promise<string> {
    const folder = mkdtempSync(path.join(tmpdir(), 'pixgate-cron-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const images = path.join(folder, 'images');
    mkdirSync(images);
    cpSync(path.resolve(import.meta.dirname, '../../samples'), images, { recursive: true });
    for (const [name, ...lease] of [['short', '--expires', '2h'], ['long', '--expires', '7d'], ['good']]) {
      const flags = ['--source', images, '--access', 'public', '--name', name ?? '', '--config', `${name}.yaml`];
      const made = await runCommand(commands.init, [...local, ...flags, ...lease, '--yes', '--quiet'], folder);
      expect(made).toMatchObject({ exitCode: 0 });
    }
    return folder;
  }

  async function pass(folder: string, ms: number): Promise<void> {
    const target = openLocalTarget({ directory: folder, region: REGION, port: 4510 });
    await target.clock.sleep(ms);
    await target.close();
  }

  const names = async (folder: string): Promise<string[]> => {
    const { stdout } = await runCommand(commands.list, [...local, '--json'], folder);
    return (JSON.parse(stdout) as { environments: { name: string }[] }).environments.map(({ name }) => name).sort();
  };

  it('removes exactly what has expired, says so as one document, and finds nothing more the next time', async () => {
    const folder = await leasedFolder();
    await pass(folder, 3 * HOUR);
    const cron = ['--expired', '--yes', '--json', ...local];

    const listed = await runCommand(commands.list, local, folder);
    const plan = await runCommand(commands.teardown, ['--expired', '--plan', ...local], folder);
    const seen = await runCommand(commands.teardown, cron, folder);
    const again = await runCommand(commands.teardown, cron, folder);

    expect(listed.stdout).toMatch(/^ {2}short +dev +3 h +- +expired 1 h( 1 min)? ago +\S+@/m);
    expect(listed.stdout).toMatch(/^ {2}long +dev +3 h +- +in 6 d 2[01] h +\S+@/m);
    expect(listed.stdout).toMatch(/^ {2}good +dev +3 h +- +never +\S+@/m);
    expect(plan.stdout).toContain('short, stage dev: expired 1 h');
    expect(plan.stdout).not.toContain('long');
    expect(seen.exitCode).toBe(0);
    expect(JSON.parse(seen.stdout)).toMatchObject({
      region: REGION,
      environments: [{ name: 'short', stage: 'dev', outcome: 'removed', left: [] }],
      unreadable: [],
    });
    expect(JSON.parse(again.stdout)).toMatchObject({ environments: [] });
    expect(await names(folder)).toEqual(['good', 'long']);
    expect(await readFile(path.join(folder, 'short.yaml'), 'utf8')).toMatch(/^expires: 2h {3}#/m);
  });

  it('ends with the code of the first failure, and reports the others all the same', async () => {
    const folder = await leasedFolder();
    await pass(folder, 8 * 24 * HOUR);
    const target = openLocalTarget({ directory: folder, region: REGION, port: 4510 });
    const { s3 } = openAws(target.access, await openSts(target.access).getIdentity());
    const bucket = (await s3.listBuckets('pixgate-')).find(({ name }) => name.includes('short'))?.name ?? '';
    await s3.putObject(bucket, { key: 'x', body: Buffer.from('x'), contentType: 'image/png', headers: {} });
    await target.close();

    const seen = await runCommand(commands.teardown, ['--expired', '--yes', '--json', ...local], folder);

    expect(seen.exitCode).toBe(3);
    const { environments, error } = JSON.parse(seen.stdout);
    expect(
      Object.fromEntries(environments.map((is: { name: string; outcome: string }) => [is.name, is.outcome])),
    ).toEqual({ short: 'refused', long: 'removed' });
    expect(error.code).toBe('FOREIGN_OBJECTS');
    expect(await names(folder)).toEqual(['good', 'short']);
  });

  it.each([
    [['--expired', '--all'], /--expired must not be given together with --all/],
    [['--expired', '--name', 'short'], /--name must not be given together with --expired/],
    [['--all', '--stage', 'dev'], /--stage must not be given together with --all/],
    [['--expired'], /--yes was not given/],
    [['--all', '--yes'], /off a terminal --all needs both --yes and --confirm/],
    [['--all', '--confirm', '000000000000'], /off a terminal --all needs both --yes and --confirm/],
    [['--all', '--yes', '--confirm', '123'], /--confirm must be the account that is meant: got "123"/],
    [['--confirm', '000000000000'], /--confirm must go with --all/],
  ])('with %j removes nothing', async (flags, expected) => {
    const folder = await leasedFolder();
    const before = await names(folder);
    await pass(folder, 3 * HOUR);

    const seen = await runCommand(commands.teardown, [...flags, ...local], folder);

    expect(seen).toMatchObject({ exitCode: 2, stdout: '' });
    expect(seen.stderr.replace(/\s+/g, ' ')).toMatch(expected);
    expect(await names(folder)).toEqual(before);
  });

  it('with --all goes on when the account is named', async () => {
    const folder = await leasedFolder();
    const shown = await runCommand(commands.teardown, ['--all', '--plan', '--json', ...local], folder);
    const { account } = JSON.parse(shown.stdout) as { account: string };

    const seen = await runCommand(commands.teardown, ['--all', '--yes', '--confirm', account, ...local], folder);

    expect(seen).toMatchObject({ exitCode: 0 });
    expect(seen.stdout.trimEnd().split('\n').at(-1)).toBe('3 of 3 environments removed');
    expect(await names(folder)).toEqual([]);
  });
});
