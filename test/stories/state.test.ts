import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { LedgerError } from '../../src/errors.js';
import type { LedgerSubject } from '../../src/ledger/document.js';
import { openLedger } from '../../src/ledger/ledger.js';
import type { Phase } from '../../src/model/plan.js';
import { exitCodeOf } from '../../src/terminal/exit-codes.js';
import { asNobody, tempFolder } from '../files/temp-folder.js';
import { sealed } from '../ledger/sealed.js';
import { stateFamily } from '../ledger/state-family.js';
import { openPair, type Start } from '../ledger/two-starts.js';
import { changing, newWorld, REGION, type World } from './world.js';

const SUBJECT: LedgerSubject = {
  target: 'local',
  account: '000000000000',
  region: REGION,
  name: 'holiday',
  stage: 'dev',
};
const FILE = 'local-000000000000-eu-west-1-holiday.dev.json';

const SINCE = '2026-01-01T00:00:00.000Z';
const DEAD_LOCK = JSON.stringify({ pid: 999_999_999, host: hostname(), since: SINCE, born: '1' });
const TAKEN_OVER = `took over the lock of process 999999999 on ${hostname()} since ${SINCE}, which is gone`;

function stateFolder(world: World): string {
  return path.join(world.folder, '.pixgate', 'state');
}

function stateFile(world: World): string {
  return path.join(stateFolder(world), FILE);
}

/** What runs of these phases end with; none of them may change anything. */
async function refusals(world: World, phases: readonly Phase[]): Promise<{ exits: number[]; faults: string[] }> {
  const exits: number[] = [];
  const faults: string[] = [];
  world.calls.length = 0;
  for (const phase of phases) {
    const error: unknown = await world.run(phase).then(
      () => undefined,
      (cause: unknown) => cause,
    );
    exits.push(error === undefined ? 0 : exitCodeOf(error));
    const message = error instanceof Error ? error.message : '';
    if (!/^Cannot [^\n]+\.$/.test(message)) faults.push(`${phase} says ${JSON.stringify(message)}`);
  }
  if (changing(world.calls).length > 0) faults.push(`${changing(world.calls)}`);
  return { exits, faults };
}

/** Cuts the file off at every byte. */
async function truncations(world: World): Promise<{ count: number; faults: string[] }> {
  const bytes = readFileSync(stateFile(world));
  const faults: string[] = [];
  for (let length = 0; length < bytes.length; length += 1) {
    writeFileSync(stateFile(world), bytes.subarray(0, length));
    const outcome: unknown = await openLedger(stateFolder(world), SUBJECT).catch((error: unknown) => error);
    if (!(outcome instanceof LedgerError)) faults.push(`cut off at byte ${length}: read`);
  }
  writeFileSync(stateFile(world), bytes);
  return { count: bytes.length, faults };
}

