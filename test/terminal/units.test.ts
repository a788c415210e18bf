import { expect, test } from 'vitest';
import { countOf, countShown, formatBytes, formatDuration, formatSpan, formatUsd } from '../../src/terminal/units.js';

test.each([
  [0, '0 ms'],
  [340.4, '340 ms'],
  [1200, '1.2 s'],
  [59_949, '59.9 s'],
  [59_950, '1 m 0 s'],
  [252_000, '4 m 12 s'],
  [3_780_000, '1 h 3 m'],
])('formatDuration() says %d as %s', (ms, expected) => {
  const said = formatDuration(ms);

  expect(said).toBe(expected);
});

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [999_999, '1.0 MB'],
  [3_450_000, '3.5 MB'],
  [2_000_000_000, '2.0 GB'],
])('formatBytes() says %d as %s', (bytes, expected) => {
  const said = formatBytes(bytes);

  expect(said).toBe(expected);
});

test.each([
  [0.02, '$0.02'],
  [0.0035, '$0.0035'],
  [14.6, '$14.60'],
  [3.8, '$3.80'],
  [1.234, '$1.23'],
])('formatUsd() says %d as %s', (usd, expected) => {
  const said = formatUsd(usd);

  expect(said).toBe(expected);
});

test.each([
  [0, '0 files'],
  [1, '1 file'],
  [2, '2 files'],
])('countOf() gives %i its noun', (count, expected) => {
  const said = countOf(count, 'file');

  expect(said).toBe(expected);
});

test.each([
  [-1, '0 min'],
  [29_999, '0 min'],
  [60_000, '1 min'],
  [3_600_000, '1 h'],
  [4_800_000, '1 h 20 min'],
  [86_400_000, '1 d'],
  [273_600_000, '3 d 4 h'],
])('formatSpan() says %d as %s', (ms, expected) => {
  const said = formatSpan(ms);

  expect(said).toBe(expected);
});

test.each([
  [4, 4],
  [5, 5],
  [6, 6],
  [7, 5],
])('countShown() of a list of %i, where five are shown, is %i', (count, expected) => {
  expect(countShown(count, 5)).toBe(expected);
});
