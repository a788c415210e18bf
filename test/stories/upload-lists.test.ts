import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { S3 } from '../../src/aws/s3.js';
import type { Config } from '../../src/config/config.js';
import { findManifest, type Manifest } from '../../src/resources/manifest.js';
import { newWorld, type Weather, type World } from './world.js';

const PNG = readFileSync(new URL('../../samples/waves.png', import.meta.url));
const FILES = Array.from({ length: 30 }, (_, n) => `${String(n).padStart(2, '0')}.png`);

/** Writes images that differ from each other, and in another way for each `mark`. */
function writeImages(folder: string, names: readonly string[], mark = ''): void {
  mkdirSync(path.join(folder, 'images'), { recursive: true });
  for (const name of names)
    writeFileSync(path.join(folder, 'images', name), Buffer.concat([PNG, Buffer.from(name + mark)]));
}

function worldOf(weather?: Weather): World {
  const world = newWorld(weather);
  rmSync(path.join(world.folder, 'images'), { recursive: true });
  writeImages(world.folder, FILES);
  return world;
}

async function bucketOf(s3: S3): Promise<string> {
  return (await s3.listBuckets('pixgate-'))[0]?.name ?? '';
}

async function listOf(world: World): Promise<Manifest | undefined> {
  const { s3 } = await world.aws();
  return findManifest(s3, await bucketOf(s3), '.pixgate/holiday.dev.eu-west-1.images.ndjson');
}

const heads = ({ calls }: World, from: number): number =>
  calls.slice(from).filter(({ operation }) => operation === 'HeadObject').length;

/** The weather of a world in which S3 refuses one image, while `on`. */
function refusing(end: string): { on: boolean; weather: Weather } {
  const body = Buffer.from('<Error><Code>InvalidArgument</Code><Message>No.</Message></Error>');
  const answer = { status: 400, headers: { 'x-amz-request-id': 'R' }, body };
  const state: { on: boolean; weather: Weather } = {
    on: true,
    weather: async (request, handle) =>
      state.on && request.method === 'PUT' && request.path.endsWith(end) ? answer : handle(request),
  };
  return state;
}

it('a run after one in which a file failed asks about that file alone', async () => {
  const { weather, ...state } = refusing('/07.png');
  const world = worldOf(weather);
  await world.run('init');
  expect((await world.run('upload')).upload?.failed).toHaveLength(1);
  const [unfinished, from] = [await listOf(world), world.calls.length];

  const second = await world.run('upload');

  expect(state.on).toBe(true);
  const promised = [...(unfinished?.objects ?? [])].filter(([, entry]) => entry.promised === true);
  expect(promised.map(([key]) => key)).toEqual(['07.png']);
  expect(second.upload).toMatchObject({ unchanged: FILES.length - 1, sent: 0 });
  // It is not there: the listing says so, and nothing has to be asked.
  expect(heads(world, from)).toBe(0);
});

it('a run after one that was cut off asks about what that one was about to send, and about nothing else', async () => {
  const controller = new AbortController();
  const world: World = worldOf(async (request, handle) => {
    const answer = await handle(request);
    if (request.method === 'PUT' && request.path.endsWith('/03.png') && !controller.signal.aborted) controller.abort();
    return answer;
  });
  const config = { ...world.config(), concurrency: 1 };
  await world.run('init', config);
  writeImages(world.folder, ['03.png'], 'later');
  const early = FILES.filter((name) => name > '05.png');
  for (const name of FILES.filter((is) => is <= '05.png')) rmSync(path.join(world.folder, 'images', name));
  await world.run('upload', config);
  writeImages(
    world.folder,
    FILES.filter((is) => is <= '05.png'),
  );
  const project = await world.open(config);
  const cut = project.apply(await project.plan('upload'), undefined, controller.signal);
  await expect(cut).rejects.toMatchObject({ name: 'CancelledError' });
  const from = world.calls.length;

  const result = await world.run('upload', config);

  expect(result.upload).toMatchObject({ sent: 2, unchanged: early.length + 4, failed: [] });
  // Four were sent before the cut. The plan asks about each of them, and the run that does it asks again.
  expect(heads(world, from)).toBe(8);
  expect((await listOf(world))?.complete).toBe(true);
});

it('two machines that upload at the same time lose nothing: one of them is told, and its next run finds all', async () => {
  let meanwhile: (() => Promise<unknown>) | undefined;
  const world: World = worldOf(async (request, handle) => {
    const act = meanwhile;
    if (act !== undefined && request.method === 'PUT' && request.path.endsWith('/00.png')) {
      meanwhile = undefined;
      await act();
    }
    return handle(request);
  });
  const other = path.join(world.folder, 'other-machine');
  writeImages(other, ['theirs.png']);
  const theirs: Config = { ...world.config({ directory: other }, { source: path.join(other, 'images') }) };
  await world.run('init');
  meanwhile = () => world.run('upload', theirs);

  const refusal = await world.run('upload').catch((error: unknown) => error);

  expect(refusal).toMatchObject({ code: 'LIST_CHANGED', name: 'RefusedError' });
  expect([...((await listOf(world))?.objects.keys() ?? [])]).toEqual([...FILES, 'theirs.png']);
  expect((await world.run('upload')).upload).toMatchObject({ sent: 0, unchanged: FILES.length, failed: [] });
  expect(await listOf(world)).toMatchObject({ complete: true });
  expect((await listOf(world))?.objects.size).toBe(FILES.length + 1);
});

it('a plan is done on top of what another machine sent since it was made', async () => {
  const world = worldOf();
  await world.run('init');
  const project = await world.open();
  const plan = await project.plan('upload');
  const other = path.join(world.folder, 'other-machine');
  writeImages(other, ['theirs.png']);
  await world.run('upload', world.config({ directory: other }, { source: path.join(other, 'images') }));

  const outcome = await project.apply(plan);

  expect(outcome.upload).toMatchObject({ sent: FILES.length, failed: [] });
  expect((await listOf(world))?.objects.size).toBe(FILES.length + 1);
});

it('a list that nobody can read is written anew from what the objects say themselves', async () => {
  const world = worldOf();
  await world.run('init');
  await world.run('upload');
  const { s3 } = await world.aws();
  const bucket = await bucketOf(s3);
  const key = '.pixgate/holiday.dev.eu-west-1.images.ndjson';
  for (const text of ['cheese', `${Buffer.from((await s3.findObject(bucket, key))?.bytes ?? []).toString()}["a"]`]) {
    await s3.putObject(bucket, { key, body: Buffer.from(text), contentType: 'application/json', headers: {} });

    const result = await world.run('upload');

    expect(result.upload).toMatchObject({ sent: 0, unchanged: FILES.length, failed: [] });
    expect((await listOf(world))?.objects.size).toBe(FILES.length);
    expect((await world.plan('upload')).steps.map(({ action }) => action)).toEqual(['keep']);
  }
});
