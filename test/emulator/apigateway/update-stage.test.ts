import { UpdateStageCommand } from '@aws-sdk/client-api-gateway';
import { describe, expect, it } from 'vitest';
import { badRequest, makeStage, noSetting } from './control-plane.js';

const DEFAULTS = {
  metricsEnabled: false,
  dataTraceEnabled: false,
  throttlingBurstLimit: 5000,
  throttlingRateLimit: 10_000,
  cachingEnabled: false,
  cacheTtlInSeconds: 300,
  cacheDataEncrypted: false,
  requireAuthorizationForCacheControl: true,
  unauthorizedCacheControlHeaderStrategy: 'SUCCEED_WITH_RESPONSE_HEADER',
};

describe('UpdateStage', () => {
  it('fills in all settings when those of all methods are first touched', async () => {
    const { plane, live } = makeStage();

    const updated = await plane.client.send(
      new UpdateStageCommand({
        ...{ restApiId: live.id, stageName: 'live' },
        patchOperations: [{ op: 'replace', path: '/*/*/caching/enabled', value: 'true' }],
      }),
    );

    expect(updated.methodSettings).toEqual({ '*/*': { ...DEFAULTS, cachingEnabled: true } });
  });

  it.each([
    ['metrics/enabled', 'true', { metricsEnabled: true }],
    ['logging/loglevel', 'INFO', { loggingLevel: 'INFO' }],
    ['logging/dataTrace', 'true', { dataTraceEnabled: true }],
    ['throttling/burstLimit', '7', { throttlingBurstLimit: 7 }],
    ['throttling/rateLimit', '2.5', { throttlingRateLimit: 2.5 }],
    ['caching/enabled', 'true', { cachingEnabled: true }],
    ['caching/ttlInSeconds', '3600', { cacheTtlInSeconds: 3600 }],
    ['caching/dataEncrypted', 'true', { cacheDataEncrypted: true }],
    ['caching/requireAuthorizationForCacheControl', 'false', { requireAuthorizationForCacheControl: false }],
    [
      'caching/unauthorizedCacheControlHeaderStrategy',
      'FAIL_WITH_403',
      { unauthorizedCacheControlHeaderStrategy: 'FAIL_WITH_403' },
    ],
  ])('sets %s to %s', (field, value, expected) => {
    const { change, read } = makeStage();

    change(['replace', `/{key+}/GET/${field}`, value]);

    expect(read()['methodSettings']).toEqual({ '{key+}/GET': { ...DEFAULTS, ...expected } });
  });

  it('copies the settings of all methods into a new one, which is independent from then on', () => {
    const { change, read } = makeStage();
    change(['replace', '/*/*/caching/enabled', 'true']);

    change(['replace', '/test/GET/throttling/burstLimit', '124']);
    change(['replace', '/*/*/caching/enabled', 'false'], ['replace', '/*/*/caching/ttlInSeconds', '1']);

    expect(read()['methodSettings']).toEqual({
      '*/*': { ...DEFAULTS, cacheTtlInSeconds: 1 },
      'test/GET': { ...DEFAULTS, cachingEnabled: true, throttlingBurstLimit: 124 },
    });
  });

  it.each([
    ['/test/GET', 'test/GET'],
    ['/a~1b/GET', 'a~1b/GET'],
    ['/{key+}/GET', '{key+}/GET'],
    ['/~1/GET', '~1/GET'],
    ['/~1a~1b/GET', 'a~1b/GET'],
    ['/test/ANY', 'test/ANY'],
  ])('keeps the settings of %s under the key %s', (path, key) => {
    const { change, read } = makeStage();

    change(['replace', `${path}/metrics/enabled`, 'true']);
    expect(Object.keys(read()['methodSettings'] as object)).toEqual([key]);

    change(['remove', path]);
    expect(read()['methodSettings']).toEqual({});
  });

  it('removes the settings of all methods, and leaves those of one method', () => {
    const { change, read } = makeStage();
    change(['replace', '/*/*/metrics/enabled', 'true'], ['replace', '/test/GET/metrics/enabled', 'true']);

    change(['remove', '/*/*']);

    expect(Object.keys(read()['methodSettings'] as object)).toEqual(['test/GET']);
  });

  it('applies its changes in order: removed and set again, a setting is new', () => {
    const { change, read } = makeStage();
    change(['replace', '/test/GET/throttling/burstLimit', '1'], ['replace', '/test/GET/throttling/rateLimit', '1']);

    change(['remove', '/test/GET'], ['replace', '/test/GET/throttling/burstLimit', '2']);

    expect(read()['methodSettings']).toEqual({ 'test/GET': { ...DEFAULTS, throttlingBurstLimit: 2 } });
  });

  it.each([
    ['/*/*', '*/*'],
    ['/test/GET', 'test/GET'],
    ['/test/GET/throttling/rateLimit', 'test/GET/throttling/rateLimit'],
    ['/accessLogSettings', 'accessLogSettings'],
    ['/accessLogSettings/destinationArn', 'accessLogSettings/destinationArn'],
    ['/tags/tag1', 'tags/tag1'],
    ['/variables/none', 'variables/none'],
    ['/description', 'description'],
  ])('refuses to remove %s, which it takes for a method setting', (path, shown) => {
    const { change } = makeStage();

    expect(change(['remove', path])).toEqual(noSetting(shown));
  });

  it('refuses to remove one field of a setting that is there', () => {
    const { change } = makeStage();
    change(['replace', '/test/GET/throttling/rateLimit', '5']);

    expect(change(['remove', '/test/GET/throttling/rateLimit'])).toEqual(noSetting('test/GET/throttling/rateLimit'));
  });

  it.each([
    '/tags/tag1',
    '/documentation_version',
    '/x',
    '/test/GET',
    '/test/WRONG/metrics/enabled',
    '/test/GET/wrong',
  ])('refuses to replace %s and lists the paths', (path) => {
    const { change } = makeStage();

    const reply = change(['replace', path, 'x']);

    const { message = '' } = reply.body as { message?: string };
    const first = '/deploymentId, /description, /cacheClusterEnabled, /cacheClusterSize, /clientCertificateId, ';
    const logs = '/accessLogSettings, /accessLogSettings/destinationArn, /accessLogSettings/format, ';
    expect([reply.status, reply.type]).toEqual([400, 'BadRequestException']);
    expect(message).toContain(
      `Invalid method setting path: ${path}. Must be one of: [${first}${logs}/{resourcePath}/{httpMethod}/metrics/enabled, `,
    );
    expect(message).toContain(', /*/*/caching/enabled, ');
    expect(message.endsWith(', /variables/{variable_name}, /tracingEnabled]')).toBe(true);
  });

  it.each([
    ['/*/*/caching/ttlInSeconds', '3601'],
    ['/*/*/caching/ttlInSeconds', '-1'],
    ['/*/*/throttling/burstLimit', 'many'],
    ['/*/*/logging/loglevel', 'DEBUG'],
    ['/*/*/caching/unauthorizedCacheControlHeaderStrategy', 'IGNORE'],
    ['/cacheClusterSize', '1'],
    ['/variables/a', 'ü'],
    ['/clientCertificateId', 'abc'],
    ['/deploymentId', 'nothere'],
  ])('refuses %s = %s, and keeps nothing of what came before it', (path, value) => {
    const { change, read } = makeStage();
    const before = read();

    expect(change(['replace', '/description', 'new'], ['replace', path, value]).type).toBe('BadRequestException');

    expect(read()).toEqual(before);
  });

  it('says that a deployment is not there', () => {
    const { change } = makeStage();

    expect(change(['replace', '/deploymentId', 'nothere'])).toEqual(badRequest('Deployment id does not exist'));
  });

  it('sets plain members and variables, and takes variables away', () => {
    const { plane, live, change, read } = makeStage();
    const { id } = plane.make('POST', `${live.api}/deployments`, {});

    change(
      ...([
        ['replace', '/deploymentId', String(id)],
        ['replace', '/description', 'd'],
        ['replace', '/tracingEnabled', 'true'],
        ['replace', '/variables/a', 'b'],
        ['replace', '/variables/c', 'd'],
        ['remove', '/variables/a'],
      ] as const),
    );

    expect(read()).toMatchObject({ deploymentId: id, description: 'd', tracingEnabled: true });
    expect(read()['variables']).toEqual({ c: 'd' });
  });

  it('answers 501 for canaries and documentation versions', () => {
    const { change } = makeStage();

    expect(change(['replace', '/canarySettings/percentTraffic', '10']).status).toBe(501);
    expect(change(['replace', '/documentationVersion', '1']).status).toBe(501);
  });
});
