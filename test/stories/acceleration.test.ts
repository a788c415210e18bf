import { describe, expect, it } from 'vitest';
import type { BucketConfig, Config } from '../../src/config/config.js';
import { newWorld, type Weather, type World } from './world.js';

const FAST = /\.s3-accelerate\.amazonaws\.com$/;
const AWAY = 'us-west-2';
/** The world's own milliseconds come on top of those that are handed in. */
const USED: unknown = expect.stringMatching(/^acceleration: 4\d\d ms against 9\d\d ms: used$/);

/** A world that is far from its bucket: each way to it takes so many milliseconds of the local cloud's clock. */
function newFarWorld(fastMs: number, slowMs: number, weather: Weather = (request, handle) => handle(request)) {
  /** Hosts that images were put at. */
  const hosts: string[] = [];
  const world = newWorld(async (request, handle) => {
    const { host, method, path } = request;
    if (method === 'PUT' && /^\/images\//.test(path)) hosts.push(host);
    if (/\.s3[.-]/.test(host)) await world.emulator.clock.sleep(FAST.test(host) ? fastMs : slowMs);
    return weather(request, handle);
  });
  return { world, hosts };
}

function configOf(world: World, change: Partial<BucketConfig> = {}): Config {
  const bucket = { name: 'auto', create: true, prefix: 'images/', versioning: false, region: AWAY };
  return world.config({}, { bucket: { ...bucket, acceleration: true, ...change } });
}

const notes = ({ events }: World): string[] =>
  events.flatMap((event) => (event.type === 'note' && event.text.startsWith('acceleration') ? [event.text] : []));

describe('a bucket with acceleration', () => {
  it('gets its images through it, the gateway serves them, and nothing stays of it', async () => {
    const { world, hosts } = newFarWorld(400, 900);
    const before = world.everything();
    const config = configOf(world);

    const result = await world.run('up', config);
    const report = await world.verify(config);
    await world.run('teardown', config);

    expect(result.changed).toBeGreaterThan(0);
    expect(notes(world)).toEqual([USED]);
    expect(hosts.length).toBe(14);
    expect([...new Set(hosts)]).toEqual([expect.stringMatching(/^pixgate-holiday-dev-images-.*\.s3-accelerate\./)]);
    expect(report.results.filter(({ status }) => status === 'failed')).toEqual([]);
    expect(world.everything()).toEqual(before);
  });

  it('near by gets them the plain way, and a run that sends none measures nothing', async () => {
    const { world, hosts } = newFarWorld(900, 400);
    const config = configOf(world);

    await world.run('up', config);
    const first = notes(world);
    await world.run('up', config);

    expect(first).toEqual([
      expect.stringMatching(/^acceleration: not used: 9\d\d ms against 4\d\d ms: plain is faster$/),
    ]);
    expect(notes(world)).toEqual(first);
    expect(hosts.filter((host) => FAST.test(host))).toEqual([]);
    expect(hosts.length).toBe(14);
  });

  it('gets every image although the accelerated way breaks in the middle', async () => {
    let puts = 0;
    const { world, hosts } = newFarWorld(400, 900, (request, handle) => {
      if (request.method === 'PUT' && FAST.test(request.host)) puts += 1;
      if (puts <= 5 || !FAST.test(request.host)) return handle(request);
      throw Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
    });
    const config = configOf(world);

    const { changed } = await world.run('up', config);
    const again = await world.run('up', config);
    const report = await world.verify(config);

    expect(changed).toBeGreaterThan(0);
    expect(notes(world)).toEqual([USED, 'acceleration: given up after ENOTFOUND: the rest goes the plain way']);
    expect(new Set(hosts).size).toBe(2);
    expect(again.changed).toBe(0);
    expect(report.results.filter(({ status }) => status === 'failed')).toEqual([]);
  });

  it('that somebody else made is used with it, and left as it was', async () => {
    const { world, hosts } = newFarWorld(400, 900);
    const s3 = (await world.aws()).s3In(AWAY);
    await s3.createBucket('their-bucket', {});
    await s3.settings.write('their-bucket', 'acceleration', 'Enabled');
    const before = world.everything();
    const config = configOf(world, { name: 'their-bucket', create: false });

    await world.run('up', config);
    await world.run('teardown', config);

    expect([...new Set(hosts)]).toEqual(['their-bucket.s3-accelerate.amazonaws.com']);
    expect(world.everything()).toEqual(before);
  });

  it('that somebody else made without it gets its images the plain way, and is not given it', async () => {
    const { world, hosts } = newFarWorld(400, 900);
    const s3 = (await world.aws()).s3In(AWAY);
    await s3.createBucket('their-bucket', {});

    await world.run('up', configOf(world, { name: 'their-bucket', create: false }));

    expect(notes(world)).toEqual(['acceleration: not used: the bucket does not have it']);
    expect(hosts.filter((host) => FAST.test(host))).toEqual([]);
    expect(await s3.settings.readAcceleration('their-bucket')).toBe('Off');
  });
});
