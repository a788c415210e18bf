import { expect, test } from 'vitest';
import { RefusedError } from '../../src/errors.js';
import type { EnvironmentSummary, Sweep, SweptEnvironment } from '../../src/index.js';
import { renderSweep, renderSwept, toSweepDocument } from '../../src/terminal/sweep.js';
import { blankPage } from './blank-page.js';

const environment: EnvironmentSummary = {
  target: 'aws',
  account: '123456789012',
  region: 'eu-west-1',
  name: 'holiday',
  stage: 'dev',
  token: 't',
  seenAt: '2026-11-23T03:02:03Z',
  expiresAt: '2026-11-23T02:02:03Z',
  expired: true,
  things: ['bucket x'],
  usdPerHour: 0,
};
const refusal = new RefusedError('Cannot delete bucket "x".', { code: 'FOREIGN_OBJECTS' });
const edited = { ...environment, name: 'edited', unreadableLease: [{ thing: 'bucket y', value: 'so\u0007on' }] };
const sweep: Sweep = {
  target: 'aws',
  account: '123456789012',
  region: 'eu-west-1',
  entries: [{ environment, refusal }],
  unreadable: [edited],
  apply: () => Promise.resolve([]),
  close: () => Promise.resolve(),
};
const swept: SweptEnvironment[] = [
  { environment, outcome: 'left', removed: ['stage dev'], left: ['bucket x'], error: refusal },
  { environment: { ...environment, name: 'other' }, outcome: 'removed', removed: ['bucket/y y'], left: [] },
];

test('renderSweep() says what stays and why, harmless to print', () => {
  const lines = renderSweep(sweep, blankPage());

  expect(lines).toEqual([
    'holiday, stage dev: expired 1 h ago',
    '  stays: Cannot delete bucket "x".',
    '! edited, stage dev, stays: nobody can read when it expires (bucket y says "so\\u0007on").',
  ]);
});

test('renderSwept() says what became of each', () => {
  const lines = renderSwept(swept, blankPage());

  expect(lines).toEqual([
    'holiday, stage dev: not all of it could be removed (1 removed, 1 left)',
    '  Cannot delete bucket "x".',
    '  left: bucket x',
    'other, stage dev: removed (1 removed)',
    '1 of 2 environments removed',
  ]);
});

test('toSweepDocument() holds the reason for each that stays', () => {
  const document = toSweepDocument(sweep, swept);

  const named = { name: 'holiday', stage: 'dev', token: 't', expiresAt: '2026-11-23T02:02:03Z' };
  expect(document.environments).toEqual([
    {
      ...named,
      outcome: 'left',
      removed: ['stage dev'],
      left: ['bucket x'],
      error: { code: 'FOREIGN_OBJECTS', message: 'Cannot delete bucket "x".', suggestions: [] },
    },
    { ...named, name: 'other', outcome: 'removed', removed: ['bucket/y y'], left: [] },
  ]);
  expect(document.unreadable).toEqual([
    { ...named, name: 'edited', unreadableLease: [{ thing: 'bucket y', value: 'so\u0007on' }] },
  ]);
});
