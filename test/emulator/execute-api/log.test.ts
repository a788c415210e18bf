import { describe, expect, it } from 'vitest';
import { TABLES } from '../../../src/emulator/apigateway/model.js';
import { API_ID, methodSetting, mock, ServedApi, s3 } from './served-api.js';

const GROUP = `API-Gateway-Execution-Logs_${API_ID}/v1`;
const ID = '11111111-1111-4111-8111-111111111111';

function loggingApi(setting: Parameters<typeof methodSetting>[0] = {}): ServedApi {
  const api = new ServedApi(['*/*']);
  api.objects.set('pics/a', { body: 'bytes' });
  api.add('/{key+}', 'GET', s3());
  api.store.put(TABLES.account, 'eu-central-1', { cloudwatchRoleArn: 'arn:aws:iam::000000000000:role/logs' });
  api.stage.methodSettings['*/*'] = methodSetting({ loggingLevel: 'INFO', dataTraceEnabled: true, ...setting });
  return api;
}

describe('writeExecutionLog()', () => {
  it('writes all lines on INFO in the order of AWS', () => {
    const api = loggingApi();

    api.send('GET', '/a?x=1', { headers: { Accept: 'image/png' } });

    expect(api.logged.get(GROUP)).toEqual(
      [
        'Extended Request Id: eHh4eHh4eHh4eHg=',
        `Verifying Usage Plan for request: ${ID}. API Key:  API Stage: ${API_ID}/v1`,
        "API Key  authorized because method 'GET /{key+}' does not require API Key. Request will not contribute to throttle or quota limits",
        `Usage Plan check succeeded for API Key  and API Stage ${API_ID}/v1`,
        `Starting execution for request: ${ID}`,
        'HTTP Method: GET, Resource Path: /a',
        'Method request path: {key=a}',
        'Method request query string: {x=1}',
        'Method request headers: {Accept=image/png}',
        'Method request body before transformations: ',
        'Endpoint request URI: https://s3.eu-central-1.amazonaws.com/pics/a',
        `Endpoint request headers: {Authorization=${'*'.repeat(40)}, X-Amz-Date=20260728T094544Z, x-amzn-apigateway-api-id=${API_ID}, Accept=application/json, User-Agent=AmazonAPIGateway_${API_ID}, X-Amz-Security-Token= [TRUNCATED]`,
        'Endpoint request body after transformations: ',
        'Sending request to https://s3.eu-central-1.amazonaws.com/pics/a',
        'Received response. Status: 200, Integration latency: 0 ms',
        'Endpoint response headers: {Content-Type=image/png, Content-Length=5, ETag="original", Date=Tue, 28 Jul 2026 09:45:44 GMT, Server=AmazonS3, x-amz-request-id=S3REQUEST}',
        'Endpoint response body before transformations: [Binary Data]',
        'Method response body after transformations: [Binary Data]',
        'Method response headers: {X-Amzn-Trace-Id=Root=1-6a687a48-000000000000400080000000, Content-Type=image/png, ETag="original"}',
        'Successfully completed execution',
        'Method completed with status: 200',
        'AWS Integration Endpoint RequestId : S3REQUEST',
      ].map((line) => `(${ID}) ${line}`),
    );
  });

  it('tells of a failure and of the gateway response', () => {
    const api = loggingApi({ loggingLevel: 'ERROR' });
    api.trusted = false;

    api.send('GET', '/a');

    expect(api.logged.get(GROUP)?.slice(-5)).toEqual(
      [
        'Execution failed due to configuration error: API Gateway does not have permission to assume the provided role ARN',
        'Gateway response type: DEFAULT_5XX with status code: 500',
        'Gateway response body: {"message":"Internal server error"}',
        'Gateway response headers: {x-amzn-ErrorType=InternalServerErrorException}',
        'Method completed with status: 500',
      ].map((line) => `(${ID}) ${line}`),
    );
  });

  it.each<[string, Parameters<typeof methodSetting>[0], boolean]>([
    ['ERROR and success', { loggingLevel: 'ERROR' }, true],
    ['OFF', { loggingLevel: 'OFF' }, true],
    ['no role in the account', {}, false],
  ])('writes nothing on %s', (_case, setting, hasRole) => {
    const api = loggingApi(setting);
    if (!hasRole) api.store.delete(TABLES.account, 'eu-central-1');

    api.send('GET', '/a');

    expect([...api.logged.keys()]).toEqual([]);
  });

  it('leaves bodies out without a data trace', () => {
    const api = loggingApi({ dataTraceEnabled: false });

    api.send('GET', '/a');

    expect(api.logged.get(GROUP)?.length).toBe(18);
    expect(api.logged.get(GROUP)?.filter((line) => line.includes(' body '))).toEqual([]);
  });

  it('cuts a line at 1,024 bytes', () => {
    const api = loggingApi();

    api.send('GET', '/a', { headers: { 'X-Long': 'x'.repeat(2000) } });

    expect(Math.max(...(api.logged.get(GROUP) ?? []).map((line) => Buffer.byteLength(line)))).toBe(1024);
  });
});

