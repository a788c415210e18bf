import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { LedgerError } from '../../src/errors.js';
import { toComplaint } from '../../src/terminal/complaint.js';
import { exitCodeOf } from '../../src/terminal/exit-codes.js';
import { emptyFolder, smallDisk } from './small-disk.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const UP = `node '${root}bin/run.cjs' up --target local --source '${root}samples' --access public --region eu-west-1 --name scarce --yes`;

/** Runs `up` of the built command in a shell that first does `first`. */
function upAfter(first: string, cwd: string, env: NodeJS.ProcessEnv = process.env) {
  const { status, stdout, stderr } = spawnSync('bash', ['-c', `${first} && ${UP}`], { cwd, env, encoding: 'utf8' });
  return { status, stdout, stderr };
}

test.each([20, 22, 24, 28, 32])(
  'up with %i open files allowed ends in one sentence, and goes on with more',
  (limit) => {
    const folder = emptyFolder();

    const starved = upAfter(`ulimit -n ${limit}`, folder);
    const again = upAfter('true', folder);

    expect(starved.status).toBe(6);
    expect(starved.stderr).toMatch(/too many files are open \(.*\nTry this: ulimit -n 1024/s);
    expect(starved.stderr).not.toMatch(/\n\s+at |bug in pixgate/);
    expect(again.status).toBe(0);
  },
);

test('up needs no more than 64 open files', () => {
  expect(upAfter('ulimit -n 64', emptyFolder())).toMatchObject({ status: 0 });
});

test.each([100, 3000])('up with files of at most %i KiB ends in one sentence, and goes on with more', (limit) => {
  const folder = emptyFolder();

  const starved = upAfter(`ulimit -f ${limit}`, folder);
  const again = upAfter('true', folder);

  expect(starved.status).toBe(6);
  expect(starved.stderr).toMatch(/: the disk does not take it \(disk I\/O error\).*\nTry this: make room on the disk/s);
  expect(starved.stderr).not.toMatch(/\n\s+at |bug in pixgate/);
  expect(again.status).toBe(0);
});

test('up works without a home and without a folder for temporary files', () => {
  const { HOME: _home, ...env } = process.env;

  expect(upAfter('true', emptyFolder(), { ...env, TMPDIR: '/nonexistent' }).status).toBe(0);
});

test.each([
  ['ENOSPC', 'the disk is full'],
  ['EDQUOT', 'the disk quota is used up'],
  ['EROFS', 'the disk may only be read'],
  ['EMFILE', 'too many files are open'],
  ['ENFILE', 'too many files are open on this machine'],
])('%s of the system, wherever it happens, is a complaint with exit code 6', (code, why) => {
  const error = Object.assign(new Error(`${code}: it happened, write`), { code, syscall: 'write' });

  const complaint = toComplaint(error);

  expect(complaint).toBeInstanceOf(LedgerError);
  expect(complaint).toMatchObject({ code, message: `Cannot go on: ${why} (${code}: it happened, write).` });
  expect(exitCodeOf(complaint)).toBe(6);
});

test.each([
  ['SQLITE_FULL', 'the disk is full'],
  ['SQLITE_IOERR_WRITE', 'the disk does not take it'],
  ['SQLITE_READONLY_DIRECTORY', 'the disk may only be read'],
])('%s of SQLite is a complaint with exit code 6', (code, why) => {
  const complaint = toComplaint(Object.assign(new Error('it happened'), { code }));

  expect(complaint).toMatchObject({ code, message: `Cannot go on: ${why} (it happened).` });
  expect(exitCodeOf(complaint)).toBe(6);
});

test('an error of ours with such a code is left as it is', () => {
  const error = Object.assign(new Error('x'), { code: 'ENOSPC' });

  expect(toComplaint(error)).toBe(error);
});

test.for(['64k', '256k', '1m'])(
  'up on a full disk of %s ends with exit code 4 or 6, and whole files',
  (size, context) => {
    const folder = smallDisk(size);
    if (folder === undefined) return context.skip('this user may not mount a disk');

    const { status, stderr } = upAfter('true', folder);

    expect([4, 6]).toContain(status);
    expect(stderr).not.toMatch(/\n\s+at |bug in pixgate/);
    const state = join(folder, '.pixgate', 'state');
    for (const name of readdirSync(folder).includes('.pixgate') ? readdirSync(join(folder, '.pixgate')) : []) {
      if (name !== 'state') continue;
      for (const ledger of readdirSync(state).filter((is) => is.endsWith('.json')))
        expect(() => JSON.parse(readFileSync(join(state, ledger), 'utf8'))).not.toThrow();
    }
  },
);
