import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareKeys } from '../../src/files/compare-keys.js';

const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

test.each([
  ['', '', 0],
  ['', 'a', -1],
  ['a', 'a', 0],
  ['a', 'b', -1],
  ['a', 'ab', -1],
  ['a!', 'a/', -1],
  ['a/b', 'a0', -1],
  ['B', 'a', -1],
  ['z', 'é', -1],
  ['é', '日', -1],
  ['\ud7ff', '\ue000', -1],
  // UTF-16 sorts these the other way round.
  ['\uffee', '\u{1f600}', -1],
  ['\ue000', '\u{10000}', -1],
  ['\u{1f600}', '\u{1f601}', -1],
  ['\u{103ff}', '\u{10400}', -1],
])('compareKeys(%j, %j) is %i, and the opposite the other way round', (a, b, expected) => {
  expect(Math.sign(compareKeys(a, b))).toBe(expected);
  expect(Math.sign(compareKeys(b, a))).toBe(expected === 0 ? 0 : -expected);
});

test('compareKeys() sorts any keys as their bytes are sorted', () => {
  const unit = fc.constantFrom('a', 'b', '/', '\x7f', 'é', '\ud7ff', '\ue000', '\uffff', '\u{10000}', '\u{10ffff}');
  const key = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(unit, { maxLength: 6 }).map((units) => units.join('')),
  );

  fc.assert(
    fc.property(key, key, (a, b) => {
      expect(Math.sign(compareKeys(a, b))).toBe(byBytes(a, b));
    }),
    { numRuns: 2_000 },
  );
});

test('compareKeys() puts halves of characters into one order with all else', () => {
  const units = fc.constantFrom('a', '\ud800', '\udbff', '\udc00', '\udfff', '\ue000', '\u{1f600}');
  const keys = fc.array(
    fc.array(units, { maxLength: 4 }).map((all) => all.join('')),
    { maxLength: 12 },
  );

  fc.assert(
    fc.property(keys, (some) => {
      expect([...some].reverse().sort(compareKeys)).toEqual([...some].sort(compareKeys));
    }),
  );
});
