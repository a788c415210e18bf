import { PutIntegrationCommand } from '@aws-sdk/client-api-gateway';
import { describe, expect, it } from 'vitest';
import {
  ACCOUNT,
  badRequest,
  createControlPlane,
  KEY,
  makeMethod,
  makeWired,
  mapping,
  notFound,
  patch,
  RANGE,
  ROLE,
  refused,
  S3_INTEGRATION,
} from './control-plane.js';

describe('PutIntegration', () => {
  it('answers an S3 integration with the defaults', async () => {
    const plane = createControlPlane();
    const { id: restApiId, resourceId } = makeMethod(plane);
    const requestParameters = { 'integration.request.path.key': KEY };

    const made = await plane.client.send(
      new PutIntegrationCommand({
        ...{ restApiId, resourceId, httpMethod: 'GET', type: 'AWS', integrationHttpMethod: 'GET', requestParameters },
        ...{ uri: S3_INTEGRATION.uri, credentials: ROLE },
      }),
    );

    const { $metadata, ...integration } = made;
    expect($metadata.httpStatusCode).toBe(201);
    expect(integration).toEqual({
      ...S3_INTEGRATION,
      requestParameters,
      passthroughBehavior: 'WHEN_NO_MATCH',
      timeoutInMillis: 29_000,
      cacheNamespace: resourceId,
      cacheKeyParameters: [],
    });
  });

  it('keeps everything that it is given, and replaces what was there', () => {
    const plane = createControlPlane();
    const { integration } = makeMethod(plane);
    const given = {
      ...S3_INTEGRATION,
      requestParameters: { 'integration.request.header.Range': RANGE },
      requestTemplates: { 'application/json': '{}' },
      passthroughBehavior: 'NEVER',
      contentHandling: 'CONVERT_TO_TEXT',
      timeoutInMillis: 50,
      cacheNamespace: 'shared',
      cacheKeyParameters: [KEY],
    };

    plane.make('PUT', integration, given);
    expect(plane.make('GET', integration)).toEqual(given);

    plane.make('PUT', integration, { type: 'MOCK' });
    expect(plane.make('GET', integration)).not.toHaveProperty('uri');
  });

  it('names the connection of HTTP types only', () => {
    const plane = createControlPlane();
    const { integration } = makeMethod(plane);
    const http = { type: 'HTTP', httpMethod: 'GET', uri: 'https://example.com/{key}' };

    expect(plane.make('PUT', integration, http)['connectionType']).toBe('INTERNET');
    expect(plane.make('PUT', integration, { type: 'MOCK' })).not.toHaveProperty('connectionType');
  });

  it.each([
    KEY,
    'method.request.multivalueheader.Range',
    'method.request.body',
    'method.request.body.images[0].name',
    'stageVariables.bucket',
    'context.requestId',
    'context.identity.sourceIp',
    "'a static text, even with a comma'",
  ])('takes the mapping expression %s', (source) => {
    const plane = createControlPlane();
    const { integration } = makeMethod(plane);
    const requestParameters = { 'integration.request.header.X': source };

    expect(plane.make('PUT', integration, { ...S3_INTEGRATION, requestParameters })).toMatchObject({
      requestParameters,
    });
  });

  it.each([
    [{ httpMethod: undefined }, badRequest('Enumeration value for HttpMethod must be non-empty')],
    [
      { type: 'HTTP', httpMethod: undefined, uri: 'https://a.b' },
      badRequest('Enumeration value for HttpMethod must be non-empty'),
    ],
    [
      { type: 'AWS_PROXY' },
      badRequest(
        "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations.",
      ),
    ],
    [{ uri: 'https://s3.amazonaws.com/holiday' }, badRequest('Invalid ARN specified in the request')],
    [{ uri: undefined }, badRequest('Invalid ARN specified in the request')],
    [
      { uri: 'arn:aws:apigateway:eu-central-1:s3:holiday' },
      badRequest('AWS ARN for integration must contain path or action'),
    ],
    [{ type: 'HTTP', uri: 'example.com' }, badRequest('Invalid HTTP endpoint specified for URI')],
    [
      { requestParameters: { 'integration.request.path.key': 'true' } },
      mapping('Invalid mapping expression specified: true'),
    ],
    [
      { requestParameters: { 'integration.request.path.x': 'method.request.path.x' } },
      mapping('Invalid mapping expression parameter specified: method.request.path.x'),
    ],
    [
      { requestParameters: { 'integration.request.header.r': 'method.request.header.range' } },
      mapping('Invalid mapping expression parameter specified: method.request.header.range'),
    ],
    [
      { requestParameters: { 'integration.request.cookie.x': KEY } },
      mapping('Invalid mapping expression specified: integration.request.cookie.x'),
    ],
    [
      { requestTemplates: { 123: '{}' } },
      badRequest('Validation Result: warnings : [], errors : [Invalid content type specified: 123]'),
    ],
    [{ credentials: undefined }, badRequest('Role ARN must be specified for AWS integrations')],
    [{ credentials: 'images' }, badRequest('Invalid ARN specified in the request')],
    [
      { credentials: 'arn:aws:iam::111111111111:role/images' },
      refused(403, 'AccessDeniedException', 'Cross-account pass role is not allowed.'),
    ],
    [{ cacheKeyParameters: ['method.request.path.x'] }, badRequest('Invalid cache key parameter specified')],
    [{ timeoutInMillis: 49 }, badRequest('Timeout should be between 50 ms and 29000 ms')],
    [{ timeoutInMillis: 29_001 }, badRequest('Timeout should be between 50 ms and 29000 ms')],
  ])('refuses %j', (input, expected) => {
    const plane = createControlPlane();
    const { integration } = makeMethod(plane);

    expect(plane.ask('PUT', integration, { ...S3_INTEGRATION, ...input })).toEqual(expected);
    expect(plane.ask('GET', integration)).toEqual(notFound('Invalid Integration identifier specified'));
  });

  it('passes the own identity of the caller on without a role', () => {
    const plane = createControlPlane({
      judge: ({ action }) => (action === 'iam:PassRole' ? 'implicit-deny' : 'allowed'),
    });
    const { integration } = makeMethod(plane);
    const credentials = 'arn:aws:iam::*:user/*';

    expect(plane.make('PUT', integration, { ...S3_INTEGRATION, credentials })['credentials']).toBe(credentials);
  });

  it.each(['PUT', 'PATCH'])(
    '%s asks whether the caller may pass the role to API Gateway, and not whether the role exists',
    (verb) => {
      const passed: unknown[] = [];
      let verdict: 'allowed' | 'implicit-deny' = 'allowed';
      const plane = createControlPlane({
        judge({ action, resource, context }) {
          if (action !== 'iam:PassRole') return 'allowed';
          passed.push([resource, context]);
          return verdict;
        },
        trusted: [],
      });
      const { integration } = makeMethod(plane);
      plane.make('PUT', integration, S3_INTEGRATION);
      expect(passed).toEqual([[ROLE, { 'iam:PassedToService': 'apigateway.amazonaws.com' }]]);

      verdict = 'implicit-deny';
      const body = verb === 'PUT' ? S3_INTEGRATION : patch(['replace', '/credentials', ROLE]);
      const reply = plane.ask(verb, integration, body);

      const who = `User: arn:aws:iam::${ACCOUNT}:user/me is not authorized to perform: iam:PassRole on resource: ${ROLE}`;
      expect(reply).toEqual(
        refused(403, 'AccessDeniedException', `${who} because no identity-based policy allows the iam:PassRole action`),
      );
    },
  );

  it('does not find a method or a resource that is not there', () => {
    const plane = createControlPlane();
    const { api, method } = makeMethod(plane);

    expect(plane.ask('PUT', `${method.replace(/GET$/, 'PUT')}/integration`, S3_INTEGRATION)).toEqual(
      notFound('Invalid Method identifier specified'),
    );
    expect(plane.ask('PUT', `${api}/resources/nothere/methods/GET/integration`, S3_INTEGRATION)).toEqual(
      notFound('Invalid Resource identifier specified'),
    );
  });
});

