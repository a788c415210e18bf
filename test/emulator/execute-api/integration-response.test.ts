import { describe, expect, it } from 'vitest';
import type { IntegrationResponse } from '../../../src/emulator/apigateway/model.js';
import { mock, ServedApi, s3, textOf } from './served-api.js';

function apiWith(responses: Record<string, Partial<IntegrationResponse>>): ServedApi {
  const api = new ServedApi(['*/*']);
  api.objects.set('pics/a', { body: 'bytes', headers: { 'Last-Modified': 'then', 'x-amz-meta-a': 'b' } });
  const integrationResponses = Object.fromEntries(
    Object.entries(responses).map(([statusCode, response]) => [statusCode, { statusCode, ...response }]),
  );
  api.add('/{key+}', 'GET', s3({ integrationResponses }));
  return api;
}

describe('mapResponse()', () => {
  it.each([
    ['no pattern at all', { 200: {} }, 200],
    ['an empty pattern', { 200: { selectionPattern: '' } }, 200],
    ['a pattern that fits', { 200: {}, 404: { selectionPattern: '404' } }, 404],
    ['a pattern of several', { 200: {}, 404: { selectionPattern: '4\\d{2}' } }, 404],
    ['a pattern that fits the start only', { 200: {}, 404: { selectionPattern: '40' } }, 200],
    ['a pattern that fits the end only', { 200: {}, 404: { selectionPattern: '04' } }, 200],
    [
      'a pattern, before the default that comes first',
      { 200: { selectionPattern: '' }, 404: { selectionPattern: '404' } },
      404,
    ],
    ['no pattern that fits, and no default', { 200: { selectionPattern: '200' } }, 500],
    ['a broken pattern', { 200: { selectionPattern: '(' } }, 500],
    ['a status without a method response', { 302: {} }, 500],
  ] as const)('gives a missing object by %s', (_case, responses, status) => {
    expect(apiWith(responses).send('GET', '/missing').status).toBe(status);
  });

  it("hands on S3's XML with 200 when there is only the default", () => {
    const response = apiWith({ 200: {} }).send('GET', '/missing');

    expect([response.status, textOf(response)]).toEqual([200, '<Error><Code>NoSuchKey</Code></Error>']);
  });

  it.each([
    ['404', 'No match for output mapping and no default output mapping configured. Endpoint Response Status Code: 404'],
    ['200', 'Output mapping refers to an invalid method response: 302'],
  ])('tells the log why: a missing object answers %s', (_status, reason) => {
    const api = apiWith(reason.startsWith('No match') ? { 200: { selectionPattern: '200' } } : { 302: {} });

    const { log } = api.test('/{key+}', 'GET', { pathWithQueryString: '/missing' });

    expect(log).toContain(`Execution failed due to configuration error: ${reason}\n`);
  });

  it('lets no header of S3 through unmapped', () => {
    const response = apiWith({ 200: {} }).send('GET', '/a');

    expect(response.headers).toEqual({
      Date: 'Tue, 28 Jul 2026 09:45:44 GMT',
      'Content-Type': 'application/json',
      'Content-Length': '5',
      Connection: 'keep-alive',
      'x-amzn-RequestId': '11111111-1111-4111-8111-111111111111',
      'x-amz-apigw-id': expect.stringMatching(/^[\w+/]{15}=$/),
      'X-Amzn-Trace-Id': expect.stringMatching(/^Root=1-/),
    });
  });

  it.each([
    'Authorization',
    'Connection',
    'Content-Length',
    'Content-MD5',
    'Date',
    'Expect',
    'Host',
    'Max-Forwards',
    'Proxy-Authenticate',
    'Server',
    'Trailer',
    'Upgrade',
    'User-Agent',
    'WWW-Authenticate',
  ])('renames %s', (name) => {
    const api = apiWith({ 200: { responseParameters: { [`method.response.header.${name}`]: "'mapped'" } } });

    const { headers } = api.send('GET', '/a');

    expect(headers[`x-amzn-Remapped-${name}`]).toBe('mapped');
    expect(headers[name]).not.toBe('mapped');
  });

  it.each([
    'Accept',
    'Accept-Charset',
    'Accept-Encoding',
    'Age',
    'Content-Encoding',
    'Content-Type',
    'Pragma',
    'Range',
    'Referer',
    'TE',
    'Via',
    'Warn',
    'ETag',
    'Last-Modified',
    'Cache-Control',
    'Content-Range',
    'Accept-Ranges',
    'Content-Disposition',
    'Expires',
    'Vary',
    'x-amz-meta-a',
  ])('leaves %s as it is', (name) => {
    const api = apiWith({ 200: { responseParameters: { [`method.response.header.${name}`]: "'mapped'" } } });

    expect(api.send('GET', '/a').headers[name]).toBe('mapped');
  });

  it('drops Transfer-Encoding', () => {
    const parameters = { 'method.response.header.Transfer-Encoding': "'chunked'" };
    const { headers } = apiWith({ 200: { responseParameters: parameters } }).send('GET', '/a');

    expect(Object.keys(headers).filter((name) => /transfer/i.test(name))).toEqual([]);
  });

  it('maps headers, fixed texts, context and stage variables, and leaves out what is not there', () => {
    const header = 'method.response.header';
    const api = apiWith({
      200: {
        responseParameters: {
          [`${header}.Last-Modified`]: 'integration.response.header.Last-Modified',
          [`${header}.X-Size`]: 'integration.response.header.Content-Length',
          [`${header}.X-Meta`]: 'integration.response.multivalueheader.x-amz-meta-a',
          [`${header}.X-Id`]: 'context.requestId',
          [`${header}.X-Fixed`]: "'*'",
          [`${header}.X-Var`]: 'stageVariables.v',
          [`${header}.X-None`]: 'integration.response.header.None',
        },
      },
    });
    api.stage.variables = { v: '1' };

    const { headers } = api.send('GET', '/a');

    expect(headers).toMatchObject({
      'Last-Modified': 'then',
      'X-Size': '5',
      'X-Meta': 'b',
      'X-Id': '11111111-1111-4111-8111-111111111111',
      'X-Fixed': '*',
      'X-Var': '1',
    });
    expect(headers).not.toHaveProperty('X-None');
  });

  it("maps parts of a JSON body, and of the client's", () => {
    const api = new ServedApi();
    api.objects.set('pics/a', { body: '{"a":{"b":[1,"two"]}}', type: 'application/json' });
    const responseParameters = {
      'method.response.header.X-One': 'integration.response.body.a.b[1]',
      'method.response.header.X-List': 'integration.response.body.a.b',
      'method.response.header.X-Path': 'method.request.path.key',
    };
    api.add('/{key+}', 'GET', s3({}, { responseParameters }));

    const { headers } = api.send('GET', '/a');

    expect([headers['X-One'], headers['X-List'], headers['X-Path']]).toEqual(['two', '[1,"two"]', 'a']);
  });

  it('answers HEAD without a body and with a length of 0', () => {
    const api = apiWith({ 200: {} });
    const parameters = { 'method.response.header.Content-Length': 'integration.response.header.Content-Length' };
    api.add('/{key+}', 'HEAD', s3({ httpMethod: 'HEAD' }, { responseParameters: parameters }));

    const response = api.send('HEAD', '/a');

    expect(response.body.byteLength).toBe(0);
    expect([response.headers['Content-Length'], response.headers['x-amzn-Remapped-Content-Length']]).toEqual([
      '0',
      '5',
    ]);
  });

  it.each([
    [undefined, 'json'],
    ['application/json', 'json'],
    ['text/html', 'html'],
    ['image/avif, text/html;q=0.9', 'html'],
    ['image/png', 'json'],
    ['*/*', 'json'],
  ])('chooses the template by Accept: %s', (accept, body) => {
    const api = new ServedApi();
    api.objects.set('pics/a', { body: 'x', type: 'text/html' });
    const responseTemplates = { 'text/html': 'html', 'application/json': 'json' };
    api.add('/{key+}', 'GET', s3({}, { responseTemplates }));

    expect(textOf(api.send('GET', '/a', { headers: accept === undefined ? {} : { Accept: accept } }))).toBe(body);
  });

  it('chooses the first template where none fits and none is for JSON', () => {
    const api = new ServedApi();
    api.add('/{key+}', 'GET', s3({}, { responseTemplates: { 'text/a': 'first', 'text/b': 'second' } }));

    expect(textOf(api.send('GET', '/a'))).toBe('first');
  });
});

