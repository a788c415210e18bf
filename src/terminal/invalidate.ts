import type { ApplyResult, InvalidationResult } from '../model/result.js';
import { describeStaying } from './flush.js';
import { type Page, wrapText } from './page.js';
import { safeText } from './safe-text.js';
import { countOf } from './units.js';

/** Sets out what became of the cache after an upload; what AWS ignored is among the warnings. */
export function renderInvalidation({ invalidated, stage }: ApplyResult, page: Page): string[] {
  if (invalidated === undefined || invalidated.outcome === 'ignored') return [];
  const lines = [headline(invalidated, stage, page)];
  if (invalidated.stays !== undefined) lines.push(describeStaying(invalidated.stays, 'their'));
  return lines.flatMap((line) => wrapText(line, page.columns, 2));
}

function headline(
  { outcome, paths, verified = '', reason = '' }: InvalidationResult,
  stage: string,
  page: Page,
): string {
  const good = page.paint('good', '✓');
  switch (outcome) {
    case 'expired':
      return `${good} ${countOf(paths, 'path')} expired in the cache; the access log shows it for ${verified}.`;
    case 'emptied':
      return `${good} The cache of stage ${safeText(stage)} is empty: ${safeText(reason)}.`;
    case 'unverified':
      return `${page.paint('warning', '!')} ${countOf(paths, 'path')} asked to expire in the cache, but nothing proves it: ${safeText(reason)}.`;
    default:
      return `There is nothing to expire in the cache: ${safeText(reason)}.`;
  }
}
