import type { World } from './resource.js';

/** Milliseconds between two words about how far it is: no eye follows more. */
const TOLD_EVERY_MS = 50;

/** How far something is. */
export interface Progress {
  /** How many are done. */
  readonly done: number;
  /** Counts one more. */
  add(bytes?: number): void;
  /** Tells the last state, unless it was told. */
  end(): void;
}

/** Tells how many of `total` files are done: at most 20 times a second, and at the end. */
export function createProgress(
  { clock, say }: Pick<World, 'clock' | 'say'>,
  total: number,
  bytesTotal?: number,
): Progress {
  let [done, bytesDone, told, toldMs] = [0, 0, 0, Number.NEGATIVE_INFINITY];
  const tell = (): void => {
    told = done;
    const bytes = bytesTotal === undefined ? {} : { bytesDone, bytesTotal };
    say({ type: 'progress', done, total, unit: 'files', ...bytes });
  };
  return {
    get done() {
      return done;
    },
    add(bytes = 0) {
      done += 1;
      bytesDone += bytes;
      const nowMs = clock.now();
      if (nowMs - toldMs < TOLD_EVERY_MS) return;
      toldMs = nowMs;
      tell();
    },
    end() {
      if (told !== done) tell();
    },
  };
}
