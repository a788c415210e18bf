import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type DigestMemo,
  loadDigestMemo,
  type RememberedFile,
  rememberFile,
  saveDigestMemo,
} from '../../src/files/digest-memo.js';
import { asNobody, tempFolder } from './temp-folder.js';

const PNG: RememberedFile = {
  stamp: '1:2:3:4:5',
  md5: 'a'.repeat(32),
  sha256: 'b'.repeat(64),
  type: 'image/png',
  active: [],
};
const SVG: RememberedFile = {
  ...PNG,
  type: 'image/svg+xml',
  active: ['a script', 'a link to //x'],
  behind: 'carries 1 byte',
};
const MEMO: DigestMemo = new Map([
  ['a.png', PNG],
  ['cats/\n"é\u2028.svg', SVG],
]);

/** A saved memo, and where. */
async function saved(): Promise<string> {
  const path = join(await tempFolder(), '.pixgate', 'digests', 'images.ndjson');
  await saveDigestMemo(path, MEMO);
  return path;
}

describe('rememberFile()', () => {
  it.each([
    [8000, true],
    [8001, false],
    [10_000, false],
    [99_000, false],
  ])('remembers at 10 s what changed at %i ms: %s', (changedMs, isRemembered) => {
    const memo: DigestMemo = new Map([['a.png', SVG]]);

    rememberFile(memo, { key: 'a.png', changedMs }, PNG, 10_000);

    expect(memo.get('a.png')).toEqual(isRemembered ? PNG : undefined);
  });
});

describe('saveDigestMemo()', () => {
  it('writes a line a file that loadDigestMemo() reads back, for its owner alone', async () => {
    const path = await saved();

    expect(await loadDigestMemo(path)).toEqual(MEMO);
    expect((await readFile(path, 'utf8')).split('\n')).toHaveLength(4);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(path, '..'))).toEqual(['images.ndjson']);
  });

  it('replaces what was there, and leaves alone what is as it should be', async () => {
    const path = await saved();
    const before = (await stat(path)).ino;

    await saveDigestMemo(path, new Map(MEMO));
    const same = (await stat(path)).ino;
    await saveDigestMemo(path, new Map([['b.png', PNG]]));

    expect(same).toBe(before);
    expect(await loadDigestMemo(path)).toEqual(new Map([['b.png', PNG]]));
  });

  it('keeps an empty memo', async () => {
    const path = await saved();

    await saveDigestMemo(path, new Map());

    expect(await loadDigestMemo(path)).toEqual(new Map());
    expect((await readFile(path, 'utf8')).length).toBeGreaterThan(0);
  });

  it.each<[what: string, spoil: (folder: string) => unknown]>([
    ['its folder is closed', (folder) => chmod(folder, 0o555)],
    ['a file is where its folder should be', (folder) => writeFile(join(folder, 'digests'), '')],
    ['a folder is in its place', (folder) => mkdir(join(folder, 'digests/images.ndjson/x'), { recursive: true })],
    ['a link to nowhere is where its folder should be', (folder) => symlink('/nowhere/x', join(folder, 'digests'))],
  ])('lets go when %s, and leaves nothing behind', async (_, spoil) => {
    const folder = await tempFolder();
    await spoil(folder);
    const before = await readdir(folder, { recursive: true });

    await asNobody(() => saveDigestMemo(join(folder, 'digests/images.ndjson'), MEMO));

    expect(await readdir(folder, { recursive: true })).toEqual(before);
  });

  it.skipIf(process.platform !== 'linux')('lets go when the disk is full', async () => {
    await expect(saveDigestMemo('/dev/full/images.ndjson', MEMO)).resolves.toBeUndefined();
    await expect(saveDigestMemo('/proc/self/images.ndjson', MEMO)).resolves.toBeUndefined();
  });
});

describe('loadDigestMemo()', () => {
  it('finds an empty one in every beginning of a memo, and in one with any byte changed', async () => {
    const path = await saved();
    const whole = await readFile(path);
    for (let at = 0; at < whole.length; at += 3) {
      const flipped = Buffer.from(whole);
      flipped[at] = (whole[at] ?? 0) ^ 1;
      await writeFile(path, whole.subarray(0, at));
      const cut = await loadDigestMemo(path);
      await writeFile(path, flipped);

      expect([cut.size, (await loadDigestMemo(path)).size], `at byte ${at}`).toEqual([0, 0]);
    }
  });

  it('finds an empty one in what another version wrote', async () => {
    const path = await saved();
    const text = await readFile(path, 'utf8');
    await writeFile(
      path,
      text.replace(/"version":(\d+)/, (_, version: string) => `"version":${Number(version) + 1}`),
    );

    expect((await loadDigestMemo(path)).size).toBe(0);
  });

  it.each<[what: string, make: (path: string) => unknown]>([
    ['nothing', () => undefined],
    ['an empty file', (path) => writeFile(path, '')],
    ['another file', (path) => writeFile(path, '{"a":1}\n{"b":2}\n')],
    ['bytes', (path) => writeFile(path, Buffer.alloc(9999, 0xff))],
    ['a folder', (path) => mkdir(path)],
    ['a pipe', (path) => execFileSync('mkfifo', [path])],
    ['a broken link', (path) => symlink('nowhere', path)],
    ['a closed file', (path) => writeFile(path, 'x', { mode: 0 })],
  ])('finds an empty one where there is %s', async (_, make) => {
    const path = join(await tempFolder(), 'images.ndjson');
    await make(path);

    expect(await asNobody(() => loadDigestMemo(path))).toEqual(new Map());
  });
});
