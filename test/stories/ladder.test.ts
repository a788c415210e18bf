import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { type Life, live, type Run, recover, runOf } from './ladder-life.js';
import { newRecorder, type Point } from './ladder-points.js';
import { type LadderPhase, openWorld, PHASES } from './ladder-world.js';

/** Fewer calls than these mean that the ladder has lost rungs, unless a command has learnt to do with fewer. */
const FEWEST_CALLS: Readonly<Record<LadderPhase, number>> = { init: 25, upload: 15, wire: 115, teardown: 90 };

/** All pairs in `init` and `teardown`, and hundreds elsewhere. */
const DEEP = process.env['PIXGATE_DEEP'] === '1';
const PAIRS = DEEP ? 500 : 60;
const SEED = process.env['PIXGATE_SEED'] ?? 'ladder';

/** What is known of disks already: the faults of their recovery, by digest. */
type Known = Map<string, readonly string[]>;

/** Recovers from points of one run, once for all that left the same bytes; answers which did not converge, and why. */
async function recoverAll(life: Life, run: Run, points: readonly Point[], known: Known): Promise<string[]> {
  const faults: string[] = [];
  for (const { name, disk } of points) {
    const found = known.get(disk.digest) ?? (await recover(life, run, disk));
    known.set(disk.digest, found);
    if (found.length > 0) faults.push(`${run.phase}, killed at ${name}: ${found.join('; ')}`);
  }
  return faults;
}

const tell = (line: string): void => void process.stdout.write(`ladder: ${line}\n`);

it.each(PHASES)(
  '%s, killed before or after any call, or within any write, and run again, ends as undisturbed',
  async (phase) => {
    const life = await live();
    const run = runOf(life, phase);
    const known: Known = new Map();
    const of = (kind: Point['kind']): Point[] => run.points.filter((point) => point.kind === kind);

    const faults = {
      call: await recoverAll(life, run, of('call'), known),
      write: await recoverAll(life, run, of('write'), known),
      lock: await recoverAll(life, run, of('lock'), known),
    };

    const sum = (kind: Point['kind']): string => `${of(kind).length - faults[kind].length}/${of(kind).length}`;
    const calls = of('call').length / 2;
    tell(
      `${phase} 2K ${sum('call')} (K = ${calls}), state-write points ${sum('write')}, lock points ${sum('lock')}; ${known.size} different disks`,
    );
    expect(Object.values(faults).flat()).toEqual([]);
    expect(calls).toBeGreaterThanOrEqual(FEWEST_CALLS[phase]);
    expect(of('write').length).toBeGreaterThanOrEqual(12);
  },
  300_000,
);

/** A run that died, was run again, and died again at the points that are picked. */
async function recoverTwice(
  life: Life,
  run: Run,
  first: Point,
  known: Known,
  pick: (points: readonly Point[]) => readonly Point[],
): Promise<{ pairs: number; faults: string[] }> {
  const recorder = newRecorder();
  const world = openWorld(life.config, { disk: first.disk, weather: recorder.weather });
  await recorder.watch(world, () => world.run(run.phase));
  world.close();
  const picked = pick(recorder.points);
  const faults = await recoverAll(life, run, picked, known);
  return { pairs: picked.length, faults: faults.map((fault) => `${first.name}, then ${fault}`) };
}

/** Numbers that look random and are the same for the same seed. */
function dice(seed: string): (below: number) => number {
  let drawn = 0;
  return (below) => createHash('sha256').update(`${seed}/${drawn++}`).digest().readUInt32BE(0) % below;
}

it('a recovery that is killed too, and run again, ends as an undisturbed run', async () => {
  const life = await live();
  const draw = dice(SEED);
  const known: Known = new Map();
  const faults: string[] = [];
  let pairs = 0;
  while (pairs < PAIRS) {
    const run = runOf(life, PHASES[draw(PHASES.length)] ?? 'init');
    const first = run.points[draw(run.points.length)];
    if (first === undefined) throw new Error(`${run.phase} has no points`);
    const found = await recoverTwice(life, run, first, known, (points) =>
      points.slice(draw(points.length)).slice(0, 1),
    );
    pairs += found.pairs;
    faults.push(...found.faults);
  }

  tell(`pairs ${pairs - faults.length}/${pairs}, seed ${SEED}`);
  expect(faults).toEqual([]);
}, 900_000);

it.runIf(DEEP).each(['init', 'teardown'] as const)(
  '%s, killed at any two points one after the other, ends as undisturbed',
  async (phase) => {
    const life = await live();
    const run = runOf(life, phase);
    const firsts = new Map(run.points.map((point) => [point.disk.digest, point]));
    const known: Known = new Map();
    const faults: string[] = [];
    let pairs = 0;
    for (const first of firsts.values()) {
      const found = await recoverTwice(life, run, first, known, (points) => points);
      pairs += found.pairs;
      faults.push(...found.faults);
    }

    tell(`all pairs of ${phase} ${pairs - faults.length}/${pairs}; ${known.size} different disks`);
    expect(faults).toEqual([]);
    expect(pairs).toBeGreaterThan(1000);
  },
  3_600_000,
);

it('every command that is run a second time changes nothing', async () => {
  const { runs } = await live();

  tell(`second runs ${runs.map(({ phase, again }) => `${phase} ${again.length}`).join(', ')} changing calls`);
  expect(runs.map(({ phase, again }) => [phase, again])).toEqual(PHASES.map((phase) => [phase, []]));
});

it('teardown, killed when nothing was left to delete and run again, leaves no lock behind', async () => {
  const life = await live();
  const { points } = runOf(life, 'teardown');
  const before = points.findLast(({ name }) => name === 'rm local-000000000000-eu-west-1-holiday.dev.json, before');
  const world = openWorld(life.config, before === undefined ? {} : { disk: before.disk });
  await world.run('teardown');

  const left = [...world.disk().files.keys()];
  world.close();
  expect(left).toEqual([]);
});
