import { openObject } from './access.js';
import { checksumHeader, checksumOf, md5Hex, verifyBody } from './checksum.js';
import { demandKey, encryptionHeaders } from './encryption.js';
import { invalidArgument, invalidRequest } from './error.js';
import type { Part } from './model.js';
import { type Ask, emptyAnswer, nowInSeconds, type S3Operation } from './s3-operation.js';
import { getUpload, MAX_PART_NUMBER, savePart } from './uploads.js';

/**
 * Stores one part; one of the same number is replaced.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html
 */
export const UploadPart: S3Operation = {
  name: 'UploadPart',
  fidelity: 'documented',
  source: 'S3 API Reference, UploadPart',
  mutating: true,
  method: 'PUT',
  scope: 'object',
  selectors: 'partNumber,uploadId',
  run(ask) {
    const bucket = openObject(ask, 's3:PutObject');
    const number = toPartNumber(ask);
    const upload = getUpload(ask);
    // AWS: what is there has to be read before it is added to. (S3 User Guide, multipart upload, KMS)
    demandKey(ask, bucket, upload.encryption, 'kms:Decrypt');
    const { checksumAlgorithm: algorithm } = upload;
    const sent = verifyBody(ask);
    if (sent !== undefined && upload.checksumType === 'COMPOSITE' && sent !== algorithm) {
      throw invalidRequest(
        `Checksum Type mismatch occurred, expected checksum Type: ${algorithm.toLowerCase()}, actual checksum Type: ${sent.toLowerCase()}`,
      );
    }
    const bytes = ask.wire.body;
    const part: Part = {
      number,
      etag: md5Hex(bytes),
      size: bytes.byteLength,
      modifiedMs: nowInSeconds(ask.call),
      bodyId: `s3/${ask.call.newUuid()}`,
      checksum: { algorithm, value: checksumOf(algorithm, bytes), type: 'FULL_OBJECT' },
    };
    savePart(ask.call.store, upload.id, part, bytes);
    const told = sent ?? algorithm;
    return emptyAnswer(200, {
      ETag: `"${part.etag}"`,
      [checksumHeader(told)]: checksumOf(told, bytes),
      ...encryptionHeaders(upload.encryption),
    });
  },
};

/** @throws {S3Error} InvalidArgument */
function toPartNumber(ask: Ask): number {
  const text = ask.query.get('partNumber') ?? '';
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= MAX_PART_NUMBER) return number;
  throw invalidArgument('Part number must be an integer between 1 and 10000, inclusive', 'partNumber', text);
}
