import { expect, test } from 'vitest';
import { describeCache, renderCheck, renderSummary, verdictOf, withoutBytes } from '../../src/terminal/checks.js';
import { blankPage } from './blank-page.js';
import { checkOf, reportOf } from './report-of.js';

test('renderCheck() says a check that passed in one line', () => {
  const lines = renderCheck(checkOf({ title: 'a.png comes whole.', asked: 'GET /dev/images/a.png' }), blankPage());

  expect(lines).toEqual(['  ✓ a.png comes whole (12 ms)']);
});

test('renderCheck() says of a failed check what was asked, what came, why, and what to do', () => {
  const failed = checkOf({
    status: 'failed',
    title: 'A missing image is a 404',
    asked: 'GET /dev/images/none.png',
    expected: '404',
    got: '403',
    cause: 'The role lacks s3:ListBucket.',
    fix: 'pixgate wire',
  });

  const lines = renderCheck(failed, blankPage());

  expect(lines).toEqual([
    '  ✗ A missing image is a 404 (12 ms)',
    '      asked:    GET /dev/images/none.png',
    '      expected: 404',
    '      got:      403',
    '      cause:    The role lacks s3:ListBucket.',
    '      fix:      pixgate wire',
  ]);
});

test.each([
  ['inconclusive', '  ? a.png comes whole (12 ms)'],
  ['skipped', '  - a.png comes whole (12 ms)'],
] as const)('renderCheck() marks a check that is %s', (status, expected) => {
  const [head] = renderCheck(checkOf({ status }), blankPage());

  expect(head).toBe(expected);
});

test('renderSummary() counts by group and ends with the verdict', () => {
  const report = reportOf([
    checkOf({}),
    checkOf({ status: 'failed' }),
    checkOf({ group: 'logs', status: 'inconclusive' }),
  ]);

  const lines = renderSummary(report, blankPage());

  expect(lines).toEqual([
    '',
    '  group                   passed  failed  inconclusive  skipped',
    '  Ways to the same bytes  1       1       0             0',
    '  Logs                    0       0       1             0',
    '',
    '  3 checks: 1 passed, 1 failed, 1 inconclusive, in 2.4 s.',
  ]);
});

test('renderSummary() says why checks were skipped, each reason once', () => {
  const skipped = (got: string) => checkOf({ status: 'skipped', got });

  const lines = renderSummary(
    reportOf([skipped('no suitable image'), skipped('no key'), skipped('no key')]),
    blankPage(),
  );

  expect(lines.slice(-3)).toEqual([
    '  3 checks: 0 passed, 0 failed, 3 skipped, in 2.4 s.',
    '  1 skipped: no suitable image',
    '  2 skipped: no key',
  ]);
});

test('verdictOf() leaves out what did not happen', () => {
  const verdict = verdictOf(reportOf([checkOf({})]));

  expect(verdict).toBe('1 check: 1 passed, 0 failed, in 2.4 s.');
});

test('describeCache() tells the miss and the hit of one path', () => {
  const report = reportOf(
    [],
    [
      { path: '/images/b.png', cached: false, ms: 40 },
      { path: '/images/a.png', cached: false, ms: 33 },
      { path: '/images/a.png', cached: true, ms: 1.4 },
    ],
  );

  const sentence = describeCache(report);

  expect(sentence).toBe('Cache: /images/a.png took 33 ms (miss), then 1 ms (hit).');
});

test('describeCache() says nothing without a hit', () => {
  const sentence = describeCache(reportOf([], [{ path: '/images/a.png', cached: false, ms: 33 }]));

  expect(sentence).toBeUndefined();
});

test('withoutBytes() keeps everything of an image but its bytes', () => {
  const image = { path: '/images/a.png', contentType: 'image/png', sizeBytes: 3, sha256: 'aa' };

  const bare = withoutBytes({ ...reportOf([]), images: [{ ...image, base64: 'AAAA' }] });

  expect(bare.images).toEqual([image]);
});
