import { expect, it } from 'vitest';
import { changing, newWorld, type World } from './world.js';

const GET = 'images~1{key+}/GET';
const HEAD = 'images~1{key+}/HEAD';

async function stageOf(world: World) {
  const { apiGateway } = await world.aws();
  const [api] = await apiGateway.listApis();
  const stage = await apiGateway.findStage(api?.id ?? '', 'dev');
  if (stage === undefined) throw new Error('there is no stage');
  return stage;
}

it("a mount's own TTL and throttle are settings of its methods, and a second wire changes nothing", async () => {
  const world = newWorld();
  const config = world.config({}, { cache: { ttlSeconds: 60 }, throttle: { rate: 7, burst: 9 } });
  await world.run('up', config);

  const { methodSettings } = await stageOf(world);
  world.calls.length = 0;
  await world.run('wire', config);

  expect(methodSettings[GET]).toMatchObject({
    cachingEnabled: true,
    cacheTtlInSeconds: 60,
    throttlingRateLimit: 7,
    throttlingBurstLimit: 9,
    cacheDataEncrypted: true,
  });
  expect(methodSettings[HEAD]).toMatchObject({ cachingEnabled: false, throttlingRateLimit: 7 });
  expect(methodSettings['*/*']).toMatchObject({ cacheTtlInSeconds: 300, throttlingRateLimit: 1000 });
  expect(changing(world.calls)).toEqual([]);
});

it('a change for all methods reaches those with settings of their own, which AWS keeps as copies', async () => {
  const world = newWorld();
  const own = { cache: { ttlSeconds: 60 } };
  await world.run('up', world.config({}, own));

  await world.run('wire', world.config({ logs: { level: 'info', access: true, retentionDays: 30 } }, own));

  const { methodSettings } = await stageOf(world);
  expect([methodSettings['*/*'], methodSettings[GET], methodSettings[HEAD]].map((is) => is?.loggingLevel)).toEqual([
    'INFO',
    'INFO',
    'INFO',
  ]);
});

it('settings of a mount that it no longer has are removed, and what somebody set by hand is, too', async () => {
  const world = newWorld();
  await world.run('up', world.config({}, { throttle: { rate: 7 } }));
  const { apiGateway } = await world.aws();
  const [api] = await apiGateway.listApis();
  await apiGateway.patchStage(api?.id ?? '', 'dev', [
    { op: 'replace', path: '/images~1{key+}/OPTIONS/throttling/rateLimit', value: '1' },
  ]);

  await world.run('wire');

  expect(Object.keys((await stageOf(world)).methodSettings)).toEqual(['*/*']);
});

it('a TTL of 0 keeps the answers of one mount out of the cache', async () => {
  const world = newWorld();
  const result = await world.run('up', world.config({}, { cache: { ttlSeconds: 0 } }));
  const url = result.urls?.find(({ key }) => key === 'waves.png')?.url ?? '';
  await world.get(url);
  const { s3 } = await world.aws();
  const [bucket] = await s3.listBuckets('pixgate-');
  const other = { key: 'images/waves.png', body: Buffer.from('other'), contentType: 'image/png', headers: {} };

  await s3.putObject(bucket?.name ?? '', other);

  expect((await world.get(url)).body.toString()).toBe('other');
});

it('reload: forbid answers a stranger who asks for a fresh image with 403, and ignore with the image', async () => {
  for (const [reload, status] of [
    ['forbid', 403],
    ['ignore', 200],
  ] as const) {
    const world = newWorld();
    const { urls } = await world.run('up', world.config({ cache: { sizeGb: 0.5, ttlSeconds: 300, reload } }));

    const answer = await world.get(urls?.[0]?.url ?? '', { 'Cache-Control': 'max-age=0' });

    expect(answer.status).toBe(status);
  }
});
