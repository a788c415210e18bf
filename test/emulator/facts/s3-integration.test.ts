import { describe, expect, it } from 'vitest';
import { mock, ServedApi, s3, textOf } from '../execute-api/served-api.js';
import { openBucketBehindApi } from './bucket-behind-api.js';

const BODY = Buffer.from('pixels');
const MAPPED_TYPE = {
  'integration.request.path.key': 'method.request.path.key',
  'integration.request.header.Content-Type': 'method.request.header.Content-Type',
};

const typesOf = (headers: Readonly<Record<string, string>>) =>
  Object.keys(headers)
    .map((name) => name.toLowerCase())
    .sort();

describe('an integration with S3 (recorded: test_apigateway_s3_any)', () => {
  it('stores what is PUT under the mapped type, with the checksum that S3 gives by itself, and answers 200 and nothing', () => {
    const { api, ask } = openBucketBehindApi(['image/png']);
    api.add('/{key+}', 'PUT', s3({ httpMethod: 'PUT', requestParameters: MAPPED_TYPE }));

    const response = api.send('PUT', '/a.png', { headers: { 'Content-Type': 'image/png' }, body: BODY });

    const { headers, body } = ask('GET', '/pics/a.png', { 'x-amz-checksum-mode': 'ENABLED' });
    expect([response.status, response.body.byteLength]).toEqual([200, 0]);
    expect([headers['Content-Type'], Buffer.from(body)]).toEqual(['image/png', BODY]);
    expect(headers).toHaveProperty('x-amz-checksum-crc64nvme');
  });

  it('forwards every verb of an ANY method whose integration says ANY', () => {
    const { api, ask } = openBucketBehindApi(['image/png']);
    api.add('/{key+}', 'ANY', s3({ httpMethod: 'ANY', requestParameters: MAPPED_TYPE }));

    const put = api.send('PUT', '/a.png', { headers: { 'Content-Type': 'image/png' }, body: BODY });
    const got = api.send('GET', '/a.png', { headers: { Accept: 'image/png' } });
    const gone = api.send('DELETE', '/a.png');
    const missing = api.send('GET', '/a.png', { headers: { Accept: 'application/xml' } });

    expect([put.status, got.status, gone.status, missing.status]).toEqual([200, 200, 200, 200]);
    expect(Buffer.from(got.body)).toEqual(BODY);
    expect(textOf(missing)).toMatch(/<Code>NoSuchKey<\/Code><Message>The specified key does not exist\.<\/Message>/);
    expect(ask('HEAD', '/pics/a.png').status).toBe(404);
  });

  it("hands on S3's refusal of a POST with the default status", () => {
    const { api } = openBucketBehindApi();
    api.add('/{key+}', 'ANY', s3({ httpMethod: 'ANY' }));

    const response = api.send('POST', '/a.png', { body: BODY });

    expect([response.status, response.headers['Content-Type']]).toEqual([200, 'application/xml']);
    expect(textOf(response)).toContain('<Error><Code>MethodNotAllowed</Code>');
  });

  it.each([
    [undefined, 200],
    ['204', 204],
  ])('answers a DELETE, whose pattern for S3’s 204 is %s, with %i', (selectionPattern, status) => {
    const { api, store } = openBucketBehindApi();
    store('a.png', BODY);
    const deleted = selectionPattern === undefined ? {} : { 204: { statusCode: '204', selectionPattern } };
    const integrationResponses = { 200: { statusCode: '200' }, ...deleted };
    const method = s3({ httpMethod: 'DELETE', integrationResponses });
    const methodResponses = { 200: { statusCode: '200' }, 204: { statusCode: '204' } };
    api.add('/{key+}', 'DELETE', { ...method, methodResponses });

    const response = api.send('DELETE', '/a.png');

    expect([response.status, response.body.byteLength]).toEqual([status, 0]);
  });

  it.each([
    ['PUT', 200, ''],
    ['DELETE', 404, undefined],
  ])('lets a GET be a %s for S3 (recorded: test_apigateway_s3_method_mapping)', (httpMethod, status, left) => {
    const { api, ask, store } = openBucketBehindApi();
    store('a.png', BODY);
    api.add('/{key+}', 'GET', s3({ httpMethod }));

    const response = api.send('GET', '/a.png');

    const after = ask('GET', '/pics/a.png');
    expect([response.status, after.status]).toEqual([200, status]);
    expect(status === 200 ? textOf(after) : undefined).toBe(left);
  });
});

