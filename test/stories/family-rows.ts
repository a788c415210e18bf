import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, readFileSync, renameSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { onTestFinished } from 'vitest';

const SAMPLES = path.resolve(import.meta.dirname, '../../samples');
const sample = (name: string): Buffer => readFileSync(path.join(SAMPLES, name));

const MIB = 1_048_576;

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** A PNG of one pixel that carries a text, so that no two of them are alike. */
export function picture(text: string): Buffer {
  const header = Buffer.from('00000001000000010800000000', 'hex');
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('tEXt', Buffer.from(`Comment\0${text}`, 'latin1')),
    chunk('IDAT', deflateSync(Buffer.from([0, 0]))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A PNG of so many bytes. */
function pictureOf(bytes: number): Buffer {
  return picture('x'.repeat(bytes - picture('').length));
}

const svg = (inside: string): string => `<svg xmlns="http://www.w3.org/2000/svg">${inside}</svg>`;
const ZIP = Buffer.from(`PK\x03\x04${'x'.repeat(100)}PK\x05\x06${'\0'.repeat(18)}`, 'latin1');

/** Names of files that a disk can hold and that can be served. */
export const SERVED_KEYS: readonly string[] = [
  'plain.png',
  'UPPER.PNG',
  'A-z_0.9~x.png',
  '-rf.png',
  'x...y.png',
  'a..b/c.png',
  'deep/er/and/deeper/x.png',
  'soap/x.png',
  'folder.png/x.png',
  'blue hour.png',
  ' leading and trailing .png',
  'two  spaces.png',
  'no\u00a0break.png',
  'caf\u00e9.png',
  'cafe\u0301-apart.png',
  '\u65e5\u672c/\u5199\u771f.png',
  '\u0645\u0631\u062d\u0628\u0627.png',
  '\u{1f600}.png',
  '\u2764\ufe0f.png',
  '\u{1f1ea}\u{1f1fa}.png',
  'photo(1).png',
  'a=b.png',
  'a@2x.png',
  'a,b.png',
  'a!.png',
  'a:b.png',
  'a$b.png',
  '$context.accountId.png',
  'a*b.png',
  '123.png',
  '__proto__.png',
  'constructor/toString.png',
  longKey(1017, 'x'),
  longKey(1017, '\u00e9'),
  longKey(1017, '\u{1f600}'),
];

/** A key of so many bytes, in folders that a disk can hold, nearly all of it one letter. */
function longKey(bytes: number, letter: string): string {
  const folder = `${letter.repeat(Math.floor(196 / Buffer.byteLength(letter)))}/`;
  const folders = folder.repeat(Math.floor((bytes - 20) / Buffer.byteLength(folder)));
  const left = bytes - Buffer.byteLength(folders) - 4;
  const letters = letter.repeat(Math.floor(Math.min(left, 200) / Buffer.byteLength(letter)));
  return `${folders}${letters}${'z'.repeat(left - Buffer.byteLength(letters))}.png`;
}

/** Names of files that a disk can hold and that cannot be served, with why. */
export const REFUSED_KEYS: readonly (readonly [key: string, why: string])[] = [
  [longKey(1018, 'x'), 'the key has 1025 bytes with its prefix'],
  [longKey(1018, '\u00e9'), 'the key has 1025 bytes with its prefix'],
  [longKey(1018, '\u{1f600}'), 'the key has 1025 bytes with its prefix'],
  ['soap', 'has no image extension'],
  ['%2e%2e.png', '"%" is encoded twice'],
  ['nul%00.png', '"%" is encoded twice'],
  ['100%.png', '"%" is encoded twice'],
  ['a\nb.png', 'U+000A is a control'],
  ['a\rb.png', 'U+000D is a control'],
  ['a\tb.png', 'U+0009 is a control'],
  ['a\x1b[2Jb.png', 'U+001B is a control'],
  ['a\x7fb.png', 'U+007F is a control'],
  ['a\u0085b.png', 'U+0085 is a control'],
  ['a\u2028b.png', 'U+2028 is a control'],
  ['a\u2029b.png', 'U+2029 is a control'],
  ['a\u202egnp.exe.png', 'U+202E cannot be seen'],
  ['a\u2066b.png', 'U+2066 cannot be seen'],
  ['a\u200bb.png', 'U+200B cannot be seen'],
  ['a\u200db.png', 'U+200D cannot be seen'],
  ['\ufeffa.png', 'U+FEFF cannot be seen'],
  ['a\u00adb.png', 'U+00AD cannot be seen'],
  ['a\ufffdb.png', 'stands for a character that was lost'],
  ['a\uffffb.png', 'U+FFFF stands for a character that was lost'],
  ['a+b.png', '"+" breaks the signature'],
  ['a#b.png', '"#" could turn'],
  ['a?b.png', '"?" could turn'],
  ['a&b.png', '"&" could turn'],
  ['a;b.png', '";" could turn'],
  ['a|b.png', '"|" cannot stand'],
  ['a"b.png', '""" cannot stand'],
  ["a'b.png", '"\'" cannot stand'],
  ['a`b.png', '"`" cannot stand'],
  ['a\\b.png', '"\\" cannot stand'],
  ['a<b>.png', '"<" cannot stand'],
  ['a[b].png', '"[" cannot stand'],
  ['a{b}.png', '"{" cannot stand'],
  ['a^b.png', '"^" cannot stand'],
  ['folder+x/a.png', '"+" breaks the signature'],
];

/** Names that no disk can hold, or that come apart on their way there, with why they are refused all the same. */
export const IMPOSSIBLE_KEYS: readonly (readonly [key: string, why: string])[] = [
  ['', 'the name is empty'],
  ['/', 'the name begins with "/"'],
  ['/a.png', 'the name begins with "/"'],
  ['a.png/', 'the name ends with "/"'],
  ['a//b.png', 'the name holds "//"'],
  ['.', 'the name holds "."'],
  ['..', 'the name holds ".."'],
  ['a/../b.png', 'the name holds ".."'],
  ['a/./b.png', 'the name holds "."'],
  ['a\0b.png', 'U+0000 is a control'],
  ['a\ud800b.png', 'U+D800 is half a character'],
  ['a\udc00b.png', 'U+DC00 is half a character'],
];

/** Things in a folder of their own, and what an upload makes of them. */
export interface FolderRow {
  readonly what: string;
  /** Makes them in an empty folder. */
  readonly make: (folder: string) => void | Promise<void>;
  /** Names below the folder that are online afterwards, in the order of their bytes, with the bytes of their files. */
  readonly sent: readonly string[];
  /** Names below the folder as they are printed, or how they begin up to a '/', with why they are refused. */
  readonly refused?: Readonly<Record<string, string>>;
  /** What is said of an image that is sent all the same: part of one sentence each. */
  readonly warned?: readonly string[];
}

const write =
  (files: Readonly<Record<string, string | Buffer>>) =>
  (folder: string): void => {
    for (const [name, content] of Object.entries(files)) {
      const file = path.join(folder, name);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
  };

const one = (what: string, name: string, content: string | Buffer, warned: readonly string[] = []): FolderRow => ({
  what,
  make: write({ [name]: content }),
  sent: [name],
  warned,
});

const none = (what: string, name: string, content: string | Buffer, why: string): FolderRow => ({
  what,
  make: write({ [name]: content }),
  sent: [],
  refused: { [name]: why },
});

/** A row whose image lies beside a thing of another kind, which is refused. */
const beside = (what: string, name: string, make: (file: string) => void | Promise<void>, why: string): FolderRow => ({
  what,
  make: async (folder) => {
    write({ 'ok.png': picture(what) })(folder);
    await make(path.join(folder, name));
  },
  sent: ['ok.png'],
  refused: { [name.replaceAll('\n', '\\x0a').replaceAll('\x1b', '\\x1b')]: why },
});

const passed = (what: string, name: string): FolderRow => ({
  what,
  make: write({ 'ok.png': picture(what), [name]: picture('hidden') }),
  sent: ['ok.png'],
});

const twins = (what: string, first: string, second: string): FolderRow => ({
  what,
  make: write({ 'ok.png': picture(what), [first]: picture('first'), [second]: picture('second') }),
  sent: ['ok.png'],
  // Each side names the other.
  refused: { [first]: `${second} only in case or in the form`, [second]: `${first} only in case or in the form` },
});

/** Names that some disk holds as one. */
export const COLLISIONS: readonly FolderRow[] = [
  twins('NFC and NFD', 'caf\u00e9.png', 'cafe\u0301.png'),
  twins('NFC and NFD of Hangul', '\ud55c.png', '\u1112\u1161\u11ab.png'),
  twins('case', 'A.png', 'a.png'),
  twins('case of the extension', 'x.PNG', 'x.png'),
  twins('case of a folder', 'Cats/tom.png', 'cats/tom.png'),
  twins('case beyond ASCII', '\u00c4.png', '\u00e4.png'),
  twins('case and form at once', '\u00c9.png', 'e\u0301.png'),
  twins('the sign of Kelvin and the letter', '\u212a.png', 'k.png'),
];

/** Sizes, kinds and places of files. */
export const FILES: readonly FolderRow[] = [
  none('0 bytes', 'x.png', '', 'is empty'),
  none('1 byte', 'x.png', 'x', 'is named .png but holds text'),
  one('1 MiB - 1', 'x.png', pictureOf(MIB - 1)),
  one('1 MiB', 'x.png', pictureOf(MIB)),
  one('1 MiB + 1', 'x.png', pictureOf(MIB + 1), ['is above 1 MiB: the stage cache never keeps it']),
  one('10 MiB - 1', 'x.png', pictureOf(10 * MIB - 1), ['is above 1 MiB']),
  one('10 MiB', 'x.png', pictureOf(10 * MIB), ['is above 1 MiB']),
  none('10 MiB + 1', 'x.png', pictureOf(10 * MIB + 1), 'has 10485761 bytes, more than the 10485760'),
  beside(
    '5 GB of nothing',
    'x.png',
    (file) => {
      writeFileSync(file, '');
      truncateSync(file, 5 * 1024 ** 3);
    },
    'has 5368709120 bytes, more than the 10485760',
  ),
  beside('a pipe', 'x.png', (file) => void execFileSync('mkfifo', [file]), 'is a pipe, not a file'),
  beside('a socket', 'x.png', listen, 'is a socket, not a file'),
  beside('a link to a device', 'x.png', (file) => symlinkSync('/dev/null', file), 'is a link that leads out'),
  { what: 'a folder named x.png', make: write({ 'x.png/y.png': picture('inside') }), sent: ['x.png/y.png'] },
  beside('a broken link', 'x.png', (file) => symlinkSync('nowhere.png', file), 'is a broken link'),
  beside('a link to itself', 'x.png', (file) => symlinkSync('x.png', file), 'is a link that leads to itself'),
  beside(
    'a link out of the tree',
    'x.png',
    (file) => symlinkSync(path.join(SAMPLES, 'waves.png'), file),
    'is a link that leads out of the folder',
  ),
  beside('a link to its folder', 'x', (file) => symlinkSync('.', file), 'is a link to a folder'),
  {
    what: 'a link inside the tree',
    make: (folder) => {
      write({ 'a.png': picture('linked') })(folder);
      symlinkSync('a.png', path.join(folder, 'x.png'));
    },
    sent: ['a.png', 'x.png'],
  },
  {
    what: 'hard links',
    make: (folder) => {
      write({ 'a.png': picture('twice') })(folder);
      linkSync(path.join(folder, 'a.png'), path.join(folder, 'x.png'));
    },
    sent: ['a.png', 'x.png'],
  },
  passed('a hidden file', '.x.png'),
  passed('.git', '.git/x.png'),
  passed('.env', '.env'),
  passed('node_modules', 'node_modules/x.png'),
  passed('what systems leave about', 'Thumbs.db'),
  beside('a path of more than 4,096 bytes', `${'x'.repeat(200)}/`, digTooDeep, 'answered ENAMETOOLONG'),
  beside('-rf', '-rf', (file) => writeFileSync(file, picture('rf')), 'has no image extension'),
  beside('a name with a line break', 'x\ny.png', (file) => writeFileSync(file, picture('n')), 'U+000A is a control'),
  beside('a name that clears screens', '\x1b[2J.png', (file) => writeFileSync(file, picture('n')), 'U+001B is a'),
  beside(
    'a name that is not UTF-8',
    'bad\ufffd.png',
    (file) => {
      const bytes = Buffer.concat([Buffer.from(`${path.dirname(file)}/bad`), Buffer.from([0xff]), Buffer.from('.png')]);
      writeFileSync(bytes, picture('n'));
    },
    'has a name that is not UTF-8',
  ),
];

async function listen(file: string): Promise<void> {
  const server = createServer().listen(file);
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once('listening', resolve));
}

/** Puts one long path into another, for no system call takes both together. */
function digTooDeep(top: string): void {
  const half = Array.from({ length: 11 }, () => 'x'.repeat(200));
  const [deep, rest] = [path.join(path.dirname(top), ...half), path.join(path.dirname(top), 'rest')];
  mkdirSync(deep, { recursive: true });
  mkdirSync(path.join(rest, ...half), { recursive: true });
  renameSync(rest, path.join(deep, 'rest'));
  // A folder whose paths are too long cannot be taken away in one go.
  onTestFinished(() => renameSync(path.join(deep, 'rest'), rest));
}

const POLICY = 'browsers run and load nothing of that';

/** What files hold. */
export const CONTENT: readonly FolderRow[] = [
  none('a PNG that is HTML', 'x.png', '<!DOCTYPE html><html></html>', 'is named .png but holds HTML'),
  none('a PNG that is a GIF', 'x.png', sample('orbit.gif'), 'is named .png but holds GIF'),
  none('a JPEG that is a PNG', 'x.jpg', picture('x'), 'is named .jpg but holds PNG'),
  none('an SVG that is HTML', 'x.svg', '<!DOCTYPE html><svg></svg>', 'is named .svg but holds HTML'),
  one('a JPEG with a ZIP behind it', 'x.jpg', Buffer.concat([sample('dunes.jpg'), ZIP]), ['(a ZIP archive)']),
  one('a PNG with a script behind it', 'x.png', Buffer.concat([picture('x'), Buffer.from('<script>')]), ['(a script)']),
  none('a GIF that is a script', 'x.gif', 'GIF89a=1;alert(1);//<script>', 'is cut off: its end is missing'),
  one('a GIF with a script behind it', 'x.gif', Buffer.concat([sample('orbit.gif'), Buffer.from('<script>')]), [
    '(a script)',
  ]),
  one('an SVG with a script', 'x.svg', svg('<script>alert(1)</script>'), [`holds a script: ${POLICY}`]),
  one('an SVG with a handler', 'x.svg', svg('<g onload="a()"/>'), [`holds an event handler: ${POLICY}`]),
  one('an SVG with a foreignObject', 'x.svg', svg('<foreignObject/>'), [`holds a foreignObject: ${POLICY}`]),
  one(
    'an SVG with an external entity',
    'x.svg',
    `<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>${svg('&a;')}`,
    ['holds an entity declaration and a document type of its own'],
  ),
  one('an SVG with nothing of that', 'x.svg', svg('<circle r="1"/>')),
  none('a PNG cut off', 'x.png', picture('x').subarray(0, -1), 'is cut off: its end is missing'),
  none('a JPEG cut off', 'x.jpg', sample('dunes.jpg').subarray(0, 9000), 'is cut off: its end is missing'),
  none('a GIF cut off', 'x.gif', sample('orbit.gif').subarray(0, 9000), 'is cut off: its end is missing'),
  none('a WebP cut off', 'x.webp', sample('sunset.webp').subarray(0, 9000), 'is cut off: its end is missing'),
  none('an SVG cut off', 'x.svg', svg('<g/>').slice(0, -5), 'is named .svg but holds the beginning of an SVG'),
  none('HEIC', 'x.heic', Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic'), 'is image/heic, which is not served'),
  none('an unknown extension', 'x.xyzzy', picture('x'), 'has no image extension, though it holds PNG'),
  { what: 'a text', make: write({ 'x.txt': 'hello' }), sent: [] },
  none('no extension', 'x', picture('x'), 'has no image extension, though it holds PNG'),
];
