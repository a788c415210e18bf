import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, link, mkdir, readFile, rm, stat, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { MountConfig } from '../../src/config/config.js';
import { UsageError } from '../../src/errors.js';
import { type Remembered, readDigestMemo, saveDigestMemo } from '../../src/files/digest-memo.js';
import { type Digests, openDigests } from '../../src/resources/digests.js';
import { readLocalFolder } from '../../src/resources/local-images.js';
import { asNobody, tempFolder } from '../files/temp-folder.js';

const sample = (name: string) => readFile(new URL(`../../samples/${name}`, import.meta.url));
const PNG = await sample('waves.png');
const JPEG = await sample('dunes.jpg');
const GIF = await sample('orbit.gif');
const svg = (inside: string) => `<svg xmlns="http://www.w3.org/2000/svg">${inside}</svg>`;
/** A picture of that many bytes: a text that nobody sees is stretched to fit. */
const svgOf = (bytes: number) => svg(`<!--${'x'.repeat(bytes - svg('<!---->').length)}-->`);
const ZIP = Buffer.from(`PK\x03\x04${'x'.repeat(100)}PK\x05\x06${'\0'.repeat(18)}`, 'latin1');
const POLICY = 'browsers run and load nothing of that under the Content-Security-Policy that pixgate sends by default';
const HOUR_MS = 3_600_000;

const mountOf = (source: string, other: Partial<MountConfig> = {}): MountConfig => ({
  id: 'images',
  path: '/images',
  bucket: { name: 'my-bucket', create: true, prefix: 'images/', versioning: false },
  source,
  access: { kind: 'public' },
  headers: {},
  upload: [],
  ...other,
});

async function read(source: string, other: Partial<MountConfig> = {}, only?: readonly string[]) {
  const digests = openDigests('/nowhere', () => 0).of('images');
  const options = { digests, nowMs: 0, ...(only === undefined ? {} : { only }) };
  const folder = await readLocalFolder(mountOf(source, other), options);
  return { ...folder, keys: [...folder.images.keys()] };
}

const failureOf = (work: Promise<unknown>) => work.catch((caught: unknown) => caught);

