import type { Config } from '../../src/config/config.js';
import { bareRowsOf, differences, leftFiles, pictureOf } from './ladder-picture.js';
import { newRecorder, type Point } from './ladder-points.js';
import { dress, type LadderPhase, openWorld, PHASES, storyConfig } from './ladder-world.js';
import type { Disk } from './snapshots.js';
import { changing } from './world.js';

/** A command that ran undisturbed: where it could have died, and what it came to. */
export interface Run {
  readonly phase: LadderPhase;
  readonly points: readonly Point[];
  /** The account at its end. */
  readonly end: readonly string[];
  /** Changing calls of the same command run once more. */
  readonly again: readonly string[];
}

/** The life that all others are held against. */
export interface Life {
  readonly config: Config;
  /** The account before init, byte for byte. */
  readonly empty: readonly string[];
  readonly runs: readonly Run[];
}

/** Lives once, undisturbed; the images change between a first upload and the one that is looked at. */
export async function live(): Promise<Life> {
  const config = storyConfig();
  const recorder = newRecorder();
  const world = openWorld(config, { weather: recorder.weather });
  const empty = bareRowsOf(world.disk());
  const runs: Run[] = [];
  for (const phase of PHASES) {
    if (phase === 'upload') {
      dress(world.folder, 'earlier');
      await world.run('upload');
      dress(world.folder, 'now');
    }
    const from = recorder.points.length;
    await recorder.watch(world, () => world.run(phase));
    const end = pictureOf(world.disk());
    world.calls.length = 0;
    await world.run(phase);
    runs.push({ phase, points: recorder.points.slice(from), end, again: changing(world.calls) });
  }
  world.close();
  return { config, empty, runs };
}

/** What is wrong after a command that died is run again on the disk it left, and then all is taken away. */
export async function recover({ config, empty }: Life, { phase, end }: Run, disk: Disk): Promise<string[]> {
  const world = openWorld(config, { disk });
  try {
    await world.run(phase);
    const faults = differences(pictureOf(world.disk()), end);
    if (phase !== 'teardown') await world.run('teardown');
    const last = world.disk();
    return [...faults, ...differences(bareRowsOf(last), empty), ...leftFiles(last)];
  } catch (error) {
    return [error instanceof Error ? `${error.name} ${error.message}` : String(error)];
  } finally {
    world.close();
  }
}

/** The run of one command. */
export function runOf({ runs }: Life, phase: LadderPhase): Run {
  const run = runs.find((is) => is.phase === phase);
  if (run === undefined) throw new Error(`no run of ${phase}`);
  return run;
}
