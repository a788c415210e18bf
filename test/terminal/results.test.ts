import { expect, test } from 'vitest';
import type { ApplyResult, EnvironmentSummary } from '../../src/model/result.js';
import { renderEnvironments, renderRefused, renderResult } from '../../src/terminal/results.js';
import { blankPage } from './blank-page.js';

function resultOf(change: Partial<ApplyResult>): ApplyResult {
  return {
    phase: 'up',
    target: 'local',
    account: '123456789012',
    region: 'eu-west-1',
    name: 'holiday',
    stage: 'dev',
    changed: 1,
    kept: 0,
    steps: [],
    tookMs: 10,
    ...change,
  };
}

const upload = { sent: 1, headersUpdated: 2, unchanged: 3, removed: 4, bytesSent: 1_200_000, refused: [] };

test.each([
  [
    'the bucket of an init',
    resultOf({ phase: 'init', steps: [{ address: 'bucket/images', action: 'create', label: 'b-1', changes: [] }] }),
    ['bucket b-1'],
  ],
  ['an upload', resultOf({ upload }), ['1 image sent (1.2 MB), 2 with new headers, 3 unchanged, 4 removed']],
  [
    'the addresses',
    resultOf({
      url: 'http://127.0.0.1:4510/dev',
      urls: [{ mount: '/images', key: 'a b.png', url: 'http://127.0.0.1:4510/dev/images/a%20b.png' }],
    }),
    ['http://127.0.0.1:4510/dev', '  http://127.0.0.1:4510/dev/images/a%20b.png'],
  ],
  ['a clean teardown', resultOf({ phase: 'teardown', left: [] }), ['0 left']],
  ['what a teardown left', resultOf({ left: ['role pixgate-x: in use'] }), ['1 left', '  role pixgate-x: in use']],
])('renderResult() shows %s', (_what, result, expected) => {
  const lines = renderResult(result, blankPage());

  expect(lines).toEqual(expected);
});

test('renderRefused() names each file that was not sent, harmless to print', () => {
  const refused = [{ file: 'a\u001b[2J.png', reason: 'holds a control character' }];

  const lines = renderRefused(resultOf({ upload: { ...upload, refused } }), blankPage());

  expect(lines).toEqual(['! not sent: a\\x1b[2J.png: holds a control character']);
});

test('renderEnvironments() makes a row of each', () => {
  const found: EnvironmentSummary = {
    target: 'aws',
    account: '123456789012',
    region: 'eu-west-1',
    name: 'holiday',
    stage: 'dev',
    token: 't',
    createdAt: '2026-11-23T01:02:03Z',
    url: 'https://a.test/dev',
    things: ['bucket x', 'api y'],
    usdPerHour: 0.02,
  };

  const lines = renderEnvironments([found], blankPage());

  expect(lines).toEqual([
    '  name     stage  region     created           an hour  things  url',
    '  holiday  dev    eu-west-1  2026-11-23 01:02  $0.02    2       https://a.test/dev',
  ]);
});

test('renderEnvironments() says that there is none', () => {
  const lines = renderEnvironments([], blankPage());

  expect(lines).toEqual(['No environments.']);
});
