import { GetGatewayResponsesCommand } from '@aws-sdk/client-api-gateway';
import { describe, expect, it } from 'vitest';
import { badRequest, createControlPlane, makeApi, notFound, patch } from './control-plane.js';

const STOCK = { 'application/json': '{"message":$context.error.messageString}' };

const STATUS = {
  ACCESS_DENIED: '403',
  API_CONFIGURATION_ERROR: '500',
  AUTHORIZER_CONFIGURATION_ERROR: '500',
  AUTHORIZER_FAILURE: '500',
  BAD_REQUEST_BODY: '400',
  BAD_REQUEST_PARAMETERS: '400',
  DEFAULT_4XX: undefined,
  DEFAULT_5XX: undefined,
  EXPIRED_TOKEN: '403',
  INTEGRATION_FAILURE: '504',
  INTEGRATION_TIMEOUT: '504',
  INVALID_API_KEY: '403',
  INVALID_SIGNATURE: '403',
  MISSING_AUTHENTICATION_TOKEN: '403',
  QUOTA_EXCEEDED: '429',
  REQUEST_TOO_LARGE: '413',
  RESOURCE_NOT_FOUND: '404',
  THROTTLED: '429',
  UNAUTHORIZED: '401',
  UNSUPPORTED_MEDIA_TYPE: '415',
  WAF_FILTERED: '403',
};

function makeWorld() {
  const plane = createControlPlane();
  const all = `/restapis/${makeApi(plane)}/gatewayresponses`;
  return { plane, all, at: (type: string) => `${all}/${type}` };
}

describe('GetGatewayResponses', () => {
  it("lists all 21 types with AWS's defaults on one page", async () => {
    const plane = createControlPlane();
    const restApiId = makeApi(plane);

    const { items = [], position } = await plane.client.send(new GetGatewayResponsesCommand({ restApiId }));

    const byType = Object.fromEntries(items.map(({ responseType = '', ...rest }) => [responseType, rest]));
    const expected = Object.entries(STATUS).map(([type, statusCode]) => [
      type,
      {
        ...(statusCode !== undefined && { statusCode }),
        ...{ defaultResponse: true, responseParameters: {}, responseTemplates: STOCK },
      },
    ]);
    expect(byType).toEqual(Object.fromEntries(expected));
    expect(position).toBeUndefined();
  });
});

describe('PutGatewayResponse', () => {
  it('answers what it was given', () => {
    const { plane, at } = makeWorld();
    const given = {
      statusCode: '404',
      responseParameters: {
        'gatewayresponse.header.Access-Control-Allow-Origin': "'*'",
        'gatewayresponse.header.X-Path': 'method.request.path.key',
        'gatewayresponse.header.X-Id': 'context.requestId',
      },
      responseTemplates: { 'application/json': '{"error":"nothing here"}' },
    };

    const made = plane.make('PUT', at('MISSING_AUTHENTICATION_TOKEN'), given);

    expect(made).toEqual({ responseType: 'MISSING_AUTHENTICATION_TOKEN', defaultResponse: false, ...given });
    expect(plane.make('GET', at('MISSING_AUTHENTICATION_TOKEN'))).toEqual(made);
  });

  it("fills what is left out from AWS's own, not from DEFAULT_5XX", () => {
    const { plane, at } = makeWorld();
    const templates = { 'application/json': '{"default":true}' };
    plane.make('PUT', at('DEFAULT_5XX'), { statusCode: '599', responseTemplates: templates });
    const responseParameters = { 'gatewayresponse.header.X': "'y'" };

    const made = plane.make('PUT', at('AUTHORIZER_FAILURE'), { responseParameters });

    expect(made).toMatchObject({ statusCode: '500', responseTemplates: STOCK, responseParameters });
  });

  it('shows through in the types of its kind that nobody put', () => {
    const { plane, at } = makeWorld();
    const given = {
      statusCode: '499',
      responseParameters: { 'gatewayresponse.header.X': "'y'" },
      responseTemplates: { 'application/json': '{"default":true}' },
    };
    plane.make('PUT', at('DEFAULT_4XX'), given);

    expect(plane.make('GET', at('THROTTLED'))).toEqual({ responseType: 'THROTTLED', defaultResponse: true, ...given });
    expect(plane.make('GET', at('INTEGRATION_TIMEOUT'))).toMatchObject({ statusCode: '504', responseTemplates: STOCK });
    expect(plane.make('GET', at('DEFAULT_5XX'))).not.toHaveProperty('statusCode');
  });

  it('gives the defaults no status unless they are given one', () => {
    const { plane, at } = makeWorld();

    expect(plane.make('PUT', at('DEFAULT_4XX'), {})).not.toHaveProperty('statusCode');
    expect(plane.make('GET', at('THROTTLED'))['statusCode']).toBe('429');
  });

  it('refuses an unknown type, status or header', () => {
    const { plane, at } = makeWorld();

    const unknown = plane.ask('PUT', at('WRONG'), {});
    expect([unknown.status, unknown.type]).toEqual([400, 'ValidationException']);
    expect(unknown.body).toEqual({
      message: expect.stringMatching(
        /^1 validation error detected: Value 'WRONG' at 'responseType' failed to satisfy constraint: Member must satisfy enum value set: \[.*THROTTLED.*\]$/,
      ),
    });
    expect(plane.ask('PUT', at('THROTTLED'), { statusCode: '999' }).body).toEqual({
      message:
        "1 validation error detected: Value '999' at 'putGatewayResponseInput.statusCode' failed to satisfy constraint: Member must satisfy regular expression pattern: [1-5]\\d\\d",
    });
    expect(plane.ask('PUT', at('THROTTLED'), { responseParameters: { 'X-Header': "'a'" } }).status).toBe(400);
    expect(plane.ask('PUT', at('THROTTLED'), { responseParameters: { 'gatewayresponse.header.X': 'a' } }).status).toBe(
      400,
    );
  });
});

