import { appendFileSync, copyFileSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Config } from '../../src/config/config.js';
import type { Phase } from '../../src/model/plan.js';
import type { ApplyResult } from '../../src/model/result.js';
import { openProjectOn } from '../../src/project/open-project.js';
import type { PlanOptions } from '../../src/project/project.js';
import { targetOn } from '../../src/targets/local.js';
import type { Target } from '../../src/targets/target.js';
import { newWorld, REGION, type Weather, type World } from './world.js';

const WAVES = 'waves.png';
const ORBIT = 'orbit.gif';
const INVALIDATE = { invalidate: true };

const fileOf = ({ folder }: World, name: string): string => path.join(folder, 'images', name);

/** Changes an image so that it is still one: what follows the end of a PNG does not matter. */
function change(world: World, name = WAVES): Buffer {
  appendFileSync(fileOf(world, name), 'x');
  return readFileSync(fileOf(world, name));
}

/** A finished environment; all of its requests to the served API from now on. */
async function servedWorld(settings: (world: World) => Config = (world) => world.config(), weather?: Weather) {
  const world = newWorld(weather);
  const config = settings(world);
  const { url = '' } = await world.run('up', config);
  const get = (name: string, headers: Record<string, string> = {}, method = 'GET') =>
    world.get(`${url}/images/${name}`, headers, method);
  return {
    world,
    config,
    get,
    /** What anybody is served at a name: status and bytes. */
    body: async (name: string) => (await get(name)).body,
    upload: (options: PlanOptions = INVALIDATE, used = config) => world.run('upload', used, options),
  };
}

type Ask = Target['ask'];

/** Runs a phase with something between it and the served API. */
async function runVia(
  world: World,
  config: Config,
  via: (ask: Ask) => Ask,
  phase: Phase = 'upload',
): Promise<ApplyResult> {
  const target = targetOn(world.emulator, REGION, 4510);
  const ask = via((request) => target.ask(request));
  const project = await openProjectOn({ ...target, close: () => Promise.resolve(), ask }, config);
  return project.apply(await project.plan(phase, INVALIDATE), (event) => world.events.push(event));
}

/** Signs with a key that nobody has; all other calls go on as the administrator's. */
const asStranger =
  (ask: Ask): Ask =>
  (request) => {
    const authorization =
      'AWS4-HMAC-SHA256 Credential=AKIAFOREIGNFOREIGNFO/20261123/eu-west-1/execute-api/aws4_request, SignedHeaders=host;x-amz-date, Signature=00';
    return ask({ ...request, headers: { ...request.headers, authorization } });
  };

/** The paths that were asked of the served API, in order. */
function record(asked: string[], answer?: (nth: number) => number | undefined): (ask: Ask) => Ask {
  return (ask) => (request) => {
    asked.push(request.url.slice(request.url.indexOf('/images/')));
    const status = answer?.(asked.length);
    return status === undefined ? ask(request) : Promise.resolve({ status, headers: {}, body: Buffer.from('later') });
  };
}

/** As many images as asked for in a folder of the mount. */
function plantCopies(world: World, count: number): void {
  mkdirSync(fileOf(world, 'many'));
  for (let nth = 0; nth < count; nth++) copyFileSync(fileOf(world, WAVES), fileOf(world, `many/${nth}.png`));
}

function hits({ emulator }: World): number {
  const [row] = emulator.store.list<{ CacheHitCount: number }>('execute-api/metrics');
  return row?.value.CacheHitCount ?? 0;
}

