import { bucketArn, openBucket } from './access.js';
import { emptyAnswer, type S3Operation } from './s3-operation.js';

/**
 * Says whether a bucket is there, may be listed, and where it is.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html
 */
export const HeadBucket: S3Operation = {
  name: 'HeadBucket',
  fidelity: 'recorded',
  source: 'LocalStack, recorded tests of S3: HeadBucket on own and missing buckets',
  mutating: false,
  method: 'HEAD',
  scope: 'bucket',
  run(ask) {
    const bucket = openBucket(ask, 's3:ListBucket');
    return emptyAnswer(200, {
      'x-amz-bucket-region': bucket.region,
      'x-amz-bucket-arn': bucketArn(ask, bucket.name),
      'x-amz-access-point-alias': 'false',
    });
  },
};
