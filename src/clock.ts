import { setTimeout as wait } from 'node:timers/promises';

/** Time, handed in: the world's, or the local cloud's. */
export interface Clock {
  /** Now, in milliseconds since 1970. */
  now(): number;
  /** Resolves after `ms` milliseconds of this clock, or as soon as `signal` is given; a local cloud's clock skips ahead instead of waiting. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The world's clock, as it was when the process began and with even steps since: a system clock that is set meanwhile stretches no wait. */
export const systemClock: Clock = {
  now: () => Math.round(performance.timeOrigin + performance.now()),
  sleep: (ms, signal) =>
    wait(ms, undefined, signal === undefined ? {} : { signal }).catch((error: Error) => {
      if (error.name !== 'AbortError') throw error;
    }),
};