describe('UpdateGatewayResponse', () => {
  it.each([
    ['replace', '/statusCode', '503', { statusCode: '503' }],
    [
      'add',
      '/responseParameters/gatewayresponse.header.Y',
      "'z'",
      { responseParameters: { 'gatewayresponse.header.X': "'y'", 'gatewayresponse.header.Y': "'z'" } },
    ],
    [
      'replace',
      '/responseParameters/gatewayresponse.header.X',
      "'z'",
      { responseParameters: { 'gatewayresponse.header.X': "'z'" } },
    ],
    ['remove', '/responseParameters/gatewayresponse.header.X', undefined, { responseParameters: {} }],
    [
      'add',
      '/responseTemplates/application~1xml',
      '<a/>',
      { responseTemplates: { ...STOCK, 'application/xml': '<a/>' } },
    ],
    ['replace', '/responseTemplates/application~1json', '{}', { responseTemplates: { 'application/json': '{}' } }],
  ])('does %s %s %s', (op, path, value, expected) => {
    const { plane, at } = makeWorld();
    plane.make('PUT', at('THROTTLED'), { responseParameters: { 'gatewayresponse.header.X': "'y'" } });

    const updated = plane.make('PATCH', at('THROTTLED'), patch([op, path, value]));

    expect(updated).toEqual({
      ...{ responseType: 'THROTTLED', statusCode: '429', defaultResponse: false, responseTemplates: STOCK },
      responseParameters: { 'gatewayresponse.header.X': "'y'" },
      ...expected,
    });
    expect(plane.make('GET', at('THROTTLED'))).toEqual(updated);
  });

  it.each([
    ['add', '/statusCode', '503', badRequest('Invalid patch path /statusCode')],
    ['remove', '/statusCode', undefined, badRequest('Invalid patch path /statusCode')],
    ['replace', undefined, '503', badRequest('Invalid patch path null')],
    ['replace', '/wrongPath', '503', badRequest('Invalid patch path /wrongPath')],
    ['replace', '/responseParameters/gatewayresponse.header.Y', "'z'", notFound('Invalid parameter name specified')],
    ['replace', '/responseTemplates', '{}', notFound('Invalid parameter name specified')],
    [
      'add',
      '/responseTemplates/application~1xml',
      undefined,
      badRequest('Invalid null or empty value in responseTemplates'),
    ],
    [
      'add',
      '/responseParameters/gatewayresponse.header.Y',
      undefined,
      badRequest('Invalid null or empty value in responseParameters'),
    ],
  ])('refuses %s %s %s', (op, path, value, expected) => {
    const { plane, at } = makeWorld();
    const made = plane.make('PUT', at('THROTTLED'), {});

    expect(plane.ask('PATCH', at('THROTTLED'), patch([op, path, value]))).toEqual(expected);
    expect(plane.make('GET', at('THROTTLED'))).toEqual(made);
  });
});

describe('DeleteGatewayResponse', () => {
  it("goes back to AWS's own, once", () => {
    const { plane, at } = makeWorld();
    plane.make('PUT', at('THROTTLED'), { statusCode: '503' });

    expect(plane.ask('DELETE', at('THROTTLED')).status).toBe(202);

    expect(plane.make('GET', at('THROTTLED'))).toMatchObject({ statusCode: '429', defaultResponse: true });
    expect(plane.ask('DELETE', at('THROTTLED'))).toEqual(notFound('Gateway response type not defined on api'));
  });
});
