const PNG = Buffer.from('89504e470d0a1a0a', 'hex');
const JPEG = Buffer.from('ffd8ff', 'hex');

/**
 * Finds where a PNG, JPEG, GIF or WebP ends, from all of its bytes: the number of bytes up to there, 'missing' when the file
 * ends before the picture does, undefined for other kinds of files.
 *
 * The parts are followed as the formats lay them out, so that a preview's end, or one that stands in a note, is none. Each byte
 * is looked at once.
 *
 * @see https://www.w3.org/TR/png-3/ https://www.w3.org/Graphics/JPEG/itu-t81.pdf https://www.w3.org/Graphics/GIF/spec-gif89a.txt
 */
export function findPictureEnd(bytes: Buffer): number | 'missing' | undefined {
  const end = endOf(bytes);
  return end === undefined || end <= bytes.length ? end : 'missing';
}

/** May lie behind the last byte: then the end is missing. */
function endOf(bytes: Buffer): number | undefined {
  if (bytes.subarray(0, 8).equals(PNG)) return endOfPng(bytes);
  if (bytes.subarray(0, 3).equals(JPEG)) return endOfJpeg(bytes);
  const head = bytes.toString('latin1', 0, 12);
  if (/^GIF8[79]a/.test(head)) return endOfGif(bytes);
  if (/^RIFF.{4}WEBP/s.test(head)) return bytes.readUInt32LE(4) + 8;
  return undefined;
}

const NOWHERE = Number.POSITIVE_INFINITY;

function endOfPng(bytes: Buffer): number {
  for (let offset = 8; offset + 12 <= bytes.length; ) {
    const next = offset + 12 + bytes.readUInt32BE(offset);
    if (bytes.toString('latin1', offset + 4, offset + 8) === 'IEND') return next;
    offset = next;
  }
  return NOWHERE;
}

function endOfJpeg(bytes: Buffer): number {
  for (let offset = 2; ; ) {
    // Compressed data, and fill, lie between a segment and the next marker. In data 0xff is followed by 0 or a restart.
    offset = bytes.indexOf(0xff, offset);
    const marker = bytes[offset + 1];
    if (offset === -1 || marker === undefined) return NOWHERE;
    if (marker === 0xd9) return offset + 2;
    if (marker === 0xff) offset += 1;
    else if (marker < 0xc0 || (marker >= 0xd0 && marker <= 0xd8)) offset += 2;
    else if (offset + 4 > bytes.length) return NOWHERE;
    else offset += 2 + Math.max(2, bytes.readUInt16BE(offset + 2));
  }
}

function endOfGif(bytes: Buffer): number {
  let offset = 13 + colours(bytes[10]);
  for (;;) {
    const mark = bytes[offset];
    if (mark === 0x3b) return offset + 1;
    if (mark === 0x21) offset = endOfBlocks(bytes, offset + 2);
    else if (mark === 0x2c) offset = endOfBlocks(bytes, offset + 11 + colours(bytes[offset + 9]));
    // Some writers pad between the parts with zeros, which decoders step over; at all else they stop.
    else if (mark === 0) offset += 1;
    else return NOWHERE;
  }
}

/** Bytes of the table of colours that a GIF's flags announce. */
function colours(flags = 0): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
}

/** Behind a row of blocks, each led by its length; one of none closes it. */
function endOfBlocks(bytes: Buffer, start: number): number {
  let offset = start;
  for (let length = bytes[offset]; length !== undefined; length = bytes[offset]) {
    offset += 1 + length;
    if (length === 0) return offset;
  }
  return NOWHERE;
}
