import { expect, test } from 'vitest';
import { parseDuration } from '../../src/config/duration.js';

test.each([
  ['1m', 60_000],
  ['30m', 1_800_000],
  ['2h', 7_200_000],
  ['7d', 604_800_000],
  ['365d', 31_536_000_000],
  ['525600m', 31_536_000_000],
  ['0m', undefined],
  ['366d', undefined],
  ['525601m', undefined],
  ['2', undefined],
  ['2s', undefined],
  ['1h30m', undefined],
  ['-1h', undefined],
  [' 2h', undefined],
  ['', undefined],
])('parseDuration(%j) is %s', (text, expected) => {
  const ms = parseDuration(text);

  expect(ms).toBe(expected);
});
