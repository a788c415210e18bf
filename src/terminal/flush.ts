import type { FlushResult, StayingEntries } from '../model/result.js';
import { type Page, wrapText } from './page.js';
import { safeText } from './safe-text.js';

/** Sets out what a flush led to, and what it left. */
export function renderFlush(result: FlushResult, page: Page): string[] {
  const { stays } = result;
  const lines = [headline(result, page)];
  if (stays !== undefined && result.outcome !== 'ignored') lines.push(describeStaying(stays, 'its'));
  return lines.flatMap((line) => wrapText(line, page.columns, 2));
}

/** Says what only time, or emptying the whole cache, expires; `whose` is "its" or "their". */
export function describeStaying({ headers, ttlSeconds }: StayingEntries, whose: 'its' | 'their'): string {
  return `  What stays for up to ${ttlSeconds} s: ${whose} entries for requests with ${anyOf(headers)}. pixgate flush empties them too.`;
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
