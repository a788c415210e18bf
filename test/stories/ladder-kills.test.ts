import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { loadConfig } from '../../src/config/load.js';
import { createEmulator } from '../../src/emulator/index.js';
import type { Store } from '../../src/emulator/store.js';
import { commands } from '../cli/commands.js';
import { runCommand } from '../cli/run-command.js';
import { differences, leftFiles, memoOf, pictureOf } from './ladder-picture.js';
import { newRecorder, type Point } from './ladder-points.js';
import { dress, type LadderPhase, openWorld, PHASES } from './ladder-world.js';
import { type Disk, newCamera } from './snapshots.js';

const BIN = path.resolve(import.meta.dirname, '../../bin/run.cjs');
const KILL = pathToFileURL(path.join(import.meta.dirname, 'ladder-kill.mjs')).href;

/** How many times each command is killed, at transactions of the local cloud and inside writes of the ledger. */
const KILLS = { transactions: 7, writes: 3 } as const;

/** One image at a time, so that a moment can be named by its number. */
const CONFIG = `version: 1
name: holiday
region: eu-west-1
cache: { sizeGb: 0.5, ttlSeconds: 300 }
concurrency: 1
mounts:
  - path: /images
    source: ./images
    access: public
`;

/** A moment to be killed at, and the disk that the ladder takes it to leave. */
interface Moment {
  readonly name: string;
  readonly disk: Disk;
}

/** What the ladder says of one command. */
interface Told {
  readonly transactions: readonly Moment[];
  readonly writes: readonly Moment[];
  readonly end: Disk;
}

it('the built command, killed by SIGKILL, leaves what the snapshots say, and ends as undisturbed when it is run again', async () => {
  const folder = newProject();
  const { told, empty } = await tellAll(folder);
  const faults: string[] = [];
  let kills = 0;

  for (const phase of PHASES) {
    if (phase === 'upload') {
      dress(folder, 'earlier');
      await command(folder, 'upload');
      dress(folder, 'now');
    }
    const { transactions, writes, end } = told[phase];
    for (const pair of inPairs([...choose(transactions, KILLS.transactions), ...choose(writes, KILLS.writes)])) {
      const killed = await Promise.all(
        pair.map(async (moment) => ({ moment, project: await killAt(folder, phase, moment) })),
      );
      for (const { moment, project } of killed) {
        kills += 1;
        const left = compare(diskOf(project), moment.disk).map((fault) => `left: ${fault}`);
        const found = [...left, ...(await recover(project, phase, end, empty))];
        if (found.length > 0) faults.push(`${phase}, killed at ${moment.name}: ${found.join('; ')}`);
        rmSync(project, { recursive: true, force: true });
      }
    }
    // Undisturbed it goes through as many moments as the ladder has numbers for.
    const { exitCode, stderr } = await runBuilt(folder, phase, '');
    const counts = { transactions: transactions.length / 2 + OPENING, writes: writes.length / 4 };
    expect([phase, exitCode, /^ladder (.*)$/m.exec(stderr)?.[1]]).toEqual([phase, 0, JSON.stringify(counts)]);
  }

  process.stdout.write(`ladder: SIGKILLs ${kills - faults.length}/${kills}, each disk as the snapshot of its moment\n`);
  expect(faults).toEqual([]);
  expect(kills).toBe(40);
}, 300_000);

/** Transactions of a process before the first call: the local cloud is opened. */
const OPENING = 1;

/** A project that no command has seen yet. */
function newProject(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'pixgate-ladder-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(path.join(folder, 'pixgate.yaml'), CONFIG);
  dress(folder, 'now');
  return folder;
}

/** Lives once in memory, and notes for each command the disk at each moment that has a number. */
async function tellAll(start: string): Promise<{ told: Readonly<Record<LadderPhase, Told>>; empty: Disk }> {
  const config = await loadConfig({ cwd: start, env: {}, flags: { target: 'local' } });
  const recorder = newRecorder();
  const world = openWorld(config, {
    weather: recorder.weather,
    createdBy: `${userInfo().username}@${hostname()}`,
  });
  onTestFinished(world.close);
  const empty = world.disk();
  const told: Partial<Record<LadderPhase, Told>> = {};
  for (const phase of PHASES) {
    if (phase === 'upload') {
      dress(world.folder, 'earlier');
      await world.run('upload');
      dress(world.folder, 'now');
    }
    const transactions: Moment[] = [];
    const stop = eachTransaction(world.emulator.store, (when, n) =>
      transactions.push({ name: `${when}:${n + OPENING}`, disk: world.disk() }),
    );
    const from = recorder.points.length;
    await recorder.watch(world, () => world.run(phase));
    stop();
    told[phase] = { transactions, writes: writesOf(recorder.points.slice(from)), end: world.disk() };
  }
  return { told: told as Record<LadderPhase, Told>, empty };
}

/**
 * Tells of every transaction of a store, just before and just after it. Sleeping is none: how often somebody sleeps
 * depends on how fast the machine is. Answers with what ends that.
 */
