import { readObject } from './object-read.js';
import type { S3Operation } from './s3-operation.js';

/**
 * Reads everything about an object but its bytes; errors have no body either.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
 */
export const HeadObject: S3Operation = {
  name: 'HeadObject',
  fidelity: 'recorded',
  source: 'LocalStack, recorded tests of S3: HeadObject: missing keys, conditions, stored headers',
  mutating: false,
  method: 'HEAD',
  scope: 'object',
  run(ask) {
    return readObject(ask).answer;
  },
};