describe('upload --invalidate', () => {
  it('has the next visitor see the changed image at once, and not the TTL later as without it', async () => {
    const { world, body, upload } = await servedWorld();
    const before = await body(WAVES);

    const first = change(world);
    const plain = await upload({});
    const stale = await body(WAVES);
    const second = change(world);
    const { invalidated } = await upload();

    expect(plain.invalidated).toBeUndefined();
    expect(stale.equals(before) && !stale.equals(first)).toBe(true);
    expect((await body(WAVES)).equals(second)).toBe(true);
    expect(invalidated).toMatchObject({ outcome: 'expired', paths: 1, verified: `/images/${WAVES}` });
    expect(invalidated?.stays).toMatchObject({
      ttlSeconds: 300,
      headers: expect.arrayContaining(['Range']) as string[],
    });
  });

  it('leaves the entries of other images, and answers to HEAD and OPTIONS, as they are', async () => {
    const { world, get, body, upload } = await servedWorld();
    await body(WAVES);
    await body(ORBIT);
    const options = await get(WAVES, { Origin: 'https://a.test' }, 'OPTIONS');

    const bytes = change(world);
    await upload();
    const earlier = hits(world);
    await body(ORBIT);
    await body(WAVES);

    expect(hits(world) - earlier).toBe(2);
    expect((await get(WAVES, {}, 'HEAD')).headers['x-object-size']).toBe(String(bytes.byteLength));
    expect((await get(WAVES, { Origin: 'https://a.test' }, 'OPTIONS')).status).toBe(options.status);
  });

  it('says that entries for Range stay, and they do', async () => {
    const { world, get, upload } = await servedWorld();
    const range = { Range: 'bytes=-1' };
    const before = (await get(WAVES, range)).body;

    change(world);
    await upload();

    expect(before.toString()).not.toBe('x');
    expect((await get(WAVES, range)).body).toEqual(before);
    await world.emulator.clock.sleep(300_000);
    expect((await get(WAVES, range)).body.toString()).toBe('x');
  });

  it('expires an image that got other headers only', async () => {
    const { world, get, upload, config } = await servedWorld();
    const before = (await get(WAVES)).headers['cache-control'];
    const rules = [
      ...world.config().mounts.flatMap(({ upload: is }) => is),
      { match: WAVES, headers: { 'Cache-Control': 'no-cache' } },
    ];
    const changed = world.config({}, { upload: rules });

    const result = await upload(INVALIDATE, changed);

    expect(config.name).toBe(changed.name);
    expect(result.upload).toMatchObject({ sent: 0, headersUpdated: 1 });
    expect(result.invalidated).toMatchObject({ outcome: 'expired', paths: 1 });
    expect([before, (await get(WAVES)).headers['cache-control']]).toEqual(['public, max-age=300', 'no-cache']);
  });

  it('has an image that was removed be gone, and one that is new be there though it was asked for before', async () => {
    const { world, get, upload } = await servedWorld();
    await get(WAVES);
    const missing = (await get('new.png')).status;
    copyFileSync(fileOf(world, WAVES), fileOf(world, 'new.png'));
    rmSync(fileOf(world, WAVES));

    const { invalidated } = await upload({ ...INVALIDATE, prune: true });

    expect(missing).toBe(404);
    expect(invalidated).toMatchObject({ outcome: 'expired', paths: 2, verified: `/images/${WAVES}` });
    expect([(await get(WAVES)).status, (await get('new.png')).status]).toEqual([404, 200]);
  });

  it.each([
    ['a space', 'blue hour 2.png', ['blue%20hour%202.png']],
    ['letters beyond ASCII', 'ünïcode/猫.png', ['%C3%BCn%C3%AFcode/%E7%8C%AB.png']],
    ['marks that browsers leave as they are', 'a,b@2=c.png', ['a%2Cb%402%3Dc.png', 'a,b@2=c.png']],
  ])('encodes %s in paths', async (_what, name, spelled) => {
    const { world, config, body } = await servedWorld();
    mkdirSync(path.dirname(fileOf(world, name)), { recursive: true });
    copyFileSync(fileOf(world, WAVES), fileOf(world, name));
    await world.run('upload', config);
    await body(spelled[0] ?? '');
    const bytes = change(world, name);
    const asked: string[] = [];

    const { invalidated } = await runVia(world, config, record(asked));

    expect(new Set(asked)).toEqual(new Set(spelled.map((is) => `/images/${is}`)));
    expect(invalidated).toMatchObject({ outcome: 'expired', paths: 1, verified: `/images/${spelled[0]}` });
    for (const is of spelled) expect((await body(is)).equals(bytes)).toBe(true);
  });

  it('asks nothing of the API when nothing changed', async () => {
    const { world, config } = await servedWorld();
    change(world);
    await runVia(world, config, (ask) => ask);
    const asked: string[] = [];

    const result = await runVia(world, config, record(asked));

    expect(result.invalidated).toEqual({ outcome: 'nothing', paths: 0, reason: 'no image changed' });
    expect([result.changed, asked]).toEqual([0, []]);
  });
});

