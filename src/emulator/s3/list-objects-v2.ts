import type { XmlSource } from '../wire/rest-xml.js';
import { openBucket } from './access.js';
import { invalidArgument } from './error.js';
import { currentOnly, entryOf, listContext, nameEncoder, scan } from './listing.js';
import { behindKey, behindPrefix } from './object-rows.js';
import { fromToken, toPageSize, toToken } from './page.js';
import { type Ask, type S3Operation, xmlAnswer } from './s3-operation.js';

/**
 * Lists a bucket's objects in the order of their keys' UTF-8 bytes.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
 */
export const ListObjectsV2: S3Operation = {
  name: 'ListObjectsV2',
  fidelity: 'documented',
  source: 'S3 API Reference, ListObjectsV2',
  mutating: false,
  method: 'GET',
  scope: 'bucket',
  selectors: 'list-type',
  run(ask) {
    const { query } = ask;
    const bucket = openBucket(ask, 's3:ListBucket', listContext(ask));
    if (query.get('list-type') !== '2') {
      throw invalidArgument('Invalid List Type specified in Request', 'list-type', query.get('list-type') ?? '');
    }
    const encode = nameEncoder(ask);
    const size = toPageSize(ask, 'max-keys');
    const prefix = query.get('prefix') ?? '';
    const delimiter = query.get('delimiter') ?? '';
    const page = scan(ask, bucket, { prefix, delimiter, after: begin(ask), items: size.items, keep: currentOnly() });
    const owner = query.get('fetch-owner') === 'true' ? bucket.owner : undefined;
    return xmlAnswer(
      'ListBucketResult',
      {
        Name: bucket.name,
        Prefix: encode(prefix),
        StartAfter: mapped(query.get('start-after'), encode),
        ContinuationToken: query.get('continuation-token'),
        NextContinuationToken: page.next === undefined ? undefined : nextToken(page.next),
        KeyCount: page.versions.length + page.commonPrefixes.length,
        MaxKeys: size.declared,
        Delimiter: mapped(query.get('delimiter'), encode),
        EncodingType: query.get('encoding-type'),
        IsTruncated: page.next !== undefined,
        Contents: page.versions.map((version): XmlSource => entryOf(version, owner, encode)),
        CommonPrefixes: page.commonPrefixes.map((common) => ({ Prefix: encode(common) })),
      },
      { 'x-amz-bucket-region': bucket.region },
    );
  },
};

/** A token says whether it stands behind a key (`k`) or behind all keys of a common prefix (`p`). */
function nextToken({ name, versionId }: { name: string; versionId?: string }): string {
  return toToken((versionId === undefined ? 'p' : 'k') + name);
}

function begin({ bucketName, query }: Ask): string {
  const token = query.get('continuation-token');
  const startAfter = query.get('start-after') ?? '';
  if (token === undefined) return startAfter === '' ? '' : behindKey(bucketName, startAfter);
  const position = fromToken(token);
  const name = position.slice(1);
  return position.startsWith('p') ? behindPrefix(bucketName, name) : behindKey(bucketName, name);
}

function mapped(value: string | undefined, encode: (name: string) => string): string | undefined {
  return value === undefined || value === '' ? undefined : encode(value);
}
