import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { emptyFolder, fillDisk, remount, smallDisk } from './small-disk.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const UP = 'up --source images --access public --region eu-west-1 --name disk --yes';
const NO_MOUNT = 'this user may not mount a disk';

/** Runs a line of the built command on the local cloud, in a shell that sends its output where `to` says. */
function pixgate(line: string, cwd: string, to = '') {
  const command = `node '${root}bin/run.cjs' ${line} ${to}`;
  const { status, stdout, stderr } = spawnSync('bash', ['-c', command], {
    cwd,
    env: { ...process.env, PIXGATE_TARGET: 'local' },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

/** Puts the sample images into a folder and an environment beside them. */
function setUp(folder: string): string {
  cpSync(join(root, 'samples'), join(folder, 'images'), { recursive: true });
  expect(pixgate(UP, folder)).toMatchObject({ status: 0 });
  return folder;
}

/** Changes one image and adds another. */
function changeImages(folder: string): void {
  writeFileSync(
    join(folder, 'images', 'kite.svg'),
    `${readFileSync(join(root, 'samples', 'kite.svg'), 'utf8')}<!-- -->`,
  );
  cpSync(join(root, 'samples', 'dunes.jpg'), join(folder, 'images', 'new.jpg'));
}

/** Digests of all that an environment is remembered by; the working files of SQLite hold nothing then. */
function rememberedBy(folder: string): Record<string, string> {
  const place = join(folder, '.pixgate');
  const files = readdirSync(place, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(place, name)).isFile() && !/-(shm|wal)$/.test(name))
    .sort();
  return Object.fromEntries(
    files.map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(place, name)))
        .digest('hex'),
    ]),
  );
}

/** Reads all ledgers of a folder; throws at half a one. */
function readLedgers(folder: string): unknown[] {
  const place = join(folder, '.pixgate', 'state');
  const ledgers = readdirSync(place).filter((name) => name.endsWith('.json'));
  return ledgers.map((name) => JSON.parse(readFileSync(join(place, name), 'utf8')));
}

const CHANGING = ['upload --yes', 'wire --yes --throttle-rate 77', UP, 'teardown --yes'];

