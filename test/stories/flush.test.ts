import { describe, expect, it, vi } from 'vitest';
import { createInvokeSigner } from '../../src/aws/execute-api.js';
import type { Config } from '../../src/config/config.js';
import { RefusedError, UsageError } from '../../src/errors.js';
import { openProjectOn } from '../../src/project/open-project.js';
import { targetOn } from '../../src/targets/local.js';
import { newAwsHosts } from '../aws/aws-hosts.js';
import { newWorld, REGION, type World } from './world.js';

const KITE = 'images/kite.svg';
const ORBIT = 'images/orbit.gif';
const HOUR = 'images/blue hour.jpg';

/** An object's text behind the gateway, told by its first letters. */
async function plant(world: World, key: string, text: string): Promise<void> {
  const { s3 } = await world.aws();
  const [bucket] = await s3.listBuckets('pixgate-');
  await s3.putObject(bucket?.name ?? '', {
    key,
    body: Buffer.from(text),
    contentType: 'image/png',
    headers: {},
  });
}

/** What is served at a path right now: status and text. */
async function serve(world: World, url: string, path: string, headers: Record<string, string> = {}): Promise<string> {
  const { status, body } = await world.get(`${url}${path}`, headers);
  return `${status} ${body}`;
}

/** A gateway with three images that were asked for once, and whose objects have changed since. */
async function staleWorld(config?: (world: World) => Config) {
  const world = newWorld();
  const used = config?.(world) ?? world.config();
  const { url = '' } = await world.run('up', used);
  for (const key of [KITE, ORBIT, HOUR]) await plant(world, key, 'old bytes');
  const ask = {
    kite: () => serve(world, url, '/images/kite.svg'),
    kiteRange: () => serve(world, url, '/images/kite.svg', { Range: 'bytes=0-2' }),
    orbit: () => serve(world, url, '/images/orbit.gif'),
    hour: () => serve(world, url, '/images/blue%20hour.jpg'),
  };
  const all = async () => [await ask.kite(), await ask.kiteRange(), await ask.orbit(), await ask.hour()];
  const before = await all();
  for (const key of [KITE, ORBIT, HOUR]) await plant(world, key, 'new bytes');
  return { world, url, ask, all, before, project: await world.open(used) };
}

const OLD = ['200 old bytes', '206 old', '200 old bytes', '200 old bytes'];

