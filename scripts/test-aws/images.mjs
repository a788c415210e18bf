// Five tiny pictures whose names are what the questions are about.
import { crc32, deflateSync } from 'node:zlib';

/** Bytes by key: plain, with a space, beyond ASCII, in folders, and one with marks that some escape and some do not. */
export function makeImages() {
  const keys = ['plain.png', 'a b.png', 'é.png', 'deep/er/nested.png', 'marks (1)~.png'];
  return new Map(keys.map((key, n) => [key, drawPng(16 + n)]));
}

/** Another picture, that no upload has sent. */
export function makeStranger() {
  return drawPng(40);
}

function drawPng(size) {
  const rows = Buffer.alloc((size * 3 + 1) * size);
  for (let at = 0; at < rows.length; at += 1) rows[at] = at % (size * 3 + 1) === 0 ? 0 : (at * size) & 255;
  const head = Buffer.alloc(13);
  head.writeUInt32BE(size, 0);
  head.writeUInt32BE(size, 4);
  head.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type), data]);
  const frame = Buffer.alloc(body.length + 8);
  frame.writeUInt32BE(data.length, 0);
  body.copy(frame, 4);
  frame.writeUInt32BE(crc32(body) >>> 0, body.length + 4);
  return frame;
}
