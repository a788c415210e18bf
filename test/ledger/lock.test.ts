import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test, vi } from 'vitest';
import { LedgerError } from '../../src/errors.js';
import { takeLock } from '../../src/ledger/lock.js';
import { tempFolder } from '../files/temp-folder.js';

/** Starts a process that does nothing until it is told to end. */
function startIdler(): { pid: number; kill(): Promise<void>; stop(): void } {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  onTestFinished(kill);
  return { pid: child.pid ?? 0, kill, stop: () => void child.kill('SIGSTOP') };
}

const BUILT = new URL('../../dist/src/ledger/lock.js', import.meta.url).href;

/** At every other line takes the lock and says what came of it, and at the lines between gives it back. */
const CONTENDER = `
  import { createInterface } from 'node:readline';
  const { takeLock } = await import(process.argv[1]);
  const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  console.log('ready');
  while (!(await lines.next()).done) {
    const unlock = await takeLock(process.argv[2]).catch(({ code }) => { console.log(code); });
    if (unlock !== undefined) console.log('won');
    await lines.next();
    await unlock?.();
    console.log('ready');
  }
`;

/** Starts a process that takes the lock with the code as it was built. */
function startContender(file: string) {
  const argv = ['--input-type=module', '-e', CONTENDER, BUILT, file];
  const child = spawn(process.execPath, argv, { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    go: () => child.stdin.write('\n'),
    said: async (): Promise<string> => (await lines.next()).value,
  };
}

/** The start time of a process, as the system tells it. */
async function birthOf(pid: number): Promise<string> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return status.slice(status.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

/** The text of a lock file. */
async function ownedBy(pid: number, other: { host?: string; born?: string } = {}): Promise<string> {
  return JSON.stringify({
    pid,
    host: hostname(),
    since: '2026-01-01T00:00:00.000Z',
    born: await birthOf(pid),
    ...other,
  });
}

test('takeLock() refuses a second holder, and names the first', async () => {
  const file = path.join(await tempFolder(), 'lock');
  const unlock = await takeLock(file);

  const refusal = await takeLock(file).catch((error: unknown) => error);

  expect(refusal).toBeInstanceOf(LedgerError);
  expect(refusal).toMatchObject({
    code: 'LEDGER_LOCKED',
    message: expect.stringMatching(
      new RegExp(`^Cannot work on this environment: process ${process.pid} on ${hostname()} since \\d{4}-.*Z does\\.$`),
    ),
    suggestions: ['wait until it is done', `if it is gone, remove ${file}`],
  });
  await unlock();
});

test('takeLock() succeeds again once the lock is given back', async () => {
  const folder = await tempFolder();
  const file = path.join(folder, 'lock');

  await (await takeLock(file))();
  const between = await readdir(folder);
  await (await takeLock(file))();

  expect(between).toEqual([]);
});

test('takeLock() refuses while another process holds it, and takes over once that one was killed', async () => {
  const file = path.join(await tempFolder(), 'lock');
  const idler = startIdler();
  await writeFile(file, await ownedBy(idler.pid));
  const refusal = await takeLock(file).catch((error: unknown) => error);
  await idler.kill();

  const heard: string[] = [];
  const unlock = await takeLock(file, (text) => heard.push(text));

  expect(refusal).toMatchObject({ message: expect.stringContaining(`process ${idler.pid} on`) });
  expect(heard).toEqual([
    `took over the lock of process ${idler.pid} on ${hostname()} since 2026-01-01T00:00:00.000Z, which is gone`,
  ]);
  expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ pid: process.pid });
  await unlock();
});

test.skipIf(process.platform !== 'linux')(
  'takeLock() takes over from a dead process whose number lives on in another',
  async () => {
    const file = path.join(await tempFolder(), 'lock');
    await writeFile(file, await ownedBy(startIdler().pid, { born: '1' }));

    const unlock = await takeLock(file);

    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ pid: process.pid });
    await unlock();
  },
);

test('takeLock() leaves the lock of a process alone that is stopped', async () => {
  const file = path.join(await tempFolder(), 'lock');
  const idler = startIdler();
  const text = await ownedBy(idler.pid);
  await writeFile(file, text);
  idler.stop();

  await expect(takeLock(file)).rejects.toThrow(`process ${idler.pid} on`);
  expect(await readFile(file, 'utf8')).toBe(text);
});

test.skipIf(process.platform !== 'linux')('takeLock() takes over from a dead process that nobody buried', async () => {
  const file = path.join(await tempFolder(), 'lock');
  // The child says its number, and ends only once its parent is `sleep`, which waits for no child; a shell would.
  const child = 'echo $$; until [ "$(cat /proc/$PPID/comm)" = sleep ]; do :; done';
  const parent = spawn('bash', ['-c', 'bash -c "$0" & exec sleep 60', child]);
  onTestFinished(() => void parent.kill('SIGKILL'));
  const [said] = await once(parent.stdout, 'data');
  const pid = Number(String(said));
  await vi.waitUntil(async () => (await readFile(`/proc/${pid}/stat`, 'utf8')).includes(') Z '));
  await writeFile(file, await ownedBy(pid));

  const unlock = await takeLock(file);

  expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ pid: process.pid });
  await unlock();
});

