import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Gateway, GatewayMethod } from '../../src/model/gateway.js';
import { fromGateway, toGateway } from '../../src/surface/gateway.js';
import type { Route, Surface } from '../../src/surface/surface.js';
import { anyGateway } from './any-gateway.js';
import { anySurface } from './any-surface.js';

const EMPTY: Gateway = {
  settings: {
    name: 'holiday-dev',
    description: '',
    endpointType: 'REGIONAL',
    binaryMediaTypes: ['*/*'],
    apiKeySource: 'HEADER',
    disableExecuteApiEndpoint: false,
  },
  resources: {},
  gatewayResponses: {},
  authorizers: {},
  validators: {},
};

const METHOD: GatewayMethod = {
  authorizationType: 'NONE',
  apiKeyRequired: false,
  requestParameters: {},
  requestModels: {},
  responses: {},
};

function withMethod(method: Partial<GatewayMethod>): Gateway {
  return { ...EMPTY, resources: { '/images/{key+}': { methods: { GET: { ...METHOD, ...method } } } } };
}

function routeOf(gateway: Gateway): Route | undefined {
  return fromGateway(gateway).routes[0];
}

test('fromGateway() is the inverse of toGateway() for every drawing', () => {
  fc.assert(
    fc.property(anySurface, (surface) => {
      expect(fromGateway(toGateway(surface))).toEqual(surface);
    }),
    { numRuns: 300 },
  );
});

test('toGateway() is the inverse of fromGateway() for every REST API, so nothing of it gets lost', () => {
  fc.assert(
    fc.property(anyGateway, (gateway) => {
      expect(toGateway(fromGateway(gateway))).toEqual(gateway);
    }),
    { numRuns: 500 },
  );
});

test('toGateway() does not see the examples', () => {
  const surface = fromGateway(withMethod({}));
  const example = { title: 'a', headers: {}, object: 'existing', status: 200, expectHeaders: {} } as const;
  const withExample: Surface = {
    ...surface,
    routes: surface.routes.map((route) => ({ ...route, examples: [example] })),
  };

  expect(toGateway(withExample)).toEqual(toGateway(surface));
});

test('fromGateway() forgets request models and the flag of a declared response header, and nothing else', () => {
  const gateway = withMethod({
    requestModels: { 'application/json': 'Empty' },
    responses: { '200': { responseParameters: { 'method.response.header.ETag': true }, responseModels: {} } },
  });

  expect(toGateway(fromGateway(gateway))).toEqual(
    withMethod({
      responses: { '200': { responseParameters: { 'method.response.header.ETag': false }, responseModels: {} } },
    }),
  );
});

test('toGateway() wires an object of S3 as the console does, with a mapping for everything that is handed on', () => {
  const surface: Surface = {
    ...fromGateway(EMPTY),
    routes: [
      {
        method: 'GET',
        path: '/images/{key+}',
        access: { kind: 'public' },
        validator: undefined,
        parameters: [
          { in: 'path', name: 'key', required: true, forwardAs: 'key', cacheKey: true },
          { in: 'header', name: 'Range', required: false, forwardAs: 'Range', cacheKey: false },
          { in: 'querystring', name: 'v', required: false, cacheKey: false },
        ],
        backend: {
          kind: 's3-object',
          verb: 'GET',
          region: 'eu-west-1',
          bucket: 'my-bucket',
          key: 'images/{key}',
          roleArn: 'arn:aws:iam::123456789012:role/pixgate/r',
        },
        replies: [],
        examples: [],
      },
    ],
  };

  expect(toGateway(surface).resources['/images/{key+}']?.methods['GET']).toEqual({
    ...METHOD,
    requestParameters: {
      'method.request.path.key': true,
      'method.request.header.Range': false,
      'method.request.querystring.v': false,
    },
    integration: {
      type: 'AWS',
      httpMethod: 'GET',
      uri: 'arn:aws:apigateway:eu-west-1:s3:path/my-bucket/images/{key}',
      credentials: 'arn:aws:iam::123456789012:role/pixgate/r',
      requestParameters: {
        'integration.request.path.key': 'method.request.path.key',
        'integration.request.header.Range': 'method.request.header.Range',
      },
      requestTemplates: {},
      passthroughBehavior: 'WHEN_NO_MATCH',
      timeoutMs: 29_000,
      cacheKeyParameters: ['method.request.path.key'],
      responses: {},
    },
  });
});

test.each([
  ['bytes', { kind: 'bytes' }, { responseTemplates: {}, contentHandling: 'CONVERT_TO_BINARY' }],
  ['nothing', { kind: 'empty' }, { responseTemplates: {} }],
  [
    'an error',
    { kind: 'error', error: 'ImageNotFound', message: 'No image at $context.path.' },
    {
      responseTemplates: {
        'application/json':
          '{"error":"ImageNotFound","message":"No image at $context.path.","requestId":"$context.requestId"}',
      },
      contentHandling: 'CONVERT_TO_TEXT',
    },
  ],
] as const)('toGateway() writes a body of %s so that */* does not break it', (_what, body, written) => {
  const surface = fromGateway(withMethod({ integration: httpIntegration({}) }));
  const reply = { status: 200, when: '', declared: true, headers: {}, body };
  const drawn: Surface = { ...surface, routes: surface.routes.map((route) => ({ ...route, replies: [reply] })) };

  const method = toGateway(drawn).resources['/images/{key+}']?.methods['GET'];

  expect(method?.integration?.responses['200']).toEqual({ selectionPattern: '', responseParameters: {}, ...written });
});

