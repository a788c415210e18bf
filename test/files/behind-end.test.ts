import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { findBehindEnd } from '../../src/files/behind-end.js';

const sample = (name: string) => readFile(new URL(`../../samples/${name}`, import.meta.url));
const JPEG = Buffer.from('ffd8ffda000400001234ffd9', 'hex');
const ZIP = Buffer.concat([
  Buffer.from('PK\x03\x04'),
  Buffer.alloc(1158, 7),
  Buffer.from('PK\x05\x06'),
  Buffer.alloc(18),
]);
const box = (type: string, content: Buffer) => {
  const size = Buffer.alloc(4);
  size.writeUInt32BE(8 + content.length);
  return Buffer.concat([size, Buffer.from(type), content]);
};
const MP4 = Buffer.concat([box('ftyp', Buffer.from('mp42\0\0\0\0')), box('mdat', Buffer.alloc(99, 1))]);
const SAMSUNG = Buffer.from('\0\0\x01\x0a\x0e\0\0\0Image_UTC_Data1234SEFHk\0\0\0SEFT');

describe('findBehindEnd()', () => {
  it.each(['waves.png', 'dunes.jpg', 'orbit.gif', 'sunset.webp'])('names what follows %s', async (name) => {
    const whole = await sample(name);
    const and = (behind: string | Buffer) => findBehindEnd(Buffer.concat([whole, Buffer.from(behind)]));

    expect(findBehindEnd(whole)).toBeUndefined();
    expect(and('\0\0\r\n ')).toBeUndefined();
    expect(and(ZIP)).toBe('carries 1.2 kB behind its end (a ZIP archive)');
    expect(and(Buffer.concat([Buffer.alloc(2_000_000, 1), ZIP]))).toBe('carries 2.0 MB behind its end (a ZIP archive)');
    expect(and('<html><body>')).toBe('carries 12 bytes behind its end (HTML)');
    expect(and('<?php system(1); ?>')).toBe('carries 19 bytes behind its end (a script)');
    expect(and('#!/bin/sh')).toBe('carries 9 bytes behind its end (a script)');
    expect(and('*/=1;alert(1)<script>')).toBe('carries 21 bytes behind its end (a script)');
    expect(and('%PDF-1.7')).toBe('carries 8 bytes behind its end (a PDF)');
    expect(and('hello')).toBe('carries 5 bytes behind its end (text)');
    expect(and(Buffer.from([1]))).toBe('carries 1 byte behind its end (unknown data)');
    expect(and('GIF89a')).toBe('carries 6 bytes behind its end (a GIF)');
  });

  it.each([
    ['a gain map', [JPEG]],
    ['several pictures with padding', [Buffer.alloc(9), JPEG, Buffer.alloc(99), JPEG]],
    ['a picture and, with padding, a video', [JPEG, Buffer.alloc(9), MP4, Buffer.alloc(9)]],
    ['a motion photo', [MP4]],
    ['a gain map and a motion photo', [JPEG, MP4]],
    ["Samsung's trailer", [SAMSUNG]],
  ])('keeps quiet about %s behind a JPEG', (_, behind) => {
    expect(findBehindEnd(Buffer.concat([JPEG, ...behind]))).toBeUndefined();
  });

  it.each([
    ['a gain map', [JPEG, ZIP]],
    ['a motion photo', [MP4, ZIP]],
  ])('sees what hides behind %s', (_, behind) => {
    expect(findBehindEnd(Buffer.concat([JPEG, ...behind]))).toBe('carries 1.2 kB behind its end (a ZIP archive)');
  });

  it('tells of a picture or a video behind anything but a JPEG', async () => {
    const png = await sample('waves.png');

    expect(findBehindEnd(Buffer.concat([png, JPEG]))).toBe('carries 12 bytes behind its end (a JPEG)');
    expect(findBehindEnd(Buffer.concat([png, MP4]))).toBe('carries 123 bytes behind its end (a video)');
  });

  it('judges neither an SVG nor an image whose end is missing', async () => {
    expect(findBehindEnd(Buffer.from('<svg/>PK\x05\x06'))).toBeUndefined();
    expect(findBehindEnd(Buffer.from('ffd8ffda', 'hex'))).toBeUndefined();
  });

  it('takes no longer than the bytes are long, whatever they say', () => {
    const floods = ['ffd8ffd9', '0000000866747970', '3c21646f63747970652073766720783e', '3c'].map((again) =>
      Buffer.concat([JPEG, Buffer.alloc(10_000_000, again, 'hex')]),
    );
    const before = performance.now();

    for (const bytes of floods) findBehindEnd(bytes);

    expect(performance.now() - before).toBeLessThan(8000);
  });
});
