import { describe, expect, it } from 'vitest';
import { mock, ServedApi, s3, textOf } from './served-api.js';

describe('mapRequest()', () => {
  const templates = { 'application/json': '{"statusCode": 200}' };

  it.each([
    ['WHEN_NO_MATCH', {}, 'text/plain', 200],
    ['WHEN_NO_MATCH', templates, 'text/plain', 200],
    ['WHEN_NO_MATCH', templates, 'application/json', 200],
    ['WHEN_NO_TEMPLATES', {}, 'text/plain', 200],
    ['WHEN_NO_TEMPLATES', templates, 'text/plain', 415],
    ['WHEN_NO_TEMPLATES', templates, 'application/json', 200],
    ['NEVER', {}, 'text/plain', 415],
    ['NEVER', templates, 'text/plain', 415],
    ['NEVER', templates, 'application/json; charset=utf-8', 200],
    ['NEVER', templates, undefined, 200],
  ] as const)(
    'with %s, templates %j and Content-Type %s answers %i',
    (passthroughBehavior, requestTemplates, type, status) => {
      const api = new ServedApi();
      api.add('/a', 'POST', mock({ passthroughBehavior, requestTemplates }));

      const response = api.send('POST', '/a', {
        headers: type === undefined ? {} : { 'Content-Type': type },
        body: '{"statusCode": 200}',
      });

      expect(response.status).toBe(status);
      if (status === 415) {
        expect(textOf(response)).toBe('{"message":"Unsupported Media Type"}');
        expect(response.headers['x-amzn-ErrorType']).toBe('BadRequestException');
      }
    },
  );

  it('sends what the template makes, with what it overrides', () => {
    const api = new ServedApi();
    const template = [
      '#set($context.requestOverride.path.key = "over")',
      '#set($context.requestOverride.header.x-a = "b c")',
      '#set($context.requestOverride.querystring.q = "&")',
      '{"was": "$input.params(\'key\')"}',
    ].join('');
    api.add('/{key+}', 'PUT', s3({ httpMethod: 'PUT', requestTemplates: { 'application/json': template } }));

    api.send('PUT', '/a', { body: '{}' });

    expect(api.sentToS3[0]).toMatchObject({ path: '/pics/over', query: 'q=%26', headers: { 'x-a': 'b c' } });
    expect(Buffer.from(api.sentToS3[0]?.body ?? '').toString()).toBe('{"was": "a"}');
  });

  it.each([
    ['$input.json("$.a")', 400, 'Could not parse request body into json: '],
    ['#if(', 500, 'Internal server error'],
  ])('fails on the template %s with %i', (template, status, message) => {
    const api = new ServedApi();
    api.add('/a', 'POST', mock({ requestTemplates: { 'application/json': template } }));

    const response = api.send('POST', '/a', { body: 'not json' });

    expect(response.status).toBe(status);
    expect(textOf(response)).toContain(`{"message":"${message}`);
  });
});

describe('answerMock()', () => {
  it.each([
    ['{"statusCode": 404}', 404],
    ['{statusCode: 404}', 404],
    ["{'statusCode' : '404'}", 404],
    ['{"a": 1, "statusCode": 404, "b": 2}', 404],
    ['{"statusCode": 200}', 200],
    ['{"status": 404}', 500],
    ['{"statusCode": "x"}', 500],
    ['', 500],
  ])('of %s is %i', (template, status) => {
    const api = new ServedApi();
    const integrationResponses = { 200: { statusCode: '200' }, 404: { statusCode: '404', selectionPattern: '404' } };
    const method = mock({ requestTemplates: { 'application/json': template }, integrationResponses });
    api.add('/a', 'GET', { ...method, methodResponses: { 200: { statusCode: '200' }, 404: { statusCode: '404' } } });

    expect(api.send('GET', '/a').status).toBe(status);
  });
});
