import type { WireResponse } from '../operation.js';
import { childOf, childText, type XmlValue } from '../wire/rest-xml.js';
import { bucketArn, demandOfCaller, findBucket, saveBucket } from './access.js';
import { isAccountRegionalName, isBucketName } from './bucket-name.js';
import { invalidArgument, notEmulated, S3Error } from './error.js';
import { CLASSIC_REGION, toBucketRegion } from './location.js';
import type { Bucket, Tag } from './model.js';
import { OWNERSHIPS } from './ownership-controls.js';
import { type Ask, emptyAnswer, headerOf, nowInSeconds, type S3Operation } from './s3-operation.js';
import { fromTagSet } from './tag-set.js';
import { xmlBody } from './xml-body.js';

/** Regions without account-regional names. (S3 User Guide, namespaces of general purpose buckets); how they refuse one is guessed. */
const WITHOUT_NAMESPACE: ReadonlySet<string> = new Set(['me-central-1', 'me-south-1']);

/**
 * Makes a bucket: private, encrypted, with ACLs off.
 *
 * Making an own bucket again answers 200 and changes nothing in us-east-1; elsewhere it is refused.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
 */
export const CreateBucket: S3Operation = {
  name: 'CreateBucket',
  fidelity: 'recorded',
  source:
    'LocalStack, recorded tests of S3: CreateBucket with and without a location constraint, and of an existing name',
  mutating: true,
  method: 'PUT',
  scope: 'bucket',
  run(ask) {
    const name = ask.bucketName;
    const arn = bucketArn(ask, name);
    refuseUnemulated(ask);
    demandOfCaller(ask, 's3:CreateBucket', arn);
    const configuration = ask.wire.body.length === 0 ? undefined : xmlBody(ask, 'CreateBucketConfiguration');
    const constraint = childText(configuration, 'LocationConstraint');
    checkName(ask);
    const region = toBucketRegion(ask.call.region, constraint);
    const existing = findBucket(ask, name);
    if (existing !== undefined) return answerExisting(ask, existing);
    saveBucket(ask, {
      name,
      region,
      owner: ask.call.caller.accountId,
      createdMs: nowInSeconds(ask.call),
      ownership: toOwnership(ask),
      publicAccess: {
        BlockPublicAcls: true,
        IgnorePublicAcls: true,
        BlockPublicPolicy: true,
        RestrictPublicBuckets: true,
      },
      encryption: { algorithm: 'AES256', bucketKey: false },
      ...(constraint === undefined ? {} : { locationConstraint: constraint }),
      ...toTags(ask, configuration),
    });
    return answer(ask, region);
  },
};

function answer(ask: Ask, region: string): WireResponse {
  const name = ask.bucketName;
  return emptyAnswer(200, {
    Location: region === CLASSIC_REGION ? `/${name}` : `http://${name}.s3.amazonaws.com/`,
    'x-amz-bucket-arn': bucketArn(ask, name),
  });
}

function answerExisting(ask: Ask, bucket: Bucket): WireResponse {
  const details = { BucketName: bucket.name };
  if (bucket.owner !== ask.call.caller.accountId) {
    throw new S3Error(
      409,
      'BucketAlreadyExists',
      'The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.',
      details,
    );
  }
  if (bucket.region === CLASSIC_REGION && ask.call.region === CLASSIC_REGION) return answer(ask, bucket.region);
  throw new S3Error(
    409,
    'BucketAlreadyOwnedByYou',
    'Your previous request to create the named bucket succeeded and you already own it.',
    details,
  );
}

function checkName(ask: Ask): void {
  const { bucketName: name, call } = ask;
  const namespace = headerOf(ask, 'x-amz-bucket-namespace');
  if (namespace === 'account-regional' && WITHOUT_NAMESPACE.has(call.region)) {
    throw new S3Error(400, 'InvalidNamespaceHeader', 'The bucket namespace is not supported in this Region.');
  }
  const fits =
    namespace === 'account-regional'
      ? isAccountRegionalName(name, call.caller.accountId, call.region)
      : !/-\d{12}-[a-z0-9-]+-an$/.test(name);
  if (!isBucketName(name) || !fits) {
    throw new S3Error(400, 'InvalidBucketName', 'The specified bucket is not valid.', { BucketName: name });
  }
}

function toOwnership(ask: Ask): string {
  const ownership = headerOf(ask, 'x-amz-object-ownership');
  if (ownership === undefined) return 'BucketOwnerEnforced';
  demandOfCaller(ask, 's3:PutBucketOwnershipControls', bucketArn(ask, ask.bucketName));
  if (!OWNERSHIPS.includes(ownership)) {
    throw invalidArgument(`Invalid x-amz-object-ownership header: ${ownership}`, 'x-amz-object-ownership', ownership);
  }
  return ownership;
}

function refuseUnemulated(ask: Ask): void {
  const acl = headerOf(ask, 'x-amz-acl') ?? 'private';
  if (acl !== 'private' || Object.keys(ask.wire.headers).some((name) => name.startsWith('x-amz-grant-'))) {
    throw notEmulated('CreateBucket with an ACL');
  }
  if (headerOf(ask, 'x-amz-bucket-object-lock-enabled') === 'true') throw notEmulated('CreateBucket with object lock');
}

function toTags(ask: Ask, configuration: XmlValue | undefined): { tags?: readonly Tag[] } {
  const set = childOf(configuration, 'Tags');
  if (set === undefined) return {};
  demandOfCaller(ask, 's3:TagResource', bucketArn(ask, ask.bucketName));
  return { tags: fromTagSet(set, 'bucket') };
}