describe('headers (recorded: TestApiGatewayHeaderRemapping)', () => {
  const READABLE = ['Accept', 'Accept-Charset', 'Accept-Encoding', 'Accept-Language', 'Age', 'Authorization'];
  const ALSO_READABLE = ['Content-Encoding', 'Content-Type', 'Date', 'Host', 'Pragma', 'Range', 'Referer'];
  const UNREADABLE = ['Connection', 'Content-Length', 'Content-MD5', 'Expect', 'Max-Forwards', 'Proxy-Authenticate'];
  const ALSO_UNREADABLE = ['Server', 'TE', 'Transfer-Encoding', 'Trailer', 'Upgrade', 'WWW-Authenticate'];

  it.each([
    ...[...READABLE, ...ALSO_READABLE, 'User-Agent', 'Via', 'Warn'].map((name) => [name, 'sent']),
    ...[...UNREADABLE, ...ALSO_UNREADABLE].map((name) => [name, undefined]),
  ])('%s of the client reads as %s', (name, value) => {
    const { api } = openBucketBehindApi();
    const requestParameters = { 'integration.request.header.x-seen': `method.request.header.${name}` };
    api.add('/{key+}', 'GET', s3({ requestParameters: { ...MAPPED_TYPE, ...requestParameters } }));

    api.send('GET', '/a', { headers: { [String(name)]: 'sent' } });

    expect(api.sentToS3[0]?.headers['x-seen']).toBe(value);
  });

  it.each([
    ['REGIONAL', 200, []],
    ['EDGE', 200, ['via', 'x-amz-cf-id', 'x-amz-cf-pop', 'x-cache']],
  ])('an answer of a %s API with status %i has these beside what is mapped: %j', (type, status, more) => {
    const { api, store } = openBucketBehindApi();
    store('a.png', BODY);
    api.api.endpointConfiguration.types = [type];
    api.add('/{key+}', 'GET', s3({}, { responseParameters: {} }));

    const response = api.send('GET', '/a.png');

    const always = ['connection', 'content-length', 'content-type', 'date', 'x-amz-apigw-id', 'x-amzn-requestid'];
    expect(response.status).toBe(status);
    expect(typesOf(response.headers)).toEqual([...always, 'x-amzn-trace-id', ...more].sort());
  });

  it.each([
    ['/mock', 200, 'Miss from cloudfront', undefined],
    ['/nothing', 403, 'Error from cloudfront', 'MissingAuthenticationTokenException'],
  ])('of an edge-optimised API tell at %s of CloudFront, and %i has no trace id', (path, status, cached, errorType) => {
    const api = new ServedApi();
    api.api.endpointConfiguration.types = ['EDGE'];
    api.add('/mock', 'GET', mock());

    const { headers, status: answered } = api.send('GET', path);

    expect([answered, headers['X-Cache'], headers['x-amzn-ErrorType']]).toEqual([status, cached, errorType]);
    expect(headers['Via']).toMatch(/^1\.1 [0-9a-f]{32}\.cloudfront\.net \(CloudFront\)$/);
    expect(headers['x-amz-apigw-id']).toMatch(/^[\w+/]+=$/);
    expect(headers['x-amzn-RequestId']).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(headers).not.toHaveProperty('X-Amzn-Trace-Id');
  });
});

describe('errors of the gateway', () => {
  it.each([{}, { 'x-api-key': 'a-key-that-nobody-ever-made' }])(
    'a method that wants an API key answers %j with 403 (recorded: test_api_key_required_for_methods)',
    (headers) => {
      const api = new ServedApi();
      api.add('/a', 'GET', { ...mock(), apiKeyRequired: true });

      expect(api.send('GET', '/a', { headers }).status).toBe(403);
    },
  );

  it('a body that is no JSON is a BadRequestException where the body is validated', () => {
    const api = new ServedApi();
    api.snapshot.validators = {
      v: { id: 'v', name: 'v', validateRequestBody: true, validateRequestParameters: false },
    };
    api.add('/a', 'POST', { ...mock(), requestModels: { 'application/json': 'Empty' }, requestValidatorId: 'v' });

    const response = api.send('POST', '/a', { body: 'not json' });

    expect([response.status, response.headers['x-amzn-ErrorType'], textOf(response)]).toEqual([
      400,
      'BadRequestException',
      '{"message":"Invalid request body"}',
    ]);
  });

  it('a required path parameter that the path does not have fails every call', () => {
    const api = new ServedApi();
    api.snapshot.validators = {
      v: { id: 'v', name: 'v', validateRequestBody: false, validateRequestParameters: true },
    };
    const requestParameters = { 'method.request.path.issuer': true, 'method.request.path.id': true };
    api.add('/{id}', 'GET', { ...mock(), requestParameters, requestValidatorId: 'v' });

    const response = api.send('GET', '/1?issuer=1', { headers: { issuer: '1' } });

    expect([response.status, textOf(response)]).toEqual([
      400,
      '{"message":"Missing required request parameters: [issuer]"}',
    ]);
  });
});
