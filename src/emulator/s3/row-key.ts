/** Sorts behind everything that `escapeKey` can produce. */
export const BEHIND_ALL = '\u{10FFFF}';

/** Sorts before everything that `escapeKey` can produce, so that a key's rows come before those of longer keys. */
const END_OF_KEY = '\x01';

const ESCAPES: Readonly<Record<string, string>> = {
  '\0': '\x02\x01',
  '\x01': '\x02\x02',
  '\x02': '\x02\x03',
  '\u{10FFFE}': '\u{10FFFE}\x03',
  '\u{10FFFF}': '\u{10FFFE}\x04',
};

const LARGEST_SEQUENCE = 999_999_999_999;

/** Where the rows of keys that begin with `prefix` begin. A bucket name holds no slash, so buckets never meet. */
export function rowsOfPrefix(bucket: string, prefix: string): string {
  return `${bucket}/${escapeKey(prefix)}`;
}

/** Where the rows of exactly this key begin. */
export function rowsOfKey(bucket: string, key: string): string {
  return rowsOfPrefix(bucket, key) + END_OF_KEY;
}

/** The row of one version; newer versions of a key sort first. */
export function rowOfVersion(bucket: string, key: string, sequence: number): string {
  return rowsOfKey(bucket, key) + String(LARGEST_SEQUENCE - sequence).padStart(12, '0');
}

/**
 * Keeps the UTF-8 order of keys while freeing the characters used as marks.
 *
 * The store's database ends a text at NUL, so that one must not reach it either.
 */
function escapeKey(key: string): string {
  return key.replace(/[\0\x01\x02\u{10FFFE}\u{10FFFF}]/gu, (char) => ESCAPES[char] ?? char);
}
