import { describe, expect, it } from 'vitest';
import type { Config, MountConfig } from '../../src/config/config.js';
import type { WireRequest } from '../../src/emulator/index.js';
import type { Phase } from '../../src/model/plan.js';
import { openProjectOn } from '../../src/project/open-project.js';
import { targetOn } from '../../src/targets/local.js';
import { changing, newWorld, REGION, type Weather, type World } from './world.js';

const named = (name: string, change: Partial<MountConfig['bucket']> = {}): MountConfig['bucket'] => ({
  name,
  create: true,
  prefix: 'images/',
  versioning: false,
  ...change,
});

/** A config whose images lie in a bucket of others. */
const adopting = (world: World, name: string): Config =>
  world.config({}, { bucket: named(name, { create: false, prefix: 'pics/' }) });

/** Runs a phase of the environment of the same name in another Region, from a folder of its own. */
async function runIn(world: World, region: string, phase: Phase, config: Config) {
  const target = { ...targetOn(world.emulator, region, 4510), close: () => Promise.resolve() };
  const project = await openProjectOn(target, { ...config, region, directory: `${world.folder}/${region}` });
  return project.apply(await project.plan(phase));
}

const actionOf = ({ body }: WireRequest): string | undefined =>
  /Action=(\w+)/.exec(Buffer.from(body).toString('latin1'))?.[1];

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

describe('the environment of the same name in another Region', () => {
  it('keeps its bucket and its role: both are refused by the name of the Region, and not taken away', async () => {
    const world = newWorld();
    const config = world.config({}, { bucket: named('my-photos', { region: REGION }) });
    await world.run('up', config);
    const before = world.everything();

    const refusal: unknown = await runIn(world, 'us-east-1', 'up', config).catch((error: unknown) => error);
    const teardown: unknown = await runIn(world, 'us-east-1', 'teardown', config).catch((error: unknown) => error);
    const bare = await runIn(world, 'us-east-1', 'teardown', { ...config, mounts: [] });

    expect(refusal).toMatchObject({ code: 'NOT_OURS', message: expect.stringContaining('in eu-west-1') });
    expect([teardown, bare]).toMatchObject([
      { left: [], changed: 0 },
      { left: [], changed: 0 },
    ]);
    expect(world.everything()).toEqual(before);
  });
});

describe('an own bucket of a name that the config chose', () => {
  it.each([
    ['whose mount was renamed', (world: World) => world.config({}, { id: 'pics', path: '/pics' })],
    ['whose config is lost', (world: World) => world.config({ mounts: [] })],
  ])('%s goes at teardown', async (_, configOf) => {
    const world = newWorld();
    const { s3 } = await world.aws();
    await s3.createBucket('their-bucket', { team: 'web' });
    const before = world.everything();
    await world.run('up', world.config({}, { bucket: named('my-photos') }));

    const { left } = await world.run('teardown', configOf(world));

    expect(left).toEqual([]);
    expect(world.everything()).toEqual(before);
  });
});

describe('images in a bucket of others', () => {
  it('of which the list is lost keep the role and are told of, until they are gone', async () => {
    const world = newWorld();
    const { s3 } = await world.aws();
    await s3.createBucket('their-bucket', {});
    const before = world.everything();
    const bare = world.config({ mounts: [] });
    await world.run('up', adopting(world, 'their-bucket'));
    for (const { key } of await s3.listObjects('their-bucket', '.pixgate/')) await s3.deleteObject('their-bucket', key);

    const plan = await world.plan('teardown', bare);
    const refusal: unknown = await world.run('teardown', bare).catch((error: unknown) => error);
    const images = await s3.listObjects('their-bucket', '');
    for (const { key } of images) await s3.deleteObject('their-bucket', key);
    const gone = await world.run('teardown', bare);

    expect(plan.notices.filter((notice) => notice.includes('its list of them is gone'))).toHaveLength(1);
    expect((refusal as Error).message).toMatch(/^Cannot delete role\/\S+, objects\/\S+: /);
    expect(images.length).toBeGreaterThan(0);
    expect(gone.left).toEqual([]);
    expect(world.everything()).toEqual(before);
  });

  it('of others alone keep no role', async () => {
    const world = newWorld();
    const { s3 } = await world.aws();
    await s3.createBucket('their-bucket', {});
    const theirs = { key: 'pics/theirs.png', body: Buffer.from('x'), contentType: 'image/png', headers: {} };
    await s3.putObject('their-bucket', theirs);
    const before = world.everything();
    await world.run('wire', adopting(world, 'their-bucket'));

    const gone = await world.run('teardown', world.config({ mounts: [] }));

    expect(gone.left).toEqual([]);
    expect(world.everything()).toEqual(before);
  });

  it('that the config no longer names are not forgotten: up refuses, teardown takes them out', async () => {
    const world = newWorld();
    const { s3 } = await world.aws();
    for (const bucket of ['a-bucket', 'b-bucket']) await s3.createBucket(bucket, {});
    const before = world.everything();
    await world.run('up', adopting(world, 'a-bucket'));
    world.calls.length = 0;

    const refusals = await Promise.all(
      (['up', 'wire'] as const).map((phase) =>
        world.plan(phase, adopting(world, 'b-bucket')).catch((error: unknown) => error),
      ),
    );
    const changes = changing(world.calls);
    const { left } = await world.run('teardown', adopting(world, 'b-bucket'));

    expect(refusals).toMatchObject([{ code: 'FORMER_BUCKET' }, { code: 'FORMER_BUCKET' }]);
    expect([changes, left]).toEqual([[], []]);
    expect(world.everything()).toEqual(before);
  });

  it('that cannot be deleted from the former bucket keep the role that leads to them', async () => {
    const state = { denied: false };
    const weather: Weather = async (request, handle) => {
      const deletes = request.method === 'DELETE' || (request.method === 'POST' && /(^|&)delete/.test(request.query));
      if (!state.denied || !deletes || !`${request.host}${request.path}`.includes('a-bucket')) return handle(request);
      const body = Buffer.from('<Error><Code>AccessDenied</Code><Message>no s3:DeleteObject</Message></Error>');
      return { status: 403, headers: { 'Content-Type': 'application/xml' }, body };
    };
    const world = newWorld(weather);
    const { s3 } = await world.aws();
    for (const bucket of ['a-bucket', 'b-bucket']) await s3.createBucket(bucket, {});
    const before = world.everything();
    await world.run('up', adopting(world, 'a-bucket'));
    state.denied = true;

    const refusal: unknown = await world.run('teardown', adopting(world, 'b-bucket')).catch((error: unknown) => error);
    state.denied = false;
    const { left } = await world.run('teardown', adopting(world, 'b-bucket'));

    expect((refusal as Error).message).toMatch(/^Cannot delete objects\/\S+, role\/images: /);
    expect(left).toEqual([]);
    expect(world.everything()).toEqual(before);
  });
});

