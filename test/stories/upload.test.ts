import { appendFileSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { newWorld, type Weather, type World } from './world.js';

const IMAGE = 'waves.png';

const fileOf = ({ folder }: World, name: string): string => path.join(folder, 'images', name);

/** Changes an image so that it is still one: what follows the end of a PNG does not matter. */
function change(world: World, name = IMAGE, text = 'x'): Buffer {
  appendFileSync(fileOf(world, name), text);
  return readFileSync(fileOf(world, name));
}

async function bucketOf(world: World): Promise<string> {
  const [bucket] = await (await world.aws()).s3.listBuckets('pixgate-');
  return bucket?.name ?? '';
}

/** The calls that changed objects since the last look, without those for our own list. */
function changes(world: World): string[] {
  const done = world.calls
    .filter(({ service, mutating }) => service === 's3' && mutating)
    .map(({ operation }) => operation);
  world.calls.length = 0;
  return done.map(String);
}

/** A bucket's images with their bytes. */
async function online(world: World): Promise<Record<string, Buffer>> {
  const [{ s3 }, bucket] = [await world.aws(), await bucketOf(world)];
  const keys = (await s3.listObjects(bucket, 'images/')).map(({ key }) => key);
  const bodies = await Promise.all(keys.map(async (key) => [key, await s3.findObject(bucket, key)] as const));
  return Object.fromEntries(
    bodies.map(([key, found]) => [key.slice('images/'.length), Buffer.from(found?.bytes ?? [])]),
  );
}

/** Does something right before the first PutObject of the image. */
function rightBefore(act: (world: World) => unknown): { weather: Weather; of(world: World): World } {
  let world: World | undefined;
  return {
    of: (is) => {
      world = is;
      return is;
    },
    weather: async (request, handle) => {
      const isImage = request.method === 'PUT' && request.path.endsWith(`/images/${IMAGE}`);
      if (!isImage || world === undefined) return handle(request);
      const now = world;
      world = undefined;
      await act(now);
      return handle(request);
    },
  };
}

describe('upload', () => {
  it('sends nothing for a touched file of the same bytes, and no body for other headers', async () => {
    const world = newWorld();
    await world.run('init');
    await world.run('upload');
    changes(world);
    utimesSync(fileOf(world, IMAGE), new Date(), new Date(1_700_000_000_000));

    const touched = await world.run('upload');
    const afterTouch = changes(world);
    const rules = [{ match: '**/*', headers: { 'Cache-Control': 'no-store', 'x-amz-meta-by': 'Ann' } }];
    const headed = await world.run('upload', world.config({}, { upload: rules }));

    expect(touched.upload).toMatchObject({ sent: 0, headersUpdated: 0 });
    expect(afterTouch).toEqual([]);
    expect(headed.upload).toMatchObject({ sent: 0, bytesSent: 0 });
    expect(headed.upload?.headersUpdated).toBe(
      headed.upload?.unchanged === 0 ? Object.keys(await online(world)).length : -1,
    );
    expect(new Set(changes(world))).toEqual(new Set(['PutObject', 'CopyObject']));
    const stored = await (await world.aws()).s3.findObjectHeaders(await bucketOf(world), `images/${IMAGE}`);
    expect(stored?.headers).toEqual({ 'Cache-Control': 'no-store', 'x-amz-meta-by': 'Ann' });
    expect((await world.run('upload', world.config({}, { upload: rules }))).changed).toBe(0);
  });

  it('sends of two changed files both, each one whole, and lists what it did', async () => {
    const world = newWorld();
    await world.run('init');
    await world.run('upload');
    const bytes = change(world);

    const result = await world.run('upload');

    expect(result.upload).toMatchObject({ sent: 1, bytesSent: bytes.byteLength, failed: [] });
    expect((await online(world))[IMAGE]).toEqual(bytes);
  });

  it('leaves an object that somebody else put since it was looked at, sends the rest, and names it', async () => {
    const theirs = { key: `images/${IMAGE}`, body: Buffer.from('theirs'), contentType: 'image/png', headers: {} };
    const meanwhile = rightBefore(async (is) => (await is.aws()).s3.putObject(await bucketOf(is), theirs));
    const world = newWorld(meanwhile.weather);
    await world.run('init');
    await world.run('upload');
    change(world);
    change(world, 'aurora.avif');
    meanwhile.of(world);

    const result = await world.run('upload');

    expect(result.upload?.failed).toEqual([
      { file: IMAGE, code: 'OBJECT_CHANGED', reason: expect.stringMatching(/^somebody else changed/) as string },
    ]);
    expect(result.upload?.sent).toBe(1);
    expect((await online(world))[IMAGE]?.toString()).toBe('theirs');
    expect((await online(world))['aurora.avif']).toEqual(readFileSync(fileOf(world, 'aurora.avif')));
  });

  it('does not overwrite an object that came to where nothing was', async () => {
    const theirs = { key: `images/${IMAGE}`, body: Buffer.from('theirs'), contentType: 'image/png', headers: {} };
    const meanwhile = rightBefore(async (is) => (await is.aws()).s3.putObject(await bucketOf(is), theirs));
    const world = meanwhile.of(newWorld(meanwhile.weather));
    await world.run('init');

    const result = await world.run('upload');

    expect(result.upload?.failed).toMatchObject([{ file: IMAGE, code: 'OBJECT_CHANGED' }]);
    expect((await online(world))[IMAGE]?.toString()).toBe('theirs');
  });

  it('sends anew what somebody deleted since it was looked at', async () => {
    const meanwhile = rightBefore(async (is) =>
      (await is.aws()).s3.deleteObject(await bucketOf(is), `images/${IMAGE}`),
    );
    const world = newWorld(meanwhile.weather);
    await world.run('init');
    await world.run('upload');
    const bytes = change(world);
    meanwhile.of(world);

    const result = await world.run('upload');

    expect(result.upload).toMatchObject({ sent: 1, failed: [] });
    expect((await online(world))[IMAGE]).toEqual(bytes);
  });

  it('takes an object that a lost answer left there for sent', async () => {
    let lost = 0;
    const world: World = newWorld(async (request, handle) => {
      const answer = await handle(request);
      if (request.method !== 'PUT' || !request.path.includes('/images/') || lost > 0) return answer;
      lost += 1;
      throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    });
    await world.run('init');

    const result = await world.run('upload');

    expect(lost).toBe(1);
    expect(result.upload?.failed).toEqual([]);
    expect((await world.run('upload')).changed).toBe(0);
  });

  it.each<[string, (world: World) => void]>([
    ['grows', (world) => appendFileSync(fileOf(world, 'aurora.avif'), 'more')],
    [
      'is replaced by rename',
      (world) => {
        writeFileSync(`${fileOf(world, 'aurora.avif')}.new`, readFileSync(fileOf(world, IMAGE)));
        renameSync(`${fileOf(world, 'aurora.avif')}.new`, fileOf(world, 'aurora.avif'));
      },
    ],
    ['is deleted', (world) => rmSync(fileOf(world, 'aurora.avif'))],
    ['becomes HTML', (world) => writeFileSync(fileOf(world, 'aurora.avif'), '<html></html>')],
    ['becomes empty', (world) => writeFileSync(fileOf(world, 'aurora.avif'), '')],
  ])('of a file that %s after the plan never stores what is no version of it', async (_what, happens) => {
    const world = newWorld();
    await world.run('init');
    const project = await world.open();
    const plan = await project.plan('upload');
    const versions: Buffer[] = [readFileSync(fileOf(world, 'aurora.avif'))];
    happens(world);
    const result = await project.apply(plan).catch((error: unknown) => error);

    const stored = (await online(world))['aurora.avif'];
    const now = ((): Buffer | undefined => {
      try {
        return readFileSync(fileOf(world, 'aurora.avif'));
      } catch {
        return undefined;
      }
    })();
    if (now !== undefined) versions.push(now);
    expect(stored === undefined || versions.some((bytes) => bytes.equals(stored))).toBe(true);
    expect(result).toBeDefined();
  });

  it('killed in the middle and run again sends only the rest', async () => {
    const controller = new AbortController();
    const world = newWorld(async (request, handle) => {
      const answer = await handle(request);
      if (request.method === 'PUT' && request.path.includes('/images/')) controller.abort();
      return answer;
    });
    await world.run('init');
    const config = { ...world.config(), concurrency: 1 };
    const project = await world.open(config);
    await expect(project.apply(await project.plan('upload'), undefined, controller.signal)).rejects.toMatchObject({
      name: 'CancelledError',
    });
    const sent = Object.keys(await online(world));

    const result = await world.run('upload', config);

    const all = Object.keys(await online(world));
    expect(sent).toHaveLength(1);
    expect(result.upload).toMatchObject({ sent: all.length - 1, unchanged: 1 });
  });

  it('goes on past a file that S3 does not take, names it, and sends just that one the next time', async () => {
    let isBroken = true;
    const world: World = newWorld(async (request, handle) =>
      isBroken && request.method === 'PUT' && request.path.endsWith(`/images/${IMAGE}`)
        ? {
            status: 500,
            headers: { 'x-amz-request-id': 'R' },
            body: Buffer.from('<Error><Code>InternalError</Code><Message>We failed.</Message></Error>'),
          }
        : handle(request),
    );
    await world.run('init');

    const first = await world.run('upload');
    isBroken = false;
    const second = await world.run('upload');

    expect(first.upload?.failed).toMatchObject([{ file: IMAGE, code: 'AWS', call: { operation: 'PutObject' } }]);
    expect(second.upload).toMatchObject({ sent: 1, failed: [] });
  });

  it('stops at once where no call can succeed', async () => {
    const tried = new Set<string>();
    const world: World = newWorld(async (request, handle) => {
      if (request.method !== 'PUT' || !request.path.includes('/images/')) return handle(request);
      tried.add(request.path);
      return {
        status: 403,
        headers: { 'x-amz-request-id': 'R' },
        body: Buffer.from('<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>'),
      };
    });
    await world.run('init');
    const config = { ...world.config(), concurrency: 1 };

    await expect(world.run('upload', config)).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
      message: expect.stringContaining('s3:PutObject is not allowed on arn:aws:s3:::') as string,
    });

    expect(tried.size).toBe(1);
  });

  it('does not delete an object that somebody else put in its place before pruning', async () => {
    const world = newWorld();
    await world.run('init');
    await world.run('upload');
    rmSync(fileOf(world, IMAGE));
    const theirs = { key: `images/${IMAGE}`, body: Buffer.from('theirs'), contentType: 'image/png', headers: {} };
    const project = await world.open();
    const plan = await project.plan('upload', { prune: true });
    await (await world.aws()).s3.putObject(await bucketOf(world), theirs);

    await expect(project.apply(plan)).rejects.toMatchObject({ code: 'PLAN_STALE' });

    expect((await online(world))[IMAGE]?.toString()).toBe('theirs');
  });
});

it('applies a plan that was copied, and every change can be copied too', async () => {
  const world = newWorld();
  const project = await world.open();
  const plan = await project.plan('up');
  const copy = structuredClone(plan);
  const { changes = [] } = plan.steps.find(({ address }) => address.startsWith('objects/')) ?? {};

  expect(JSON.stringify(copy.steps)).toBe(JSON.stringify(plan.steps));
  expect(changes.map((change) => ({ ...change }))).toEqual(JSON.parse(JSON.stringify(changes)));
  expect(changes.length).toBeGreaterThan(0);
  expect((await project.apply(copy)).upload?.sent).toBe(changes.length);
});
