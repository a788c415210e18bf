import { describe, expect, it } from 'vitest';
import { API_ID, mock, ServedApi, s3 } from '../execute-api/served-api.js';

const ID = '11111111-1111-4111-8111-111111111111';
const AT = 'Tue Jul 28 09:45:44 UTC 2026 : ';
const FAILED = { 'x-amzn-ErrorType': 'InternalServerErrorException' };

function bodyOf(log: unknown): string[] {
  return String(log).split('\n');
}

describe('testInvoke() (recorded, August and September 2025)', () => {
  it('tells every step of an integration with S3 in order', () => {
    const api = new ServedApi();
    api.objects.set('pics/a', { body: '{"a":1}', type: 'application/json' });
    api.add('/{key+}', 'GET', s3());

    const { log, headers, multiValueHeaders } = api.test('/{key+}', 'GET', {
      pathWithQueryString: '/a?foo=bar',
      headers: { Accept: 'application/json' },
    });

    const trace = 'Root=1-6a687a48-000000000000400080000000';
    const url = 'https://s3.eu-central-1.amazonaws.com/pics/a';
    expect(bodyOf(log)).toEqual([
      `Execution log for request ${ID}`,
      ...[
        `Starting execution for request: ${ID}`,
        'HTTP Method: GET, Resource Path: /a',
        'Method request path: {key=a}',
        'Method request query string: {foo=bar}',
        'Method request headers: {Accept=application/json}',
        'Method request body before transformations: ',
        `Endpoint request URI: ${url}`,
        `Endpoint request headers: {Authorization=${'*'.repeat(40)}, X-Amz-Date=20260728T094544Z, x-amzn-apigateway-api-id=${API_ID}, Accept=application/json, User-Agent=AmazonAPIGateway_${API_ID}, X-Amz-Security-Token= [TRUNCATED]`,
        'Endpoint request body after transformations: ',
        `Sending request to ${url}`,
        'Received response. Status: 200, Integration latency: 0 ms',
        'Endpoint response headers: {Content-Type=application/json, Content-Length=7, ETag="original", Date=Tue, 28 Jul 2026 09:45:44 GMT, Server=AmazonS3, x-amz-request-id=S3REQUEST}',
        'Endpoint response body before transformations: {"a":1}',
        'Method response body after transformations: {"a":1}',
        `Method response headers: {X-Amzn-Trace-Id=${trace}, Content-Type=application/json, ETag="original"}`,
        'Successfully completed execution',
        'Method completed with status: 200',
      ].map((line) => `${AT}${line}`),
      '',
    ]);
    expect(headers).toEqual({ 'X-Amzn-Trace-Id': trace, 'Content-Type': 'application/json', ETag: '"original"' });
    expect(multiValueHeaders).toMatchObject({ 'Content-Type': ['application/json'] });
  });

  it('says where it stopped when an integration is wired wrongly, and answers one header', () => {
    const api = new ServedApi();
    api.add('/a', 'GET', s3({ uri: 'nowhere' }));

    const result = api.test('/a', 'GET', { pathWithQueryString: '/a' });

    expect(bodyOf(result['log']).slice(-3)).toEqual([
      `${AT}Execution failed due to configuration error: Invalid endpoint address`,
      `${AT}Method completed with status: 500`,
      '',
    ]);
    expect(result).toMatchObject({ status: 500, body: '{"message":"Internal server error"}' });
    expect([result['headers'], result['multiValueHeaders']]).toEqual([
      FAILED,
      { 'x-amzn-ErrorType': ['InternalServerErrorException'] },
    ]);
  });

  it.each([
    [undefined, '/pets/{petId}', '{petId={petId}}', 'id of {petId}'],
    ['/pets/123?foo=bar', '/pets/123', '{petId=123}', 'id of 123'],
    ['/other/path', '/other/path', '{}', 'id of '],
  ])('with the path %s runs all the same', (pathWithQueryString, path, parameters, body) => {
    const api = new ServedApi();
    const responseTemplates = { 'application/json': "id of $input.params('petId')" };
    api.add('/pets/{petId}', 'GET', mock({}, { responseTemplates }));

    const result = api.test('/pets/{petId}', 'GET', { pathWithQueryString });

    expect([result['status'], result['body']]).toEqual([200, body]);
    expect(bodyOf(result['log']).slice(2, 4)).toEqual([
      `${AT}HTTP Method: GET, Resource Path: ${path}`,
      `${AT}Method request path: ${parameters}`,
    ]);
  });
});