function eachTransaction(store: Store, hear: (when: 'before' | 'after', n: number) => void): () => void {
  const { transaction } = store;
  const timeOf = (): string => JSON.stringify(store.list('emulator/clock'));
  let [ended, told, depth] = [0, 0, 0];
  store.transaction = (work) => {
    if (depth > 0) return transaction(work);
    if (told === ended) hear('before', ++told);
    const start = timeOf();
    depth += 1;
    try {
      return transaction(work);
    } finally {
      depth -= 1;
      if (timeOf() === start) hear('after', ++ended);
    }
  };
  return () => {
    store.transaction = transaction;
  };
}

/** The moments inside writes of the ledger, by the number of the write. */
function writesOf(points: readonly Point[]): Moment[] {
  const names = { 'draft opened': 'opened', 'draft half written': 'half', 'draft synced': 'synced', after: 'moved' };
  let writes = 0;
  return points
    .filter(({ kind }) => kind === 'write')
    .flatMap(({ name, disk }) => {
      const moment = Object.entries(names).find(([end]) => name.endsWith(`, ${end}`))?.[1];
      if (moment === 'opened') writes += 1;
      return moment === undefined ? [] : [{ name: `${moment}:${writes}`, disk }];
    });
}

/** Some moments of many, spread over all of them, always the same ones. */
function choose(moments: readonly Moment[], count: number): Moment[] {
  const share = moments.length / count;
  return Array.from({ length: count }, (_, n) => {
    const roll = createHash('sha256').update(`${n}/${moments.length}`).digest().readUInt32BE(0) / 2 ** 32;
    return moments[Math.floor((n + roll) * share)] as Moment;
  });
}

/** Runs the built command in a copy of the project until it kills itself; answers with the copy. */
async function killAt(folder: string, phase: LadderPhase, { name }: Moment): Promise<string> {
  const copy = mkdtempSync(path.join(tmpdir(), 'pixgate-killed-'));
  onTestFinished(() => rmSync(copy, { recursive: true, force: true }));
  cpSync(folder, copy, { recursive: true });
  const { signal, stderr } = await runBuilt(copy, phase, name);
  if (signal !== 'SIGKILL') throw new Error(`${phase} was not killed at ${name}: ${stderr}`);
  return copy;
}

/** Runs the built command with the kill switch. */
function runBuilt(
  cwd: string,
  phase: LadderPhase,
  moment: string,
): Promise<{ signal: unknown; exitCode: unknown; stderr: string }> {
  const argv = ['--import', KILL, BIN, phase, '--target', 'local', '--yes'];
  const others = Object.entries(process.env).filter(
    ([name]) => !/^(PIXGATE|AWS_(REGION|DEFAULT|PROFILE|END))/.test(name),
  );
  const env = { ...Object.fromEntries(others), LADDER_KILL: moment };
  return new Promise((resolve) => {
    execFile(process.execPath, argv, { cwd, env }, (error, _stdout, stderr) =>
      resolve({ signal: error?.signal, exitCode: error?.code ?? 0, stderr }),
    );
  });
}

/** Runs a command from its source, and complains when it does not end well. */
async function command(folder: string, phase: LadderPhase): Promise<string> {
  const { exitCode, stdout, stderr } = await runCommand(commands[phase], ['--target', 'local', '--yes'], folder);
  if (exitCode !== 0) throw new Error(`${phase} ended with ${exitCode}: ${stderr}`);
  return stdout;
}

/** What is wrong after the same command has run again, and then teardown. */
async function recover(project: string, phase: LadderPhase, end: Disk, empty: Disk): Promise<string[]> {
  try {
    await command(project, phase);
    const faults = differences(pictureOf(diskOf(project)), pictureOf(end));
    const said = await command(project, 'teardown');
    const last = diskOf(project);
    return [
      ...faults,
      ...differences(pictureOf(last), pictureOf(empty)),
      ...leftFiles(last),
      ...(said === '0 left\n' ? [] : [`said: ${said}`]),
    ];
  } catch (error) {
    return [String(error)];
  }
}

/** The disk of a project whose local cloud lies in files. One that was taken away is what the next command finds: a new one. */
function diskOf(project: string): Disk {
  const emulator = createEmulator({ folder: path.join(project, '.pixgate', 'local') });
  try {
    return newCamera(emulator.store, project)();
  } finally {
    emulator.close();
  }
}

/** Where two disks differ: the account, what the ledger says, and which files there are, and how long. */
function compare(have: Disk, want: Disk): string[] {
  const memo = memoOf(have) === memoOf(want) ? [] : [`ledger ${memoOf(have)}, not ${memoOf(want)}`];
  const sizes = ({ files }: Disk): string =>
    JSON.stringify([...files].map(([name, { length }]) => [name, length]).sort());
  const files = sizes(have) === sizes(want) ? [] : [`files ${sizes(have)}, not ${sizes(want)}`];
  return [...differences(pictureOf(have), pictureOf(want)), ...memo, ...files];
}

/** Two at a time, as many as there are cores for. */
function inPairs<T>(items: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / 2) }, (_, n) => items.slice(2 * n, 2 * n + 2));
}
