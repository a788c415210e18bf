import fc from 'fast-check';
import type { GatewayAuthorizer, GatewayIntegration } from '../../src/model/gateway.js';
import type {
  Access,
  Backend,
  Body,
  GatewayError,
  HeaderSource,
  Parameter,
  Reply,
  Route,
  Surface,
} from '../../src/surface/surface.js';

const text = fc.string({ unit: 'binary', maxLength: 12 });
const word = fc.stringMatching(/^[A-Za-z][A-Za-z0-9.-]{0,6}$/);
const headerName = fc.constantFrom('Cache-Control', 'Content-Type', 'ETag', 'X-One', 'x.two');
const status = fc.integer({ min: 100, max: 599 });

/** A map with up to three entries. */
const mapOf = <T>(key: fc.Arbitrary<string>, value: fc.Arbitrary<T>, minKeys = 0) =>
  fc.dictionary(key, value, { minKeys, maxKeys: 3, noNullPrototype: true });

const setSource: fc.Arbitrary<HeaderSource> = fc.oneof(
  text.map((fixed) => ({ fixed })),
  word.map((backend) => ({ backend })),
  fc
    .constantFrom('context.requestId', 'integration.response.body.id', 'stageVariables.v', "'", '')
    .map((expression) => ({
      expression,
    })),
);
const undeclaredSource = setSource.map((source) => ({ ...source, undeclared: true as const }));
const unsetSource = fc.constant<HeaderSource>({ unset: true });

const models = mapOf(fc.constantFrom('image/png', 'application/json'), fc.constantFrom('Empty', 'Error'), 1);
const errorBody = fc.record({
  kind: fc.constant('error' as const),
  error: fc.oneof(text, fc.constant('$context.error.responseType')),
  message: fc.oneof(text, fc.constant('$context.error.messageString')),
});
const foreignTemplates = mapOf(fc.constantFrom('text/plain', 'application/xml'), text, 1);
const contentHandling = fc.constantFrom('CONVERT_TO_TEXT', 'CONVERT_TO_BINARY');
const plainBody: fc.Arbitrary<Body> = fc.oneof(
  fc.constant<Body>({ kind: 'bytes' }),
  fc.constant<Body>({ kind: 'empty' }),
  errorBody,
  fc.constant<Body>({ kind: 'other', templates: {}, models: {}, contentHandling: 'CONVERT_TO_TEXT' }),
  fc.record(
    { kind: fc.constant('other' as const), templates: foreignTemplates, models: fc.constant({}), contentHandling },
    { requiredKeys: ['kind', 'templates', 'models'] },
  ),
);
const modelledBody: fc.Arbitrary<Body> = fc.record(
  {
    kind: fc.constant('other' as const),
    templates: fc.oneof(fc.constant({}), foreignTemplates),
    models,
    contentHandling,
  },
  { requiredKeys: ['kind', 'templates', 'models'] },
);

const declaredOnly: fc.Arbitrary<Reply> = fc.record({
  status,
  when: fc.constant(undefined),
  declared: fc.constant(true),
  headers: mapOf(headerName, unsetSource),
  body: fc.oneof(
    fc.constant<Body>({ kind: 'empty' }),
    models.map((models): Body => ({ kind: 'other', templates: {}, models })),
  ),
});
const selectedOnly: fc.Arbitrary<Reply> = fc.record({
  status,
  when: text,
  declared: fc.constant(false),
  headers: mapOf(headerName, undeclaredSource),
  body: plainBody,
});
const whole: fc.Arbitrary<Reply> = fc.record({
  status,
  when: text,
  declared: fc.constant(true),
  headers: mapOf(headerName, fc.oneof(setSource, undeclaredSource, unsetSource)),
  body: fc.oneof(plainBody, modelledBody),
});

/** Replies of different status, in ascending order. */
const replies = (reply: fc.Arbitrary<Reply>): fc.Arbitrary<Reply[]> =>
  fc
    .uniqueArray(reply, { selector: (is) => is.status, maxLength: 4 })
    .map((list) => list.sort((a, b) => a.status - b.status));

