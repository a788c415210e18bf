import { expect, it } from 'vitest';
import { CancelledError } from '../../src/errors.js';
import { type Life, live, type Run, recover, runOf } from './ladder-life.js';
import { openWorld, PHASES } from './ladder-world.js';

/** Every how-manieth call of a command is one at which somebody asks to stop. */
const STEP = process.env['PIXGATE_DEEP'] === '1' ? 1 : 6;

/** What is wrong after somebody asked to stop at the n-th call of a command, and ran it again. */
async function stopAt(life: Life, run: Run, n: number): Promise<{ isStopped: boolean; faults: readonly string[] }> {
  const asked = new AbortController();
  let seen = 0;
  const world = openWorld(life.config, {
    ...(run.points[0] === undefined ? {} : { disk: run.points[0].disk }),
    weather: (request, handle) => {
      seen += 1;
      if (seen === n) asked.abort();
      return handle(request);
    },
  });
  try {
    const end: unknown = await world.run(run.phase, asked.signal).catch((error: unknown) => error);
    const isStopped = end instanceof CancelledError;
    const faults = end instanceof Error && !isStopped ? [`${end.name} ${end.message}`] : [];
    const disk = world.disk();
    const locks = [...disk.files.keys()].filter((name) => name.includes('.lock') || name.includes('.tmp'));
    return { isStopped, faults: [...faults, ...locks, ...(await recover(life, run, disk))] };
  } finally {
    world.close();
  }
}

it.each(PHASES)(
  '%s, asked to stop at any call, ends the call at hand, gives its lock back, and goes on when it is run again',
  async (phase) => {
    const life = await live();
    const run = runOf(life, phase);
    const calls = new Set(run.points.filter(({ kind }) => kind === 'call').map(({ name }) => name)).size / 2;
    const wrong: string[] = [];
    let [tried, stopped] = [0, 0];

    for (let n = 1; n <= calls; n += STEP) {
      const { isStopped, faults } = await stopAt(life, run, n);
      tried += 1;
      if (isStopped) stopped += 1;
      if (faults.length > 0) wrong.push(`${phase}, stopped at call ${n}: ${faults.join('; ')}`);
    }

    process.stdout.write(`interrupts: ${phase} ${tried - wrong.length}/${tried}, ${stopped} of them stopped\n`);
    expect(wrong).toEqual([]);
    expect(stopped).toBeGreaterThan(0);
  },
  120_000,
);