describe('writeAccessLog()', () => {
  const FORMAT =
    '$context.requestId|$context.extendedRequestId|$context.httpMethod $context.resourcePath $context.protocol|$context.status|$context.responseLength|$context.integration.status|$context.integration.latency|$context.integrationLatency|$context.identity.sourceIp|$context.requestTime|$context.error.messageString|$context.error.responseType|$context.awsEndpointRequestId|$context.authorizer.principalId.';

  function accessApi(): ServedApi {
    const api = loggingApi({ loggingLevel: 'OFF' });
    api.stage.accessLogSettings = {
      destinationArn: 'arn:aws:logs:eu-central-1:000000000000:log-group:access',
      format: FORMAT,
    };
    return api;
  }

  it('prints the variables of a request, and - for those that are not set', () => {
    const api = accessApi();

    api.send('GET', '/a');

    expect(api.logged.get('access')).toEqual([
      `${ID}|eHh4eHh4eHh4eHg=|GET /{key+} HTTP/1.1|200|5|200|0|0|203.0.113.7|28/Jul/2026:09:45:44 +0000|-|-|S3REQUEST|-.`,
    ]);
  });

  it('prints - for the integration of a cache hit', () => {
    const api = accessApi();
    api.turnOnCache();

    api.send('GET', '/a');
    api.send('GET', '/a');

    expect(api.logged.get('access')?.map((line) => line.split('|').slice(5, 8))).toEqual([
      ['200', '0', '0'],
      ['-', '-', '-'],
    ]);
  });

  it('tells of failures', () => {
    const api = accessApi();

    api.send('PUT', '/a');

    expect(api.logged.get('access')?.[0]?.split('|').slice(2, 12)).toEqual([
      'PUT - HTTP/1.1',
      '403',
      '42',
      '-',
      '-',
      '-',
      '203.0.113.7',
      '28/Jul/2026:09:45:44 +0000',
      '"Missing Authentication Token"',
      'MISSING_AUTHENTICATION_TOKEN',
    ]);
  });

  it.each([
    ['no role', {}, undefined],
    ['no format', { destinationArn: 'arn:aws:logs:eu-central-1:000000000000:log-group:access' }, 'arn:role'],
    ['no group', { format: '$context.requestId' }, 'arn:role'],
  ])('writes nothing with %s', (_case, settings, cloudwatchRoleArn) => {
    const api = accessApi();
    api.store.put(TABLES.account, 'eu-central-1', { cloudwatchRoleArn });
    if (cloudwatchRoleArn !== undefined) api.stage.accessLogSettings = settings;

    api.send('GET', '/a');

    expect([...api.logged.keys()]).toEqual([]);
  });

  it('takes the request id of a client that names a UUID', () => {
    const api = accessApi();
    const named = '22222222-2222-4222-8222-222222222222';

    const response = api.send('GET', '/a', { headers: { 'X-Amzn-RequestId': named } });

    expect(response.headers['x-amzn-RequestId']).toBe(named);
    expect(api.logged.get('access')?.[0]?.startsWith(named)).toBe(true);
  });
});

