import { setImmediate } from 'node:timers/promises';
import type { Flow } from './flow.js';

/** Bytes of files that are held at once, whatever the width; one file alone may be larger. */
const BYTES_AT_ONCE = 64 * 1_048_576;

/** After so many others get a turn: a bar, or Ctrl-C. A store in the same process would let nobody in between. */
const WORKS_A_TURN = 16;

/** What is to be worked through. */
export interface Batch {
  /** How many there are, numbered from 0. */
  readonly total: number;
  readonly flow: Flow;
  /** Bytes that one holds while it is under way. */
  readonly bytesOf: (at: number) => number;
  /** Whether nothing new is to begin. */
  readonly isOver: () => boolean;
  /** Ends the wait for a turn. */
  readonly signal: AbortSignal;
}

/**
 * Does one after the other, as many at once as the flow allows and as fit into 64 MiB. What `work` answers false for is done
 * once more, later. Resolves when nothing is under way any more.
 *
 * @throws what `work` throws; nothing new begins after that.
 */
export async function workThrough(batch: Batch, work: (at: number) => Promise<boolean>): Promise<void> {
  const { total, flow, bytesOf, isOver, signal } = batch;
  const again: number[] = [];
  const faults: unknown[] = [];
  const room = makeRoom(BYTES_AT_ONCE);
  const workers = new Set<Promise<void>>();
  let [taken, done] = [0, 0];
  let pause: Promise<unknown> | undefined;
  const mayBegin = (): boolean => faults.length === 0 && !isOver();
  const doOne = async (at: number): Promise<void> => {
    const bytes = bytesOf(at);
    await room.take(bytes);
    try {
      await flow.turn(signal);
      if (mayBegin() && !(await work(at))) again.push(at);
    } finally {
      room.give(bytes);
    }
  };
  const worker = async (): Promise<void> => {
    while (mayBegin()) {
      const at = taken < total ? taken++ : again.pop();
      if (at === undefined) return;
      await doOne(at);
      if (++done % WORKS_A_TURN === 0) pause = setImmediate();
      // All of them wait, or those that do not would go on and on.
      await pause;
      hire();
    }
  };
  const hire = (): void => {
    while (workers.size < flow.width && taken < total && mayBegin()) {
      const hired = worker()
        .catch((fault: unknown) => faults.push(fault))
        .then(() => void workers.delete(hired));
      workers.add(hired);
    }
  };
  hire();
  // Those that are hired meanwhile come last in the set, and are waited for in their turn.
  for (const hired of workers) await hired;
  if (faults.length > 0) throw faults[0];
}

/** Room for so many bytes: who takes some waits until they fit, or until there is nothing else inside. */
function makeRoom(bytes: number): { take(size: number): Promise<void> | undefined; give(size: number): void } {
  let held = 0;
  const waiting: (() => void)[] = [];
  const isFull = (size: number): boolean => held > 0 && held + size > bytes;
  const wait = async (size: number): Promise<void> => {
    while (isFull(size)) await new Promise<void>((resolve) => waiting.push(resolve));
    held += size;
  };
  return {
    take(size) {
      if (isFull(size)) return wait(size);
      held += size;
      return undefined;
    },
    give(size) {
      held -= size;
      for (const resolve of waiting.splice(0)) resolve();
    },
  };
}