test('a project on a read-only disk is left alone in one sentence, and goes on when it may be written', (context) => {
  const disk = smallDisk('16m');
  if (disk === undefined) return context.skip(NO_MOUNT);
  const before = rememberedBy(setUp(disk));
  remount(disk, 'ro');

  const runs = ['status', 'test', ...CHANGING].map((line) => pixgate(line, disk));
  const after = rememberedBy(disk);
  remount(disk, 'rw');

  for (const { status, stderr } of runs) {
    expect(status).toBe(6);
    expect(stderr).toMatch(
      /^Cannot write to the local cloud in .*: it may not be written to \(EROFS.*\nTry this: give write/,
    );
    expect(stderr).not.toMatch(/\n\s+at |remove/);
  }
  expect(after).toEqual(before);
  expect(pixgate('status --check', disk)).toMatchObject({ status: 0 });
});

test('up in an empty folder on a read-only disk names the reason', (context) => {
  const disk = smallDisk('64k');
  if (disk === undefined) return context.skip(NO_MOUNT);
  remount(disk, 'ro');

  const { status, stderr } = pixgate(UP.replace('images', `'${root}samples'`), disk);

  expect(status).toBe(6);
  expect(stderr).toMatch(/may not be written to \(EROFS: read-only file system, .*\nTry this: give write permission/);
});

test('a full disk leaves all that is remembered as it was', (context) => {
  const disk = smallDisk('16m');
  if (disk === undefined) return context.skip(NO_MOUNT);
  const before = rememberedBy(setUp(disk));
  changeImages(disk);
  fillDisk(disk, 0);

  const runs = CHANGING.map((line) => pixgate(line, disk));

  for (const { status, stderr } of runs) {
    expect(status).toBe(6);
    expect(stderr).toMatch(/the disk is full .*\nTry this: make room on the disk, then run the same command again/);
    expect(stderr).not.toMatch(/\n\s+at |remove/);
  }
  expect(rememberedBy(disk)).toEqual(before);
});

test.for([16, 64, 140])(
  'a disk that fills up after %i KiB, wherever that is, breaks nothing, and all goes on with room',
  { timeout: 120_000 },
  (kibibytes, context) => {
    const disk = smallDisk('16m');
    if (disk === undefined) return context.skip(NO_MOUNT);
    setUp(disk);
    changeImages(disk);

    const runs = CHANGING.map((line) => {
      fillDisk(disk, kibibytes * 1024);
      return { ...pixgate(line, disk), ledgers: readLedgers(disk).length };
    });
    rmSync(join(disk, 'fill'));
    const again = pixgate(UP, disk);
    const after = pixgate('status --check', disk);

    const failed = runs.filter(({ status }) => status !== 0);
    expect(failed.length).toBeGreaterThan(0);
    for (const { status, stderr, ledgers } of failed) {
      expect(stderr).toMatch(/(disk is full|ENOSPC).*\nTry this: (make room|free some disk space)/);
      expect(stderr).not.toMatch(/\n\s+at |bug in pixgate|cannot rollback/);
      expect(status).toBe(6);
      expect(ledgers).toBe(1);
    }
    expect(again).toMatchObject({ status: 0 });
    expect(after).toMatchObject({ status: 0 });
  },
);

test.for([
  ['--report', 'checks.html'],
  ['--junit', 'checks.xml'],
] as const)('test %s on a full disk exits 6, and the former file stays', ([flag, name], context) => {
  const disk = smallDisk('64k');
  if (disk === undefined) return context.skip(NO_MOUNT);
  const folder = setUp(emptyFolder());
  writeFileSync(join(disk, name), 'former');
  fillDisk(disk, 4096);

  const { status, stdout, stderr } = pixgate(`test ${flag} '${join(disk, name)}'`, folder);

  expect(stdout).toContain(' passed');
  expect(stderr).toContain(`Cannot write "${join(disk, name)}": the disk is full.\nTry this: make room on the disk`);
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(status).toBe(6);
  expect(readFileSync(join(disk, name), 'utf8')).toBe('former');
  expect(readdirSync(disk).sort()).toEqual([name, 'fill'].sort());
});

const FULL = '/dev/full';

test.skipIf(!existsSync(FULL)).for(['--version', '--help', 'status --help', 'list', 'list --json'])(
  '%s into a full disk exits 6 with one sentence',
  (line) => {
    const { status, stderr } = pixgate(line, emptyFolder(), `> ${FULL}`);

    expect(stderr).toMatch(/^Cannot write all that there is to say: ENOSPC: .*\.\nTry this: make room on the disk/m);
    expect(stderr.match(/ENOSPC/g)).toHaveLength(1);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(status).toBe(6);
  },
);

test.skipIf(!existsSync(FULL)).for([`> ${FULL}`, `2> ${FULL}`, `> ${FULL} 2>&1`])(
  'up does all of its work though nobody can read of it: %s',
  (to) => {
    const folder = emptyFolder();
    cpSync(join(root, 'samples'), join(folder, 'images'), { recursive: true });

    const { status } = pixgate(UP, folder, to);

    expect(status).toBe(6);
    expect(pixgate('status --check', folder)).toMatchObject({ status: 0 });
  },
);

test.skipIf(!existsSync(FULL))('a complaint keeps its exit code when its output is lost', () => {
  expect(pixgate('nonsense', emptyFolder(), `2> ${FULL}`)).toMatchObject({ status: 2 });
});

test('test --json into a disk that takes only the beginning does not exit 0', (context) => {
  const disk = smallDisk('8k');
  if (disk === undefined) return context.skip(NO_MOUNT);
  const folder = setUp(emptyFolder());

  const { status, stderr } = pixgate('test --json', folder, `> '${join(disk, 'out')}'`);

  expect(statSync(join(disk, 'out')).size).toBe(8192);
  expect(stderr).toContain('Cannot write all that there is to say: ENOSPC');
  expect(status).toBe(6);
});
