import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newEtagColumn } from '../../src/resources/etag-column.js';

const anEtag = fc.oneof(
  fc.stringMatching(/^[0-9a-f]{32}$/),
  fc.stringMatching(/^[0-9a-f]{32}-[0-9]{1,3}$/),
  fc.constantFrom('', '0'.repeat(32), 'ABCDEF0123456789ABCDEF0123456789', 'no digest'),
);

test('newEtagColumn() gives back what was set last at each place, and nothing elsewhere', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat({ max: 9000 }), anEtag), { maxLength: 60 }), (sets) => {
      const column = newEtagColumn();
      for (const [place, etag] of sets) column.set(place, etag);

      const wanted = new Map(sets);
      for (const [place] of sets) expect(column.at(place)).toBe(wanted.get(place));
      for (const place of [0, 1, 4095, 4096, 9001]) expect(column.at(place)).toBe(wanted.get(place) ?? '');
    }),
  );
});
