import { expect, test } from 'vitest';
import { createFlow, watchThread } from '../../src/resources/flow.js';
import { workThrough } from '../../src/resources/work-through.js';
import { type SteppedClock, steppedClock } from '../aws/stepped-clock.js';

/** A store on a line; by the clock that is handed in. */
interface Store {
  /** Milliseconds until it answers. */
  readonly latencyMs: number;
  /** So many at once are answered in that time; more than these wait for each other. @default any number */
  readonly lanes?: number;
  /** So many puts a second are taken, after a tenth of a second's worth at once. @default any number */
  readonly limit?: (nowMs: number) => number;
  /** When this thread has no time to spare. @default never */
  readonly busy?: (nowMs: number) => boolean;
}

const isBusy = (): boolean => false;

/** Sends so many files; tells what became of it. */
async function send(files: number, store: Store, most = 256) {
  const clock = steppedClock();
  const told: number[] = [];
  const isBusyNow = (): boolean => store.busy?.(clock.now()) ?? false;
  const flow = createFlow({ clock, most, isBusy: isBusyNow, onSlow: (perSecond) => told.push(perSecond) });
  const { signal } = new AbortController();
  const put = openStore(clock, store);
  let [refused, underWay, peak, isHopeless] = [0, 0, 0, false];
  const work = async (): Promise<boolean> => {
    const { cuts } = flow;
    underWay += 1;
    peak = Math.max(peak, underWay);
    const isStored = await put();
    underWay -= 1;
    if (isStored) flow.succeed();
    else refused += 1;
    if (!isStored && !flow.slowDown(cuts)) isHopeless = true;
    return isStored;
  };
  const batch = { total: files, flow, bytesOf: () => 1, isOver: () => isHopeless, signal };
  await clock.run(workThrough(batch, work));
  return {
    refused,
    peak,
    told,
    isHopeless,
    width: flow.width,
    perSecond: (files * 1000) / clock.now(),
    tookMs: clock.now(),
  };
}

function openStore(clock: SteppedClock, { latencyMs, lanes = Number.POSITIVE_INFINITY, limit }: Store) {
  let [underWay, tokens, atMs] = [0, Number.POSITIVE_INFINITY, 0];
  return async (): Promise<boolean> => {
    underWay += 1;
    const nowMs = clock.now();
    const perSecond = limit?.(nowMs) ?? Number.POSITIVE_INFINITY;
    tokens = limit === undefined ? 1 : Math.min(perSecond / 10, tokens + ((nowMs - atMs) * perSecond) / 1000);
    atMs = nowMs;
    const isTaken = tokens >= 1;
    if (isTaken) tokens -= 1;
    await clock.sleep(latencyMs * Math.max(1, underWay / lanes));
    underWay -= 1;
    return isTaken;
  };
}

test('createFlow() fills a long line: 256 are under way when each takes 100 ms', async () => {
  const { peak, perSecond } = await send(10_000, { latencyMs: 100 });

  expect(peak).toBe(256);
  expect(perSecond).toBeGreaterThan(2_000);
});

test('createFlow() stays well below the most where more are no faster', async () => {
  expect((await send(10_000, { latencyMs: 20, lanes: 64 })).peak).toBeLessThanOrEqual(144);
});

test('createFlow() has no more under way than at first while this thread is busy, and more when it has time', async () => {
  expect((await send(10_000, { latencyMs: 100, busy: () => true })).peak).toBe(64);
  expect((await send(10_000, { latencyMs: 100, busy: (nowMs) => nowMs < 1_000 })).peak).toBe(256);
});

test('watchThread() tells a thread that works all the time from one that waits', async () => {
  const isBusy = watchThread();
  for (const end = performance.now() + 50; performance.now() < end; );
  const worked = isBusy();
  await new Promise((resolve) => setTimeout(resolve, 50));

  expect([worked, isBusy()]).toEqual([true, false]);
});

test.each([1, 2, 32, 64, 100])('createFlow() never has more than %i under way where that is the most', async (most) => {
  expect((await send(2_000, { latencyMs: 100 }, most)).peak).toBe(most);
});

test.each([
  [3_500, 5],
  [3_500, 30],
  [3_500, 100],
  [1_000, 5],
  [1_000, 30],
  [300, 30],
])(
  'createFlow() has less than 2 in 100 refused by a store of %i puts a second at %i ms, and uses most of them',
  async (limit, latencyMs) => {
    const { refused, perSecond } = await send(limit * 20, { latencyMs, limit: () => limit });

    expect(refused).toBeLessThan(limit * 20 * 0.02);
    expect(perSecond).toBeGreaterThan(Math.min(limit, 256_000 / latencyMs) * 0.65);
  },
);

test('createFlow() tells of the first cut, and of no other', async () => {
  const { told, refused } = await send(20_000, { latencyMs: 5, limit: () => 1_000 });

  expect(refused).toBeGreaterThan(1);
  expect(told).toEqual([expect.any(Number)]);
});

test('createFlow() goes on after half a minute in which nothing is taken', async () => {
  const isDown = (nowMs: number): boolean => nowMs > 1_000 && nowMs < 31_000;

  const { refused, isHopeless, tookMs } = await send(20_000, {
    latencyMs: 30,
    limit: (now) => (isDown(now) ? 0 : 3_500),
  });

  expect(isHopeless).toBe(false);
  expect(refused).toBeLessThan(1_000);
  expect(tookMs).toBeLessThan(120_000);
});

test('createFlow() is cut below its speed by a refusal hours after the last one', async () => {
  let nowMs = 0;
  const sleep = async (ms: number): Promise<void> => {
    nowMs += ms;
  };
  const flow = createFlow({ clock: { now: () => nowMs, sleep }, most: 64, isBusy, onSlow: () => {} });
  flow.slowDown(flow.cuts);
  for (let hours = 0; hours < 3; nowMs += 100, hours = nowMs / 3_600_000) flow.succeed();
  for (let n = 0; n < 4; n += 1) flow.slowDown(flow.cuts);
  const start = nowMs;

  for (let n = 0; n < 20; n += 1) await flow.turn(new AbortController().signal);

  expect(nowMs - start).toBeGreaterThan(1_500);
});

test('createFlow() is never slower than five in a second, however slow it was before the first refusal', async () => {
  let nowMs = 0;
  const sleep = async (ms: number): Promise<void> => {
    nowMs += ms;
  };
  const flow = createFlow({ clock: { now: () => nowMs, sleep }, most: 64, isBusy, onSlow: () => {} });
  nowMs = 20_000;
  flow.succeed();
  flow.slowDown(flow.cuts);
  const start = nowMs;

  for (let n = 0; n < 50; n += 1) await flow.turn(new AbortController().signal);

  expect(nowMs - start).toBeLessThan(10_500);
});

test('createFlow() gives up when nothing came through for two minutes', async () => {
  const { isHopeless, tookMs, refused } = await send(1_000, { latencyMs: 30, limit: () => 0 });

  expect(isHopeless).toBe(true);
  expect(tookMs).toBeGreaterThanOrEqual(120_000);
  expect(tookMs).toBeLessThan(125_000);
  expect(refused).toBeLessThan(1_000);
});
