import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import type { LoggedRequest } from '../../src/model/result.js';
import { renderRequest } from '../../src/terminal/logs.js';
import { createPage } from '../../src/terminal/page.js';
import { blankPage } from './blank-page.js';

const request: LoggedRequest = {
  at: '2026-11-23T01:02:03.456Z',
  extendedRequestId: 'Abc=',
  requestId: 'r-1',
  status: 200,
  method: 'GET',
  resource: '/images/{key+}',
  ms: 12,
  bytes: 3400,
  ip: '192.0.2.1',
  cached: false,
  execution: [],
};

test.each<[string, Partial<LoggedRequest>, string[]]>([
  ['a miss', {}, ['2026-11-23 01:02:03Z  200  GET      /images/{key+}      12 ms    3.4 kB    192.0.2.1']],
  [
    'a hit',
    { cached: true },
    ['2026-11-23 01:02:03Z  200  GET      /images/{key+}      12 ms    3.4 kB    192.0.2.1        hit'],
  ],
  [
    'an error of the gateway, with the execution log below',
    { status: 429, error: 'THROTTLED', bytes: 0, execution: ['Execution failed', 'Gateway response type: THROTTLED'] },
    [
      '2026-11-23 01:02:03Z  429  GET      /images/{key+}      12 ms    0 B       192.0.2.1        THROTTLED',
      '      Execution failed',
      '      Gateway response type: THROTTLED',
    ],
  ],
])('renderRequest() sets out %s', (_what, change, expected) => {
  const lines = renderRequest({ ...request, ...change }, blankPage());

  expect(lines).toEqual(expected);
});

test.each<[string, LoggedRequest, string[]]>([
  [
    'a line that is not ours, harmless to print',
    { at: request.at, text: 'a\u001b[2J\u202eb', execution: [] },
    ['2026-11-23 01:02:03Z  a\\x1b[2J\\u202eb'],
  ],
  [
    'a failure that only the execution log knows',
    { at: request.at, requestId: 'r-1', execution: ['x\ny'] },
    ['2026-11-23 01:02:03Z  request r-1', '      x\\ny'],
  ],
  [
    'a request of which little is known',
    { at: request.at, status: 404, execution: [] },
    ['2026-11-23 01:02:03Z  404  -        -                   -        -         -'],
  ],
])('renderRequest() sets out %s', (_what, unusual, expected) => {
  const lines = renderRequest(unusual, blankPage());

  expect(lines).toEqual(expected);
});

test.each([
  [200, '\u001b[32m200'],
  [304, '\u001b[32m304'],
  [404, '\u001b[33m404'],
  [502, '\u001b[31m502'],
])('renderRequest() colours status %i', (status, painted) => {
  const page = createPage({ write: () => {}, color: true });

  const [line = ''] = renderRequest({ ...request, status }, page);

  expect(line).toContain(painted);
  expect(stripVTControlCharacters(line)).toBe(renderRequest({ ...request, status }, blankPage())[0]);
});

test.each([20, 40, 60, 80, 91])(
  'renderRequest() stays within %i columns and loses nothing that fits a line',
  (columns) => {
    const long = {
      ...request,
      ip: '2001:db8::1',
      cached: true,
      error: 'THROTTLED',
      execution: ['one two '.repeat(20)],
    };

    const lines = renderRequest(long, blankPage(columns));

    expect(lines.filter((line) => line.length > columns)).toEqual([]);
    for (const cell of [
      '01:02:03',
      '200',
      'GET',
      '/images/{key+}',
      '12 ms',
      '3.4 kB',
      '2001:db8::1',
      'hit',
      'THROTTLED',
    ])
      expect(lines.join('\n')).toContain(cell);
  },
);

test('renderRequest() cuts a cell that is wider than the page', () => {
  const lines = renderRequest({ at: request.at, text: 'x'.repeat(100), execution: [] }, blankPage(30));

  expect(lines).toEqual(['01:02:03', `    ${'x'.repeat(25)}…`]);
});
