import { describe, expect, it } from 'vitest';
import type { IntegrationResponse } from '../../../src/emulator/apigateway/model.js';
import type { WireRequest, WireResponse } from '../../../src/emulator/operation.js';
import { s3Service } from '../../../src/emulator/s3/index.js';
import { ALICE, ServedApi, s3, textOf } from './served-api.js';

const PIXELS = Buffer.from('89504e470d0a1a0aff00c328', 'hex');
const HOST = 's3.eu-central-1.amazonaws.com';
const RESPONSE_HEADERS = ['Content-Type', 'ETag', 'Last-Modified', 'Accept-Ranges', 'Content-Range'];
const REQUEST_HEADERS = ['Range', 'If-None-Match'];
const CANARY = 'canary';

/** Images behind `/images/{key+}` as they should be wired, served from the local S3 under a prefix, with a canary beside it. */
function imagesApi(options: { prefix?: string; listBucket?: boolean } = {}): ServedApi {
  const { listBucket = true, prefix = 'images/' } = options;
  const api = new ServedApi(['*/*']);
  api.s3 = (request, call, caller) => s3Service.handle(request, { ...call, caller }).response;
  api.verdict = ({ action }) => (action === 's3:ListBucket' && !listBucket ? 'implicit-deny' : 'allowed');
  const configuration =
    '<CreateBucketConfiguration><LocationConstraint>eu-central-1</LocationConstraint></CreateBucketConfiguration>';
  expect(put(api, '/pics', configuration).status).toBe(200);
  for (const key of [
    'images/a.png',
    'images/two%20words.png',
    'images/%C3%A9.png',
    'images/100%25.png',
    'images/x/y.png',
  ])
    expect(put(api, `/pics/${key}`, PIXELS).status).toBe(200);
  for (const key of ['a.png', 'secret.png', 'imagesecret.png']) put(api, `/pics/${key}`, CANARY);
  for (const verb of ['GET', 'HEAD']) api.add('/images/{key+}', verb, wiring(verb, prefix));
  return api;
}

function put(api: ServedApi, path: string, body: Uint8Array | string): WireResponse {
  const bytes = Buffer.from(body);
  const headers = { host: HOST, 'content-type': 'image/png', 'content-length': String(bytes.byteLength) };
  const request: WireRequest = { method: 'PUT', host: HOST, path, query: '', headers, body: bytes };
  return s3Service.handle(request, api.call(ALICE)).response;
}

function wiring(httpMethod: string, prefix: string): ReturnType<typeof s3> {
  const responseParameters = Object.fromEntries(
    RESPONSE_HEADERS.map((name) => [`method.response.header.${name}`, `integration.response.header.${name}`]),
  );
  const image = { responseParameters, contentHandling: 'CONVERT_TO_BINARY' } as const;
  const responses: Record<string, IntegrationResponse> = {
    '502': error('502', ''),
    '403': error('403', '403'),
    '404': error('404', '404'),
    '416': error('416', '416'),
  };
  for (const code of ['200', '206', '304']) responses[code] = { statusCode: code, selectionPattern: code, ...image };
  const requestParameters = Object.fromEntries(
    REQUEST_HEADERS.map((name) => [`integration.request.header.${name}`, `method.request.header.${name}`]),
  );
  const integration = {
    httpMethod,
    uri: `arn:aws:apigateway:eu-central-1:s3:path/pics/${prefix}{key}`,
    requestParameters: { ...requestParameters, 'integration.request.path.key': 'method.request.path.key' },
    integrationResponses: responses,
  };
  const methodResponses = Object.fromEntries(Object.keys(responses).map((code) => [code, { statusCode: code }]));
  return { ...s3(integration), methodResponses };
}

function error(statusCode: string, selectionPattern: string): IntegrationResponse {
  const responseTemplates = { 'application/json': '{"requestId":"$context.requestId"}' };
  return { statusCode, selectionPattern, responseTemplates, contentHandling: 'CONVERT_TO_TEXT' };
}

