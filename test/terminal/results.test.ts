import { expect, test } from 'vitest';
import type { ApplyResult, EnvironmentSummary } from '../../src/model/result.js';
import {
  describeExpiry,
  renderEnvironments,
  renderMoreUrls,
  renderResult,
  renderUnsent,
  renderWarnings,
} from '../../src/terminal/results.js';
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

const upload = { sent: 1, headersUpdated: 2, unchanged: 3, removed: 4, bytesSent: 1_200_000, refused: [], failed: [] };

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
    ['  http://127.0.0.1:4510/dev/images/a%20b.png'],
  ],
  ['where addresses begin', resultOf({ url: 'http://127.0.0.1:4510/dev', urls: [] }), ['http://127.0.0.1:4510/dev']],
  ['a clean teardown', resultOf({ phase: 'teardown', left: [] }), ['0 left']],
  ['what a teardown left', resultOf({ left: ['role pixgate-x: in use'] }), ['1 left', '  role pixgate-x: in use']],
])('renderResult() shows %s', (_what, result, expected) => {
  const lines = renderResult(result, blankPage());

  expect(lines).toEqual(expected);
});

test.each([
  [7, 7, false, 5, ['  and 2 more images (pixgate test --json names all)']],
  [6, 6, false, 6, []],
  [7, 7, true, 7, []],
  [20, 21, true, 20, ['  and 1 more image (pixgate test --json names all)']],
  [5, 5, false, 5, []],
  [0, 0, false, 0, []],
])(
  'of %i addresses of %i images (verbose: %s) %i are shown, and the others counted',
  (named, served, verbose, shown, more) => {
    const urls = Array.from({ length: named }, (_, at) => ({
      mount: '/images',
      key: `${at}.png`,
      url: `http://x/${at}.png`,
    }));
    const result = resultOf({ urls, served });

    expect(renderResult(result, blankPage(), verbose)).toEqual(urls.slice(0, shown).map(({ url }) => `  ${url}`));
    expect(renderMoreUrls(result, 'pixgate test --json', blankPage(), verbose)).toEqual(more);
  },
);

test('renderUnsent() names each file that was not sent, harmless to print', () => {
  const refused = [{ file: 'a\u001b[2J.png', reason: 'holds a control character' }];

  const lines = renderUnsent(resultOf({ upload: { ...upload, refused } }), blankPage());

  expect(lines).toEqual(['! a\\x1b[2J.png is not sent: it holds a control character']);
});

test('renderUnsent() names no refused file that the plan told of, but each that failed', () => {
  const refused = ['a.png', 'b.png'].map((file) => ({ file, reason: 'is empty' }));
  const failed = [{ file: 'a.png', reason: 'S3 said no.', code: 'AWS' as const }];
  const result = resultOf({ upload: { ...upload, refused, failed } });

  expect(renderUnsent(result, blankPage(), new Set(['a.png']))).toEqual([
    '! b.png is not sent: it is empty',
    '! a.png is not sent: S3 said no.',
  ]);
});

test.each([
  [undefined, []],
  [['no logs\u0007: ask somebody'], ['! no logs\\x07: ask somebody']],
])('renderWarnings() says what is missing, harmless to print: %j', (warnings, expected) => {
  const lines = renderWarnings(warnings === undefined ? {} : { warnings }, blankPage());

  expect(lines).toEqual(expected);
});

const environment: EnvironmentSummary = {
  target: 'aws',
  account: '123456789012',
  region: 'eu-west-1',
  name: 'holiday',
  stage: 'dev',
  token: 't',
  seenAt: '2026-11-23T03:02:03Z',
  createdAt: '2026-11-23T01:02:03Z',
  createdBy: 'ann@laptop',
  expiresAt: '2026-11-23T04:22:03Z',
  expired: false,
  url: 'https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/dev',
  things: ['bucket x', 'api y'],
  usdPerHour: 0.02,
};

test.each([80, Number.POSITIVE_INFINITY])('renderEnvironments() makes a row of each, on %s columns', (columns) => {
  const { expiresAt: _lease, url: _url, createdBy: _who, ...bare } = environment;

  const lines = renderEnvironments([environment, { ...bare, stage: 'prod', usdPerHour: 0 }], blankPage(columns));

  expect(lines).toEqual([
    '  name     stage  age  an hour  expires        by',
    '  holiday  dev    2 h  $0.02    in 1 h 20 min  ann@laptop',
    '    https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/dev',
    '  holiday  prod   2 h  -        never          -',
    '    not served: bucket x, api y',
  ]);
});

test('renderEnvironments() makes a block of each where a table does not fit', () => {
  const lines = renderEnvironments([environment], blankPage(40));

  expect(lines.slice(0, 3)).toEqual(['  name: holiday', '  stage: dev', '  age: 2 h']);
});

test.each([
  [{ expiresAt: '2026-11-23T03:02:00Z' }, 'expired 0 min ago'],
  [{ expiresAt: '2026-11-20T00:00:00Z' }, 'expired 3 d 3 h ago'],
  [{ expiresAt: '2026-11-30T03:02:03Z' }, 'in 7 d'],
  [{ unreadableLease: [{ thing: 'bucket x', value: 'soon' }] }, 'unreadable'],
  [{}, 'never'],
])('describeExpiry() of %j', (lease, expected) => {
  const text = describeExpiry({ seenAt: '2026-11-23T03:02:03Z', ...lease });

  expect(text).toBe(expected);
});

test('renderEnvironments() says that there is none', () => {
  const lines = renderEnvironments([], blankPage());

  expect(lines).toEqual(['No environments.']);
});