describe('flush of one path', () => {
  it('expires its entry, and neither those of other paths nor its own for Range', async () => {
    const { all, before, project } = await staleWorld();

    const result = await project.flush({ path: '/images/kite.svg' });

    expect(before).toEqual(OLD);
    expect(result).toMatchObject({ path: '/images/kite.svg', outcome: 'expired', status: 200 });
    expect(await all()).toEqual(['200 new bytes', '206 old', '200 old bytes', '200 old bytes']);
  });

  it('says which entries stay and for how long, and they are gone then', async () => {
    const { world, ask, project } = await staleWorld((is) => is.config({}, { cache: { ttlSeconds: 120 } }));

    const { stays } = await project.flush({ path: '/images/kite.svg' });
    const during = await ask.kiteRange();
    await world.emulator.clock.sleep(120_000);

    expect(stays?.headers).toContain('Range');
    expect(stays?.headers).toContain('If-None-Match');
    expect(stays?.ttlSeconds).toBe(120);
    expect([during, await ask.kiteRange()]).toEqual(['206 old', '206 new']);
  });

  it.each([['/images/blue hour.jpg'], ['/images/blue%20hour.jpg'], ['its whole address']])(
    'takes %s for the image with a space',
    async (given) => {
      const { url, all, project } = await staleWorld();

      const result = await project.flush({
        path: given.startsWith('/') ? given : `${url}/images/blue hour.jpg`,
      });

      expect(result).toMatchObject({ path: '/images/blue%20hour.jpg', outcome: 'expired' });
      expect(await all()).toEqual(['200 old bytes', '206 old', '200 old bytes', '200 new bytes']);
    },
  );

  it('encodes letters beyond ASCII and a lone percent sign, and tells the 404 that is kept from then on', async () => {
    const { project } = await staleWorld();

    const result = await project.flush({ path: '/images/café 100%.png' });

    expect(result).toMatchObject({ path: '/images/caf%C3%A9%20100%25.png', outcome: 'expired', status: 404 });
  });

  it('without an access log is not verified, and done all the same', async () => {
    const { ask, project } = await staleWorld((world) =>
      world.config({ logs: { level: 'error', access: false, retentionDays: 30 } }),
    );

    const result = await project.flush({ path: '/images/kite.svg' });

    expect(result).toMatchObject({ outcome: 'unverified', reason: 'there is no access log to tell' });
    expect(await ask.kite()).toBe('200 new bytes');
  });

  it('gives up waiting for a log line that never comes', async () => {
    const { world, ask, project } = await staleWorld();
    const { logs } = await world.aws();
    await logs.deleteGroup('/pixgate/holiday/dev/access');
    const waits: string[] = [];

    const result = await project.flush({ path: '/images/kite.svg' }, (event) => waits.push(event.type));

    expect(result).toMatchObject({ outcome: 'unverified', reason: 'its line was not in the access log after 120 s' });
    expect(waits.length).toBeGreaterThan(30);
    expect(await ask.kite()).toBe('200 new bytes');
  });

  it('stops waiting for the log when it is told to', async () => {
    const { world, project } = await staleWorld();
    await (await world.aws()).logs.deleteGroup('/pixgate/holiday/dev/access');
    const controller = new AbortController();

    const flushing = project.flush(
      { path: '/images/kite.svg' },
      () => controller.abort(new Error('stop')),
      controller.signal,
    );

    await expect(flushing).rejects.toThrow('stop');
  });

  it.each([
    ['ignore', /came from the cache/],
    ['forbid', /answered 403 by itself \(ACCESS_DENIED\)/],
  ] as const)('by somebody who may not, with reload: %s, is ignored and says so', async (reload, reason) => {
    const { world, ask } = await staleWorld((is) => is.config({ cache: { sizeGb: 0.5, ttlSeconds: 300, reload } }));
    const config = world.config({ cache: { sizeGb: 0.5, ttlSeconds: 300, reload } });
    const target = targetOn(world.emulator, REGION, 4510);
    // Signs with a key that nobody has; all other calls go on as the administrator's.
    const project = await openProjectOn({ ...target, ask: (request) => target.ask(withForeignKey(request)) }, config);

    const result = await project.flush({ path: '/images/kite.svg' });

    expect(result).toMatchObject({ outcome: 'ignored', reason: expect.stringMatching(reason) });
    expect(await ask.kite()).toBe('200 old bytes');
  });

  it.each([
    ['/other/a.png'],
    ['/imagesque/a.png'],
    ['images/a.png'],
    ['/images'],
    ['/images/'],
    [''],
    ['https://example.com/images/a.png'],
  ])('%j is refused with the names of the mounts', async (path) => {
    const { project } = await staleWorld();

    const refusal = project.flush({ path });

    await expect(refusal).rejects.toBeInstanceOf(UsageError);
    await expect(refusal).rejects.toThrow(`PATH must name an image below /images/: got ${JSON.stringify(path)}.`);
  });

  it('with a query is refused', async () => {
    const { project } = await staleWorld();

    await expect(project.flush({ path: '/images/a.png?v=2' })).rejects.toThrow('PATH must be without a query');
  });
});

