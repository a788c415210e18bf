import type { XmlNode } from '../wire/rest-xml.js';

/** A tag of a bucket or an object. */
export interface Tag {
  /** 1 to 128 characters. */
  readonly Key: string;
  /** 0 to 256 characters. */
  readonly Value: string;
}

/** The four switches that keep a bucket private whatever its policy says. */
export interface PublicAccess {
  /** Refuses requests that would set a public ACL. */
  readonly BlockPublicAcls: boolean;
  /** Ignores public ACLs that are there. */
  readonly IgnorePublicAcls: boolean;
  /** Refuses a public bucket policy. */
  readonly BlockPublicPolicy: boolean;
  /** Lets nobody from outside the account in by a public bucket policy. */
  readonly RestrictPublicBuckets: boolean;
}

/** How an object, or by default a whole bucket, is encrypted at rest. */
export interface Encryption {
  /** 'AES256', 'aws:kms' or 'aws:kms:dsse'. */
  readonly algorithm: string;
  /** The KMS key asked for; absent for AES256 and for the account's own key. */
  readonly kmsKeyId?: string;
  /** Whether a bucket key spares calls to KMS. */
  readonly bucketKey: boolean;
}

/** A bucket and everything set on it. */
export interface Bucket {
  /** Unique among all accounts. */
  readonly name: string;
  /** Where it lives: 'eu-west-1'. */
  readonly region: string;
  /** What GetBucketLocation answers; absent for us-east-1. */
  readonly locationConstraint?: string;
  /** Twelve digits of the account that made it. */
  readonly owner: string;
  /** Milliseconds since 1970, whole seconds. */
  readonly createdMs: number;
  /** Absent after DeleteBucketOwnershipControls. */
  ownership?: string;
  /** Absent when none were ever set, or they were deleted. */
  tags?: readonly Tag[];
  /** JSON text as it was put. */
  policy?: string;
  /** Absent after DeletePublicAccessBlock. */
  publicAccess?: PublicAccess;
  /** Absent after DeleteBucketEncryption; objects are encrypted with AES256 all the same. */
  encryption?: Encryption;
  /** The rules as they were put, each with its ID. */
  lifecycle?: readonly XmlNode[];
  /** Value of x-amz-transition-default-minimum-object-size, as it was put. */
  transitionMinimumSize?: string;
  /** Absent until it is first set; it can never be unset. */
  versioning?: 'Enabled' | 'Suspended';
  /** Absent until it is first set; it can never be unset. */
  accelerate?: 'Enabled' | 'Suspended';
}

/** A checksum stored beside an object or a part. */
export interface Checksum {
  /** 'CRC32', 'CRC32C', 'CRC64NVME', 'SHA1' or 'SHA256'. */
  readonly algorithm: string;
  /** Base64; with `-N` behind it when it was made of N parts' checksums. */
  readonly value: string;
  /** Whether it covers the bytes or the parts' checksums. */
  readonly type: 'FULL_OBJECT' | 'COMPOSITE';
}

/** What is stored with an object, apart from its bytes. */
export interface ObjectTraits {
  /** Lower-case HTTP headers that come back with the object: content-type, cache-control, x-amz-meta-… */
  readonly headers: Readonly<Record<string, string>>;
  /** 'STANDARD' and its kin. */
  readonly storageClass: string;
  /** As asked for, else the bucket's default. */
  readonly encryption: Encryption;
  /** In the order they were given. */
  readonly tags: readonly Tag[];
}

/** One version of an object, or a delete marker. The first of a key's versions is the current one. */
export interface ObjectVersion extends ObjectTraits {
  /** The whole key, as the client wrote it. */
  readonly key: string;
  /** Counts up within a key, from 1. */
  readonly sequence: number;
  /** 32 characters, or 'null' when written while versioning was not enabled. */
  readonly versionId: string;
  /** A delete marker has no body, and reads as a missing object. */
  readonly deleteMarker: boolean;
  /** Milliseconds since 1970, whole seconds. */
  readonly modifiedMs: number;
  /** Without its quotes. */
  readonly etag: string;
  /** In bytes. */
  readonly size: number;
  /** Where the store keeps the bytes; '' for a delete marker. */
  readonly bodyId: string;
  /** Absent only for delete markers. */
  readonly checksum?: Checksum;
}

/** A multipart upload that is neither completed nor aborted. */
export interface Upload extends ObjectTraits {
  /** Sorts by time of initiation. */
  readonly id: string;
  /** Bucket it was started in. */
  readonly bucket: string;
  /** Key of the object to be. */
  readonly key: string;
  /** Milliseconds since 1970, whole seconds. */
  readonly initiatedMs: number;
  /** ARN of who began it. */
  readonly initiator: string;
  /** Algorithm of the finished object's checksum. */
  readonly checksumAlgorithm: string;
  /** Whether the finished object's checksum covers bytes or parts' checksums. */
  readonly checksumType: Checksum['type'];
}

/** One uploaded part. */
export interface Part {
  /** 1 to 10,000. */
  readonly number: number;
  /** MD5 of the bytes, without quotes. */
  readonly etag: string;
  /** In bytes. */
  readonly size: number;
  /** Milliseconds since 1970, whole seconds. */
  readonly modifiedMs: number;
  /** Where the store keeps the bytes. */
  readonly bodyId: string;
  /** Of the upload's algorithm. */
  readonly checksum: Checksum;
}
