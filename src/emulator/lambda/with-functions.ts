import type { Call, FunctionOutcome } from '../operation.js';
import { FunctionNeeded, toFunctionKey } from './function-needed.js';
import { runFunction } from './run-function.js';

/**
 * Runs `work` until it needs no function any more, and calls in between each one that it asks for.
 *
 * What a run did before it needed a function must be undone when it throws. The next run is given the same ids and times in the same
 * order, as far as the one before it came, so that an event which names them stays the same.
 */
export async function withFunctions<T>(call: Call, work: (call: Call) => T): Promise<T> {
  const functionOutcomes = new Map<string, FunctionOutcome>();
  const ids: string[] = [];
  const times: number[] = [];
  for (;;) {
    const sameId = repeat(ids);
    const sameTime = repeat(times);
    const held = {
      newId: (length: number) => sameId(call.newId(length)),
      newUuid: () => sameId(call.newUuid()),
      now: () => sameTime(call.now()),
    };
    try {
      return work({ ...call, ...held, functionOutcomes });
    } catch (error) {
      if (!(error instanceof FunctionNeeded)) throw error;
      const { requestId, settings } = call;
      const outcome = await runFunction(error.needed, { requestId, timeoutMs: settings.functionTimeoutMs });
      functionOutcomes.set(toFunctionKey(error.needed), outcome);
    }
  }
}

/** Answers what was kept, one after the other, and then keeps what is new. A new id is drawn all the same: its sequence has gone back. */
function repeat<T>(kept: T[]): (fresh: T) => T {
  let at = 0;
  return (fresh) => {
    const value = kept[at] ?? fresh;
    kept[at++] = value;
    return value;
  };
}
