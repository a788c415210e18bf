import { expect, test } from 'vitest';
import { createProgress } from '../../src/resources/progress.js';
import type { Talk } from '../../src/resources/resource.js';

/** Counts `files` of 10 bytes, one each `everyMs`; answers what was told, and when. */
function tell(files: number, everyMs: number) {
  let nowMs = 0;
  const told: { readonly atMs: number; readonly event: unknown }[] = [];
  const clock = { now: () => nowMs, sleep: () => Promise.resolve() };
  const say = (event: Talk | { readonly text: string }): void => void told.push({ atMs: nowMs, event });
  const progress = createProgress({ clock, say }, files, files * 10);
  for (let n = 0; n < files; n += 1) {
    nowMs += everyMs;
    progress.add(10);
  }
  progress.end();
  return told;
}

test('createProgress() tells the first one, and at most 20 states a second', () => {
  const told = tell(10_000, 1);

  expect(told[0]).toMatchObject({ atMs: 1, event: { done: 1, total: 10_000, bytesDone: 10, bytesTotal: 100_000 } });
  expect(told.length).toBeGreaterThan(190);
  expect(told.length).toBeLessThanOrEqual(202);
});

test.each([1, 2, 49, 51, 100])('createProgress() tells the last of %i states, once', (files) => {
  const told = tell(files, 1).map(({ event }) => (event as { done: number }).done);

  expect(told.at(-1)).toBe(files);
  expect(new Set(told).size).toBe(told.length);
});

test('createProgress() leaves out none that come slowly', () => {
  expect(tell(5, 60)).toHaveLength(5);
});

test('createProgress() tells nothing of nothing', () => {
  expect(tell(0, 1)).toEqual([]);
});
