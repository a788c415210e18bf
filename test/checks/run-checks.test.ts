import { expect, test } from 'vitest';
import { runChecks } from '../../src/checks/index.js';
import { AwsError, CancelledError } from '../../src/errors.js';
import type { CheckResult } from '../../src/model/check.js';
import { gatewayWorld, IMAGES, type Mistake, manifest, noise, sha256 } from './gateway-world.js';

const check = async (mistake: Mistake = {}, options: Parameters<typeof gatewayWorld>[1] = {}) => {
  const world = gatewayWorld(mistake, options);
  return runChecks(world.ask, world.probe, () => {});
};

const find = (results: readonly CheckResult[], id: string) => results.find((result) => result.id === id);

test.each([{ cache: false }, { cache: true }])('runChecks() passes a gateway that is as drawn: %j', async (options) => {
  const { results } = await check({}, options);

  expect(results.filter(({ status }) => status !== 'passed')).toEqual([]);
  expect(new Set(results.map(({ id }) => id)).size).toBe(results.length);
  expect(results.some(({ group }) => group === 'cache')).toBe(options.cache);
});

test('runChecks() asks for every reply of the drawing', async () => {
  const { results } = await check();

  const ids = results.map(({ id }) => id);
  for (const status of [200, 206, 404, 412, 416]) {
    expect(ids).toContain(`replies/GET /images/{key+}/${status}`);
    expect(ids).toContain(`replies/HEAD /images/{key+}/${status}`);
  }
  expect(ids).toContain('replies/GET /images/{key+}/If-None-Match');
  expect(ids).toContain('replies/GET /images/{key+}/If-Modified-Since');
  expect(ids).toContain('replies/OPTIONS /images/{key+}/preflight');
});

test('runChecks() hands on each result in a stable order, with how many there are', async () => {
  const world = gatewayWorld({}, { cache: true });
  const heard: { id: string; done: number; total: number }[] = [];

  const outcome = await runChecks({ ...world.ask, concurrency: 3 }, world.probe, ({ id }, done, total) => {
    heard.push({ id, done, total });
  });

  const again = await check({}, { cache: true });
  expect(heard.map(({ id }) => id)).toEqual(again.results.map(({ id }) => id));
  expect(heard.map(({ done }) => done)).toEqual(heard.map((_, index) => index + 1));
  expect(new Set(heard.map(({ total }) => total))).toEqual(new Set([outcome.results.length]));
});

test('runChecks() shows every image as a browser got it, small ones with their bytes', async () => {
  const { images } = await check();

  expect(images.map(({ path }) => path)).toEqual([
    '/images/cat.png',
    '/images/dog.jpg',
    '/images/deep/sun.svg',
    '/images/caf%C3%A9%20au%20lait.jpg',
    '/images/large.jpg',
  ]);
  expect(images.map(({ sha256 }) => sha256)).toEqual(manifest().map(({ sha256 }) => sha256));
  expect(images[0]?.base64).toBe(IMAGES[0]?.bytes.toString('base64'));
  expect(images[4]?.base64).toBeUndefined();
});

test('runChecks() tells cold from cached answers by the access log', async () => {
  const { samples } = await check({}, { cache: true });

  expect(samples.filter(({ cached }) => cached).map(({ ms }) => ms)).toEqual(Array(9).fill(5));
  expect(samples.filter(({ cached }) => !cached).map(({ ms }) => ms)).toEqual(Array(3).fill(40));
});

test('runChecks() asks for a spread sample of the images', async () => {
  const world = gatewayWorld();

  const { images } = await runChecks({ ...world.ask, sample: 2 }, world.probe, () => {});

  expect(images.map(({ path }) => path)).toEqual(['/images/cat.png', '/images/deep/sun.svg']);
});

test('runChecks() waits for a gateway that has not settled yet', async () => {
  let early = 4;
  const { results } = await check({
    answer: (_asked, healthy) =>
      early-- > 0 ? { status: 403, headers: {}, body: Buffer.from('{"message":"Forbidden"}'), ms: 1 } : healthy,
  });

  expect(results.filter(({ status }) => status !== 'passed')).toEqual([]);
});

test('runChecks() asks again while the gateway throttles', async () => {
  let nth = 0;
  const { results } = await check({
    answer: (_asked, healthy) =>
      nth++ % 5 === 4 ? { ...healthy, status: 429, body: Buffer.from('{"message":"Too Many Requests"}') } : healthy,
  });

  expect(results.filter(({ status }) => status !== 'passed')).toEqual([]);
});