describe('upload --invalidate finds nothing to expire', () => {
  it.each<[string, (world: World) => Config]>([
    ['the stage has no cache', ({ config }) => (({ cache: _cache, ...bare }) => bare)(config())],
    ['the cache keeps none of these images', ({ config }) => config({}, { cache: { ttlSeconds: 0 } })],
  ])('when %s', async (reason, settings) => {
    const { world, config } = await servedWorld(settings);
    change(world);
    const asked: string[] = [];

    const result = await runVia(world, config, record(asked));

    expect(result.upload?.sent).toBe(1);
    expect(result.invalidated).toEqual({ outcome: 'nothing', paths: 0, reason });
    expect([asked, result.warnings]).toEqual([[], undefined]);
  });

  it('when nothing is wired yet, and in up when the stage is new', async () => {
    const world = newWorld();
    await world.run('init');

    const uploaded = await world.run('upload', undefined, INVALIDATE);
    change(world);
    const up = await world.run('up', undefined, INVALIDATE);

    expect(uploaded.invalidated).toMatchObject({ outcome: 'nothing', reason: 'nothing is wired yet' });
    expect(up.invalidated).toMatchObject({ outcome: 'nothing', reason: 'the stage is new' });
  });
});

describe('upload --invalidate empties the whole cache', () => {
  it('when more than 200 images changed, but not for 200', async () => {
    const { world, body, upload, config } = await servedWorld();
    await body(ORBIT);
    plantCopies(world, 200);
    const asked: string[] = [];
    const few = await runVia(world, config, record(asked));
    for (let nth = 0; nth < 200; nth++) change(world, `many/${nth}.png`);
    change(world);

    const many = await upload();
    const earlier = hits(world);
    await body(ORBIT);

    expect(few.invalidated).toMatchObject({ outcome: 'expired', paths: 200 });
    expect(asked).toHaveLength(201);
    expect(many.invalidated).toMatchObject({
      outcome: 'emptied',
      reason: '201 images changed, and at most 200 are expired one by one',
    });
    expect(hits(world)).toBe(earlier);
  });

  it('when the throttle would let them through too slowly', async () => {
    const { world, upload } = await servedWorld((is) => is.config({ throttle: { rate: 0.1, burst: 100 } }));
    for (const name of [WAVES, ORBIT, 'dunes.jpg', 'aurora.avif']) change(world, name);

    const { invalidated } = await upload();

    expect(invalidated?.reason).toBe(
      '4 images changed, and at most 3 are expired one by one, at 0.1 requests a second',
    );
  });

  it('when the stage shows another API than the config draws, and up leaves that to the new deployment', async () => {
    const { world, body, upload } = await servedWorld();
    const other = world.config({}, { headers: { 'X-Frame-Options': 'DENY' } });
    await body(WAVES);
    change(world);

    const uploaded = await upload(INVALIDATE, other);
    const bytes = change(world);
    const up = await world.run('up', other, INVALIDATE);

    expect(uploaded.invalidated).toMatchObject({
      outcome: 'emptied',
      reason: 'the stage shows another API than the config draws, so its cache keys are not known',
    });
    expect(up.invalidated).toMatchObject({ outcome: 'emptied', reason: 'the API is deployed anew' });
    expect((await body(WAVES)).equals(bytes)).toBe(true);
  });

  it('when images move to another prefix', async () => {
    const { world, upload } = await servedWorld();
    const [mount] = world.config().mounts;
    const moved = world.config({}, mount && { bucket: { ...mount.bucket, prefix: 'photos/' } });

    const { invalidated } = await upload(INVALIDATE, moved);

    expect(invalidated).toMatchObject({
      outcome: 'emptied',
      reason: 'images of a former prefix are removed, too',
    });
  });

  it('after a run that was broken off: what that one sent is not on the list of this one', async () => {
    const controller = new AbortController();
    let isWatching = false;
    const { world, config, body, upload } = await servedWorld(undefined, async (request, handle) => {
      const answer = await handle(request);
      if (isWatching && request.method === 'PUT' && request.path.includes('/images/')) controller.abort();
      return answer;
    });
    await body(WAVES);
    await body('dunes.jpg');
    const [waves, kite] = [change(world), change(world, 'dunes.jpg')];
    const project = await world.open({ ...config, concurrency: 1 });
    const plan = await project.plan('upload', INVALIDATE);
    isWatching = true;
    const cut = await project.apply(plan, undefined, controller.signal).catch((error: unknown) => error);

    const { invalidated } = await upload();

    expect(cut).toMatchObject({ name: 'CancelledError' });
    expect(invalidated).toMatchObject({
      outcome: 'emptied',
      reason: 'an earlier upload was not finished, so more may have changed',
    });
    expect((await body(WAVES)).equals(waves) && (await body('dunes.jpg')).equals(kite)).toBe(true);
  });

  it('when a path gets no good answer though asked four times', async () => {
    const { world, config, body } = await servedWorld();
    await body(WAVES);
    const bytes = change(world);
    const asked: string[] = [];

    const { invalidated } = await runVia(
      world,
      config,
      record(asked, () => 503),
    );

    expect(asked).toHaveLength(4);
    expect(invalidated).toMatchObject({ outcome: 'emptied', reason: `/images/${WAVES} got no good answer` });
    expect((await body(WAVES)).equals(bytes)).toBe(true);
  });
});

