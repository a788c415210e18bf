import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, lstat, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { LedgerError, RefusedError } from '../../src/errors.js';
import type { LedgerSubject } from '../../src/ledger/document.js';
import { newInstallation, openLedger } from '../../src/ledger/ledger.js';
import { asNobody, tempFolder } from '../files/temp-folder.js';
import { sealed } from './sealed.js';

const SUBJECT: LedgerSubject = {
  target: 'aws',
  account: '123456789012',
  region: 'eu-west-1',
  name: 'holiday',
  stage: 'dev',
};
const FILE = 'aws-123456789012-eu-west-1-holiday.dev.json';
const DOCUMENT = { version: 1, ...SUBJECT, installation: 'token', entries: {} };

/** A folder whose ledger knows an installation and two resources. */
async function usedFolder(): Promise<string> {
  const folder = await tempFolder();
  const ledger = await openLedger(folder, SUBJECT);
  await ledger.establish('token');
  await ledger.settle('api', { id: 'a1b2c3' });
  await ledger.begin('stage', { label: 'Größe' });
  return folder;
}

/** What opening a ledger of this text comes to. */
async function openText(text: string | Uint8Array): Promise<unknown> {
  const folder = await tempFolder({ [FILE]: text });
  return openLedger(folder, SUBJECT).catch((error: unknown) => error);
}

test('openLedger() of a missing file is an empty ledger, and makes no file', async () => {
  const folder = await tempFolder();

  const ledger = await openLedger(path.join(folder, 'state'), SUBJECT);

  expect(ledger.installation).toBeUndefined();
  expect(ledger.memo('api')).toBeUndefined();
  expect(await readdir(folder)).toEqual([]);
});

test('openLedger() reads what another process noted', async () => {
  const ledger = await openLedger(await usedFolder(), SUBJECT);

  expect(ledger.installation).toBe('token');
  expect(ledger.memo('api')).toEqual({ status: 'settled', settled: { id: 'a1b2c3' } });
  expect(ledger.memo('stage')).toEqual({ status: 'in-flight', before: { label: 'Größe' } });
  expect(ledger.memo('role/images')).toBeUndefined();
});

test('openLedger() of a file cut off at any byte is an error, never an empty ledger', async () => {
  const folder = await usedFolder();
  const bytes = await readFile(path.join(folder, FILE));

  const outcomes: unknown[] = [];
  for (let length = 0; length < bytes.length; length += 1) {
    await writeFile(path.join(folder, FILE), bytes.subarray(0, length));
    outcomes.push(await openLedger(folder, SUBJECT).catch((error: unknown) => error));
  }

  expect(outcomes.length).toBeGreaterThan(300);
  expect(outcomes.filter((outcome) => !(outcome instanceof LedgerError))).toEqual([]);
});

