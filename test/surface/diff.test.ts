import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Change } from '../../src/model/plan.js';
import { diffJson, diffSurface, surfaceDigest } from '../../src/surface/diff.js';
import { fromGateway, toGateway } from '../../src/surface/gateway.js';
import type { Reply, Route, Surface } from '../../src/surface/surface.js';
import { anyGateway, mutantsOf } from './any-gateway.js';
import { anySurface } from './any-surface.js';

const NOT_FOUND: Reply = {
  status: 404,
  when: '404',
  declared: true,
  headers: { ETag: { backend: 'ETag' } },
  body: { kind: 'error', error: 'ImageNotFound', message: 'None.' },
};

const ROUTE: Route = {
  method: 'GET',
  path: '/images/{key+}',
  access: { kind: 'public' },
  validator: 'parameters',
  parameters: [{ in: 'path', name: 'key', required: true, forwardAs: 'key', cacheKey: false }],
  backend: {
    kind: 's3-object',
    verb: 'GET',
    region: 'eu-west-1',
    bucket: 'my-bucket',
    key: 'images/{key}',
    roleArn: 'arn:aws:iam::123456789012:role/r',
  },
  replies: [NOT_FOUND],
  examples: [],
};

const SURFACE: Surface = {
  name: 'holiday-dev',
  description: 'Images.',
  endpoint: 'REGIONAL',
  binaryMediaTypes: ['*/*'],
  routes: [ROUTE],
  errors: [{ type: 'THROTTLED', status: 429, headers: {}, body: { kind: 'other', templates: {} } }],
  policy: undefined,
  authorizers: {},
  validators: { parameters: { body: false, parameters: true } },
  foreign: {},
};

/** The same drawing with every list, and the fields of every object, in another order. */
function reordered(surface: Surface): Surface {
  const { routes, errors, binaryMediaTypes, ...same } = surface;
  const lists = {
    binaryMediaTypes: binaryMediaTypes.toReversed(),
    errors: errors.toReversed(),
    routes: routes.toReversed().map((route) => ({
      ...route,
      parameters: route.parameters.toReversed(),
      replies: route.replies.toReversed(),
    })),
  };
  return reversedFields({ ...same, ...lists });
}

function reversedFields<T>(value: T): T {
  if (Array.isArray(value)) return value.map(reversedFields) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, field]) => [name, reversedFields(field)] as const);
  return Object.fromEntries(entries.toReversed()) as T;
}

/** The drawing with one thing about its only route changed. */
function withRoute(route: Partial<Route>): Surface {
  return { ...SURFACE, routes: [{ ...ROUTE, ...route }] };
}

test('diffSurface() sees no difference between a drawing and itself', () => {
  fc.assert(
    fc.property(anySurface, (surface) => {
      expect(diffSurface(surface, structuredClone(surface))).toEqual([]);
    }),
  );
});

test('diffSurface() ignores the order of routes, replies, parameters, errors, media types and fields', () => {
  fc.assert(
    fc.property(anySurface, (surface) => {
      expect(diffSurface(surface, reordered(surface))).toEqual([]);
    }),
  );
});

test('diffSurface() ignores the examples, of which AWS keeps none', () => {
  const example = { title: 'a', headers: {}, object: 'existing', status: 200, expectHeaders: {} } as const;

  expect(diffSurface(SURFACE, withRoute({ examples: [example] }))).toEqual([]);
});

