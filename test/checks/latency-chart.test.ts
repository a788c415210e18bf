import { expect, test } from 'vitest';
import { median, milliseconds, renderLatencyChart } from '../../src/checks/latency-chart.js';

const sample = (ms: number, cached = false) => ({ path: '/a', cached, ms });

test.each([
  [[], 0],
  [[7], 7],
  [[9, 1, 5], 5],
  [[1, 2, 10, 20], 6],
])('median() of %j is %d', (values, middle) => {
  expect(median(values)).toBe(middle);
});

test.each([
  [0, '0 ms'],
  [0.84, '0.8 ms'],
  [42.4, '42 ms'],
  [999, '999 ms'],
  [1340, '1.3 s'],
])('milliseconds() says %d as %s', (ms, said) => {
  expect(milliseconds(ms)).toBe(said);
});

test('renderLatencyChart() draws a dot for each request and names both medians', () => {
  const svg = renderLatencyChart([sample(40), sample(60), sample(6, true)]);

  expect(svg.match(/<circle/g)?.length).toBe(3);
  expect(svg).toContain('median 50 ms');
  expect(svg).toContain('aria-label="Median latency: from S3 50 ms, from the cache 6 ms"');
  expect(svg).toContain('milliseconds from sending to the last byte');
});

test('renderLatencyChart() has one lane where nothing was cached', () => {
  const svg = renderLatencyChart([sample(40)]);

  expect(svg).toContain('from S3');
  expect(svg).not.toContain('from the cache');
});

test.each([[[0]], [[0.2, 0.3]], [[1, 100_000]], [[33]], [[-1]], [[Number.NaN, 5]]])(
  'renderLatencyChart() keeps %j inside the picture',
  (times) => {
    const svg = renderLatencyChart(times.map((ms) => sample(ms)));

    const [width = 0] = [...svg.matchAll(/viewBox="0 0 (\d+)/g)].map(([, value]) => Number(value));
    const xs = [...svg.matchAll(/ (?:cx|x[12]?)="([^"]*)"/g)].map(([, value]) => Number(value));
    expect(xs.length).toBeGreaterThan(4);
    for (const x of xs) expect(x >= 0 && x <= width).toBe(true);
  },
);

test('renderLatencyChart() is empty without samples', () => {
  expect(renderLatencyChart([])).toBe('');
});
