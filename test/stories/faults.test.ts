import { cpSync, existsSync } from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import {
  canMeet,
  drawSchedule,
  FAULTS,
  type Fault,
  type FaultEnd,
  type FaultKind,
  type FaultyEmulator,
  withFaults,
} from '../../src/emulator/faults.js';
import { AwsError, RefusedError, WaitError } from '../../src/errors.js';
import { newWorld, type World } from './world.js';

const PHASES = ['init', 'upload', 'wire', 'teardown'] as const;
type LifePhase = (typeof PHASES)[number];

/** Every call of every phase, and more schedules; without it one call of each operation in each phase. */
const DEEP = process.env['PIXGATE_DEEP'] === '1';

/** Which part of the rows and schedules is run here, of how many: the deep run is split over processes. */
const [PART = 1, PARTS = 1] = (process.env['PIXGATE_PART'] ?? '1/1').split('/').map(Number);
const isOfThisPart = (index: number): boolean => index % PARTS === PART - 1;

/** One call, or one operation, that a phase makes. */
interface Step {
  readonly phase: LifePhase;
  readonly service: string;
  readonly operation: string;
  readonly changing: boolean;
  /** The how-manieth call of the operation. */
  readonly at: number;
}

/** A world whose calls can be struck by faults. */
interface FaultyWorld extends World {
  strike(plan: readonly Fault[]): FaultyEmulator;
  heal(): void;
}

function newFaultyWorld(): FaultyWorld {
  let faulty: FaultyEmulator | undefined;
  const world = newWorld((request, handle) => (faulty === undefined ? handle(request) : faulty.handle(request)));
  return {
    ...world,
    strike(plan) {
      faulty = withFaults(world.emulator, plan);
      return faulty;
    },
    heal() {
      faulty = undefined;
    },
  };
}

/** The same account and ledger once more. */
function copyOf(from: World): FaultyWorld {
  const world = newFaultyWorld();
  const { store } = from.emulator;
  for (const table of store.tables()) {
    for (const { key, value } of store.list<Record<string, unknown>>(table)) {
      world.emulator.store.put(table, key, value);
      const bodyId = String(value['bodyId']);
      const body = store.getBody(bodyId);
      if (body !== undefined) world.emulator.store.putBody(bodyId, body);
    }
  }
  const ledger = path.join(from.folder, '.pixgate');
  if (existsSync(ledger)) cpSync(ledger, path.join(world.folder, '.pixgate'), { recursive: true });
  return world;
}

/** What differs from run to run and says nothing of what the account is. */
const PASSING = new Set([
  'bodyId',
  'sequence',
  'nextEvent',
  'cacheCluster',
  'createdDate',
  'lastUpdatedDate',
  'createdAt',
]);

/** JSON that is the same in whatever order a thing was put together. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(canonical);
    return items.every((item) => typeof item === 'object')
      ? items.sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1))
      : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([name]) => !PASSING.has(name) && !name.endsWith('Ms'));
  return Object.fromEntries(members.sort().map(([name, member]) => [name, canonical(member)]));
}

/** What the account holds, row by row, with ids under names that are the same in every run. */
function picture(world: World): string[] {
  const rows = Object.entries(world.everything()).filter(([key]) => !/^logs\/(event|stream)/.test(key));
  const names = rows.flatMap(([key, value]) => {
    const { id, path: place, name, description } = value as Record<string, unknown>;
    return typeof id === 'string' ? [[id, `<${key.split(':')[0]} ${place ?? name ?? description}>`] as const] : [];
  });
  const steady = ([key, value]: [string, unknown]): string => {
    let text = JSON.stringify(value);
    for (const [id, name] of names) text = text.replaceAll(id, name);
    text = JSON.stringify(canonical(JSON.parse(text)));
    let label = key.replace(/\u0001.*/, '');
    for (const [id, name] of names) label = label.replaceAll(id, name);
    // The list holds the installation's token, which is another one in every life, and says which run sent what.
    if (label.includes('/.pixgate/')) text = text.replace(/"(etag|value|[^"]*sha256)":"[^"]+"|"size":\d+/g, '');
    return `${label} = ${text.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'U')}`;
  };
  return rows.map(steady).sort();
}