describe('UpdateIntegration', () => {
  it.each([
    [
      'replace',
      '/uri',
      'arn:aws:apigateway:us-east-1:s3:path/other/{key}',
      { uri: 'arn:aws:apigateway:us-east-1:s3:path/other/{key}' },
    ],
    ['replace', '/httpMethod', 'HEAD', { httpMethod: 'HEAD' }],
    ['replace', '/credentials', `${ROLE}2`, { credentials: `${ROLE}2` }],
    ['replace', '/passthroughBehavior', 'NEVER', { passthroughBehavior: 'NEVER' }],
    ['replace', '/contentHandling', 'CONVERT_TO_BINARY', { contentHandling: 'CONVERT_TO_BINARY' }],
    ['replace', '/timeoutInMillis', '1000', { timeoutInMillis: 1000 }],
    ['replace', '/cacheNamespace', 'shared', { cacheNamespace: 'shared' }],
    [
      'add',
      '/requestParameters/integration.request.header.Range',
      "'bytes=0-'",
      { requestParameters: { 'integration.request.path.key': KEY, 'integration.request.header.Range': "'bytes=0-'" } },
    ],
    [
      'replace',
      '/requestParameters/integration.request.path.key',
      "'a'",
      { requestParameters: { 'integration.request.path.key': "'a'" } },
    ],
    ['add', '/requestTemplates/application~1json', '{}', { requestTemplates: { 'application/json': '{}' } }],
    ['add', `/cacheKeyParameters/${KEY}`, undefined, { cacheKeyParameters: [KEY] }],
  ])('does %s %s %s', (op, path, value, expected) => {
    const plane = createControlPlane();
    const { method } = makeWired(plane);

    const updated = plane.make('PATCH', `${method}/integration`, patch([op, path, value]));

    expect(updated).toMatchObject(expected);
    expect(plane.make('GET', `${method}/integration`)).toEqual(updated);
  });

  it('takes entries away, and the map with the last one', () => {
    const plane = createControlPlane();
    const { method } = makeWired(plane);
    plane.make('PATCH', `${method}/integration`, patch(['add', `/cacheKeyParameters/${KEY}`]));

    const updated = plane.make(
      'PATCH',
      `${method}/integration`,
      patch(['remove', `/cacheKeyParameters/${KEY}`], ['remove', '/requestParameters/integration.request.path.key']),
    );

    expect(updated['cacheKeyParameters']).toEqual([]);
    expect(updated).not.toHaveProperty('requestParameters');
  });

  it.each([
    ['replace', '/type', 'MOCK', badRequest('Invalid patch path /type')],
    ['replace', '/uri', 'nowhere', badRequest('Invalid ARN specified in the request')],
    ['replace', '/timeoutInMillis', 'long', badRequest('Timeout should be between 50 ms and 29000 ms')],
    [
      'add',
      '/cacheKeyParameters/method.request.path.x',
      undefined,
      badRequest('Invalid cache key parameter specified'),
    ],
    [
      'add',
      '/requestParameters/integration.request.path.x',
      'method.request.path.x',
      mapping('Invalid mapping expression parameter specified: method.request.path.x'),
    ],
  ])('refuses %s %s %s', (op, path, value, expected) => {
    const plane = createControlPlane();
    const { method } = makeWired(plane);

    expect(plane.ask('PATCH', `${method}/integration`, patch([op, path, value]))).toEqual(expected);
  });
});

