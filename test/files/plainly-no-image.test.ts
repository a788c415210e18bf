import { chmod, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isPlainlyNoImage } from '../../src/files/plainly-no-image.js';
import { asNobody, tempFolder } from './temp-folder.js';

const SVG = '<svg xmlns="http://www.w3.org/2000/svg">';
/** Text whose 65,536th byte lies within a letter. */
const LONG = `a${'é'.repeat(40_000)}`;

test.each<[key: string, content: string | Buffer, isNone: boolean]>([
  ['notes.txt', 'milk', true],
  ['Makefile', 'all:', true],
  ['empty', '', true],
  ['film.mp4', Buffer.from('\0\0\0\x18ftypisom\0\0\0\0isommp42', 'latin1'), true],
  ['bmw.csv', 'BMW,1', true],
  ['long.txt', LONG, true],
  ['x.heic', 'milk', false],
  ['x.PNG', 'milk', false],
  ['x.psd', '', false],
  ['x.txt', Buffer.from('89504e470d0a1a0a', 'hex'), false],
  ['x', Buffer.from('ffd8ffe0', 'hex'), false],
  ['x.bin', Buffer.from('424d3a000000', 'hex'), false],
  ['x', Buffer.from('ff0a00', 'hex'), false],
  ['x.txt', `<?xml version="1.0"?>\n${SVG}</svg>`, false],
  ['x.txt', `${SVG}<!--${LONG}--></svg>`, false],
])('isPlainlyNoImage() judges %s by its name, then by how it begins (%#)', async (key, content, isNone) => {
  const root = await tempFolder({ [key]: content });

  expect(isPlainlyNoImage({ key, path: join(root, key) })).toBe(isNone);
});

test('isPlainlyNoImage() of a huge file reads only how it begins', async () => {
  const root = await tempFolder({ 'disk.img': '' });
  await truncate(join(root, 'disk.img'), 5 * 1024 ** 3);

  expect(isPlainlyNoImage({ key: 'disk.img', path: join(root, 'disk.img') })).toBe(true);
});

test('isPlainlyNoImage() says of nothing that cannot be read that it is none', async () => {
  const root = await tempFolder({ 'closed.txt': 'milk' });
  await chmod(join(root, 'closed.txt'), 0);

  expect(await asNobody(async () => isPlainlyNoImage({ key: 'closed.txt', path: join(root, 'closed.txt') }))).toBe(
    false,
  );
  expect(isPlainlyNoImage({ key: 'gone.txt', path: join(root, 'gone.txt') })).toBe(false);
});