/** Where two accounts differ, with the text around the first difference of each row. */
function differences(have: readonly string[], want: readonly string[]): string[] {
  const count = (rows: readonly string[], row: string): number => rows.filter((is) => is === row).length;
  const extra = have.filter((row) => count(have, row) > count(want, row)).map((row) => ['+', row, want] as const);
  const missing = want.filter((row) => count(want, row) > count(have, row)).map((row) => ['-', row, have] as const);
  return [...extra, ...missing].map(([sign, row, others]) => {
    const [name = ''] = row.split(' = ');
    const other = others.find((is) => is.startsWith(`${name} = `)) ?? name;
    const at = [...row].findIndex((letter, index) => letter !== other[index]);
    return `${sign} ${name}: ${row.slice(Math.max(0, at - 60), at + 60)}`;
  });
}

/** A life without faults: what each phase calls, and the account before and after it. */
interface Golden {
  readonly steps: readonly Step[];
  readonly before: Readonly<Record<LifePhase, World>>;
  readonly after: Readonly<Record<LifePhase, readonly string[]>>;
}

async function live(): Promise<Golden> {
  const world = newFaultyWorld();
  const before: Partial<Record<LifePhase, World>> = {};
  const after: Partial<Record<LifePhase, readonly string[]>> = {};
  const steps: Step[] = [];
  for (const phase of PHASES) {
    before[phase] = copyOf(world);
    world.calls.length = 0;
    await world.run(phase);
    after[phase] = picture(world);
    const seen = new Map<string, number>();
    for (const { service, operation = '', mutating } of world.calls) {
      if (service === 'execute-api') continue;
      const at = (seen.get(`${service} ${operation}`) ?? 0) + 1;
      seen.set(`${service} ${operation}`, at);
      steps.push({ phase, service, operation, changing: mutating, at });
    }
  }
  return { steps, before: before as Golden['before'], after: after as Golden['after'] };
}

/** What the faults came to. */
interface Tally {
  /** Faults to be met, and faults met. */
  tried: number;
  met: number;
  /** Whatever went wrong, one line each. */
  readonly wrong: string[];
}

/** A row of the table of faults. */
interface Row extends Omit<Fault, 'at' | 'operation'> {
  /** Whether nothing may come of it, or the command may end with a complaint and go on when it is run again. */
  readonly ends: FaultEnd;
}

const KINDS = Object.keys(FAULTS) as FaultKind[];
/** One has rows of its own, and one a story of its own. */
const APART = ['stale', 'endless-listing'];
const PASSING_KINDS = KINDS.filter((kind) => FAULTS[kind].ends === 'passes' && kind !== 'stale');

/** Every kind once, what passes also for ever, and the shades that AWS is known to have. */
const ROWS: readonly Row[] = [
  ...KINDS.filter((kind) => !APART.includes(kind)).map((kind) => ({ kind, ends: FAULTS[kind].ends })),
  ...PASSING_KINDS.filter(
    (kind) => kind !== 'clock-skew' && (DEEP || !/^(slow-down|html|hang|reset-b)/.test(kind)),
  ).map((kind) => ({ kind, times: Infinity, ends: 'stops' as const })),
  { kind: 'throttle', times: 2, ends: 'passes' },
  { kind: 'throttle', service: 'apigateway', seconds: 30, retryAfterS: 30, ends: 'passes' },
  { kind: 'conflict', times: 3, ends: 'passes' },
  { kind: 'stale', seconds: 2, ends: 'stops' },
  { kind: 'stale', seconds: 30, ends: 'stops' },
  { kind: 'stale', seconds: 120, ends: 'stops' },
  { kind: 'clock-skew', skewMs: -14 * 60_000, ends: 'passes' },
  { kind: 'stuck-cluster', times: Infinity, ends: 'stops' },
  { kind: 'stuck-cluster', times: Infinity, status: 'FLUSH_IN_PROGRESS', ends: 'stops' },
  { kind: 'stuck-cluster', times: Infinity, status: 'DELETE_IN_PROGRESS', ends: 'stops' },
];

/** AWS makes another one each time it hears these, so they are sent once, and a doubt may end the run. */
const ONCE = /^Create(RestApi|Deployment|RequestValidator)$/;

function nameOf({ ends: _ends, ...row }: Row): string {
  return Object.values(row).join(' ');
}

const NO_FAILURE = { service: 'S3', operation: '', awsCode: '' };