const declaredParameter: fc.Arbitrary<Parameter> = fc.record({
  in: fc.constantFrom('path', 'header', 'querystring'),
  name: word,
  required: fc.boolean(),
  cacheKey: fc.constant(false),
});
const usedParameter: fc.Arbitrary<Parameter> = fc.record(
  {
    in: fc.constantFrom('path', 'header', 'querystring'),
    name: word,
    required: fc.boolean(),
    cacheKey: fc.boolean(),
    forwardAs: word,
  },
  { requiredKeys: ['in', 'name', 'required', 'cacheKey'] },
);

/** Parameters of different names, of which no two are handed on under one name. */
const parameters = (parameter: fc.Arbitrary<Parameter>): fc.Arbitrary<Parameter[]> =>
  fc.uniqueArray(parameter, { selector: (is) => `${is.in} ${is.name}`, maxLength: 4 }).map((list) => {
    const taken = list.map((is) => `${is.in} ${is.forwardAs}`);
    return list.map((is, nth) => {
      if (is.forwardAs === undefined || taken.indexOf(`${is.in} ${is.forwardAs}`) === nth) return is;
      const { forwardAs: _twin, ...unused } = is;
      return unused;
    });
  });

const s3Object: fc.Arbitrary<Backend> = fc.record({
  kind: fc.constant('s3-object' as const),
  verb: fc.constantFrom('GET', 'HEAD'),
  region: fc.constantFrom('eu-west-1', 'us-gov-west-1'),
  bucket: fc.stringMatching(/^[a-z0-9][a-z0-9.-]{2,8}$/),
  key: fc.oneof(fc.constantFrom('{key}', 'images/{key}', 'a/b/{key}'), word),
  roleArn: fc.constantFrom('aws', 'aws-cn', 'aws-us-gov').map((is) => `arn:${is}:iam::123456789012:role/pixgate/r`),
});
const mock: fc.Arbitrary<Backend> = status.map((status) => ({ kind: 'mock', status }));

/** An integration that no drawing of ours holds. */
export const foreignIntegration: fc.Arbitrary<Omit<GatewayIntegration, 'responses'>> = fc.record(
  {
    type: fc.constantFrom('HTTP', 'HTTP_PROXY', 'AWS_PROXY'),
    httpMethod: fc.constantFrom('GET', 'ANY'),
    uri: text,
    credentials: text,
    requestParameters: mapOf(
      word.map((name) => `integration.request.header.${name}`),
      fc.oneof(
        word.map((name) => `method.request.header.${name}`),
        text,
      ),
    ),
    requestTemplates: mapOf(fc.constantFrom('application/json', 'text/plain'), text),
    passthroughBehavior: fc.constantFrom('WHEN_NO_MATCH', 'WHEN_NO_TEMPLATES', 'NEVER'),
    contentHandling,
    timeoutMs: fc.integer({ min: 50, max: 29_000 }),
    cacheKeyParameters: fc
      .uniqueArray(
        word.map((name) => `method.request.path.${name}`),
        { maxLength: 2 },
      )
      .map((list) => list.sort()),
    cacheNamespace: text,
  },
  {
    requiredKeys: [
      'type',
      'requestParameters',
      'requestTemplates',
      'passthroughBehavior',
      'timeoutMs',
      'cacheKeyParameters',
    ],
  },
);

/** Any authorizer, sensible or not. */
export const anyAuthorizer: fc.Arbitrary<GatewayAuthorizer> = fc.record(
  {
    type: fc.constantFrom('TOKEN', 'REQUEST', 'COGNITO_USER_POOLS'),
    providerArns: fc.uniqueArray(word, { maxLength: 2 }).map((list) => list.sort()),
    uri: word,
    credentials: word,
    identitySource: text,
    identityValidation: word,
    ttlSeconds: fc.nat(3600),
  },
  { requiredKeys: ['type', 'providerArns', 'identitySource'] },
);

