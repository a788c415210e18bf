import { accessDenied, noSuchBucket, noSuchKey, S3Error } from './error.js';
import type { Bucket } from './model.js';
import { isPublicPolicy } from './public-policy.js';
import { type Ask, headerOf } from './s3-operation.js';

const BUCKETS = 's3/bucket';

/** A question about what the caller may do in a bucket. */
export interface Right {
  /** Such as `s3:GetObject`. */
  readonly action: string;
  /** The object asked about; absent for the bucket itself. */
  readonly key?: string;
  /** Condition keys that only this action carries: s3:prefix, s3:VersionId. */
  readonly context?: Readonly<Record<string, string>>;
}

/** A bucket by name, whoever owns it. */
export function findBucket(ask: Ask, name: string): Bucket | undefined {
  return ask.call.store.get<Bucket>(BUCKETS, name);
}

/** Writes a bucket with what was changed on it. */
export function saveBucket(ask: Ask, bucket: Bucket): void {
  ask.call.store.put(BUCKETS, bucket.name, bucket);
}

/** Forgets a bucket; its objects must be gone. */
export function forgetBucket(ask: Ask, name: string): void {
  ask.call.store.delete(BUCKETS, name);
}

/** All buckets of one account, by name. */
export function listBucketsOf(ask: Ask, owner: string): Bucket[] {
  return ask.call.store.list<Bucket>(BUCKETS).flatMap(({ value }) => (value.owner === owner ? [value] : []));
}

/**
 * The bucket a request names, if the caller may do `action` to it.
 *
 * @throws {S3Error} NoSuchBucket; PermanentRedirect when it is in another Region; AccessDenied, also when
 * `x-amz-expected-bucket-owner` names somebody else.
 */
export function openBucket(ask: Ask, action: string, context: Readonly<Record<string, string>> = {}): Bucket {
  const bucket = enterBucket(ask);
  demand(ask, bucket, { action, context });
  return bucket;
}

/** As `openBucket`, for an action on the object a request names. */
export function openObject(ask: Ask, action: string, context: Readonly<Record<string, string>> = {}): Bucket {
  const bucket = enterBucket(ask);
  demand(ask, bucket, { action, key: ask.key, context });
  return bucket;
}

/** The bucket a request names, before any permission is asked. @throws {S3Error} as `openBucket`. */
export function enterBucket(ask: Ask): Bucket {
  const bucket = findBucket(ask, ask.bucketName);
  if (bucket === undefined) throw noSuchBucket(ask.bucketName);
  if (bucket.region !== ask.call.region) throw otherRegion(bucket);
  checkOwner(bucket, headerOf(ask, 'x-amz-expected-bucket-owner'));
  return bucket;
}

/** Holds the owner a caller expects against the real one. @throws {S3Error} AccessDenied, or 400 for what is no account id. */
export function checkOwner(bucket: Bucket, expected: string | undefined): void {
  if (expected === undefined) return;
  if (!/^\d{12}$/.test(expected)) {
    throw new S3Error(
      400,
      'InvalidBucketOwnerAWSAccountID',
      'The value of the expected bucket owner parameter must be an AWS account ID.',
    );
  }
  if (expected !== bucket.owner) throw accessDenied();
}

/** Refuses what the caller may not do. @throws {S3Error} AccessDenied */
export function demand(ask: Ask, bucket: Bucket, right: Right): void {
  if (!allows(ask, bucket, right)) throw accessDenied({ 'x-amz-bucket-region': bucket.region });
}

/** Whether the caller may do something in a bucket: their own policies, the bucket's, and Block Public Access. */
export function allows(ask: Ask, bucket: Bucket, { action, key, context = {} }: Right): boolean {
  const { call } = ask;
  const isStranger = call.caller.accountId !== bucket.owner;
  if (isStranger && bucket.publicAccess?.RestrictPublicBuckets === true && isPublicPolicy(bucket.policy ?? NO_POLICY)) {
    return false;
  }
  const arn = bucketArn(ask, bucket.name);
  const verdict = call.cloud.authorize(call, {
    caller: call.caller,
    action,
    resource: key === undefined ? arn : `${arn}/${key}`,
    resourceAccount: bucket.owner,
    resourcePolicy: bucket.policy,
    context: { ...transport(ask), 'aws:ResourceAccount': bucket.owner, 's3:ResourceAccount': bucket.owner, ...context },
  });
  return verdict === 'allowed';
}

/** Refuses what the caller's own policies do not allow, where no bucket has a say. @throws {S3Error} AccessDenied */
export function demandOfCaller(ask: Ask, action: string, resource: string): void {
  const { call } = ask;
  const verdict = call.cloud.authorize(call, { caller: call.caller, action, resource, context: transport(ask) });
  if (call.caller.kind === 'anonymous' || verdict !== 'allowed') throw accessDenied();
}

/** Hides from whoever may not list the bucket that a key is missing. */
export function missingKey(
  ask: Ask,
  bucket: Bucket,
  key: string,
  headers: Readonly<Record<string, string>> = {},
): S3Error {
  return allows(ask, bucket, { action: 's3:ListBucket' }) ? noSuchKey(key, headers) : accessDenied();
}

/** `arn:aws:s3:::name`, in the partition of the local cloud. */
export function bucketArn(ask: Ask, name: string): string {
  return `arn:${ask.call.settings.partition}:s3:::${name}`;
}

function transport(ask: Ask): Record<string, string> {
  return { 'aws:SecureTransport': 'true', 'aws:SourceIp': ask.wire.sourceIp ?? '127.0.0.1' };
}

const NO_POLICY = '{"Statement":[]}';

function otherRegion(bucket: Bucket): S3Error {
  return new S3Error(
    301,
    'PermanentRedirect',
    'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.',
    { Endpoint: `${bucket.name}.s3.${bucket.region}.amazonaws.com`, Bucket: bucket.name },
    { 'x-amz-bucket-region': bucket.region },
  );
}
