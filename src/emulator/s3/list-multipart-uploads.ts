import { openBucket } from './access.js';
import { notEmulated } from './error.js';
import { listContext, nameEncoder } from './listing.js';
import type { Upload } from './model.js';
import { ownerOf } from './owner.js';
import { toPageSize } from './page.js';
import { isoTime, type S3Operation, xmlAnswer } from './s3-operation.js';
import { listUploads } from './uploads.js';

/**
 * Lists uploads that are neither completed nor aborted, by key and then by time.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html
 */
export const ListMultipartUploads: S3Operation = {
  name: 'ListMultipartUploads',
  fidelity: 'documented',
  source: 'S3 API Reference, ListMultipartUploads',
  mutating: false,
  method: 'GET',
  scope: 'bucket',
  selectors: 'uploads',
  run(ask) {
    const { query } = ask;
    const bucket = openBucket(ask, 's3:ListBucketMultipartUploads', listContext(ask));
    if ((query.get('delimiter') ?? '') !== '') throw notEmulated('ListMultipartUploads with a delimiter');
    const encode = nameEncoder(ask);
    const size = toPageSize(ask, 'max-uploads');
    const prefix = query.get('prefix') ?? '';
    const keyMarker = query.get('key-marker') ?? '';
    const idMarker = query.get('upload-id-marker') ?? '';
    const rest = listUploads(ask.call.store, bucket.name, prefix).filter((upload) =>
      isBehind(upload, keyMarker, keyMarker === '' ? '' : idMarker),
    );
    const uploads = rest.slice(0, size.items);
    const isTruncated = size.items > 0 && rest.length > uploads.length;
    const last = isTruncated ? uploads.at(-1) : undefined;
    return xmlAnswer('ListMultipartUploadsResult', {
      Bucket: bucket.name,
      KeyMarker: encode(keyMarker),
      UploadIdMarker: idMarker,
      NextKeyMarker: last === undefined ? undefined : encode(last.key),
      NextUploadIdMarker: last?.id,
      Prefix: encode(prefix),
      EncodingType: query.get('encoding-type'),
      MaxUploads: size.declared,
      IsTruncated: isTruncated,
      Upload: uploads.map((upload) => ({
        Key: encode(upload.key),
        UploadId: upload.id,
        Initiator: { ID: upload.initiator },
        Owner: ownerOf(bucket.owner),
        StorageClass: upload.storageClass,
        Initiated: isoTime(upload.initiatedMs),
        ChecksumAlgorithm: upload.checksumAlgorithm,
        ChecksumType: upload.checksumType,
      })),
    });
  },
};

/** Whether an upload comes after the markers: a later key, or a later upload to the same one. */
function isBehind(upload: Upload, keyMarker: string, idMarker: string): boolean {
  if (keyMarker === '') return true;
  const order = Buffer.compare(Buffer.from(upload.key), Buffer.from(keyMarker));
  return order > 0 || (order === 0 && idMarker !== '' && upload.id > idMarker);
}
