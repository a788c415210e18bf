import { expect, it } from 'vitest';
import type { ApiKeyAccess, Config, MountAccess } from '../../src/config/config.js';
import { bareRowsOf, differences, leftFiles } from './ladder-picture.js';
import { newRecorder, type Point } from './ladder-points.js';
import { type LadderWorld, openWorld, storyConfig } from './ladder-world.js';
import type { Disk } from './snapshots.js';
import { changing } from './world.js';

const ACCESS: ApiKeyAccess = {
  ...{ kind: 'api-key', throttle: { rate: 100, burst: 200 } },
  quota: { limit: 1000, per: 'day' },
};

/** A config whose images are for these, without the cache and the logs, which this story is not about. */
function configFor(access: MountAccess): Config {
  const { cache: _cache, ...config } = storyConfig();
  const logs = { level: 'off', access: false, retentionDays: 30 } as const;
  return { ...config, logs, mounts: config.mounts.map((mount) => ({ ...mount, access })) };
}

/** Plans, keys and which is in which, with names in the place of ids, values and times. */
function keysIn({ rows }: Disk): string[] {
  const found = [...rows].filter(([place]) => /^apigateway\/(usageplan|apikey|usageplankey)\u0000/i.test(place));
  const values = found.map(([, text]) => JSON.parse(text) as Record<string, unknown>);
  const names = new Map(values.flatMap(({ id, name }) => (typeof id === 'string' ? [[id, String(name)]] : [])));
  return values
    .map(({ name, enabled, throttle, quota, apiStages, tags, keyId, planId }) =>
      JSON.stringify({
        ...{ name, enabled, throttle, quota, key: names.get(String(keyId)), plan: names.get(String(planId)) },
        stages: (apiStages as readonly { stage: string }[] | undefined)?.map(({ stage }) => stage),
        tags: Object.keys((tags as object | undefined) ?? {}).sort(),
      }),
    )
    .sort();
}

/** The points at calls for keys, and inside writes of a ledger that knows of them; of those with one disk the last. */
function pointsOf(points: readonly Point[]): Point[] {
  const isAboutKeys = ({ kind, name, disk }: Point): boolean =>
    /\/(usageplans|apikeys)/.test(name) ||
    (kind === 'write' && [...disk.files].some(([file, text]) => !file.includes('.draft') && text.includes('"keys"')));
  return [...new Map(points.filter(isAboutKeys).map((point) => [point.disk.digest, point])).values()];
}

/** Runs a command once more on what a killed one left. */
async function rerun(phase: 'wire' | 'teardown', disk: Disk): Promise<LadderWorld> {
  const world = openWorld(configFor(ACCESS), { disk });
  await world.run(phase);
  return world;
}

it('wire, killed at any call for keys or write of the ledger and run again, ends as undisturbed, and teardown leaves nothing', async () => {
  const plain = openWorld(configFor({ kind: 'public' }));
  const empty = bareRowsOf(plain.disk());
  await plain.run('up');
  const recorder = newRecorder();
  const golden = openWorld(configFor(ACCESS), { disk: plain.disk(), weather: recorder.weather });
  await recorder.watch(golden, () => golden.run('wire'));
  const wanted = keysIn(golden.disk());
  const points = pointsOf(recorder.points);
  const faults: string[] = [];

  for (const { name, disk } of points) {
    const world = await rerun('wire', disk);
    const made = keysIn(world.disk());
    world.calls.length = 0;
    await world.run('wire');
    const again = changing(world.calls);
    await world.run('teardown');
    const left = [...differences(bareRowsOf(world.disk()), empty), ...leftFiles(world.disk())];
    world.close();
    if (JSON.stringify([made, again, left]) !== JSON.stringify([wanted, [], []]))
      faults.push(`${name}: ${JSON.stringify({ made, again, left })}`);
  }

  plain.close();
  golden.close();
  process.stdout.write(`ladder of keys: wire ${points.length - faults.length}/${points.length} points\n`);
  expect(wanted).toHaveLength(3);
  expect(faults).toEqual([]);
  expect(points.filter(({ name }) => name.includes(', POST ')).length).toBeGreaterThanOrEqual(3);
}, 120_000);

it('teardown, killed at any call for keys and run again, leaves nothing', async () => {
  const recorder = newRecorder();
  const golden = openWorld(configFor(ACCESS), { weather: recorder.weather });
  const empty = bareRowsOf(golden.disk());
  await golden.run('up');
  await recorder.watch(golden, () => golden.run('teardown'));
  const points = pointsOf(recorder.points);
  const faults: string[] = [];

  for (const { name, disk } of points) {
    const world = await rerun('teardown', disk);
    const left = [...differences(bareRowsOf(world.disk()), empty), ...leftFiles(world.disk())];
    world.close();
    if (left.length > 0) faults.push(`${name}: ${left.join('; ')}`);
  }

  golden.close();
  process.stdout.write(`ladder of keys: teardown ${points.length - faults.length}/${points.length} points\n`);
  expect(faults).toEqual([]);
  expect(points.filter(({ name }) => name.includes(', DELETE ')).length).toBeGreaterThanOrEqual(2);
}, 120_000);
