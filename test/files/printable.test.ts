import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printable } from '../../src/files/printable.js';

describe('printable()', () => {
  it.each([
    ['café crème.jpg', 'café crème.jpg'],
    ['a\nb', 'a\\x0ab'],
    ['\x1b[31mred', '\\x1b[31mred'],
    ['a\x9b2J', 'a\\x9b2J'],
    ['a\u202egnp', 'a\\u{202e}gnp'],
    ['a\u200bb', 'a\\u{200b}b'],
    ['a\ud800b', 'a\\u{d800}b'],
    ['😀', '😀'],
  ])('renders %j', (name, shown) => {
    expect(printable(name)).toBe(shown);
  });

  it('never lets a control character through', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        expect(printable(name)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u);
      }),
    );
  });
});
