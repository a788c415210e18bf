import type { S3Client } from '@aws-sdk/client-s3';
import { isDenied, readFailure } from './failure.js';

/** What a policy must allow for an operation, where its name is not the operation's own. */
const ACTIONS: Readonly<Record<string, string>> = {
  CopyObject: 's3:PutObject',
  // With an object ownership and tags, as we send it.
  CreateBucket: 's3:CreateBucket, s3:PutBucketOwnershipControls or s3:TagResource',
  DeleteObjects: 's3:DeleteObject',
  GetBucketAccelerateConfiguration: 's3:GetAccelerateConfiguration',
  GetBucketEncryption: 's3:GetEncryptionConfiguration',
  GetBucketLifecycleConfiguration: 's3:GetLifecycleConfiguration',
  GetPublicAccessBlock: 's3:GetBucketPublicAccessBlock',
  HeadBucket: 's3:ListBucket',
  HeadObject: 's3:GetObject',
  ListBuckets: 's3:ListAllMyBuckets',
  ListMultipartUploads: 's3:ListBucketMultipartUploads',
  ListObjectVersions: 's3:ListBucketVersions',
  ListObjectsV2: 's3:ListBucket',
  PutBucketAccelerateConfiguration: 's3:PutAccelerateConfiguration',
  PutBucketEncryption: 's3:PutEncryptionConfiguration',
  PutBucketLifecycleConfiguration: 's3:PutLifecycleConfiguration',
  PutPublicAccessBlock: 's3:PutBucketPublicAccessBlock',
};

/** Operations that want another action for one version of an object than for its newest. */
const OF_VERSIONS = new Set(['DeleteObject', 'HeadObject']);

/**
 * Has a refusal of S3 name the action and the resource that a policy must allow. S3 often says "Access Denied" and no more,
 * and nothing at all in answer to HEAD; the other services name both.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
 */
export function nameDenied(client: S3Client, partition: string): S3Client {
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        try {
          return await next(args);
        } catch (error) {
          const failure = readFailure(error);
          if (!(error instanceof Error) || !isDenied(failure) || failure.message.includes('s3:')) throw error;
          const { Bucket, Key, VersionId, Delete } = args.input as DeniedInput;
          const operation = commandName.replace(/Command$/, '');
          const action = ACTIONS[operation] ?? `s3:${operation}`;
          const key = Key ?? (Delete === undefined ? undefined : '*');
          const resource = [Bucket ?? '*', ...(key === undefined ? [] : [key])].join('/');
          const version = VersionId !== undefined && OF_VERSIONS.has(operation) ? 'Version' : '';
          error.message = `${action}${version} is not allowed on arn:${partition}:s3:::${resource}`;
          throw error;
        }
      },
    { step: 'initialize', name: 'nameDenied' },
  );
  return client;
}

interface DeniedInput {
  readonly Bucket?: string;
  readonly Key?: string;
  readonly VersionId?: string;
  readonly Delete?: unknown;
}
