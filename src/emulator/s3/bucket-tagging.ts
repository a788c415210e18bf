import { openBucket, saveBucket } from './access.js';
import { S3Error } from './error.js';
import { emptyAnswer, type S3Operation, xmlAnswer } from './s3-operation.js';
import { fromTagging } from './tag-set.js';
import { xmlBody } from './xml-body.js';

const tagging = {
  fidelity: 'documented',
  source: 'S3 API Reference, GetBucketTagging, PutBucketTagging and DeleteBucketTagging',
  scope: 'bucket',
  selectors: 'tagging',
} as const;

/** Reads a bucket's tags. */
export const GetBucketTagging: S3Operation = {
  ...tagging,
  name: 'GetBucketTagging',
  mutating: false,
  method: 'GET',
  run(ask) {
    const bucket = openBucket(ask, 's3:GetBucketTagging');
    if (bucket.tags === undefined || bucket.tags.length === 0) {
      throw new S3Error(404, 'NoSuchTagSet', 'The TagSet does not exist', { BucketName: bucket.name });
    }
    return xmlAnswer('Tagging', { TagSet: { Tag: bucket.tags.map((tag) => ({ ...tag })) } });
  },
};

/** Replaces all of a bucket's tags. */
export const PutBucketTagging: S3Operation = {
  ...tagging,
  name: 'PutBucketTagging',
  mutating: true,
  method: 'PUT',
  run(ask) {
    const bucket = openBucket(ask, 's3:PutBucketTagging');
    saveBucket(ask, { ...bucket, tags: fromTagging(xmlBody(ask, 'Tagging'), 'bucket') });
    return emptyAnswer(204);
  },
};

/** Removes all of a bucket's tags. */
export const DeleteBucketTagging: S3Operation = {
  ...tagging,
  name: 'DeleteBucketTagging',
  mutating: true,
  method: 'DELETE',
  run(ask) {
    const { tags: _, ...rest } = openBucket(ask, 's3:PutBucketTagging');
    saveBucket(ask, rest);
    return emptyAnswer(204);
  },
};