test('diffSurface() sees every single field of a REST API that differs', () => {
  fc.assert(
    fc.property(anyGateway, fc.nat(), (gateway, nth) => {
      const mutants = mutantsOf(gateway);
      const { gateway: other, what } = mutants[nth % mutants.length] ?? { gateway, what: 'nothing' };

      const [was, is] = [fromGateway(gateway), fromGateway(other)];

      expect(diffSurface(was, is), what).not.toEqual([]);
      expect(diffSurface(is, was), what).not.toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test('diffSurface() says the same both ways, with from and to exchanged', () => {
  const backwards = ({ path, from, to }: Change): Change => ({ path, from: to, to: from });

  fc.assert(
    fc.property(anySurface, anySurface, (a, b) => {
      expect(diffSurface(b, a)).toEqual(diffSurface(a, b).map(backwards));
    }),
  );
});

test.each<[string, Surface, Change[]]>([
  ['the name', { ...SURFACE, name: 'holiday-prod' }, [{ path: 'name', from: 'holiday-dev', to: 'holiday-prod' }]],
  ['a media type', { ...SURFACE, binaryMediaTypes: [] }, [{ path: 'binaryMediaTypes', from: ['*/*'], to: [] }]],
  ['a policy', { ...SURFACE, policy: '{}' }, [{ path: 'policy', from: undefined, to: '{}' }]],
  [
    'a foreign setting',
    { ...SURFACE, foreign: { minimumCompressionSize: '0' } },
    [{ path: 'foreign.minimumCompressionSize', from: undefined, to: '0' }],
  ],
  [
    'the status of an error',
    {
      ...SURFACE,
      errors: [{ type: 'THROTTLED', status: undefined, headers: {}, body: { kind: 'other', templates: {} } }],
    },
    [{ path: 'errors.THROTTLED.status', from: 429, to: undefined }],
  ],
  [
    'what a validator looks at',
    { ...SURFACE, validators: { parameters: { body: true, parameters: true } } },
    [{ path: 'validators.parameters.body', from: false, to: true }],
  ],
  [
    'a cache key',
    withRoute({ parameters: [{ in: 'path', name: 'key', required: true, forwardAs: 'key', cacheKey: true }] }),
    [{ path: 'routes.GET /images/{key+}.parameters.path key.cacheKey', from: false, to: true }],
  ],
  [
    'a reply that is gone',
    withRoute({ replies: [] }),
    [
      {
        path: 'routes.GET /images/{key+}.replies.404',
        from: {
          when: '404',
          declared: true,
          headers: { ETag: { backend: 'ETag' } },
          body: { kind: 'error', error: 'ImageNotFound', message: 'None.' },
        },
        to: undefined,
      },
    ],
  ],
  [
    'the source of a header',
    withRoute({ replies: [{ ...NOT_FOUND, headers: { ETag: { fixed: 'none' } } }] }),
    [
      { path: 'routes.GET /images/{key+}.replies.404.headers.ETag.backend', from: 'ETag', to: undefined },
      { path: 'routes.GET /images/{key+}.replies.404.headers.ETag.fixed', from: undefined, to: 'none' },
    ],
  ],
  [
    'a call that must be signed',
    withRoute({ access: { kind: 'iam' } }),
    [{ path: 'routes.GET /images/{key+}.access.kind', from: 'public', to: 'iam' }],
  ],
  [
    'who may call',
    withRoute({ access: { kind: 'other', authorizationType: 'CUSTOM', apiKeyRequired: false } }),
    [
      { path: 'routes.GET /images/{key+}.access.apiKeyRequired', from: undefined, to: false },
      { path: 'routes.GET /images/{key+}.access.authorizationType', from: undefined, to: 'CUSTOM' },
      { path: 'routes.GET /images/{key+}.access.kind', from: 'public', to: 'other' },
    ],
  ],
])('diffSurface() names the path of %s', (_what, other, changes) => {
  expect(diffSurface(SURFACE, other)).toEqual(changes);
});

test('diffSurface() names every field of an API that is not there yet', () => {
  const changes = diffSurface(undefined, SURFACE);

  expect(changes.map(({ path }) => path)).toEqual([
    'authorizers',
    'binaryMediaTypes',
    'description',
    'endpoint',
    'errors',
    'foreign',
    'name',
    'routes',
    'validators',
  ]);
  expect(changes.every(({ from, to }) => from === undefined && to !== undefined)).toBe(true);
});

test.each([
  ['equal values', { a: [1] }, { a: [1] }, []],
  ['lists, which are compared whole', { a: [1, 2] }, { a: [2, 1] }, [{ path: 'a', from: [1, 2], to: [2, 1] }]],
  ['a deep field', { a: { b: 1, c: 2 } }, { a: { b: 1, c: 3 } }, [{ path: 'a.c', from: 2, to: 3 }]],
  ['null and nothing', { a: null }, {}, [{ path: 'a', from: null, to: undefined }]],
  ['a value in place of an object', { a: 1 }, { a: { b: 1 } }, [{ path: 'a', from: 1, to: { b: 1 } }]],
  ['false and nothing', {}, { a: false }, [{ path: 'a', from: undefined, to: false }]],
  ['values that are no objects', 1, 2, [{ path: '', from: 1, to: 2 }]],
] as const)('diffJson() compares %s', (_what, from, to, changes) => {
  expect(diffJson(from, to)).toEqual(changes);
});

test('surfaceDigest() is 16 hexadecimal digits that do not depend on the order of fields, routes, replies or parameters', () => {
  fc.assert(
    fc.property(anySurface, (surface) => {
      const { binaryMediaTypes } = surface;

      const digest = surfaceDigest(surface);

      expect(digest).toMatch(/^[0-9a-f]{16}$/);
      expect(surfaceDigest({ ...reordered(surface), binaryMediaTypes })).toBe(digest);
    }),
  );
});

test('surfaceDigest() differs wherever the REST API differs', () => {
  fc.assert(
    fc.property(anyGateway, fc.nat(), (gateway, nth) => {
      const mutants = mutantsOf(gateway);
      const { gateway: other, what } = mutants[nth % mutants.length] ?? { gateway, what: 'nothing' };

      expect(surfaceDigest(fromGateway(other)), what).not.toBe(surfaceDigest(fromGateway(gateway)));
    }),
    { numRuns: 500 },
  );
});

test('surfaceDigest() does not depend on the examples', () => {
  const example = { title: 'a', headers: {}, object: 'existing', status: 200, expectHeaders: {} } as const;

  expect(surfaceDigest(withRoute({ examples: [example] }))).toBe(surfaceDigest(SURFACE));
});

test('surfaceDigest() of a drawing is that of what comes back from AWS', () => {
  fc.assert(
    fc.property(anySurface, (surface) => {
      expect(surfaceDigest(fromGateway(toGateway(surface)))).toBe(surfaceDigest(surface));
    }),
  );
});
