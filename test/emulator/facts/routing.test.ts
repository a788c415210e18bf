import { describe, expect, it } from 'vitest';
import { mock, ServedApi, textOf } from '../execute-api/served-api.js';

const ECHO = '$context.httpMethod $context.resourcePath $context.path $input.params().path $input.params().querystring';
const MISSING = '{"message":"Missing Authentication Token"}';

function ask(routes: readonly string[], method: string, path: string): string {
  const api = new ServedApi();
  for (const route of routes) {
    const [verb = '', resource = ''] = route.split(' ');
    api.add(resource, verb, mock({}, { responseTemplates: { 'application/json': ECHO } }));
  }
  return textOf(api.send(method, path));
}

describe('routing (recorded: TestApigatewayRouting)', () => {
  it.each([
    [['ANY /part1/hardcoded', 'ANY /{param+}'], '/part1/hardcoded', 'GET /part1/hardcoded /v1/part1/hardcoded {} {}'],
    [
      ['ANY /part1/hardcoded', 'ANY /{param+}'],
      '/part1/random',
      'GET /{param+} /v1/part1/random {param=part1/random} {}',
    ],
    [
      ['ANY /part1/hardcoded', 'ANY /part1/{param}'],
      '/part1/random',
      'GET /part1/{param} /v1/part1/random {param=random} {}',
    ],
    [
      ['ANY /part1/hardcoded', 'ANY /part1/{param}'],
      '/part1/hardcoded',
      'GET /part1/hardcoded /v1/part1/hardcoded {} {}',
    ],
    [['GET /a/{x}/b', 'GET /a/{y+}'], '/a/1/2', 'GET /a/{y+} /v1/a/1/2 {y=1/2} {}'],
    [['POST /test', 'GET /{proxy+}'], '/test', 'GET /{proxy+} /v1/test {proxy=test} {}'],
    [['POST /test', 'ANY /{proxy+}'], '/test', 'GET /{proxy+} /v1/test {proxy=test} {}'],
  ])('goes by %j for %s, whichever was made first', (routes, path, expected) => {
    expect([ask(routes, 'GET', path), ask([...routes].reverse(), 'GET', path)]).toEqual([expected, expected]);
  });

  it.each([
    ['HEAD', ['GET /test', 'GET /{proxy+}']],
    ['OPTIONS', ['POST /test']],
    ['DELETE', ['GET /test', 'PUT /{proxy+}']],
  ])('finds nothing for %s among %j', (verb, routes) => {
    const api = new ServedApi();
    for (const route of routes) api.add(route.split(' ')[1] ?? '', route.split(' ')[0] ?? '', mock());

    const response = api.send(verb, '/test');

    expect([response.status, response.headers['x-amzn-ErrorType'], textOf(response)]).toEqual([
      403,
      'MissingAuthenticationTokenException',
      verb === 'HEAD' ? '' : MISSING,
    ]);
  });

  it.each([
    ['/a/b/', 'GET /{p+} /v1/a/b/ {p=a/b} {}'],
    ['/a//b', 'GET /{p+} /v1/a//b {p=a//b} {}'],
    ['/test?x=a+b&y=a%2Bb', 'GET /{p+} /v1/test {p=test} {x=a b, y=a+b}'],
  ])('reads %s as %s (recorded: test_lambda_aws_proxy_integration)', (path, expected) => {
    expect(ask(['GET /{p+}'], 'GET', path)).toBe(expected);
  });
});
