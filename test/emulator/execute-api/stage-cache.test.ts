import { describe, expect, it } from 'vitest';
import { flushStageCache } from '../../../src/emulator/execute-api/index.js';
import { ALICE, ANONYMOUS, API_ID, methodSetting, NOON, ServedApi, s3, textOf } from './served-api.js';

function cachingApi(setting: Parameters<ServedApi['turnOnCache']>[0] = {}): ServedApi {
  const api = new ServedApi(['*/*']);
  api.objects.set('pics/a', { body: 'first' });
  api.add('/{key+}', 'GET', s3());
  api.turnOnCache(setting);
  return api;
}

/** Sends twice, with another object planted in between. */
function replant(api: ServedApi, between: () => void = () => undefined, headers: Record<string, string> = {}): string {
  api.send('GET', '/a');
  api.objects.set('pics/a', { body: 'second' });
  between();
  return textOf(api.send('GET', '/a', { headers }));
}

describe('lookUpCache()', () => {
  it('answers the second time from the cache, with headers of its own', () => {
    const api = cachingApi();
    const [first, second] = [api.send('GET', '/a'), api.send('GET', '/a', { headers: { 'x-amzn-RequestId': 'bad' } })];

    expect(api.sentToS3).toHaveLength(1);
    expect(textOf(second)).toBe(textOf(first));
    expect(second.headers).toMatchObject({ 'Content-Type': 'image/png', ETag: '"original"' });
    expect(second.headers['x-amzn-RequestId']).toBe('UUID_REPLACED_INVALID_REQUEST_ID');
    expect(api.store.get('execute-api/metrics', `${API_ID}/v1`)).toEqual({ CacheHitCount: 1, CacheMissCount: 1 });
  });

  it.each<[string, (api: ServedApi) => void]>([
    ['the cluster is being made', (api) => Object.assign(api.stage.cacheCluster, { settledAtMs: NOON + 1 })],
    ['the cluster is off', (api) => Object.assign(api.stage.cacheCluster, { settled: 'NOT_AVAILABLE' })],
    ['caching is off', (api) => Object.assign(api.stage.methodSettings['*/*'] ?? {}, { cachingEnabled: false })],
    ['the method turns it off', (api) => Object.assign(api.stage.methodSettings, { '{key+}/GET': methodSetting() })],
    ['the time to live is 0', (api) => Object.assign(api.stage.methodSettings['*/*'] ?? {}, { cacheTtlInSeconds: 0 })],
  ])('stays out when %s', (_case, arrange) => {
    const api = cachingApi();
    arrange(api);

    expect(replant(api)).toBe('second');
    expect(api.store.get('execute-api/metrics', `${API_ID}/v1`)).toBeUndefined();
  });

  it.each([
    [{}, 2],
    [{ '{key+}/POST': methodSetting({ cachingEnabled: true }) }, 1],
  ])('keeps a POST only with a setting of its own: %j', (settings, calls) => {
    const api = cachingApi();
    api.add('/{key+}', 'POST', s3());
    Object.assign(api.stage.methodSettings, settings);

    api.send('POST', '/a');
    api.send('POST', '/a');

    expect(api.sentToS3).toHaveLength(calls);
  });

  it('keeps one entry for each value of the key parameters', () => {
    const api = cachingApi();
    api.objects.set('pics/b', { body: 'other' });

    const bodies = ['/a', '/b', '/a', '/b'].map((path) => textOf(api.send('GET', path)));

    expect(bodies).toEqual(['first', 'other', 'first', 'other']);
    expect(api.sentToS3).toHaveLength(2);
  });

  it('serves one picture for all paths without key parameters', () => {
    const api = cachingApi();
    api.objects.set('pics/b', { body: 'other' });
    api.add('/{key+}', 'GET', s3({ cacheKeyParameters: [] }));

    const bodies = ['/a', '/b'].map((path) => textOf(api.send('GET', path)));

    expect(bodies).toEqual(['first', 'first']);
  });

  it('replays a base64 answer to others when Accept is no key', () => {
    const api = new ServedApi(['image/png']);
    api.objects.set('pics/a', { body: 'first' });
    api.add('/{key+}', 'GET', s3());
    api.turnOnCache();

    api.send('GET', '/a', { headers: { Accept: 'text/html' } });

    expect(textOf(api.send('GET', '/a', { headers: { Accept: 'image/png' } }))).toBe('Zmlyc3Q=');
  });

  it.each([
    [299_999, 'first'],
    [300_000, 'second'],
  ])('after %i ms answers the %s object', (passedMs, body) => {
    const api = cachingApi();

    expect(
      replant(api, () => {
        api.now += passedMs;
      }),
    ).toBe(body);
  });

  it('keeps errors as well', () => {
    const api = cachingApi();
    const responses = { 200: { statusCode: '200' }, 404: { statusCode: '404', selectionPattern: '404' } };
    api.add('/{key+}', 'GET', s3({ integrationResponses: responses }));

    const statuses = [
      api.send('GET', '/new').status,
      api.objects.set('pics/new', { body: 'x' }) && api.send('GET', '/new').status,
    ];

    expect(statuses).toEqual([404, 404]);
  });

  it.each([
    [1_048_576, 1],
    [1_048_577, 2],
  ])('of %i bytes asks S3 %i times', (sizeBytes, calls) => {
    const api = cachingApi();
    api.objects.set('pics/a', { body: Buffer.alloc(sizeBytes) });

    const sizes = [api.send('GET', '/a'), api.send('GET', '/a')].map((response) => response.body.byteLength);

    expect(sizes).toEqual([sizeBytes, sizeBytes]);
    expect(api.sentToS3).toHaveLength(calls);
  });

  it('forgets what an earlier cluster held', () => {
    const api = cachingApi();

    expect(replant(api, () => Object.assign(api.stage.cacheCluster, { settledAtMs: NOON }))).toBe('second');
  });

  it('judges the caller before it looks', () => {
    const api = cachingApi();
    api.add('/{key+}', 'GET', { ...s3(), authorizationType: 'AWS_IAM' });
    const warm = api.send('GET', '/a', { caller: ALICE }).status;
    api.verdict = () => 'implicit-deny';

    const denied = api.send('GET', '/a', { caller: ALICE });
    const stranger = api.send('GET', '/a');

    expect([warm, denied.status, stranger.status]).toEqual([200, 403, 403]);
    expect(textOf(denied) + textOf(stranger)).not.toContain('first');
  });
});

