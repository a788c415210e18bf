import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** A body that is never whole in memory: it is made anew each time it is sent. */
export interface LongBody {
  /** Bytes of all of it. */
  readonly byteLength: number;
  /** SHA-256 of all of it, lower-case hexadecimal. */
  readonly sha256: string;
  /** CRC-32 of all of it, from 0 to 2^32 - 1. */
  readonly crc32: number;
  /** The same bytes each time. */
  pieces(): Iterable<Buffer>;
}

/** What an object is made of. */
export type Body = Uint8Array | LongBody;

/** Goes through all pieces once. */
export function longBody(pieces: LongBody['pieces']): LongBody {
  const sha256 = createHash('sha256');
  let [byteLength, crc] = [0, 0];
  for (const piece of pieces()) {
    sha256.update(piece);
    crc = crc32(piece, crc);
    byteLength += piece.byteLength;
  }
  return { byteLength, sha256: sha256.digest('hex'), crc32: crc, pieces };
}

/** CRC-32 of a body in Base64, as S3 names it. */
export function crc32Of(body: Body): string {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(body instanceof Uint8Array ? crc32(body) : body.crc32);
  return bytes.toString('base64');
}

/** A body in one piece. */
export function wholeOf(body: Body): Uint8Array {
  return body instanceof Uint8Array ? body : Buffer.concat([...body.pieces()], body.byteLength);
}
