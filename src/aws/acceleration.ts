/** Whether S3 Transfer Acceleration is on: 'Off' until it is first set, and never again after. */
export type AccelerationStatus = 'Enabled' | 'Suspended' | 'Off';

/**
 * Regions that are not in AWS's list of those with Transfer Acceleration. One that is newer than this list may have it or
 * not: then S3 says so.
 */
const WITHOUT: readonly string[] = [
  'af-south-1',
  'ap-east-1',
  'ap-northeast-3',
  'eu-north-1',
  'eu-south-1',
  'me-south-1',
];

/** The partitions besides `aws`, by what the names of their Regions begin with. */
const OTHER_PARTITION = /^(cn|us-gov|us-iso\w*|eusc)-/;

/**
 * Whether a Region is known to be without Transfer Acceleration.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/transfer-acceleration.html
 */
export function lacksAcceleration(region: string): boolean {
  return OTHER_PARTITION.test(region) || WITHOUT.includes(region);
}