/** Runs a phase: what it threw, or whether it said that something is missing, left or not sent. */
async function run(world: World, phase: LifePhase): Promise<{ error?: unknown; isIncomplete: boolean }> {
  try {
    const { left = [], warnings = [], upload } = await world.run(phase);
    const error = upload?.failed.map(({ reason }) => new AwsError(reason, NO_FAILURE)).at(0);
    const isIncomplete = left.length + warnings.length > 0 || error !== undefined;
    return { isIncomplete, ...(error === undefined ? {} : { error }) };
  } catch (error) {
    return { error, isIncomplete: true };
  }
}

/** Whether the complaint is one that tells the user to go on. */
function isExpected(error: unknown, { kind }: Pick<Row, 'kind'>): boolean {
  // A bucket that shuts us out may be another account's, and a thing whose tags come back empty is somebody else's.
  const isDenied = error instanceof AwsError && error.code === 'ACCESS_DENIED';
  if (isDenied && !/\b(s3|iam|apigateway|logs):\w+ .*\barn:aws:/.test(error.message)) return false;
  if (kind === 'access-denied' || kind === 'empty') return error instanceof RefusedError || isResumable(error);
  return isResumable(error);
}

function isResumable(error: unknown): boolean {
  return error instanceof AwsError || error instanceof WaitError;
}

function told(error: unknown): string {
  return error instanceof Error ? `${error.name} ${error.message}` : String(error);
}

/** Has each step of a phase meet the fault, one after the other; what was stopped is run again. */
async function strikeOneByOne(golden: Golden, row: Row, steps: readonly Step[], tally: Tally): Promise<void> {
  const { ends: _ends, ...fault } = row;
  for (const phase of PHASES) {
    let world: FaultyWorld | undefined;
    const settle = async (where: string): Promise<void> => {
      if (world === undefined) return;
      const again = await run(world, phase);
      const differing = differences(picture(world), golden.after[phase]).join('; ');
      world = undefined;
      if (again.isIncomplete) tally.wrong.push(`${where}: run again: ${told(again.error ?? 'incomplete')}`);
      else if (differing !== '') tally.wrong.push(`${where}: run again, not as undisturbed: ${differing}`);
    };
    const strike = async ({ service, operation, at }: Step) => {
      world ??= copyOf(golden.before[phase]);
      const struck = world.strike([{ ...fault, service, operation, at }]);
      const end = await run(world, phase);
      world.heal();
      return { ...end, isMet: struck.met.length > 0, world };
    };
    for (const step of steps.filter((is) => is.phase === phase)) {
      const where = `${nameOf(row)} at ${phase} ${step.service} ${step.operation} ${step.at}`;
      let end = await strike(step);
      if (!end.isMet && world !== undefined) {
        // What was stopped before has done this step already.
        world = undefined;
        end = await strike(step);
      }
      tally.tried += 1;
      if (end.isMet) tally.met += 1;
      const mayStop = row.ends === 'stops' || ONCE.test(step.operation);
      if (end.error !== undefined && !(mayStop && isExpected(end.error, row)))
        tally.wrong.push(`${where}: ${told(end.error)}`);
      if (end.isIncomplete && !DEEP) continue;
      if (end.isIncomplete) await settle(where);
      const differing = end.isIncomplete ? [] : differences(picture(end.world), golden.after[phase]);
      if (differing.length > 0) tally.wrong.push(`${where}: not as undisturbed: ${differing.join('; ')}`);
      world = undefined;
    }
    await settle(`${nameOf(row)}, ${phase}`);
  }
}

/** One life in which every step of every phase meets the fault: nothing must come of it. */
async function strikeAllAtOnce(golden: Golden, row: Row, steps: readonly Step[], tally: Tally): Promise<void> {
  if (steps.length === 0) return;
  const { ends: _ends, ...fault } = row;
  const world = newFaultyWorld();
  tally.tried += steps.length;
  for (const phase of PHASES) {
    const plan = steps.filter((step) => step.phase === phase);
    const struck = world.strike(plan.map(({ service, operation, at }) => ({ ...fault, service, operation, at })));
    const { error, isIncomplete } = await run(world, phase);
    world.heal();
    tally.met += new Set(struck.met.map(({ service, operation }) => `${service} ${operation}`)).size;
    const differing = differences(picture(world), golden.after[phase]).join('; ');
    if (!isIncomplete && differing === '') continue;
    const { service = '', operation = '' } = struck.met.at(-1) ?? {};
    const what = error === undefined ? `not as undisturbed: ${differing}` : told(error);
    tally.wrong.push(`${nameOf(row)}, ${phase}, after ${service} ${operation}: ${what}`);
    return;
  }
}

