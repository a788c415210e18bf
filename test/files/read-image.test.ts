import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdir, rm, stat, symlink, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readImage, sameMemory, sha256Of } from '../../src/files/read-image.js';
import { asNobody, tempFolder } from './temp-folder.js';

async function reasonFor(path: string): Promise<string> {
  const outcome = readImage({ path });
  if ('reason' in outcome) return outcome.reason;
  throw new Error(`${path} was read`);
}

const hex = (algorithm: string, bytes: Uint8Array) => createHash(algorithm).update(bytes).digest('hex');

describe('readImage()', () => {
  it('reads the bytes and adds them up', async () => {
    const root = await tempFolder({ 'a.svg': '<svg/>' });

    const image = readImage({ path: join(root, 'a.svg') });

    const { size, mtimeNs, ctimeNs, ino, dev } = await stat(join(root, 'a.svg'), { bigint: true });
    const words = Buffer.alloc(40);
    for (const [at, word] of [size, mtimeNs, ctimeNs, ino, dev].entries()) words.writeBigUInt64LE(word, at * 8);
    const stamp = words.toString('hex');
    expect(image).toEqual({ bytes: Buffer.from('<svg/>'), stamp, cacheable: true });
    expect(sha256Of(Buffer.from('<svg/>'))).toBe(hex('sha256', Buffer.from('<svg/>')));
  });

  it.each([
    [1, true],
    [1_048_575, true],
    [1_048_576, true],
    [1_048_577, false],
    [10_485_759, false],
    [10_485_760, false],
  ])('reads %i bytes, which the cache keeps: %s', async (size, cacheable) => {
    const root = await tempFolder({ 'a.bin': Buffer.alloc(size, 7) });

    const image = readImage({ path: join(root, 'a.bin') });

    expect('bytes' in image && image.bytes.equals(Buffer.alloc(size, 7))).toBe(true);
    expect(image).toHaveProperty('cacheable', cacheable);
  });

  it.each([
    [0, 'is empty'],
    [10_485_761, 'has 10485761 bytes, more than the 10485760 that API Gateway can return'],
    [5 * 1024 ** 3, 'has 5368709120 bytes, more than the 10485760 that API Gateway can return'],
  ])('refuses %i bytes unread', async (size, reason) => {
    const root = await tempFolder({ 'a.png': '' });
    await truncate(join(root, 'a.png'), size);

    expect(await reasonFor(join(root, 'a.png'))).toBe(reason);
  });

  it('refuses what is no ordinary file, and never waits for a pipe', async () => {
    const root = await tempFolder({ 'a.png': 'a' });
    execFileSync('mkfifo', [join(root, 'pipe.png')]);
    await symlink('a.png', join(root, 'link.png'));
    await mkdir(join(root, 'folder.png'));

    expect(await reasonFor(join(root, 'pipe.png'))).toBe('is not an ordinary file');
    expect(await reasonFor(join(root, 'folder.png'))).toBe('is not an ordinary file');
    expect(await reasonFor(join(root, 'link.png'))).toBe('became a link before it could be read');
    expect(await reasonFor(join(root, 'gone.png'))).toBe('vanished before it could be read');
  });

  it('refuses what permissions forbid', async () => {
    const root = await tempFolder({ 'a.png': 'a' });
    await chmod(join(root, 'a.png'), 0o000);

    expect(await asNobody(() => reasonFor(join(root, 'a.png')))).toBe('cannot be read: permission denied');
  });

  it.each([
    ['PNG', Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(50)])],
    ['JPEG', Buffer.from('ffd8ffe000040000ffda000400001234', 'hex')],
    ['JPEG whose preview has an end', Buffer.from('ffd8ffe10008aabbffd9ccddffda00040000123456', 'hex')],
    [
      'WebP',
      Buffer.concat([Buffer.from('RIFF'), Buffer.from([200, 0, 0, 0]), Buffer.from('WEBPVP8 '), Buffer.alloc(99)]),
    ],
  ])('refuses a %s without its end', async (_, bytes) => {
    const root = await tempFolder({ 'a.img': bytes });

    expect(await reasonFor(join(root, 'a.img'))).toBe('is cut off: its end is missing');
  });

  it('takes a JPEG that something follows', async () => {
    const root = await tempFolder({
      'a.jpg': Buffer.from('ffd8ffe10008aabbffd9ccddffda000400001234ffd9504b0304', 'hex'),
    });

    expect(readImage({ path: join(root, 'a.jpg') })).toHaveProperty('stamp');
  });
});

