import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { sealed } from './sealed.js';

type Content = Readonly<Record<string, unknown>>;

/** One way in which a state file is not what we wrote. */
export interface StateRow {
  readonly what: string;
  /** What the command ends with. */
  readonly exit: 3 | 6;
  /** Puts it in place of a file that is gone. */
  readonly put: (file: string, good: Content) => void;
}

const text = (what: string, write: (good: Content) => string | Uint8Array, exit: 3 | 6 = 6): StateRow => ({
  what,
  exit,
  put: (file, good) => writeFileSync(file, write(good)),
});
const place = (what: string, put: (file: string) => void): StateRow => ({ what, exit: 6, put });

/** Puts something in place of the folder. */
const folder = (what: string, put: (folder: string) => void): StateRow =>
  place(what, (file) => {
    rmSync(path.dirname(file), { recursive: true });
    put(path.dirname(file));
  });

const entryOf = (id: string): Content => ({ api: { status: 'settled', settled: { id } } });

/** The family of state files that are damaged, of others, or not there as a file. */
export const stateFamily: readonly StateRow[] = [
  text('0 bytes', () => ''),
  text('blanks', () => '  \n'),
  text('zeros, as after a power cut', () => new Uint8Array(400)),
  text('0xff bytes', () => new Uint8Array(400).fill(255)),
  text('HTML', () => '<html></html>'),
  text('null', () => 'null'),
  text('a list', () => '[]'),
  text('a text', () => '"ledger"'),
  text('an empty object', () => '{}'),
  text('the state of Terraform', () => '{"version":4,"serial":7,"lineage":"9f","outputs":{},"resources":[]}'),
  text('the state of another tool in version 1', () => '{"version":1,"resources":[]}'),
  text('a package.json', () => '{"name":"holiday","version":"1.0.0"}'),
  text('two documents', (good) => `${sealed(good)}${sealed(good)}`),
  text('a byte more', (good) => `${sealed(good)}\n`),
  text('garbage behind it', (good) => `${sealed(good)}\0\0\0`),
  text('a byte order mark', (good) => `\uFEFF${sealed(good)}`),
  text('line ends of Windows', (good) => sealed(good).replaceAll('\n', '\r\n')),
  text('another indentation', (good) => JSON.stringify(JSON.parse(sealed(good)))),
  text('marks of a merge', (good) => `<<<<<<< HEAD\n${sealed(good)}=======\n${sealed(good)}>>>>>>> theirs\n`),
  text('a newer version', (good) => sealed({ ...good, version: 2 })),
  text('an older version', (good) => sealed({ ...good, version: 0 })),
  text('a version that is a text', (good) => sealed({ ...good, version: '1' })),
  text('no version', (good) => sealed({ ...good, version: undefined })),
  text('no installation', (good) => sealed({ ...good, installation: undefined })),
  text('an empty installation', (good) => sealed({ ...good, installation: '' })),
  text('no entries', (good) => sealed({ ...good, entries: undefined })),
  text('entries that are null', (good) => sealed({ ...good, entries: null })),
  text('a key that we never write', (good) => sealed({ ...good, extra: 1 })),
  text('no digest', (good) => `${JSON.stringify({ ...good, digest: undefined }, null, 2)}\n`),
  text('an empty digest', (good) => `${JSON.stringify({ ...good, digest: '' }, null, 2)}\n`),
  text('the digest of another', (good) => sealed(good).replace(String(good.installation), 'f'.repeat(36))),
  text('the entries of another', (good) => sealed(good).replace(/"entries": \{/, '"entries": {\n    "x": {},')),
  text('the id of another API', (good) => sealed(good).replace(/"id": "\w+"/, '"id": "zzzzzzzzzz"')),
  text('an installation twice', (good) =>
    sealed(good).replace('"installation"', '"installation": "x", "installation"'),
  ),
  text('entries twice', (good) =>
    sealed(good).replace('"entries"', `"entries": ${JSON.stringify(entryOf('a'))}, "entries"`),
  ),
  text('a __proto__ key', (good) => sealed(good).replace('"stage"', '"__proto__": { "polluted": 1 }, "stage"')),
  text('a constructor key', (good) => sealed(good).replace('"stage"', '"constructor": { "polluted": 1 }, "stage"')),
  text('a __proto__ entry', (good) =>
    sealed(good).replace('"entries": {', '"entries": { "__proto__": { "polluted": 1 },'),
  ),
  text('another account', (good) => sealed({ ...good, account: '210987654321' }), 3),
  text('another region', (good) => sealed({ ...good, region: 'us-east-1' }), 3),
  text('another target', (good) => sealed({ ...good, target: 'aws' }), 3),
  text('another name', (good) => sealed({ ...good, name: 'work' }), 3),
  text('another stage', (good) => sealed({ ...good, stage: 'prod' }), 3),
  text(
    'another endpoint',
    ({ installation, entries, ...subject }) =>
      sealed({ ...subject, endpoint: 'http://127.0.0.1:4566', installation, entries }),
    3,
  ),
  place('a folder', (file) => mkdirSync(file)),
  place('a pipe', (file) => void spawnSync('mkfifo', [file])),
  place('a device', (file) => symlinkSync('/dev/zero', file)),
  place('a link to nowhere', (file) => symlinkSync('/nowhere/state.json', file)),
  place('a link to itself', (file) => symlinkSync(file, file)),
  folder('a file where its folder was', (is) => writeFileSync(is, '')),
  folder('a folder that is a link to itself', (is) => symlinkSync(is, is)),
  place('a file that nobody may read', (file) => {
    writeFileSync(file, '{}');
    chmodSync(file, 0o000);
  }),
];
