import { S3Error } from './error.js';

/** Which bytes to send; both ends count. */
export interface ByteRange {
  /** First byte, from 0. */
  readonly first: number;
  /** Last byte. */
  readonly last: number;
}

/**
 * The bytes a Range header asks for; undefined for all of them.
 *
 * S3 knows one range of bytes and ignores whatever it cannot read: several ranges, a backward one, bad syntax.
 *
 * @throws {S3Error} InvalidRange for a readable range without a single byte in it.
 * @see LocalStack's recorded tests of S3: ranged reads of a ten-byte object
 */
export function toByteRange(header: string | undefined, size: number): ByteRange | undefined {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (header === undefined || first + last === '') return undefined;
  if (first !== '' && last !== '' && Number(first) > Number(last)) return undefined;
  const range =
    first === ''
      ? { first: Math.max(0, size - Number(last)), last: size - 1 }
      : { first: Number(first), last: last === '' ? size - 1 : Math.min(Number(last), size - 1) };
  if (range.first <= range.last) return range;
  throw new S3Error(416, 'InvalidRange', 'The requested range is not satisfiable', {
    RangeRequested: header,
    ActualObjectSize: size,
  });
}
