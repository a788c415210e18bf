import type { Call } from '../operation.js';
import type { QueryInput } from '../wire/query-xml.js';
import { Refusal } from '../wire/refusal.js';

/** Most items one page of IAM holds, whatever is asked. */
const MAX_ITEMS = 1000;

/** One page, and how to get the next. */
export interface Page<T> {
  /** What the page holds. */
  readonly items: T[];
  /** Fields of the answer that say whether there is more. */
  readonly rest: { readonly IsTruncated: boolean; readonly Marker: string | undefined };
}

/**
 * Cuts the page that a request's Marker and MaxItems ask for out of all items.
 *
 * @throws {Refusal} ValidationError for a marker that no answer of ours held, or a MaxItems outside 1 to 1000.
 */
export function cutPage<T>(call: Call, input: QueryInput, all: readonly T[], nameOf: (item: T) => string): Page<T> {
  const limit = input.findInteger('MaxItems', 1, MAX_ITEMS) ?? call.settings.pageSize;
  const marker = input.find('Marker');
  const after = marker === undefined ? undefined : Buffer.from(marker, 'base64url').toString();
  const start = after === undefined ? 0 : all.findIndex((item) => nameOf(item) > after);
  if (after === '') throw new Refusal('ValidationError', 400, 'Invalid Marker.');
  const items = start < 0 ? [] : all.slice(start, start + limit);
  const last = items.at(-1);
  const isTruncated = last !== undefined && start + limit < all.length;
  const next = isTruncated ? Buffer.from(nameOf(last)).toString('base64url') : undefined;
  return { items, rest: { IsTruncated: isTruncated, Marker: next } };
}
