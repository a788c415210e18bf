import { openObject } from './access.js';
import { emptyAnswer, type S3Operation } from './s3-operation.js';
import { dropUpload, getUpload } from './uploads.js';

/**
 * Gives an upload up and frees its parts.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html
 */
export const AbortMultipartUpload: S3Operation = {
  name: 'AbortMultipartUpload',
  fidelity: 'documented',
  source: 'S3 API Reference, AbortMultipartUpload',
  mutating: true,
  method: 'DELETE',
  scope: 'object',
  selectors: 'uploadId',
  run(ask) {
    openObject(ask, 's3:AbortMultipartUpload');
    dropUpload(ask.call.store, getUpload(ask));
    return emptyAnswer(204);
  },
};
