import type { ApplyResult, EnvironmentSummary, ServedUrl } from '../model/result.js';
import { renderInvalidation } from './invalidate.js';
import { cutTo, type Page, wrapText } from './page.js';
import { safeText } from './safe-text.js';
import { renderTable } from './tables.js';
import { countOf, countShown, formatBytes, formatSpan, formatUsd } from './units.js';
import { describeUnsent } from './unsent.js';

/** How many images are named by their addresses before the rest is only counted. */
const SHOWN_URLS = 5;

/** Sets out what a command achieved: uploads, URLs, of which `verbose` shows all, and that of the stage where there is no image; after a teardown what is left. */
export function renderResult(result: ApplyResult, page: Page, verbose = false): string[] {
  return [
    ...renderBuckets(result, page),
    ...renderUpload(result, page),
    ...renderInvalidation(result, page),
    ...(result.url === undefined || shownUrls(result, verbose).length > 0 ? [] : [page.paint('link', result.url)]),
    ...shownUrls(result, verbose).map(({ url }) => `  ${page.paint('link', url)}`),
    ...renderLeft(result, page),
  ];
}

function renderBuckets(result: ApplyResult, page: Page): string[] {
  if (result.phase !== 'init') return [];
  return result.steps
    .filter((step) => step.address.startsWith('bucket/'))
    .map((step) => `bucket ${page.paint('strong', safeText(step.label))}`);
}

/** Counts the served images beyond those shown; `command` is what names all. Nothing where there are none. */
export function renderMoreUrls(result: ApplyResult, command: string, page: Page, verbose = false): string[] {
  const { urls = [], served = urls.length } = result;
  const hidden = served - shownUrls(result, verbose).length;
  if (hidden <= 0) return [];
  return [page.paint('faint', `  and ${countOf(hidden, 'more image')} (${command} names all)`)];
}

function shownUrls({ urls = [], served = urls.length }: ApplyResult, verbose: boolean): readonly ServedUrl[] {
  return verbose ? urls : urls.slice(0, countShown(served, SHOWN_URLS));
}

function renderUpload({ upload }: ApplyResult, page: Page): string[] {
  if (upload === undefined) return [];
  const parts = [
    `${countOf(upload.sent, 'image')} sent (${formatBytes(upload.bytesSent)})`,
    ...(upload.headersUpdated > 0 ? [`${upload.headersUpdated} with new headers`] : []),
    `${upload.unchanged} unchanged`,
    ...(upload.removed > 0 ? [`${upload.removed} removed`] : []),
    ...(upload.refused.length > 0 ? [`${upload.refused.length} refused`] : []),
    ...(upload.failed.length > 0 ? [`${upload.failed.length} failed`] : []),
  ];
  return wrapText(parts.join(', '), page.columns, 2);
}

function renderLeft({ left, keptBuckets = [] }: ApplyResult, page: Page): string[] {
  if (left === undefined) return [];
  const kept = keptBuckets.map((bucket) => `kept: bucket ${safeText(bucket)} and what is in it`);
  if (left.length === 0) return [page.paint('good', '0 left'), ...kept];
  return [page.paint('bad', `${left.length} left`), ...left.map((thing) => `  ${safeText(thing)}`)];
}

/** Sets out the files that were not sent, each with its reason, but for those that a plan `told` of. */
export function renderUnsent({ upload }: ApplyResult, page: Page, told: ReadonlySet<string> = new Set()): string[] {
  const refused = upload?.refused.filter(({ file }) => !told.has(file)) ?? [];
  return [...refused, ...(upload?.failed ?? [])].flatMap((unsent) =>
    wrapText(`! ${describeUnsent(unsent)}`, page.columns, 2).map((line) => page.paint('warning', line)),
  );
}

/** Sets out what was wanted and is missing; said once more where the output was long. */
export function renderWarnings({ warnings = [] }: Pick<ApplyResult, 'warnings'>, page: Page): string[] {
  return warnings.flatMap((warning) =>
    wrapText(`! ${safeText(warning)}`, page.columns, 2).map((line) => page.paint('warning', line)),
  );
}

/** How many columns a name of somebody else's choice may take in a table. */
const NAME_COLUMNS = 16;

/** Sets out environments as a table, each with its address below it; an empty list is said in words. */
export function renderEnvironments(environments: readonly EnvironmentSummary[], page: Page): string[] {
  if (environments.length === 0) return ['No environments.'];
  const headings = ['name', 'stage', 'age', 'an hour', 'expires', 'by'];
  const rows = environments.map((found) => [
    cutTo(safeText(found.name), NAME_COLUMNS * 2),
    cutTo(safeText(found.stage), NAME_COLUMNS),
    found.createdAt === undefined ? '-' : formatSpan(Date.parse(found.seenAt) - Date.parse(found.createdAt)),
    found.usdPerHour === 0 ? '-' : formatUsd(found.usdPerHour),
    describeExpiry(found),
    cutTo(safeText(found.createdBy ?? '-'), NAME_COLUMNS),
  ]);
  const lines = renderTable(headings, rows, page);
  const isTable = lines.length === rows.length + 1;
  const addresses = environments.map((found) => found.url ?? `not served: ${found.things.map(safeText).join(', ')}`);
  if (!isTable) {
    const blocks = rows.map((row, n) => [...row, addresses[n] ?? '']);
    return renderTable([...headings, 'url'], blocks, page);
  }
  return lines.flatMap((line, n) => (n === 0 ? [line] : [line, `    ${page.paint('link', addresses[n - 1] ?? '')}`]));
}

/** Says when a lease ends or ended: `in 1 h 20 min`, `expired 3 h ago`, `never`. */
export function describeExpiry(found: Pick<EnvironmentSummary, 'seenAt' | 'expiresAt' | 'unreadableLease'>): string {
  if (found.unreadableLease !== undefined) return 'unreadable';
  if (found.expiresAt === undefined) return 'never';
  const ms = Date.parse(found.expiresAt) - Date.parse(found.seenAt);
  return ms > 0 ? `in ${formatSpan(ms)}` : `expired ${formatSpan(-ms)} ago`;
}