/** Turns one bit a time, at places that a fixed seed chooses, and lets teardown meet it. */
async function bitFlips(world: World, count: number): Promise<string[]> {
  const bytes = readFileSync(stateFile(world));
  const faults: string[] = [];
  let seed = 20_26;
  for (let flip = 0; flip < count; flip += 1) {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    const bit = Math.floor((seed / 2 ** 32) * bytes.length * 8);
    const damaged = Uint8Array.from(bytes, (byte, index) => (index === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
    writeFileSync(stateFile(world), damaged);
    const { exits, faults: found } = await refusals(world, ['teardown']);
    faults.push(...found.map((fault) => `bit ${bit}: ${fault}`));
    if (exits[0] !== 6) faults.push(`bit ${bit}: ends with ${exits[0]}`);
  }
  writeFileSync(stateFile(world), bytes);
  return faults;
}

/** Lets commands meet every row of the family. */
async function family(world: World): Promise<{ good: number; faults: string[] }> {
  const good = readFileSync(stateFile(world));
  const faults: string[] = [];
  let whole = 0;
  for (const { what, exit, put } of stateFamily) {
    const known = faults.length;
    rmSync(stateFile(world));
    put(stateFile(world), JSON.parse(good.toString()));
    const meet = (): ReturnType<typeof refusals> => refusals(world, ['init', 'wire', 'teardown']);
    const { exits, faults: found } = await (what.includes('nobody') ? asNobody(meet) : meet());
    faults.push(...found.map((fault) => `${what}: ${fault}`));
    if (exits.some((is) => is !== exit)) faults.push(`${what}: ends with ${exits}, not ${exit}`);
    if (faults.length === known) whole += 1;
    rmSync(stateFolder(world), { recursive: true });
    mkdirSync(stateFolder(world));
    writeFileSync(stateFile(world), good);
  }
  if ('polluted' in {}) faults.push('a prototype was changed');
  return { good: whole, faults };
}

/** How one start of two processes went wrong; undefined for a good one. */
function faultOf([first, second]: readonly [Start, Start], told: readonly string[]): string | undefined {
  const [winner, loser] = first.message === '' ? [first, second] : [second, first];
  const owner = `Cannot work on this environment: process ${winner.pid} on ${hostname()} since 20`;
  const good =
    winner.message === '' &&
    loser.message.startsWith(owner) &&
    loser.name === 'LedgerError' &&
    JSON.stringify([winner.heard, loser.heard]) === JSON.stringify([told, []]);
  return good ? undefined : JSON.stringify([first, second]);
}

/** How many starts the same two processes make. */
const STARTS_OF_A_PAIR = 10;

/**
 * Starts two processes at a time until that many starts were within 1 ms of each other; every one is judged. Every
 * second one finds the lock of a process that is dead.
 */
async function starts(count: number): Promise<{ close: number; one: number; faults: string[] }> {
  const faults: string[] = [];
  const project = await tempFolder();
  const folder = path.join(project, 'state');
  let close = 0;
  let one = 0;
  while (close < count) {
    const pair = await openPair(folder, SUBJECT);
    for (const until = close + STARTS_OF_A_PAIR; close < until; ) {
      const finds = close % 2 === 1;
      mkdirSync(folder, { recursive: true });
      if (finds) writeFileSync(path.join(folder, `${FILE}.lock`), DEAD_LOCK);
      const both = await pair.start();
      const fault = faultOf(both, finds ? [TAKEN_OVER] : []);
      if (fault !== undefined) faults.push(fault);
      if (Math.abs(both[0].began - both[1].began) > 1) continue;
      close += 1;
      if (fault === undefined) one += 1;
    }
    pair.close();
  }
  faults.push(...readdirSync(project).map((name) => `left ${name}`));
  return { close, one, faults };
}

it('the state file is never read as "nothing made", and of two processes one works', async () => {
  const world = newWorld();
  await world.run('up');
  const before = world.everything();

  const cut = await truncations(world);
  const flips = await bitFlips(world, 200);
  const rows = await family(world);
  const pairs = await starts(50);

  process.stdout.write(
    `state: ${cut.count - cut.faults.length} truncations, ${200 - new Set(flips).size} bit flips, ` +
      `${rows.good} rows of the family; lock: ${pairs.one} of ${pairs.close} starts, one works each time\n`,
  );
  expect([...cut.faults, ...flips, ...rows.faults, ...pairs.faults]).toEqual([]);
  expect(world.everything()).toEqual(before);
  expect([pairs.one, pairs.close]).toEqual([50, 50]);
}, 240_000);

it.each([
  ['is gone', (file: string) => rmSync(file)],
  ['is read-only', (file: string) => chmodSync(file, 0o444)],
  [
    'is a link to it',
    (file: string) => {
      writeFileSync(path.join(file, '../../kept.json'), readFileSync(file));
      rmSync(file);
      symlinkSync('../kept.json', file);
    },
  ],
])('wire and teardown work well when the state file %s', async (_what, change) => {
  const world = newWorld();
  const empty = world.everything();
  await world.run('up');
  change(stateFile(world));

  const again = await world.run('wire');
  const { left } = await world.run('teardown');

  expect([again.changed, left]).toEqual([0, []]);
  expect(world.everything()).toEqual(empty);
  expect(existsSync(stateFolder(world))).toBe(false);
});

it('plans, checks and logs run beside a writer, and a writer is refused and told who it is', async () => {
  const world = newWorld();
  await world.run('up');
  const unlock = await (await openLedger(stateFolder(world), SUBJECT)).lock();
  const before = readdirSync(stateFolder(world)).map((name) => [
    name,
    readFileSync(path.join(stateFolder(world), name)),
  ]);

  const plan = await world.plan('wire');
  const report = await world.verify();
  const logs = await (await world.open()).logs();
  const refused = await refusals(world, ['teardown']);

  expect(plan.steps.filter(({ action }) => action !== 'keep')).toEqual([]);
  expect([report.failed, report.inconclusive]).toEqual([0, 0]);
  expect(logs.requests.length).toBeGreaterThan(0);
  expect(refused).toEqual({ exits: [6], faults: [] });
  await expect(world.run('teardown')).rejects.toThrow(`process ${process.pid} on ${hostname()} since`);
  expect(
    readdirSync(stateFolder(world)).map((name) => [name, readFileSync(path.join(stateFolder(world), name))]),
  ).toEqual(before);
  await unlock();
});

/** From now on this process can write only that many bytes of a file. */
function limitFiles(bytes: number | 'unlimited'): void {
  spawnSync('prlimit', ['--pid', String(process.pid), `--fsize=${bytes}:`]);
}

/** When the disk is full: before the lock, before the first note, or with the n-th step that begins or sends its first call. */
const MOMENTS = [
  ['at the lock', 0, 0],
  ['at the first note', 200, 0],
  ...Array.from({ length: 14 }, (_, n) => [`at note ${n + 2}`, 200, n + 1] as const),
] as const;

// A limit on the size of a file cuts a write short after a part of it, as a full disk does, and needs no rights.
it.skipIf(spawnSync('prlimit', ['--version']).status !== 0).each(MOMENTS)(
  'up, when the disk is full %s, makes nothing without its intent on disk, and goes on later',
  async (_when, bytes, moment) => {
    let step = '';
    let seen = 0;
    const unnoted: string[] = [];
    const reach = (): void => {
      seen += 1;
      if (seen === moment) limitFiles(bytes);
    };
    let called = '';
    const world = newWorld(async (request, handle) => {
      const count = world.calls.length;
      const entries = readEntries(world);
      const answer = await handle(request);
      if (!world.calls.slice(count).some(({ mutating }) => mutating)) return answer;
      if (entries[step]?.status !== 'in-flight') unnoted.push(`${request.method} ${request.path}`);
      if (called !== step) reach();
      called = step;
      return answer;
    });
    const empty = world.everything();
    const project = await world.open();
    const plan = await project.plan('up');
    onTestFinished(() => limitFiles('unlimited'));
    if (moment === 0) limitFiles(bytes);

    const outcome: unknown = await project
      .apply(plan, (event) => {
        if (event.type !== 'begin') return;
        step = event.step.address;
        reach();
      })
      .catch((error: unknown) => error);
    limitFiles('unlimited');

    expect(outcome).toMatchObject({ name: 'LedgerError', code: 'LEDGER_UNWRITABLE' });
    expect(unnoted).toEqual([]);
    expect(existsSync(stateFolder(world)) ? readdirSync(stateFolder(world)) : []).toEqual(moment === 0 ? [] : [FILE]);
    await world.run('up');
    expect((await world.plan('up')).steps.filter(({ action }) => action !== 'keep')).toEqual([]);
    expect((await world.run('teardown')).left).toEqual([]);
    expect(world.everything()).toEqual(empty);
  },
);

function readEntries(world: World): Readonly<Record<string, { readonly status: string } | undefined>> {
  return existsSync(stateFile(world)) ? JSON.parse(readFileSync(stateFile(world), 'utf8')).entries : {};
}

it.each([
  ['takes away its own by their tags', true, { left: [] }],
  ['refuses, when the names are all it has', false, { code: 'NOT_OURS' }],
])('teardown with a forged state file never deletes what it names: %s', async (_what, there, end) => {
  const world = newWorld();
  await world.run('up', world.config({ name: 'other' }));
  const theirs = world.everything();
  await world.run('up');
  const other = JSON.parse(readFileSync(stateFile(world).replace('holiday', 'other'), 'utf8'));
  const ours = JSON.parse(readFileSync(stateFile(world), 'utf8'));
  const { apiGateway } = await world.aws();
  if (!there) await apiGateway.deleteApi(ours.entries.api.settled.id);
  writeFileSync(stateFile(world), sealed({ ...ours, entries: other.entries }));

  const outcome: unknown = await world.run('teardown').catch((error: unknown) => error);

  const now = world.everything();
  expect(Object.keys(theirs).filter((key) => JSON.stringify(now[key]) !== JSON.stringify(theirs[key]))).toEqual([]);
  expect(outcome).toMatchObject(end);
  if (there) expect(now).toEqual(theirs);
});
