import { readObject } from './object-read.js';
import { bytesOf } from './object-rows.js';
import type { S3Operation } from './s3-operation.js';

/**
 * Reads an object, or a range of it.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
export const GetObject: S3Operation = {
  name: 'GetObject',
  fidelity: 'recorded',
  source: 'LocalStack, recorded tests of S3: GetObject: ranges, conditions, missing keys, checksums, stored headers',
  mutating: false,
  method: 'GET',
  scope: 'object',
  run(ask) {
    const { answer, version, range } = readObject(ask);
    if (range === undefined) return answer;
    return { ...answer, body: bytesOf(ask.call.store, version).subarray(range.first, range.last + 1) };
  },
};
