import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Flow } from '../../src/resources/flow.js';
import { type Batch, workThrough } from '../../src/resources/work-through.js';

const MIB = 1_048_576;

function batch(total: number, more: Partial<Batch> = {}): Batch {
  const flow: Flow = { width: 4, cuts: 0, turn: () => undefined, succeed() {}, slowDown: () => true };
  return { total, flow, bytesOf: () => 1, isOver: () => false, signal: new AbortController().signal, ...more };
}

/** Does a batch; answers what was done, in order, and the most that was under way at once. */
async function run(given: Batch, work: (at: number, underWay: number) => boolean = () => true) {
  const done: number[] = [];
  let [underWay, peak, bytes, peakBytes] = [0, 0, 0, 0];
  await workThrough(given, async (at) => {
    underWay += 1;
    bytes += given.bytesOf(at);
    [peak, peakBytes] = [Math.max(peak, underWay), Math.max(peakBytes, bytes)];
    const isDone = work(at, underWay);
    await setImmediate();
    underWay -= 1;
    bytes -= given.bytesOf(at);
    done.push(at);
    return isDone;
  });
  return { done, peak, peakBytes };
}

describe('workThrough()', () => {
  it.each([0, 1, 3, 4, 50])('does each of %i once, as many at once as the flow is wide', async (total) => {
    const { done, peak } = await run(batch(total));

    expect(done.toSorted((a, b) => a - b)).toEqual(Array.from({ length: total }, (_, at) => at));
    expect(peak).toBe(Math.min(total, 4));
  });

  it('lets others have a turn, though nothing that it does takes one', async () => {
    let [turns, isOver] = [0, false];
    const counting = (async () => {
      for (; !isOver; turns += 1) await setImmediate();
    })();

    await workThrough(batch(320), () => Promise.resolve(true));
    isOver = true;
    await counting;

    expect(turns).toBeGreaterThanOrEqual(320 / 16);
  });

  it('grows with the flow while it works', async () => {
    let width = 1;
    const { flow, ...rest } = batch(100);
    const growing = {
      ...flow,
      get width() {
        return width;
      },
    };

    const { peak } = await run({ ...rest, flow: growing }, (at) => {
      if (at === 10) width = 7;
      return true;
    });

    expect(peak).toBe(7);
  });

  it('does again what is to be done later, until it is done', async () => {
    const tries = new Map<number, number>();

    const { done } = await run(batch(10), (at) => {
      tries.set(at, (tries.get(at) ?? 0) + 1);
      return at % 3 !== 0 || tries.get(at) === 3;
    });

    expect(Object.fromEntries(tries)).toEqual({ 0: 3, 1: 1, 2: 1, 3: 3, 4: 1, 5: 1, 6: 3, 7: 1, 8: 1, 9: 3 });
    expect(done).toHaveLength(18);
  });

  it('holds 64 MiB at once, and one that is larger by itself', async () => {
    const sizes = [30, 30, 30, 100, 1, 1, 60];
    const bytesOf = (at: number): number => (sizes[at] ?? 0) * MIB;
    const alone: number[] = [];

    const { done, peakBytes } = await run(batch(sizes.length, { bytesOf }), (at, underWay) => {
      if (at === 3) alone.push(underWay);
      return true;
    });

    expect(done).toHaveLength(7);
    expect(peakBytes).toBe(100 * MIB);
    expect(alone).toEqual([1]);
  });

  it('begins nothing new when it is over, and ends what is under way', async () => {
    let isOver = false;

    const { done } = await run(batch(100, { isOver: () => isOver }), (at) => {
      isOver = at === 5;
      return true;
    });

    expect(done.length).toBeLessThan(10);
    expect(done).toContain(5);
  });

  it('throws what the work throws, when nothing is under way any more', async () => {
    const ended: number[] = [];

    const work = async (at: number): Promise<boolean> => {
      await setImmediate();
      if (at < 2) throw new Error(`number ${at}`);
      await setImmediate();
      ended.push(at);
      return true;
    };

    await expect(workThrough(batch(100), work)).rejects.toThrow('number 0');
    expect(ended).toEqual([2, 3]);
  });
});
