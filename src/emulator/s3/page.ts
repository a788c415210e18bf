import { invalidArgument } from './error.js';
import type { Ask } from './s3-operation.js';

/** Most items S3 puts on a page of objects, versions, uploads or parts. */
const MAX_ITEMS = 1000;

/** How many items a listing may hold, and what it says about that. */
export interface PageSize {
  /** The local cloud's small page when the request names none, so that paging is exercised. */
  readonly items: number;
  /** What the answer calls the maximum. */
  readonly declared: number;
}

/** Page size by a `max-…` parameter: what was asked for, up to 1,000. @throws {S3Error} InvalidArgument */
export function toPageSize(ask: Ask, parameter: string): PageSize {
  const asked = ask.query.get(parameter);
  if (asked === undefined || asked === '') return { items: ask.call.settings.pageSize, declared: MAX_ITEMS };
  const size = Number(asked);
  if (!/^\d+$/.test(asked) || size > 2 ** 31 - 1) {
    throw invalidArgument(`Provided ${parameter} not an integer or within integer range`, parameter, asked);
  }
  const items = Math.min(size, MAX_ITEMS);
  return { items, declared: items };
}

/** An opaque token that says where the next page begins. */
export function toToken(position: string): string {
  return `1${Buffer.from(position).toString('base64')}`;
}

/** Where a page begins by its token. @throws {S3Error} InvalidArgument for what `toToken` did not make. */
export function fromToken(token: string): string {
  const position = Buffer.from(token.slice(1), 'base64').toString();
  if (toToken(position) === token) return position;
  throw invalidArgument('The continuation token provided is incorrect', 'continuation-token', token);
}