describe('finishMethodResponse()', () => {
  it('gives MOCK answers no trace id', () => {
    const api = new ServedApi();
    api.add('/a', 'GET', mock());

    const { headers, status } = api.send('GET', '/a');

    expect(status).toBe(200);
    expect(Object.keys(headers)).not.toContain('X-Amzn-Trace-Id');
  });
});

describe('compress()', () => {
  it.each([
    ['gzip, deflate', 5, undefined, 'gzip'],
    ['deflate', 5, undefined, 'deflate'],
    ['gzip;q=0', 5, undefined, undefined],
    ['br', 5, undefined, undefined],
    ['gzip', 6, undefined, undefined],
    ['gzip', undefined, undefined, undefined],
    ['gzip', 5, "'br'", 'br'],
  ])('for Accept-Encoding %s, from %s bytes and with Content-Encoding %s: %s', (accepted, minimum, mapped, coding) => {
    const api = apiWith({
      200: { responseParameters: mapped === undefined ? {} : { 'method.response.header.Content-Encoding': mapped } },
    });
    if (minimum !== undefined) api.api.minimumCompressionSize = minimum;

    const response = api.send('GET', '/a', { headers: { 'Accept-Encoding': accepted } });

    expect(response.headers['Content-Encoding']).toBe(coding);
    expect(response.headers['Content-Length']).toBe(String(response.body.byteLength));
    expect(textOf(response) === 'bytes').toBe(coding === undefined || coding === 'br');
  });
});
