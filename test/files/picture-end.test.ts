import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { findPictureEnd } from '../../src/files/picture-end.js';

const sample = (name: string) => readFile(new URL(`../../samples/${name}`, import.meta.url));
const hex = (...parts: string[]) => Buffer.from(parts.join('').replaceAll(' ', ''), 'hex');

describe('findPictureEnd()', () => {
  it.each(['waves.png', 'dunes.jpg', 'blue hour.jpg', 'panorama.jpg', 'orbit.gif', 'sunset.webp'])(
    'finds the end of %s, which is missing from every shorter file',
    async (name) => {
      const whole = await sample(name);
      const cuts = Array.from(
        { length: 250 },
        (_, step) => whole.length - 1 - Math.floor((step ** 3 * whole.length) / 1.7e7),
      );

      expect(findPictureEnd(whole)).toBe(whole.length);
      expect(findPictureEnd(Buffer.concat([whole, Buffer.from('more')]))).toBe(whole.length);
      for (const cut of cuts.filter((length) => length > 12)) {
        expect(findPictureEnd(whole.subarray(0, cut)), `${cut} bytes`).toBe('missing');
      }
    },
  );

  it.each([
    ['an SVG', Buffer.from('<svg/>')],
    ['nothing', Buffer.alloc(0)],
    ['a BMP', Buffer.from('BM')],
    ['RIFF of another kind', Buffer.from('RIFF\0\0\0\0WAVE')],
  ])('does not judge %s', (_, bytes) => {
    expect(findPictureEnd(bytes)).toBeUndefined();
  });

  it.each([
    ['a preview has an end of its own', hex('ffd8 ffe1 0008 aabb ffd9 ccdd ffda 0004 0000 1234 ffd9'), 22],
    ['data hold restarts and stuffed bytes', hex('ffd8 ffda 0004 0000 12 ff00 ffd3 34 ffff d9'), 17],
    ['tables lie between scans', hex('ffd8 ffda 0004 0000 12 ffc4 0004 ffd9 ffda 0004 0000 12 ffd9'), 24],
    ['a segment says that it is shorter than its length', hex('ffd8 ffe0 0000 ffda 0002 ffd9'), 12],
  ])('finds the end of a JPEG of which %s', (_, bytes, end) => {
    expect(findPictureEnd(bytes)).toBe(end);
  });

  it('steps over padding in a GIF, and over an end that stands in a comment', () => {
    const gif = hex(
      '474946383961 01000100 00 00 00',
      '21fe 02 3b3b 00',
      '00',
      '2c 00000000 01000100 80 000000ffffff 02 02 4401 00',
      '3b',
    );

    expect(findPictureEnd(gif)).toBe(gif.length);
    expect(findPictureEnd(gif.subarray(0, -1))).toBe('missing');
  });

  it('takes no longer than the bytes are long, whatever they say', () => {
    const floods = [
      Buffer.concat([hex('ffd8ff'), Buffer.alloc(10_000_000, 0xff)]),
      Buffer.concat([hex('89504e470d0a1a0a'), Buffer.alloc(10_000_000)]),
      Buffer.concat([hex('474946383961 01000100 00 00 00'), Buffer.alloc(10_000_000, 0x21)]),
    ];
    const before = performance.now();

    expect(floods.map(findPictureEnd)).toEqual(['missing', 'missing', 'missing']);
    expect(performance.now() - before).toBeLessThan(5000);
  });
});