const access: fc.Arbitrary<Access> = fc.oneof(
  fc.constantFrom<Access>({ kind: 'public' }, { kind: 'iam' }, { kind: 'api-key' }),
  fc.record({ kind: fc.constant('function' as const), authorizer: word }),
  fc.record(
    { kind: fc.constant('user-pool' as const), authorizer: word, scopes: fc.uniqueArray(word, { maxLength: 2 }) },
    { requiredKeys: ['kind', 'authorizer'] },
  ),
  fc.record(
    {
      kind: fc.constant('other' as const),
      authorizationType: fc.constantFrom('CUSTOM', 'COGNITO_USER_POOLS'),
      apiKeyRequired: fc.constant(true),
      authorizer: word,
      scopes: fc.uniqueArray(word, { maxLength: 2 }),
    },
    { requiredKeys: ['kind', 'authorizationType', 'apiKeyRequired'] },
  ),
);

const route: fc.Arbitrary<Route> = fc
  .oneof(
    fc.record({
      backend: s3Object,
      parameters: parameters(usedParameter),
      replies: replies(fc.oneof(declaredOnly, selectedOnly, whole)),
    }),
    fc.record({
      backend: fc.oneof(
        mock,
        foreignIntegration.map((integration): Backend => ({ kind: 'other', integration })),
      ),
      parameters: parameters(declaredParameter),
      replies: replies(fc.oneof(declaredOnly, selectedOnly, whole)),
    }),
    fc.record({
      backend: fc.constant<Backend>({ kind: 'other', integration: undefined }),
      parameters: parameters(declaredParameter),
      replies: replies(declaredOnly),
    }),
  )
  .chain((wiring) =>
    fc.record({
      method: fc.constantFrom('GET', 'HEAD', 'OPTIONS', 'POST', 'ANY'),
      path: fc.constantFrom('/', '/images', '/images/{key+}', '/more/{a}/b'),
      access,
      validator: fc.option(word, { nil: undefined }),
      parameters: fc.constant(wiring.parameters),
      backend: fc.constant(wiring.backend),
      replies: fc.constant(wiring.replies),
      examples: fc.constant([]),
    }),
  );

const gatewayError: fc.Arbitrary<GatewayError> = fc.record({
  type: fc.constantFrom('DEFAULT_4XX', 'DEFAULT_5XX', 'THROTTLED', 'MISSING_AUTHENTICATION_TOKEN'),
  status: fc.option(status, { nil: undefined }),
  headers: mapOf(headerName, setSource),
  body: fc.oneof(
    errorBody,
    fc
      .oneof(fc.constant({}), foreignTemplates)
      .map((templates): GatewayError['body'] => ({ kind: 'other', templates })),
  ),
});

/** Every drawing that a REST API can be read back into; routes of one path follow each other. */
export const anySurface: fc.Arbitrary<Surface> = fc.record({
  name: text,
  description: text,
  endpoint: fc.constantFrom('REGIONAL', 'EDGE', 'PRIVATE'),
  binaryMediaTypes: fc
    .uniqueArray(fc.constantFrom('*/*', 'image/*', 'image/png'), { maxLength: 3 })
    .map((list) => list.sort()),
  routes: fc
    .uniqueArray(route, { selector: (is) => `${is.method} ${is.path}`, maxLength: 4 })
    .map((list) => list.sort((a, b) => (a.path < b.path ? -1 : a.path === b.path ? 0 : 1))),
  errors: fc.uniqueArray(gatewayError, { selector: (is) => is.type, maxLength: 3 }),
  validators: mapOf(word, fc.record({ body: fc.boolean(), parameters: fc.boolean() })),
  authorizers: mapOf(word, anyAuthorizer),
  policy: fc.option(text, { nil: undefined }),
  foreign: fc.record(
    {
      apiKeySource: fc.constant('AUTHORIZER'),
      disableExecuteApiEndpoint: fc.constant('true'),
      minimumCompressionSize: fc.nat(10_485_760).map(String),
    },
    { requiredKeys: [] },
  ),
});
