import type { Sample } from '../model/check.js';

const WIDTH = 760;
const LANE = 74;
const LEFT = 132;
const RIGHT = 36;
const TOP = 6;
const RADIUS = 5;

/** Latencies as inline SVG: one dot a request, one lane for cold and one for cached, medians marked; '' without samples. */
export function renderLatencyChart(samples: readonly Sample[]): string {
  const lanes = [
    { name: 'from S3', note: 'cold', kind: 'cold', times: timesOf(samples, false) },
    { name: 'from the cache', note: 'cached', kind: 'cached', times: timesOf(samples, true) },
  ].filter(({ times }) => times.length > 0);
  if (lanes.length === 0) return '';
  const step = niceStep(Math.max(...lanes.flatMap(({ times }) => times)));
  const most = step * Math.max(1, Math.ceil(Math.max(...lanes.flatMap(({ times }) => times)) / step));
  const x = (ms: number) => LEFT + (ms / most) * (WIDTH - LEFT - RIGHT);
  const bottom = TOP + lanes.length * LANE;
  const ticks = Array.from({ length: Math.round(most / step) + 1 }, (_, nth) => nth * step);
  const medians = lanes.map(({ name, times }) => `${name} ${milliseconds(median(times))}`).join(', ');
  return [
    `<svg class="chart" viewBox="0 0 ${WIDTH} ${bottom + 48}" role="img" aria-label="Median latency: ${medians}">`,
    ...ticks.map(
      (ms) =>
        `<line class="grid" x1="${px(x(ms))}" y1="${TOP}" x2="${px(x(ms))}" y2="${bottom}"/>` +
        `<text class="tick" x="${px(x(ms))}" y="${bottom + 18}" text-anchor="middle">${trim(ms)}</text>`,
    ),
    `<text class="tick" x="${px((LEFT + WIDTH - RIGHT) / 2)}" y="${bottom + 40}" text-anchor="middle">milliseconds from sending to the last byte</text>`,
    ...lanes.map((lane, nth) => laneMarkup(lane, TOP + nth * LANE, x)),
    '</svg>',
  ].join('\n');
}

/** The middle value; of an even number the mean of the middle two; 0 for none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const lower = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
  return (lower + upper) / 2;
}

/** A duration for people: '0.8 ms', '42 ms', '1.3 s'. */
export function milliseconds(ms: number): string {
  if (ms >= 1000) return `${trim(Math.round(ms / 100) / 10)} s`;
  return `${trim(ms < 10 ? Math.round(ms * 10) / 10 : Math.round(ms))} ms`;
}

interface Lane {
  readonly name: string;
  readonly note: string;
  readonly kind: string;
  readonly times: readonly number[];
}

function laneMarkup({ name, note, kind, times }: Lane, top: number, x: (ms: number) => number): string {
  const middle = top + LANE / 2 + 8;
  const mid = median(times);
  // The label stays inside the picture when the median lies at its edge.
  const labelX = Math.min(Math.max(x(mid), LEFT + 48), WIDTH - RIGHT - 48);
  return [
    `<g class="${kind}">`,
    `<text class="lane" x="0" y="${middle - 2}">${name}</text>`,
    `<text class="tick" x="0" y="${middle + 15}">${times.length} ${note}</text>`,
    // Dots of like latency would hide each other, so they are spread over three rows.
    ...times.map((ms, nth) => `<circle cx="${px(x(ms))}" cy="${middle + ((nth % 3) - 1) * 7}" r="${RADIUS}"/>`),
    `<line class="median" x1="${px(x(mid))}" y1="${middle - 18}" x2="${px(x(mid))}" y2="${middle + 18}"/>`,
    `<text class="value" x="${px(labelX)}" y="${middle - 25}" text-anchor="middle">median ${milliseconds(mid)}</text>`,
    '</g>',
  ].join('');
}

function timesOf(samples: readonly Sample[], cached: boolean): number[] {
  return samples
    .filter((sample) => sample.cached === cached && Number.isFinite(sample.ms))
    .map(({ ms }) => Math.max(0, ms));
}

/** 1, 2 or 5 times a power of ten, so that four to eight steps reach the largest value. */
function niceStep(largest: number): number {
  const rough = Math.max(largest, 0.5) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
}

const px = (value: number): string => value.toFixed(1);

const trim = (value: number): string => String(Number(value.toFixed(2)));
