import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { crc32Of, longBody, wholeOf } from '../../src/aws/long-body.js';

test('longBody() tells of its pieces what they are together', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 50 })), (pieces) => {
      const whole = Buffer.concat(pieces);
      const body = longBody(() => pieces.map((piece) => Buffer.from(piece)));

      expect(body).toMatchObject({
        byteLength: whole.byteLength,
        sha256: createHash('sha256').update(whole).digest('hex'),
        crc32: crc32(whole),
      });
      expect(Buffer.compare(wholeOf(body), whole)).toBe(0);
      expect(crc32Of(body)).toBe(crc32Of(whole));
    }),
  );
});
