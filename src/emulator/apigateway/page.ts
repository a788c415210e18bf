import { badRequest } from './errors.js';

const MOST = 500;

/** One page of a collection, as it goes over the wire. */
export interface Page<T> {
  /** The items. AWS names them in the singular. */
  readonly item: T[];
  /** Where the next page begins; absent on the last one. */
  readonly position?: string;
}

/**
 * Cuts the page out of `rows` that the query's `position` and `limit` ask for.
 *
 * Rows are in ascending order of their keys, so that a row removed between two pages moves nothing.
 *
 * @param size Items a page when the query names no limit. A limit beyond AWS's 500 counts as 500.
 * @throws {Refusal} when the limit is not a positive number or the position is not one of ours.
 */
export function page<T>(
  rows: readonly { readonly key: string; readonly value: T }[],
  query: URLSearchParams,
  size: number,
): Page<T> {
  const after = readPosition(query.get('position'));
  const rest = after === undefined ? rows : rows.filter((row) => row.key > after);
  const here = rest.slice(0, readLimit(query.get('limit'), size));
  const last = here.at(-1);
  const item = here.map((row) => row.value);
  return last === undefined || here.length === rest.length
    ? { item }
    : { item, position: Buffer.from(last.key).toString('base64url') };
}

function readLimit(limit: string | null, size: number): number {
  if (limit === null || limit === '') return size;
  if (!/^\d{1,9}$/.test(limit) || Number(limit) === 0) throw badRequest('Invalid limit specified');
  return Math.min(Number(limit), MOST);
}

function readPosition(position: string | null): string | undefined {
  if (position === null || position === '') return undefined;
  const key = Buffer.from(position, 'base64url').toString();
  if (Buffer.from(key).toString('base64url') !== position) throw badRequest('Invalid position specified');
  return key;
}
