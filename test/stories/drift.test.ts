import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Config } from '../../src/config/config.js';
import { exitCodeOf } from '../../src/terminal/exit-codes.js';
import { missingFrom, openBench, portrait } from './drift-bench.js';
import { ROWS, type Row } from './drift-rows.js';
import { makeTwinName, STRANGERS } from './drift-strangers.js';
import { changing, newWorld, type Weather, type World } from './world.js';

const nameOf = ({ thing, how }: Row) => `${thing}, ${how}`;
const DELETED = ROWS.filter(({ how }) => how === 'deleted');

function configOf(world: World, change: Partial<Config> = {}): Config {
  const source = path.join(world.folder, 'images', 'few');
  return world.config({ tags: { team: 'web' }, ...change }, { source });
}

/** A world with two images in its folder, and nothing made. */
function newSmallWorld(weather?: Weather): World {
  const world = newWorld(weather);
  const images = path.join(world.folder, 'images');
  mkdirSync(path.join(images, 'few'));
  for (const name of ['waves.png', 'kite.svg']) cpSync(path.join(images, name), path.join(images, 'few', name));
  return world;
}

async function newFinishedWorld(): Promise<World> {
  const world = newSmallWorld();
  await world.run('up', configOf(world));
  return world;
}

const statusOf = async (world: World, config = configOf(world)) => (await world.open(config)).status();

/** Every file of the state folder with its text. */
function ledgerOf({ folder }: World): Record<string, string> {
  const state = path.join(folder, '.pixgate', 'state');
  return Object.fromEntries(readdirSync(state).map((name) => [name, readFileSync(path.join(state, name), 'utf8')]));
}

/** One row on a finished environment: what is wrong with how it is told and repaired. */
async function faultsOf(row: Row, world: World, golden: readonly string[]): Promise<string[]> {
  const { field, deployment = 'current', repair = ['wire'], unlike } = row;
  const config = configOf(world);
  await row.act(await openBench(world));
  const before = [JSON.stringify(world.everything()), JSON.stringify(ledgerOf(world))];
  world.calls.length = 0;
  const status = await statusOf(world);
  const told = status.things.find(({ address }) => address === row.at);
  const named =
    field === undefined ? told?.state === 'missing' : (told?.drift ?? []).some((change) => field.test(change.path));
  const sent = changing(world.calls);
  const same = [JSON.stringify(world.everything()), JSON.stringify(ledgerOf(world))].join() === before.join();
  for (const phase of repair) await world.run(phase, config);
  const after = portrait(world).filter((line) => unlike?.test(line) !== true);
  const wanted = golden.filter((line) => unlike?.test(line) !== true);
  world.calls.length = 0;
  await world.run('up', config);
  const again = await statusOf(world);
  return [
    ...(named ? [] : [`status does not name it: ${JSON.stringify(told)?.slice(0, 400)}`]),
    ...(status.deployment === deployment ? [] : [`status says that the deployment is ${status.deployment}`]),
    ...(sent.length === 0 && same ? [] : [`status changes something: ${sent.join()}`]),
    ...missingFrom(wanted, after).map((line) => `not made again: ${line}`),
    ...missingFrom(after, wanted).map((line) => `too much: ${line}`),
    ...(changing(world.calls).length === 0 ? [] : [`the second run changes: ${changing(world.calls).join()}`]),
    ...(again.drifted === 0 && again.deployment === 'current' ? [] : [`still ${JSON.stringify(again).slice(0, 300)}`]),
  ];
}

