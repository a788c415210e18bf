import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createPacer } from '../../src/aws/pacer.js';
import { steppedClock } from './stepped-clock.js';

/** What AWS allows: this many at once, and one more every so many milliseconds. */
interface Quota {
  readonly burst: number;
  readonly everyMs: number;
}

/** API Gateway Developer Guide, "Quotas for creating, deploying and managing an API". */
const PUBLISHED: Readonly<Record<string, Quota>> = {
  CreateApiKey: { burst: 5, everyMs: 200 },
  CreateDeployment: { burst: 1, everyMs: 5_000 },
  CreateResource: { burst: 5, everyMs: 200 },
  CreateRestApi: { burst: 1, everyMs: 30_000 },
  DeleteApiKey: { burst: 5, everyMs: 200 },
  DeleteResource: { burst: 5, everyMs: 200 },
  DeleteRestApi: { burst: 1, everyMs: 30_000 },
  GetResources: { burst: 5, everyMs: 400 },
  UpdateAccount: { burst: 1, everyMs: 20_000 },
  UpdateUsagePlan: { burst: 1, everyMs: 20_000 },
};
const TOGETHER: Quota = { burst: 40, everyMs: 100 };

/** Fills up with time, and answers whether there was something left to take. */
function bucket({ burst, everyMs }: Quota): (at: number) => boolean {
  let tokens = burst;
  let last = 0;
  return (at) => {
    tokens = Math.min(burst, tokens + (at - last) / everyMs);
    last = at;
    if (tokens < 1 - 1e-9) return false;
    tokens -= 1;
    return true;
  };
}

/** When each of these calls goes out, in milliseconds, one after the other without a pause. */
async function departures(operations: readonly string[]): Promise<number[]> {
  const clock = steppedClock();
  const pacer = createPacer(clock);
  const times: number[] = [];
  const work = async (): Promise<void> => {
    for (const operation of operations) {
      await pacer.turn(operation);
      times.push(clock.now());
    }
  };
  await clock.run(work());
  return times;
}

test.each([
  ['CreateRestApi', [0, 31_000, 62_000]],
  ['DeleteRestApi', [0, 31_000, 62_000]],
  ['CreateDeployment', [0, 10_000, 20_000]],
  ['UpdateAccount', [0, 21_000, 42_000]],
  ['UpdateUsagePlan', [0, 21_000, 42_000]],
  ['CreateApiKey', [0, 0, 400, 800]],
  ['DeleteApiKey', [0, 0, 400, 800]],
  ['CreateResource', [0, 0, 400, 800]],
  ['DeleteResource', [0, 0, 400, 800]],
  ['GetResources', [0, 0, 800, 1_600]],
  ['PutMethod', [0, 0, 0, 0, 0, 0, 0, 0]],
])('pacer.turn() lets %s go at %j ms', async (operation, times) => {
  expect(await departures(times.map(() => operation))).toEqual(times);
});

test('pacer.turn() lets 20 calls of any kind go at once, then five a second', async () => {
  const times = await departures(Array.from({ length: 26 }, (_, nth) => `Put${nth}`));

  expect(times.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 0));
  expect(times.slice(20)).toEqual([200, 400, 600, 800, 1_000, 1_200]);
});

test('pacer.turn() lets a call go at once after a pause, and saves up no more than the burst', async () => {
  const clock = steppedClock();
  const pacer = createPacer(clock);
  const waits: number[] = [];
  const work = async (): Promise<void> => {
    await pacer.turn('CreateDeployment');
    await clock.sleep(3_600_000);
    for (let nth = 0; nth < 2; nth += 1) {
      const asked = clock.now();
      await pacer.turn('CreateDeployment');
      waits.push(clock.now() - asked);
    }
  };

  await clock.run(work());

  expect(waits).toEqual([0, 10_000]);
});

test('pacer.turn() gives calls that ask at once turns of their own', async () => {
  const clock = steppedClock();
  const pacer = createPacer(clock);

  const turns = Array.from({ length: 3 }, () => pacer.turn('DeleteRestApi').then(() => clock.now()));

  expect(await clock.run(Promise.all(turns))).toEqual([0, 31_000, 62_000]);
});

test('pacer.turn() has one operation wait for its own kind only', async () => {
  expect(await departures(['DeleteRestApi', 'CreateRestApi', 'PutMethod', 'DeleteRestApi'])).toEqual([0, 0, 0, 31_000]);
});

test.each([
  ['CreateRestApi', 2, [['AWS allows one CreateRestApi per 30 s', 31_000]]],
  ['DeleteRestApi', 2, [['AWS allows one DeleteRestApi per 30 s', 31_000]]],
  ['CreateDeployment', 2, [['AWS allows one CreateDeployment per 5 s', 10_000]]],
  ['CreateResource', 6, []],
  ['PutMethod', 60, []],
])('pacer.turn() says why and how long, where it takes three seconds and more: %s', async (operation, calls, told) => {
  const clock = steppedClock();
  const pacer = createPacer(clock);
  const heard: [string, number][] = [];
  const work = async (): Promise<void> => {
    for (let nth = 0; nth < calls; nth += 1) await pacer.turn(operation, (why, ms) => heard.push([why, ms]));
  };

  await clock.run(work());

  expect(heard).toEqual(told);
});

test('pacer.turn() never sends more than AWS allows, whatever is called when', async () => {
  const call = fc.record({
    operation: fc.constantFrom(...Object.keys(PUBLISHED), 'PutMethod', 'PutIntegration'),
    times: fc.integer({ min: 1, max: 60 }),
    restMs: fc.constantFrom(0, 0, 0, 150, 2_000, 60_000),
  });

  await fc.assert(
    fc.asyncProperty(fc.array(call, { maxLength: 6 }), async (calls) => {
      const clock = steppedClock();
      const pacer = createPacer(clock);
      const allowed = new Map(Object.entries(PUBLISHED).map(([name, quota]) => [name, bucket(quota)]));
      const together = bucket(TOGETHER);
      const refused: string[] = [];
      const work = async (): Promise<void> => {
        for (const { operation, times, restMs } of calls) {
          for (let nth = 0; nth < times; nth += 1) {
            await pacer.turn(operation);
            if (allowed.get(operation)?.(clock.now()) === false) refused.push(operation);
            if (!together(clock.now())) refused.push('all');
          }
          await clock.sleep(restMs);
        }
      };

      await clock.run(work());

      expect(refused).toEqual([]);
    }),
    { numRuns: 50 },
  );
});

test.each([
  ['CreateResource', { burst: 5, everyMs: 200 }],
  ['DeleteResource', { burst: 5, everyMs: 200 }],
  ['GetResources', { burst: 5, everyMs: 400 }],
  ['PutMethod', TOGETHER],
])('pacer.turn() twice over, for us and a neighbour, is within what AWS allows of %s', async (operation, quota) => {
  const clock = steppedClock();
  const allowed = bucket(quota);
  let refused = 0;
  const work = async (): Promise<void> => {
    const pacer = createPacer(clock);
    for (let nth = 0; nth < 100; nth += 1) {
      await pacer.turn(operation);
      if (!allowed(clock.now())) refused += 1;
    }
  };

  await clock.run(Promise.all([work(), work()]));

  expect(refused).toBe(0);
});