test('openLedger() of a file in which any one bit is turned is an error', async () => {
  const folder = await usedFolder();
  const bytes = await readFile(path.join(folder, FILE));

  const missed: string[] = [];
  for (let bit = 0; bit < bytes.length * 8; bit += 1) {
    const damaged = Uint8Array.from(bytes, (byte, index) => (index === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
    await writeFile(path.join(folder, FILE), damaged);
    const outcome: unknown = await openLedger(folder, SUBJECT).catch((error: unknown) => error);
    if (!(outcome instanceof LedgerError)) missed.push(`bit ${bit & 7} of byte ${bit >> 3}`);
  }

  expect(missed).toEqual([]);
});

test.each([
  ['nothing', ''],
  ['blanks', ' \n'],
  ['zeros, as after a power cut', '\0\0\0\0'],
  ['HTML', '<html></html>'],
  ['two documents', `${JSON.stringify(DOCUMENT)}\n${JSON.stringify(DOCUMENT)}`],
  ['null', 'null'],
  ['a number', '42'],
  ['a text', '"ledger"'],
  ['a list', '[]'],
  ['an empty object', '{}'],
  ['the state of another tool', '{"version":1,"serial":3,"lineage":"0b","outputs":{},"resources":[]}'],
  ['no version', JSON.stringify({ ...DOCUMENT, version: undefined })],
  ['a newer version', sealed({ ...DOCUMENT, version: 2 })],
  ['an older version', sealed({ ...DOCUMENT, version: 0 })],
  ['a version that is a text', sealed({ ...DOCUMENT, version: '1' })],
  ['a part that no ledger has', sealed({ ...DOCUMENT, extra: true })],
  ['parts in another order', sealed(Object.fromEntries(Object.entries(DOCUMENT).reverse()))],
  ['a part twice', sealed(DOCUMENT).replace('"stage"', '"stage": "dev", "stage"')],
  ['a __proto__ key', sealed(DOCUMENT).replace('"stage"', '"__proto__": { "x": 1 }, "stage"')],
  ['an entry more than was written', sealed(DOCUMENT).replace('{}', '{ "api": { "status": "settled" } }')],
  ['another installation than was written', sealed(DOCUMENT).replace('token', 'tokem')],
  ['one byte more than was written', `${sealed(DOCUMENT)} `],
  ['a mark of byte order', `\uFEFF${sealed(DOCUMENT)}`],
  ['line ends of Windows', sealed(DOCUMENT).replaceAll('\n', '\r\n')],
  ['no digest', `${JSON.stringify(DOCUMENT, null, 2)}\n`],
  [
    'lists as deep as they get',
    `{"version":1,"installation":"t","entries":${'['.repeat(99_999)}${']'.repeat(99_999)}}`,
  ],
  ['no installation', JSON.stringify({ ...DOCUMENT, installation: undefined })],
  ['an empty installation', JSON.stringify({ ...DOCUMENT, installation: '' })],
  ['an installation that is a number', JSON.stringify({ ...DOCUMENT, installation: 7 })],
  ['no entries', JSON.stringify({ ...DOCUMENT, entries: undefined })],
  ['entries that are null', JSON.stringify({ ...DOCUMENT, entries: null })],
  ['entries that are a text', JSON.stringify({ ...DOCUMENT, entries: 'none' })],
])('openLedger() of a file that holds %s is an error that says how to go on', async (_what, text) => {
  const outcome = await openText(text);

  expect(outcome).toBeInstanceOf(LedgerError);
  expect(outcome).toMatchObject({
    code: 'LEDGER_UNREADABLE',
    message: expect.stringMatching(/^Cannot read the ledger .*\/aws-123456789012-eu-west-1-holiday\.dev\.json: .+\.$/),
    suggestions: expect.arrayContaining([
      'move the file away: pixgate finds its things again by their tags',
    ]) as string[],
  });
});

test('openLedger() of a file that may not be read is an error', async () => {
  const folder = await usedFolder();
  await chmod(path.join(folder, FILE), 0o000);

  await expect(asNobody(() => openLedger(folder, SUBJECT))).rejects.toThrow(LedgerError);
});

test('openLedger() of a folder in place of the file is an error', async () => {
  const folder = await tempFolder();
  await mkdir(path.join(folder, FILE));

  await expect(openLedger(folder, SUBJECT)).rejects.toThrow(LedgerError);
});

test.each([
  ['target', 'local'],
  ['account', '210987654321'],
  ['region', 'us-east-1'],
  ['name', 'work'],
  ['stage', 'prod'],
] as const)('openLedger() refuses a file that is about another %s', async (field, value) => {
  const outcome = await openText(sealed({ ...DOCUMENT, [field]: value }));

  expect(outcome).toBeInstanceOf(RefusedError);
  expect(outcome).toMatchObject({
    code: 'LEDGER_OF_ANOTHER',
    message: expect.stringContaining(`it is about ${field} "${value}", not "${SUBJECT[field]}"`),
  });
});

test('openLedger() keeps a file for each environment', async () => {
  const folder = await usedFolder();

  for (const [field, value] of [
    ['target', 'local'],
    ['account', '1'],
    ['region', 'x'],
    ['name', 'y'],
    ['stage', 'z'],
  ]) {
    const other = await openLedger(folder, { ...SUBJECT, [field ?? '']: value });
    expect(other.installation, field).toBeUndefined();
  }
});

test.each([
  ['AWS', 'another endpoint', undefined, 'http://127.0.0.1:4510'],
  ['another endpoint', 'AWS', 'http://127.0.0.1:4510', undefined],
  ['one endpoint', 'another', 'http://127.0.0.1:4510', 'http://127.0.0.1:4566'],
])('openLedger() refuses what was noted of %s against %s', async (_of, _against, made, asked) => {
  const at = (endpoint: string | undefined) => (endpoint === undefined ? SUBJECT : { ...SUBJECT, endpoint });
  const folder = await tempFolder();
  await (await openLedger(folder, at(made))).establish('token');

  await expect(openLedger(folder, at(asked))).rejects.toThrow(RefusedError);
  expect((await openLedger(folder, at(made))).installation).toBe('token');
});

test('ledger.memo() knows nothing of what objects inherit', async () => {
  const folder = await tempFolder();
  const ledger = await openLedger(folder, SUBJECT);
  await ledger.establish('token');
  const names = ['__proto__', 'constructor', 'toString'];
  const before = names.map((name) => ledger.memo(name));

  for (const name of names) await ledger.settle(name, { polluted: true });

  const again = await openLedger(folder, SUBJECT);
  expect(before).toEqual([undefined, undefined, undefined]);
  expect(names.map((name) => again.memo(name)?.settled)).toEqual(names.map(() => ({ polluted: true })));
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

test('ledger.establish() puts the installation on disk, readable by nobody else', async () => {
  const folder = path.join(await tempFolder(), '.pixgate', 'state');
  const ledger = await openLedger(folder, SUBJECT);

  await ledger.establish('token');

  expect(ledger.installation).toBe('token');
  expect(JSON.parse(await readFile(path.join(folder, FILE), 'utf8'))).toEqual({
    ...DOCUMENT,
    digest: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect((await stat(path.join(folder, FILE))).mode & 0o777).toBe(0o600);
});

test('ledger.establish() of the same installation keeps what is noted', async () => {
  const ledger = await openLedger(await usedFolder(), SUBJECT);

  await ledger.establish('token');

  expect(ledger.memo('api')).toEqual({ status: 'settled', settled: { id: 'a1b2c3' } });
});

test('ledger.establish() of another installation than the one that is noted is an error, and changes nothing', async () => {
  const folder = await usedFolder();
  const before = await readFile(path.join(folder, FILE), 'utf8');
  const ledger = await openLedger(folder, SUBJECT);

  await expect(ledger.establish('token-2')).rejects.toThrow(LedgerError);
  expect(ledger.installation).toBe('token');
  expect(await readFile(path.join(folder, FILE), 'utf8')).toBe(before);
});

test('ledger.begin() refuses to note a step before there is an installation', async () => {
  const ledger = await openLedger(await tempFolder(), SUBJECT);

  await expect(ledger.begin('api', undefined)).rejects.toThrow(LedgerError);
  await expect(ledger.settle('api', {})).rejects.toThrow(LedgerError);
});

test('ledger.begin() keeps what was there on the first visit, whatever later visits find', async () => {
  const folder = await tempFolder();
  const first = await openLedger(folder, SUBJECT);
  await first.establish('token');
  await first.begin('logging', { role: 'theirs' });
  await first.settle('logging', { role: 'ours' });

  const second = await openLedger(folder, SUBJECT);
  await second.begin('logging', { role: 'ours' });
  const begun = second.memo('logging');
  await second.settle('logging', { role: 'ours, changed' });

  expect(begun).toEqual({ status: 'in-flight', before: { role: 'theirs' }, settled: { role: 'ours' } });
  expect((await openLedger(folder, SUBJECT)).memo('logging')).toEqual({
    status: 'settled',
    before: { role: 'theirs' },
    settled: { role: 'ours, changed' },
  });
});

test('ledger.begin() remembers that nothing was there on the first visit', async () => {
  const ledger = await openLedger(await usedFolder(), SUBJECT);
  await ledger.begin('logging', undefined);

  await ledger.begin('logging', { role: 'ours, half made' });

  expect(ledger.memo('logging')).toEqual({ status: 'in-flight' });
});

test('ledger.settle() leaves no draft behind', async () => {
  const folder = await usedFolder();

  await (await openLedger(folder, SUBJECT)).settle('api', { id: 'd4e5f6' });

  expect(await readdir(folder)).toEqual([FILE]);
});

test('ledger.lock() sweeps the drafts of killed runs, and none of those who live or work elsewhere', async () => {
  const folder = await usedFolder();
  const end = '00000000-0000-4000-8000-000000000000';
  const dead = [`${FILE}.draft-999999999-7-${end}`, `${FILE}.lock.draft-999999999--${end}`];
  const others = [
    // Of this very process, of the environment beside it, and of nobody.
    `${FILE}.draft-${process.pid}--${end}`,
    `${FILE.replace('.dev', '.prod')}.draft-999999999-7-${end}`,
    `${FILE}.backup`,
  ];
  for (const name of [...dead, ...others]) await writeFile(path.join(folder, name), 'half a docum');
  await mkdir(path.join(folder, `${FILE}.draft-999999998-7-${end}`));

  await (await (await openLedger(folder, SUBJECT)).lock())();

  expect((await readdir(folder)).sort()).toEqual([FILE, ...others, `${FILE}.draft-999999998-7-${end}`].sort());
});

test('ledger.settle() through a link writes the file that it leads to, and keeps the link', async () => {
  const real = await usedFolder();
  const folder = await tempFolder();
  await symlink(path.join(real, FILE), path.join(folder, FILE));
  const ledger = await openLedger(folder, SUBJECT);

  const unlock = await ledger.lock();
  const besides = await readdir(real);
  await ledger.settle('api', { id: 'd4e5f6' });
  await unlock();

  expect(besides.sort()).toEqual([FILE, `${FILE}.lock`]);
  expect((await lstat(path.join(folder, FILE))).isSymbolicLink()).toBe(true);
  expect((await openLedger(real, SUBJECT)).memo('api')).toMatchObject({ settled: { id: 'd4e5f6' } });
  expect([...(await readdir(folder)), ...(await readdir(real))]).toEqual([FILE, FILE]);
});

test('ledger.discard() through a link removes the file and the link', async () => {
  const real = await usedFolder();
  const folder = await tempFolder();
  await symlink(path.join(real, FILE), path.join(folder, FILE));

  await (await openLedger(folder, SUBJECT)).discard();

  expect([...(await readdir(folder)), ...(await readdir(real))]).toEqual([]);
  expect((await openLedger(folder, SUBJECT)).installation).toBeUndefined();
});

test.each([
  ['a missing file', '/nowhere/at/all.json'],
  ['itself', FILE],
  ['a device', '/dev/zero'],
])('openLedger() of a link to %s is an error, never an empty ledger', async (_what, to) => {
  const folder = await tempFolder();
  await symlink(to, path.join(folder, FILE));

  await expect(openLedger(folder, SUBJECT)).rejects.toMatchObject({ code: 'LEDGER_UNREADABLE' });
});

test.skipIf(process.platform === 'win32')('openLedger() of a pipe is an error, and does not wait', async () => {
  const folder = await tempFolder();
  spawnSync('mkfifo', [path.join(folder, FILE)]);

  await expect(openLedger(folder, SUBJECT)).rejects.toMatchObject({ code: 'LEDGER_UNREADABLE' });
});

test.each(['a file', 'a link to nowhere'])(
  'ledger.lock() where %s is in place of the folder is an error',
  async (what) => {
    const folder = path.join(await tempFolder(), 'state');
    await (what === 'a file' ? writeFile(folder, '') : symlink('/nowhere/at/all', folder));

    const outcome = await openLedger(folder, SUBJECT)
      .then((ledger) => ledger.lock())
      .catch((error: unknown) => error);

    expect(outcome).toBeInstanceOf(LedgerError);
  },
);

test('ledger.settle() replaces a file that is read-only', async () => {
  const folder = await usedFolder();
  await chmod(path.join(folder, FILE), 0o444);

  await (await openLedger(folder, SUBJECT)).settle('api', { id: 'd4e5f6' });

  expect((await openLedger(folder, SUBJECT)).memo('api')).toMatchObject({ settled: { id: 'd4e5f6' } });
  expect((await stat(path.join(folder, FILE))).mode & 0o777).toBe(0o600);
});

test('ledger.lock() in a folder that is read-only is an error', async () => {
  const folder = await usedFolder();
  const ledger = await openLedger(folder, SUBJECT);
  await chmod(folder, 0o555);

  await expect(asNobody(() => ledger.lock())).rejects.toMatchObject({ code: 'LEDGER_UNWRITABLE' });
  expect(await readdir(folder)).toEqual([FILE]);
});

test('ledger.settle() that cannot write is an error, and leaves the old file whole', async () => {
  const folder = await usedFolder();
  const before = await readFile(path.join(folder, FILE), 'utf8');
  const ledger = await openLedger(folder, SUBJECT);
  await chmod(folder, 0o555);

  const outcome = await asNobody(() => ledger.settle('api', {})).catch((error: unknown) => error);

  expect(outcome).toBeInstanceOf(LedgerError);
  expect(outcome).toMatchObject({ code: 'LEDGER_UNWRITABLE' });
  expect(await readFile(path.join(folder, FILE), 'utf8')).toBe(before);
  expect(ledger.memo('api')).toEqual({ status: 'settled', settled: { id: 'a1b2c3' } });
});

const BUILT = new URL('../../dist/src/ledger/ledger.js', import.meta.url).href;

/** Notes one step after the other until that fails, and says what the last one was, and how it failed. */
const WRITER = `
  const { openLedger } = await import(process.argv[1]);
  const ledger = await openLedger(process.argv[2], JSON.parse(process.argv[3]));
  let last = -1;
  try {
    for (let step = 0; step < 1000; step += 1) {
      await ledger.settle('bed/' + step, { text: 'x'.repeat(100) });
      last = step;
    }
  } catch ({ name, code, message }) {
    console.log(JSON.stringify({ name, code, message, last }));
  }
`;

// A limit on the size of a file cuts a write short after a part of it, as a full disk does, and needs no rights.
test.skipIf(spawnSync('prlimit', ['--version']).status !== 0).each([1, 500, 1000, 1001, 1500, 4096, 20_000])(
  'ledger.settle() that can write only %i bytes is an error, and leaves the old file whole',
  async (limit) => {
    const folder = await usedFolder();
    const argv = ['--input-type=module', '-e', WRITER, BUILT, folder, JSON.stringify(SUBJECT)];
    const child = spawn('prlimit', [`--fsize=${limit}`, process.execPath, ...argv]);
    const said: Buffer[] = [];
    child.stdout.on('data', (data: Buffer) => said.push(data));
    await once(child, 'close');

    const { last, ...failure } = JSON.parse(Buffer.concat(said).toString());
    const ledger = await openLedger(folder, SUBJECT);
    expect(failure).toEqual({
      name: 'LedgerError',
      code: 'LEDGER_UNWRITABLE',
      message: expect.stringMatching(/^Cannot write .*: EFBIG.*\.$/),
    });
    expect(ledger.memo('api')).toEqual({ status: 'settled', settled: { id: 'a1b2c3' } });
    expect(ledger.memo(`bed/${last}`)?.status).toBe(last < 0 ? undefined : 'settled');
    expect(ledger.memo(`bed/${last + 1}`)).toBeUndefined();
    expect(await readdir(folder)).toEqual([FILE]);
  },
);

test('ledger.discard() removes the file, and twice is no fault', async () => {
  const folder = await usedFolder();
  const ledger = await openLedger(folder, SUBJECT);

  await ledger.discard();
  await ledger.discard();

  expect(await readdir(folder)).toEqual([]);
  expect(ledger.installation).toBeUndefined();
  expect(ledger.memo('api')).toBeUndefined();
});

test('ledger.lock() makes the folder, which goes with the lock when nothing else is in it', async () => {
  const project = await tempFolder();
  const folder = path.join(project, 'state');
  const ledger = await openLedger(folder, SUBJECT);

  const unlock = await ledger.lock();
  const meanwhile = await readdir(folder);
  await unlock();
  const refused = await readdir(project);
  const again = await ledger.lock();
  await ledger.establish('t');
  await again();

  expect(meanwhile).toEqual([`${FILE}.lock`]);
  expect(refused).toEqual([]);
  expect(await readdir(folder)).toEqual([FILE]);
});

test('ledger.lock() is taken by one after another who each take the folder away', async () => {
  const folder = path.join(await tempFolder(), 'state');
  const ledgers = await Promise.all(
    Array.from({ length: 20 }, (_, n) => openLedger(folder, { ...SUBJECT, name: `holiday-${n}` })),
  );

  const rounds = ledgers.map(async (ledger) => {
    for (let round = 0; round < 20; round += 1) await (await ledger.lock())();
  });

  await expect(Promise.all(rounds)).resolves.toHaveLength(20);
});

test('ledger.lock() keeps a second holder of the same environment out, and nobody else', async () => {
  const folder = await tempFolder();
  const unlock = await (await openLedger(folder, SUBJECT)).lock();

  const second = (await openLedger(folder, SUBJECT)).lock();
  const other = (await openLedger(folder, { ...SUBJECT, stage: 'prod' })).lock();

  await expect(second).rejects.toThrow(LedgerError);
  await (await other)();
  await unlock();
});

test('ledger.lock() sees what another process noted since the ledger was opened', async () => {
  const folder = await tempFolder();
  const late = await openLedger(folder, SUBJECT);
  const early = await openLedger(folder, SUBJECT);
  const unlockEarly = await early.lock();
  await early.establish('token');
  await early.settle('api', { id: 'a1b2c3' });
  await unlockEarly();

  const unlock = await late.lock();

  expect(late.installation).toBe('token');
  expect(late.memo('api')).toEqual({ status: 'settled', settled: { id: 'a1b2c3' } });
  await unlock();
});

test('ledger.lock() of a ledger that became unreadable is an error, and keeps nobody out', async () => {
  const folder = await usedFolder();
  const ledger = await openLedger(folder, SUBJECT);
  await writeFile(path.join(folder, FILE), 'half a docum');

  await expect(ledger.lock()).rejects.toMatchObject({ code: 'LEDGER_UNREADABLE' });
  expect(await readdir(folder)).toEqual([FILE]);
});

test('newInstallation() is another one every time', () => {
  expect(new Set(Array.from({ length: 100 }, newInstallation)).size).toBe(100);
  expect(newInstallation()).toMatch(/^[0-9a-f-]{36}$/);
});
