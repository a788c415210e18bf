import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findCollisions } from '../../src/files/collisions.js';

describe('findCollisions()', () => {
  it.each([
    ['names that differ', ['a.png', 'b.png', 'a/a.png'], {}],
    ['one key said twice', ['a.png', 'a.png'], {}],
    ['a case pair', ['A.png', 'b.png', 'a.png'], { 'a.png': 'A.png', 'A.png': 'a.png' }],
    [
      'a case pair of folders',
      ['Cats/a.png', 'cats/a.png'],
      { 'cats/a.png': 'Cats/a.png', 'Cats/a.png': 'cats/a.png' },
    ],
    [
      'NFC and NFD',
      ['caf\u00e9.png', 'cafe\u0301.png'],
      { 'cafe\u0301.png': 'caf\u00e9.png', 'caf\u00e9.png': 'cafe\u0301.png' },
    ],
    [
      'three of a kind',
      ['A', 'a', 'A'.normalize('NFD'), 'Á', 'á', 'A\u0301'],
      { a: 'A', A: 'a', á: 'Á', 'A\u0301': 'Á', Á: 'á' },
    ],
  ])('names both sides of %s', (_, keys, collisions) => {
    expect(Object.fromEntries(findCollisions(keys))).toEqual(collisions);
  });

  it('finds what comparing every key with all before it finds, also of keys that can be gone through anew', () => {
    const letter = fc.constantFrom(
      'a',
      'A',
      'b',
      '/',
      '\u00e9',
      'e\u0301',
      'E\u0301',
      '\u00c9',
      '\u{1f600}',
      '\u0130',
      'K',
      '\u212a',
    );
    const keysOf = fc.array(
      fc.array(letter, { maxLength: 3 }).map((letters) => letters.join('')),
      { maxLength: 30 },
    );

    fc.assert(
      fc.property(keysOf, (keys) => {
        const expected = [...compareAll(keys)];
        expect([...findCollisions(keys)]).toEqual(expected);
        expect([...findCollisions(() => new Set(keys))]).toEqual([...compareAll([...new Set(keys)])]);
      }),
    );
  });

  it('is not misled by keys that only share a hash', () => {
    // Found by trying: their 32 bits are the same.
    const keys = ['x3rnw.png', 'xkpba.png'] as const;

    expect(findCollisions(keys).size).toBe(0);
    expect(Object.fromEntries(findCollisions([...keys, keys[0].toUpperCase()]))).toEqual({
      [keys[0]]: keys[0].toUpperCase(),
      [keys[0].toUpperCase()]: keys[0],
    });
  });
});

function compareAll(keys: readonly string[]): Map<string, string> {
  const collisions = new Map<string, string>();
  const fold = (key: string) => key.normalize('NFC').toLowerCase();
  for (const [at, key] of keys.entries()) {
    const first = keys.find((is, place) => place < at && fold(is) === fold(key));
    if (first === undefined || first === key) continue;
    collisions.set(key, first);
    if (!collisions.has(first)) collisions.set(first, key);
  }
  return collisions;
}
