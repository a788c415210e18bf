import type { CheckGroup, CheckResult, Report } from '../model/check.js';
import { escapeMarkup } from './escape-markup.js';

/** A report as JUnit XML: one test suite a family of checks. An inconclusive check is a skipped test with its reason. */
export function renderJunit(report: Report): string {
  const groups = [...new Set(report.results.map(({ group }) => group))];
  const name = `pixgate ${report.name} ${report.stage}`;
  const suites = groups.map((group) => suite(group, report));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${escapeMarkup(name)}" ${totals(report.results)} time="${seconds(report.tookMs)}">`,
    ...suites,
    '</testsuites>',
    '',
  ].join('\n');
}

function suite(group: CheckGroup, { results, startedAt, url }: Report): string {
  const own = results.filter((result) => result.group === group);
  const took = own.reduce((sum, { tookMs }) => sum + tookMs, 0);
  // JUnit's schema wants the time of day without a zone.
  const timestamp = escapeMarkup(startedAt.replace(/(\.\d+)?Z$/, ''));
  return [
    `  <testsuite name="${group}" ${totals(own)} time="${seconds(took)}" timestamp="${timestamp}" hostname="${escapeMarkup(url)}">`,
    ...own.map(testCase),
    '  </testsuite>',
  ].join('\n');
}

function totals(results: readonly CheckResult[]): string {
  const failures = results.filter(({ status }) => status === 'failed').length;
  const skipped = results.filter(({ status }) => status === 'skipped' || status === 'inconclusive').length;
  return `tests="${results.length}" failures="${failures}" errors="0" skipped="${skipped}"`;
}

function testCase(result: CheckResult): string {
  const open = `    <testcase classname="pixgate.${result.group}" name="${escapeMarkup(`${result.title} [${result.id}]`)}" time="${seconds(result.tookMs)}"`;
  switch (result.status) {
    case 'passed':
      return `${open}/>`;
    case 'failed':
      return `${open}>\n      <failure message="${escapeMarkup(result.cause ?? result.got ?? 'failed')}">${escapeMarkup(details(result))}</failure>\n    </testcase>`;
    default:
      return `${open}>\n      <skipped message="${escapeMarkup([result.status, result.got, result.cause].filter(isSaid).join(': '))}"/>\n    </testcase>`;
  }
}

function details({ asked, expected, got, cause, fix }: CheckResult): string {
  return Object.entries({ asked, expected, got, cause, fix })
    .flatMap(([name, text]) => (text === undefined ? [] : [`${name}: ${text}`]))
    .join('\n');
}

const isSaid = (text: string | undefined): boolean => text !== undefined;

const seconds = (ms: number): string => (ms / 1000).toFixed(3);
