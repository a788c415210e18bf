import { invalidArgument, notEmulated } from './error.js';
import type { Bucket, Encryption } from './model.js';
import { type Ask, headerOf } from './s3-operation.js';

const PREFIX = 'x-amz-server-side-encryption';

/** Whether S3 encrypts at rest by a method of this name. */
export function isEncryptionAlgorithm(name: string): boolean {
  return name === 'AES256' || name === 'aws:kms' || name === 'aws:kms:dsse';
}

/** How a new object is encrypted: as its headers say, else as its bucket says, else AES256. @throws {S3Error} */
export function toEncryption(ask: Ask, bucket: Bucket): Encryption {
  if (headerOf(ask, `${PREFIX}-customer-algorithm`) !== undefined) throw notEmulated('SSE-C');
  const algorithm = headerOf(ask, PREFIX);
  const kmsKeyId = headerOf(ask, `${PREFIX}-aws-kms-key-id`);
  if (algorithm === undefined && kmsKeyId === undefined) {
    return bucket.encryption ?? { algorithm: 'AES256', bucketKey: false };
  }
  if (algorithm === undefined || !isEncryptionAlgorithm(algorithm)) {
    throw invalidArgument('The encryption method specified is not supported', PREFIX, algorithm ?? '');
  }
  if (algorithm === 'AES256' && kmsKeyId !== undefined) {
    throw invalidArgument(
      'Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms',
      PREFIX,
      algorithm,
    );
  }
  const bucketKey = headerOf(ask, `${PREFIX}-bucket-key-enabled`) === 'true';
  return { algorithm, bucketKey, ...(kmsKeyId === undefined ? {} : { kmsKeyId }) };
}

/** What an answer says about how an object is encrypted. */
export function encryptionHeaders({ algorithm, kmsKeyId, bucketKey }: Encryption): Record<string, string> {
  return {
    [PREFIX]: algorithm,
    ...(kmsKeyId === undefined ? {} : { [`${PREFIX}-aws-kms-key-id`]: kmsKeyId }),
    ...(bucketKey ? { [`${PREFIX}-bucket-key-enabled`]: 'true' } : {}),
  };
}
