// Folders of images to send: real PNGs of noise, the same bytes in every run, made once and kept.
import { createCipheriv } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { crc32, deflateSync } from 'node:zlib';

const FILES_A_FOLDER = 250;
const SIGNATURE = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);

/** Makes a folder of `count` images of about `bytes` bytes each below `home`, unless it is there; answers its path. */
export function makeFolder(home, { count, bytes }) {
  const folder = path.join(home, `${count}x${bytes}`);
  const done = `${folder}.done`;
  if (existsSync(done)) return folder;
  for (let n = 0; n < count; n += 1) {
    const inside = path.join(folder, `album-${String(Math.floor(n / FILES_A_FOLDER)).padStart(3, '0')}`);
    if (n % FILES_A_FOLDER === 0) mkdirSync(inside, { recursive: true });
    writeFileSync(path.join(inside, `image-${String(n).padStart(6, '0')}.png`), drawNoise(bytes, n));
  }
  writeFileSync(done, '');
  return folder;
}

/** A grey PNG of noise that no compression makes smaller. */
function drawNoise(bytes, seed) {
  const width = Math.floor(Math.sqrt(bytes));
  const height = Math.max(1, Math.floor((bytes - 80) / (width + 1)));
  const key = Buffer.alloc(16);
  key.writeUInt32BE(seed, 0);
  const rows = createCipheriv('aes-128-ctr', key, Buffer.alloc(16)).update(Buffer.alloc((width + 1) * height));
  // Each row begins with the number of its filter: none.
  for (let y = 0; y < height; y += 1) rows[y * (width + 1)] = 0;
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 0, 0, 0, 0], 8);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows, { level: 0 })),
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