test('takeLock() gives back only the lock that it took', async () => {
  const file = path.join(await tempFolder(), 'lock');
  const unlock = await takeLock(file);
  const others = await ownedBy(startIdler().pid);
  await writeFile(file, others);

  await unlock();

  expect(await readFile(file, 'utf8')).toBe(others);
});

test('takeLock() of a lock that cannot be read is an error that says what to do', async () => {
  const file = path.join(await tempFolder(), 'lock');
  await mkdir(file);

  await expect(takeLock(file)).rejects.toMatchObject({
    name: 'LedgerError',
    code: 'LEDGER_LOCKED',
    suggestions: [`if nobody works on this environment, remove ${file}`],
  });
});

test('takeLock() leaves the lock of another machine alone, since nobody can tell who lives there', async () => {
  const file = path.join(await tempFolder(), 'lock');
  const idler = startIdler();
  const text = await ownedBy(idler.pid, { host: 'elsewhere' });
  await idler.kill();
  await writeFile(file, text);

  await expect(takeLock(file)).rejects.toThrow(`process ${idler.pid} on elsewhere since 2026-01-01T00:00:00.000Z`);
  expect(await readFile(file, 'utf8')).toBe(text);
});

test.each([
  ['nothing', ''],
  ['half of it', '{"pid":1,"ho'],
  ['a number that is no process', JSON.stringify({ pid: 0, host: hostname(), since: '', born: '' })],
  ['no birth', JSON.stringify({ pid: process.pid, host: hostname(), since: '' })],
])('takeLock() takes over a lock that holds %s, as a crashed machine leaves it', async (_what, text) => {
  const file = path.join(await tempFolder(), 'lock');
  await writeFile(file, text);

  const unlock = await takeLock(file);

  expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ pid: process.pid });
  await unlock();
});

test('takeLock() takes over from a process that was killed while it took over', async () => {
  const folder = await tempFolder();
  const file = path.join(folder, 'lock');
  const idler = startIdler();
  const dead = await ownedBy(idler.pid);
  await idler.kill();
  await writeFile(file, dead);
  await writeFile(`${file}.takeover`, dead);

  const unlock = await takeLock(file);

  expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ pid: process.pid });
  await unlock();
  expect(await readdir(folder)).toEqual([]);
});

test.each(['no lock', 'the lock of a dead process'])(
  'takeLock(), called 20 times at once over %s, has exactly one winner',
  async (what) => {
    const folder = await tempFolder();
    const file = path.join(folder, 'lock');
    const idler = startIdler();
    const dead = await ownedBy(idler.pid);
    await idler.kill();

    for (let round = 0; round < 10; round += 1) {
      if (what !== 'no lock') await writeFile(file, dead);

      const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => takeLock(file)));

      const winners = outcomes.filter((outcome) => outcome.status === 'fulfilled');
      const losers = outcomes.filter((outcome) => outcome.status === 'rejected');
      expect(winners.length).toBe(1);
      expect(losers.map(({ reason }) => reason.code)).toEqual(losers.map(() => 'LEDGER_LOCKED'));
      await winners[0]?.value();
      expect(await readdir(folder)).toEqual([]);
    }
  },
);

test.each(['no lock', 'the lock of a dead process'])(
  'takeLock(), called by 20 processes at once over %s, has exactly one winner',
  async (what) => {
    const folder = await tempFolder();
    const file = path.join(folder, 'lock');
    const idler = startIdler();
    const dead = await ownedBy(idler.pid);
    await idler.kill();
    const contenders = Array.from({ length: 20 }, () => startContender(file));
    const allSay = () => Promise.all(contenders.map(({ said }) => said()));
    await allSay();

    for (let round = 0; round < 10; round += 1) {
      if (what !== 'no lock') await writeFile(file, dead);
      for (const { go } of contenders) go();
      const outcomes = await allSay();
      for (const { go } of contenders) go();
      await allSay();

      expect(outcomes.sort()).toEqual([...Array.from({ length: 19 }, () => 'LEDGER_LOCKED'), 'won']);
      expect(await readdir(folder)).toEqual([]);
    }
  },
);

test('takeLock() where nothing can be written is an error that says so', async () => {
  const file = path.join(await tempFolder(), 'missing', 'lock');

  await expect(takeLock(file)).rejects.toMatchObject({ name: 'LedgerError', code: 'LEDGER_UNWRITABLE' });
});
