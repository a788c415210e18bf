import { describe, expect, it } from 'vitest';
import { mock, ServedApi, textOf } from './served-api.js';

/** An API whose methods answer with the resource path and the path parameters. */
function apiWith(routes: Readonly<Record<string, readonly string[]>>): ServedApi {
  const api = new ServedApi();
  const template = '$context.httpMethod $context.resourcePath $input.params().path';
  for (const [path, verbs] of Object.entries(routes))
    for (const verb of verbs) api.add(path, verb, mock({}, { responseTemplates: { 'application/json': template } }));
  return api;
}

const MISSING = '{"message":"Missing Authentication Token"}';

describe('routeRequest()', () => {
  it.each([
    ['unknown path', { '/test': ['GET'] }, 'GET', '/other', MISSING],
    ['known path, other verb', { '/test': ['GET'] }, 'POST', '/test', MISSING],
    ['HEAD is not implied by GET', { '/test': ['GET'] }, 'HEAD', '/test', ''],
    ['static wins over a parameter', { '/a': ['GET'], '/{p}': ['GET'] }, 'GET', '/a', 'GET /a {}'],
    ['static wins over a greedy parameter', { '/{p+}': ['GET'], '/a': ['GET'] }, 'GET', '/a', 'GET /a {}'],
    [
      'a parameter wins over a greedy one',
      { '/{q+}': ['GET'], '/{q+}/x': [], '/b/{p}': ['GET'] },
      'GET',
      '/b/1',
      'GET /b/{p} {p=1}',
    ],
    [
      'backtracks to the greedy root',
      { '/part1/hardcoded': ['GET'], '/{param+}': ['GET'] },
      'GET',
      '/part1/random',
      'GET /{param+} {param=part1/random}',
    ],
    [
      'a missing verb falls through to the greedy sibling',
      { '/test': ['POST'], '/{proxy+}': ['OPTIONS'] },
      'OPTIONS',
      '/test',
      'OPTIONS /{proxy+} {proxy=test}',
    ],
    ['exact verb wins over ANY', { '/a': ['ANY', 'GET'] }, 'GET', '/a', 'GET /a {}'],
    ['ANY takes the rest', { '/a': ['ANY', 'GET'] }, 'PATCH', '/a', 'PATCH /a {}'],
    ['ANY is not for TRACE', { '/a': ['ANY'] }, 'TRACE', '/a', MISSING],
    ['nor for a verb in lower case', { '/a': ['ANY'] }, 'get', '/a', MISSING],
    ['nor for itself', { '/a': ['ANY'] }, 'ANY', '/a', MISSING],
    ['a trailing slash does not count', { '/a': ['GET'] }, 'GET', '/a/', 'GET /a {}'],
    ['nor behind a greedy value', { '/{p+}': ['GET'] }, 'GET', '/a/b/', 'GET /{p+} {p=a/b}'],
    ['inner double slashes stay', { '/{p+}': ['GET'] }, 'GET', '/a//b', 'GET /{p+} {p=a//b}'],
    ['the parent of a greedy is not matched', { '/{p+}': ['GET'] }, 'GET', '/', MISSING],
    ['nor one below the root', { '/images/{p+}': ['GET'] }, 'GET', '/images', MISSING],
    ['nor with slashes only', { '/images/{p+}': ['GET'] }, 'GET', '/images//', MISSING],
    ['the root has a method of its own', { '/': ['GET'] }, 'GET', '', 'GET / {}'],
    ['an encoded slash does not split', { '/{p}': ['GET'] }, 'GET', '/a%2Fb', 'GET /{p} {p=a/b}'],
    ['two parameters', { '/{a}/{b}': ['GET'] }, 'GET', '/1/2', 'GET /{a}/{b} {a=1, b=2}'],
  ] as const)('%s', (_case, routes, verb, path, body) => {
    const api = apiWith(routes);

    const response = api.send(verb, path);

    expect(textOf(response)).toBe(body);
    expect(response.status).toBe(body === MISSING || body === '' ? 403 : 200);
  });

  it('tells of a missing route with its error type', () => {
    const response = apiWith({}).send('GET', '/nothing');

    expect(response.headers['x-amzn-ErrorType']).toBe('MissingAuthenticationTokenException');
  });

  it.each(['DELETE', 'PUT', 'GET'])('lets X-HTTP-Method-Override: %s replace the verb', (verb) => {
    const api = apiWith({ '/a': ['GET'] });

    const response = api.send('POST', '/a', { headers: { 'X-HTTP-Method-Override': verb } });

    expect(response.status).toBe(verb === 'GET' ? 200 : 403);
  });

  it('answers Forbidden for an unknown stage', () => {
    const response = apiWith({ '/a': ['GET'] }).send('GET', '/a', { stageName: 'v2' });

    expect([response.status, textOf(response)]).toEqual([403, '{"message":"Forbidden"}']);
    expect(response.headers).toMatchObject({
      'x-amzn-ErrorType': 'ForbiddenException',
      'x-amzn-RequestId': expect.any(String),
    });
  });
});

describe('parseClientRequest()', () => {
  it.each([
    '/a"b',
    '/a<b',
    '/a>b',
    '/a\\b',
    '/a^b',
    '/a`b',
    '/a{b',
    '/a|b',
    '/a}b',
    '/a b',
    '/aéb',
    '/a%zz',
    '/a%',
    '/a?x=|',
  ])('turns away %s', (path) => {
    const response = apiWith({ '/{p+}': ['GET'] }).send('GET', path);

    expect([response.status, textOf(response)]).toEqual([400, '{"message":"Bad Request"}']);
  });

  it('turns away a payload over 10 MB in plain text and without x-amzn headers', () => {
    const api = apiWith({ '/a': ['POST'] });

    const response = api.send('POST', '/a', { body: Buffer.alloc(10_485_761) });

    expect([response.status, textOf(response)]).toEqual([413, 'HTTP content length exceeded 10485760 bytes.']);
    expect(response.headers['Content-Type']).toBe('text; charset=utf-8');
    expect(Object.keys(response.headers).filter((name) => name.toLowerCase().startsWith('x-am'))).toEqual([]);
  });

  it('takes a payload of exactly 10 MB', () => {
    const api = apiWith({ '/a': ['POST'] });

    expect(api.send('POST', '/a', { body: Buffer.alloc(10_485_760) }).status).toBe(200);
  });
});
