import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { faultsOf, type Gallery, openGallery } from './gallery.js';
import { FAILED, get, head, headersOf, image, NO_IMAGE, NO_RANGE, PREFLIGHT, part, send, type Wanted } from './row.js';

type Turn = readonly [request: string, wanted: Wanted];

const WAVES = '/dev/images/waves.png';
const IMAGE = image('waves.png');
const TTL_MS = 300_000;

/** Bytes that differ with every seed. */
function pixels(seed: string, size = 64): Buffer {
  return Buffer.alloc(size, createHash('sha256').update(seed).digest());
}

/** The images under a key as the cache may have them: 'old', 'new' or 'neither'. */
async function ageOf(gallery: Gallery, request: string): Promise<string> {
  const { status, body } = await gallery.ask(request);
  const [age] = ['old', 'new'].filter((name) => status === 200 && body.equals(pixels(name, body.byteLength)));
  return age ?? 'neither';
}

/** Warms the cache with an old image and then puts a new one behind it. */
async function outdate(gallery: Gallery, key: string, size = 64): Promise<void> {
  await gallery.put(key, pixels('old', size));
  expect(await ageOf(gallery, get(`/dev/images/${key}`))).toBe('old');
  await gallery.put(key, pixels('new', size));
}

describe('the stage cache', () => {
  it('keeps every way to ask for an image apart from every other, whichever comes first', async () => {
    const gallery = await openGallery();
    const asked: readonly Turn[] = [
      [get(WAVES), IMAGE],
      [get(WAVES, 'Range: bytes=0-9'), part('waves.png', 0, 9)],
      [get(WAVES, 'Range: bytes=10-19'), part('waves.png', 10, 19)],
      [get(WAVES, 'Range: bytes=99999999-'), NO_RANGE],
      [get(WAVES, 'If-None-Match: {etag}'), headersOf('waves.png', 304)],
      [get(WAVES, 'If-None-Match: "x"'), IMAGE],
      [get(WAVES, 'If-Modified-Since: {modified}'), headersOf('waves.png', 304)],
      [get(WAVES, 'If-Match: {etag}'), IMAGE],
      [get(WAVES, 'If-Match: "x"'), FAILED],
      [get(WAVES, 'If-Unmodified-Since: Mon, 01 Jan 2001 00:00:00 GMT'), FAILED],
      [get(WAVES, 'If-Modified-Since: Mon, 01 Jan 2001 00:00:00 GMT'), IMAGE],
      [head(WAVES), headersOf('waves.png')],
      [head(WAVES, 'Range: bytes=0-9'), headersOf('waves.png', 206)],
      [get(WAVES, 'X-HTTP-Method-Override: HEAD'), headersOf('waves.png')],
      [get(WAVES, 'X-HTTP-Method-Override: OPTIONS'), PREFLIGHT],
      [send('OPTIONS', WAVES, ['Origin: https://a.example']), PREFLIGHT],
      [get(WAVES, 'Accept: text/html'), IMAGE],
      [get(WAVES, 'Accept: image/*'), IMAGE],
      [get(WAVES, 'Origin: https://a.example'), IMAGE],
      [get(WAVES, 'Origin: https://b.example'), IMAGE],
      [get(WAVES, 'Accept-Encoding: gzip'), IMAGE],
      [get(`${WAVES}?response-content-type=text/html`), IMAGE],
      [get('/dev/images/none.png'), NO_IMAGE],
    ];

    const faults: string[] = [];
    for (const [first, wantedFirst] of asked) {
      for (const [second, wantedSecond] of asked) {
        await gallery.flush();
        const found = [
          ...(await faultsOf(gallery, first, wantedFirst)),
          ...(await faultsOf(gallery, second, wantedSecond)),
        ];
        if (found.length > 0) faults.push(`${first} then ${second}: ${found.join('; ')}`);
      }
    }

    expect(faults).toEqual([]);
  });

  it('never mixes two paths up, in 1,000 random pairs', async () => {
    const gallery = await openGallery();
    const paths = await lookalikes(gallery);
    await gallery.flush();
    const before = gallery.sentToS3().length;
    const pick = randomPicker(20_260_728);

    const asked = new Set<string>();
    const faults: string[] = [];
    for (let pair = 0; pair < 1000; pair += 1) {
      for (const [request, wanted] of [pick(paths), pick(paths)]) {
        asked.add(request);
        const found = await faultsOf(gallery, request, wanted);
        if (found.length > 0) faults.push(`${request}: ${found.join('; ')}`);
      }
    }

    expect(faults).toEqual([]);
    // Each was fetched once, so whatever came after that was an answer of the cache.
    expect(gallery.sentToS3().length - before).toBe(asked.size);
  });

  it('keeps an answer for its TTL and no longer', async () => {
    const gallery = await openGallery();
    await outdate(gallery, 'seal.png');

    await gallery.world.emulator.clock.sleep(TTL_MS - 60_000);
    const within = await ageOf(gallery, get('/dev/images/seal.png'));
    await gallery.world.emulator.clock.sleep(60_000);
    const after = await ageOf(gallery, get('/dev/images/seal.png'));

    expect([within, after]).toEqual(['old', 'new']);
  });

  it('keeps a 404 too, and shows an image that was uploaded since within the TTL', async () => {
    const gallery = await openGallery();
    const ask = get('/dev/images/late.png');
    gallery.images.set('late.png', pixels('late'));
    expect(await faultsOf(gallery, ask, NO_IMAGE)).toEqual([]);

    await gallery.put('late.png', pixels('late'));
    const atOnce = await faultsOf(gallery, ask, NO_IMAGE);
    await gallery.world.emulator.clock.sleep(TTL_MS);
    const later = await faultsOf(gallery, ask, image('late.png'));

    expect([atOnce, later]).toEqual([[], []]);
  });

  it('is emptied by a flush of its owner', async () => {
    const gallery = await openGallery();
    await outdate(gallery, 'seal.png');
    expect(await ageOf(gallery, get('/dev/images/seal.png'))).toBe('old');

    await gallery.flush();

    expect(await ageOf(gallery, get('/dev/images/seal.png'))).toBe('new');
  });

  it('is not emptied by a stranger, who gets his image all the same', async () => {
    const gallery = await openGallery();
    const said = [
      ['Cache-Control: max-age=0'],
      ['cache-control: max-age=0'],
      ['Cache-Control: Max-Age=0'],
      ['Cache-Control: no-cache, max-age=0'],
      ['Cache-Control: no-cache'],
      ['Cache-Control: no-store'],
      ['Cache-Control: must-revalidate'],
      ['Pragma: no-cache'],
      ['Cache-Control: max-age=0', 'Pragma: no-cache'],
      ['Cache-Control: max-age=0', 'Authorization: AWS4-HMAC-SHA256 Credential=evil'],
      ['Cache-Control: max-age=0', 'Authorization: Bearer evil'],
    ];

    const ages: Record<string, readonly string[]> = {};
    for (const [n, headers] of said.entries()) {
      const path = `/dev/images/seal-${n}.png`;
      await outdate(gallery, `seal-${n}.png`);
      ages[headers.join(' and ')] = [await ageOf(gallery, get(path, ...headers)), await ageOf(gallery, get(path))];
    }

    expect(ages).toEqual(Object.fromEntries(said.map((headers) => [headers.join(' and '), ['old', 'old']])));
  });

  it.each([
    { size: 1_048_575, after: 'old' },
    { size: 1_048_576, after: 'old' },
    { size: 1_048_577, after: 'new' },
  ])('of an image of $size bytes that was replaced has the $after one', async ({ size, after }) => {
    const gallery = await openGallery();

    await outdate(gallery, 'poster.png', size);

    expect(await ageOf(gallery, get('/dev/images/poster.png'))).toBe(after);
  });

  it('serves no old headers once wire has changed one', async () => {
    const gallery = await openGallery();
    const { headers: before } = await gallery.ask(get(WAVES));
    const config = gallery.world.config({}, { headers: { 'X-Frame-Options': 'DENY' } });

    await gallery.world.run('wire', config);
    const { status, headers: after } = await gallery.ask(get(WAVES));

    expect([before.get('x-frame-options'), status, after.get('x-frame-options')]).toEqual([undefined, 200, 'DENY']);
  });
});

