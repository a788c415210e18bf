/** First of the code units that are halves of a character beyond U+FFFF. */
const FIRST_HALF = 0xd800;
/** First code unit behind them. */
const BEHIND_HALVES = 0xe000;

/**
 * Compares two keys by the bytes of their UTF-8, as S3 sorts them: negative, zero or positive, as for `Array.sort`. Half a
 * character that stands alone sorts as if it began one beyond U+FFFF.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ListingKeysUsingAPIs.html
 */
export function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const one = a.charCodeAt(at);
    const other = b.charCodeAt(at);
    if (one !== other) return rankOf(one) - rankOf(other);
  }
  return a.length - b.length;
}

/** UTF-8 sorts as code points do, so halves of characters beyond U+FFFF come behind all other code units. */
function rankOf(unit: number): number {
  return unit >= FIRST_HALF && unit < BEHIND_HALVES ? unit + 0x1_0000 : unit;
}
