import fc from 'fast-check';
import type { Gateway, GatewayMethod } from '../../src/model/gateway.js';
import { toGateway } from '../../src/surface/gateway.js';
import { anyAuthorizer, anySurface, foreignIntegration } from './any-surface.js';

const text = fc.string({ unit: 'binary', maxLength: 12 });
const word = fc.stringMatching(/^[A-Za-z][A-Za-z0-9.-]{0,6}$/);
const header = fc.constantFrom('Cache-Control', 'Content-Type', 'ETag', 'x.two');
const mediaType = fc.constantFrom('application/json', 'text/plain');
const status = fc.integer({ min: 100, max: 599 }).map(String);
const template = fc.oneof(
  text,
  fc.json({ maxDepth: 1 }),
  fc.constantFrom('{"error":"A","message":"b","requestId":"$context.requestId"}', '{"statusCode": 204}', 'null', '[]'),
);

const mapOf = <T>(key: fc.Arbitrary<string>, value: fc.Arbitrary<T>, minKeys = 0) =>
  fc.dictionary(key, value, { minKeys, maxKeys: 3, noNullPrototype: true });

const mapping = fc.oneof(
  text,
  word.map((name) => `integration.response.header.${name}`),
  text.map((is) => `'${is}'`),
);

const integrationResponse = fc.record(
  {
    selectionPattern: text,
    responseParameters: mapOf(
      header.map((name) => `method.response.header.${name}`),
      mapping,
    ),
    responseTemplates: mapOf(mediaType, template),
    contentHandling: fc.constantFrom('CONVERT_TO_TEXT', 'CONVERT_TO_BINARY'),
  },
  { requiredKeys: ['selectionPattern', 'responseParameters', 'responseTemplates'] },
);

