import { checkOwner, enterBucket } from './access.js';
import { checksumHeader, isAlgorithm } from './checksum.js';
import { checkCopySource } from './conditions.js';
import { demandKey } from './encryption.js';
import { invalidArgument, invalidRequest } from './error.js';
import type { Bucket, ObjectTraits, ObjectVersion } from './model.js';
import { findRead } from './object-read.js';
import { addVersion, bytesOf } from './object-rows.js';
import { toStorageClass, toStoredHeaders, toTraits } from './object-traits.js';
import { openForWrite, storedHeaders, versionHeader } from './object-write.js';
import { type Ask, headerOf, isoTime, type S3Operation, xmlAnswer } from './s3-operation.js';

/**
 * Stores a copy of an object; onto itself only when something about it changes, such as its headers.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
 */
export const CopyObject: S3Operation = {
  name: 'CopyObject',
  fidelity: 'documented',
  source: 'S3 API Reference, CopyObject',
  mutating: true,
  method: 'PUT',
  scope: 'object',
  selectors: 'x-amz-copy-source',
  run(ask) {
    const bucket = openForWrite(ask);
    const from = toSourceAsk(ask);
    const sourceBucket = enterBucket(from);
    checkOwner(sourceBucket, headerOf(ask, 'x-amz-source-expected-bucket-owner'));
    const source = findRead(from, sourceBucket, 's3:GetObject');
    demandKey(from, sourceBucket, source.encryption, 'kms:Decrypt');
    checkCopySource(ask, source);
    const traits = copiedTraits(ask, bucket, source);
    const isSameKey = from.bucketName === ask.bucketName && from.key === ask.key;
    if (isSameKey && !from.query.has('versionId') && isUnchanged(ask, source, traits)) {
      throw invalidRequest(
        "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
      );
    }
    const copy = addVersion(ask.call, bucket, {
      ...traits,
      key: ask.key,
      bytes: bytesOf(ask.call.store, source),
      checksum: { algorithm: copiedAlgorithm(ask, source) },
    });
    return answer(bucket, copy, sourceBucket, source);
  },
};

function answer(bucket: Bucket, copy: ObjectVersion, sourceBucket: Bucket, source: ObjectVersion) {
  const sourceId = versionHeader(sourceBucket, source)['x-amz-version-id'];
  return xmlAnswer(
    'CopyObjectResult',
    {
      LastModified: isoTime(copy.modifiedMs),
      ETag: `"${copy.etag}"`,
      ...(copy.checksum === undefined ? {} : { [`Checksum${copy.checksum.algorithm}`]: copy.checksum.value }),
      ChecksumType: copy.checksum?.type,
    },
    {
      ...storedHeaders(bucket, copy),
      ...(sourceId === undefined ? {} : { 'x-amz-copy-source-version-id': sourceId }),
    },
  );
}

/** The same request, as if it asked for the source. @throws {S3Error} InvalidArgument */
function toSourceAsk(ask: Ask): Ask {
  const header = headerOf(ask, 'x-amz-copy-source') ?? '';
  const [path = '', versionId] = header.split('?versionId=');
  const [, rawBucket = '', rawKey = ''] = /^\/?([^/]*)\/(.*)$/s.exec(path) ?? [];
  const [bucketName, key] = decodeBoth(rawBucket, rawKey, header);
  if (bucketName === '' || key === '') throw invalidSource(header);
  const query = new Map(versionId === undefined ? [] : [['versionId', versionId]]);
  const { 'x-amz-expected-bucket-owner': _, ...headers } = ask.wire.headers;
  return { call: ask.call, wire: { ...ask.wire, method: 'GET', headers }, bucketName, key, query };
}

function decodeBoth(bucket: string, key: string, header: string): [string, string] {
  try {
    return [decodeURIComponent(bucket), decodeURIComponent(key)];
  } catch {
    throw invalidSource(header);
  }
}

function invalidSource(header: string) {
  return invalidArgument('Invalid copy source object key', 'x-amz-copy-source', header);
}

/** Takes headers and tags from the source unless the request says REPLACE; class and encryption never come along. */
function copiedTraits(ask: Ask, bucket: Bucket, source: ObjectVersion): ObjectTraits {
  const fresh = toTraits(ask, bucket);
  const redirect = toStoredHeaders(ask)['x-amz-website-redirect-location'];
  const { 'x-amz-website-redirect-location': _, ...headers } = source.headers;
  return {
    headers: replaces(ask, 'metadata')
      ? fresh.headers
      : { ...headers, ...(redirect === undefined ? {} : { 'x-amz-website-redirect-location': redirect }) },
    tags: replaces(ask, 'tagging') ? fresh.tags : source.tags,
    storageClass: toStorageClass(ask),
    encryption: fresh.encryption,
  };
}

/** @throws {S3Error} InvalidArgument for a directive that is neither COPY nor REPLACE. */
function replaces(ask: Ask, what: 'metadata' | 'tagging'): boolean {
  const name = `x-amz-${what}-directive`;
  const directive = headerOf(ask, name) ?? 'COPY';
  if (directive === 'REPLACE' || directive === 'COPY') return directive === 'REPLACE';
  throw invalidArgument(`Unknown ${what} directive.`, name, directive);
}

function isUnchanged(ask: Ask, source: ObjectVersion, traits: ObjectTraits): boolean {
  return (
    !replaces(ask, 'metadata') &&
    headerOf(ask, 'x-amz-server-side-encryption') === undefined &&
    headerOf(ask, 'x-amz-website-redirect-location') === undefined &&
    traits.storageClass === source.storageClass
  );
}

/** @throws {S3Error} InvalidRequest */
function copiedAlgorithm(ask: Ask, source: ObjectVersion): string {
  const asked = headerOf(ask, checksumHeader('algorithm'));
  if (asked !== undefined && !isAlgorithm(asked)) {
    throw invalidRequest('Checksum algorithm provided is unsupported. Please try again with any of the valid types.');
  }
  return asked ?? source.checksum?.algorithm ?? 'CRC64NVME';
}
