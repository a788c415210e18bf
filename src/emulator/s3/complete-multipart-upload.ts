import { childrenOf, childText, type XmlValue } from '../wire/rest-xml.js';
import { checksumOf, md5Hex } from './checksum.js';
import { demandKey } from './encryption.js';
import { malformedXml, S3Error } from './error.js';
import type { Checksum, Part, Upload } from './model.js';
import { addVersion } from './object-rows.js';
import { openForWrite, storedHeaders } from './object-write.js';
import { type Ask, type S3Operation, xmlAnswer } from './s3-operation.js';
import { dropUpload, getUpload, listParts } from './uploads.js';
import { xmlBody } from './xml-body.js';

/** Smallest part but for the last: 5 MiB. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const MIN_PART_BYTES = 5 * 1024 * 1024;

/**
 * Makes an object of uploaded parts; parts that are not listed are dropped.
 *
 * Its ETag is the MD5 of the parts' MD5s, a hyphen and their number.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
 */
export const CompleteMultipartUpload: S3Operation = {
  name: 'CompleteMultipartUpload',
  fidelity: 'documented',
  source: 'S3 API Reference, CompleteMultipartUpload',
  mutating: true,
  method: 'POST',
  scope: 'object',
  selectors: 'uploadId',
  run(ask) {
    const bucket = openForWrite(ask);
    const upload = getUpload(ask);
    demandKey(ask, bucket, upload.encryption, 'kms:Decrypt');
    const wanted = childrenOf(xmlBody(ask, 'CompleteMultipartUpload'), 'Part');
    const parts = chooseParts(ask, upload, wanted);
    const { store } = ask.call;
    const bytes = Buffer.concat(parts.map((part) => store.getBody(part.bodyId) ?? Buffer.alloc(0)));
    const { headers, storageClass, encryption, tags, key } = upload;
    const version = addVersion(ask.call, bucket, {
      ...{ headers, storageClass, encryption, tags, key, bytes },
      checksum: combine(upload, parts, bytes),
      etag: `${md5Hex(Buffer.concat(parts.map((part) => Buffer.from(part.etag, 'hex'))))}-${parts.length}`,
    });
    dropUpload(store, upload);
    return xmlAnswer(
      'CompleteMultipartUploadResult',
      {
        Location: `https://${bucket.name}.s3.${bucket.region}.amazonaws.com/${encodeURIComponent(key).replaceAll('%2F', '/')}`,
        Bucket: bucket.name,
        Key: key,
        ETag: `"${version.etag}"`,
        [`Checksum${upload.checksumAlgorithm}`]: version.checksum?.value,
        ChecksumType: upload.checksumType,
      },
      storedHeaders(bucket, version),
    );
  },
};

/** @throws {S3Error} MalformedXML, InvalidPartOrder, InvalidPart, EntityTooSmall. */
function chooseParts(ask: Ask, upload: Upload, wanted: readonly XmlValue[]): Part[] {
  if (wanted.length === 0) throw malformedXml();
  const stored = new Map(listParts(ask.call.store, upload.id).map((part) => [part.number, part]));
  let lastNumber = 0;
  const parts = wanted.map((item) => {
    const number = Number(childText(item, 'PartNumber'));
    const etag = (childText(item, 'ETag') ?? '').replace(/^"(.*)"$/, '$1');
    if (!Number.isInteger(number)) throw malformedXml();
    if (number <= lastNumber) {
      throw new S3Error(
        400,
        'InvalidPartOrder',
        'The list of parts was not in ascending order. The parts list must be specified in order by part number.',
        { UploadId: upload.id },
      );
    }
    lastNumber = number;
    const part = stored.get(number);
    if (part !== undefined && part.etag === etag) return part;
    throw new S3Error(
      400,
      'InvalidPart',
      "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
      { UploadId: upload.id, PartNumber: number, ETag: etag },
    );
  });
  const small = parts.slice(0, -1).find((part) => part.size < MIN_PART_BYTES);
  if (small === undefined) return parts;
  throw new S3Error(400, 'EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', {
    ProposedSize: small.size,
    MinSizeAllowed: MIN_PART_BYTES,
    PartNumber: small.number,
    ETag: small.etag,
  });
}

function combine({ checksumAlgorithm: algorithm, checksumType: type }: Upload, parts: Part[], bytes: Buffer): Checksum {
  if (type === 'FULL_OBJECT') return { algorithm, value: checksumOf(algorithm, bytes), type };
  const digests = Buffer.concat(parts.map((part) => Buffer.from(part.checksum.value, 'base64')));
  return { algorithm, value: `${checksumOf(algorithm, digests)}-${parts.length}`, type };
}