describe('flush at the hosts of AWS', () => {
  it('signs its request for execute-api with what the SDK finds by itself, and nothing else is asked of the API', async () => {
    const hosts = newAwsHosts({ credentials: null });
    const { accessKeyId, secretAccessKey } = hosts.world.emulator.credentials;
    vi.stubEnv('AWS_ACCESS_KEY_ID', accessKeyId);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', secretAccessKey);
    await hosts.run('up');
    const project = await hosts.open();
    hosts.sent.length = 0;

    const result = await project.flush({ path: '/images/blue hour.jpg' });

    const [asked, ...others] = hosts.sent.filter(({ host }) => host.includes('.execute-api.'));
    expect(result.outcome).toBe('expired');
    expect(others).toEqual([]);
    expect([asked?.method, asked?.path]).toEqual(['GET', '/dev/images/blue%20hour.jpg']);
    expect(asked?.headers['cache-control']).toBe('max-age=0');
    expect(asked?.headers['authorization']).toContain(`${REGION}/execute-api/aws4_request`);
    expect(JSON.stringify(result)).not.toContain(secretAccessKey);
  });
});

describe('flush of everything', () => {
  it('empties the whole cache, and is done when the cluster serves again', async () => {
    const { world, all, project } = await staleWorld();
    const { apiGateway } = await world.aws();
    const [api] = await apiGateway.listApis();

    const result = await project.flush();
    const status = (await apiGateway.findStage(api?.id ?? '', 'dev'))?.cacheClusterStatus;

    expect(result).toMatchObject({ outcome: 'emptied', name: 'holiday', stage: 'dev' });
    expect([result.path, result.stays, status]).toEqual([undefined, undefined, 'AVAILABLE']);
    expect(await all()).toEqual(['200 new bytes', '206 new', '200 new bytes', '200 new bytes']);
  });
});

describe('flush by strangers', () => {
  it.each([
    ['max-age=0', { 'Cache-Control': 'max-age=0' }],
    [
      'a made-up signature',
      withForeignKey({ method: 'GET', url: '', headers: { 'Cache-Control': 'max-age=0' } }).headers,
    ],
  ])('with %s expires nothing', async (_what, headers) => {
    const { world, url, all } = await staleWorld();

    const { body } = await world.get(`${url}/images/kite.svg`, headers);

    expect(String(body)).toBe('old bytes');
    expect(await all()).toEqual(OLD);
  });

  it('with a real signature of another request expires nothing', async () => {
    const { world, url, all } = await staleWorld();
    const { access } = targetOn(world.emulator, REGION, 4510);
    const signed = await createInvokeSigner(access)({ method: 'GET', url: `${url}/images/orbit.gif`, headers: {} });

    await world.get(`${url}/images/kite.svg`, { ...signed, 'Cache-Control': 'max-age=0' });

    expect(await all()).toEqual(OLD);
  });
});

describe('flush refuses', () => {
  it('without a cache, with one that is not made yet, and in a mount that is never cached', async () => {
    const world = newWorld();
    const { cache: _cache, ...bare } = world.config();
    const uncached = world.config({}, { cache: { ttlSeconds: 0 } });

    await world.run('up', bare);
    const absent = (await world.open(bare)).flush();
    await expect(absent).rejects.toBeInstanceOf(RefusedError);
    await expect(absent).rejects.toMatchObject({ code: 'NO_CACHE' });
    const unmade = (await world.open()).flush();
    await expect(unmade).rejects.toMatchObject({ code: 'NO_CACHE', suggestions: ['pixgate wire'] });
    await world.run('wire', uncached);
    const never = (await world.open(uncached)).flush({ path: '/images/kite.svg' });
    await expect(never).rejects.toThrow('nothing below /images is kept');
  });

  it('before anything is wired', async () => {
    const world = newWorld();

    await expect((await world.open()).flush()).rejects.toMatchObject({ code: 'NOT_WIRED' });
  });
});

interface Request {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

function withForeignKey(request: Request): Request {
  const authorization =
    'AWS4-HMAC-SHA256 Credential=AKIAFOREIGNFOREIGNFO/20261123/eu-west-1/execute-api/aws4_request, SignedHeaders=host;x-amz-date, Signature=00';
  return { ...request, headers: { ...request.headers, authorization } };
}
