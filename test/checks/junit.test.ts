import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { expect, test } from 'vitest';
import { renderJunit } from '../../src/checks/index.js';
import { HOSTILE, report, result } from './report-example.js';

const parse = (xml: string) =>
  new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    htmlEntities: true,
    isArray: (name) => name === 'testcase' || name === 'testsuite',
  }).parse(xml).testsuites;

test('renderJunit() counts tests, failures and skipped, in all and by family', () => {
  const xml = renderJunit(
    report([
      result(),
      result({ id: 'b', status: 'failed', cause: 'Broken.', fix: 'pixgate wire' }),
      result({ id: 'c', group: 'logs', status: 'inconclusive', got: 'no line' }),
      result({ id: 'd', group: 'logs', status: 'skipped' }),
    ]),
  );

  const suites = parse(xml);
  expect(suites).toMatchObject({ tests: '4', failures: '1', skipped: '2', time: '8.423' });
  expect(suites.testsuite).toMatchObject([
    { name: 'bytes', tests: '2', failures: '1', skipped: '0', time: '0.024', timestamp: '2026-11-23T04:00:00' },
    { name: 'logs', tests: '2', failures: '0', skipped: '2' },
  ]);
});

test('renderJunit() says what failed and why', () => {
  const xml = renderJunit(
    report([result({ status: 'failed', asked: 'GET /x', expected: '200', got: '500', cause: 'Broken.', fix: 'mend' })]),
  );

  const [suite] = parse(xml).testsuite;
  expect(suite.testcase[0].failure).toEqual({
    message: 'Broken.',
    '#text': 'asked: GET /x\nexpected: 200\ngot: 500\ncause: Broken.\nfix: mend',
  });
});

test('renderJunit() stays valid XML whatever came back from outside', () => {
  const all = { title: HOSTILE, id: HOSTILE, asked: HOSTILE, got: `${HOSTILE}\uD800\uFFFF`, cause: HOSTILE };
  const xml = renderJunit(
    report([result({ ...all, status: 'failed' }), result({ ...all, status: 'skipped' })], {
      name: HOSTILE,
      url: HOSTILE,
    }),
  );

  expect(XMLValidator.validate(xml)).toBe(true);
  expect(xml).not.toMatch(/[^\t\n\x20-\uD7FF\uE000-\uFFFD]/);
  expect(parse(xml).testsuite[0].testcase[0].failure.message).toBe(`"><script>alert('x')</script>&\uFFFD\uFFFD[31m`);
});

test('renderJunit() of nothing is a valid document', () => {
  expect(XMLValidator.validate(renderJunit(report([])))).toBe(true);
});
