import { DEFAULT_ALGORITHM, verifyBody } from './checksum.js';
import { addVersion } from './object-rows.js';
import { toTraits } from './object-traits.js';
import { openForWrite, writtenHeaders } from './object-write.js';
import { emptyAnswer, type S3Operation } from './s3-operation.js';

/**
 * Stores an object, whole or not at all; whoever reads next reads it.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
 */
export const PutObject: S3Operation = {
  name: 'PutObject',
  fidelity: 'recorded',
  source: 'LocalStack, recorded tests of S3: PutObject: If-None-Match, checksums, literal keys, default content type',
  mutating: true,
  method: 'PUT',
  scope: 'object',
  run(ask) {
    const bucket = openForWrite(ask);
    const algorithm = verifyBody(ask) ?? DEFAULT_ALGORITHM;
    const version = addVersion(ask.call, bucket, {
      ...toTraits(ask, bucket),
      key: ask.key,
      bytes: ask.wire.body,
      checksum: { algorithm },
    });
    return emptyAnswer(200, writtenHeaders(bucket, version));
  },
};
