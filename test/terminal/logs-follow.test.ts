import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import type { LogsOptions, LogsResult } from '../../src/index.js';
import type { LoggedRequest } from '../../src/model/result.js';
import { followLogs, signalOfLeaving } from '../../src/terminal/logs-follow.js';

const NOON = Date.UTC(2026, 10, 23, 12);

/** A request that reached the log so many seconds after noon. */
function requestAt(second: number, change: Partial<LoggedRequest> = {}): LoggedRequest {
  return {
    at: iso(second),
    extendedRequestId: `x${second}`,
    requestId: `r${second}`,
    status: 200,
    execution: [],
    ...change,
  };
}

function iso(second: number): string {
  return new Date(NOON + second * 1000).toISOString();
}

/** Follows logs of which each look finds the next of these, a while later; ends with the last. */
async function follow(
  looks: readonly (readonly LoggedRequest[])[],
  options: LogsOptions = { lastMs: 10_000 },
  stepS = 2,
) {
  const controller = new AbortController();
  const heard: LoggedRequest[] = [];
  const asked: LogsOptions[] = [];
  const pauses: number[] = [];
  await followLogs({
    read: (wanted) => {
      const until = asked.push(wanted) * stepS;
      const since = wanted.fromMs ?? NOON + until * 1000 - (wanted.lastMs ?? 0);
      const result: LogsResult = {
        since: new Date(since).toISOString(),
        until: iso(until),
        requests: looks[asked.length - 1] ?? [],
      };
      return Promise.resolve(result);
    },
    options,
    heard: (request) => heard.push(request),
    signal: controller.signal,
    pause: async (ms) => {
      pauses.push(ms);
      if (asked.length === looks.length) controller.abort();
    },
  });
  return { heard, asked, pauses };
}

test('followLogs() tells each request once, however often it is found, and looks every two seconds', async () => {
  const { heard, pauses } = await follow([[requestAt(0)], [requestAt(0), requestAt(2)], [requestAt(2)], []]);

  expect(heard).toEqual([requestAt(0), requestAt(2)]);
  expect(pauses).toEqual([2000, 2000, 2000, 2000]);
});

test('followLogs() tells a request that comes after a younger one', async () => {
  const { heard } = await follow([[requestAt(2)], [requestAt(1), requestAt(2)]]);

  expect(heard).toEqual([requestAt(2), requestAt(1)]);
});

test('followLogs() tells lines of the execution log that come later, and no other line twice', async () => {
  const early = requestAt(0, { status: 500, execution: ['one'] });
  const late = requestAt(0, { status: 500, execution: ['one', 'two'] });

  const { heard } = await follow([[early], [late], [late]]);

  expect(heard).toEqual([early, { at: iso(0), requestId: 'r0', execution: ['two'] }]);
});

test('followLogs() adds the line of the access log to a failure that the execution log told first', async () => {
  const alone: LoggedRequest = { at: iso(0), requestId: 'r0', execution: ['one'] };
  const whole = requestAt(0, { status: 500, execution: ['one'] });

  const { heard } = await follow([[alone], [whole]]);

  expect(heard).toEqual([alone, { ...whole, execution: [] }]);
});

test('followLogs() tells equal lines of another format by their moment', async () => {
  const lines = [0, 1].map((second): LoggedRequest => ({ at: iso(second), text: 'x', execution: [] }));

  const { heard } = await follow([lines.slice(0, 1), lines]);

  expect(heard).toEqual(lines);
});

test('followLogs() looks back one minute, never before where it began, and keeps asking for errors only', async () => {
  const { asked } = await follow([[], [], [], []], { lastMs: 45_000, errors: true }, 40);

  const begin = NOON - 5_000;
  expect(asked).toEqual([
    { lastMs: 45_000, errors: true },
    { lastMs: 45_000, errors: true, fromMs: begin },
    { lastMs: 45_000, errors: true, fromMs: NOON + 20_000 },
    { lastMs: 45_000, errors: true, fromMs: NOON + 60_000 },
  ]);
});

test('signalOfLeaving() aborts when the reader of a stream is gone', () => {
  const stream = new PassThrough() as unknown as NodeJS.WriteStream;
  const signal = signalOfLeaving(stream);
  const before = signal.aborted;

  stream.emit('error', Object.assign(new Error('gone'), { code: 'EPIPE' }));

  expect([before, signal.aborted]).toEqual([false, true]);
});
