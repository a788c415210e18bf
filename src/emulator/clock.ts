import { setImmediate } from 'node:timers/promises';
import type { Store } from './store.js';

/** A source of time. */
export interface TimeSource {
  /** Now, in milliseconds since 1970. */
  now(): number;
}

/** The clock of the local cloud. */
export interface EmulatorClock extends TimeSource {
  /** Moves the clock ahead by `ms` milliseconds, for every process that holds the account, and resolves at once. */
  sleep(ms: number): Promise<void>;
  /** The same time without another look into the account, for the length of one call. */
  hold(): TimeSource;
}

/** The world's time: what clients date their signatures by, however far the local cloud has skipped ahead. */
export const wallTime: TimeSource = { now: () => Date.now() };

const TABLE = 'emulator/clock';
const KEY = 'offsetMs';

/** A clock that runs as `base` does, ahead of it by an offset that the account remembers. */
export function createClock(store: Store, base: TimeSource): EmulatorClock {
  const offset = () => store.get<number>(TABLE, KEY) ?? 0;
  return {
    now: () => base.now() + offset(),
    hold() {
      const aheadMs = offset();
      return { now: () => base.now() + aheadMs };
    },
    async sleep(ms) {
      if (ms > 0) store.transaction(() => store.put(TABLE, KEY, offset() + ms));
      await setImmediate();
    },
  };
}
