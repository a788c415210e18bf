import { expect, test } from 'vitest';
import type { Change } from '../../src/model/plan.js';
import type { InvalidationResult } from '../../src/model/result.js';
import { describeStale } from '../../src/terminal/stale.js';

const replaced: Change = { path: 'put a.png', from: 'old', to: 'new' };
const added: Change = { path: 'put a.png', from: undefined, to: 'new' };
const told = expect.stringContaining('for up to 300 s: pixgate flush');

test.each<[string, Change, number | undefined, InvalidationResult | undefined, unknown]>([
  ['a replaced image', replaced, 300, undefined, told],
  ['a removed image', { path: 'remove a.png', from: 'old', to: undefined }, 300, undefined, told],
  ['new headers', { path: 'headers a.png', from: undefined, to: {} }, 300, undefined, told],
  ['a new image', added, 300, undefined, undefined],
  ['no cache', replaced, undefined, undefined, undefined],
  ['what expired', replaced, 300, { outcome: 'expired', paths: 1 }, undefined],
])('describeStale() tells how long visitors may see the old: %s', (_what, change, ttl, invalidated, expected) => {
  const steps = [{ address: 'objects/images', action: 'update', label: 's3', changes: [change] }] as const;

  const line = describeStale({ steps, ...(invalidated === undefined ? {} : { invalidated }) }, ttl, 'pixgate flush');

  expect(line).toEqual(expected);
});
