import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { mediaType } from '../../src/files/media-type.js';

const sample = (name: string) => readFile(new URL(`../../samples/${name}`, import.meta.url));
const SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>';
const BMP = Buffer.from(
  '424d3a000000000000003600000028000000010000000100000001001800000000000400000000000000000000000000000000000000ffffff00',
  'hex',
);
const TIFF = Buffer.from('49492a00080000000200000103000100000001000000010103000100000001000000000000000000', 'hex');
const box = (brands: string) =>
  Buffer.concat([Buffer.from([0, 0, 0, 8 + brands.length]), Buffer.from(`ftyp${brands}`), Buffer.alloc(40)]);

describe('mediaType()', () => {
  it.each([
    ['waves.png', 'image/png'],
    ['dunes.jpg', 'image/jpeg'],
    ['orbit.gif', 'image/gif'],
    ['sunset.webp', 'image/webp'],
    ['aurora.avif', 'image/avif'],
    ['kite.svg', 'image/svg+xml'],
    ['lighthouse.svg', 'image/svg+xml'],
    ['sun.ico', 'image/vnd.microsoft.icon'],
  ])('finds that %s is %s', async (name, type) => {
    expect(mediaType(name, await sample(name))).toEqual({ type });
  });

  it.each([
    ['a.bmp', BMP, 'image/bmp'],
    ['a.tif', TIFF, 'image/tiff'],
    ['a.tiff', TIFF, 'image/tiff'],
    ['a/b.c/d.SVG', SVG, 'image/svg+xml'],
    [
      'a.svg',
      `\uFEFF<?xml version="1.0"?>\n<!-- <html> -->\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x.dtd" [\n<!ENTITY a "b>">\n]>\n${SVG}`,
      'image/svg+xml',
    ],
    ['a.svg', `<!DOCTYPE svg PUBLIC "x" "y">${SVG}`, 'image/svg+xml'],
    ['a.svg', '<s:svg xmlns:s="http://www.w3.org/2000/svg"><s:g/></s:svg>', 'image/svg+xml'],
    ['a.svg', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', 'image/svg+xml'],
  ])('finds the type of %s (%#)', (name, content, type) => {
    expect(mediaType(name, Buffer.from(content))).toEqual({ type });
  });

  it('takes extensions in any case', async () => {
    expect(mediaType('A.JPEG', await sample('dunes.jpg'))).toEqual({ type: 'image/jpeg' });
  });

  it.each([
    ['a.png', '<!DOCTYPE html><html></html>', 'is named .png but holds HTML'],
    ['a.png', '<html><body>', 'is named .png but holds HTML'],
    ['a.png', `${SVG}`, 'is named .png but holds SVG'],
    ['a.png', 'hello', 'is named .png but holds text'],
    ['a.png', '', 'is named .png but holds nothing'],
    ['a.png', '%PDF-1.7', 'is named .png but holds a PDF'],
    ['a.png', 'PK\x03\x04', 'is named .png but holds a ZIP archive'],
    ['a.png', '\x00\x01\x02', 'is named .png but holds unknown data'],
    ['a.avif', box('heic\0\0\0\0mif1heic'), 'is named .avif but holds HEIC'],
    ['a.avif', box('isom\0\0\0\0isommp42'), 'is named .avif but holds a video'],
    ['a.svg', '<!DOCTYPE html><svg xmlns="http://www.w3.org/2000/svg"/>', 'is named .svg but holds HTML'],
    [
      'a.svg',
      '<html xmlns="http://www.w3.org/1999/xhtml"><svg xmlns="http://www.w3.org/2000/svg"/></html>',
      'is named .svg but holds HTML',
    ],
    ['a.svg', '<svg></svg>', 'is named .svg but holds XML'],
    ['a.svg', '<svgx xmlns="http://www.w3.org/2000/svg"/>', 'is named .svg but holds XML'],
    ['a.svg', '<svg xmlns="http://www.w3.org/2000/svg"><g>', 'is named .svg but holds the beginning of an SVG'],
    ['a.svg', '<!-- never closed <svg xmlns="http://www.w3.org/2000/svg"/>', 'is named .svg but holds text'],
    ['a.svg', Buffer.from(SVG, 'utf16le'), 'is named .svg but holds unknown data'],
    ['a.svg', '\x1f\x8b\x08', 'is named .svg but holds'],
    ['a.txt', 'hello', 'is not an image: its name has no image extension'],
    ['a.html', '<html>', 'is not an image: its name has no image extension'],
    ['README', 'hello', 'is not an image: its name has no image extension'],
    ['a.zzz', 'hello', 'is not an image: its name has no image extension'],
    ['a.', 'hello', 'is not an image: its name has no image extension'],
    ['a.heic', box('heic\0\0\0\0mif1heic'), 'is image/heic, which is not served: browsers do not agree on it'],
    ['picture', box('heic\0\0\0\0mif1heic'), 'has no image extension, though it holds HEIC'],
    ['picture', SVG, 'has no image extension, though it holds SVG'],
    ['picture.bak', SVG, 'has no image extension, though it holds SVG'],
    ['a.png', Buffer.from('89504e470d0a1a0a', 'hex'), 'is damaged: its width and height cannot be read'],
    ['a.jpg', Buffer.from('ffd8ffe000104a464946', 'hex'), 'is damaged: its width and height cannot be read'],
    ['a.gif', 'GIF89a', 'is damaged: its width and height cannot be read'],
    ['a.gif', 'GIF89a\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0', 'is damaged: its width and height cannot be read'],
  ])('refuses %s (%#): %s', (name, content, reason) => {
    const verdict = mediaType(name, typeof content === 'string' ? Buffer.from(content, 'latin1') : content);

    expect('reason' in verdict ? verdict.reason : verdict).toContain(reason);
  });

  it('refuses one kind of image under the name of another', async () => {
    expect(mediaType('dunes.png', await sample('dunes.jpg'))).toEqual({ reason: 'is named .png but holds JPEG' });
    expect(mediaType('waves', await sample('waves.png'))).toEqual({
      reason: 'has no image extension, though it holds PNG',
    });
  });

  it('calls every beginning of a real image either that image or refused, and never fails', async () => {
    for (const name of ['waves.png', 'dunes.jpg', 'orbit.gif', 'sunset.webp', 'aurora.avif', 'sun.ico', 'kite.svg']) {
      const whole = await sample(name);
      for (let length = 0; length < Math.min(whole.length, 600); length += 7) {
        const verdict = mediaType(name, whole.subarray(0, length));
        const good = 'type' in verdict || /^is (damaged|named)/.test(verdict.reason);
        expect(good, `${name}, ${length} bytes: ${JSON.stringify(verdict)}`).toBe(true);
      }
    }
  });
});

it('mediaType() never reads past the end of a file, whatever lies behind it in memory', () => {
  const pool = Buffer.alloc(64, 0x7f);
  pool.write('GIF89a', 8, 'latin1');

  const verdict = mediaType('a.gif', pool.subarray(8, 14));

  expect(verdict).toEqual({ reason: 'is damaged: its width and height cannot be read' });
});
