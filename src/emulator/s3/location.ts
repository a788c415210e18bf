import { S3Error } from './error.js';

/** Regions a bucket can be asked for, besides us-east-1, which is asked for by saying nothing. */
const LOCATION_CONSTRAINTS: ReadonlySet<string> = new Set([
  'EU',
  'af-south-1',
  'ap-east-1',
  'ap-east-2',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'ap-south-1',
  'ap-south-2',
  'ap-southeast-1',
  'ap-southeast-2',
  'ap-southeast-3',
  'ap-southeast-4',
  'ap-southeast-5',
  'ap-southeast-6',
  'ap-southeast-7',
  'ca-central-1',
  'ca-west-1',
  'cn-north-1',
  'cn-northwest-1',
  'eu-central-1',
  'eu-central-2',
  'eu-north-1',
  'eu-south-1',
  'eu-south-2',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'eusc-de-east-1',
  'il-central-1',
  'me-central-1',
  'me-south-1',
  'mx-central-1',
  'sa-east-1',
  'us-east-2',
  'us-gov-east-1',
  'us-gov-west-1',
  'us-west-1',
  'us-west-2',
]);

/** The Region whose endpoint can create buckets anywhere, and whose buckets have no location constraint. */
export const CLASSIC_REGION = 'us-east-1';

/**
 * The Region a new bucket goes to.
 *
 * @throws {S3Error} when the constraint is unknown, or does not fit the endpoint the request came to.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
 */
export function toBucketRegion(endpointRegion: string, constraint: string | undefined): string {
  const wanted = constraint === 'EU' ? 'eu-west-1' : constraint;
  if (endpointRegion === CLASSIC_REGION) {
    if (wanted === undefined) return CLASSIC_REGION;
    if (constraint !== undefined && LOCATION_CONSTRAINTS.has(constraint)) return wanted;
    throw new S3Error(400, 'InvalidLocationConstraint', 'The specified location-constraint is not valid', {
      LocationConstraint: constraint,
    });
  }
  if (wanted === endpointRegion) return wanted;
  throw new S3Error(
    400,
    'IllegalLocationConstraintException',
    `The ${constraint ?? 'unspecified'} location constraint is incompatible for the region specific endpoint this request was sent to.`,
  );
}
