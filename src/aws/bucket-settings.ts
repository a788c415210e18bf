import {
  GetBucketAccelerateConfigurationCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  PutBucketAccelerateConfigurationCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { AccelerationStatus } from './acceleration.js';
import type { Send } from './sender.js';

/** How a bucket encrypts what is put into it. */
export type BucketEncryption = {
  /** 'AES256', 'aws:kms', 'aws:kms:dsse', or '' when nothing is set. */
  readonly algorithm: string;
  /** ARN of the key; absent for AES256, and for the account's own key. */
  readonly kmsKey?: string;
  /** Whether a bucket key spares most calls to KMS; it changes nothing without KMS. */
  readonly bucketKey: boolean;
};

/** The settings of a bucket that decide who gets at its objects and what becomes of them. */
export interface BucketSettings {
  /** All four switches of Block Public Access. */
  readonly publicAccessBlocked: boolean;
  /** 'BucketOwnerEnforced' means that ACLs are off; '' when nothing is set. */
  readonly objectOwnership: string;
  readonly encryption: BucketEncryption;
  /** Bucket policy as JSON text; '' when there is none. */
  readonly policy: string;
  /** Days after which an unfinished multipart upload is dropped, for the whole bucket; 0: never. */
  readonly abortUploadsAfterDays: number;
  readonly versioning: 'Enabled' | 'Suspended' | 'Off';
  /** Transfer Acceleration; absent where nobody asked for it. */
  readonly acceleration?: AccelerationStatus;
}

/** The settings with none left out. */
export type AllSettings = Required<BucketSettings>;

/** Reads and writes the settings of a bucket, one call a setting. */
export interface S3BucketSettings {
  /** All but the acceleration, which most buckets never have. */
  read(bucket: string): Promise<BucketSettings>;
  /** 'Off' also in a Region that has none. */
  readAcceleration(bucket: string): Promise<AccelerationStatus>;
  write<Name extends keyof AllSettings>(bucket: string, name: Name, value: AllSettings[Name]): Promise<void>;
}

/** AWS: how S3 refuses to hear of acceleration where there is none. (hashicorp/terraform-provider-aws, aws_s3_bucket) */
const NO_ACCELERATION = ['UnsupportedArgument', 'MethodNotAllowed', 'NotImplemented'];

/** The settings' half of S3. */
export function createBucketSettings(client: S3Client, send: Send, account: string): S3BucketSettings {
  const owned = (bucket: string) => ({ Bucket: bucket, ExpectedBucketOwner: account });
  const readers = {
    async publicAccessBlocked(bucket: string) {
      const missing = ['NoSuchPublicAccessBlockConfiguration'];
      const found = await send(
        'GetPublicAccessBlock',
        () => client.send(new GetPublicAccessBlockCommand(owned(bucket))),
        { missing },
      );
      const is = found?.PublicAccessBlockConfiguration;
      return [is?.BlockPublicAcls, is?.BlockPublicPolicy, is?.IgnorePublicAcls, is?.RestrictPublicBuckets].every(
        (on) => on === true,
      );
    },
    async objectOwnership(bucket: string) {
      const missing = ['OwnershipControlsNotFoundError'];
      const found = await send(
        'GetBucketOwnershipControls',
        () => client.send(new GetBucketOwnershipControlsCommand(owned(bucket))),
        { missing },
      );
      return found?.OwnershipControls?.Rules?.[0]?.ObjectOwnership ?? '';
    },
    async encryption(bucket: string) {
      const missing = ['ServerSideEncryptionConfigurationNotFoundError'];
      const found = await send(
        'GetBucketEncryption',
        () => client.send(new GetBucketEncryptionCommand(owned(bucket))),
        { missing },
      );
      const rule = found?.ServerSideEncryptionConfiguration?.Rules?.[0];
      const { SSEAlgorithm: algorithm = '', KMSMasterKeyID: kmsKey } = rule?.ApplyServerSideEncryptionByDefault ?? {};
      const bucketKey = rule?.BucketKeyEnabled ?? false;
      return { algorithm, bucketKey, ...(kmsKey === undefined ? {} : { kmsKey }) };
    },
    async policy(bucket: string) {
      const found = await send('GetBucketPolicy', () => client.send(new GetBucketPolicyCommand(owned(bucket))), {
        missing: ['NoSuchBucketPolicy'],
      });
      return found?.Policy ?? '';
    },
    async abortUploadsAfterDays(bucket: string) {
      const missing = ['NoSuchLifecycleConfiguration'];
      const call = () => client.send(new GetBucketLifecycleConfigurationCommand(owned(bucket)));
      const found = await send('GetBucketLifecycleConfiguration', call, { missing });
      const rule = found?.Rules?.find(
        (is) =>
          is.Status === 'Enabled' &&
          (is.Filter?.Prefix ?? '') === '' &&
          is.AbortIncompleteMultipartUpload !== undefined,
      );
      return rule?.AbortIncompleteMultipartUpload?.DaysAfterInitiation ?? 0;
    },
    async versioning(bucket: string) {
      const found = await send('GetBucketVersioning', () => client.send(new GetBucketVersioningCommand(owned(bucket))));
      return found?.Status ?? 'Off';
    },
  };
  const writers: { [Name in keyof AllSettings]: (bucket: string, value: AllSettings[Name]) => Promise<void> } = {
    async publicAccessBlocked(bucket, on) {
      const switches = { BlockPublicAcls: on, BlockPublicPolicy: on, IgnorePublicAcls: on, RestrictPublicBuckets: on };
      const input = { ...owned(bucket), PublicAccessBlockConfiguration: switches };
      await send('PutPublicAccessBlock', () => client.send(new PutPublicAccessBlockCommand(input)));
    },
    async objectOwnership(bucket, ownership) {
      const input = {
        ...owned(bucket),
        OwnershipControls: { Rules: [{ ObjectOwnership: ownership as 'BucketOwnerEnforced' }] },
      };
      await send('PutBucketOwnershipControls', () => client.send(new PutBucketOwnershipControlsCommand(input)));
    },
    async encryption(bucket, { algorithm, kmsKey, bucketKey }) {
      const byDefault = {
        SSEAlgorithm: algorithm as 'AES256',
        ...(kmsKey === undefined ? {} : { KMSMasterKeyID: kmsKey }),
      };
      const rule = {
        ApplyServerSideEncryptionByDefault: byDefault,
        ...(bucketKey ? { BucketKeyEnabled: true } : {}),
      };
      const input = { ...owned(bucket), ServerSideEncryptionConfiguration: { Rules: [rule] } };
      await send('PutBucketEncryption', () => client.send(new PutBucketEncryptionCommand(input)));
    },
    async policy(bucket, policy) {
      await send('PutBucketPolicy', () =>
        client.send(new PutBucketPolicyCommand({ ...owned(bucket), Policy: policy })),
      );
    },
    async abortUploadsAfterDays(bucket, days) {
      const rule = {
        ID: 'pixgate-abort-unfinished-uploads',
        Status: 'Enabled' as const,
        Filter: { Prefix: '' },
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: days },
      };
      const input = { ...owned(bucket), LifecycleConfiguration: { Rules: [rule] } };
      await send('PutBucketLifecycleConfiguration', () =>
        client.send(new PutBucketLifecycleConfigurationCommand(input)),
      );
    },
    async versioning(bucket, status) {
      const input = {
        ...owned(bucket),
        VersioningConfiguration: { Status: status === 'Enabled' ? ('Enabled' as const) : ('Suspended' as const) },
      };
      await send('PutBucketVersioning', () => client.send(new PutBucketVersioningCommand(input)));
    },
    async acceleration(bucket, status) {
      // AWS: once set it can be suspended, and never be unset again. (S3 API Reference, PutBucketAccelerateConfiguration)
      const Status = status === 'Enabled' ? ('Enabled' as const) : ('Suspended' as const);
      const input = { ...owned(bucket), AccelerateConfiguration: { Status } };
      await send('PutBucketAccelerateConfiguration', () =>
        client.send(new PutBucketAccelerateConfigurationCommand(input)),
      );
    },
  };
  return {
    async read(bucket) {
      const asked = {
        publicAccessBlocked: readers.publicAccessBlocked(bucket),
        objectOwnership: readers.objectOwnership(bucket),
        encryption: readers.encryption(bucket),
        policy: readers.policy(bucket),
        abortUploadsAfterDays: readers.abortUploadsAfterDays(bucket),
        versioning: readers.versioning(bucket),
      };
      // Of several failures the first in this order is told, and none is left under way.
      await Promise.allSettled(Object.values(asked));
      return {
        publicAccessBlocked: await asked.publicAccessBlocked,
        objectOwnership: await asked.objectOwnership,
        encryption: await asked.encryption,
        policy: await asked.policy,
        abortUploadsAfterDays: await asked.abortUploadsAfterDays,
        versioning: await asked.versioning,
      };
    },
    async readAcceleration(bucket) {
      const found = await send(
        'GetBucketAccelerateConfiguration',
        () => client.send(new GetBucketAccelerateConfigurationCommand(owned(bucket))),
        { missing: NO_ACCELERATION },
      );
      return found?.Status ?? 'Off';
    },
    async write(bucket, name, value) {
      await writers[name](bucket, value);
    },
  };
}
