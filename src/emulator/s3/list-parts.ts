import { openObject } from './access.js';
import { invalidArgument } from './error.js';
import { ownerOf } from './owner.js';
import { toPageSize } from './page.js';
import { type Ask, isoTime, type S3Operation, xmlAnswer } from './s3-operation.js';
import { getUpload, listParts, MAX_PART_NUMBER } from './uploads.js';

/**
 * Lists the parts of an upload by number.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListParts.html
 */
export const ListParts: S3Operation = {
  name: 'ListParts',
  fidelity: 'documented',
  source: 'S3 API Reference, ListParts',
  mutating: false,
  method: 'GET',
  scope: 'object',
  selectors: 'uploadId',
  run(ask) {
    const bucket = openObject(ask, 's3:ListMultipartUploadParts');
    const upload = getUpload(ask);
    const size = toPageSize(ask, 'max-parts');
    const marker = toMarker(ask);
    const found = listParts(ask.call.store, upload.id, marker, size.items + 1);
    const parts = found.slice(0, size.items);
    return xmlAnswer('ListPartsResult', {
      Bucket: bucket.name,
      Key: upload.key,
      UploadId: upload.id,
      Initiator: { ID: upload.initiator },
      Owner: ownerOf(bucket.owner),
      StorageClass: upload.storageClass,
      ChecksumAlgorithm: upload.checksumAlgorithm,
      ChecksumType: upload.checksumType,
      PartNumberMarker: marker,
      NextPartNumberMarker: parts.at(-1)?.number ?? marker,
      MaxParts: size.declared,
      IsTruncated: size.items > 0 && found.length > parts.length,
      Part: parts.map((part) => ({
        PartNumber: part.number,
        LastModified: isoTime(part.modifiedMs),
        ETag: `"${part.etag}"`,
        Size: part.size,
        [`Checksum${part.checksum.algorithm}`]: part.checksum.value,
      })),
    });
  },
};

/** @throws {S3Error} InvalidArgument */
function toMarker(ask: Ask): number {
  const text = ask.query.get('part-number-marker') ?? '';
  if (/^\d{0,9}$/.test(text)) return Math.min(Number(text), MAX_PART_NUMBER);
  const message = 'Provided part-number-marker not an integer or within integer range';
  throw invalidArgument(message, 'part-number-marker', text);
}
