import type { Clock } from '../clock.js';
import { CancelledError } from '../errors.js';

/** A clock that wakes its sleepers when somebody asks to stop; what they do then is theirs to say. */
export function wakefulClock(clock: Clock, signal: AbortSignal): Clock {
  return { now: () => clock.now(), sleep: (ms) => clock.sleep(ms, signal) };
}

/**
 * A clock for waits between two calls. Once somebody asked to stop, such a wait ends in a CancelledError: the call behind
 * it is not sent any more. `signal` tells what to listen to at the moment.
 */
export function stoppableClock(clock: Clock, signal: () => AbortSignal | undefined): Clock {
  return {
    now: () => clock.now(),
    async sleep(ms) {
      const stop = signal();
      if (stop?.aborted !== true) await clock.sleep(ms, stop);
      if (stop?.aborted !== true) return;
      throw new CancelledError('Stopped as asked between two calls: what is made so far stays.', {
        suggestions: ['run the same command again to go on', 'pixgate teardown  takes away what was made'],
      });
    },
  };
}
