import { expect, it } from 'vitest';
import { newWorld } from './world.js';

it('teardown takes away what a renamed mount left behind', async () => {
  const world = newWorld();
  const before = world.everything();
  await world.run('up');
  const renamed = world.config({}, { id: 'pics', path: '/pics' });
  await world.run('up', renamed);

  const result = await world.run('teardown', renamed);

  expect(result.left).toEqual([]);
  expect(world.everything()).toEqual(before);
});

it('teardown finds everything by name, stage and Region when the config is lost', async () => {
  const world = newWorld();
  const before = world.everything();
  await world.run('up');

  const result = await world.run('teardown', world.config({ mounts: [] }));

  expect(result.left).toEqual([]);
  expect(world.everything()).toEqual(before);
});

it('teardown refuses a stray bucket that holds objects of others', async () => {
  const world = newWorld();
  await world.run('up');
  const { s3 } = await world.aws();
  const [bucket] = await s3.listBuckets('pixgate-');
  const theirs = { key: 'images/theirs.png', body: Buffer.from('x'), contentType: 'image/png', headers: {} };
  await s3.putObject(bucket?.name ?? '', theirs);

  await expect(world.run('teardown', world.config({ mounts: [] }))).rejects.toMatchObject({ code: 'FOREIGN_OBJECTS' });
});

it('the cache is turned off and on again without ever serving one image for another', async () => {
  const world = newWorld();
  const off = world.config();
  const { cache: _cache, ...without } = off;
  await world.run('up', off);

  for (const config of [without, off, without]) {
    await world.run('wire', config);
    const report = await world.verify(config);
    expect(report.results.filter(({ status }) => status === 'failed')).toEqual([]);
  }
});
