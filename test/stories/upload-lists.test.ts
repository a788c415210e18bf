import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { S3 } from '../../src/aws/s3.js';
import type { Config } from '../../src/config/config.js';
import { findManifest, type Manifest, putManifest } from '../../src/resources/manifest.js';
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

/** Changes the stored headers of an image behind our back, some time after and before everything else. */
async function changeHeaders(world: World, name: string): Promise<void> {
  const { s3 } = await world.aws();
  const key = `images/${name}`;
  const bucket = await bucketOf(s3);
  const { sha256 = '', etag = '' } = (await s3.findObjectHeaders(bucket, key)) ?? {};
  await world.emulator.clock.sleep(5000);
  const headers = { 'Cache-Control': 'no-store' };
  await s3.putObjectHeaders(bucket, key, { contentType: 'image/png', headers, sha256 }, etag);
  await world.emulator.clock.sleep(5000);
}

it('a list that nobody can read hides no change of a file', async () => {
  const world = worldOf();
  await world.run('init');
  await world.run('upload');
  const { s3 } = await world.aws();
  const [bucket, key] = [await bucketOf(s3), '.pixgate/holiday.dev.eu-west-1.images.ndjson'];
  const text = Buffer.from((await s3.findObject(bucket, key))?.bytes ?? []).toString();
  await s3.putObject(bucket, { key, body: Buffer.from(`${text}["a"]`), contentType: 'text/plain', headers: {} });
  writeImages(world.folder, ['00.png', '29.png'], 'changed');

  expect((await world.run('upload')).upload).toMatchObject({ sent: 2, unchanged: FILES.length - 2 });
});

it('headers that somebody changed are set back by a whole upload, whatever was uploaded by PATH in between', async () => {
  const world = worldOf();
  await world.run('init');
  await world.run('upload');
  await changeHeaders(world, '01.png');
  writeImages(world.folder, ['00.png'], 'changed');
  await world.run('upload', undefined, { paths: [path.join(world.folder, 'images', '00.png')] });

  expect((await world.run('upload')).upload).toMatchObject({ headersUpdated: 1, sent: 0 });
  expect((await world.run('upload')).changed).toBe(0);
});

it('headers that somebody changes while an upload runs are set back by the next one', async () => {
  let act: (() => Promise<void>) | undefined;
  const world: World = worldOf(async (request, handle) => {
    if (act !== undefined && request.method === 'PUT' && request.path.endsWith('/00.png')) {
      const now = act;
      act = undefined;
      await now();
    }
    return handle(request);
  });
  await world.run('init');
  await world.run('upload');
  writeImages(world.folder, ['00.png'], 'changed');
  act = () => changeHeaders(world, '20.png');
  await world.run('upload');
  const from = world.calls.length;

  expect((await world.run('upload')).upload).toMatchObject({ headersUpdated: 1, sent: 0 });
  // What that upload sent itself is later than its look, and still not asked about.
  expect(heads(world, from)).toBe(2);
});

it('a promise of another machine that stands in a finished list is asked about once, and settled', async () => {
  const world = worldOf();
  await world.run('init');
  await world.run('upload');
  const { s3 } = await world.aws();
  const [bucket, key] = [await bucketOf(s3), '.pixgate/holiday.dev.eu-west-1.images.ndjson'];
  const list = await findManifest(s3, bucket, key);
  if (list === undefined) throw new Error('there is no list');
  const entries = [...list.objects].map(
    ([name, is]) => [name, name === '05.png' ? { ...is, etag: '', promised: true } : is] as const,
  );
  await putManifest(s3, { bucket, key, replaced: { etag: list.listEtag } }, list, () => entries);
  rmSync(path.join(world.folder, 'images', '05.png'));

  await world.run('upload', undefined, { prune: true });

  expect((await listOf(world))?.objects.has('05.png')).toBe(false);
  expect((await s3.listObjects(bucket, 'images/05')).length).toBe(0);
});

it('teardown of a bucket of others whose list nobody can read says that it cannot tell what is ours', async () => {
  const world = worldOf();
  const { s3 } = await world.aws();
  await s3.createBucket('their-bucket', {});
  const bucket = { name: 'their-bucket', create: false, prefix: 'images/', versioning: false };
  const config = world.config({}, { bucket });
  await world.run('up', config);
  const key = '.pixgate/holiday.dev.eu-west-1.images.ndjson';
  await s3.putObject('their-bucket', { key, body: Buffer.from('cheese'), contentType: 'text/plain', headers: {} });

  const plan = await world.plan('teardown', config);

  expect(plan.notices.join()).toContain('Cannot tell which images in s3://their-bucket/images/ pixgate sent');
  expect(plan.steps.map(({ address }) => address)).not.toContain('objects/images');
});
