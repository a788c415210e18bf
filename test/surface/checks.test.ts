import { expect, test } from 'vitest';
import { checksFor, fixedHeaders } from '../../src/surface/checks.js';
import type { Reply, Route, Surface } from '../../src/surface/surface.js';

const NOT_FOUND: Reply = {
  status: 404,
  when: '404',
  declared: true,
  headers: { 'Content-Type': { fixed: 'application/json' }, ETag: { backend: 'ETag' } },
  body: { kind: 'error', error: 'ImageNotFound', message: 'None.' },
};

const ROUTE: Route = {
  method: 'GET',
  path: '/images/{key+}',
  access: { kind: 'public' },
  validator: undefined,
  parameters: [
    { in: 'path', name: 'key', required: true, forwardAs: 'key', cacheKey: true },
    { in: 'header', name: 'Range', required: false, forwardAs: 'Range', cacheKey: true },
    { in: 'header', name: 'Origin', required: false, cacheKey: false },
  ],
  backend: {
    kind: 's3-object',
    verb: 'GET',
    region: 'eu-west-1',
    bucket: 'my-bucket',
    key: 'images/{key}',
    roleArn: 'arn:aws:iam::123456789012:role/r',
  },
  replies: [NOT_FOUND],
  examples: [
    { title: 'first', headers: {}, object: 'missing', status: 404, expectHeaders: { 'Cache-Control': true } },
    { title: 'second', headers: { Range: 'bytes=0-1' }, object: 'missing', status: 404, expectHeaders: {} },
    { title: 'undrawn', headers: {}, object: 'existing', status: 200, expectHeaders: {} },
  ],
};

const SURFACE: Surface = {
  name: 'holiday',
  description: '',
  endpoint: 'REGIONAL',
  binaryMediaTypes: ['*/*'],
  routes: [ROUTE],
  errors: [],
  policy: undefined,
  authorizers: {},
  validators: {},
  foreign: {},
};

test('checksFor() makes one question of each example, with ids of their own', () => {
  const { questions } = checksFor(SURFACE);

  expect(questions.map(({ id }) => id)).toEqual([
    'GET /images/{key+}/404',
    'GET /images/{key+}/404-2',
    'GET /images/{key+}/200',
  ]);
});

test('checksFor() expects what the example says and what the reply fixes', () => {
  const [first] = checksFor(SURFACE).questions;

  expect(first?.expectHeaders).toEqual({ 'cache-control': true, 'content-type': 'application/json' });
  expect(first?.body).toEqual(NOT_FOUND.body);
});

test('checksFor() knows no body for a status that is not drawn', () => {
  const question = checksFor(SURFACE).questions.find(({ title }) => title === 'undrawn');

  expect(question?.body).toBeUndefined();
});

test('checksFor() tells what an image route keeps apart and what it must not give away', () => {
  const [route] = checksFor(SURFACE).images;

  expect(route?.cachedBy).toEqual(['Range']);
  expect(route?.secrets).toEqual(['my-bucket', '123456789012']);
  expect(route?.replies.get(404)).toEqual(NOT_FOUND);
});

test.each([
  { errors: [], unrouted: { status: 403, error: undefined } },
  {
    errors: [
      {
        type: 'MISSING_AUTHENTICATION_TOKEN',
        status: 404,
        headers: {},
        body: { kind: 'error', error: 'NotFound', message: '' },
      },
    ],
    unrouted: { status: 404, error: 'NotFound' },
  },
  {
    errors: [
      { type: 'MISSING_AUTHENTICATION_TOKEN', status: undefined, headers: {}, body: { kind: 'other', templates: {} } },
    ],
    unrouted: { status: 403, error: undefined },
  },
] as const)('checksFor() knows what nothing is answered with: $unrouted', ({ errors, unrouted }) => {
  expect(checksFor({ ...SURFACE, errors }).unrouted).toEqual(unrouted);
});

test('checksFor() takes a mock OPTIONS for a preflight', () => {
  const preflight: Route = { ...ROUTE, method: 'OPTIONS', backend: { kind: 'mock', status: 204 }, examples: [] };

  const { preflights, questions } = checksFor({ ...SURFACE, routes: [preflight] });

  expect(preflights).toEqual([{ path: '/images/{key+}' }]);
  expect(questions).toEqual([]);
});

test('fixedHeaders() leaves out what comes from the backend', () => {
  expect(fixedHeaders(NOT_FOUND)).toEqual({ 'content-type': 'application/json' });
  expect(fixedHeaders(undefined)).toEqual({});
});
