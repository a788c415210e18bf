import { findBucket } from './access.js';
import { invalidRequest, methodNotAllowed, S3Error } from './error.js';
import type { Ask, S3Operation } from './s3-operation.js';

/** AWS: one host for all Regions, and one that knows IPv6. (S3 User Guide, transfer-acceleration-getting-started) */
const ACCELERATE_HOST = /(?:^|\.)s3-accelerate(?:\.dualstack)?\.amazonaws\.com$/;

/** AWS: all operations go through it but these. (S3 User Guide, transfer-acceleration-getting-started) */
const NOT_ACCELERATED: readonly string[] = ['ListBuckets', 'CreateBucket', 'DeleteBucket'];

/** Regions of the partition `aws` that are not in the S3 User Guide's list of those with Transfer Acceleration. */
const WITHOUT: readonly string[] = [
  'af-south-1',
  'ap-east-1',
  'ap-northeast-3',
  'eu-north-1',
  'eu-south-1',
  'me-south-1',
];

/**
 * Leads a request that came to the endpoint of Transfer Acceleration to its bucket, in whichever Region that lies; leaves
 * every other request as it is.
 *
 * @throws {S3Error} InvalidRequest for a path-style request, and for a bucket that does not have it on; MethodNotAllowed for
 * what does not go through it.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/transfer-acceleration-getting-started.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
export function enterAccelerated(ask: Ask, { name, method, scope }: S3Operation): Ask {
  const { host } = ask.wire;
  if (!ACCELERATE_HOST.test(host)) return ask;
  if (NOT_ACCELERATED.includes(name)) throw methodNotAllowed(method, scope);
  // Only with a bucket in front of it is the host a virtual one.
  if (host.startsWith('s3-accelerate.'))
    throw invalidRequest('S3 Transfer Accelerate endpoint only supports virtual style requests');
  const bucket = findBucket(ask, ask.bucketName);
  if (bucket === undefined) return ask;
  if (bucket.accelerate === undefined)
    throw invalidRequest('S3 Transfer Acceleration is not configured on this bucket');
  if (bucket.accelerate === 'Suspended') throw invalidRequest('S3 Transfer Acceleration is disabled on this bucket');
  return { ...ask, call: { ...ask.call, region: bucket.region } };
}

/**
 * Refuses to hear of Transfer Acceleration where there is none: outside of the partition `aws`, and in some Regions of it.
 *
 * @throws {S3Error} UnsupportedArgument.
 */
export function demandAccelerateRegion(region: string): void {
  // Reported: hashicorp/terraform-provider-aws reads a bucket's acceleration and takes this code for "not in this Region".
  if (/^(cn|us-gov|us-iso\w*|eusc)-/.test(region) || WITHOUT.includes(region))
    throw new S3Error(400, 'UnsupportedArgument', 'The request contained an unsupported argument.');
}
