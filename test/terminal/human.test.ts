import { expect, test } from 'vitest';
import type { Event } from '../../src/model/event.js';
import type { Step } from '../../src/model/plan.js';
import {
  createNarrator,
  describeProgress,
  describeWait,
  type NarratorOptions,
  withBar,
} from '../../src/terminal/human.js';
import { blankPage, openPage } from './blank-page.js';
import { checkOf } from './report-of.js';

const step: Step = { address: 'objects/images', action: 'create', label: '50 images', changes: [] };

function progress(done: number): Extract<Event, { type: 'progress' }> {
  return { type: 'progress', address: 'objects/images', done, total: 50, unit: 'files' };
}

async function narrate(
  events: readonly (readonly [atMs: number, event: Event])[],
  verbose = false,
  options: Pick<NarratorOptions, 'failedOnly'> = {},
) {
  const { page, lines } = openPage();
  let now = 0;
  const voice = {
    ...{ json: false, quiet: false, verbose, color: false, canAsk: false, animated: false },
    ...{ out: blankPage(), err: blankPage(), progress: page },
  };
  const narrator = await createNarrator(voice, { now: () => now, ...options });
  for (const [atMs, event] of events) {
    now = atMs;
    narrator.listener(event);
  }
  narrator.stop();
  return lines;
}

test('createNarrator() says one line for each step, note and wait', async () => {
  const lines = await narrate([
    [0, { type: 'begin', step }],
    [1, { type: 'note', address: 'objects/images', text: 'sending\u0007' }],
    [2, { type: 'wait', address: 'stage', for: 'cache cluster', elapsedMs: 30_000, expectedMs: 240_000 }],
    [1200, { type: 'done', step, tookMs: 1200 }],
  ]);

  expect(lines).toEqual([
    '     objects/images: sending\\x07',
    '     stage: cache cluster, 30.0 s so far, about 3 m 30 s to go',
    '  ✓  objects/images  50 images  created in 1.2 s',
  ]);
});

test('createNarrator() marks a warning', async () => {
  const lines = await narrate([[0, { type: 'warning', address: 'logging', text: 'no logs\u0007' }]]);

  expect(lines).toEqual(['  !  logging: no logs\\x07']);
});

test('createNarrator() says plain progress at most every five seconds', async () => {
  const lines = await narrate([
    [0, { type: 'begin', step }],
    [100, progress(1)],
    [200, progress(2)],
    [5_100, progress(20)],
    [5_200, progress(21)],
  ]);

  expect(lines).toEqual([
    '     objects/images: 1 of 50 files',
    '     objects/images: 20 of 50 files, 3.9 files/s, 7.7 s to go',
  ]);
});

test('createNarrator() always says the last of plain progress, once', async () => {
  const lines = await narrate([
    [0, { type: 'begin', step }],
    [100, progress(1)],
    [200, progress(50)],
    [300, progress(50)],
  ]);

  expect(lines).toEqual(['     objects/images: 1 of 50 files', '     objects/images: 50 of 50 files']);
});

test('createNarrator() marks the step that failed and leaves why to the complaint', async () => {
  const lines = await narrate([[0, { type: 'fail', step, error: new Error('because') }]]);

  expect(lines).toEqual(['  ✗  objects/images  50 images  failed']);
});

test.each([
  [false, []],
  [true, ['  ✓  objects/images  50 images  unchanged in 3 ms']],
])('createNarrator() tells of a step that stays only with verbose: %s', async (verbose, expected) => {
  const kept = { ...step, action: 'keep' } as const;
  const lines = await narrate(
    [
      [0, { type: 'begin', step: kept }],
      // What the cloud's own clock says does not count: it may skip ahead.
      [3, { type: 'done', step: kept, tookMs: 99_000 }],
    ],
    verbose,
  );

  expect(lines).toEqual(expected);
});

test('createNarrator() puts a heading over each group of checks', async () => {
  const lines = await narrate([
    [0, { type: 'check', result: checkOf({}), done: 1, total: 3 }],
    [1, { type: 'check', result: checkOf({ title: 'b.png comes whole' }), done: 2, total: 3 }],
    [2, { type: 'check', result: checkOf({ group: 'logs', title: 'It is logged' }), done: 3, total: 3 }],
  ]);

  expect(lines).toEqual([
    'Ways to the same bytes',
    '  ✓ a.png comes whole (12 ms)',
    '  ✓ b.png comes whole (12 ms)',
    'Logs',
    '  ✓ It is logged (12 ms)',
  ]);
});

test('createNarrator() counts checks where passed ones get no line of their own', async () => {
  const lines = await narrate(
    [
      [0, { type: 'check', result: checkOf({}), done: 1, total: 3 }],
      [
        1,
        { type: 'check', result: checkOf({ title: 'b.png comes whole', status: 'inconclusive' }), done: 2, total: 3 },
      ],
      [2, { type: 'check', result: checkOf({ group: 'logs', title: 'It is logged' }), done: 3, total: 3 }],
    ],
    false,
    { failedOnly: true },
  );

  expect(lines.filter((line) => !/^ {6}/.test(line))).toEqual([
    '     1 of 3 checks',
    'Ways to the same bytes',
    '  ? b.png comes whole (12 ms)',
    '     3 of 3 checks',
  ]);
});

test('describeProgress() counts bytes, rate and time to go', () => {
  const text = describeProgress({ ...progress(20), bytesDone: 2_000_000, bytesTotal: 5_000_000 }, 4_000);

  expect(text).toBe('objects/images: 20 of 50 files, 2.0 MB of 5.0 MB, 5.0 files/s, 6.0 s to go');
});

test.each([
  [0, 100, 'said', `${'░'.repeat(24)}   0 %  said`],
  [46, 100, 'said', `${'█'.repeat(11)}${'░'.repeat(13)}  46 %  said`],
  [99.9, 100, 'said', `${'█'.repeat(23)}░  99 %  said`],
  [100, 100, 'said', `${'█'.repeat(24)} 100 %  said`],
  [50, 100, 'x'.repeat(62), `${'█'.repeat(3)}${'░'.repeat(3)}  50 %  ${'x'.repeat(62)}`],
  [50, 100, 'x'.repeat(63), 'x'.repeat(63)],
])('withBar() draws %f of %f bytes into 80 columns beside %j', (bytesDone, bytesTotal, said, expected) => {
  const line = withBar({ ...progress(1), bytesDone, bytesTotal }, said, 80);

  expect(line).toBe(expected);
});

test('withBar() counts files where bytes are not known', () => {
  expect(withBar(progress(25), 'said', 80)).toBe(`${'█'.repeat(12)}${'░'.repeat(12)}  50 %  said`);
});

test('describeWait() counts no further than what was expected', () => {
  const text = describeWait({ type: 'wait', address: 'api', for: 'its turn', elapsedMs: 31_000, expectedMs: 30_000 });

  expect(text).toBe('api: its turn, 31.0 s so far');
});
