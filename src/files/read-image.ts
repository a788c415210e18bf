import { hash } from 'node:crypto';
import { type BigIntStats, closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { codeOf, isScarce } from './error-code.js';
import { findPictureEnd } from './picture-end.js';

/** Largest image that the gateway can return, in bytes: 10 MiB. @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html */
export const LARGEST_IMAGE_BYTES = 10_485_760;

/** Largest answer that the stage cache keeps, in bytes: 1 MiB. @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html */
export const LARGEST_CACHED_BYTES = 1_048_576;

/** The bytes of one version of a file. */
export interface ImageBytes {
  /** All of the file; never empty. */
  readonly bytes: Buffer;
  /** What the disk said of the file: see `stampOf`; '' when that changed while it was read, though the bytes did not. */
  readonly stamp: string;
  /** false above 1 MiB: served, but never kept by the stage cache. */
  readonly cacheable: boolean;
}

/** Gives room for so many bytes. */
export type Memory = (bytes: number) => Buffer;

/** Gives the same room again and again: what was there before is lost. New room costs the system more than a large image its reading. */
export function sameMemory(): Memory {
  let room = Buffer.alloc(0);
  return (bytes) => {
    if (room.length < bytes) room = Buffer.allocUnsafeSlow(Math.max(bytes, room.length * 2));
    return room.subarray(0, bytes);
  };
}

/** Why a file cannot be sent: half a sentence, 'is empty'. */
export interface Unreadable {
  /** Fit to follow the file's name. */
  readonly reason: string;
}

/**
 * Reads a whole file as it was at one moment.
 *
 * Size, times, number and disk are compared before and after; a file that changed meanwhile is read once more, then refused.
 * What cannot be noticed is a program that halts in the midst of writing over a file in place. Empty files and those above
 * 10 MiB are refused unread. Links are not followed, and a pipe in the file's place does not block. It is read in one go: a
 * turn of the event loop for each step costs a small file more than the disk does. `memory` is where the bytes go.
 *
 * @throws {Error} of the system when it can open no more files at all.
 */
export function readImage(
  { path }: { readonly path: string },
  memory: Memory = Buffer.allocUnsafe,
): ImageBytes | Unreadable {
  try {
    return readOnce(path, memory) ?? readOnce(path, memory) ?? { reason: 'changed while it was read' };
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined || isScarce(code)) throw error;
    return { reason: explain(code) };
  }
}

/** How much tells what a file begins like, in bytes: an SVG's root may stand behind a long prolog. */
const HEAD_BYTES = 65_536;

/**
 * Reads how a file begins; undefined when it cannot be read.
 *
 * @throws {Error} of the system when it can open no more files at all.
 */
export function readHead(path: string): Buffer | undefined {
  try {
    const file = openForReading(path);
    try {
      const head = Buffer.allocUnsafe(HEAD_BYTES);
      return head.subarray(0, readSync(file, head, 0, HEAD_BYTES, 0));
    } finally {
      closeSync(file);
    }
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined || isScarce(code)) throw error;
    return undefined;
  }
}

function openForReading(path: string): number {
  // A walk has resolved all links: one in the last place was put there since. O_NONBLOCK: a pipe opens at once.
  return openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
}

/** The bytes, a reason, or undefined when the file changed meanwhile. */
function readOnce(path: string, memory: Memory): ImageBytes | Unreadable | undefined {
  const file = openForReading(path);
  try {
    const before = fstatSync(file, { bigint: true });
    if (!before.isFile()) return { reason: 'is not an ordinary file' };
    if (before.size === 0n) return { reason: 'is empty' };
    if (before.size > BigInt(LARGEST_IMAGE_BYTES)) {
      return { reason: `has ${before.size} bytes, more than the ${LARGEST_IMAGE_BYTES} that API Gateway can return` };
    }
    const bytes = readBytes(file, memory(Number(before.size)));
    const after = fstatSync(file, { bigint: true });
    if (bytes === undefined || !isSame(before, after)) return undefined;
    // A file that another one replaced by renaming is still whole, and only its ctime tells that it has lost its name.
    const stamp = before.ctimeNs === after.ctimeNs ? stampOf(before) : '';
    if (findPictureEnd(bytes) === 'missing') return { reason: 'is cut off: its end is missing' };
    return { bytes, stamp, cacheable: bytes.length <= LARGEST_CACHED_BYTES };
  } finally {
    closeSync(file);
  }
}

/** As many bytes as there is room for; undefined when there are fewer. */
function readBytes(file: number, bytes: Buffer): Buffer | undefined {
  for (let offset = 0; offset < bytes.length; ) {
    const bytesRead = readSync(file, bytes, offset, bytes.length - offset, offset);
    if (bytesRead === 0) return undefined;
    offset += bytesRead;
  }
  return bytes;
}

function isSame(one: BigIntStats, two: BigIntStats): boolean {
  return one.size === two.size && one.mtimeNs === two.mtimeNs && one.ino === two.ino && one.dev === two.dev;
}

const STAMP = new DataView(new ArrayBuffer(40));
const STAMP_BYTES = Buffer.from(STAMP.buffer);

/** Size, times, number and disk of a file, eight bytes each in hexadecimal: while it stays the same, so do the bytes. */
export function stampOf({ size, mtimeNs, ctimeNs, ino, dev }: BigIntStats): string {
  STAMP.setBigUint64(0, size, true);
  STAMP.setBigInt64(8, mtimeNs, true);
  STAMP.setBigInt64(16, ctimeNs, true);
  STAMP.setBigUint64(24, ino, true);
  STAMP.setBigUint64(32, dev, true);
  return STAMP_BYTES.toString('hex');
}

/** SHA-256 in lower-case hexadecimal. */
export function sha256Of(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'hex');
}

function explain(code: string): string {
  if (code === 'ENOENT') return 'vanished before it could be read';
  if (code === 'ELOOP') return 'became a link before it could be read';
  if (code === 'EACCES' || code === 'EPERM') return 'cannot be read: permission denied';
  if (code === 'ENXIO') return 'is not an ordinary file';
  return `cannot be read: the system answered ${code}`;
}