/** A life under a random schedule: every phase is run until nothing stops it. */
async function liveUnder(golden: Golden, seed: string): Promise<string | undefined> {
  const schedule = drawSchedule(seed, golden.steps.length);
  const world = newFaultyWorld();
  world.strike(schedule);
  const where = `seed ${seed} (${schedule.map(({ kind, at }) => `${kind} at ${at}`).join(', ')})`;
  for (const phase of PHASES) {
    let end = await run(world, phase);
    for (let tries = 0; end.isIncomplete && tries < 2 * schedule.length; tries += 1) {
      if (end.error !== undefined && !isExpected(end.error, { kind: 'throttle' })) break;
      end = await run(world, phase);
    }
    if (end.isIncomplete) return `${where}, ${phase}: ${told(end.error ?? 'incomplete')}`;
    const differing = differences(picture(world), golden.after[phase]);
    if (differing.length > 0) return `${where}, ${phase}: not as undisturbed: ${differing.join('; ')}`;
  }
  return undefined;
}

it(
  'every fault at every operation, and at random, ends in success or in a complaint after which the same command goes on',
  async () => {
    const { setTimeout: later } = globalThis;
    // The SDK waits between its tries by the world's clock; nobody here does.
    vi.stubGlobal('setTimeout', (work: () => void) => later(work, 0));
    onTestFinished(() => {
      vi.unstubAllGlobals();
    });
    const golden = await live();
    const steps = DEEP ? golden.steps : firstOfEach(golden.steps);
    const tally: Tally = { tried: 0, met: 0, wrong: [] };
    const seeds = Array.from({ length: DEEP ? 300 : 50 }, (_, index) => index + 1).filter(isOfThisPart);

    for (const row of ROWS.filter((_, index) => isOfThisPart(index))) {
      const fitting = steps.filter((step) => canMeet(row, step));
      const isAtOnce = (step: Step): boolean => !DEEP && row.ends === 'passes' && !ONCE.test(step.operation);
      const before = tally.met;
      await strikeAllAtOnce(golden, row, fitting.filter(isAtOnce), tally);
      await strikeOneByOne(
        golden,
        row,
        fitting.filter((step) => !isAtOnce(step)),
        tally,
      );
      if (tally.met === before) tally.wrong.push(`${nameOf(row)}: no call met it`);
    }
    const lives: (string | undefined)[] = [];
    for (const seed of seeds) lives.push(await liveUnder(golden, String(seed)));
    const astray = lives.filter((is) => is !== undefined);

    const { wrong } = tally;
    process.stdout.write(
      `faults: ${tally.met} of ${tally.tried} kinds x operations met, ${wrong.length} went wrong; ` +
        `${seeds.length - astray.length} of ${seeds.length} schedules\n`,
    );
    expect([...wrong, ...astray]).toEqual([]);
  },
  DEEP ? 7_200_000 : 400_000,
);

/** The first step of each operation in a whole life. */
function firstOfEach(steps: readonly Step[]): Step[] {
  const seen = new Set<string>();
  return steps.filter(({ service, operation }) => {
    const name = `${service} ${operation}`;
    return !seen.has(name) && seen.add(name).size > 0;
  });
}

it('teardown ends in a complaint when the versions of a bucket are listed for ever, and goes on when they are not', async () => {
  const world = newFaultyWorld();
  const before = picture(world);
  await world.run('init');
  await world.run('upload');
  const { s3 } = await world.aws();
  const [bucket] = await s3.listBuckets('pixgate-');
  const theirs = { key: 'theirs.png', body: Buffer.from('x'), contentType: 'image/png', headers: {} };
  await s3.putObject(bucket?.name ?? '', theirs);
  world.strike([{ kind: 'endless-listing' }]);

  const stopped = world.run('teardown', undefined, { includingForeign: true });

  await expect(stopped).rejects.toMatchObject({ name: expect.stringMatching(/^(Aws|Wait)Error$/) as string });
  world.heal();
  expect((await world.run('teardown', undefined, { includingForeign: true })).left).toEqual([]);
  expect(picture(world)).toEqual(before);
});
