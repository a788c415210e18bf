import { expect, it } from 'vitest';
import type { Config, MountConfig } from '../../src/config/config.js';
import { changing, newWorld, type World } from './world.js';

const bucketOf = (change: Partial<MountConfig['bucket']>): MountConfig['bucket'] => ({
  name: 'auto',
  create: true,
  prefix: 'images/',
  versioning: false,
  ...change,
});

/** Lives of many kinds, by what is special about each. */
const LIVES: Readonly<Record<string, (world: World) => Config>> = {
  plain: (world) => {
    const { cache: _cache, ...config } = world.config();
    return config;
  },
  cached: (world) => world.config({ cache: { sizeGb: 1.6, ttlSeconds: 60 } }),
  'without logs': (world) => world.config({ logs: { level: 'off', access: false, retentionDays: 30 } }),
  'edge-optimized': (world) => world.config({ endpoint: 'edge' }),
  'traced, with tags': (world) => world.config({ tracing: true, tags: { team: 'web' } }),
  'with versions': (world) => world.config({}, { bucket: bucketOf({ versioning: true }) }),
  'an adopted bucket': (world) =>
    world.config({}, { bucket: bucketOf({ name: 'theirs', create: false, prefix: 'pics/' }) }),
  'a bucket elsewhere': (world) => world.config({}, { bucket: bucketOf({ region: 'us-east-1' }) }),
  'another stage': (world) => world.config({ stage: 'prod' }),
};

it('nothing is left after every kind of life, twice in a row, and a second run of every command changes nothing', async () => {
  const world = newWorld();
  const { s3 } = await world.aws();
  await s3.createBucket('theirs', { team: 'web' });
  await s3.putObject('theirs', {
    key: 'pics/old.png',
    body: Buffer.from('old'),
    contentType: 'image/png',
    headers: {},
  });
  const before = world.everything();
  const census: Record<string, unknown> = {};
  const secondRuns: string[] = [];
  let lives = 0;

  for (const round of [1, 2]) {
    for (const [kind, configOf] of Object.entries(LIVES)) {
      const config = configOf(world);
      for (const phase of ['init', 'upload', 'wire', 'up'] as const) {
        await world.run(phase, config);
        world.calls.length = 0;
        await world.run(phase, config);
        secondRuns.push(...changing(world.calls).map((call) => `${kind}: ${phase} again: ${call}`));
      }
      const { left } = await world.run('teardown', config);
      world.calls.length = 0;
      await world.run('teardown', config);
      secondRuns.push(...changing(world.calls).map((call) => `${kind}: teardown again: ${call}`));
      lives += 1;
      if (left?.length !== 0) census[`${kind}, round ${round}`] = left;
    }
    expect(world.everything()).toEqual(before);
  }

  process.stdout.write(
    `census: ${lives} lives in two rounds, 0 left; second runs: ${secondRuns.length} changing calls\n`,
  );
  expect(census).toEqual({});
  expect(secondRuns).toEqual([]);
}, 120_000);
