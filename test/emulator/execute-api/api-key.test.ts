import {
  CreateApiKeyCommand,
  DeleteApiKeyCommand,
  DeleteUsagePlanKeyCommand,
  UpdateApiKeyCommand,
  UpdateUsagePlanCommand,
} from '@aws-sdk/client-api-gateway';
import { describe, expect, it } from 'vitest';
import { apigatewayService } from '../../../src/emulator/apigateway/index.js';
import { TABLES } from '../../../src/emulator/apigateway/model.js';
import { FORBIDDEN, type KeyedApi, openKeyedApi } from './keyed-api.js';
import { ALICE, API_ID, methodSetting, mock, ServedApi, textOf } from './served-api.js';

/** The API, and one key that opens it by way of one plan. */
async function openWithKey() {
  const api = await openKeyedApi();
  const key = await api.makeKey();
  return { api, key, planId: await api.makePlan([key.id]) };
}

type World = Awaited<ReturnType<typeof openWithKey>>;

const enable = (api: KeyedApi, apiKey: string, value: string) =>
  api.client.send(new UpdateApiKeyCommand({ apiKey, patchOperations: [{ op: 'replace', path: '/enabled', value }] }));

describe('checkApiKey()', () => {
  it.each(['x-api-key', 'X-API-Key'])('lets a key of a plan of the stage through in the header %s', async (name) => {
    const { api, key } = await openWithKey();

    expect(await api.get({ [name]: key.value })).toEqual({
      status: 200,
      body: `${key.id} ${key.value}`,
      type: undefined,
    });
  });

  it.each<[string, (world: World) => Promise<unknown>]>([
    ['no key', ({ api }) => api.get()],
    ['an empty key', ({ api }) => api.get({ 'x-api-key': '' })],
    ['a key that nobody made', ({ api }) => api.get({ 'x-api-key': 'b'.repeat(40) })],
    ['the id of the key', ({ api, key }) => api.get({ 'x-api-key': key.id })],
    ['the key in other letters', ({ api, key }) => api.get({ 'x-api-key': key.value.toUpperCase() })],
    ['a part of the key', ({ api, key }) => api.get({ 'x-api-key': key.value.slice(0, -1) })],
    ['the key in the query', ({ api, key }) => api.get({}, '/live/keyed', `x-api-key=${key.value}`)],
    ['the key on another stage', ({ api, key }) => api.get(key.header, '/test/keyed')],
    [
      'a key of another Region',
      async ({ api }) => {
        const { value = '' } = await api.elsewhere.send(new CreateApiKeyCommand({ enabled: true }));
        return api.get({ 'x-api-key': value });
      },
    ],
    ['a key without a plan', async ({ api }) => api.get((await api.makeKey()).header)],
    ['a disabled key', async ({ api, key }) => enable(api, key.id, 'false').then(() => api.get(key.header))],
    [
      'a key of a plan of no stage',
      async ({ api }) => {
        const key = await api.makeKey();
        await api.makePlan([key.id], { apiStages: [] });
        return api.get(key.header);
      },
    ],
    [
      'a key of a plan of another API, on a stage of the same name',
      async ({ api }) => {
        const key = await api.makeKey();
        await api.makePlan([key.id], { apiStages: [{ apiId: await api.makeTwin(), stage: 'live' }] });
        return api.get(key.header);
      },
    ],
    [
      'a key that has left its plan',
      async ({ api, key, planId }) => {
        await api.client.send(new DeleteUsagePlanKeyCommand({ usagePlanId: planId, keyId: key.id }));
        return api.get(key.header);
      },
    ],
    [
      'a deleted key',
      async ({ api, key }) => {
        await api.client.send(new DeleteApiKeyCommand({ apiKey: key.id }));
        return api.get(key.header);
      },
    ],
    [
      'a key whose plan has left the stage',
      async ({ api, key, planId }) => {
        const value = `${api.restApiId}:live`;
        const patchOperations = [{ op: 'remove' as const, path: '/apiStages', value }];
        await api.client.send(new UpdateUsagePlanCommand({ usagePlanId: planId, patchOperations }));
        return api.get(key.header);
      },
    ],
  ])('answers 403 to %s', async (_what, ask) => {
    expect(await ask(await openWithKey())).toEqual(FORBIDDEN);
  });

  it('goes by the keys and plans of the moment, whatever was deployed when', async () => {
    const { api, key } = await openWithKey();
    const statuses: number[] = [];

    for (const value of ['true', 'false', 'true']) {
      await enable(api, key.id, value);
      statuses.push((await api.get(key.header)).status);
    }

    expect(statuses).toEqual([200, 403, 200]);
  });

  it('lets two keys of one plan through side by side, so that one can take the place of the other', async () => {
    const api = await openKeyedApi();
    const [old, fresh] = [await api.makeKey(), await api.makeKey()];
    await api.makePlan([old.id, fresh.id]);
    const statuses = async () => [(await api.get(old.header)).status, (await api.get(fresh.header)).status];

    const before = await statuses();
    await api.client.send(new DeleteApiKeyCommand({ apiKey: old.id }));

    expect([before, await statuses()]).toEqual([
      [200, 200],
      [403, 200],
    ]);
  });

  it('asks nothing of a method that wants no key, and tells it of none', async () => {
    const { api, key } = await openWithKey();

    for (const headers of [{}, key.header, { 'x-api-key': 'wrong' }])
      expect(await api.get(headers, '/live/open')).toEqual({ status: 200, body: ' ', type: undefined });
  });

  it('answers 501 where an authoriser would hand the key over, and only for a method that wants one', async () => {
    const api = await openKeyedApi({ source: 'AUTHORIZER' });
    const key = await api.makeKey();
    await api.makePlan([key.id]);

    const { body, status } = await api.get(key.header);

    expect([status, body]).toEqual([
      501,
      '{"message":"The local cloud does not emulate execute-api API key source AUTHORIZER."}',
    ]);
    expect((await api.get({}, '/live/open')).status).toBe(200);
  });

  it('does not open what the resource policy does not allow, and the policy does not replace the key', async () => {
    const allow = (path: string) =>
      JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Principal: '*', Action: 'execute-api:Invoke', Resource: `execute-api:/live/GET${path}` },
        ],
      });
    const seen = [];
    for (const path of ['/keyed', '/open']) {
      const api = await openKeyedApi({ policy: allow(path) });
      const key = await api.makeKey();
      await api.makePlan([key.id]);
      seen.push([await api.get(key.header), await api.get()]);
    }

    expect(seen).toEqual([
      [expect.objectContaining({ status: 200 }), FORBIDDEN],
      [expect.objectContaining({ status: 403, type: 'AccessDeniedException' }), FORBIDDEN],
    ]);
  });
});

