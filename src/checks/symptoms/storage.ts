import type { Symptom } from '../symptom.js';

const WIRE = 'pixgate wire';

/** S3 refuses or does not find. */
export const STORAGE_SYMPTOMS: readonly Symptom[] = [
  {
    name: 'plus in the key',
    shows: ({ answer, image }) => answer.status === 403 && image?.key.includes('+') === true,
    cause: 'The key holds a "+", which API Gateway hands on in a form that S3 cannot verify.',
    fix: 'rename the file, then pixgate upload',
  },
  {
    name: 'role cannot read',
    shows: ({ answer, object }) => answer.status === 403 && object === 'existing',
    cause:
      'S3 refuses the image: the role of the mount lacks s3:GetObject on the prefix, or kms:Decrypt on the key that bucket.encryption has to name, or the policy of bucket or key denies it.',
    fix: WIRE,
  },
  {
    name: 'role cannot list',
    shows: ({ answer, object }) => answer.status === 403 && object === 'missing',
    cause: 'S3 hides that the object is missing: the role of the mount lacks s3:ListBucket on the bucket.',
    fix: WIRE,
  },
  {
    name: 'object gone',
    shows: ({ answer, object, stored }) => answer.status === 404 && object === 'existing' && stored === 'gone',
    cause: 'The object is no longer in the bucket.',
    fix: 'pixgate upload',
  },
  {
    name: 'looks elsewhere',
    shows: ({ answer, object }) => answer.status === 404 && object === 'existing',
    cause: 'The object is in the bucket, but the uri of the integration looks in another bucket or prefix.',
    fix: WIRE,
  },
];
