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
});
