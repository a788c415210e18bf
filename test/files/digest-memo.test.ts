import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  isSettled,
  mergeDigests,
  openCursor,
  type Remembered,
  type RememberedFile,
  readDigestMemo,
  saveDigestMemo,
} from '../../src/files/digest-memo.js';
import { asNobody, tempFolder } from './temp-folder.js';

const PNG: RememberedFile = {
  stamp: '1:2:3:4:5',
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
const MEMO: readonly Remembered[] = [
  ['a.png', PNG],
  ['cats/\n"é\u2028.svg', SVG],
];

const load = (path: string): readonly Remembered[] => [...readDigestMemo(path)];

/** A saved memo, and where. */
async function saved(): Promise<string> {
  const path = join(await tempFolder(), '.pixgate', 'digests', 'images.ndjson');
  await saveDigestMemo(path, MEMO);
  return path;
}

describe('isSettled()', () => {
  it.each([
    [8000, true],
    [8001, false],
    [10_000, false],
    [99_000, false],
  ])('tells at 10 s of what changed at %i ms: %s', (changedMs, settled) => {
    expect(isSettled(changedMs, 10_000)).toBe(settled);
  });
});

describe('openCursor()', () => {
  const files = ['a', 'c', 'e', 'g'].map((key): Remembered => [key, { ...PNG, sha256: key }]);

  it('finds what is known by key and stamp, and names all that it passes over', () => {
    const passed: string[] = [];
    const cursor = openCursor(files, (key) => passed.push(key));

    const found = [
      cursor.find('a', PNG.stamp)?.sha256,
      cursor.find('b', PNG.stamp),
      cursor.find('c', 'another'),
      cursor.find('e', PNG.stamp)?.sha256,
    ];
    cursor.end();

    expect(found).toEqual(['a', undefined, undefined, 'e']);
    expect(passed).toEqual(['c', 'g']);
  });

  it('ends what it reads when it is closed, and finds nothing any more', () => {
    let isOpen = true;
    function* source(): Generator<Remembered> {
      try {
        yield* files;
      } finally {
        isOpen = false;
      }
    }
    const cursor = openCursor(source(), () => undefined);

    cursor.close();

    expect([isOpen, cursor.find('a', PNG.stamp)]).toEqual([false, undefined]);
  });
});

describe('mergeDigests()', () => {
  it.each<[former: string, now: string, covered: string, merged: string]>([
    ['abc', '', '', 'abc'],
    ['', 'abc', '', 'ABC'],
    ['ace', 'bdf', '', 'aBcDeF'],
    ['bd', 'ac', 'b', 'ACd'],
    ['abc', 'b', 'b', 'aBc'],
    ['abc', '', 'abc', ''],
  ])('makes of %j and %j, where %j is covered, %j', (former, now, covered, merged) => {
    const files = (keys: string, sha256: string) => [...keys].map((key): Remembered => [key, { ...PNG, sha256 }]);

    const both = mergeDigests(files(former, 'former'), files(now, 'now'), (key) => covered.includes(key));

    expect([...both].map(([key, { sha256 }]) => (sha256 === 'now' ? key.toUpperCase() : key)).join('')).toBe(merged);
  });
});

describe('saveDigestMemo()', () => {
  it('writes a line a file that readDigestMemo() reads back, for its owner alone', async () => {
    const path = await saved();

    expect(load(path)).toEqual(MEMO);
    expect((await readFile(path, 'utf8')).split('\n')).toHaveLength(4);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(path, '..'))).toEqual(['images.ndjson']);
  });

  it('replaces what was there, also by what is read from it meanwhile', async () => {
    const path = await saved();

    const others = mergeDigests(readDigestMemo(path), [['b.png', PNG]], (key) => key === 'a.png');
    const isSaved = await saveDigestMemo(path, others);

    expect(isSaved).toBe(true);
    expect(load(path)).toEqual([['b.png', PNG], MEMO[1]]);
  });

  it('keeps many files, several of them being saved at once', async () => {
    const path = await saved();
    const many = Array.from({ length: 2000 }, (_, n): Remembered => [`é${String(n).padStart(5, '0')}.png`, PNG]);

    const all = await Promise.all([saveDigestMemo(path, many), saveDigestMemo(path, many), saveDigestMemo(path, many)]);

    expect(all).toEqual([true, true, true]);
    expect(load(path)).toEqual(many);
    expect(await readdir(join(path, '..'))).toEqual(['images.ndjson']);
  });

  it('keeps what was there when what is to be saved breaks off, and passes that on', async () => {
    const path = await saved();
    function* broken(): Generator<Remembered> {
      yield ['b.png', PNG];
      throw new RangeError('broken');
    }

    await expect(saveDigestMemo(path, broken())).rejects.toThrow('broken');

    expect(load(path)).toEqual(MEMO);
    expect(await readdir(join(path, '..'))).toEqual(['images.ndjson']);
  });

  it('keeps an empty memo', async () => {
    const path = await saved();

    await saveDigestMemo(path, []);

    expect(load(path)).toEqual([]);
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

    const isSaved = await asNobody(() => saveDigestMemo(join(folder, 'digests/images.ndjson'), MEMO));

    expect(isSaved).toBe(false);
    expect(await readdir(folder, { recursive: true })).toEqual(before);
  });

  it.skipIf(process.platform !== 'linux')('lets go when the disk is full', async () => {
    await expect(saveDigestMemo('/dev/full/images.ndjson', MEMO)).resolves.toBe(false);
    await expect(saveDigestMemo('/proc/self/images.ndjson', MEMO)).resolves.toBe(false);
  });
});

describe('readDigestMemo()', () => {
  it('finds nothing in every beginning of a memo, nor in one with a byte changed', async () => {
    const path = await saved();
    const whole = await readFile(path);
    for (let at = 0; at < whole.length; at += 3) {
      const flipped = Buffer.from(whole);
      flipped[at] = (whole[at] ?? 0) ^ 1;
      await writeFile(path, whole.subarray(0, at));
      const cut = load(path);
      await writeFile(path, flipped);

      expect([cut, load(path)], `at byte ${at}`).toEqual([[], []]);
    }
  });

  it('finds nothing in what another version wrote', async () => {
    const path = await saved();
    const text = await readFile(path, 'utf8');
    await writeFile(
      path,
      text.replace(/"version":(\d+)/, (_, version: string) => `"version":${Number(version) + 1}`),
    );

    expect(load(path)).toEqual([]);
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
  ])('finds nothing where there is %s', async (_, make) => {
    const path = join(await tempFolder(), 'images.ndjson');
    await make(path);

    expect(await asNobody(async () => load(path))).toEqual([]);
  });

  it('ends before the first key that is out of order', async () => {
    const path = join(await tempFolder(), 'images.ndjson');
    await saveDigestMemo(path, [
      ['b.png', PNG],
      ['a.png', PNG],
      ['c.png', PNG],
    ]);

    expect(load(path)).toEqual([['b.png', PNG]]);
  });
});