const VALUE = 'a-key-of-twenty-or-more-characters';
const ID = '11111111-1111-4111-8111-111111111111';

/** An API that logs everything, with a key `xxxxxxxxxx` in a plan `xxxxxx` of its stage. */
function loggingApi(enabled = true): ServedApi {
  const api = new ServedApi();
  const responseTemplates = { 'application/json': '$context.identity.apiKey' };
  api.add('/keyed', 'GET', { ...mock({}, { responseTemplates }), apiKeyRequired: true });
  api.add('/open', 'GET', mock());
  api.store.put(TABLES.account, 'eu-central-1', { cloudwatchRoleArn: 'arn:aws:iam::000000000000:role/logs' });
  api.stage.methodSettings['*/*'] = methodSetting({ loggingLevel: 'INFO', dataTraceEnabled: true });
  api.stage.accessLogSettings = {
    destinationArn: 'arn:aws:logs:eu-central-1:000000000000:log-group:access',
    format: '$context.requestId $context.identity.apiKeyId $context.identity.apiKey $context.status',
  };
  api.write();
  const post = (path: string, body: object) =>
    apigatewayService.handle(
      { method: 'POST', host: 'local', path, query: '', headers: {}, body: Buffer.from(JSON.stringify(body)) },
      api.call(ALICE),
    );
  post('/apikeys', { value: VALUE, enabled });
  post('/usageplans', { name: 'a', apiStages: [{ apiId: API_ID, stage: 'v1' }] });
  post('/usageplans/xxxxxx/keys', { keyId: 'xxxxxxxxxx', keyType: 'API_KEY' });
  return api;
}

const linesOf = (api: ServedApi) => api.logged.get(`API-Gateway-Execution-Logs_${API_ID}/v1`) ?? [];

describe('checkApiKey() before a warm cache', () => {
  it('gives nobody without a key what a key has warmed', () => {
    const api = loggingApi();
    api.turnOnCache();
    const ask = (headers: Record<string, string>) => textOf(api.send('GET', '/keyed', { headers }));

    const bodies = [{ 'x-api-key': VALUE }, { 'x-api-key': VALUE }, {}, { 'x-api-key': `${VALUE}s` }].map(ask);

    expect(bodies).toEqual([VALUE, VALUE, '{"message":"Forbidden"}', '{"message":"Forbidden"}']);
    expect(api.store.list('execute-api/metrics').map(({ value }) => value)).toEqual([
      { CacheHitCount: 1, CacheMissCount: 1 },
    ]);
  });
});