describe('drift', () => {
  it('of every thing and setting, deleted or changed, is named by status and made as it was', async () => {
    const faults: string[] = [];
    let finished: { world: World; golden: readonly string[] } | undefined;
    for (const row of ROWS) {
      if (finished === undefined) {
        const world = await newFinishedWorld();
        finished = { world, golden: portrait(world) };
      }
      const { world, golden } = finished;
      const found = await faultsOf(row, world, golden).catch((error: unknown) => [String(error)]);
      faults.push(...found.map((fault) => `${nameOf(row)}: ${fault}`));
      // A world that is not as it was tells nothing of the next row.
      if (found.length > 0 || row.unlike !== undefined) finished = undefined;
    }

    const failed = new Set(faults.map((fault) => fault.split(': ')[0]));
    const counts = `${DELETED.length} D, ${ROWS.length - DELETED.length} C, ${STRANGERS.length} F`;
    process.stdout.write(`drift: ${ROWS.length - failed.size} of ${ROWS.length} deletions and changes (${counts})\n`);
    expect(faults).toEqual([]);
  }, 240_000);

  it('of what was deleted keeps teardown from nothing: the account is as before', async () => {
    const faults: string[] = [];
    for (const row of DELETED) {
      const world = newSmallWorld();
      const empty = portrait(world);
      await world.run('up', configOf(world));
      await row.act(await openBench(world));
      const { left = [] } = await world.run('teardown', configOf(world));
      const remains = missingFrom(portrait(world), empty);
      faults.push(...[...left, ...remains].map((line) => `${nameOf(row)}: ${line}`));
    }

    process.stdout.write(`drift: ${DELETED.length} deletions, then teardown: ${faults.length} things left\n`);
    expect(faults).toEqual([]);
  }, 240_000);

  it.each(STRANGERS)(
    'where a $thing has taken its place is refused, and the stranger stays as it is to the byte',
    async ({ replace, at, refusing, theirs }) => {
      const world = await newFinishedWorld();
      await replace(await openBench(world));
      const before = world.everything();
      const ledger = ledgerOf(world);
      world.calls.length = 0;

      const codes: number[] = [];
      for (const phase of refusing) {
        const error: unknown = await world.run(phase, configOf(world)).catch((thrown: unknown) => thrown);
        codes.push(exitCodeOf(error));
      }
      const status = await statusOf(world);
      const sent = changing(world.calls);
      const after = world.everything();
      const kept = ledgerOf(world);
      await world.run('teardown', configOf(world)).catch(() => {});

      const strangers = (all: Record<string, unknown>) => Object.entries(all).filter(([key]) => theirs.test(key));
      expect(codes).toEqual(refusing.map(() => 3));
      expect(status.things.find(({ address }) => address === at)).toMatchObject({ state: 'refused' });
      expect([sent, after, kept]).toEqual([[], before, ledger]);
      expect(strangers(before).length).toBeGreaterThan(0);
      expect(strangers(world.everything())).toEqual(strangers(before));
    },
  );

  it('is not what an API of the same name beside ours is: it stays as it is', async () => {
    const world = await newFinishedWorld();
    const id = await makeTwinName(await openBench(world));
    const theirs = () => Object.entries(world.everything()).filter(([key]) => key.includes(id));
    const before = theirs();

    const { drifted } = await statusOf(world);
    const { changed } = await world.run('wire', configOf(world));
    await world.run('teardown', configOf(world));

    expect([drifted, changed]).toEqual([0, 0]);
    expect(before.length).toBeGreaterThan(0);
    expect(theirs()).toEqual(before);
  });

  it('of versioning that is wanted is named and turned on again', async () => {
    const world = newSmallWorld();
    const { mounts, ...rest } = configOf(world);
    const config = { ...rest, mounts: mounts.map((is) => ({ ...is, bucket: { ...is.bucket, versioning: true } })) };
    await world.run('up', config);
    const { aws, bucket } = await openBench(world);
    await aws.s3.settings.write(bucket, 'versioning', 'Suspended');

    const { things } = await statusOf(world, config);
    await world.run('init', config);

    const change = { path: 'settings.versioning', from: 'Suspended', to: 'Enabled' };
    expect(things.find(({ address }) => address === 'bucket/images')).toMatchObject({ drift: [change] });
    expect((await aws.s3.settings.read(bucket)).versioning).toBe('Enabled');
  });
});

describe('a change of the config, and back,', () => {
  it.each<[string, (config: Config) => Config]>([
    ['of the cache', ({ cache: _cache, ...config }) => config],
    ['of the throttle', (config) => ({ ...config, throttle: { rate: 5, burst: 5 } })],
    ['of the logs', (config) => ({ ...config, logs: { level: 'info', access: true, retentionDays: 7 } })],
    ['of CORS', (config) => ({ ...config, cors: { origin: 'https://example.com' } })],
    ['of tracing', (config) => ({ ...config, tracing: true })],
    [
      'of the headers',
      ({ mounts, ...config }) => ({ ...config, mounts: mounts.map((is) => ({ ...is, headers: { 'X-A': 'b' } })) }),
    ],
    ['of a tag', (config) => ({ ...config, tags: { team: 'other' } })],
  ])('%s leads to the same account, and each second run changes nothing', async (_what, change) => {
    const world = await newFinishedWorld();
    const golden = portrait(world);
    const there = change(configOf(world));

    await world.run('up', there);
    const between = portrait(world);
    world.calls.length = 0;
    await world.run('up', there);
    const second = changing(world.calls);
    await world.run('up', configOf(world));

    expect(between).not.toEqual(golden);
    expect(second).toEqual([]);
    expect([missingFrom(golden, portrait(world)), missingFrom(portrait(world), golden)]).toEqual([[], []]);
  });
});

