import { expect, test } from 'vitest';
import { UsageError } from '../../src/errors.js';
import { parseSince } from '../../src/terminal/logs-since.js';

test.each([
  [undefined, {}],
  ['30s', { lastMs: 30_000 }],
  ['10m', { lastMs: 600_000 }],
  ['2h', { lastMs: 7_200_000 }],
  ['1d', { lastMs: 86_400_000 }],
  ['2026-11-23', { fromMs: Date.UTC(2026, 10, 23) }],
  ['2026-11-23T01:02', { fromMs: Date.UTC(2026, 10, 23, 1, 2) }],
  ['2026-11-23T01:02:03', { fromMs: Date.UTC(2026, 10, 23, 1, 2, 3) }],
  ['2026-11-23T01:02:03.5Z', { fromMs: Date.UTC(2026, 10, 23, 1, 2, 3, 500) }],
  ['2026-11-23T01:02:03+01:00', { fromMs: Date.UTC(2026, 10, 23, 0, 2, 3) }],
])('parseSince() reads %s', (text, expected) => {
  expect(parseSince(text)).toEqual(expected);
});

test.each([
  '',
  '10',
  '0m',
  '-5m',
  '1.5h',
  '10 m',
  '10M',
  '1234567m',
  'yesterday',
  '2026-13-01',
  '2026-02-31',
  '2026-02-31T00:00Z',
  '2026-11-23 01:02',
  '2026-11-23T25:00Z',
  '2026-11-23T01:02+99:99',
  '23/11/2026',
])('parseSince() refuses %j and says what it wants', (text) => {
  expect(() => parseSince(text)).toThrow(UsageError);
  expect(() => parseSince(text)).toThrow(
    `--since must be a while such as 10m, 2h or 1d, or a moment such as 2026-11-23T01:02:03Z: got ${JSON.stringify(text)}.`,
  );
});
