import { expect, test } from 'vitest';
import { systemClock } from '../../src/clock.js';
import { stoppableClock, wakefulClock } from '../../src/project/stoppable-clock.js';

const HOUR_MS = 3_600_000;

test('wakefulClock() wakes its sleeper as soon as somebody asks to stop', async () => {
  const asked = new AbortController();
  const slept = wakefulClock(systemClock, asked.signal).sleep(HOUR_MS);

  asked.abort();

  await expect(slept).resolves.toBeUndefined();
});

test('stoppableClock() ends a wait that is under way, and every later one', async () => {
  const asked = new AbortController();
  const clock = stoppableClock(systemClock, () => asked.signal);
  const slept = clock.sleep(HOUR_MS);

  asked.abort();

  await expect(slept).rejects.toMatchObject({ code: 'CANCELLED' });
  await expect(clock.sleep(1)).rejects.toMatchObject({ code: 'CANCELLED' });
});

test.each([undefined, new AbortController().signal])(
  'stoppableClock() waits where nobody asks to stop',
  async (signal) => {
    const slept: number[] = [];
    const still = { now: () => 7, sleep: async (ms: number) => void slept.push(ms) };
    const clock = stoppableClock(still, () => signal);

    await clock.sleep(31_000);

    expect([slept, clock.now()]).toEqual([[31_000], 7]);
  },
);
