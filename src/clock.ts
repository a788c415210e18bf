/** Time, handed in: the world's, or the local cloud's. */
export interface Clock {
  /** Now, in milliseconds since 1970. */
  now(): number;
  /** Resolves after `ms` milliseconds of this clock; a local cloud's clock skips ahead instead of waiting. */
  sleep(ms: number): Promise<void>;
}

/** The world's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};