const s3Integration = fc.record(
  {
    type: fc.constantFrom('AWS', 'MOCK'),
    httpMethod: fc.constantFrom('GET', 'HEAD'),
    uri: fc.constantFrom('arn:aws:apigateway:eu-west-1:s3:path/b/{key}', 'arn:aws:apigateway:eu-west-1:s3:action/x'),
    credentials: fc.constantFrom('arn:aws:iam::123456789012:role/r', 'arn:aws-cn:iam::123456789012:role/r'),
    requestParameters: mapOf(
      fc.constantFrom('path.key', 'header.Range', 'header.Range2').map((name) => `integration.request.${name}`),
      fc.constantFrom('method.request.path.key', 'method.request.header.Range', "'fixed'"),
    ),
    requestTemplates: mapOf(mediaType, template),
    passthroughBehavior: fc.constantFrom('WHEN_NO_MATCH', 'NEVER'),
    contentHandling: fc.constant('CONVERT_TO_TEXT'),
    timeoutMs: fc.constantFrom(29_000, 50),
    cacheKeyParameters: fc.subarray(['method.request.header.Range', 'method.request.path.key']),
    cacheNamespace: word,
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

const method: fc.Arbitrary<GatewayMethod> = fc.record(
  {
    authorizationType: fc.constantFrom('NONE', 'AWS_IAM', 'CUSTOM', 'COGNITO_USER_POOLS'),
    authorizer: word,
    authorizationScopes: fc.uniqueArray(word, { minLength: 1, maxLength: 2 }),
    apiKeyRequired: fc.boolean(),
    validator: word,
    requestParameters: mapOf(
      fc
        .constantFrom('path.key', 'header.Range', 'querystring.a.b', 'multivalueheader.Accept')
        .map((name) => `method.request.${name}`),
      fc.boolean(),
    ),
    requestModels: fc.constant({}),
    integration: fc
      .tuple(fc.oneof(s3Integration, foreignIntegration), mapOf(status, integrationResponse))
      .map(([integration, responses]) => ({ ...integration, responses })),
    responses: mapOf(
      status,
      fc.record({
        responseParameters: mapOf(
          header.map((name) => `method.response.header.${name}`),
          fc.constant(false),
        ),
        responseModels: mapOf(mediaType, word),
      }),
    ),
  },
  { requiredKeys: ['authorizationType', 'apiKeyRequired', 'requestParameters', 'requestModels', 'responses'] },
);

/** A REST API as somebody else could have made it. */
const foreignGateway: fc.Arbitrary<Gateway> = fc.record({
  settings: fc.record(
    {
      name: text,
      description: text,
      endpointType: word,
      binaryMediaTypes: fc.uniqueArray(word, { maxLength: 3 }).map((list) => list.sort()),
      apiKeySource: fc.constantFrom('HEADER', 'AUTHORIZER'),
      minimumCompressionSize: fc.nat(10_485_760),
      disableExecuteApiEndpoint: fc.boolean(),
      policy: text,
    },
    {
      requiredKeys: [
        'name',
        'description',
        'endpointType',
        'binaryMediaTypes',
        'apiKeySource',
        'disableExecuteApiEndpoint',
      ],
    },
  ),
  resources: mapOf(
    fc.constantFrom('/', '/images', '/images/{key+}'),
    fc.record({ methods: mapOf(fc.constantFrom('GET', 'HEAD', 'OPTIONS', 'ANY'), method, 1) }),
  ),
  authorizers: mapOf(word, anyAuthorizer),
  gatewayResponses: mapOf(
    fc.constantFrom('DEFAULT_4XX', 'DEFAULT_5XX', 'THROTTLED'),
    fc.record(
      {
        statusCode: status,
        responseParameters: mapOf(
          header.map((name) => `gatewayresponse.header.${name}`),
          mapping,
        ),
        responseTemplates: mapOf(mediaType, template),
      },
      { requiredKeys: ['responseParameters', 'responseTemplates'] },
    ),
  ),
  validators: mapOf(word, fc.record({ validateRequestBody: fc.boolean(), validateRequestParameters: fc.boolean() })),
});

/** One field of a REST API, changed. */
export interface Mutant {
  /** Where: 'settings.name'. */
  readonly what: string;
  readonly gateway: Gateway;
}

/** Fields whose entries may each be missing. */
const MAPS = new Set([
  'resources',
  'methods',
  'responses',
  'requestParameters',
  'responseParameters',
  'requestTemplates',
  'responseTemplates',
  'responseModels',
  'gatewayResponses',
  'validators',
]);
const OPTIONAL = new Set([
  'policy',
  'minimumCompressionSize',
  'authorizerId',
  'authorizationScopes',
  'validator',
  'integration',
  'httpMethod',
  'uri',
  'credentials',
  'contentHandling',
  'cacheNamespace',
  'statusCode',
]);

/**
 * Every REST API that differs from this one in a single field. Left alone are the two parts that a drawing does not keep:
 * request models, and the flag of a declared response header, which AWS ignores.
 */
export function mutantsOf(gateway: Gateway): Mutant[] {
  return changed(gateway, []).map(({ what, value }) => ({ what, gateway: value as Gateway }));
}

interface Changed {
  readonly what: string;
  readonly value: unknown;
}

function changed(value: unknown, path: readonly string[]): Changed[] {
  const what = path.join('.');
  if (typeof value === 'boolean') return isIgnoredFlag(path) ? [] : [{ what, value: !value }];
  if (typeof value === 'number') return [{ what, value: value + 1 }];
  if (typeof value === 'string')
    return [{ what, value: /^[1-5]\d\d$/.test(value) ? String(Number(value) + 1) : `${value}x` }];
  if (Array.isArray(value)) return [{ what, value: [...value, 'added'] }, ...withoutEach(value, what)];
  return Object.entries(value as object).flatMap(([key, field]) => {
    const rest = Object.fromEntries(Object.entries(value as object).filter(([name]) => name !== key));
    const inner = key === 'requestModels' ? [] : changed(field, [...path, key]);
    const removed = isRemovable(path.at(-1) ?? '', key, rest) ? [{ what: `${what}.-${key}`, value: rest }] : [];
    return [...inner.map((is) => ({ what: is.what, value: { ...rest, [key]: is.value } })), ...removed];
  });
}

function isRemovable(parent: string, key: string, rest: object): boolean {
  // A resource without methods is left out of a Gateway, so the last method stays.
  if (parent === 'methods' && Object.keys(rest).length === 0) return false;
  return MAPS.has(parent) || OPTIONAL.has(key);
}

function withoutEach(list: readonly unknown[], what: string): Changed[] {
  return list.map((_item, nth) => ({ what: `${what}.-${nth}`, value: list.filter((_other, other) => other !== nth) }));
}

function isIgnoredFlag(path: readonly string[]): boolean {
  return path.at(-2) === 'responseParameters';
}

/** A REST API of ours, one of ours that somebody touched, or somebody else's. */
export const anyGateway: fc.Arbitrary<Gateway> = fc.oneof(
  anySurface.map(toGateway),
  fc.tuple(anySurface, fc.nat()).map(([surface, nth]) => {
    const gateway = toGateway(surface);
    const mutants = mutantsOf(gateway);
    return mutants[nth % mutants.length]?.gateway ?? gateway;
  }),
  foreignGateway,
);