describe('the logs of a request with an API key', () => {
  it.each<[string, boolean, string, string | undefined, string[]]>([
    [
      'that opens the method',
      true,
      '/keyed',
      VALUE,
      [
        `Verifying Usage Plan for request: ${ID}. API Key: ****xxxxxx API Stage: ${API_ID}/v1`,
        "API Key ****xxxxxx authorized because method 'GET /keyed' requires API Key and API Key is associated with Usage Plan xxxxxx",
        `Usage Plan check succeeded for API Key ****xxxxxx and API Stage ${API_ID}/v1`,
      ],
    ],
    [
      'that the method does not want',
      true,
      '/open',
      VALUE,
      [
        `Verifying Usage Plan for request: ${ID}. API Key: ****xxxxxx API Stage: ${API_ID}/v1`,
        "API Key ****xxxxxx authorized because method 'GET /open' does not require API Key. Request will not contribute to throttle or quota limits",
        `Usage Plan check succeeded for API Key ****xxxxxx and API Stage ${API_ID}/v1`,
      ],
    ],
    [
      'that is disabled',
      false,
      '/keyed',
      VALUE,
      [
        `Verifying Usage Plan for request: ${ID}. API Key: ****xxxxxx API Stage: ${API_ID}/v1`,
        "API Key ****xxxxxx not authorized because method 'GET /keyed' requires API Key and API Key is disabled",
        'Gateway response type: INVALID_API_KEY with status code: 403',
      ],
    ],
    [
      'that does not exist',
      true,
      '/keyed',
      'nobody-ever-made-this-key',
      [
        `Verifying Usage Plan for request: ${ID}. API Key: **** API Stage: ${API_ID}/v1`,
        "API Key **** not authorized because method 'GET /keyed' requires API Key and API Key does not exist",
        'Gateway response type: INVALID_API_KEY with status code: 403',
      ],
    ],
    [
      'that is missing',
      true,
      '/keyed',
      undefined,
      [
        `Verifying Usage Plan for request: ${ID}. API Key:  API Stage: ${API_ID}/v1`,
        "API Key  not authorized because method 'GET /keyed' requires API Key and no API Key was sent",
        'Gateway response type: INVALID_API_KEY with status code: 403',
      ],
    ],
  ])('tell of one %s', (_what, enabled, path, value, lines) => {
    const api = loggingApi(enabled);

    api.send('GET', path, value === undefined ? {} : { headers: { 'X-Api-Key': value } });

    expect(linesOf(api).slice(1, 4)).toEqual(lines.map((line) => `(${ID}) ${line}`));
  });

  it('tell of the stage where the key has no plan for it', () => {
    const api = loggingApi();
    api.store.delete(TABLES.usagePlanKey, 'eu-central-1/xxxxxxxxxx/xxxxxx');

    api.send('GET', '/keyed', { headers: { 'X-Api-Key': VALUE } });

    expect(linesOf(api)[2]).toContain(`API Key is not associated with a Usage Plan for API Stage ${API_ID}/v1`);
  });

  it('never show a value: neither in headers, nor in bodies, nor where the format of the access log asks for it', () => {
    const api = loggingApi();
    const wrong = 'a-key-for-something-else-altogether';

    const answer = api.send('GET', '/keyed', { headers: { 'X-Api-Key': VALUE, 'X-Copy': `<${VALUE}>` } });
    for (const value of [VALUE, wrong])
      for (const path of ['/open', '/keyed']) api.send('GET', path, { headers: { 'x-api-key': value } });
    const { log } = api.test('/open', 'GET', { headers: { 'x-api-key': VALUE } });

    const concealed = '*'.repeat(40);
    const all = JSON.stringify([...api.logged, log]);
    expect(textOf(answer)).toBe(VALUE);
    expect([all.includes(VALUE), all.includes(wrong)]).toEqual([false, false]);
    expect(all).toContain(`Method request headers: {X-Api-Key=${concealed}, X-Copy=<${concealed}>}`);
    expect(all).toContain(`Method response body after transformations: ${concealed}`);
    expect(api.logged.get('access')).toEqual([
      `${ID} xxxxxxxxxx ${concealed} 200`,
      `${ID} - - 200`,
      `${ID} xxxxxxxxxx ${concealed} 200`,
      `${ID} - - 200`,
      `${ID} - - 403`,
    ]);
  });
});
