import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Config, MountConfig } from '../../src/config/config.js';
import type { CallRecord, Emulator } from '../../src/emulator/index.js';
import { takeTurn } from '../../src/emulator/pace.js';
import { newWorld, REGION, type Weather, type World } from './world.js';

const PACED = { pace: 'aws' } as const;

/** The world's mount under other names, each with an image of its own and a bucket of its own. */
function mountsOf(world: World, ids: readonly string[]): MountConfig[] {
  const [first] = world.config().mounts;
  if (first === undefined) throw new Error('the world has no mount');
  return ids.map((id) => {
    const source = path.join(world.folder, id);
    mkdirSync(source, { recursive: true });
    cpSync(path.join(world.folder, 'images', 'kite.svg'), path.join(source, 'kite.svg'));
    return { ...first, id, path: `/${id}`, source, bucket: { ...first.bucket, prefix: `${id}/` } };
  });
}

/** Everything that a person does with an environment, one command after the other. Answers what went wrong. */
async function live(world: World, config: Config): Promise<string[]> {
  const wrong: string[] = [];
  const verify = async (now: Config): Promise<void> => {
    const { results } = await world.verify(now);
    wrong.push(...results.filter(({ status }) => status === 'failed').map(({ title, got }) => `${title}: ${got}`));
  };
  const changed = { ...config, throttle: { rate: 700, burst: 900 }, cors: { origin: 'https://example.org' } };
  // A command knows nothing of the calls of the one before; it takes this long to be typed and to start.
  const next = () => world.emulator.clock.sleep(2_000);
  await world.run('up', config);
  await next();
  await verify(config);
  await next();
  await world.run('wire', changed);
  writeFileSync(path.join(changed.mounts[0]?.source ?? '', 'new.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  await next();
  await world.run('upload', changed);
  await next();
  await verify(changed);
  await next();
  const { outcome } = await (await world.open(changed)).flush();
  if (outcome !== 'emptied') wrong.push(`flush: ${outcome}`);
  await next();
  const { left = ['nobody looked'] } = await world.run('teardown', changed);
  wrong.push(...left.map((thing) => `left: ${JSON.stringify(thing)}`));
  return wrong;
}

const isControl = ({ service }: CallRecord): boolean => service === 'apigateway';
const isLate = ({ status }: CallRecord): boolean => status === 429;

/** The refused calls by name, such as `CreateDeployment 2`. */
function lateOf(calls: readonly CallRecord[]): string[] {
  const names = calls.filter((call) => isControl(call) && isLate(call)).map(({ operation }) => operation ?? '');
  return [...new Set(names)].map((name) => `${name} ${names.filter((is) => is === name).length}`);
}

/** Prints the count of a life that came through, which it would not have if a refusal had reached the user. */
function tell(title: string, { calls }: World): void {
  const ours = calls.filter(isControl);
  const late = lateOf(calls).join(', ') || 'none';
  process.stdout.write(
    `pace: ${ours.length} calls, ${ours.filter(isLate).length} answered 429, 0 reached the user (${title}; ${late})\n`,
  );
}

/**
 * What somebody else in the account and Region calls all the time, by name and pause: half of these quotas, and with
 * all of it together half of the common one.
 */
const NEIGHBOUR: readonly (readonly [name: string, everyMs: number])[] = [
  ['GetRestApis', 1_200],
  ['GetResources', 800],
  ['CreateResource', 400],
  ['CreateDeployment', 10_000],
  ['CreateRestApi', 6_000],
  ['CreateRestApi EDGE', 60_000],
  ['DeleteRestApi', 60_000],
  ['UpdateAccount', 40_000],
];

/** Of the pause between a neighbour's calls, how much has passed when we come: where they meet ours. */
const PHASES = process.env['PIXGATE_DEEP'] === undefined ? [0.5] : [0, 0.25, 0.5, 0.75];

/** Weather in which a neighbour has called all that time has passed for, before each request of ours. */
function neighbour(emulator: () => Emulator, phase: number): { weather: Weather; calls(): number } {
  const due = new Map<string, number>();
  let calls = 0;
  const catchUp = ({ clock, store, accountId }: Emulator): void => {
    const nowMs = clock.now();
    const missed = NEIGHBOUR.flatMap(([name, everyMs]) => {
      const fromMs = due.get(name) ?? nowMs + everyMs * (1 - phase);
      const times = Math.max(0, Math.floor((nowMs - fromMs) / everyMs) + 1);
      due.set(name, fromMs + times * everyMs);
      return Array.from({ length: times }, (_, nth) => ({ name, atMs: fromMs + nth * everyMs }));
    });
    for (const { name, atMs } of missed.sort((a, b) => a.atMs - b.atMs)) {
      if (takeTurn(store, { accountId, region: REGION, name, atMs }) === 0) calls += 1;
    }
  };
  return {
    weather: (request, handle) => {
      catchUp(emulator());
      return handle(request);
    },
    calls: () => calls,
  };
}

describe("a whole life at AWS's pace", () => {
  it.each([
    ['regional', ['photos']],
    ['edge', ['photos']],
    ['regional', ['one', 'two', 'three']],
  ] as const)(
    'meets no refusal at all with a %s endpoint and mounts %j',
    async (endpoint, ids) => {
      const world = newWorld(undefined, PACED);

      const wrong = await live(world, world.config({ endpoint, mounts: mountsOf(world, ids) }));

      expect([wrong, lateOf(world.calls)]).toEqual([[], []]);
      tell(`${endpoint}, ${ids.length} mounts`, world);
    },
    60_000,
  );

  it.each(PHASES)(
    'comes through beside a neighbour who uses half of every quota, from phase %d',
    async (phase) => {
      const { weather, calls } = neighbour(() => world.emulator, phase);
      const world: World = newWorld(weather, PACED);

      const wrong = await live(world, world.config({ endpoint: 'edge', mounts: mountsOf(world, ['photos']) }));

      expect(wrong).toEqual([]);
      expect(calls()).toBeGreaterThan(100);
      tell(`beside ${calls()} calls of a neighbour`, world);
    },
    240_000,
  );

  it('ends two environments at once, and says what it waits for', async () => {
    const world = newWorld(undefined, PACED);
    const before = world.everything();
    const logs = { level: 'off', access: false, retentionDays: 30 } as const;
    const configs = ['first', 'second'].map((name) => world.config({ name, logs, mounts: mountsOf(world, [name]) }));
    for (const config of configs) await world.run('up', config);

    await Promise.all(configs.map((config) => world.run('teardown', config)));

    expect(world.everything()).toEqual(before);
    expect(lateOf(world.calls).filter((name) => name.startsWith('DeleteRestApi'))).toHaveLength(1);
    const waits = world.events.filter((event) => event.type === 'wait' && event.for.includes('DeleteRestApi'));
    expect(waits).toMatchObject([{ for: 'DeleteRestApi: Too Many Requests' }]);
    tell('two teardowns', world);
  }, 120_000);
});
