import { forgetBucket, openBucket } from './access.js';
import { S3Error } from './error.js';
import { hasRows } from './object-rows.js';
import { emptyAnswer, type S3Operation } from './s3-operation.js';
import { dropUploads } from './uploads.js';

/**
 * Removes an empty bucket. Unfinished multipart uploads do not keep it; a delete marker does.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucket.html
 */
export const DeleteBucket: S3Operation = {
  name: 'DeleteBucket',
  fidelity: 'recorded',
  source: 'LocalStack, recorded tests of S3: DeleteBucket on buckets with objects, versions and delete markers',
  mutating: true,
  method: 'DELETE',
  scope: 'bucket',
  run(ask) {
    const bucket = openBucket(ask, 's3:DeleteBucket');
    if (hasRows(ask.call.store, bucket.name)) {
      const versions = bucket.versioning === undefined ? '' : '. You must delete all versions in the bucket.';
      throw new S3Error(409, 'BucketNotEmpty', `The bucket you tried to delete is not empty${versions}`, {
        BucketName: bucket.name,
      });
    }
    dropUploads(ask.call.store, bucket.name);
    forgetBucket(ask, bucket.name);
    return emptyAnswer(204);
  },
};