describe('verify()', () => {
  it('says of the image above 1 MiB that it passes uncached, and of the others that they are kept', async () => {
    const gallery = await openGallery();

    const { results } = await gallery.world.verify();

    const said = (id: string) => results.find((result) => result.id === `cache/images/${id}`);
    expect(said('large')).toMatchObject({
      status: 'passed',
      title: '/images: an image above 1 MiB passes whole, uncached.',
      asked: expect.stringContaining('panorama.jpg'),
    });
    expect(said('hit')).toMatchObject({ status: 'passed' });
  });
});

/** Images whose keys are easily taken for one another, the samples, and some that are not there; each as a request. */
async function lookalikes(gallery: Gallery): Promise<readonly Turn[]> {
  const keys = [
    'p/1',
    'p/11',
    'p/1/1',
    'P/1',
    'p/1 ',
    'p/1;',
    'p/1&',
    'p/1=',
    'p/1,',
    "p/1'",
    'p/(1)',
    'p/1.png',
    'p/~1',
  ];
  const names = [...keys, 'p/\u00e9', 'p/e\u0301', 'p1', 'p/p/1', 'p/{1}', 'p/"1"', 'p/1|'].map((key) => `${key}.png`);
  for (const key of names) {
    gallery.images.set(key, pixels(key));
    await gallery.put(key, pixels(key));
  }
  const small = [...gallery.images].filter(([, { byteLength }]) => byteLength <= 1_048_576);
  const present = small.flatMap(([key, body]): Turn[] => {
    const path = `/dev/images/${key.split('/').map(encodeURIComponent).join('/')}`;
    const etag = createHash('md5').update(body).digest('hex');
    return [
      [get(path), image(key)],
      [get(path, 'Range: bytes=0-9'), part(key, 0, 9)],
      [get(path, `If-None-Match: "${etag}"`), headersOf(key, 304)],
    ];
  });
  const missing = ['q/1', 'p/111', 'p/1/', 'p/2', 'p'].map((key): Turn => [get(`/dev/images/${key}`), NO_IMAGE]);
  return [...present, ...missing];
}

/** Picks at random, the same from run to run: a linear congruential generator with the constants of Numerical Recipes. */
function randomPicker(seed: number): <T>(from: readonly T[]) => T {
  let state = seed;
  return <T>(from: readonly T[]): T => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const picked = from[Math.floor((state / 2 ** 32) * from.length)];
    if (picked === undefined) throw new Error('nothing to pick from');
    return picked;
  };
}
