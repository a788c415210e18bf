import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Config } from '../../src/config/config.js';
import { sha256Of } from '../../src/files/read-image.js';
import { newWorld, type Weather, type World } from './world.js';

const fileOf = ({ folder }: World, name: string): string => path.join(folder, 'images', name);
const PNG = readFileSync(new URL('../../samples/waves.png', import.meta.url));
const png = (mark: string): Buffer => Buffer.concat([PNG, Buffer.from(mark)]);

/** A world of three images: a.png, cats/c.png and dogs/d.png. */
function smallWorld(weather?: Weather): World {
  const world = newWorld(weather);
  rmSync(path.join(world.folder, 'images'), { recursive: true });
  mkdirSync(fileOf(world, 'cats'), { recursive: true });
  mkdirSync(fileOf(world, 'dogs'), { recursive: true });
  writeFileSync(fileOf(world, 'a.png'), PNG);
  writeFileSync(fileOf(world, 'cats/c.png'), png('c'));
  writeFileSync(fileOf(world, 'dogs/d.png'), png('d'));
  return world;
}

async function bucketOf(world: World): Promise<string> {
  return (await (await world.aws()).s3.listBuckets('pixgate-'))[0]?.name ?? 'their-bucket';
}

/** The keys of all images in the bucket. */
async function online(world: World): Promise<string[]> {
  const listed = await (await world.aws()).s3.listObjects(await bucketOf(world), '');
  return listed.map(({ key }) => key).filter((key) => !key.startsWith('.pixgate'));
}

const withPrefix = (world: World, prefix: string): Config =>
  world.config({}, { bucket: { name: 'auto', create: true, prefix, versioning: false } });

/** Has a world use a bucket of somebody else's. */
async function adopting(world: World, prefix = 'images/'): Promise<Config> {
  const { s3 } = await world.aws();
  if ((await s3.lookAtBucket('their-bucket')).kind === 'absent') await s3.createBucket('their-bucket', {});
  const bucket = { name: 'their-bucket', create: false, prefix, versioning: false };
  return { ...world.config({}, { bucket }), concurrency: 1 };
}

/** S3 takes every image but the one whose path ends so, while it is on. */
function refusing(end: string, code = 'InvalidArgument', status = 400): { on: boolean; weather: Weather } {
  const body = Buffer.from(`<Error><Code>${code}</Code><Message>No.</Message></Error>`);
  const state: { on: boolean; weather: Weather } = {
    on: false,
    weather: (request, handle) =>
      state.on && request.method === 'PUT' && request.path.endsWith(end)
        ? Promise.resolve({ status, headers: { 'x-amz-request-id': 'R' }, body })
        : handle(request),
  };
  return state;
}

describe('a mount that moves to another prefix', () => {
  it('does not move by PATH, which would take the others offline', async () => {
    const world = smallWorld();
    await world.run('init');
    await world.run('upload');
    const before = await online(world);

    const moving = world.run('upload', withPrefix(world, 'new/'), { paths: [fileOf(world, 'cats')] });

    await expect(moving).rejects.toMatchObject({ code: 'MOVE_IN_PARTS' });
    expect(await online(world)).toEqual(before);
  });

  it('into a prefix inside the former one keeps what is wanted there', async () => {
    const world = smallWorld();
    await world.run('init');
    await world.run('upload');
    const { mounts } = withPrefix(world, 'images/cats/');
    const config = world.config({}, { ...mounts[0], source: fileOf(world, 'cats') });

    await world.run('upload', config);

    expect(await online(world)).toEqual(['images/cats/c.png']);
    expect((await world.run('upload', config)).changed).toBe(0);
  });

  it('keeps every image of the former prefix while one is not sent', async () => {
    const s3 = refusing('/d.png');
    const world = smallWorld(s3.weather);
    await world.run('init');
    await world.run('upload');
    s3.on = true;

    const half = await world.run('upload', withPrefix(world, 'new/'));
    const meanwhile = await online(world);
    s3.on = false;
    await world.run('upload', withPrefix(world, 'new/'));

    expect(half.upload?.failed).toMatchObject([{ file: 'dogs/d.png' }]);
    expect(meanwhile).toContain('images/dogs/d.png');
    expect(await online(world)).toEqual(['new/a.png', 'new/cats/c.png', 'new/dogs/d.png']);
  });

  it('is refused while a file that is online cannot be sent', async () => {
    const world = smallWorld();
    await world.run('init');
    await world.run('upload');
    const before = await online(world);
    writeFileSync(fileOf(world, 'dogs/d.png'), 'broken');

    await expect(world.run('upload', withPrefix(world, 'new/'))).rejects.toMatchObject({
      code: 'MOVE_IN_PARTS',
      message: expect.stringContaining('"dogs/d.png" is online') as string,
    });
    expect(await online(world)).toEqual(before);
  });

  it.each([
    ['to a third one', 'c/'],
    ['back', 'images/'],
  ])('and is broken off, and then moves %s, leaves nothing behind in a bucket of others', async (_what, last) => {
    const world = smallWorld();
    await world.run('init', await adopting(world));
    await world.run('upload', await adopting(world));
    const project = await world.open(await adopting(world, 'b/'));
    const stop = new AbortController();
    const plan = await project.plan('upload');
    const stopped = project.apply(plan, (event) => event.type === 'progress' && stop.abort(), stop.signal);
    await expect(stopped).rejects.toMatchObject({ name: 'CancelledError' });
    appendFileSync(fileOf(world, 'dogs/d.png'), 'dd');

    await world.run('upload', await adopting(world, last));
    const moved = await online(world);
    await world.run('teardown', await adopting(world, last));

    expect(moved).toEqual([`${last}a.png`, `${last}cats/c.png`, `${last}dogs/d.png`]);
    expect(await online(world)).toEqual([]);
  });
});

