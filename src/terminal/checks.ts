import type { CheckGroup, CheckResult, CheckStatus, Report } from '../model/check.js';
import { type Page, type Style, wrapText } from './page.js';
import { safeText } from './safe-text.js';
import { renderTable } from './tables.js';
import { countOf, formatDuration } from './units.js';

const marks: Readonly<Record<CheckStatus, readonly [mark: string, style: Style]>> = {
  passed: ['✓', 'good'],
  failed: ['✗', 'bad'],
  inconclusive: ['?', 'warning'],
  skipped: ['-', 'faint'],
};

const groupNames: Readonly<Record<CheckGroup, string>> = {
  bytes: 'Ways to the same bytes',
  replies: 'Every reply',
  auth: 'Who gets in',
  cache: 'Cache',
  hardening: 'Hardening',
  logs: 'Logs',
};

/** Sets out one check: its line, and below a failed one what was asked, what came back, why, and what to do. */
export function renderCheck(result: CheckResult, page: Page): string[] {
  const [mark, style] = marks[result.status];
  const head = wrapText(
    `  ${mark} ${safeText(result.title).replace(/\.$/, '')} (${formatDuration(result.tookMs)})`,
    page.columns,
    4,
  );
  const lines = head.map((line, index) => (index === 0 ? line.replace(mark, page.paint(style, mark)) : line));
  if (result.status !== 'failed' && result.status !== 'inconclusive') return lines;
  const details = [
    ['asked', result.asked],
    ['expected', result.expected],
    ['got', result.got],
    ['cause', result.cause],
    ['fix', result.fix],
  ] as const;
  return [
    ...lines,
    ...details.flatMap(([name, text]) =>
      text === undefined ? [] : wrapText(`      ${`${name}:`.padEnd(9)} ${safeText(text)}`, page.columns, 16),
    ),
  ];
}

/** Names a group as its heading reads. */
export function groupTitle(group: CheckGroup): string {
  return groupNames[group];
}

/** Sets out how a run of checks ended: one row a group, the verdict, and why any were skipped. */
export function renderSummary(report: Report, page: Page): string[] {
  const groups = [...new Set(report.results.map((result) => result.group))];
  const count = (group: CheckGroup, status: CheckStatus) =>
    String(report.results.filter((result) => result.group === group && result.status === status).length);
  const rows = groups.map((group) => [
    groupNames[group],
    count(group, 'passed'),
    count(group, 'failed'),
    count(group, 'inconclusive'),
    count(group, 'skipped'),
  ]);
  return [
    '',
    ...renderTable(['group', 'passed', 'failed', 'inconclusive', 'skipped'], rows, page),
    '',
    page.paint(report.failed > 0 ? 'bad' : 'good', `  ${verdictOf(report)}`),
    ...renderSkipped(report, page),
  ];
}

/** Says why checks were skipped, each reason once. */
function renderSkipped({ results }: Report, page: Page): string[] {
  const skipped = results.filter(({ status }) => status === 'skipped');
  const reasons = new Set(skipped.flatMap(({ got }) => got ?? []));
  return [...reasons].flatMap((reason) => {
    const times = skipped.filter(({ got }) => got === reason).length;
    return wrapText(`  ${times} skipped: ${safeText(reason)}`, page.columns, 4).map((line) =>
      page.paint('faint', line),
    );
  });
}

/** Says the verdict in one sentence: `31 checks: 30 passed, 1 failed, in 2.4 s.` */
export function verdictOf(report: Report): string {
  const parts = [
    `${report.passed} passed`,
    `${report.failed} failed`,
    ...(report.inconclusive > 0 ? [`${report.inconclusive} inconclusive`] : []),
    ...(report.skipped > 0 ? [`${report.skipped} skipped`] : []),
  ];
  return `${countOf(report.results.length, 'check')}: ${parts.join(', ')}, in ${formatDuration(report.tookMs)}.`;
}

/** Tells what the cache did for the first image that was asked cold and then warm; undefined when no such pair was timed. */
export function describeCache(report: Report): string | undefined {
  for (const cold of report.samples.filter((sample) => !sample.cached)) {
    const warm = report.samples.find((sample) => sample.cached && sample.path === cold.path);
    if (warm !== undefined) {
      const path = safeText(cold.path);
      return `Cache: ${path} took ${formatDuration(cold.ms)} (miss), then ${formatDuration(warm.ms)} (hit).`;
    }
  }
  return undefined;
}

/** Gives a report for a JSON document: everything but the bytes of the images. */
export function withoutBytes(report: Report): Report {
  return { ...report, images: report.images.map(({ base64: _bytes, ...image }) => image) };
}

/** How many ways to mend an environment are suggested. */
const MOST_FIXES = 2;

/** The commands that failed checks ask for, the most frequent first; `pixgate wire` where none does. */
export function fixesOf({ results }: Pick<Report, 'results'>): string[] {
  const times = new Map<string, number>();
  for (const { status, fix } of results)
    if (status === 'failed' && fix?.startsWith('pixgate ')) times.set(fix, (times.get(fix) ?? 0) + 1);
  const fixes = [...times].sort(([, one], [, two]) => two - one).map(([fix]) => fix);
  return fixes.length === 0 ? ['pixgate wire'] : fixes.slice(0, MOST_FIXES);
}