test('runChecks() sends nothing that could change an object', async () => {
  const world = gatewayWorld({}, { cache: true });

  await runChecks(world.ask, world.probe, () => {});

  const keys = world.images.map(({ key }) => `/images/${key}`);
  const writes = world.asked.filter(({ method }) => !['GET', 'HEAD', 'OPTIONS'].includes(method));
  expect(writes.map(({ method }) => method).toSorted()).toEqual(['DELETE', 'POST', 'PUT']);
  expect(writes.filter(({ path }) => keys.includes(decodeURIComponent(path)))).toEqual([]);
});

test('runChecks() stops with a CancelledError when it is told to', async () => {
  const world = gatewayWorld();
  const stop = new AbortController();
  let heard = 0;

  const run = runChecks(world.ask, world.probe, () => ++heard === 5 && stop.abort(), stop.signal);

  await expect(run).rejects.toThrow(CancelledError);
  expect(heard).toBeLessThan(20);
});

test('runChecks() passes on what is not a finding but a bug', async () => {
  const world = gatewayWorld({ probe: { object: () => Promise.reject(new TypeError('a bug')) } });

  await expect(runChecks(world.ask, world.probe, () => {})).rejects.toThrow('a bug');
});

const refused = new AwsError('S3 answered AccessDenied.', {
  service: 'S3',
  operation: 'GetObject',
  awsCode: 'AccessDenied',
});

const UNDECIDED: readonly {
  name: string;
  mistake: Mistake;
  options?: Parameters<typeof gatewayWorld>[1];
  id: string;
  status: CheckResult['status'];
  says: RegExp;
}[] = [
  {
    name: 'no manifest',
    mistake: { probe: { uploaded: async () => undefined } },
    id: 'bytes/images',
    status: 'failed',
    says: /manifest/,
  },
  {
    name: 'an empty mount',
    mistake: { probe: { uploaded: async () => [] } },
    id: 'replies/GET /images/{key+}/200',
    status: 'skipped',
    says: /no image/,
  },
  {
    name: 'an operator who may not read S3',
    mistake: { probe: { object: () => Promise.reject(refused) } },
    id: 'bytes/images/cat.png/s3',
    status: 'inconclusive',
    says: /AccessDenied/,
  },
  {
    name: 'an operator who may not read settings',
    mistake: { probe: { facts: () => Promise.reject(refused) } },
    id: 'hardening',
    status: 'inconclusive',
    says: /AccessDenied/,
  },
  {
    name: 'a setting that wire could not bring about',
    mistake: {
      probe: {
        facts: async () => [
          {
            id: 'stage/log',
            title: 'It logs.',
            holds: false,
            seen: '""',
            fix: 'ask',
            excuse: 'the account has no role',
          },
        ],
      },
    },
    id: 'hardening/stage/log',
    status: 'inconclusive',
    says: /^the account has no role/,
  },
  {
    name: 'a stage that had to go without logs',
    mistake: { probe: { accessLog: async () => undefined, whyNoLogs: async () => 'the account has no role' } },
    id: 'logs/access',
    status: 'inconclusive',
    says: /^the account has no role/,
  },
  {
    name: 'a stage whose logs nobody may ask about',
    mistake: { probe: { accessLog: async () => undefined, whyNoLogs: () => Promise.reject(refused) } },
    id: 'logs/access',
    status: 'inconclusive',
    says: /AccessDenied/,
  },
  {
    name: 'an access log that is slow',
    mistake: { probe: { accessLog: async () => [] } },
    id: 'logs/access',
    status: 'inconclusive',
    says: /five minutes/,
  },
  {
    name: 'an access log that is slow, with a cache',
    mistake: { probe: { accessLog: async () => [] } },
    options: { cache: true },
    id: 'cache/images/hit',
    status: 'inconclusive',
    says: /five minutes/,
  },
  {
    name: 'no access log',
    mistake: {},
    options: { accessLog: false },
    id: 'logs/access',
    status: 'skipped',
    says: /off in the config/,
  },
  {
    name: 'a cache without an access log',
    mistake: {},
    options: { cache: true, accessLog: false },
    id: 'cache/images/hit',
    status: 'inconclusive',
    says: /median 40 ms at first, 5 ms after that/,
  },
  {
    name: 'eviction without an access log',
    mistake: {},
    options: { cache: true, accessLog: false },
    id: 'cache/images/stranger',
    status: 'inconclusive',
    says: /access log/,
  },
  {
    name: 'a cache of a mount with one image',
    mistake: { probe: { uploaded: async () => manifest().slice(0, 1) } },
    options: { cache: true },
    id: 'cache/images/mixed',
    status: 'skipped',
    says: /no suitable image/,
  },
];