describe('upload --delete', () => {
  it('spares what lies below a folder that cannot be read', async () => {
    const world = smallWorld();
    await world.run('init');
    await world.run('upload');
    renameSync(fileOf(world, 'cats'), path.join(world.folder, 'cats-elsewhere'));
    symlinkSync(path.join(world.folder, 'cats-elsewhere'), fileOf(world, 'cats'));

    const result = await world.run('upload', undefined, { prune: true });

    expect(result.upload?.removed).toBe(0);
    expect(await online(world)).toContain('images/cats/c.png');
  });

  it('removes nothing while a file fails: under its new name it may be the only copy', async () => {
    const s3 = refusing('/b.png');
    const world = smallWorld(s3.weather);
    await world.run('init');
    await world.run('upload');
    renameSync(fileOf(world, 'a.png'), fileOf(world, 'b.png'));
    s3.on = true;

    const half = await world.run('upload', undefined, { prune: true });
    const meanwhile = await online(world);
    s3.on = false;
    const whole = await world.run('upload', undefined, { prune: true });

    expect(half.upload).toMatchObject({ removed: 0, failed: [{ file: 'b.png' }] });
    expect(meanwhile).toContain('images/a.png');
    expect(whole.upload).toMatchObject({ sent: 1, removed: 1 });
    expect(await online(world)).toEqual(['images/b.png', 'images/cats/c.png', 'images/dogs/d.png']);
  });

  it('stops at Ctrl-C, and goes on when it is run again', async () => {
    const world = smallWorld();
    const names = Array.from({ length: 30 }, (_, n) => `x${n}.png`);
    for (const name of names) writeFileSync(fileOf(world, name), png(name));
    await world.run('init');
    await world.run('upload');
    for (const name of names) rmSync(fileOf(world, name));
    const project = await world.open({ ...world.config(), concurrency: 2 });
    const stop = new AbortController();
    const plan = await project.plan('upload', { prune: true });

    const stopped = project.apply(plan, (event) => event.type === 'progress' && stop.abort(), stop.signal);

    await expect(stopped).rejects.toMatchObject({ name: 'CancelledError' });
    expect((await online(world)).length).toBeGreaterThan(25);
    expect((await world.run('upload', undefined, { prune: true })).upload?.removed).toBeGreaterThan(20);
    expect(await online(world)).toHaveLength(3);
  });

  it('forgets what is neither a file nor an object any more', async () => {
    const world = smallWorld();
    await world.run('init');
    await world.run('upload');
    rmSync(fileOf(world, 'a.png'));
    await (await world.aws()).s3.deleteObject(await bucketOf(world), 'images/a.png');

    const { notices } = await world.plan('upload');
    await world.run('upload');

    expect(notices.filter((notice) => notice.includes('online'))).toEqual([]);
    expect((await world.run('upload')).changed).toBe(0);
  });
});

