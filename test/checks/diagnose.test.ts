import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { diagnose, SYMPTOMS } from '../../src/checks/diagnose.js';
import type { Evidence } from '../../src/checks/evidence.js';
import type { Answer, UploadedImage, Visitor } from '../../src/model/check.js';
import { json, noise, sha256 } from './gateway-world.js';

const BYTES = noise(1, 67);
const IMAGE: UploadedImage = {
  key: 'cat.png',
  sizeBytes: 67,
  sha256: sha256(BYTES),
  contentType: 'image/png',
  headers: {},
};

const answer = (status: number, body: Uint8Array | string = '', headers: Record<string, string> = {}): Answer => ({
  status,
  headers,
  body: Buffer.from(body),
  ms: 1,
});

const seen = (evidence: Partial<Evidence> & Pick<Evidence, 'answer'>): Evidence => ({
  request: { method: 'GET', path: '/images/cat.png' },
  route: '/images/{key+}',
  object: 'existing',
  image: IMAGE,
  expected: {
    status: [200],
    headers: { 'Content-Type': 'image/png' },
    body: { kind: 'digest', sha256: IMAGE.sha256, sizeBytes: 67 },
  },
  log: '',
  unroutedError: 'NotFound',
  ...evidence,
});

const sends = (headers: Record<string, string>, method = 'GET') => ({ method, path: '/images/cat.png', headers });
const log = (line: string) => ({ answer: answer(500, '{"message":"Internal server error"}'), log: `(r-1) ${line}` });
const png = { 'content-type': 'image/png' };

/** Somebody who must be kept out. */
const STRANGER: Visitor = { id: 'anonymous', title: '', admitted: false, dress: async ({ headers }) => headers };

/** What each symptom looks like, by its name. */
const SIGHTS: Readonly<Record<string, Evidence>> = {
  unreachable: seen({ answer: answer(0, 'connect ECONNREFUSED') }),
  throttled: seen({ answer: answer(429, '{"message":"Too Many Requests"}') }),
  'stranger let in': seen({
    answer: answer(200, BYTES, png),
    request: { ...sends({}), visitor: STRANGER },
    guarded: true,
  }),
  'not allowed to see': seen({
    answer: answer(403, json({ error: 'Forbidden' }), { 'x-amzn-errortype': 'AccessDeniedException' }),
    guarded: true,
  }),
  'write accepted': seen({ answer: answer(204), request: sends({}, 'DELETE'), object: 'none' }),
  'gateway response not customised': (({ route: _none, ...evidence }) => evidence)(
    seen({ answer: answer(403, '{"message":"Missing Authentication Token"}'), object: 'none' }),
  ),
  'no such method': seen({
    answer: answer(404, '', { 'x-amzn-errortype': 'MissingAuthenticationTokenException' }),
    request: sends({}, 'HEAD'),
    draft: 'absent',
  }),
  'method not deployed': seen({ answer: answer(404, json({ error: 'NotFound' })), draft: 200 }),
  'stage missing or key required': seen({ answer: answer(403, '{"message":"Forbidden"}') }),
  'credentials required': seen({ answer: answer(401, '', { 'x-amzn-errortype': 'UnauthorizedException' }) }),
  'role cannot be assumed': seen(
    log('API Gateway does not have permission to assume the provided role arn:aws:iam::1'),
  ),
  'greedy placeholder in the uri': seen(log('Illegal character in path at index 9: https://s3/b/{key+}')),
  'placeholder not mapped': seen(log('Illegal character in path at index 9: https://s3/b/{key}')),
  'illegal request header': seen(log('Transfer-Encoding header already present')),
  'no integration response': seen(log('No match for output mapping … Endpoint Response Status Code: 404')),
  'no method response': seen(log('Output mapping refers to an invalid method response: 200')),
  'preflight not text': seen(log('Unable to transform request')),
  'response not convertible': seen(log('Unable to transform response')),
  'bad endpoint': seen(log('Invalid endpoint address')),
  'timed out': seen({ answer: answer(504, '{"message":"Endpoint request timed out"}') }),
  'too large': seen({ answer: answer(500), image: { ...IMAGE, sizeBytes: 10_485_761 } }),
  'bucket in another region': seen({ answer: answer(502), log: 'Received response. Status: 301' }),
  'S3 unavailable': seen({ answer: answer(503), log: 'Received response. Status: 503' }),
  'undeployed repair': seen({ answer: answer(500), draft: 200 }),
  'unexpected answer of S3': seen({ answer: answer(502), log: 'Received response. Status: 206' }),
  'unexplained failure': seen({ answer: answer(500) }),
  'plus in the key': seen({ answer: answer(403), image: { ...IMAGE, key: 'a+b.png' } }),
  'role cannot read': seen({ answer: answer(403, json({ error: 'ImageForbidden' })) }),
  'role cannot list': seen({ answer: answer(403, json({ error: 'ImageForbidden' })), object: 'missing' }),
  'object gone': seen({ answer: answer(404, json({ error: 'ImageNotFound' })), stored: 'gone' }),
  'looks elsewhere': seen({ answer: answer(404, json({ error: 'ImageNotFound' })), stored: IMAGE.sha256 }),
  listing: seen({ answer: answer(200, '<ListBucketResult/>') }),
  'type taken from the path': seen({
    answer: answer(200, BYTES, { 'content-type': 'text/html' }),
    request: { method: 'GET', path: '/images/cat.png%3Fresponse-content-type=text/html' },
  }),
  'error as success': seen({ answer: answer(200, '<Error><Code>NoSuchKey</Code></Error>'), object: 'missing' }),
  'S3 error passed on': seen({
    answer: answer(404, '<Error><Code>NoSuchKey</Code></Error>'),
    object: 'missing',
    expected: { status: [404] },
  }),
  'secret given away': seen({
    answer: answer(404, json({ error: 'ImageNotFound', message: 'not in my-bucket' })),
    object: 'missing',
    expected: { status: [404], without: ['my-bucket'] },
  }),
  'one image for all paths': seen({ answer: answer(200, noise(2, 9), png), twin: '/images/dog.jpg' }),
  'decoded as text': seen({ answer: answer(200, new TextDecoder().decode(BYTES), png), stored: IMAGE.sha256 }),
  base64: seen({ answer: answer(200, BYTES.toString('base64'), png), stored: IMAGE.sha256 }),
  'part replayed as whole': seen({ answer: answer(206, BYTES.subarray(0, 5), png) }),
  'not-modified replayed': seen({ answer: answer(304) }),
  'range ignored': seen({
    answer: answer(200, BYTES, png),
    request: sends({ Range: 'bytes=0-4' }),
    expected: { status: [206] },
  }),
  'condition ignored': seen({
    answer: answer(200, BYTES, png),
    request: sends({ 'If-None-Match': '"e"' }),
    expected: { status: [304] },
  }),
  'type not mapped': seen({ answer: answer(200, BYTES, { 'content-type': 'application/json' }), stored: IMAGE.sha256 }),
  'changed in the bucket': seen({ answer: answer(200, noise(3, 67), png), stored: sha256(noise(3, 67)) }),
  'old image in the cache': seen({
    answer: answer(200, noise(3, 67), png),
    stored: IMAGE.sha256,
    cacheTtlSeconds: 300,
  }),
  'type changed in the bucket': seen({
    answer: answer(200, BYTES, { 'content-type': 'binary/octet-stream' }),
    stored: IMAGE.sha256,
  }),
  'header not mapped': seen({ answer: answer(200, BYTES, png), expected: { status: [200], headers: { ETag: true } } }),
  drifted: seen({ answer: answer(418) }),
};

