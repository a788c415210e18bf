import { expect, test } from 'vitest';
import {
  describeAnswer,
  describeExpectation,
  type Expectation,
  jsonBody,
  mismatches,
} from '../../src/checks/expectation.js';
import { sha256 } from './gateway-world.js';

const answer = (body: string, headers: Record<string, string> = {}, status = 200) => ({
  status,
  headers,
  body: Buffer.from(body),
  ms: 1,
});

const OURS = '{"error":"ImageNotFound","message":"None.","requestId":"r"}';

const ROWS: readonly (readonly [string, Expectation, ReturnType<typeof answer>, readonly RegExp[]])[] = [
  ['a status', { status: [200, 204] }, answer(''), []],
  ['another status', { status: [204] }, answer(''), [/status is 200/]],
  ['a header in any case', { status: [200], headers: { ETag: '"e"' } }, answer('', { etag: '"e"' }), []],
  ['another value', { status: [200], headers: { ETag: '"e"' } }, answer('', { etag: '"f"' }), [/ETag is ""f""/]],
  ['any value', { status: [200], headers: { ETag: true } }, answer('', { etag: 'x' }), []],
  ['no header', { status: [200], headers: { ETag: true } }, answer(''), [/ETag is missing/]],
  ['an empty header', { status: [200], headers: { ETag: true } }, answer('', { etag: '' }), [/ETag is missing/]],
  ['a part', { status: [200], headers: { Allow: { contains: 'GET' } } }, answer('', { allow: 'HEAD,GET' }), []],
  [
    'no such part',
    { status: [200], headers: { Allow: { contains: 'GET' } } },
    answer('', { allow: 'PUT' }),
    [/Allow is/],
  ],
  ['no body', { status: [200], body: { kind: 'empty' } }, answer(''), []],
  ['some body', { status: [200], body: { kind: 'empty' } }, answer('x'), [/has 1 bytes/]],
  ['the bytes', { status: [200], body: { kind: 'bytes', bytes: Buffer.from('ab') } }, answer('ab'), []],
  ['other bytes', { status: [200], body: { kind: 'bytes', bytes: Buffer.from('ab') } }, answer('abc'), [/3 bytes/]],
  [
    'a digest',
    { status: [200], body: { kind: 'digest', sha256: sha256(Buffer.from('a')), sizeBytes: 1 } },
    answer('a'),
    [],
  ],
  ['another digest', { status: [200], body: { kind: 'digest', sha256: 'x', sizeBytes: 1 } }, answer('a'), [/SHA-256/]],
  ['our error', { status: [404], body: { kind: 'error', error: 'ImageNotFound' } }, answer(OURS, {}, 404), []],
  ['another error', { status: [404], body: { kind: 'error', error: 'X' } }, answer(OURS, {}, 404), [/"ImageNotFound"/]],
  ['no JSON', { status: [404], body: { kind: 'error', error: 'X' } }, answer('<a/>', {}, 404), [/not a JSON object/]],
  [
    'no request id',
    { status: [200], body: { kind: 'error', error: 'X' } },
    answer('{"error":"X","message":"m"}'),
    [/no requestId/],
  ],
  [
    "AWS's error",
    { status: [403], body: { kind: 'error', error: undefined } },
    answer('{"message":"No"}', {}, 403),
    [],
  ],
  ['no message', { status: [403], body: { kind: 'error', error: undefined } }, answer('{}', {}, 403), [/no message/]],
  ['a secret', { status: [200], without: ['b-1', 'b-2'] }, answer('in b-1'), [/holds "b-1"/]],
];

test.each(ROWS)('mismatches() judges %s', (_name, expected, given, complaints) => {
  const wrong = mismatches(expected, given);

  expect(wrong.length).toBe(complaints.length);
  for (const [index, complaint] of complaints.entries()) expect(wrong[index]).toMatch(complaint);
});

test.each([
  ['[1]', undefined],
  ['null', undefined],
  ['{"a":', undefined],
  ['{"a":1}', { a: 1 }],
])('jsonBody() of %s', (body, value) => {
  expect(jsonBody(answer(body))).toEqual(value);
});

test('describeExpectation() says everything that is due', () => {
  const said = describeExpectation({
    status: [200, 204],
    headers: { ETag: true, 'Content-Type': 'image/png', Allow: { contains: 'GET' } },
    body: { kind: 'error', error: 'X' },
  });

  expect(said).toBe(
    'HTTP 200 or 204, ETag present, Content-Type: image/png, Allow with GET, JSON with error "X", a message and a requestId',
  );
});

test('describeAnswer() quotes text, without what would garble a terminal, and no pictures', () => {
  const text = describeAnswer(
    answer(`{"a":"\u001B[31m"}${' '.repeat(9)}${'b'.repeat(300)}`, { 'content-type': 'application/json' }),
  );
  const picture = describeAnswer(answer('PNG', { 'content-type': 'image/png' }));

  expect(text).toMatch(/^HTTP 200, application\/json, 322 bytes: \{"a":" \[31m"\} b+…$/);
  expect(picture).toBe('HTTP 200, image/png, 3 bytes');
});
