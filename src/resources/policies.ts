import { MANIFEST_FOLDER } from './names.js';

/** A policy document as JSON text, in one fixed order of fields. */
function policy(statements: readonly object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

/**
 * Lets API Gateway take on a role.
 *
 * AWS: no aws:SourceAccount or aws:SourceArn condition. API Gateway does not send those keys when it takes on the role
 * of an S3 integration, so with them every request is a 500 (seen in July 2026, in a fix of
 * aws-solutions-library-samples/accelerated-intelligent-document-processing-on-aws, pull request 479). Another account
 * cannot name our role in its own integration: passing a role does not work across accounts.
 */
export const API_GATEWAY_TRUST = policy([
  { Effect: 'Allow', Principal: { Service: 'apigateway.amazonaws.com' }, Action: 'sts:AssumeRole' },
]);

/** What a mount's role reads. */
export interface ReadAsk {
  readonly partition: string;
  readonly account: string;
  readonly bucket: string;
  /** '' serves the whole bucket. */
  readonly prefix: string;
  /** Region of the bucket. */
  readonly region: string;
  /** ARN of the KMS key that the images are encrypted with; absent: none. */
  readonly kmsKey?: string;
}

/** Suffix of the names of services, by partition. */
const DNS_SUFFIX: Readonly<Record<string, string>> = { 'aws-cn': 'amazonaws.com.cn', 'aws-eusc': 'amazonaws.eu' };

/**
 * Lets a mount's role read the images below its prefix, and nothing else.
 *
 * With a prefix it may also list the bucket: S3 then says 404 for a missing key, and a 403 really means forbidden. No
 * route reaches a listing. Without a prefix an encoded `?` straight behind the bucket could become one, so it may not.
 * With KMS it may decrypt with that one key, and only by way of S3 in the bucket's Region.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
 */
export function readPolicy({ partition, account, bucket, prefix, region, kmsKey }: ReadAsk): string {
  const arn = `arn:${partition}:s3:::${bucket}`;
  const Condition = { StringEquals: { 'aws:ResourceAccount': account } };
  const read = { Effect: 'Allow', Action: 's3:GetObject', Resource: `${arn}/${prefix}*`, Condition };
  const list = { Effect: 'Allow', Action: 's3:ListBucket', Resource: arn, Condition };
  const guard = { Effect: 'Deny', Action: 's3:GetObject', Resource: `${arn}/${MANIFEST_FOLDER}*` };
  const coversManifests = MANIFEST_FOLDER.startsWith(prefix) || prefix.startsWith(MANIFEST_FOLDER);
  const via = { StringEquals: { 'kms:ViaService': `s3.${region}.${DNS_SUFFIX[partition] ?? 'amazonaws.com'}` } };
  const decrypt = { Effect: 'Allow', Action: 'kms:Decrypt', Resource: kmsKey, Condition: via };
  return policy([
    read,
    ...(prefix === '' ? [] : [list]),
    ...(coversManifests ? [guard] : []),
    ...(kmsKey === undefined ? [] : [decrypt]),
  ]);
}

/** Denies everything that does not come over TLS; allows nothing. */
export function tlsOnlyPolicy(partition: string, bucket: string): string {
  return policy([denyPlainHttp(partition, bucket)]);
}

/** Lets nobody write any more: for a bucket that is about to be deleted. */
export function closedPolicy(partition: string, bucket: string): string {
  const Resource = `arn:${partition}:s3:::${bucket}/*`;
  const denyWrites = { Sid: 'DenyWrites', Effect: 'Deny', Principal: '*', Action: 's3:PutObject', Resource };
  return policy([denyPlainHttp(partition, bucket), denyWrites]);
}

function denyPlainHttp(partition: string, bucket: string) {
  const arn = `arn:${partition}:s3:::${bucket}`;
  return {
    Sid: 'DenyInsecureTransport',
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: [arn, `${arn}/*`],
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
}

/**
 * Lets API Gateway write logs. The role serves every stage of the account and Region, so it covers all groups.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
 */
export function loggingPolicy(partition: string, account: string, region: string): string {
  const Action = [
    'CreateLogGroup',
    'CreateLogStream',
    'DescribeLogStreams',
    'PutLogEvents',
    'GetLogEvents',
    'FilterLogEvents',
  ].map((verb) => `logs:${verb}`);
  return policy([
    { Effect: 'Allow', Action, Resource: `arn:${partition}:logs:${region}:${account}:log-group:*` },
    { Effect: 'Allow', Action: 'logs:DescribeLogGroups', Resource: '*' },
  ]);
}

/** Whether two policy documents say the same, whatever their layout. */
export function isSamePolicy(a: string, b: string): boolean {
  return normalise(a) === normalise(b);
}

function normalise(text: string): string {
  try {
    return JSON.stringify(sorted(JSON.parse(text)));
  } catch {
    return text;
  }
}

/** AWS hands lists of one back as a bare value, and may reorder fields. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 1 ? sorted(value[0]) : value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, field]) => [key, sorted(field)]),
  );
}
