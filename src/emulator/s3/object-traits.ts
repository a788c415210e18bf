import { demandKey, toEncryption } from './encryption.js';
import { notEmulated, S3Error } from './error.js';
import type { Bucket, ObjectTraits } from './model.js';
import { type Ask, headerOf } from './s3-operation.js';
import { fromTagHeader } from './tag-set.js';

/** Headers that S3 keeps with an object and sends back, by their lower-case names, as it spells them. */
export const STORED_HEADERS: ReadonlyMap<string, string> = new Map(
  [
    'Cache-Control',
    'Content-Disposition',
    'Content-Encoding',
    'Content-Language',
    'Content-Type',
    'Expires',
    'x-amz-website-redirect-location',
  ].map((name) => [name.toLowerCase(), name]),
);

/** Most bytes of user metadata. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html */
const MAX_METADATA_BYTES = 2048;

const METADATA = 'x-amz-meta-';

const STORAGE_CLASSES: ReadonlySet<string> = new Set([
  'STANDARD',
  'REDUCED_REDUNDANCY',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'GLACIER',
  'DEEP_ARCHIVE',
  'GLACIER_IR',
]);

/** Headers of a write that would mean something the local cloud does not do. */
const NOT_EMULATED = /^x-amz-(grant-|object-lock-|checksum-xxhash|write-offset-bytes)/;

/** Everything a write stores beside the bytes. @throws {S3Error} for what S3, or the local cloud, does not take. */
export function toTraits(ask: Ask, bucket: Bucket): ObjectTraits {
  const encryption = toEncryption(ask, bucket);
  demandKey(ask, bucket, encryption, 'kms:GenerateDataKey');
  return {
    headers: toStoredHeaders(ask),
    storageClass: toStorageClass(ask),
    encryption,
    tags: fromTagHeader(headerOf(ask, 'x-amz-tagging')),
  };
}

/** The headers of a request that come back with the object. @throws {S3Error} MetadataTooLarge */
export function toStoredHeaders(ask: Ask): Record<string, string> {
  const stored: Record<string, string> = {};
  let metadataBytes = 0;
  for (const [name, value] of Object.entries(ask.wire.headers)) {
    if (STORED_HEADERS.has(name) && value !== '') stored[name] = value;
    if (!name.startsWith(METADATA)) continue;
    stored[name] = value;
    metadataBytes += Buffer.byteLength(name) - METADATA.length + Buffer.byteLength(value);
  }
  if (metadataBytes > MAX_METADATA_BYTES) {
    throw new S3Error(400, 'MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size', {
      Size: metadataBytes,
      MaxSizeAllowed: MAX_METADATA_BYTES,
    });
  }
  return withoutChunking(stored);
}

/** The storage class of a write. @throws {S3Error} InvalidStorageClass */
export function toStorageClass(ask: Ask): string {
  const storageClass = headerOf(ask, 'x-amz-storage-class') ?? 'STANDARD';
  if (STORAGE_CLASSES.has(storageClass)) return storageClass;
  throw new S3Error(400, 'InvalidStorageClass', 'The storage class you specified is not valid', {
    StorageClassRequested: storageClass,
  });
}

/** Refuses ACLs, which are off in new buckets, and headers that are not emulated. @throws {S3Error} */
export function refuseHeaders(ask: Ask, bucket: Bucket): void {
  const acl = headerOf(ask, 'x-amz-acl');
  if (acl !== undefined && acl !== 'private' && acl !== 'bucket-owner-full-control') {
    if (bucket.ownership !== 'BucketOwnerEnforced') throw notEmulated('object ACLs');
    throw new S3Error(400, 'AccessControlListNotSupported', 'The bucket does not allow ACLs');
  }
  const header = Object.keys(ask.wire.headers).find((name) => NOT_EMULATED.test(name));
  if (header !== undefined) throw notEmulated(`writes with ${header}`);
}

/** AWS: `aws-chunked` is how a body travelled, and is not stored. (S3 API Reference, PutObject, Content-Encoding) */
function withoutChunking({ 'content-encoding': encoding, ...rest }: Record<string, string>): Record<string, string> {
  const kept = (encoding ?? '')
    .split(',')
    .map((token) => token.trim())
    .filter((token) => token !== '' && token !== 'aws-chunked');
  return kept.length === 0 ? rest : { ...rest, 'content-encoding': kept.join(', ') };
}