describe('status', () => {
  it('tells where, since when, by whom, at what cost, and how many images', async () => {
    const world = await newFinishedWorld();

    const status = await statusOf(world);

    expect(status).toMatchObject({ exists: true, usdPerHour: 0.02, createdBy: 'ann@laptop', drifted: 0, notices: [] });
    expect(status.deployment).toBe('current');
    expect(status.url).toMatch(/\/dev$/);
    expect(Date.parse(status.createdAt ?? '')).toBeGreaterThan(0);
    expect(status.expiresAt).toBeUndefined();
    expect(status.things.map(({ address, state }) => [address, state])).toEqual(
      ['bucket/images', 'objects/images', 'role/images', 'logging', 'api', 'logs', 'stage'].map((is) => [
        is,
        'present',
      ]),
    );
    expect(status.things.find(({ address }) => address === 'objects/images')).toMatchObject({
      images: 2,
      bytes: 15031,
    });
  });

  it('works without the ledger, by the tags, and makes none', async () => {
    const world = await newFinishedWorld();
    const { notices: _none, ...before } = await statusOf(world);
    rmSync(path.join(world.folder, '.pixgate'), { recursive: true });
    world.calls.length = 0;

    const { notices, ...status } = await statusOf(world);

    expect(status).toEqual(before);
    expect(notices).toEqual(['There is no ledger here: the environment is found by its tags.']);
    expect(changing(world.calls)).toEqual([]);
    expect(readdirSync(world.folder)).toEqual(['images']);
  });

  it('of nothing says that everything is missing, and changes nothing', async () => {
    const world = newSmallWorld();

    const { exists, deployment, things, url } = await statusOf(world);

    expect([exists, deployment, url, changing(world.calls)]).toEqual([false, 'none', undefined, []]);
    expect(things.every(({ state }) => state === 'missing')).toBe(true);
  });

  it('without the source folder says so, and tells everything else', async () => {
    const world = await newFinishedWorld();
    rmSync(path.join(world.folder, 'images'), { recursive: true });

    const { drifted, unread, notices, things } = await statusOf(world);

    expect({ drifted, unread }).toEqual({ drifted: 0, unread: 1 });
    expect(notices.join()).toMatch(/^Images are not compared with their files: Cannot read/);
    expect(things.find(({ address }) => address === 'objects/images')).toMatchObject({ images: 2 });
  });

  it('tells an API that is as configured and not yet deployed from drift', async () => {
    const weather = { deaf: false };
    const world = newSmallWorld(async (request, handle) => {
      if (weather.deaf && request.method === 'POST' && request.path.endsWith('/deployments')) throw new Error('killed');
      return handle(request);
    });
    const config = configOf(world, { cors: { origin: 'https://example.com' } });
    await world.run('up', configOf(world));
    weather.deaf = true;
    await world.run('wire', config).catch(() => {});
    weather.deaf = false;

    const edited = await statusOf(world, config);
    await world.run('wire', config);
    const deployed = await statusOf(world, config);

    expect([edited.deployment, edited.drifted]).toEqual(['edited', 0]);
    expect([deployed.deployment, deployed.drifted]).toEqual(['current', 0]);
  });

  it('reads when the lease ends from the tags, and names what no mount uses', async () => {
    const world = await newFinishedWorld();
    const { aws, apiId } = await openBench(world);
    const { expiresAt: wanted } = await world.plan('up', { ...configOf(world), renewal: '2h' });
    await world.run('up', { ...configOf(world), renewal: '2h' });
    const [role] = (await aws.iam.listRoles('/pixgate/')).filter(({ name }) => name.includes('holiday'));
    const trust = (await aws.iam.findRole(role?.name ?? ''))?.trust ?? '';
    const tags = role?.tags ?? {};
    await aws.iam.createRole({ name: 'pixgate-old', path: '/pixgate/', description: 'old', trust, tags });

    const { expiresAt, things, drifted } = await statusOf(world);

    expect([expiresAt?.slice(0, 16), drifted]).toEqual([wanted?.slice(0, 16), 0]);
    expect(things.at(-1)).toMatchObject({ address: 'role/pixgate-old', state: 'stray' });
    await aws.apiGateway.tagApi(apiId, { 'pixgate:expires': 'next week' });
    const edited = await statusOf(world);
    expect(edited.expiresAt).toBeUndefined();
    expect(edited.notices).toContain('The lease "next week" cannot be read, so it never ends: --expires sets another.');
  });
});
