import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { WireRequest } from '../../src/emulator/index.js';
import type { Phase } from '../../src/model/plan.js';
import { newWorld, type Weather } from './world.js';

/** When the process dies: before the call is sent, or when AWS has done it and nobody has heard. */
type Moment = 'before' | 'after';

/** The phases before each one, which run undisturbed. */
const BEFORE: Readonly<Record<string, readonly Phase[]>> = {
  init: [],
  upload: ['init'],
  wire: ['init', 'upload'],
  teardown: ['init', 'upload', 'wire'],
};

/** Whether a call can change something, as far as its request tells. */
function isChanging({ method, headers, body, host, path: target }: WireRequest): boolean {
  if (method === 'GET' || method === 'HEAD' || host.includes('execute-api') || target.startsWith('/_aws/'))
    return false;
  const action =
    headers['x-amz-target']?.split('.').at(-1) ?? /Action=(\w+)/.exec(Buffer.from(body).toString('latin1'))?.[1];
  return !/^(Get|List|Describe|Filter)/.test(action ?? '');
}

/** A weather in which the process dies at the n-th changing call, and nothing gets through any more. */
function deathAt(n: number, moment: Moment) {
  const state = { armed: false, seen: 0, dead: false };
  const weather: Weather = async (request, handle) => {
    if (!state.armed) return handle(request);
    if (state.dead) throw new Error('killed');
    if (!isChanging(request)) return handle(request);
    state.seen += 1;
    if (state.seen < n) return handle(request);
    state.dead = true;
    if (moment === 'after') await handle(request);
    throw new Error('killed');
  };
  return { state, weather };
}

async function ladder(phase: Phase, step: number): Promise<{ rungs: number; faults: string[] }> {
  const faults: string[] = [];
  const undisturbed = newWorld();
  const empty = undisturbed.everything();
  for (const earlier of BEFORE[phase] ?? []) await undisturbed.run(earlier);
  await undisturbed.run(phase);
  const wanted = Object.keys(undisturbed.everything()).length;
  let rungs = 0;
  for (const moment of ['before', 'after'] as const) {
    for (let n = 1; ; n += step) {
      const { state, weather } = deathAt(n, moment);
      const world = newWorld(weather);
      for (const earlier of BEFORE[phase] ?? []) await world.run(earlier);
      state.armed = true;
      await world.run(phase).catch(() => {});
      if (!state.dead) break;
      rungs += 1;
      state.armed = false;
      for (const lock of readdirSync(path.join(world.folder, '.pixgate', 'state')).filter((name) =>
        name.includes('.lock'),
      )) {
        rmSync(path.join(world.folder, '.pixgate', 'state', lock));
      }
      const place = `${phase}, killed ${moment} changing call ${n}`;
      try {
        await world.run(phase);
        const rows = Object.keys(world.everything()).length;
        const open = (await world.plan(phase)).steps.filter(({ action }) => action !== 'keep');
        if (rows !== wanted || open.length > 0)
          faults.push(`${place}: ${rows} things, not ${wanted}; ${JSON.stringify(open)}`);
        const { left } = await world.run('teardown');
        if (left?.length !== 0 || Object.keys(world.everything()).length !== Object.keys(empty).length) {
          faults.push(`${place}: left ${JSON.stringify(Object.keys(world.everything()))}`);
        }
      } catch (error) {
        faults.push(`${place}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
  return { rungs, faults };
}

it.each([
  ['init', 1],
  ['upload', 1],
  ['wire', 6],
  ['teardown', 1],
] as const)(
  '%s, killed at its changing calls (every %i.) and run again, ends as an undisturbed run',
  async (phase, step) => {
    const { rungs, faults } = await ladder(phase, step);

    process.stdout.write(`ladder: ${phase}, ${rungs - faults.length} of ${rungs} kills converge\n`);
    expect(faults).toEqual([]);
    expect(rungs).toBeGreaterThan(5);
  },
  240_000,
);