describe('testInvoke()', () => {
  it('runs a MOCK of the draft and tells the log as AWS does', () => {
    const api = new ServedApi();
    api.add(
      '/pets/{petId}',
      'GET',
      mock({}, { responseTemplates: { 'application/json': '{"id": "$input.params(\'petId\')"}' } }),
    );

    const result = api.test('/pets/{petId}', 'GET', {
      pathWithQueryString: '/pets/123?foo=bar',
      body: '{"a": 1}',
      headers: { 'content-type': 'application/json' },
    });

    const at = 'Tue Jul 28 09:45:44 UTC 2026 : ';
    expect(result).toEqual({
      status: 200,
      body: '{"id": "123"}',
      headers: { 'Content-Type': 'application/json' },
      multiValueHeaders: { 'Content-Type': ['application/json'] },
      latency: 0,
      log: [
        `Execution log for request ${ID}`,
        `${at}Starting execution for request: ${ID}`,
        `${at}HTTP Method: GET, Resource Path: /pets/123`,
        `${at}Method request path: {petId=123}`,
        `${at}Method request query string: {foo=bar}`,
        `${at}Method request headers: {content-type=application/json}`,
        `${at}Method request body before transformations: {"a": 1}`,
        `${at}Method response body after transformations: {"id": "123"}`,
        `${at}Method response headers: {Content-Type=application/json}`,
        `${at}Successfully completed execution`,
        `${at}Method completed with status: 200`,
        '',
      ].join('\n'),
    });
  });

  it.each([
    [undefined, '/pets/{petId}', '{petId={petId}}'],
    ['/other/path', '/other/path', '{}'],
    ['/pets/a%20b', '/pets/a%20b', '{petId=a b}'],
  ])('with path %s shows %s and %s', (pathWithQueryString, shown, parameters) => {
    const api = new ServedApi();
    api.add('/pets/{petId}', 'GET', mock());

    const { log, status } = api.test('/pets/{petId}', 'GET', { pathWithQueryString });

    expect(status).toBe(200);
    expect(log).toContain(`Resource Path: ${shown}\n`);
    expect(log).toContain(`Method request path: ${parameters}\n`);
  });

  it('answers a wrongly wired method with 500 and one header', () => {
    const api = new ServedApi();
    api.add('/a', 'GET', s3({ uri: 'http://nowhere' }));

    const { body, headers, log, status } = api.test('/a', 'GET');

    expect([status, body, headers]).toEqual([
      500,
      '{"message":"Internal server error"}',
      { 'x-amzn-ErrorType': 'InternalServerErrorException' },
    ]);
    expect(log).toMatch(
      /Execution failed due to configuration error: Invalid endpoint address\n.* : Method completed with status: 500\n$/,
    );
  });

  it('skips key, authorisation, throttle and cache', () => {
    const api = new ServedApi(['*/*']);
    api.objects.set('pics/a', { body: 'bytes' });
    api.turnOnCache({ throttlingBurstLimit: 0 });
    api.add('/{key+}', 'GET', { ...s3(), apiKeyRequired: true, authorizationType: 'CUSTOM' });

    const results = [1, 2].map(() => api.test('/{key+}', 'GET', { pathWithQueryString: '/a' }));

    expect(results.map(({ status, body }) => [status, body])).toEqual([
      [200, 'bytes'],
      [200, 'bytes'],
    ]);
    expect(api.sentToS3).toHaveLength(2);
    expect(results[0]?.['headers']).toHaveProperty('X-Amzn-Trace-Id');
  });

  it('uses the draft, not what is deployed, and the stage variables it is given', () => {
    const api = new ServedApi();
    api.add('/a', 'GET', mock({}, { responseTemplates: { 'application/json': '$stageVariables.v $context.stage' } }));
    api.stage.variables = { v: 'deployed' };

    const { body } = api.test('/a', 'GET', { stageVariables: { v: 'given' } });

    expect(body).toBe('given test-invoke-stage');
  });

  it('takes every body for JSON', () => {
    const api = new ServedApi();
    api.add('/a', 'POST', mock({ passthroughBehavior: 'NEVER' }));

    expect(api.test('/a', 'POST', { headers: { 'Content-Type': 'text/plain' } })['status']).toBe(200);
  });

  it('answers 501 for what is not emulated', () => {
    const api = new ServedApi();
    api.add('/a', 'GET', s3({ type: 'HTTP' }));

    expect(api.test('/a', 'GET')).toMatchObject({
      status: 501,
      body: '{"message":"The local cloud does not emulate execute-api integration type HTTP."}',
    });
  });
});