describe('upload --invalidate asks again', () => {
  it.each([429, 503])('after a %d', async (status) => {
    const { world, config, body } = await servedWorld();
    await body(WAVES);
    const bytes = change(world);
    const asked: string[] = [];

    const { invalidated } = await runVia(
      world,
      config,
      record(asked, (nth) => (nth === 1 ? status : undefined)),
    );

    expect(asked).toHaveLength(3);
    expect(invalidated?.outcome).toBe('expired');
    expect((await body(WAVES)).equals(bytes)).toBe(true);
  });

  it('after a broken connection', async () => {
    const { world, config } = await servedWorld();
    change(world);
    let broken = 0;
    const breakOnce =
      (ask: Ask): Ask =>
      (request) =>
        broken++ === 0 ? Promise.reject(new Error('socket hang up')) : ask(request);

    const { invalidated } = await runVia(world, config, breakOnce);

    expect([broken, invalidated?.outcome]).toEqual([3, 'expired']);
  });

  it('no faster than the throttle lets through', async () => {
    const { world, config } = await servedWorld((is) => is.config({ throttle: { rate: 2, burst: 100 } }));
    for (const name of [WAVES, ORBIT, 'dunes.jpg', 'aurora.avif']) change(world, name);
    const { clock } = world.emulator;
    let [uploaded, last] = [0, 0];
    const target = targetOn(world.emulator, REGION, 4510);
    const ask: Ask = (request) => {
      last = clock.now();
      return target.ask(request);
    };
    const project = await openProjectOn({ ...target, close: () => Promise.resolve(), ask }, config);

    const { invalidated } = await project.apply(await project.plan('upload', INVALIDATE), ({ type }) => {
      if (type === 'done') uploaded = clock.now();
    });

    // Four paths and one more for the proof: the fifth has its turn two seconds after the first.
    expect(invalidated?.outcome).toBe('expired');
    expect(last - uploaded).toBeGreaterThanOrEqual(2000);
    expect(last - uploaded).toBeLessThan(4000);
  });
});

