import { demand, openObject } from './access.js';
import { checksumHeader } from './checksum.js';
import { checkWrite } from './conditions.js';
import { encryptionHeaders } from './encryption.js';
import type { Bucket, ObjectVersion } from './model.js';
import { findCurrent } from './object-rows.js';
import { refuseHeaders } from './object-traits.js';
import { type Ask, headerOf } from './s3-operation.js';

/**
 * The bucket a write goes to, once everything but its body has been looked at.
 *
 * @throws {S3Error} for what the caller may not do, what is not supported, and conditions that do not hold.
 */
export function openForWrite(ask: Ask): Bucket {
  const bucket = openObject(ask, 's3:PutObject', writeContext(ask));
  if (headerOf(ask, 'x-amz-tagging') !== undefined)
    demand(ask, bucket, { action: 's3:PutObjectTagging', key: ask.key });
  // AWS: a write that depends on what is there also needs the right to read it. (S3 User Guide, conditional writes)
  if (headerOf(ask, 'if-match') !== undefined) demand(ask, bucket, { action: 's3:GetObject', key: ask.key });
  refuseHeaders(ask, bucket);
  checkWrite(ask, findCurrent(ask.call.store, bucket.name, ask.key));
  return bucket;
}

/** What a write answers about what it stored. */
export function writtenHeaders(bucket: Bucket, version: ObjectVersion): Record<string, string> {
  return { ETag: `"${version.etag}"`, ...checksumHeaders(version), ...storedHeaders(bucket, version) };
}

/** The checksum of a version, as headers. */
export function checksumHeaders({ checksum }: ObjectVersion): Record<string, string> {
  if (checksum === undefined) return {};
  return { [checksumHeader(checksum.algorithm)]: checksum.value, 'x-amz-checksum-type': checksum.type };
}

/** How a version is encrypted, and which version it is, in a bucket that has versions. */
export function storedHeaders(bucket: Bucket, version: ObjectVersion): Record<string, string> {
  return { ...encryptionHeaders(version.encryption), ...versionHeader(bucket, version) };
}

/** Which version it is, in a bucket whose versioning was ever set. */
export function versionHeader(bucket: Bucket, { versionId }: ObjectVersion): Record<string, string> {
  return bucket.versioning === undefined ? {} : { 'x-amz-version-id': versionId };
}

function writeContext(ask: Ask): Record<string, string> {
  const keys = ['x-amz-acl', 'x-amz-server-side-encryption', 'x-amz-storage-class', 'x-amz-copy-source'];
  return Object.fromEntries(
    keys.flatMap((name) => {
      const value = headerOf(ask, name);
      return value === undefined ? [] : [[`s3:${name}`, value]];
    }),
  );
}