describe('DeleteIntegration', () => {
  it('takes its responses with it', () => {
    const plane = createControlPlane();
    const { method } = makeWired(plane);
    plane.make('PUT', `${method}/integration/responses/200`, {});

    expect(plane.ask('DELETE', `${method}/integration`).status).toBe(204);

    expect(plane.make('GET', method)).not.toHaveProperty('methodIntegration');
    expect(plane.ask('DELETE', `${method}/integration`)).toEqual(notFound('Invalid Integration identifier specified'));
  });
});

describe('TestInvokeMethod', () => {
  it('has the request chain run the draft', () => {
    const plane = createControlPlane();
    const { id, resourceId, method } = makeWired(plane);
    const input = { pathWithQueryString: '/a.png', headers: { Accept: '*/*' } };

    expect(plane.make('POST', method, input)).toMatchObject({ status: 200, body: '{}' });
    expect(plane.asked.tested).toEqual([{ apiId: id, resourceId, httpMethod: 'GET', input }]);
  });

  it('does not find a method, a resource or an API that is not there', () => {
    const plane = createControlPlane();
    const { api, method, resourceId } = makeWired(plane);

    expect(plane.ask('POST', method.replace(/GET$/, 'PUT'), {})).toEqual(
      notFound('Invalid Method identifier specified'),
    );
    const noResource = notFound('Invalid Resource identifier specified');
    expect(plane.ask('POST', `${api}/resources/nothere/methods/GET`, {})).toEqual(noResource);
    expect(plane.ask('POST', `/restapis/nothere/resources/${resourceId}/methods/GET`, {})).toEqual(noResource);
  });
});
