import { findPictureEnd } from './picture-end.js';
import { sniff } from './sniff.js';

/** Longest note that a ZIP archive may have behind its last record, with that record, in bytes. */
const LONGEST_ZIP_END = 65_557;

/**
 * Finds data behind the end of a picture, which a browser does not show but another program may open: 'carries 1.2 kB behind
 * its end (a ZIP archive)'; undefined when there is none.
 *
 * Quiet stays what cameras write behind a JPEG: more pictures (multi-picture files, gain maps), a video (motion photos) and
 * Samsung's own trailer; and zeros or line breaks, which fill up.
 *
 * @see https://developer.android.com/media/platform/motion-photo-format https://exiftool.org/TagNames/Samsung.html#Trailer
 */
export function findBehindEnd(bytes: Buffer): string | undefined {
  const end = findPictureEnd(bytes);
  if (typeof end !== 'number') return undefined;
  const isJpeg = bytes[0] === 0xff;
  const rest = withoutFill(isJpeg ? skipCameraData(bytes.subarray(end)) : bytes.subarray(end));
  return rest.length === 0 ? undefined : `carries ${formatSize(rest.length)} behind its end (${nameOf(rest)})`;
}

function skipCameraData(behind: Buffer): Buffer {
  if (behind.subarray(-4).toString('latin1') === 'SEFT' && behind.includes('SEFH')) return Buffer.alloc(0);
  let rest = withoutFill(behind);
  for (;;) {
    const end = rest[0] === 0xff ? findPictureEnd(rest) : endOfVideo(rest);
    if (end === undefined || end === 0) return rest;
    rest = withoutFill(rest.subarray(end === 'missing' ? rest.length : end));
  }
}

/** Behind the boxes of an MP4 that begins here; 0 where none does. @see https://www.iso.org/standard/83102.html */
function endOfVideo(bytes: Buffer): number {
  if (bytes.toString('latin1', 4, 8) !== 'ftyp') return 0;
  let offset = 0;
  while (offset + 8 <= bytes.length && /^[a-zA-Z0-9 ]{4}$/.test(bytes.toString('latin1', offset + 4, offset + 8))) {
    const size = bytes.readUInt32BE(offset);
    if (size === 0) return bytes.length;
    if (size === 1 && offset + 16 > bytes.length) return bytes.length;
    offset += Math.max(8, size === 1 ? Number(bytes.readBigUInt64BE(offset + 8)) : size);
  }
  return Math.min(offset, bytes.length);
}

/** Zeros, spaces and line breaks dropped from the beginning; not those that a video's size begins with. */
function withoutFill(bytes: Buffer): Buffer {
  const start = bytes.findIndex((byte) => byte !== 0 && byte !== 0x0a && byte !== 0x0d && byte !== 0x20);
  if (start === -1) return bytes.subarray(bytes.length);
  const video = bytes.subarray(start, start + 8).indexOf('ftyp');
  return bytes.subarray(video === -1 ? start : Math.max(0, start + video - 4));
}

function nameOf(rest: Buffer): string {
  if (rest.includes('PK\x05\x06', Math.max(0, rest.length - LONGEST_ZIP_END), 'latin1')) return 'a ZIP archive';
  const start = rest.toString('latin1', 0, 1024);
  if (/^#!|<\?php|<script/i.test(start)) return 'a script';
  const is = sniff(rest);
  if (!('image' in is)) return is.other;
  return /^[AEIO]|^SVG/.test(is.image) ? `an ${is.image}` : `a ${is.image}`;
}

function formatSize(bytes: number): string {
  if (bytes < 1000) return bytes === 1 ? '1 byte' : `${bytes} bytes`;
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
