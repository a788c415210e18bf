import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { LedgerError, RefusedError } from '../../src/errors.js';
import { type LedgerSubject, newInstallation, openLedger } from '../../src/ledger/ledger.js';
import { asNobody, tempFolder } from '../files/temp-folder.js';

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
  for (let length = 0; length < bytes.length - 1; length += 1) {
    await writeFile(path.join(folder, FILE), bytes.subarray(0, length));
    outcomes.push(await openLedger(folder, SUBJECT).catch((error: unknown) => error));
  }
  // All but the line feed at the end is a whole document.
  await writeFile(path.join(folder, FILE), bytes.subarray(0, -1));
  const whole = await openLedger(folder, SUBJECT);

  expect(outcomes.length).toBeGreaterThan(200);
  expect(outcomes.filter((outcome) => !(outcome instanceof LedgerError))).toEqual([]);
  expect(whole.memo('stage')).toEqual({ status: 'in-flight', before: { label: 'Größe' } });
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
  ['no version', JSON.stringify({ ...DOCUMENT, version: undefined })],
  ['another version', JSON.stringify({ ...DOCUMENT, version: 2 })],
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
    suggestions: ['move the file away: pixgate finds its things again by their tags'],
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
  const outcome = await openText(JSON.stringify({ ...DOCUMENT, [field]: value }));

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

test('ledger.establish() puts the installation on disk, readable by nobody else', async () => {
  const folder = path.join(await tempFolder(), '.pixgate', 'state');
  const ledger = await openLedger(folder, SUBJECT);

  await ledger.establish('token');

  expect(ledger.installation).toBe('token');
  expect(JSON.parse(await readFile(path.join(folder, FILE), 'utf8'))).toEqual(DOCUMENT);
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

test('ledger.settle() leaves no temporary file behind, and sweeps those of killed runs', async () => {
  const folder = await usedFolder();
  await writeFile(path.join(folder, `${FILE}.tmp-4711`), 'half a docum');
  await writeFile(path.join(folder, `${FILE}.tmp-4712`), '');
  const other = FILE.replace('.dev', '.prod');
  await writeFile(path.join(folder, `${other}.tmp-4713`), 'of another environment');

  await (await openLedger(folder, SUBJECT)).settle('api', { id: 'd4e5f6' });

  expect((await readdir(folder)).sort()).toEqual([FILE, `${other}.tmp-4713`]);
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

test('ledger.discard() removes the file, and twice is no fault', async () => {
  const folder = await usedFolder();
  const ledger = await openLedger(folder, SUBJECT);

  await ledger.discard();
  await ledger.discard();

  expect(await readdir(folder)).toEqual([]);
  expect(ledger.installation).toBeUndefined();
  expect(ledger.memo('api')).toBeUndefined();
});

test('ledger.lock() leaves no file behind when it is given back', async () => {
  const folder = path.join(await tempFolder(), 'state');
  const ledger = await openLedger(folder, SUBJECT);

  const unlock = await ledger.lock();
  const held = await readdir(folder);
  await unlock();

  expect(held).toEqual([`${FILE}.lock`]);
  expect(await readdir(folder)).toEqual([]);
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
