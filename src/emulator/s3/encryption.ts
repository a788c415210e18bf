import { accessDenied, invalidArgument, notEmulated, S3Error } from './error.js';
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

/**
 * Refuses who may not use the KMS key of an object. The key's policy is taken to leave that to the IAM policies of its
 * own account, as the policy does that the console writes.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
 * @throws {S3Error} AccessDenied, naming caller, action and key; NotImplemented for a key named by an alias.
 */
export function demandKey(
  ask: Ask,
  bucket: Bucket,
  { algorithm, kmsKeyId }: Encryption,
  action: 'kms:Decrypt' | 'kms:GenerateDataKey',
): void {
  // AWS: the key that S3 makes for an account lets everybody in who may read or write there. (KMS Developer Guide, AWS managed keys)
  if (algorithm === 'AES256' || kmsKeyId === undefined) return;
  const { call } = ask;
  const { caller, settings } = call;
  if (caller.kind === 'anonymous') throw accessDenied();
  if (/(^|:)alias\//.test(kmsKeyId)) throw notEmulated('KMS keys named by an alias');
  const arn = kmsKeyId.startsWith('arn:')
    ? kmsKeyId
    : `arn:${settings.partition}:kms:${bucket.region}:${bucket.owner}:key/${kmsKeyId}`;
  const verdict = call.cloud.authorize(call, {
    caller,
    action,
    resource: arn,
    resourceAccount: arn.split(':')[4] ?? '',
    context: {
      'kms:ViaService': `s3.${bucket.region}.amazonaws.com${settings.partition === 'aws-cn' ? '.cn' : ''}`,
      'kms:CallerAccount': caller.accountId,
    },
  });
  if (verdict === 'allowed') return;
  const because =
    verdict === 'explicit-deny'
      ? 'with an explicit deny in an identity-based policy'
      : `because no identity-based policy allows the ${action} action`;
  const message = `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${arn} ${because}`;
  throw new S3Error(403, 'AccessDenied', message);
}

/** What an answer says about how an object is encrypted. */
export function encryptionHeaders({ algorithm, kmsKeyId, bucketKey }: Encryption): Record<string, string> {
  return {
    [PREFIX]: algorithm,
    ...(kmsKeyId === undefined ? {} : { [`${PREFIX}-aws-kms-key-id`]: kmsKeyId }),
    ...(bucketKey ? { [`${PREFIX}-bucket-key-enabled`]: 'true' } : {}),
  };
}
