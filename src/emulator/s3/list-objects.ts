import type { XmlSource } from '../wire/rest-xml.js';
import { openBucket } from './access.js';
import { commonPrefixOf, currentOnly, entryOf, listContext, nameEncoder, scan } from './listing.js';
import { behindKey, behindPrefix } from './object-rows.js';
import { toPageSize } from './page.js';
import { type S3Operation, xmlAnswer } from './s3-operation.js';

/**
 * Lists a bucket's objects the old way, with a key as the marker between pages.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjects.html
 */
export const ListObjects: S3Operation = {
  name: 'ListObjects',
  fidelity: 'documented',
  source: 'S3 API Reference, ListObjects',
  mutating: false,
  method: 'GET',
  scope: 'bucket',
  run(ask) {
    const { query } = ask;
    const bucket = openBucket(ask, 's3:ListBucket', listContext(ask));
    const encode = nameEncoder(ask);
    const size = toPageSize(ask, 'max-keys');
    const prefix = query.get('prefix') ?? '';
    const delimiter = query.get('delimiter') ?? '';
    const marker = query.get('marker') ?? '';
    // AWS: a marker inside a common prefix, or equal to one, stands behind all of it.
    const common = marker.startsWith(prefix) ? commonPrefixOf(marker, prefix, delimiter) : undefined;
    const behindMarker = common === undefined ? behindKey(bucket.name, marker) : behindPrefix(bucket.name, common);
    const after = marker === '' ? '' : behindMarker;
    const page = scan(ask, bucket, { prefix, delimiter, after, items: size.items, keep: currentOnly() });
    return xmlAnswer(
      'ListBucketResult',
      {
        Name: bucket.name,
        Prefix: encode(prefix),
        Marker: encode(marker),
        // AWS: only with a delimiter; without one the last key is the next marker. (S3 API Reference, ListObjects)
        NextMarker: page.next === undefined || delimiter === '' ? undefined : encode(page.next.name),
        MaxKeys: size.declared,
        Delimiter: delimiter === '' ? undefined : encode(delimiter),
        EncodingType: query.get('encoding-type'),
        IsTruncated: page.next !== undefined,
        Contents: page.versions.map((version): XmlSource => entryOf(version, bucket.owner, encode)),
        CommonPrefixes: page.commonPrefixes.map((prefixed) => ({ Prefix: encode(prefixed) })),
      },
      { 'x-amz-bucket-region': bucket.region },
    );
  },
};
