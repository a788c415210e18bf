import { expect, test } from 'vitest';
import type { ApplyResult, InvalidationResult } from '../../src/model/result.js';
import { renderInvalidation } from '../../src/terminal/invalidate.js';
import { blankPage } from './blank-page.js';

function resultOf(invalidated?: InvalidationResult): ApplyResult {
  return {
    phase: 'upload',
    target: 'aws',
    account: '123456789012',
    region: 'eu-west-1',
    name: 'holiday',
    stage: 'dev',
    changed: 1,
    kept: 0,
    steps: [],
    tookMs: 10,
    ...(invalidated === undefined ? {} : { invalidated }),
  };
}

const stays = { headers: ['If-Match', 'Range'], ttlSeconds: 300 };
const staying =
  '  What stays for up to 300 s: their entries for requests with If-Match or Range. pixgate flush empties them too.';

test.each<[string, InvalidationResult | undefined, string[]]>([
  ['nothing that was not asked for', undefined, []],
  [
    'expired paths and what stays',
    { outcome: 'expired', paths: 2, verified: '/images/a%20b.png', stays },
    ['✓ 2 paths expired in the cache; the access log shows it for /images/a%20b.png.', staying],
  ],
  [
    'an emptied cache and why',
    { outcome: 'emptied', paths: 0, reason: '201 images changed' },
    ['✓ The cache of stage dev is empty: 201 images changed.'],
  ],
  [
    'what nothing vouches for',
    { outcome: 'unverified', paths: 1, reason: 'there is no access log to tell', stays },
    ['! 1 path asked to expire in the cache, but nothing proves it: there is no access log to tell.', staying],
  ],
  [
    'that there was nothing',
    { outcome: 'nothing', paths: 0, reason: 'the stage has no cache' },
    ['There is nothing to expire in the cache: the stage has no cache.'],
  ],
  ['what AWS ignored not twice', { outcome: 'ignored', paths: 1, reason: 'the answer came from the cache' }, []],
])('renderInvalidation says %s', (_what, invalidated, lines) => {
  expect(renderInvalidation(resultOf(invalidated), blankPage())).toEqual(lines);
});
