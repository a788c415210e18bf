import { checksumHeader, DEFAULT_ALGORITHM, isAlgorithm } from './checksum.js';
import { encryptionHeaders } from './encryption.js';
import { invalidRequest } from './error.js';
import type { Upload } from './model.js';
import { toTraits } from './object-traits.js';
import { openForWrite } from './object-write.js';
import { type Ask, headerOf, nowInSeconds, type S3Operation, xmlAnswer } from './s3-operation.js';
import { saveUpload } from './uploads.js';

/**
 * Begins an upload in parts. Headers, tags and encryption of the object to be are told now.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html
 */
export const CreateMultipartUpload: S3Operation = {
  name: 'CreateMultipartUpload',
  fidelity: 'documented',
  source: 'S3 API Reference, CreateMultipartUpload',
  mutating: true,
  method: 'POST',
  scope: 'object',
  selectors: 'uploads',
  run(ask) {
    const bucket = openForWrite(ask);
    const upload: Upload = {
      ...toTraits(ask, bucket),
      id: newUploadId(ask),
      bucket: bucket.name,
      key: ask.key,
      initiatedMs: nowInSeconds(ask.call),
      initiator: ask.call.caller.arn,
      ...toChecksum(ask),
    };
    saveUpload(ask.call.store, upload);
    return xmlAnswer(
      'InitiateMultipartUploadResult',
      { Bucket: bucket.name, Key: ask.key, UploadId: upload.id },
      {
        ...encryptionHeaders(upload.encryption),
        'x-amz-checksum-algorithm': upload.checksumAlgorithm,
        'x-amz-checksum-type': upload.checksumType,
      },
    );
  },
};

/** Begins with the time, so that uploads to one key sort by their beginning. */
function newUploadId(ask: Ask): string {
  return ask.call.now().toString(36).padStart(10, '0') + ask.call.newId(54);
}

/** @throws {S3Error} InvalidRequest */
function toChecksum(ask: Ask): Pick<Upload, 'checksumAlgorithm' | 'checksumType'> {
  const checksumAlgorithm = headerOf(ask, checksumHeader('algorithm')) ?? DEFAULT_ALGORITHM;
  if (!isAlgorithm(checksumAlgorithm)) {
    throw invalidRequest('Checksum algorithm provided is unsupported. Please try again with any of the valid types.');
  }
  // AWS: parts' checksums are combined by default, save for CRC64NVME. (S3 User Guide, checking object integrity)
  const usual = checksumAlgorithm === DEFAULT_ALGORITHM ? 'FULL_OBJECT' : 'COMPOSITE';
  const checksumType = headerOf(ask, checksumHeader('type')) ?? usual;
  const isCrc = checksumAlgorithm.startsWith('CRC');
  const isPossible =
    checksumType === 'FULL_OBJECT' ? isCrc : checksumType === 'COMPOSITE' && checksumAlgorithm !== DEFAULT_ALGORITHM;
  if (!isPossible || (checksumType !== 'FULL_OBJECT' && checksumType !== 'COMPOSITE')) {
    throw invalidRequest(
      `The ${checksumType} checksum type cannot be used with the ${checksumAlgorithm.toLowerCase()} checksum algorithm.`,
    );
  }
  return { checksumAlgorithm, checksumType };
}
