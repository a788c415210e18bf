import { describe, expect, it } from 'vitest';
import { ALICE, ANONYMOUS, API_ID, ServedApi, s3, textOf } from './served-api.js';

const CONFIG_ERROR = [500, '{"message":"Internal server error"}', 'InternalServerErrorException'];

function apiWith(integration: Parameters<typeof s3>[0] = {}, response: Parameters<typeof s3>[1] = {}): ServedApi {
  const api = new ServedApi(['*/*']);
  api.objects.set('pics/a', { body: 'bytes' });
  api.add('/{key+}', 'GET', s3(integration, response));
  return api;
}

describe('sendToS3()', () => {
  it('sends nothing but defaults when nothing is mapped', () => {
    const api = apiWith();

    const response = api.send('GET', '/a?versionId=1&acl', {
      headers: { Range: 'bytes=0-1', 'If-None-Match': '"original"', Cookie: 'x', 'x-amz-acl': 'public-read' },
    });

    expect([response.status, textOf(response)]).toEqual([200, 'bytes']);
    expect(api.sentToS3.map(({ query, headers }) => ({ query, headers }))).toEqual([
      {
        query: '',
        headers: {
          host: 's3.eu-central-1.amazonaws.com',
          accept: 'application/json',
          'user-agent': `AmazonAPIGateway_${API_ID}`,
          'x-amzn-trace-id': expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/),
          'x-amzn-apigateway-api-id': API_ID,
        },
      },
    ]);
  });

  it("sends the client's Content-Type along with a body", () => {
    const api = new ServedApi(['*/*']);
    api.add('/{key+}', 'PUT', s3({ httpMethod: 'PUT' }));

    api.send('PUT', '/typed', { headers: { 'content-type': 'image/png' }, body: 'x' });
    api.send('PUT', '/untyped', { body: 'x' });

    expect([...api.objects.values()].map((object) => object.type)).toEqual(['image/png', 'application/json']);
  });

  it('maps headers, query strings, stage variables, context and fixed texts', () => {
    const api = apiWith({
      requestParameters: {
        'integration.request.path.key': 'method.request.path.key',
        'integration.request.header.Range': 'method.request.header.Range',
        'integration.request.header.x-stage': 'stageVariables.colour',
        'integration.request.header.x-ip': 'context.identity.sourceIp',
        'integration.request.header.Accept': "'image/avif'",
        'integration.request.querystring.response-content-type': 'method.request.querystring.as',
        'integration.request.querystring.tag': 'method.request.multivaluequerystring.t',
        'integration.request.querystring.none': 'method.request.querystring.none',
      },
    });
    api.stage.variables = { colour: 'green' };

    const response = api.send('GET', '/a?as=text/x%2By&t=1;t=2+3', { headers: { Range: 'bytes=0-1' } });

    const [sent] = api.sentToS3;
    expect(sent?.headers).toMatchObject({
      range: 'bytes=0-1',
      'x-stage': 'green',
      'x-ip': '203.0.113.7',
      accept: 'image/avif',
    });
    expect(sent?.query).toBe('response-content-type=text%2Fx%2By&tag=1&tag=2%203');
    expect(response.headers['Content-Type']).toBe('text/x+y');
  });

  it('takes the names of mapped headers in the very case of the client', () => {
    const api = apiWith({
      requestParameters: {
        'integration.request.path.key': 'method.request.path.key',
        'integration.request.header.Range': 'method.request.header.Range',
      },
    });

    api.send('GET', '/a', { headers: { range: 'bytes=0-1' } });

    expect(api.sentToS3[0]?.headers['range']).toBeUndefined();
  });

  it('forwards the verb of the client for ANY', () => {
    const api = apiWith();
    api.add('/{key+}', 'ANY', s3({ httpMethod: 'ANY' }));

    api.send('DELETE', '/a');

    expect(api.sentToS3[0]?.method).toBe('DELETE');
  });

  it('may get an object for another verb', () => {
    const api = apiWith();
    api.add('/{key+}', 'POST', s3({ httpMethod: 'GET' }));

    expect(textOf(api.send('POST', '/a', { body: 'ignored' }))).toBe('bytes');
    expect(api.sentToS3[0]?.body.byteLength).toBe(0);
  });

  it.each([
    ['s3:action/GetObject&Bucket=pics&Key={key}', 'GET', '/pics/a'],
    ['s3:action/HeadObject&Bucket=pics&Key={key}', 'HEAD', '/pics/a'],
    ['s3:path/${stageVariables.bucket}/{key}', 'GET', '/pics/a'],
  ])('goes by the uri %s', (uri, method, path) => {
    const api = apiWith({ uri: `arn:aws:apigateway:us-west-2:${uri}` });
    api.stage.variables = { bucket: 'pics' };

    api.send('GET', '/a');

    expect(api.sentToS3[0]).toMatchObject({ method, path, host: 's3.us-west-2.amazonaws.com' });
    expect(api.s3Regions).toEqual(['us-west-2']);
  });

  it.each([
    ['arn:aws:apigateway:eu-central-1:lambda:path/x', 'integration with lambda'],
    ['arn:aws:apigateway:eu-central-1:pics.s3:path/x', 'integration with pics.s3'],
    ['arn:aws:apigateway:eu-central-1:s3:action/ListBuckets', 'integration with s3:action/ListBuckets'],
  ])('answers 501 for %s', (uri, what) => {
    const response = apiWith({ uri }).send('GET', '/a');

    expect([response.status, textOf(response)]).toEqual([
      501,
      `{"message":"The local cloud does not emulate execute-api ${what}."}`,
    ]);
  });

  it.each(['HTTP', 'HTTP_PROXY', 'AWS_PROXY'] as const)('answers 501 for type %s', (type) => {
    const response = apiWith({ type }).send('GET', '/a');

    expect([response.status, textOf(response)]).toEqual([
      501,
      `{"message":"The local cloud does not emulate execute-api integration type ${type}."}`,
    ]);
  });

  it.each(['Content-Length', 'Transfer-Encoding', 'Authorization', 'Connection', 'Expect', 'Proxy-Authenticate', 'TE'])(
    'fails every call when %s is mapped into the request',
    (name) => {
      const api = apiWith({
        requestParameters: { [`integration.request.header.${name}`]: `method.request.header.${name}` },
      });

      const response = api.send('GET', '/a');

      expect([response.status, textOf(response), response.headers['x-amzn-ErrorType']]).toEqual(CONFIG_ERROR);
      expect(api.sentToS3).toEqual([]);
    },
  );

  it.each([
    ['Connection', false],
    ['Content-Length', false],
    ['Content-MD5', false],
    ['Expect', false],
    ['Max-Forwards', false],
    ['Proxy-Authenticate', false],
    ['Server', false],
    ['TE', false],
    ['Transfer-Encoding', false],
    ['Trailer', false],
    ['Upgrade', false],
    ['WWW-Authenticate', false],
    ['Accept', true],
    ['Accept-Encoding', true],
    ['Age', true],
    ['Authorization', true],
    ['Content-Encoding', true],
    ['Content-Type', true],
    ['Date', true],
    ['Host', true],
    ['Pragma', true],
    ['Range', true],
    ['Referer', true],
    ['User-Agent', true],
    ['Via', true],
    ['Warn', true],
  ])('lets %s of the client be mapped: %s', (name, readable) => {
    const api = apiWith({
      requestParameters: {
        'integration.request.path.key': 'method.request.path.key',
        'integration.request.header.x-seen': `method.request.header.${name}`,
      },
    });

    api.send('GET', '/a', { headers: { [name]: 'value' } });

    expect(api.sentToS3[0]?.headers['x-seen']).toBe(readable ? 'value' : undefined);
  });

  it('fails with 500 when the role cannot be assumed', () => {
    const api = apiWith();
    api.trusted = false;

    const response = api.send('GET', '/a');

    expect([response.status, textOf(response), response.headers['x-amzn-ErrorType']]).toEqual(CONFIG_ERROR);
    expect(api.test('/{key+}', 'GET')['log']).toContain(
      'Execution failed due to configuration error: API Gateway does not have permission to assume the provided role ARN\n',
    );
  });

  it.each([
    [ALICE, 200],
    [ANONYMOUS, 500],
  ])("passes the caller's own identity for arn:aws:iam::*:user/*: %o", (caller, status) => {
    const api = apiWith({ credentials: 'arn:aws:iam::*:user/*' });

    expect(api.send('GET', '/a', { caller }).status).toBe(status);
  });

  it('refuses an object over 10 MB', () => {
    const api = apiWith();
    api.objects.set('pics/big', { body: Buffer.alloc(10_485_761) });
    api.objects.set('pics/fits', { body: Buffer.alloc(10_485_760) });

    expect([api.send('GET', '/big').status, api.send('GET', '/fits').status]).toEqual([500, 200]);
  });

  it.each([
    'arn:aws:apigateway:eu-central-1:s3:path/pics/{key+}',
    'arn:aws:apigateway:eu-central-1:s3:path/pics/{other}',
  ])('names the illegal character of %s in the log', (uri) => {
    const api = apiWith({ uri });

    const status = api.send('GET', '/a').status;

    expect(status).toBe(500);
    expect(api.test('/{key+}', 'GET', { pathWithQueryString: '/a' })['log']).toContain(
      'Execution failed due to configuration error: Illegal character in path at index 43: https://s3.eu-central-1.amazonaws.com/pics/{',
    );
  });
});