describe('upload --invalidate cannot', () => {
  it.each([
    ['ignore', true, /came from the cache/],
    ['ignore', false, /came from the cache/],
    ['forbid', true, /answered 403 by itself/],
  ] as const)(
    'with reload: %s expire without the right to, cached before: %s; it warns',
    async (reload, isWarm, why) => {
      const { world, config, body } = await servedWorld((is) =>
        is.config({ cache: { sizeGb: 0.5, ttlSeconds: 300, reload } }),
      );
      const before = isWarm ? await body(WAVES) : undefined;
      change(world);

      const result = await runVia(world, config, asStranger);

      expect(result.upload?.sent).toBe(1);
      expect(result.invalidated).toMatchObject({ outcome: 'ignored', reason: expect.stringMatching(why) as string });
      expect(result.invalidated?.stays).toBeUndefined();
      expect(result.warnings).toEqual([expect.stringContaining('execute-api:InvalidateCache')]);
      if (before !== undefined) expect((await body(WAVES)).equals(before)).toBe(true);
    },
  );

  it('prove it without an access log, and does it all the same', async () => {
    const { world, body, upload } = await servedWorld((is) =>
      is.config({ logs: { level: 'error', access: false, retentionDays: 30 } }),
    );
    await body(WAVES);
    const bytes = change(world);

    const result = await upload();

    expect(result.invalidated).toMatchObject({
      outcome: 'unverified',
      paths: 1,
      reason: 'there is no access log to tell',
    });
    expect(result.warnings).toBeUndefined();
    expect((await body(WAVES)).equals(bytes)).toBe(true);
  });

  it.each([
    ['read the log', 'Logs_20140328.FilterLogEvents', 'unverified', 'logs:FilterLogEvents', true],
    ['look at the stage', '/restapis', 'ignored', 'apigateway:GET', false],
  ])('%s where that is denied, and the upload stands', async (_what, sign, outcome, action, isNew) => {
    let isDenied = false;
    const { world, config, body } = await servedWorld(undefined, async (request, handle) => {
      const isMeant = request.path.startsWith(sign) || Object.values(request.headers).flat().includes(sign);
      if (!isDenied || !isMeant) return handle(request);
      const message = `User: arn:aws:iam::000000000000:user/ann is not authorized to perform: ${action}`;
      const body = Buffer.from(JSON.stringify({ __type: 'AccessDeniedException', message }));
      return {
        status: sign.startsWith('/') ? 403 : 400,
        headers: { 'x-amzn-errortype': 'AccessDeniedException' },
        body,
      };
    });
    const before = await body(WAVES);
    const bytes = change(world);
    isDenied = true;

    const plan = await world.plan('upload', config, INVALIDATE);
    const result = await world.run('upload', config, INVALIDATE);

    expect(plan.steps.some(({ action: is }) => is !== 'keep')).toBe(true);
    expect(result.invalidated).toMatchObject({ outcome, reason: expect.stringContaining(action) as string });
    expect((await body(WAVES)).equals(isNew ? bytes : before)).toBe(true);
  });

  it('prove it by an image that the cache never keeps', async () => {
    const { world, upload } = await servedWorld();
    change(world, 'panorama.jpg');

    const { invalidated } = await upload();

    expect(invalidated).toMatchObject({
      outcome: 'unverified',
      paths: 1,
      reason: 'no entry is small enough for the cache to keep',
    });
  });

  it('go on once it is told to stop: the images are uploaded, and it says what is left', async () => {
    const { world, config } = await servedWorld();
    const bytes = change(world);
    const controller = new AbortController();
    const target = targetOn(world.emulator, REGION, 4510);
    const ask: Ask = (request) => {
      controller.abort();
      return target.ask(request);
    };
    const project = await openProjectOn({ ...target, close: () => Promise.resolve(), ask }, config);
    const plan = await project.plan('upload', INVALIDATE);

    await expect(project.apply(plan, undefined, controller.signal)).rejects.toMatchObject({
      name: 'CancelledError',
      message: expect.stringContaining('the images are uploaded') as string,
      suggestions: ['pixgate flush'],
    });

    const [bucket] = await (await world.aws()).s3.listBuckets('pixgate-');
    const stored = await (await world.aws()).s3.findObject(bucket?.name ?? '', `images/${WAVES}`);
    expect(bytes.equals(stored?.bytes ?? Buffer.alloc(0))).toBe(true);
  });
});

describe('up --invalidate', () => {
  it('expires after wiring what it uploaded before', async () => {
    const { world, body, config } = await servedWorld();
    await body(WAVES);
    const bytes = change(world);
    const faster = { ...config, throttle: { rate: 900, burst: 900 } };

    const { invalidated } = await world.run('up', faster, INVALIDATE);

    expect(invalidated).toMatchObject({ outcome: 'expired', paths: 1 });
    expect((await body(WAVES)).equals(bytes)).toBe(true);
  });

  it('that fails at wiring says that what it sent already is not expired', async () => {
    let isBroken = false;
    const { world, config } = await servedWorld(undefined, async (request, handle) =>
      isBroken && request.method === 'PATCH'
        ? { status: 400, headers: {}, body: Buffer.from('{"message":"no"}') }
        : handle(request),
    );
    change(world);
    isBroken = true;

    const up = world.run('up', { ...config, throttle: { rate: 900, burst: 900 } }, INVALIDATE);

    await expect(up).rejects.toMatchObject({
      suggestions: expect.arrayContaining([expect.stringContaining('pixgate flush')]) as string[],
    });
  });
});

describe('upload --plan --invalidate', () => {
  it('says what would happen to the cache, and changes nothing in it', async () => {
    const { world, config, body } = await servedWorld();
    const noticesOf = async () =>
      (await world.plan('upload', config, INVALIDATE)).notices.filter((is) => /expire|emptied/.test(is));
    const before = await body(WAVES);

    const nothing = await noticesOf();
    change(world);
    const one = await noticesOf();
    plantCopies(world, 201);
    const many = await noticesOf();

    expect(nothing).toEqual(["There is nothing to expire in the stage's cache: no image changed."]);
    expect(one).toEqual(["The stage's cache is asked to expire what changed, afterwards: 1 by path."]);
    expect(many).toEqual([
      "The stage's whole cache is emptied afterwards: 202 images changed, and at most 200 are expired one by one.",
    ]);
    expect((await world.plan('upload', config)).notices.filter((is) => /expire/.test(is))).toEqual([]);
    expect((await body(WAVES)).equals(before)).toBe(true);
  });
});
