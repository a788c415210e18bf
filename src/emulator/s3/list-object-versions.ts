import type { XmlSource } from '../wire/rest-xml.js';
import { openBucket } from './access.js';
import { invalidArgument } from './error.js';
import { commonPrefixOf, entryOf, listContext, nameEncoder, scan } from './listing.js';
import type { Bucket, ObjectVersion } from './model.js';
import { behindKey, behindPrefix, findNewest, findVersion, sequenceOf } from './object-rows.js';
import { ownerOf } from './owner.js';
import { toPageSize } from './page.js';
import { rowOfVersion, rowsOfKey } from './row-key.js';
import { type Ask, isoTime, type S3Operation, xmlAnswer } from './s3-operation.js';

/**
 * Lists every version and delete marker in a bucket, newest first within a key.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html
 */
export const ListObjectVersions: S3Operation = {
  name: 'ListObjectVersions',
  fidelity: 'documented',
  source: 'S3 API Reference, ListObjectVersions',
  mutating: false,
  method: 'GET',
  scope: 'bucket',
  selectors: 'versions',
  run(ask) {
    const { query } = ask;
    const bucket = openBucket(ask, 's3:ListBucketVersions', listContext(ask));
    const encode = nameEncoder(ask);
    const size = toPageSize(ask, 'max-keys');
    const prefix = query.get('prefix') ?? '';
    const delimiter = query.get('delimiter') ?? '';
    const after = begin(ask, bucket, prefix, delimiter);
    const page = scan(ask, bucket, { prefix, delimiter, after, items: size.items });
    const newest = (version: ObjectVersion): boolean =>
      findNewest(ask.call.store, bucket.name, version.key)?.sequence === version.sequence;
    const live = page.versions.filter(({ deleteMarker }) => !deleteMarker);
    const markers = page.versions.filter(({ deleteMarker }) => deleteMarker);
    return xmlAnswer('ListVersionsResult', {
      Name: bucket.name,
      Prefix: encode(prefix),
      KeyMarker: encode(query.get('key-marker') ?? ''),
      VersionIdMarker: query.get('version-id-marker') ?? '',
      NextKeyMarker: page.next === undefined ? undefined : encode(page.next.name),
      NextVersionIdMarker: page.next?.versionId,
      MaxKeys: size.declared,
      Delimiter: delimiter === '' ? undefined : encode(delimiter),
      EncodingType: query.get('encoding-type'),
      IsTruncated: page.next !== undefined,
      Version: live.map(
        (version): XmlSource => ({
          ...entryOf(version, bucket.owner, encode),
          VersionId: version.versionId,
          IsLatest: newest(version),
        }),
      ),
      DeleteMarker: markers.map((marker) => ({
        Owner: ownerOf(bucket.owner),
        Key: encode(marker.key),
        VersionId: marker.versionId,
        IsLatest: newest(marker),
        LastModified: isoTime(marker.modifiedMs),
      })),
      CommonPrefixes: page.commonPrefixes.map((common) => ({ Prefix: encode(common) })),
    });
  },
};

/** Where a page begins: behind a version of the marker's key, else behind all of its versions. */
function begin({ call, query }: Ask, bucket: Bucket, prefix: string, delimiter: string): string {
  const key = query.get('key-marker') ?? '';
  const versionId = query.get('version-id-marker') ?? '';
  if (key === '') {
    if (versionId === '') return '';
    const message = 'A version-id marker cannot be specified without a key marker.';
    throw invalidArgument(message, 'version-id-marker', versionId);
  }
  const common = key.startsWith(prefix) ? commonPrefixOf(key, prefix, delimiter) : undefined;
  if (common !== undefined) return behindPrefix(bucket.name, common);
  if (versionId === '') return behindKey(bucket.name, key);
  // A version that was deleted since the last page still has its place; only `null` has to be looked up.
  const sequence = findVersion(call.store, bucket.name, key, versionId)?.sequence ?? sequenceOf(versionId);
  return Number.isNaN(sequence) ? rowsOfKey(bucket.name, key) : rowOfVersion(bucket.name, key, sequence);
}
