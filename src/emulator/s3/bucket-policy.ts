import { bucketArn, demand, enterBucket, saveBucket } from './access.js';
import { verifyBody } from './checksum.js';
import { accessDenied, S3Error } from './error.js';
import type { Bucket } from './model.js';
import { isPublicPolicy } from './public-policy.js';
import { type Ask, emptyAnswer, type S3Operation } from './s3-operation.js';

/** Most bytes of a bucket policy. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html */
const MAX_POLICY_BYTES = 20 * 1024;

const VERSIONS: readonly unknown[] = [undefined, '2012-10-17', '2008-10-17'];

const policy = {
  fidelity: 'recorded',
  source: 'LocalStack, recorded tests of S3: bucket policies: none, not JSON, and without a Statement',
  scope: 'bucket',
  selectors: 'policy',
} as const;

/** Reads a bucket's policy as it was put. */
export const GetBucketPolicy: S3Operation = {
  ...policy,
  name: 'GetBucketPolicy',
  mutating: false,
  method: 'GET',
  run(ask) {
    const bucket = openPolicy(ask, 's3:GetBucketPolicy');
    if (bucket.policy === undefined) {
      throw new S3Error(404, 'NoSuchBucketPolicy', 'The bucket policy does not exist', { BucketName: bucket.name });
    }
    return { status: 200, headers: { 'Content-Type': 'application/json' }, body: Buffer.from(bucket.policy) };
  },
};

/** Replaces a bucket's policy; a public one is refused while Block Public Access says so. */
export const PutBucketPolicy: S3Operation = {
  ...policy,
  name: 'PutBucketPolicy',
  mutating: true,
  method: 'PUT',
  run(ask) {
    const bucket = openPolicy(ask, 's3:PutBucketPolicy');
    verifyBody(ask);
    const text = Buffer.from(ask.wire.body).toString();
    checkPolicy(text, bucketArn(ask, bucket.name));
    if (bucket.publicAccess?.BlockPublicPolicy === true && isPublicPolicy(text)) throw accessDenied();
    saveBucket(ask, { ...bucket, policy: text });
    return emptyAnswer(204);
  },
};

/** Removes a bucket's policy, whether there is one or not. */
export const DeleteBucketPolicy: S3Operation = {
  ...policy,
  name: 'DeleteBucketPolicy',
  mutating: true,
  method: 'DELETE',
  run(ask) {
    const { policy: _, ...rest } = openPolicy(ask, 's3:DeleteBucketPolicy');
    saveBucket(ask, rest);
    return emptyAnswer(204);
  },
};

/** The root user of the owning account always reaches the policy, so that nobody is locked out for good. */
function openPolicy(ask: Ask, action: string): Bucket {
  const bucket = enterBucket(ask);
  const { kind, accountId } = ask.call.caller;
  if (kind !== 'root' || accountId !== bucket.owner) demand(ask, bucket, { action });
  return bucket;
}

function checkPolicy(text: string, arn: string): void {
  if (Buffer.byteLength(text) > MAX_POLICY_BYTES) {
    throw malformed('Normalized policy document exceeds the maximum allowed size of 20480 bytes.');
  }
  const document = parseObject(text);
  if (!VERSIONS.includes(document['Version'])) {
    throw malformed('Policy document version must be 2012-10-17 or 2008-10-17');
  }
  if (document['Statement'] === undefined) throw malformed('Missing required field Statement');
  const statements = [document['Statement']].flat();
  if (statements.length === 0) throw malformed('Could not parse the policy: Statement is empty!');
  for (const statement of statements) checkStatement(statement, arn);
}

function checkStatement(statement: unknown, arn: string): void {
  if (typeof statement !== 'object' || statement === null) throw malformed('Policy has an invalid statement');
  const { Effect, Principal, NotPrincipal, Action, NotAction, Resource, NotResource } = statement as Record<
    string,
    unknown
  >;
  if (Effect === undefined) throw malformed('Missing required field Effect');
  if (Effect !== 'Allow' && Effect !== 'Deny') throw malformed(`Invalid effect: ${String(Effect)}`);
  if (Principal === undefined && NotPrincipal === undefined) throw malformed('Missing required field Principal');
  if (typeof Principal === 'string' && Principal !== '*') throw malformed('Invalid policy syntax.');
  if (Action === undefined && NotAction === undefined) throw malformed('Missing required field Action');
  const resources = [Resource ?? NotResource].flat();
  if (resources.includes(undefined)) throw malformed('Missing required field Resource');
  if (!resources.every((resource) => covers(String(resource), arn))) throw malformed('Policy has invalid resource');
}

/** Whether a resource, wildcards and all, is this bucket or lies in it. */
function covers(resource: string, arn: string): boolean {
  const name = resource.split('/')[0] ?? '';
  const pattern = name.replace(/[.*+?^${}()|[\]\\]/g, (char) => ({ '*': '.*', '?': '.' })[char] ?? `\\${char}`);
  return new RegExp(`^${pattern}$`).test(arn);
}

function parseObject(text: string): Record<string, unknown> {
  try {
    if (text.startsWith('{')) return JSON.parse(text);
  } catch {
    // Not JSON: refused in the same words as what does not begin like an object.
  }
  throw malformed("Policies must be valid JSON and the first byte must be '{'");
}

function malformed(message: string): S3Error {
  return new S3Error(400, 'MalformedPolicy', message);
}
