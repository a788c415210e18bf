import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../src/clock.js';

/** A clock that stands still until everybody sleeps, and then skips to whoever wakes first. */
export interface SteppedClock extends Clock {
  /** Runs work to its end, however long it sleeps. */
  run<T>(work: Promise<T>): Promise<T>;
}

/** Makes a clock that begins at 0. */
export function steppedClock(): SteppedClock {
  let now = 0;
  const sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  return {
    now: () => now,
    sleep: (ms) =>
      new Promise((wake) => {
        sleepers.push({ at: now + ms, wake });
      }),
    async run(work) {
      let ended = false;
      const end = (): void => {
        ended = true;
      };
      work.then(end, end);
      for (;;) {
        // Twice: whoever woke may have taken a turn of this kind itself.
        await setImmediate();
        await setImmediate();
        if (ended) return work;
        const [first] = sleepers.sort((a, b) => a.at - b.at).splice(0, 1);
        if (first === undefined) throw new Error('nobody sleeps and the work does not end');
        now = Math.max(now, first.at);
        first.wake();
      }
    },
  };
}
