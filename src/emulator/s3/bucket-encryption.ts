import { childOf, childrenOf, childText } from '../wire/rest-xml.js';
import { openBucket, saveBucket } from './access.js';
import { isEncryptionAlgorithm } from './encryption.js';
import { invalidArgument, malformedXml } from './error.js';
import { emptyAnswer, type S3Operation, xmlAnswer } from './s3-operation.js';
import { xmlBody } from './xml-body.js';

const encryption = {
  fidelity: 'recorded',
  source: 'LocalStack, recorded tests of S3: the default encryption of a bucket, and after its deletion',
  scope: 'bucket',
  selectors: 'encryption',
} as const;

/** Reads how objects are encrypted by default; an empty answer after the setting was deleted. */
export const GetBucketEncryption: S3Operation = {
  ...encryption,
  name: 'GetBucketEncryption',
  mutating: false,
  method: 'GET',
  run(ask) {
    const { encryption: rule } = openBucket(ask, 's3:GetEncryptionConfiguration');
    if (rule === undefined) return emptyAnswer(200);
    return xmlAnswer('ServerSideEncryptionConfiguration', {
      Rule: {
        ApplyServerSideEncryptionByDefault: { SSEAlgorithm: rule.algorithm, KMSMasterKeyID: rule.kmsKeyId },
        BucketKeyEnabled: rule.bucketKey,
      },
    });
  },
};

/** Sets how objects are encrypted by default. Keys are stored as named; the local cloud has no KMS to ask. */
export const PutBucketEncryption: S3Operation = {
  ...encryption,
  name: 'PutBucketEncryption',
  mutating: true,
  method: 'PUT',
  run(ask) {
    const bucket = openBucket(ask, 's3:PutEncryptionConfiguration');
    const rules = childrenOf(xmlBody(ask, 'ServerSideEncryptionConfiguration'), 'Rule');
    const byDefault = childOf(rules[0], 'ApplyServerSideEncryptionByDefault');
    const algorithm = childText(byDefault, 'SSEAlgorithm') ?? '';
    const kmsKeyId = childText(byDefault, 'KMSMasterKeyID');
    if (rules.length !== 1 || !isEncryptionAlgorithm(algorithm)) throw malformedXml();
    if (algorithm === 'AES256' && kmsKeyId !== undefined) {
      throw invalidArgument(
        'a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse',
        'ApplyServerSideEncryptionByDefault',
        algorithm,
      );
    }
    const bucketKey = childText(rules[0], 'BucketKeyEnabled') === 'true';
    saveBucket(ask, {
      ...bucket,
      encryption: { algorithm, bucketKey, ...(kmsKeyId === undefined ? {} : { kmsKeyId }) },
    });
    return emptyAnswer(200);
  },
};

/** Forgets the default; objects are still encrypted with AES256. */
export const DeleteBucketEncryption: S3Operation = {
  ...encryption,
  name: 'DeleteBucketEncryption',
  mutating: true,
  method: 'DELETE',
  run(ask) {
    const { encryption: _, ...rest } = openBucket(ask, 's3:PutEncryptionConfiguration');
    saveBucket(ask, rest);
    return emptyAnswer(204);
  },
};