describe('the key that S3 sees', () => {
  it.each([
    ['/a', '/pics/a'],
    ['/2024/06/a.png', '/pics/2024/06/a.png'],
    ['/a%20b', '/pics/a%20b'],
    ['/%C3%A9', '/pics/%C3%A9'],
    ['/100%25.png', '/pics/100%25.png'],
    ['/%252e%252e%252fx', '/pics/%252e%252e%252fx'],
    ['/a%2Fb', '/pics/a/b'],
    ['/../x', '/pics/../x'],
    ['/%2e%2e/x', '/pics/../x'],
    ['/a//b', '/pics/a//b'],
    ['/%00', '/pics/%00'],
    ['/..%5c', '/pics/..%5C'],
    ['/%7Ba%7D%22', '/pics/%7Ba%7D%22'],
    ['/a%23b', '/pics/a%23b'],
    ['/%c0%ae', '/pics/%EF%BF%BD%EF%BF%BD'],
    ["/a@b!$&'()*,;=:b", "/pics/a@b!$&'()*,;=:b"],
  ])('of %s is %s', (path, seen) => {
    const api = apiWith();

    api.send('GET', path);

    expect(api.sentToS3.map(({ path: sent, query }) => [sent, query])).toEqual([[seen, '']]);
  });

  it.each(['/a+b', '/a%2Bb'])('breaks the signature in %s', (path) => {
    const api = apiWith();
    api.objects.set('pics/a+b', { body: 'never' });

    const response = api.send('GET', path);

    expect(textOf(response)).toContain('<Code>SignatureDoesNotMatch</Code>');
    expect(api.sentToS3).toEqual([]);
  });

  it.each([
    ['bare bucket', '{key}', '/%3Flist-type=2', '/pics/', 'list-type=2', '<ListBucketResult/>'],
    ['prefix', 'images/{key}', '/%3Fversions', '/pics/images/', 'versions', '<Error><Code>NoSuchKey</Code></Error>'],
    [
      'bare bucket',
      '{key}',
      '/a%3Fresponse-content-type=text/html',
      '/pics/a',
      'response-content-type=text/html',
      'bytes',
    ],
    ['bare bucket', '{key}', '/a%3Facl', '/pics/a', 'acl', 'bytes'],
    [
      'bare bucket',
      '{key}',
      '/%253Flist-type=2',
      '/pics/%253Flist-type=2',
      '',
      '<Error><Code>NoSuchKey</Code></Error>',
    ],
  ])('ends at an encoded question mark: %s, %s, %s', (_case, template, path, seen, query, body) => {
    const api = apiWith({ uri: `arn:aws:apigateway:eu-central-1:s3:path/pics/${template}` });

    const response = api.send('GET', path);

    expect(api.sentToS3[0]).toMatchObject({ path: seen, query });
    expect(textOf(response)).toBe(body);
  });
});
