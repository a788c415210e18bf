const PNG = Buffer.from('89504e470d0a1a0a', 'hex');
const JPEG = Buffer.from('ffd8ff', 'hex');
const JPEG_END = Buffer.from('ffd9', 'hex');
const START_OF_SCAN = 0xda;

/**
 * Finds out whether the end of a PNG, JPEG or WebP is missing, from all of its bytes: half a sentence, or undefined when it is there.
 *
 * What follows the end does not matter, and other kinds of files are never judged.
 */
export function findCutOff(bytes: Buffer): string | undefined {
  return hasEnd(bytes) ? undefined : 'is cut off: its end is missing';
}

function hasEnd(bytes: Buffer): boolean {
  if (bytes.subarray(0, 8).equals(PNG)) return bytes.includes('IEND', 8, 'latin1');
  if (bytes.subarray(0, 3).equals(JPEG)) return hasJpegEnd(bytes);
  if (bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP') {
    return bytes.length >= bytes.readUInt32LE(4) + 8;
  }
  return true;
}

/** The end is looked for behind the picture's own start: a preview among the leading segments has an end of its own. */
function hasJpegEnd(bytes: Buffer): boolean {
  let offset = 2;
  while (offset + 4 <= bytes.length && bytes[offset] === 0xff && bytes[offset + 1] !== START_OF_SCAN) {
    const isFill = bytes[offset + 1] === 0xff;
    offset += isFill ? 1 : 2 + bytes.readUInt16BE(offset + 2);
  }
  return bytes.indexOf(JPEG_END, offset) !== -1;
}