describe('teardown that may not look for what no mount uses', () => {
  it.each([
    ['ListRoles', (request: WireRequest) => actionOf(request) === 'ListRoles'],
    ['ListBuckets', ({ method, host, path }: WireRequest) => method === 'GET' && path === '/' && /^s3\./.test(host)],
  ])(
    'for want of %s deletes all that it knows of, and says at the end what it could not look for',
    async (call, denies) => {
      const state = { denied: false };
      const weather: Weather = async (request, handle) => {
        if (!state.denied || !denies(request)) return handle(request);
        const error = '<Error><Code>AccessDenied</Code><Message>not authorized</Message></Error>';
        const body = Buffer.from(call === 'ListRoles' ? `<ErrorResponse>${error}</ErrorResponse>` : error);
        return { status: 403, headers: { 'Content-Type': 'text/xml' }, body };
      };
      const world = newWorld(weather);
      const before = world.everything();
      await world.run('up');
      state.denied = true;

      const plan = await world.plan('teardown');
      const refusal: unknown = await world.run('teardown').catch((error: unknown) => error);

      const what = { ListRoles: 'roles', ListBuckets: 'buckets' }[call];
      expect(plan.notices.filter((notice) => notice.startsWith(`${what} that no mount uses stays: `))).toHaveLength(1);
      expect(refusal).toMatchObject({ code: 'ACCESS_DENIED', failure: { operation: call } });
      expect((refusal as Error).message).toContain(`Cannot delete ${what} that no mount uses: `);
      expect(world.everything()).toEqual(before);
    },
  );
});

it('teardown that finds only a bucket whose tags nobody may read does not say that nothing is left', async () => {
  const state = { denied: false };
  const world = newWorld(async (request, handle) => {
    const isTags = request.method === 'GET' && /(^|&)tagging(=|&|$)/.test(request.query);
    if (!state.denied || !isTags) return handle(request);
    const body = Buffer.from('<Error><Code>AccessDenied</Code><Message>no s3:GetBucketTagging</Message></Error>');
    return { status: 403, headers: { 'Content-Type': 'application/xml' }, body };
  });
  const before = world.everything();
  await world.run('init');
  state.denied = true;

  const refusal: unknown = await world.run('teardown', world.config({ mounts: [] })).catch((error: unknown) => error);
  state.denied = false;
  await world.run('teardown');

  expect(refusal).toMatchObject({ code: 'TAGS_HIDDEN', message: expect.stringMatching(/\(0 of 1 things are deleted/) });
  expect(world.everything()).toEqual(before);
});

it('teardown leaves what came after its plan was approved, and names it', async () => {
  const world = newWorld();
  await world.run('wire', adopting(world, await madeBucket(world, 'their-bucket')));
  const project = await world.open();
  const plan = await project.plan('teardown');
  await world.run('init');
  const { s3 } = await world.aws();
  const [bucket] = await s3.listBuckets('pixgate-');
  const late = { key: 'late.png', body: Buffer.from('x'), contentType: 'image/png', headers: {} };
  await s3.putObject(bucket?.name ?? '', late);

  const { left } = await project.apply(plan);

  expect(left).toEqual([`bucket/images ${bucket?.name}`]);
  expect((await s3.listObjects(bucket?.name ?? '', '')).map(({ key }) => key)).toEqual(['late.png']);
});

/** Makes a bucket of others; answers its name. */
async function madeBucket(world: World, name: string): Promise<string> {
  await (await world.aws()).s3.createBucket(name, {});
  return name;
}
