const REGIONAL = /-(\d{12})-([a-z]{2,4}(?:-[a-z]+)+-\d)-an$/;

/**
 * Judges the name of a general-purpose bucket: true, or the rule it breaks.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
export function checkBucketName(text: string): true | string {
  if (text.length < 3 || text.length > 63) return 'must have 3 to 63 characters';
  if (!/^[a-z0-9.-]+$/.test(text)) return 'must be made of a-z, 0-9, "." and "-" only';
  if (!/^[a-z0-9].*[a-z0-9]$/.test(text)) return 'must begin and end with a letter or a digit';
  if (text.includes('..')) return 'must not hold two periods in a row';
  if (/^\d+\.\d+\.\d+\.\d+$/.test(text)) return 'must not look like an IP address';
  const prefix = ['xn--', 'sthree-', 'amzn-s3-demo-'].find((part) => text.startsWith(part));
  if (prefix !== undefined) return `must not begin with ${prefix}, which S3 keeps for itself`;
  const suffix = ['-s3alias', '--ol-s3', '.mrap', '--x-s3', '--table-s3'].find((part) => text.endsWith(part));
  if (suffix !== undefined) return `must not end with ${suffix}, which S3 keeps for itself`;
  if (text.endsWith('-an') && !REGIONAL.test(text)) {
    return 'must end with -{account}-{region}-an if it ends with -an, which S3 keeps for account-regional names';
  }
  return true;
}

/** Regions of the public partitions whose buckets have global names only. */
const GLOBAL_ONLY: readonly string[] = ['me-central-1', 'me-south-1'];

/**
 * Whether buckets of a Region can have names that belong to one account and Region.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/gpbucketnamespaces.html
 */
export function hasAccountRegionalNames(region: string): boolean {
  return !GLOBAL_ONLY.includes(region);
}

/** Finds the Region that an account-regional bucket name ends with; undefined for every other name. */
export function findRegionOfBucketName(text: string): string | undefined {
  return REGIONAL.exec(text)?.[2];
}