test.each([
  ['the default pattern catches the rest', { selectionPattern: '' }, true, { when: '', declared: true }],
  ['a reply that is not declared', { selectionPattern: '404' }, false, { when: '404', declared: false }],
  ['a reply that is never selected', undefined, true, { when: undefined, declared: true }],
] as const)('fromGateway() sees %s', (_what, selected, declared, seen) => {
  const whole = { responseParameters: {}, responseTemplates: {} };
  const gateway = withMethod({
    integration: httpIntegration(selected === undefined ? {} : { '404': { ...whole, ...selected } }),
    responses: declared ? { '404': { responseParameters: {}, responseModels: {} } } : {},
  });

  expect(routeOf(gateway)?.replies).toEqual([{ status: 404, headers: {}, body: { kind: 'empty' }, ...seen }]);
});

test.each([
  ["'no-store'", { fixed: 'no-store' }],
  ["''", { fixed: '' }],
  ["'a' 'b'", { fixed: "a' 'b" }],
  ["'two\nlines'", { fixed: 'two\nlines' }],
  ['integration.response.header.ETag', { backend: 'ETag' }],
  ['integration.response.multivalueheader.ETag', { expression: 'integration.response.multivalueheader.ETag' }],
  ['integration.response.body.etag', { expression: 'integration.response.body.etag' }],
  ['context.requestId', { expression: 'context.requestId' }],
] as const)('fromGateway() reads the mapping %j of a declared header', (expression, source) => {
  const parameters = { 'method.response.header.X-One': expression };
  const gateway = withMethod({
    integration: httpIntegration({
      '200': { selectionPattern: '', responseParameters: parameters, responseTemplates: {} },
    }),
    responses: { '200': { responseParameters: { 'method.response.header.X-One': false }, responseModels: {} } },
  });

  expect(routeOf(gateway)?.replies[0]?.headers).toEqual({ 'X-One': source });
});

test('fromGateway() tells a header that is mapped and not declared from one that is declared and not mapped', () => {
  const gateway = withMethod({
    integration: httpIntegration({
      '200': {
        selectionPattern: '',
        responseParameters: { 'method.response.header.X-Mapped': "'a'" },
        responseTemplates: {},
      },
    }),
    responses: { '200': { responseParameters: { 'method.response.header.X-Declared': false }, responseModels: {} } },
  });

  expect(routeOf(gateway)?.replies[0]?.headers).toEqual({
    'X-Mapped': { fixed: 'a', undeclared: true },
    'X-Declared': { unset: true },
  });
});

test.each([
  ['another timeout', { timeoutMs: 50 }],
  ['a content handling of its own', { contentHandling: 'CONVERT_TO_BINARY' }],
  ['another partition than the role', { uri: 'arn:aws-cn:apigateway:eu-west-1:s3:path/my-bucket/{key}' }],
  ['a request template', { requestTemplates: { 'application/json': '{}' } }],
  ['a parameter that is fixed', { requestParameters: { 'integration.request.path.key': "'a.png'" } }],
  ['a cache namespace of its own', { cacheNamespace: 'shared' }],
  ['a cache key that is not declared', { cacheKeyParameters: ['method.request.header.Accept'] }],
] as const)('fromGateway() keeps an integration of S3 with %s whole, so that the difference shows', (_what, odd) => {
  const { responses, ...ours } = {
    type: 'AWS',
    httpMethod: 'GET',
    uri: 'arn:aws:apigateway:eu-west-1:s3:path/my-bucket/{key}',
    credentials: 'arn:aws:iam::123456789012:role/r',
    requestParameters: {},
    requestTemplates: {},
    passthroughBehavior: 'WHEN_NO_MATCH',
    timeoutMs: 29_000,
    cacheKeyParameters: [],
    responses: {},
  };

  const plain = routeOf(withMethod({ integration: { ...ours, responses } }));
  const strange = routeOf(withMethod({ integration: { ...ours, ...odd, responses } }));

  expect(plain?.backend.kind).toBe('s3-object');
  expect(strange?.backend).toEqual({ kind: 'other', integration: { ...ours, ...odd } });
});

test.each([
  ['an authorizer', { authorizer: 'abc123' }],
  ['scopes', { authorizationScopes: ['read'] }],
] as const)('fromGateway() calls a method without authorisation that names %s not public', (_what, odd) => {
  const gateway = withMethod(odd);

  expect(routeOf(gateway)?.access.kind).toBe('other');
  expect(toGateway(fromGateway(gateway))).toEqual(gateway);
});

test.each<[Route['access'], Partial<GatewayMethod>]>([
  [{ kind: 'iam' }, { authorizationType: 'AWS_IAM' }],
  [{ kind: 'api-key' }, { apiKeyRequired: true }],
  [
    { kind: 'user-pool', authorizer: 'pool' },
    { authorizationType: 'COGNITO_USER_POOLS', authorizer: 'pool' },
  ],
  [
    { kind: 'user-pool', authorizer: 'pool', scopes: ['images/read'] },
    { authorizationType: 'COGNITO_USER_POOLS', authorizer: 'pool', authorizationScopes: ['images/read'] },
  ],
  [
    { kind: 'function', authorizer: 'asks' },
    { authorizationType: 'CUSTOM', authorizer: 'asks' },
  ],
])('fromGateway() reads %j back', (access, method) => {
  const gateway = withMethod(method);

  expect(routeOf(gateway)?.access).toEqual(access);
  expect(toGateway(fromGateway(gateway))).toEqual(gateway);
});

function httpIntegration(
  responses: NonNullable<GatewayMethod['integration']>['responses'],
): NonNullable<GatewayMethod['integration']> {
  return {
    type: 'HTTP',
    requestParameters: {},
    requestTemplates: {},
    passthroughBehavior: 'WHEN_NO_MATCH',
    timeoutMs: 29_000,
    cacheKeyParameters: [],
    responses,
  };
}