/** Changes a file as fast as another process can, until the test is over. */
async function keepChanging(path: string, step: string): Promise<void> {
  const script = `const fs = require('node:fs'); const [path] = process.argv.slice(1); let n = 0;
    process.stdout.write('.'); for (;;) { n++; ${step} }`;
  const child = spawn(process.execPath, ['-e', script, path], { stdio: ['ignore', 'pipe', 'ignore'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
}

/** Reads again and again until the file is refused, at most 1,000 times. */
async function readUntilRefused(path: string): Promise<string | undefined> {
  for (let round = 0; round < 1000; round++) {
    const outcome = readImage({ path });
    if ('reason' in outcome) return outcome.reason;
  }
  return undefined;
}

describe('readImage() of files that change', () => {
  const SIZE = 4_000_000;
  const isOneVersion = (bytes: Buffer) => bytes.length === SIZE && bytes.every((byte) => byte === bytes[0]);

  it('refuses a file that grows while it is read', async () => {
    const root = await tempFolder({ 'a.bin': Buffer.alloc(SIZE, 'a') });
    await keepChanging(join(root, 'a.bin'), "if (n < 1e6) fs.appendFileSync(path, 'b');");

    const reason = await readUntilRefused(join(root, 'a.bin'));

    expect(reason).toBe('changed while it was read');
  });

  it('refuses a file that shrinks while it is read', async () => {
    const root = await tempFolder({ 'a.bin': Buffer.alloc(SIZE, 'a') });
    await keepChanging(join(root, 'a.bin'), `fs.truncateSync(path, ${SIZE} - (n % ${SIZE / 2}));`);

    const reason = await readUntilRefused(join(root, 'a.bin'));

    expect(reason).toBe('changed while it was read');
  });

  it('refuses a file that is only touched while it is read, since it might be another one', async () => {
    const root = await tempFolder({ 'a.bin': Buffer.alloc(SIZE, 'a') });
    await keepChanging(join(root, 'a.bin'), 'fs.utimesSync(path, n, n);');

    const reason = await readUntilRefused(join(root, 'a.bin'));

    expect(reason).toBe('changed while it was read');
  });

  it('refuses a file that is written over in place and keeps its size', async () => {
    const root = await tempFolder({ 'a.bin': Buffer.alloc(SIZE, 'a') });
    const step = `if (n === 1) globalThis.file = fs.openSync(path, 'r+'); fs.writeSync(file, 'b', n % 100);`;
    await keepChanging(join(root, 'a.bin'), step);

    const reason = await readUntilRefused(join(root, 'a.bin'));

    expect(reason).toBe('changed while it was read');
  });

  it('reads the old or the new version, whole, of a file that is replaced by renaming', async () => {
    const root = await tempFolder({ 'a.bin': Buffer.alloc(SIZE, 'a') });
    const step = `fs.writeFileSync(path + '.next', Buffer.alloc(${SIZE}, n % 2 ? 'b' : 'a')); fs.renameSync(path + '.next', path);`;
    await keepChanging(join(root, 'a.bin'), step);

    const images: ReturnType<typeof readImage>[] = [];
    for (let round = 0; round < 12; round++) images.push(readImage({ path: join(root, 'a.bin') }));

    expect(images.every((image) => 'bytes' in image && isOneVersion(image.bytes))).toBe(true);
  });

  it('reads a file that is deleted after it was opened, or says that it is gone', async () => {
    const root = await tempFolder({ 'a.bin': Buffer.alloc(SIZE, 'a') });
    const path = join(root, 'a.bin');

    const gone = rm(path);
    const outcome = readImage({ path });
    await gone;

    const fine =
      'bytes' in outcome ? isOneVersion(outcome.bytes) : outcome.reason === 'vanished before it could be read';
    expect(fine).toBe(true);
  });
});

describe('sameMemory()', () => {
  it('gives the same room for files of all sizes, and each its own bytes', async () => {
    const memory = sameMemory();
    const sizes = [5, 300, 20, 4000, 4000, 1];
    const root = await tempFolder(Object.fromEntries(sizes.map((size) => [`${size}.bin`, Buffer.alloc(size, size)])));

    const read = sizes.map((size) => {
      const image = readImage({ path: join(root, `${size}.bin`) }, memory);
      return 'bytes' in image ? Buffer.from(image.bytes) : image.reason;
    });

    expect(read).toEqual(sizes.map((size) => Buffer.alloc(size, size)));
    expect(memory(4000).buffer).toBe(memory(7).buffer);
  });
});