describe('Cache-Control of a client', () => {
  const WARNING = expect.stringMatching(/^199 APIGateway "Cache-Control header ignored/);

  it.each([
    ['FAIL_WITH_403', 403, undefined],
    ['SUCCEED_WITH_RESPONSE_HEADER', 200, WARNING],
    ['SUCCEED_WITHOUT_RESPONSE_HEADER', 200, undefined],
  ] as const)('of a stranger meets %s: %i', (unauthorizedCacheControlHeaderStrategy, status, warning) => {
    const api = cachingApi({ unauthorizedCacheControlHeaderStrategy });
    api.send('GET', '/a');

    const response = api.send('GET', '/a', { headers: { 'Cache-Control': 'no-cache, MAX-AGE=0' } });

    expect([response.status, response.headers['Warning']]).toEqual([status, warning]);
    expect(api.sentToS3).toHaveLength(1);
  });

  it('makes a new entry when no right is needed', () => {
    const api = cachingApi({ requireAuthorizationForCacheControl: false });

    expect(replant(api, () => undefined, { 'cache-control': 'max-age=0' })).toBe('second');
    expect(textOf(api.send('GET', '/a'))).toBe('second');
  });

  it.each(['no-cache', 'no-store', 'max-age=00', 'max-age=1', ''])('%s changes nothing', (value) => {
    const api = cachingApi({ requireAuthorizationForCacheControl: false });

    expect(replant(api, () => undefined, { 'Cache-Control': value })).toBe('first');
  });

  it.each([
    [ALICE, 'allowed', 'second'],
    [ALICE, 'implicit-deny', 'first'],
    [ANONYMOUS, 'allowed', 'first'],
  ] as const)('needs execute-api:InvalidateCache: %o, %s', (caller, verdict, body) => {
    const api = cachingApi();
    api.verdict = ({ action }) => (action === 'execute-api:InvalidateCache' ? verdict : 'explicit-deny');
    api.send('GET', '/a');
    api.objects.set('pics/a', { body: 'second' });

    const response = api.send('GET', '/a', { caller, headers: { 'Cache-Control': 'max-age=0' } });

    expect(textOf(response)).toBe(body);
  });
});

describe('flushStageCache()', () => {
  it('empties one stage, bodies included', () => {
    const api = cachingApi();
    api.send('GET', '/a');
    const other = 'execute-api/cache';
    api.store.put(other, `${API_ID}/v10/x`, { bodyId: 'kept' });
    const [entry] = api.store.list<{ bodyId: string }>(other, { prefix: `${API_ID}/v1/` });

    flushStageCache(api.call(ALICE), { apiId: API_ID, stageName: 'v1' });

    expect(api.store.list(other).map((row) => row.key)).toEqual([`${API_ID}/v10/x`]);
    expect(api.store.getBody(entry?.value.bodyId ?? '')).toBeUndefined();
  });

  it('sends the next client to S3', () => {
    const api = cachingApi();

    expect(replant(api, () => flushStageCache(api.call(ALICE), { apiId: API_ID, stageName: 'v1' }))).toBe('second');
  });
});
