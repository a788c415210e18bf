import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { crc32c, crc64nvme } from './crc.js';
import { invalidRequest, S3Error } from './error.js';
import { type Ask, headerOf } from './s3-operation.js';

/** The algorithm S3 adds by itself when a client sends no checksum. */
export const DEFAULT_ALGORITHM = 'CRC64NVME';

const ALGORITHMS: Readonly<Record<string, (bytes: Uint8Array) => Buffer>> = {
  CRC32: (bytes) => word(crc32(bytes)),
  CRC32C: (bytes) => word(crc32c(bytes)),
  CRC64NVME: crc64nvme,
  MD5: (bytes) => createHash('md5').update(bytes).digest(),
  SHA1: (bytes) => createHash('sha1').update(bytes).digest(),
  SHA256: (bytes) => createHash('sha256').update(bytes).digest(),
  SHA512: (bytes) => createHash('sha512').update(bytes).digest(),
};

const DIGEST_BYTES: Readonly<Record<string, number>> = {
  CRC32: 4,
  CRC32C: 4,
  CRC64NVME: 8,
  MD5: 16,
  SHA1: 20,
  SHA256: 32,
  SHA512: 64,
};

/** Whether the local cloud can compute a checksum of this name. */
export function isAlgorithm(name: string): boolean {
  return Object.hasOwn(ALGORITHMS, name);
}

/** Base64 checksum of some bytes by an algorithm that `isAlgorithm` knows. */
export function checksumOf(algorithm: string, bytes: Uint8Array): string {
  return (ALGORITHMS[algorithm] ?? crc64nvme)(bytes).toString('base64');
}

/** MD5 in hex, as in the ETag of an object that was put in one piece. */
export function md5Hex(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex');
}

/** Header that carries a checksum: `x-amz-checksum-crc32`. */
export function checksumHeader(algorithm: string): string {
  return `x-amz-checksum-${algorithm.toLowerCase()}`;
}

/**
 * Holds the body against Content-MD5 and the checksum header, if the client sent them.
 *
 * Answers the algorithm the client chose, by a header, by a trailer that was already read, or by name; undefined when it
 * chose none.
 *
 * @throws {S3Error} InvalidDigest, BadDigest, InvalidRequest.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
 */
export function verifyBody(ask: Ask): string | undefined {
  verifyMd5(ask);
  const sent = Object.keys(ALGORITHMS).filter((name) => headerOf(ask, checksumHeader(name)) !== undefined);
  const [algorithm] = sent;
  if (sent.length > 1) {
    throw invalidRequest('Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.');
  }
  if (algorithm === undefined) return namedAlgorithm(ask);
  const expected = headerOf(ask, checksumHeader(algorithm)) ?? '';
  if (Buffer.from(expected, 'base64').length !== DIGEST_BYTES[algorithm]) {
    throw invalidRequest(`Value for ${checksumHeader(algorithm)} header is invalid.`);
  }
  if (checksumOf(algorithm, ask.wire.body) !== expected) {
    throw new S3Error(400, 'BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`);
  }
  return algorithm;
}

function verifyMd5(ask: Ask): void {
  const expected = headerOf(ask, 'content-md5');
  if (expected === undefined) return;
  if (Buffer.from(expected, 'base64').length !== 16) {
    throw new S3Error(400, 'InvalidDigest', 'The Content-MD5 you specified was invalid.', { 'Content-MD5': expected });
  }
  const actual = Buffer.from(md5Hex(ask.wire.body), 'hex').toString('base64');
  if (actual === expected) return;
  throw new S3Error(400, 'BadDigest', 'The Content-MD5 you specified did not match what we received.', {
    ExpectedDigest: expected,
    CalculatedDigest: actual,
  });
}

/** The algorithm of a trailer, else the one of `x-amz-sdk-checksum-algorithm`; its value then has to be computed. */
function namedAlgorithm(ask: Ask): string | undefined {
  const trailer = headerOf(ask, 'x-amz-trailer')?.trim().toLowerCase();
  const named = Object.keys(ALGORITHMS).find((name) => checksumHeader(name) === trailer);
  if (named !== undefined) return named;
  if (headerOf(ask, 'x-amz-sdk-checksum-algorithm') === undefined) return undefined;
  throw invalidRequest(
    'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.',
  );
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
