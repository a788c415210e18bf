import { expect, test } from 'vitest';
import { runInOrder } from '../../src/checks/pool.js';

const later = (turns: number): Promise<void> =>
  turns === 0 ? Promise.resolve() : Promise.resolve().then(() => later(turns - 1));

test.each([1, 2, 8])('runInOrder() keeps the order with %d at once, however long each takes', async (width) => {
  const heard: number[] = [];
  let running = 0;
  let most = 0;

  await runInOrder(
    [9, 1, 5, 0, 3, 7, 2, 8, 4, 6],
    width,
    async (turns) => {
      most = Math.max(most, ++running);
      await later(turns * 3);
      running--;
      return turns;
    },
    (result) => heard.push(result),
  );

  expect(heard).toEqual([9, 1, 5, 0, 3, 7, 2, 8, 4, 6]);
  expect(most).toBe(width);
});

test('runInOrder() begins nothing after a failure, and lets what has begun finish', async () => {
  const begun: number[] = [];
  const ended: number[] = [];

  const run = runInOrder(
    [1, 2, 3, 4, 5, 6],
    2,
    async (nth) => {
      begun.push(nth);
      await later(nth === 2 ? 1 : 9);
      if (nth === 2) throw new Error('broken');
      ended.push(nth);
    },
    () => {},
  );

  await expect(run).rejects.toThrow('broken');
  expect(begun).toEqual([1, 2]);
  expect(ended).toEqual([1]);
});