test.each(UNDECIDED)('runChecks() decides nothing on $name', async ({ mistake, options, id, status, says }) => {
  const { results } = await check(mistake, options);

  const found = find(results, id);
  expect(found?.status).toBe(status);
  expect([found?.got, found?.cause].join(' ')).toMatch(says);
  // A mount without images is a failure of its own: nothing is served.
  const failed = results.filter((result) => result.status === 'failed' && result.id !== 'bytes/images');
  expect(failed).toEqual([]);
});

test('runChecks() stops waiting for the access log after five minutes in all', async () => {
  const world = gatewayWorld({ probe: { accessLog: async () => [] } }, { cache: true });
  const begun = world.probe.now();

  await runChecks(world.ask, world.probe, () => {});

  expect(world.probe.now() - begun).toBeGreaterThan(300_000);
  // Several checks wait side by side, and each moves this clock.
  expect(world.probe.now() - begun).toBeLessThan(330_000);
});

test('runChecks() proves the bytes of S3 and of the gateway apart', async () => {
  const other = noise(9, 67);
  const objects = IMAGES.map((image) => (image.key === 'cat.png' ? { ...image, bytes: other } : image));

  const { results } = await check({ objects });

  expect(find(results, 'bytes/images/cat.png/s3')?.got).toContain(sha256(other));
  expect(find(results, 'bytes/images/cat.png/curl')?.cause).toBe('The object in S3 is not the one that was uploaded.');
  expect(find(results, 'bytes/images/dog.jpg/curl')?.status).toBe('passed');
});

test('runChecks() cannot tell whether strangers empty a cache that does not answer', async () => {
  const { results } = await check({ cacheIdle: true }, { cache: true });

  expect(find(results, 'cache/images/stranger')).toMatchObject({
    status: 'inconclusive',
    cause: 'The stage cache does not answer in the first place.',
  });
});

test('runChecks() believes the log of the deployed API before that of the draft', async () => {
  const { results } = await check({
    answer: ({ method }, healthy) => (method === 'GET' ? { ...healthy, status: 500, body: Buffer.alloc(0) } : healthy),
    probe: {
      executionLog: async () => ['API Gateway does not have permission to assume the provided role ARN'],
      testInvoke: async () => ({ status: 500, headers: {}, body: '', log: 'Invalid endpoint address' }),
    },
  });

  expect(find(results, 'bytes/images/cat.png/curl')?.cause).toMatch(/trust policy/);
});

test('runChecks() explains a failure from the answer alone where AWS lets nobody look inside', async () => {
  const { results } = await check({
    answer: ({ method }, healthy) => (method === 'GET' ? { ...healthy, status: 500, body: Buffer.alloc(0) } : healthy),
    probe: { executionLog: () => Promise.reject(refused), testInvoke: () => Promise.reject(refused) },
  });

  expect(find(results, 'bytes/images/cat.png/curl')?.cause).toMatch(/no execution log says why/);
});

test('runChecks() fails answers without security headers even where the drawing forgot them', async () => {
  const bare = <T>(headers: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'content-security-policy'));
  const world = gatewayWorld({ answer: (_asked, healthy) => ({ ...healthy, headers: bare(healthy.headers) }) });
  const routes = world.surface.routes.map((route) => ({
    ...route,
    replies: route.replies.map((reply) => ({ ...reply, headers: bare(reply.headers) })),
    examples: route.examples.map((example) => ({ ...example, expectHeaders: bare(example.expectHeaders) })),
  }));

  const { results } = await runChecks({ ...world.ask, surface: { ...world.surface, routes } }, world.probe, () => {});

  for (const name of ['headers', 'If-None-Match', '404', '416']) {
    const found = find(results, `replies/GET /images/{key+}/${name}`);
    expect(found?.cause).toMatch(/does not carry content-security-policy/);
  }
});

test('runChecks() keeps the pictures of a report within six megabytes', async () => {
  const objects = Array.from({ length: 25 }, (_, nth) => ({
    key: `${nth}.png`,
    type: 'image/png',
    bytes: Buffer.concat([noise(nth, 16), Buffer.alloc(290_000)]),
  }));
  const uploaded = objects.map(({ key, type, bytes }) => ({
    key,
    sizeBytes: bytes.length,
    sha256: sha256(bytes),
    contentType: type,
    headers: {},
  }));

  const { images } = await check({ objects, probe: { uploaded: async () => uploaded } });

  expect(images.length).toBe(25);
  expect(images.filter(({ base64 }) => base64 !== undefined).length).toBe(20);
});