describe('images behind the gateway', () => {
  it.each([undefined, '*/*', 'image/png', 'text/html', 'image/avif,image/webp,*/*;q=0.8'])(
    'arrive byte for byte with Accept %s',
    (accept) => {
      const response = imagesApi().send('GET', '/images/a.png', {
        headers: accept === undefined ? {} : { Accept: accept },
      });

      expect(Buffer.from(response.body)).toEqual(PIXELS);
      expect(response.headers).toMatchObject({
        'Content-Type': 'image/png',
        'Content-Length': '12',
        ETag: expect.stringMatching(/^"/),
      });
      expect(response.headers).toHaveProperty('Last-Modified');
    },
  );

  it.each([
    '/images/two%20words.png',
    '/images/%C3%A9.png',
    '/images/%c3%a9.png',
    '/images/100%25.png',
    '/images/x/y.png',
  ])('arrive from %s', (path) => {
    const response = imagesApi().send('GET', path);

    expect([response.status, Buffer.from(response.body)]).toEqual([200, PIXELS]);
  });

  it.each([
    ['bytes=0-3', 206, 'bytes 0-3/12', 4],
    ['bytes=1-0', 200, undefined, 12],
    ['bytes=100-', 416, undefined, 52],
  ])('answer Range %s with %i', (range, status, contentRange, size) => {
    const response = imagesApi().send('GET', '/images/a.png', { headers: { Range: range } });

    expect([response.status, response.headers['Content-Range'], response.body.byteLength]).toEqual([
      status,
      contentRange,
      size,
    ]);
  });

  it('are not sent again to whoever has them', () => {
    const api = imagesApi();
    const etag = api.send('GET', '/images/a.png').headers['ETag'] ?? '';

    const response = api.send('GET', '/images/a.png', { headers: { 'If-None-Match': etag } });

    expect([response.status, response.body.byteLength]).toEqual([304, 0]);
  });

  it('answer HEAD without a body', () => {
    const response = imagesApi().send('HEAD', '/images/a.png');

    expect([response.status, response.body.byteLength, response.headers['Content-Type']]).toEqual([
      200,
      0,
      'image/png',
    ]);
  });

  it.each([
    ['GET', true, 404],
    ['GET', false, 403],
    ['HEAD', true, 404],
    ['HEAD', false, 403],
  ] as const)('that are missing answer %s, list right %s, with %i', (verb, listBucket, status) => {
    const response = imagesApi({ listBucket }).send(verb, '/images/none.png');

    expect(response.status).toBe(status);
    expect(textOf(response)).toBe(verb === 'HEAD' ? '' : '{"requestId":"11111111-1111-4111-8111-111111111111"}');
  });

  it('in a bucket of another Region are a redirect that the default answer hides', () => {
    const api = imagesApi();
    const method = wiring('GET', 'images/');
    const uri = 'arn:aws:apigateway:us-west-2:s3:path/pics/images/{key}';
    if (method.methodIntegration !== undefined) method.methodIntegration.uri = uri;
    api.add('/images/{key+}', 'GET', method);

    expect(api.send('GET', '/images/a.png').status).toBe(502);
  });
});

describe('requests that reach for more', () => {
  const TRAVERSALS = [
    '/images/../secret.png',
    '/images/../../x',
    '/images/a/../../secret.png',
    '/images/..%2fsecret.png',
    '/images/%2e%2e/secret.png',
    '/images/%2e%2e%2fsecret.png',
    '/images/%252e%252e%252fsecret.png',
    '/images/..;/secret.png',
    '/images/..;jsessionid=1/secret.png',
    '/images/.%2e/secret.png',
    '/images/%c0%ae%c0%ae/secret.png',
    '/images/..%5csecret.png',
    '/images/..\\secret.png',
    '/images/%00',
    '/images/a.png%00.png',
    '/images/./a.png',
    '/images/',
    '/images//',
    '/images///a.png',
    '/images/x//y.png',
    '/images/a.png.',
    '/images/%2f%2fevil',
    '/images/%zz',
    '/images/%',
    '/images/e%CC%81.png',
    'http://other/images/a.png',
    '*',
    '/secret.png',
  ];

  it.each(TRAVERSALS)('get nothing at %s', (path) => {
    const response = imagesApi().send('GET', path);

    expect([400, 403, 404]).toContain(response.status);
    expect(textOf(response)).not.toMatch(/canary|pics|<|000000000000/);
  });

  it.each([
    '%3Flist-type=2',
    '%3Fversions',
    '%3Fuploads',
    '%3Facl',
    '%3Flist-type=2%26prefix=',
    '%253Flist-type=2',
    'a.png%3Flist-type=2',
    'a.png%3Fuploads',
  ])('never list by %s behind a prefix', (key) => {
    const response = imagesApi().send('GET', `/images/${key}`);

    expect(['application/json', 'image/png']).toContain(response.headers['Content-Type']);
    expect(textOf(response)).not.toMatch(/<|canary|secret/);
  });

  it('retype an object by an encoded query, prefix or not, but not through an action', () => {
    const path = '/images/a.png%3Fresponse-content-type=text/html';
    const byAction = imagesApi();
    const method = wiring('GET', '');
    const uri = 'arn:aws:apigateway:eu-central-1:s3:action/GetObject&Bucket=pics&Key=images/{key}';
    if (method.methodIntegration !== undefined) method.methodIntegration.uri = uri;
    byAction.add('/images/{key+}', 'GET', method);

    const byPath = imagesApi().send('GET', path);

    expect([byPath.status, byPath.headers['Content-Type']]).toEqual([200, 'text/html']);
    expect([byAction.send('GET', path).status, byAction.send('GET', '/images/a.png').status]).toEqual([404, 200]);
  });

  it('list a bare bucket whose reader may list: the trap that a prefix closes', () => {
    const bare = imagesApi({ prefix: '' }).send('GET', '/images/%3Flist-type=2');
    const prefixed = imagesApi().send('GET', '/images/%3Flist-type=2');

    expect([bare.status, textOf(bare).includes('<Key>a.png</Key>')]).toEqual([200, true]);
    expect(textOf(prefixed)).toBe('{"requestId":"11111111-1111-4111-8111-111111111111"}');
  });

  it.each(['versionId=1', 'response-content-type=text/html', 'acl', 'uploads', 'list-type=2', 'a=1;b=2'])(
    'change nothing by the query %s',
    (query) => {
      const response = imagesApi().send('GET', `/images/a.png?${query}`);

      expect([response.headers['Content-Type'], Buffer.from(response.body)]).toEqual(['image/png', PIXELS]);
    },
  );

  it.each(['PUT', 'POST', 'DELETE', 'PATCH', 'TRACE', 'CONNECT', 'get', 'GETT'])('change nothing by %s', (verb) => {
    const api = imagesApi();

    const plain = api.send(verb, '/images/a.png', { body: 'x' }).status;
    const override = api.send('GET', '/images/a.png', { headers: { 'X-HTTP-Method-Override': verb } }).status;

    expect([plain, override]).toEqual([403, 403]);
    expect(Buffer.from(api.send('GET', '/images/a.png').body)).toEqual(PIXELS);
  });
});