describe('readLocalFolder() of one file', () => {
  it.each<[name: string, content: string | Buffer, reason: string]>([
    ['x.png', '', 'is empty'],
    ['x.png', 'x', 'is named .png but holds text'],
    ['x.png', '<!DOCTYPE html><html></html>', 'is named .png but holds HTML'],
    ['x.png', GIF, 'is named .png but holds GIF'],
    ['x.gif', Buffer.from('GIF89a=1;alert(1);//<script>'), 'is cut off: its end is missing'],
    ['x.png', PNG.subarray(0, -1), 'is cut off: its end is missing'],
    ['x.jpg', JPEG.subarray(0, 9000), 'is cut off: its end is missing'],
    ['x.heic', Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic'), 'is image/heic, which is not served'],
    ['x.xyzzy', PNG, 'has no image extension, though it holds PNG'],
    ['x.psd', '8BPS', 'is image/vnd.adobe.photoshop, which is not served'],
    ['x', PNG, 'has no image extension, though it holds PNG'],
    ['x.txt', PNG, 'has no image extension, though it holds PNG'],
    ['x', Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic'), 'has no image extension, though it holds HEIC'],
    ['a+b.txt', PNG, '"+" breaks the signature'],
    ['a+b.png', PNG, '"+" breaks the signature'],
    ['new\nline\x1b[2J.png', PNG, 'U+000A is a control character or a line break'],
    ['x.svg', svgOf(10_485_761), 'has 10485761 bytes, more than the 10485760 that API Gateway can return'],
  ])('refuses %j (%#)', async (name, content, reason) => {
    const root = await tempFolder({ 'ok.png': PNG, [name]: content });

    const { keys, refused, refusedKeys } = await read(root);

    expect(keys).toEqual(['ok.png']);
    expect(refused).toEqual([
      { file: name.replace('\n', '\\x0a').replace('\x1b', '\\x1b'), reason: expect.stringContaining(reason) },
    ]);
    expect([...refusedKeys]).toEqual([name]);
  });

  it.each<[name: string, content: string | Buffer, warnings: string[]]>([
    ['x.png', PNG, []],
    ['-rf.png', PNG, []],
    ['x.svg', svgOf(1_048_575), []],
    ['x.svg', svgOf(1_048_576), []],
    ['x.svg', svgOf(1_048_577), ['x.svg is above 1 MiB: the stage cache never keeps it']],
    ['x.svg', svgOf(10_485_759), ['x.svg is above 1 MiB: the stage cache never keeps it']],
    ['x.svg', svgOf(10_485_760), ['x.svg is above 1 MiB: the stage cache never keeps it']],
    ['a b.png', PNG, []],
    ['x.svg', svg('<script/>'), [`x.svg holds a script: ${POLICY}`]],
    ['x.svg', svg('<foreignObject/><g onload="a"/>'), [`x.svg holds an event handler and a foreignObject: ${POLICY}`]],
    [
      'x.svg',
      `<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>${svg('&a;')}`,
      [`x.svg holds an entity declaration and a document type of its own: ${POLICY}`],
    ],
    ['x.jpg', Buffer.concat([JPEG, ZIP]), ['x.jpg carries 126 bytes behind its end (a ZIP archive)']],
    ['x.gif', Buffer.concat([GIF, Buffer.from('<script>')]), ['x.gif carries 8 bytes behind its end (a script)']],
    ['x.jpg', Buffer.concat([JPEG, JPEG]), []],
  ])('takes %s (%#) and says what is to be said', async (name, content, warnings) => {
    const root = await tempFolder({ [name]: content });

    const folder = await read(root);

    expect(folder.warnings).toEqual(warnings);
    expect(folder.images.get(name)).toMatchObject({
      sha256: createHash('sha256').update(content).digest('hex'),
      sizeBytes: content.length,
    });
  });

  it.each([
    ['allow', ['x.svg'], [], []],
    ['warn', ['x.svg'], [`x.svg holds a script: ${POLICY}`], []],
    ['refuse', [], [], [{ file: 'x.svg', reason: 'holds a script, and this mount refuses such SVGs' }]],
  ] as const)('does with an SVG as its mount says: %s', async (policy, keys, warnings, refused) => {
    const root = await tempFolder({ 'a.svg': svg('<g/>'), 'x.svg': svg('<script/>') });

    const folder = await read(root, { svg: policy });

    expect(folder.keys).toEqual(['a.svg', ...keys]);
    expect(folder.warnings).toEqual(warnings);
    expect(folder.refused).toEqual(refused);
  });
});

describe('readLocalFolder() of a whole folder', () => {
  it('refuses what cannot be sent, one reason each, and takes the rest', async () => {
    const root = await tempFolder({
      'a.png': PNG,
      'x.png/in.png': PNG,
      'closed.png': PNG,
      'huge.png': '',
      '.env': 's',
      '.git/x.png': PNG,
      'node_modules/x.png': PNG,
      'Café.png': PNG,
      'Cafe\u0301.png': PNG,
      'B.png': PNG,
      'b.png': PNG,
    });
    await link(join(root, 'a.png'), join(root, 'hard.png'));
    await symlink('/etc/passwd', join(root, 'out.png'));
    await symlink('/dev/null', join(root, 'null.png'));
    execFileSync('mkfifo', [join(root, 'pipe.png')]);
    await truncate(join(root, 'huge.png'), 5 * 1024 ** 3);
    await chmod(join(root, 'closed.png'), 0);

    const { keys, refused, passedOver } = await asNobody(() => read(root));

    expect(keys).toEqual(['a.png', 'hard.png', 'x.png/in.png']);
    expect(passedOver).toBe(0);
    expect(Object.fromEntries(refused.map(({ file, reason }) => [file, reason]))).toEqual({
      'closed.png': 'cannot be read: permission denied',
      'huge.png': 'has 5368709120 bytes, more than the 10485760 that API Gateway can return',
      'null.png': 'is a link that leads out of the folder',
      'out.png': 'is a link that leads out of the folder (set links: follow to send it)',
      'pipe.png': 'is a pipe, not a file',
      'B.png': 'differs from b.png only in case or in the form of its letters',
      'b.png': 'differs from B.png only in case or in the form of its letters',
      'Café.png': 'differs from Cafe\u0301.png only in case or in the form of its letters',
      'Cafe\u0301.png': 'differs from Café.png only in case or in the form of its letters',
    });
  });

  it('neither sends nor refuses what include, exclude and the ignore file rule out', async () => {
    const root = await tempFolder({
      'a.png': PNG,
      'b.png': PNG,
      'c.png': PNG,
      'readme.txt': 'hello',
      'drafts/d.psd': '8BPS',
      'old/e.png': PNG,
      'A.png': PNG,
      '.pixgateignore': 'b.png\nold/\n',
    });

    const folder = await read(root, { include: ['**/*.png'], exclude: ['c.*', 'A.png', 'drafts/**'] });

    expect(folder).toMatchObject({ keys: ['a.png'], refused: [], warnings: [], passedOver: 6 });
  });

  it.each([
    ['there is no image in it.', { '.env': '' }, {}],
    ['none of its 2 files is an image (Makefile).', { 'a.txt': 'a', Makefile: '' }, {}],
    ['none of its 2 files can be served (a.png: is empty).', { 'a.png': '', 'a.txt': 'a' }, {}],
    ['the filters leave nothing of it.', { 'a.png': PNG, 'a.txt': 'a' }, { exclude: ['*.png'] }],
    ['the filters leave nothing of it.', { 'a.png': PNG }, { include: ['*.jpg'] }],
    ['the filters leave nothing of it.', { 'a.png': PNG, '.pixgateignore': '*' }, {}],
    ['the filters leave nothing of it.', { 'drafts/a.png': PNG }, { exclude: ['drafts/**'] }],
  ] as const)('throws when nothing is left: %s (%#)', async (why, files, filters) => {
    const root = await tempFolder(files);

    const error = await failureOf(read(root, filters));

    expect(error).toBeInstanceOf(UsageError);
    expect(error).toMatchObject({ code: 'NO_IMAGES', message: `Cannot upload from "${root}": ${why}` });
  });

  it('sends what links outside lead to when the mount says so, and says that it becomes public', async () => {
    const outside = await tempFolder({ 'far.png': PNG, 'text.png': 'text' });
    const root = await tempFolder({ 'near.png': PNG });
    await symlink('near.png', join(root, 'alias.png'));
    await symlink(join(outside, 'far.png'), join(root, 'b.png'));
    await symlink(join(outside, 'text.png'), join(root, 'c.png'));

    const inside = await read(root);
    const follow = await read(root, { links: 'follow' });
    await symlink(join(outside, 'far.png'), join(root, 'a.png'));
    const two = await read(root, { links: 'follow' });

    expect(inside).toMatchObject({ keys: ['alias.png', 'near.png'], warnings: [] });
    expect(inside.refused.map(({ file }) => file)).toEqual(['b.png', 'c.png']);
    expect(follow.keys).toEqual(['alias.png', 'b.png', 'near.png']);
    expect(follow.images.get('b.png')?.path).toBe(join(outside, 'far.png'));
    expect(follow.refused).toEqual([{ file: 'c.png', reason: 'is named .png but holds text' }]);
    expect(follow.warnings).toEqual([
      '1 link leads to a file outside of the folder (b.png): with links: follow, that file becomes public',
    ]);
    expect(two.warnings).toEqual([
      '2 links lead to files outside of the folder (a.png, b.png): with links: follow, those files become public',
    ]);
  });

  it.each<[what: string, files: Record<string, string | Buffer>, mount: Partial<MountConfig>, notices: string[]]>([
    ['nothing', { '.pixgateignore': 'x', '.pixgate/state.json': '{}' }, {}, []],
    ['one hidden file', { '.DS_Store': '' }, {}, ['1 hidden or housekeeping entry is passed over: .DS_Store']],
    [
      'three such entries',
      { '.DS_Store': '', '.git/config': '', 'node_modules/x/y.png': PNG },
      {},
      ['3 hidden or housekeeping entries are passed over: .DS_Store, .git, node_modules'],
    ],
    [
      'more of them than are named',
      { '.a\x1b[2J': '', '.b': '', 'c/.pixgateignore': '', 'c/Thumbs.db': '', 'd/desktop.ini': '' },
      {},
      ['5 hidden or housekeeping entries are passed over: .a\\x1b[2J, .b, c/.pixgateignore and 2 more'],
    ],
    ['one file that is no image', { 'notes.txt': 'milk' }, {}, ['1 file is no image and is left out: notes.txt']],
    [
      'files that are no images, whatever their names and sizes',
      { Makefile: 'all:', 'a+b.md': '# a', 'bmw.csv': 'BMW,1', 'c.html': '<html>', 'empty.txt': '' },
      {},
      ['5 files are no images and are left out: Makefile, a+b.md, bmw.csv and 2 more'],
    ],
    ['no other file that is ruled out', { 'notes.txt': 'milk' }, { exclude: ['*.txt'] }, []],
    ['none that is ruled out', { '.DS_Store': '', '.pixgateignore': '.DS_Store' }, {}, []],
    [
      'globs that match nothing',
      { 'logo/a.svg': svg(''), 'b.txt': '' },
      {
        include: ['**/*.png', '**/*.pgn', 'logo/**'],
        exclude: ['*.txt', 'drfats/**'],
        upload: [
          { match: '**/*', headers: {} },
          { match: 'lgoo/**', headers: {} },
          { match: 'logo/**', headers: {} },
        ],
      },
      [
        '/images: include "**/*.pgn" matches no file of the folder',
        '/images: exclude "drfats/**" matches no file of the folder',
        '/images: the upload rule for "lgoo/**" matches no image of the folder',
      ],
    ],
  ])('notices %s', async (_, files, mount, notices) => {
    const root = await tempFolder({ 'ok.png': PNG, ...files });

    const folder = await read(root, mount);

    expect(folder.notices).toEqual(notices);
  });

  it('leaves out what is no image without a word of refusal, be it above 10 MiB', async () => {
    const root = await tempFolder({ 'a.png': PNG, 'notes.txt': 'milk', 'film.mp4': '' });
    await truncate(join(root, 'film.mp4'), 5 * 1024 ** 3);

    const folder = await read(root);

    expect(folder).toMatchObject({ keys: ['a.png'], refused: [], leftOut: 2 });
    expect(folder.refusedKeys.size).toBe(0);
  });

  it('says nothing of globs when only a part is read, and of no hidden entry but of that part', async () => {
    const root = await tempFolder({ 'a/ok.png': PNG, 'a/.x': '', '.y': '' });
    const rules = { include: ['a/*', 'b/*'], exclude: ['c/*'], upload: [{ match: 'd/*', headers: {} }] };

    const { notices } = await read(root, rules, [join(root, 'a')]);

    expect(notices).toEqual(['1 hidden or housekeeping entry is passed over: a/.x']);
  });

  it('throws when the ignore file cannot be used', async () => {
    const root = await tempFolder({ 'a.png': PNG });
    await mkdir(join(root, '.pixgateignore'));

    expect(String(await failureOf(read(root)))).toContain('.pixgateignore": it is not an ordinary file.');
  });
});

describe('readLocalFolder() of a part of a folder', () => {
  const FILES = { 'a.png': PNG, 'b.txt': 'b', 'cats/tom.png': PNG, 'cats/x/y.png': PNG, 'dogs/rex.png': PNG };

  it.each([
    [['a.png'], ['a.png'], ['a.png']],
    [['cats'], ['cats/tom.png', 'cats/x/y.png'], ['cats/tom.png', 'cats/gone.png']],
    [['cats/x', 'a.png'], ['a.png', 'cats/x/y.png'], ['a.png']],
    [['.'], ['a.png', 'cats/tom.png', 'cats/x/y.png', 'dogs/rex.png'], ['a.png', 'cats/tom.png', 'cats/gone.png', 'z']],
    [[], [], []],
  ])('reads only %j and says what it covers', async (paths, keys, covered) => {
    const root = await tempFolder(FILES);
    const only = paths.map((path) => join(root, path));

    const folder = await read(root, {}, only);

    expect(folder.keys).toEqual(keys);
    expect(folder.leftOut).toBe(paths[0] === '.' ? 1 : 0);
    expect(['a.png', 'cats/tom.png', 'cats/gone.png', 'z'].filter(folder.covers ?? Boolean)).toEqual(covered);
  });

  it('covers everything when nothing is named', async () => {
    const root = await tempFolder(FILES);

    expect((await read(root)).covers?.('anything')).toBe(true);
  });

  it.each([
    ['gone.png', 'there is no such file or folder.'],
    ['../else.png', 'it lies outside of'],
    ['b.txt', 'none of its 1 files is an image (b.txt)'],
  ])('throws for %s', async (path, why) => {
    const root = await tempFolder(FILES);

    expect(String(await failureOf(read(root, {}, [join(root, path)])))).toContain(why);
  });
});

describe('readLocalFolder() with digests', () => {
  /** A project with a folder of images, all of which are told by their stamps. */
  async function project(files: Record<string, string | Buffer>) {
    const root = await tempFolder(files);
    const directory = await tempFolder({ '.pixgate/state.json': '{}' });
    const memo = join(directory, '.pixgate/digests/images.ndjson');
    const newest = Math.max(
      ...(await Promise.all(Object.keys(files).map(async (name) => (await stat(join(root, name))).ctimeMs))),
    );
    const nowMs = newest + HOUR_MS;
    const open = (): Digests => openDigests(directory, () => nowMs);
    const look = (digests: Digests, other: Partial<MountConfig> = {}, only?: string[]) =>
      readLocalFolder(mountOf(root, other), {
        digests: digests.of('images'),
        nowMs: digests.now(),
        ...(only === undefined ? {} : { only: only.map((name) => join(root, name)) }),
      });
    /** Wrong digests in what is remembered show which files were not read. */
    const spoil = async () => {
      const spoiled = [...readDigestMemo(memo)].map(([key, file]): Remembered => [key, { ...file, sha256: KNOWN }]);
      await saveDigestMemo(memo, spoiled);
    };
    const keysKept = () => [...readDigestMemo(memo)].map(([key]) => key);
    return { root, directory, memo, newest, open, look, spoil, keysKept };
  }

  const KNOWN = '0123456789abcdef'.repeat(4);
  const digestsOf = ({ images }: Awaited<ReturnType<typeof readLocalFolder>>) =>
    Object.fromEntries([...images.values()].map(({ key, sha256 }) => [key, sha256]));

  it('reads no file again that did not change since an earlier run', async () => {
    const { open, look, spoil } = await project({
      'a.png': PNG,
      'b.svg': svg('<script/>'),
      'c.jpg': Buffer.concat([JPEG, ZIP]),
    });
    const first = await look(open());
    await spoil();

    const second = await look(open());

    expect([...second.images.values()]).toEqual([...first.images.values()].map((is) => ({ ...is, sha256: KNOWN })));
    expect(second.warnings).toEqual(first.warnings);
    expect(first.warnings).toHaveLength(2);
  });

  it('gives back what it found before in the same run, as long as nothing changed', async () => {
    const { root, open, look } = await project({ 'a.png': PNG, 'b.png': PNG, 'B.png': PNG, 'c.png': PNG });
    const digests = open();
    const first = await look(digests);
    const second = await look(digests);
    await rm(join(root, 'c.png'));

    const third = await look(digests);

    expect(second.images).toBe(first.images);
    expect(second.refused).toEqual(first.refused);
    expect([...third.images.keys()]).toEqual(['a.png']);
    expect([...first.images.keys()]).toEqual(['a.png', 'c.png']);
  });

  it('notices in the same run whatever changed in between, without a folder for its state too', async () => {
    const { root, directory, open, look } = await project({ 'a.png': PNG, 'b.png': PNG, 'c.png': PNG });
    await rm(join(directory, '.pixgate'), { recursive: true });
    const digests = open();
    const first = await look(digests);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await rm(join(root, 'b.png'));
    await writeFile(join(root, 'c.png'), Buffer.concat([PNG, Buffer.from('x')]));
    await writeFile(join(root, 'aa.png'), PNG);

    const second = await look(digests);

    const same = first.images.get('a.png')?.sha256;
    const changed = createHash('sha256').update(PNG).update('x').digest('hex');
    expect(digestsOf(second)).toEqual({ 'a.png': same, 'aa.png': same, 'c.png': changed });
    expect(Object.keys(digestsOf(first))).toEqual(['a.png', 'b.png', 'c.png']);
    await expect(stat(join(directory, '.pixgate'))).rejects.toThrow('ENOENT');
  });

  it('saves what it knows as soon as there is a folder for its state', async () => {
    const { directory, open, look, keysKept } = await project({ 'a.png': PNG });
    await rm(join(directory, '.pixgate'), { recursive: true });
    const digests = open();
    await look(digests);
    await mkdir(join(directory, '.pixgate'));

    await look(digests);

    expect(keysKept()).toEqual(['a.png']);
  });

  it('applies the rules of the mount to what it remembers', async () => {
    const { open, look, keysKept } = await project({ 'a.png': PNG, 'b.svg': svg('<script/>') });
    const digests = open();
    const before = await look(digests);
    const rules = { svg: 'refuse', upload: [{ match: '*.png', headers: { 'Cache-Control': 'no-store' } }] } as const;

    const { images, refused } = await look(digests, { ...rules, upload: [...rules.upload] });

    expect(before.images.get('a.png')?.headers).toEqual({});
    expect(images.get('a.png')?.headers).toEqual({ 'Cache-Control': 'no-store' });
    expect(refused.map(({ file }) => file)).toEqual(['b.svg']);
    expect([images.size, images.has('b.svg')]).toEqual([1, false]);
    expect(keysKept()).toEqual(['a.png', 'b.svg']);
  });

  it.each<[what: string, change: (path: string) => Promise<unknown>]>([
    ['is written over with its old size and time', (path) => writeFile(path, PNG).then(() => utimes(path, 1e9, 1e9))],
    ['is touched', (path) => utimes(path, 1e9 + 1, 1e9 + 1)],
    ['is replaced', (path) => rm(path).then(() => writeFile(path, PNG))],
  ])('reads a file again that %s', async (_, change) => {
    const { root, open, look, spoil } = await project({ 'a.png': PNG, 'b.png': PNG });
    await utimes(join(root, 'a.png'), 1e9, 1e9);
    const before = digestsOf(await look(open()));
    await spoil();
    await new Promise((resolve) => setTimeout(resolve, 20));

    await change(join(root, 'a.png'));

    expect(digestsOf(await look(open()))).toEqual({ 'a.png': before['a.png'], 'b.png': KNOWN });
  });

  it('writes nothing when nothing changed, and lets go of what is gone', async () => {
    const { root, memo, open, look, keysKept } = await project({ 'a.png': PNG, 'b.png': PNG });
    await look(open());
    const before = (await stat(memo)).ino;

    await look(open());
    const same = (await stat(memo)).ino;
    await rm(join(root, 'a.png'));
    await look(open());

    expect(same).toBe(before);
    expect(keysKept()).toEqual(['b.png']);
  });

  it('remembers nothing that changed within the last two seconds', async () => {
    const { directory, newest, look, keysKept } = await project({ 'a.png': PNG, 'b.png': PNG });
    let nowMs = newest + 1000;
    const digests = openDigests(directory, () => nowMs);

    const early = await look(digests);
    const kept = keysKept();
    nowMs = newest + HOUR_MS;
    const late = await look(digests);

    expect([kept, keysKept()]).toEqual([[], ['a.png', 'b.png']]);
    expect([...early.images.values()].map(({ stamp, sizeBytes }) => [stamp, sizeBytes])).toEqual([
      [undefined, PNG.length],
      [undefined, PNG.length],
    ]);
    expect(late.images.get('a.png')?.stamp).toHaveLength(80);
  });

  it.each([true, false])(
    'keeps what it knows of the rest when only a part is read, in the same run: %s',
    async (isSame) => {
      const { root, open, look, spoil, keysKept } = await project({ 'a.png': PNG, 'b/c.png': PNG, 'd.png': PNG });
      const digests = open();
      await look(digests);
      if (!isSame) await spoil();
      await rm(join(root, 'b/c.png'));
      await writeFile(join(root, 'b/e.png'), PNG);
      await utimes(join(root, 'b/e.png'), 1e9, 1e9);

      const part = await look(isSame ? digests : open(), {}, ['b']);

      expect([...part.images.keys()]).toEqual(['b/e.png']);
      expect(keysKept()).toEqual(['a.png', 'b/e.png', 'd.png']);
      expect(Object.keys(digestsOf(await look(digests)))).toEqual(['a.png', 'b/e.png', 'd.png']);
    },
  );

  it('remembers files whose names collide, and shows one again when the other is gone', async () => {
    const { root, open, look, spoil, keysKept } = await project({ 'A.png': PNG, 'a.png': PNG, 'b.png': PNG });
    const digests = open();
    const both = await look(digests);
    const kept = keysKept();
    await spoil();
    await rm(join(root, 'A.png'));

    const one = await look(open());

    expect([[...both.images.keys()], kept]).toEqual([['b.png'], ['A.png', 'a.png', 'b.png']]);
    expect(digestsOf(one)).toEqual({ 'a.png': KNOWN, 'b.png': KNOWN });
  });

  it('judges a link by its own name, whatever it knows of the file that it leads to', async () => {
    const { root, open, look } = await project({ 'real.png': PNG });
    await symlink('real.png', join(root, 'alias.jpg'));
    await symlink('real.png', join(root, 'also.png'));
    const digests = open();
    const first = await look(digests);

    const { images, refused } = await look(digests);

    expect(refused).toEqual([{ file: 'alias.jpg', reason: 'is named .jpg but holds PNG' }]);
    expect(images.get('also.png')?.path).toBe(join(root, 'real.png'));
    expect(images).toBe(first.images);
  });

  it('lets go of what it knows of a mount that is taken away', async () => {
    const { memo, open, look } = await project({ 'a.png': PNG });
    const digests = open();
    const first = await look(digests);

    await digests.forget('images');

    await expect(stat(memo)).rejects.toThrow('ENOENT');
    expect((await look(digests)).images).not.toBe(first.images);
  });
});
