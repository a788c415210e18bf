import { rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { BucketConfig, Config } from '../../src/config/config.js';
import { RefusedError } from '../../src/errors.js';
import type { Change } from '../../src/model/plan.js';
import { changing, newWorld, type World } from '../stories/world.js';

const NAME = 'my-photos';

function bucketOf(change: Partial<BucketConfig> = {}): BucketConfig {
  return { name: NAME, create: true, prefix: 'images/', versioning: false, acceleration: true, ...change };
}

const configOf = (world: World, change: Partial<BucketConfig> = {}): Config =>
  world.config({}, { bucket: bucketOf(change) });

/** What a plan of the bucket would change. */
async function changesOf(world: World, config: Config): Promise<readonly Change[]> {
  return (await world.plan('init', config)).steps.flatMap(({ changes }) => changes);
}

/** Calls about acceleration. */
function asked(world: World): string[] {
  return world.calls.flatMap(({ operation = '' }) => (operation.includes('Accelerate') ? [operation] : []));
}

describe('bucketResource, asked for acceleration,', () => {
  it('makes the bucket with it, and then finds nothing to do', async () => {
    const world = newWorld();
    const config = configOf(world);

    await world.run('init', config);
    const made = changing(world.calls);
    const again = await world.run('init', config);

    const { s3 } = await world.aws();
    expect(await s3.settings.readAcceleration(NAME)).toBe('Enabled');
    expect(made.slice(-1)).toEqual(['s3 PutBucketAccelerateConfiguration']);
    expect(again.changed).toBe(0);
  });

  it('names it when somebody suspends it, and turns it on again', async () => {
    const world = newWorld();
    const config = configOf(world);
    await world.run('init', config);
    const { s3 } = await world.aws();
    await s3.settings.write(NAME, 'acceleration', 'Suspended');

    const changes = await changesOf(world, config);
    await world.run('init', config);

    expect(changes).toEqual([{ path: 'settings.acceleration', from: 'Suspended', to: 'Enabled' }]);
    expect(await s3.settings.readAcceleration(NAME)).toBe('Enabled');
  });

  it('gives it to a bucket that was made without, and marks it first', async () => {
    const world = newWorld();
    await world.run('init', configOf(world, { acceleration: false }));
    const before = world.calls.length;

    await world.run('init', configOf(world));

    expect(changing(world.calls.slice(before))).toEqual(['s3 PutBucketTagging', 's3 PutBucketAccelerateConfiguration']);
    expect((await world.run('init', configOf(world))).changed).toBe(0);
  });

  it.each([
    ['with the ledger', false],
    ['without a ledger', true],
  ])('and then no more, suspends it once, %s', async (_what, isLost) => {
    const world = newWorld();
    await world.run('init', configOf(world));
    if (isLost) rmSync(path.join(world.folder, '.pixgate'), { recursive: true });
    const config = configOf(world, { acceleration: false });

    const changes = await changesOf(world, config);
    await world.run('init', config);
    const again = await world.run('init', config);

    const { s3 } = await world.aws();
    expect(changes).toEqual([{ path: 'settings.acceleration', from: 'Enabled', to: 'Off' }]);
    expect(await s3.settings.readAcceleration(NAME)).toBe('Suspended');
    expect(again.changed).toBe(0);
  });

  it.each<[string, Partial<BucketConfig>, string, string]>([
    [
      'a name with a dot',
      { name: 'my.photos' },
      'Cannot give bucket "my.photos" Transfer Acceleration: its name has a dot.',
      'choose a bucket.name without dots',
    ],
    [
      'a Region that has none',
      { region: 'eu-north-1' },
      'Cannot give bucket "my-photos" Transfer Acceleration: eu-north-1 has none.',
      'set bucket.acceleration to false in pixgate.yaml',
    ],
  ])('refuses %s before anything is made', async (_what, change, message, suggestion) => {
    const world = newWorld();

    const refusal: unknown = await world.plan('up', configOf(world, change)).catch((error: unknown) => error);

    expect(refusal).toBeInstanceOf(RefusedError);
    expect(refusal).toMatchObject({ code: 'ACCELERATION_NOT_AVAILABLE', message });
    expect((refusal as RefusedError).suggestions[0]).toBe(suggestion);
    expect(changing(world.calls)).toEqual([]);
  });

  it.each<[string, Partial<BucketConfig>]>([
    ['a name with a dot', { name: 'my.photos' }],
    ['a Region that has none', { region: 'eu-north-1' }],
  ])('takes a bucket with %s away all the same', async (_what, change) => {
    const world = newWorld();
    const before = world.everything();
    await world.run('init', configOf(world, { ...change, acceleration: false }));

    await world.run('teardown', configOf(world, change));

    expect(world.everything()).toEqual(before);
  });

  it('only uses an adopted bucket, and neither marks it nor sets anything', async () => {
    const world = newWorld();
    const { s3 } = await world.aws();
    await s3.createBucket(NAME, { team: 'web' });

    await world.run('init', configOf(world, { create: false }));

    expect(await s3.findBucketTags(NAME)).toEqual({ team: 'web' });
    expect(asked(world)).toEqual([]);
  });
});

describe('bucketResource, not asked for acceleration,', () => {
  it('makes no call for it in a whole life', async () => {
    const world = newWorld();
    const config = configOf(world, { acceleration: false });

    for (const phase of ['up', 'up', 'teardown'] as const) await world.run(phase, config);

    expect(world.calls.length).toBeGreaterThan(0);
    expect(asked(world)).toEqual([]);
  });
});