describe('upload beside somebody who writes the same bytes', () => {
  it('of an adopted bucket names the file and finishes; teardown leaves theirs', async () => {
    const theirs = { key: 'images/a.png', body: PNG, contentType: 'image/png', headers: {} };
    let hook: (() => Promise<unknown>) | undefined;
    const world = smallWorld(async (request, handle) => {
      const act = request.method === 'PUT' && request.path.endsWith('/images/a.png') ? hook : undefined;
      if (act !== undefined) hook = undefined;
      await act?.();
      return handle(request);
    });
    const config = await adopting(world);
    await world.run('init', config);
    hook = async () => (await world.aws()).s3.putObject('their-bucket', theirs);

    const result = await world.run('upload', config);
    await world.run('teardown', config);

    expect(result.upload).toMatchObject({ sent: 2, failed: [{ file: 'a.png', code: 'OBJECT_CHANGED' }] });
    expect(await online(world)).toEqual(['images/a.png']);
  });

  it('never takes theirs for ours by an upload of other files', async () => {
    const world = smallWorld();
    const config = await adopting(world);
    await world.run('init', config);
    await world.run('upload', config);
    await wait(1100);
    await (await world.aws()).s3.putObject('their-bucket', {
      ...{ key: 'images/a.png', body: PNG, contentType: 'image/png', headers: {} },
    });
    await wait(1100);
    appendFileSync(fileOf(world, 'cats/c.png'), 'z');

    await world.run('upload', config, { paths: [fileOf(world, 'cats')] });
    await world.run('teardown', config);

    expect(await online(world)).toEqual(['images/a.png']);
  });

  it('does not call other headers than ours sent', async () => {
    const headers = { 'Cache-Control': 'no-store' };
    let hook: (() => Promise<unknown>) | undefined;
    const world = smallWorld(async (request, handle) => {
      const act = request.method === 'PUT' && request.path.endsWith('/images/a.png') ? hook : undefined;
      if (act !== undefined) hook = undefined;
      await act?.();
      return handle(request);
    });
    await world.run('init');
    const theirs = { key: 'images/a.png', body: PNG, contentType: 'text/plain', headers, sha256: sha256Of(PNG) };
    hook = async () => (await world.aws()).s3.putObject(await bucketOf(world), theirs);

    const first = await world.run('upload');
    const second = await world.run('upload');

    expect(first.upload?.failed).toMatchObject([{ file: 'a.png', code: 'OBJECT_CHANGED' }]);
    expect(second.upload).toMatchObject({ headersUpdated: 1, failed: [] });
  });
});

describe('upload', () => {
  it('tries again when S3 says that somebody writes the same object at this moment', async () => {
    let conflicts = 2;
    const body = Buffer.from('<Error><Code>ConditionalRequestConflict</Code><Message>Conflict.</Message></Error>');
    const world = smallWorld(async (request, handle) =>
      request.method === 'PUT' && request.path.endsWith('/a.png') && conflicts-- > 0
        ? { status: 409, headers: { 'x-amz-request-id': 'R' }, body }
        : handle(request),
    );
    await world.run('init');

    const result = await world.run('upload');

    expect(result.upload).toMatchObject({ sent: 3, failed: [] });
  });

  it('names no address of a file that failed', async () => {
    const s3 = refusing('/d.png');
    const world = smallWorld(s3.weather);
    s3.on = true;

    const result = await world.run('up');

    expect(result.urls?.map(({ key }) => key)).toEqual(['a.png', 'cats/c.png']);
  });

  it('of a PATH refuses a name that differs only in case from an image that is online', async () => {
    const world = smallWorld();
    await world.run('init');
    await world.run('upload');
    writeFileSync(fileOf(world, 'A.png'), png('A'));

    await expect(world.run('upload', undefined, { paths: [fileOf(world, 'A.png')] })).rejects.toMatchObject({
      code: 'KEY_COLLISION',
      message: expect.stringContaining('"A.png"') as string,
    });
    expect(await online(world)).toHaveLength(3);
  });

  it('of a PATH sends just that, and --delete removes just there', async () => {
    const world = smallWorld();
    await world.run('init');
    await world.run('upload');
    rmSync(fileOf(world, 'a.png'));
    rmSync(fileOf(world, 'cats/c.png'));
    writeFileSync(fileOf(world, 'cats/e.png'), png('e'));
    writeFileSync(fileOf(world, 'dogs/f.png'), png('f'));

    const result = await world.run('upload', undefined, { paths: [fileOf(world, 'cats')], prune: true });

    expect(result.upload).toMatchObject({ sent: 1, removed: 1 });
    expect(await online(world)).toEqual(['images/a.png', 'images/cats/e.png', 'images/dogs/d.png']);
    const outside = world.run('upload', undefined, { paths: ['/etc/hosts'] });
    await expect(outside).rejects.toMatchObject({ message: expect.stringContaining('"/etc/hosts"') as string });
  });
});
