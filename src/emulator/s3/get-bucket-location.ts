import { checkOwner, demand, enterBucket, findBucket } from './access.js';
import { noSuchBucket } from './error.js';
import { CLASSIC_REGION } from './location.js';
import { headerOf, type S3Operation, xmlAnswer } from './s3-operation.js';

/**
 * Says where a bucket is: nothing for us-east-1, else the location constraint it was made with.
 *
 * The us-east-1 endpoint answers for buckets of every Region, so that a client can find out where to go.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html
 */
export const GetBucketLocation: S3Operation = {
  name: 'GetBucketLocation',
  fidelity: 'recorded',
  source: 'LocalStack, recorded tests of S3: GetBucketLocation in us-east-1 and with a location constraint',
  mutating: false,
  method: 'GET',
  scope: 'bucket',
  selectors: 'location',
  run(ask) {
    const bucket = ask.call.region === CLASSIC_REGION ? findBucket(ask, ask.bucketName) : enterBucket(ask);
    if (bucket === undefined) throw noSuchBucket(ask.bucketName);
    checkOwner(bucket, headerOf(ask, 'x-amz-expected-bucket-owner'));
    demand(ask, bucket, { action: 's3:GetBucketLocation' });
    return xmlAnswer('LocationConstraint', bucket.locationConstraint);
  },
};
