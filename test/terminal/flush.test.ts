import { expect, test } from 'vitest';
import type { FlushResult } from '../../src/model/result.js';
import { renderFlush } from '../../src/terminal/flush.js';
import { blankPage } from './blank-page.js';

function resultOf(change: Partial<FlushResult>): FlushResult {
  return {
    target: 'aws',
    account: '123456789012',
    region: 'eu-west-1',
    name: 'holiday',
    stage: 'dev',
    url: 'https://a.test/dev',
    outcome: 'emptied',
    tookMs: 10,
    ...change,
  };
}

const path = '/images/a%20b.png';
const stays = { headers: ['If-Match', 'If-None-Match', 'Range'], ttlSeconds: 300 };
const staying =
  '  What stays for up to 300 s: its entries for requests with If-Match, If-None-Match or Range. pixgate flush empties them too.';

test.each<[string, Partial<FlushResult>, string[]]>([
  ['an empty cache', {}, ['✓ The cache of stage dev is empty.']],
  [
    'an expired path and what stays',
    { path, outcome: 'expired', status: 200, stays },
    [`✓ ${path} is expired: S3 was asked anew and the answer was 200.`, staying],
  ],
  [
    'a path that nothing vouches for',
    { path, outcome: 'unverified', status: 200, reason: 'there is no access log to tell', stays },
    [`! ${path} was asked to expire (200), but nothing proves it: there is no access log to tell.`, staying],
  ],
  [
    'a path that AWS kept',
    { path, outcome: 'ignored', status: 200, reason: 'the answer came from the cache', stays },
    [`✗ ${path} is not expired: the answer came from the cache.`],
  ],
])('renderFlush() tells %s', (_what, change, expected) => {
  const lines = renderFlush(resultOf(change), blankPage());

  expect(lines).toEqual(expected);
});

test('renderFlush() breaks its lines on a narrow page', () => {
  const lines = renderFlush(resultOf({ path, outcome: 'expired', status: 200, stays }), blankPage(40));

  expect(lines.filter((line) => line.length > 40)).toEqual([]);
  expect(lines.length).toBeGreaterThan(3);
});