test.each(SYMPTOMS)('diagnose() recognises "$name" and nothing before it', (symptom) => {
  const sight = SIGHTS[symptom.name];

  const first = sight && SYMPTOMS.find(({ shows }) => shows(sight));

  expect(first?.name).toBe(symptom.name);
});

test('diagnose() tells a small image that the cache has in place of a large one from a large one that is cut off', () => {
  const [small, cut] = [noise(3, 67), BYTES.subarray(0, 5)];
  const large = { ...IMAGE, sizeBytes: 2_000_000 };
  const tag = { ...png, etag: `"${createHash('md5').update(small).digest('hex')}"` };
  const sight = { stored: IMAGE.sha256, image: large, cacheTtlSeconds: 300 };

  const names = [small, cut].map((body) => {
    const is = seen({ ...sight, answer: answer(200, body, tag) });
    return SYMPTOMS.find(({ shows }) => shows(is))?.name;
  });

  expect(names).toEqual(['old image in the cache', 'drifted']);
});

test('diagnose() knows every symptom by a name of its own', () => {
  const names = SYMPTOMS.map(({ name }) => name);

  expect(new Set(names)).toEqual(new Set(Object.keys(SIGHTS)));
  expect(names.length).toBe(Object.keys(SIGHTS).length);
});

test.each(Object.entries(SIGHTS))('diagnose() says in whole sentences what "%s" comes from', (_name, sight) => {
  const { cause, fix } = diagnose(sight);

  expect(cause).toMatch(/^[A-Z].*[^.]\.$/s);
  expect(fix).toMatch(/^[a-z]/);
});

test.each([
  ['illegal request header', /Transfer-Encoding/],
  ['no integration response', /status 404/],
  ['one image for all paths', /\/images\/dog\.jpg/],
  ['no such method', /no HEAD method on \/images\/\{key\+\}/],
  ['S3 unavailable', /answered 503/],
  ['header not mapped', /ETag/],
  ['unreachable', /ECONNREFUSED/],
])('diagnose() quotes the evidence of "%s"', (name, quote) => {
  const sight = SIGHTS[name];

  expect(sight && diagnose(sight).cause).toMatch(quote);
});

test('diagnose() does not take a picture that holds U+FFFD for one that was decoded as text', () => {
  const picture = Buffer.concat([noise(1, 20), Buffer.from('\u{FFFD}')]);
  const image = { ...IMAGE, sha256: sha256(picture) };
  const sight = seen({
    answer: answer(200, picture, { 'content-type': 'application/json' }),
    image,
    stored: image.sha256,
  });

  expect(diagnose(sight).cause).toMatch(/Content-Type is not mapped/);
});
