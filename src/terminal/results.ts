import type { ApplyResult, EnvironmentSummary } from '../model/result.js';
import { type Page, wrapText } from './page.js';
import { safeText } from './safe-text.js';
import { renderTable } from './tables.js';
import { countOf, formatBytes, formatUsd } from './units.js';

/** Sets out what a command achieved: uploads, URLs, and after a teardown what is left. */
export function renderResult(result: ApplyResult, page: Page): string[] {
  return [
    ...renderBuckets(result, page),
    ...renderUpload(result),
    ...(result.url === undefined ? [] : [page.paint('link', result.url)]),
    ...(result.urls ?? []).map((served) => `  ${page.paint('link', served.url)}`),
    ...renderLeft(result, page),
  ];
}

function renderBuckets(result: ApplyResult, page: Page): string[] {
  if (result.phase !== 'init') return [];
  return result.steps
    .filter((step) => step.address.startsWith('bucket/'))
    .map((step) => `bucket ${page.paint('strong', safeText(step.label))}`);
}

function renderUpload({ upload }: ApplyResult): string[] {
  if (upload === undefined) return [];
  const parts = [
    `${countOf(upload.sent, 'image')} sent (${formatBytes(upload.bytesSent)})`,
    ...(upload.headersUpdated > 0 ? [`${upload.headersUpdated} with new headers`] : []),
    `${upload.unchanged} unchanged`,
    ...(upload.removed > 0 ? [`${upload.removed} removed`] : []),
    ...(upload.refused.length > 0 ? [`${upload.refused.length} not sent`] : []),
  ];
  return [parts.join(', ')];
}

function renderLeft({ left }: ApplyResult, page: Page): string[] {
  if (left === undefined) return [];
  if (left.length === 0) return [page.paint('good', '0 left')];
  return [page.paint('bad', `${left.length} left`), ...left.map((thing) => `  ${safeText(thing)}`)];
}

/** Sets out the files that were not sent, each with its reason. */
export function renderRefused(result: ApplyResult, page: Page): string[] {
  return (result.upload?.refused ?? []).flatMap(({ file, reason }) =>
    wrapText(`! not sent: ${safeText(file)}: ${safeText(reason)}`, page.columns, 4).map((line) =>
      page.paint('warning', line),
    ),
  );
}

/** Reminds of the files that were not sent, for the end of a long output; says nothing when all were. */
export function remindRefused({ upload }: Pick<ApplyResult, 'upload'>): string[] {
  const count = upload?.refused.length ?? 0;
  return count === 0
    ? []
    : [`${countOf(count, 'file')} of the folder ${count === 1 ? 'was' : 'were'} not sent, as said above.`];
}

/** Sets out environments as a table; an empty list is said in words. */
export function renderEnvironments(environments: readonly EnvironmentSummary[], page: Page): string[] {
  if (environments.length === 0) return ['No environments.'];
  const rows = environments.map((found) => [
    safeText(found.name),
    safeText(found.stage),
    found.region,
    found.createdAt?.replace('T', ' ').slice(0, 16) ?? 'unknown',
    found.usdPerHour === 0 ? '-' : formatUsd(found.usdPerHour),
    String(found.things.length),
    found.url ?? '-',
  ]);
  return renderTable(['name', 'stage', 'region', 'created', 'an hour', 'things', 'url'], rows, page);
}
