import type { FlushResult } from '../model/result.js';
import { type Page, wrapText } from './page.js';
import { safeText } from './safe-text.js';

/** Sets out what a flush led to, and what it left. */
export function renderFlush(result: FlushResult, page: Page): string[] {
  const { stays } = result;
  const lines = [headline(result, page)];
  if (stays !== undefined && result.outcome !== 'ignored') {
    lines.push(
      `  What stays for up to ${stays.ttlSeconds} s: its entries for requests with ${anyOf(stays.headers)}. pixgate flush empties them too.`,
    );
  }
  return lines.flatMap((line) => wrapText(line, page.columns, 2));
}

function headline({ outcome, path = '', status, reason = '', stage }: FlushResult, page: Page): string {
  const answered = `S3 was asked anew and the answer was ${status}`;
  switch (outcome) {
    case 'emptied':
      return `${page.paint('good', '✓')} The cache of stage ${safeText(stage)} is empty.`;
    case 'expired':
      return `${page.paint('good', '✓')} ${path} is expired: ${answered}.`;
    case 'unverified':
      return `${page.paint('warning', '!')} ${path} was asked to expire (${status}), but nothing proves it: ${reason}.`;
    case 'ignored':
      return `${page.paint('bad', '✗')} ${path} is not expired: ${reason}.`;
  }
}

function anyOf(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} or ${last}`;
}
