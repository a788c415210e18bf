import { expect, test } from 'vitest';
import { codeOf, matchingSteps, toBase32 } from '../../src/emulator/totp.js';

/** The seed of RFC 6238, appendix B. */
const SEED = toBase32(Buffer.from('12345678901234567890'));

test.each([
  [59, '287082'],
  [1111111109, '081804'],
  [1111111111, '050471'],
  [1234567890, '005924'],
  [2000000000, '279037'],
  [20000000000, '353130'],
])('codeOf() shows at second %i the last six digits of the vector in RFC 6238', (second, code) => {
  expect(codeOf(SEED, Math.floor(second / 30))).toBe(code);
});

test.each([
  ['', ''],
  ['f', 'MY'],
  ['fo', 'MZXQ'],
  ['foo', 'MZXW6'],
  ['foob', 'MZXW6YQ'],
  ['fooba', 'MZXW6YTB'],
  ['foobar', 'MZXW6YTBOI'],
])('toBase32() spells "%s" as the vector in RFC 4648, without padding', (text, spelt) => {
  expect(toBase32(Buffer.from(text))).toBe(spelt);
});

test.each([
  [-2, []],
  [-1, [999]],
  [0, [1000]],
  [1, [1001]],
  [2, []],
])('matchingSteps() finds the code that is %i windows away in %j', (windows, steps) => {
  expect(matchingSteps(SEED, codeOf(SEED, 1000 + windows), 1000 * 30_000 + 29_999)).toEqual(steps);
});

test.each(['', '12345', '1234567', 'abcdef', '２８７０８２'])('matchingSteps() takes no "%s"', (code) => {
  expect(matchingSteps(SEED, code, 59_000)).toEqual([]);
});

test('matchingSteps() counts a code of either of two moments', () => {
  const seed = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
  const ahead = 3_600_000;

  expect(matchingSteps(seed, codeOf(seed, 10), 300_000, ahead)).toEqual([10]);
  expect(matchingSteps(seed, codeOf(seed, 120), 300_000, ahead)).toEqual([120]);
  expect(matchingSteps(seed, codeOf(seed, 60), 300_000, ahead)).toEqual([]);
});
