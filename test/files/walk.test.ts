import { execFileSync } from 'node:child_process';
import { chmod, link, mkdir, rename, rm, stat, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { UsageError } from '../../src/errors.js';
import { makeFilter } from '../../src/files/filter.js';
import { stampOf } from '../../src/files/read-image.js';
import { openScope } from '../../src/files/scope.js';
import { type FoundFile, leadsOut, type RefusedFile, type WalkOptions, walkImages } from '../../src/files/walk.js';
import { asNobody, tempFolder } from './temp-folder.js';

async function walk(root: string, options: WalkOptions = {}) {
  const found: FoundFile[] = [];
  const refused: RefusedFile[] = [];
  const skipped: string[] = [];
  for (const entry of walkImages(root, { ...options, onSkipped: (file) => skipped.push(file) })) {
    if ('reason' in entry) refused.push(entry);
    else found.push(entry);
  }
  return { keys: found.map((file) => file.key), found, refused, skipped };
}

describe('walkImages()', () => {
  it('finds files at every depth, in the order of the bytes of their keys', async () => {
    const names = [
      'b.png',
      'a/z.png',
      'a.png',
      'a-b/c.png',
      'Z.png',
      'ä.png',
      'a/b/c.png',
      '😀.png',
      'ﬀ.png',
      'a b.png',
    ];
    const root = await tempFolder(Object.fromEntries(names.map((name) => [name, name])));

    const { keys, refused } = await walk(root);

    expect(keys).toEqual([...names].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
    expect(refused).toEqual([]);
  });

  it('says path, size, time and number of a file', async () => {
    const root = await tempFolder({ 'cats/tom.png': 'miaow' });
    await utimes(join(root, 'cats/tom.png'), 1_700_000_000, 1_700_000_000);

    const { found } = await walk(root);

    expect(found).toEqual([
      {
        path: join(root, 'cats', 'tom.png'),
        key: 'cats/tom.png',
        sizeBytes: 5,
        changedMs: Math.floor((await stat(join(root, 'cats/tom.png'))).ctimeMs),
        stamp: stampOf(await stat(join(root, 'cats/tom.png'), { bigint: true })),
      },
    ]);
  });

  it('passes over hidden and housekeeping entries, and counts them', async () => {
    const root = await tempFolder({
      '.git/config': '',
      '.env': '',
      '.DS_Store': '',
      'a/.hidden.png': '',
      'node_modules/x/y.png': '',
      'pixgate.yaml': '',
      'Thumbs.db': '',
      '__MACOSX/a.png': '',
      'ok.png': '',
    });

    const { keys, refused, skipped } = await walk(root);

    expect(keys).toEqual(['ok.png']);
    expect(refused).toEqual([]);
    expect(skipped.sort()).toEqual([
      '.DS_Store',
      '.env',
      '.git',
      'Thumbs.db',
      '__MACOSX',
      'a/.hidden.png',
      'node_modules',
      'pixgate.yaml',
    ]);
  });

  it('follows links to files inside, and refuses all others with a reason', async () => {
    const outside = await tempFolder({ 'secret.png': 'secret', 'dir/x.png': '' });
    const root = await tempFolder({ 'real.png': 'real', 'folder/in.png': '' });
    await symlink('real.png', join(root, 'alias.png'));
    await symlink(join(outside, 'secret.png'), join(root, 'away.png'));
    await symlink(join(outside, 'dir'), join(root, 'away-dir'));
    await symlink('nothing.png', join(root, 'broken.png'));
    await symlink('loop.png', join(root, 'loop.png'));
    await symlink('..', join(root, 'folder', 'up'));
    await symlink('folder', join(root, 'twin'));
    await link(join(root, 'real.png'), join(root, 'hard.png'));

    const { found, keys, refused } = await walk(root);

    expect(keys).toEqual(['alias.png', 'folder/in.png', 'hard.png', 'real.png']);
    expect(found[0]?.path).toBe(join(root, 'real.png'));
    expect(refused).toEqual([
      { file: 'away-dir', reason: 'is a link that leads out of the folder' },
      { file: 'away.png', reason: 'is a link that leads out of the folder (set links: follow to send it)' },
      { file: 'broken.png', reason: 'is a broken link' },
      { file: 'folder/up', reason: 'is a link that leads out of the folder' },
      { file: 'loop.png', reason: 'is a link that leads to itself' },
      { file: 'twin', reason: 'is a link to a folder; only links to files are followed' },
    ]);
  });

  it('with links: follow, follows links to files outside, and to no folder, pipe or device', async () => {
    const outside = await tempFolder({ 'real.png': 'real', 'dir/x.png': '' });
    execFileSync('mkfifo', [join(outside, 'pipe')]);
    await symlink('real.png', join(outside, 'chain.png'));
    const root = await tempFolder({ 'in.png': '', 'sub/in.png': '' });
    await symlink(join(outside, 'chain.png'), join(root, 'away.png'));
    await symlink(join(outside, 'dir'), join(root, 'away-dir'));
    await symlink('..', join(root, 'sub', 'up'));
    await symlink(join(outside, 'pipe'), join(root, 'pipe.png'));
    await symlink('/dev/null', join(root, 'null.png'));

    const { found, keys, refused } = await walk(root, { links: 'follow' });

    expect(keys).toEqual(['away.png', 'in.png', 'sub/in.png']);
    expect(found[0]).toMatchObject({ path: join(outside, 'real.png'), sizeBytes: 4 });
    expect(found.map(({ path }) => leadsOut(root, path))).toEqual([true, false, false]);
    expect(refused).toEqual([
      { file: 'away-dir', reason: 'is a link to a folder; only links to files are followed' },
      { file: 'null.png', reason: 'is a device, not a file' },
      { file: 'pipe.png', reason: 'is a pipe, not a file' },
      { file: 'sub/up', reason: 'is a link to a folder; only links to files are followed' },
    ]);
  });

  it('does not take a folder for its neighbour whose name begins alike', async () => {
    const parent = await tempFolder({ 'pics/a.png': '', 'pics-secret/b.png': '' });
    await symlink(join(parent, 'pics-secret/b.png'), join(parent, 'pics/b.png'));

    const { keys, refused } = await walk(join(parent, 'pics'));

    expect(keys).toEqual(['a.png']);
    expect(refused).toEqual([
      { file: 'b.png', reason: 'is a link that leads out of the folder (set links: follow to send it)' },
    ]);
  });

  it('refuses pipes, sockets and devices without opening them', async () => {
    const root = await tempFolder({ 'ok.png': '' });
    execFileSync('mkfifo', [join(root, 'pipe.png')]);
    await symlink('pipe.png', join(root, 'to-pipe.png'));
    await symlink('/dev/null', join(root, 'device.png'));
    const server = createServer().listen(join(root, 'socket.png'));
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once('listening', resolve));

    const { keys, refused } = await walk(root);

    expect(keys).toEqual(['ok.png']);
    expect(refused).toEqual([
      { file: 'device.png', reason: 'is a link that leads out of the folder' },
      { file: 'pipe.png', reason: 'is a pipe, not a file' },
      { file: 'socket.png', reason: 'is a socket, not a file' },
      { file: 'to-pipe.png', reason: 'is a pipe, not a file' },
    ]);
  });

  it('walks a folder whose name looks like an image', async () => {
    const root = await tempFolder({ 'x.png/y.png': '' });

    expect((await walk(root)).keys).toEqual(['x.png/y.png']);
  });

  it('reports a sparse file of 5 GB by its size', async () => {
    const root = await tempFolder({ 'huge.png': '' });
    await truncate(join(root, 'huge.png'), 5 * 1024 ** 3);

    expect((await walk(root)).found[0]?.sizeBytes).toBe(5 * 1024 ** 3);
  });

  it('takes names that look like flags, and makes all others safe to print', async () => {
    const root = await tempFolder({ '-rf': '' });
    await symlink('nowhere', join(root, 'new\nline\x1b[2J.png'));

    const { keys, refused } = await walk(root);

    expect(keys).toEqual(['-rf']);
    expect(refused).toEqual([{ file: 'new\\x0aline\\x1b[2J.png', reason: 'is a broken link' }]);
  });

  it.skipIf(process.platform !== 'linux')('refuses names that are not UTF-8', async () => {
    const root = await tempFolder({ 'ok.png': '' });
    await writeFile(Buffer.concat([Buffer.from(`${root}/bad`), Buffer.from([0xff]), Buffer.from('.png')]), '');
    await mkdir(Buffer.concat([Buffer.from(`${root}/dir`), Buffer.from([0xc3])]));
    await writeFile(Buffer.concat([Buffer.from(`${root}/half`), Buffer.from([0xed, 0xa0, 0x80])]), '');
    await writeFile(join(root, 'bad\uFFFD.png'), '');
    await mkdir(join(root, 'a\uFFFD'));
    await writeFile(join(root, 'a\uFFFD', 'x.png'), '');

    const { keys, refused } = await walk(root);

    expect(keys).toEqual(['a\uFFFD/x.png', 'bad\uFFFD.png', 'ok.png']);
    expect(refused).toEqual([
      { file: 'bad\uFFFD.png', reason: 'has a name that is not UTF-8' },
      { file: 'dir\uFFFD', reason: 'has a name that is not UTF-8' },
      { file: 'half\uFFFD\uFFFD\uFFFD', reason: 'has a name that is not UTF-8' },
    ]);
  });

  it('refuses a folder inside that permissions close, and goes on', async () => {
    const root = await tempFolder({ 'closed/a.png': '', 'open/b.png': '' });
    await chmod(join(root, 'closed'), 0o000);

    const { keys, refused } = await asNobody(() => walk(root));

    expect(keys).toEqual(['open/b.png']);
    expect(refused).toEqual([{ file: 'closed', reason: 'cannot be read: permission denied' }]);
  });

  it('walks 10,000 files lazily: the first comes before the rest is looked at', async () => {
    const root = await tempFolder();
    for (let folder = 0; folder < 20; folder++) {
      const names = Array.from({ length: 500 }, (_, file) => join(root, `f${folder}`, `${file}.png`));
      await mkdir(join(root, `f${folder}`));
      await Promise.all(names.map((name) => writeFile(name, '')));
    }
    const entries = walkImages(root);

    const first = entries.next();
    await writeFile(join(root, 'f9', 'late.png'), '');
    let rest = 0;
    for (const entry of entries) if (!('reason' in entry)) rest++;

    expect(first.value).toMatchObject({ key: 'f0/0.png' });
    expect(rest).toBe(10_000);
  });

  it('passes over what a filter rules out, whatever it is, and never enters such a folder', async () => {
    const root = await tempFolder({ 'a.png': '', 'a.psd': '', 'drafts/b.png': '', 'c/drafts/d.png': '', '.env': '' });
    await symlink('nowhere', join(root, 'broken.psd'));
    await symlink('drafts', join(root, 'old'));
    await chmod(join(root, 'drafts'), 0o000);
    const filter = makeFilter({ include: ['**/*.png', '.env'], exclude: ['drafts/**'], ignoreText: 'old' });
    const filtered: string[] = [];

    const { keys, refused, skipped } = await asNobody(() =>
      walk(root, { filter, onFiltered: (file) => filtered.push(file) }),
    );

    expect(keys).toEqual(['a.png', 'c/drafts/d.png']);
    expect(refused).toEqual([]);
    expect(skipped).toEqual(['.env']);
    expect(filtered).toEqual(['a.psd', 'broken.psd', 'drafts', 'old']);
  });

  it('does not tell of a hidden entry that a filter rules out', async () => {
    const root = await tempFolder({ 'a.png': '', '.DS_Store': '', '.git/x': '', 'b/.DS_Store': '', '.env': '' });
    const filter = makeFilter({ exclude: ['.git/**'], ignoreText: '.DS_Store' });
    const filtered: string[] = [];

    const { skipped } = await walk(root, { filter, onFiltered: (file) => filtered.push(file) });

    expect(skipped).toEqual(['.env']);
    expect(filtered).toEqual([]);
  });

  it('tells of nothing outside of its scope', async () => {
    const root = await tempFolder({
      'a.png': '',
      '.env': '',
      'b/c.png': '',
      'b/d/e.png': '',
      'b/d/.x': '',
      'f/g.png': '',
    });
    await symlink('nowhere', join(root, 'broken.png'));
    const scope = await openScope(root, [join(root, 'b/d'), join(root, 'f')]);
    const filtered: string[] = [];

    const walked = await walk(root, {
      scope,
      filter: makeFilter({ exclude: ['*.png', 'f/**'] }),
      onFiltered: (file) => filtered.push(file),
    });

    expect(walked).toMatchObject({ keys: ['b/d/e.png'], refused: [], skipped: ['b/d/.x'] });
    expect(filtered).toEqual(['f']);
  });

  it.each<[what: string, change: (path: string) => Promise<unknown>, isAnother: boolean]>([
    ['is left alone', async () => undefined, false],
    ['grows', (path) => writeFile(path, 'longer'), true],
    ['is written anew with its old time', (path) => writeFile(path, 'BBBB').then(() => utimes(path, 1e9, 1e9)), true],
    ['is touched', (path) => utimes(path, 1e9 + 1, 1e9 + 1), true],
    ['is replaced', (path) => writeFile(`${path}2`, 'AAAA').then(() => rename(`${path}2`, path)), true],
    ['is deleted and made again', (path) => rm(path).then(() => writeFile(path, 'AAAA')), true],
  ])('stamps a file that %s', async (_, change, isAnother) => {
    const root = await tempFolder({ 'a.png': 'AAAA' });
    await utimes(join(root, 'a.png'), 1e9, 1e9);
    const before = (await walk(root)).found[0]?.stamp;
    // The clock of a disk ticks every few milliseconds.
    await new Promise((resolve) => setTimeout(resolve, 20));

    await change(join(root, 'a.png'));

    expect((await walk(root)).found[0]?.stamp !== before).toBe(isAnother);
  });

  it('refuses a folder whose path is longer than the system takes, and goes on', async () => {
    const root = await tempFolder({ 'ok.png': '' });
    const half = Array.from({ length: 11 }, () => 'x'.repeat(200));
    const [deep, rest] = [join(root, ...half), join(root, 'rest')];
    await mkdir(deep, { recursive: true });
    await mkdir(join(rest, ...half), { recursive: true });
    await rename(rest, join(deep, 'rest'));
    onTestFinished(() => rename(join(deep, 'rest'), rest));

    const { keys, refused } = await walk(root);

    expect(keys).toEqual(['ok.png']);
    expect(refused).toEqual([
      { file: expect.stringContaining('/rest/xxx'), reason: 'cannot be read: the system answered ENAMETOOLONG' },
    ]);
  });

  it.each([
    ['is missing', 'nowhere', 'there is no such folder.'],
    ['is a file', 'a.png', 'it is not a folder.'],
    ['lies below a file', 'a.png/b', 'it is not a folder.'],
  ])('throws when the folder itself %s', async (_, name, reason) => {
    const root = await tempFolder({ 'a.png': '' });

    const error = await walk(join(root, name)).catch((caught: unknown) => caught);

    expect(error).toBeInstanceOf(UsageError);
    expect(String(error)).toContain(`Cannot read images from "${join(root, name)}": ${reason}`);
  });

  it('throws when the folder itself is closed', async () => {
    const root = await tempFolder({ 'closed/a.png': '' });
    await chmod(join(root, 'closed'), 0o000);

    const error = await asNobody(() => walk(join(root, 'closed')).catch((caught: unknown) => caught));

    expect(String(error)).toContain('it cannot be read: permission denied.');
  });
});
