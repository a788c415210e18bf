/** The kinds of images that are served. */
export type ImageKind = 'PNG' | 'JPEG' | 'GIF' | 'WebP' | 'AVIF' | 'SVG' | 'ICO' | 'BMP' | 'TIFF';

/** What a file looks like by its content alone: an image that is served, or something else in a word or two. */
export type Sniffed = { readonly image: ImageKind } | { readonly other: string };

/** The bytes that files begin with, in hexadecimal. */
const SIGNATURES: readonly (readonly [start: string, sniffed: Sniffed])[] = [
  ['89504e470d0a1a0a', { image: 'PNG' }],
  ['ffd8ff', { image: 'JPEG' }],
  ['474946383761', { image: 'GIF' }],
  ['474946383961', { image: 'GIF' }],
  ['00000100', { image: 'ICO' }],
  ['424d', { image: 'BMP' }],
  ['49492a00', { image: 'TIFF' }],
  ['4d4d002a', { image: 'TIFF' }],
  ['25504446', { other: 'a PDF' }],
  ['504b0304', { other: 'a ZIP archive' }],
  ['1f8b', { other: 'gzip data' }],
  ['38425053', { other: 'a Photoshop file' }],
  ['ff0a', { other: 'JPEG XL' }],
  ['0000000c4a584c20', { other: 'JPEG XL' }],
  ['7f454c46', { other: 'a program' }],
  ['4d5a', { other: 'a program' }],
];

/** What is a picture too, though none that is served, or none that is whole. */
const OTHER_PICTURES: ReadonlySet<string> = new Set(['HEIC', 'JPEG XL', 'a Photoshop file', 'the beginning of an SVG']);

/** Names the picture that a file begins like, one that is not served included; undefined when it begins like none. */
export function sniffHead(head: Uint8Array): string | undefined {
  const sniffed = sniff(head, true);
  if ('other' in sniffed) return OTHER_PICTURES.has(sniffed.other) ? sniffed.other : undefined;
  // Two letters make no bitmap: a list of BMW's cars begins with them.
  const isText = sniffed.image === 'BMP' && decode(Buffer.from(head), true) !== undefined;
  return isText ? undefined : sniffed.image;
}

/**
 * Tells what a file is from its content, whatever its name. Text is read whole, of all else the first bytes.
 * A text that `isCut` may end within a character.
 */
export function sniff(content: Uint8Array, isCut = false): Sniffed {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  if (bytes.length === 0) return { other: 'nothing' };
  const start = bytes.toString('hex', 0, 16);
  const known = SIGNATURES.find(([signature]) => start.startsWith(signature))?.[1];
  if (known !== undefined) return known;
  const head = bytes.toString('latin1', 0, 64);
  if (head.startsWith('RIFF') && head.slice(8, 12) === 'WEBP') return { image: 'WebP' };
  if (head.slice(4, 8) === 'ftyp') return sniffBrands(bytes);
  return sniffText(bytes, isCut);
}

/** ISO media files name what they are compatible with, four letters each. */
function sniffBrands(bytes: Buffer): Sniffed {
  const brands: string[] = bytes.toString('latin1', 8, Math.min(bytes.readUInt32BE(0), 256)).match(/.{4}/gs) ?? [];
  if (brands.includes('avif') || brands.includes('avis')) return { image: 'AVIF' };
  return { other: brands.some((brand) => /^(hei|hev|mif1|msf1)/.test(brand)) ? 'HEIC' : 'a video' };
}

function sniffText(bytes: Buffer, isCut: boolean): Sniffed {
  const text = decode(bytes, isCut);
  if (text === undefined) return { other: 'unknown data' };
  const root = skipProlog(text);
  // A root of another namespace is no image to a browser, whatever it is called.
  const isSvg = /^<([\w.-]+:)?svg[\s/>]/.test(root) && text.includes('http://www.w3.org/2000/svg');
  if (isSvg)
    return /<\/([\w.-]+:)?svg\s*>|^<[^>]*\/>/.test(root) ? { image: 'SVG' } : { other: 'the beginning of an SVG' };
  if (/^<(!doctype\s+html|html|head|body|script|title|meta|div|p|h1)\b/i.test(root)) return { other: 'HTML' };
  return { other: root.startsWith('<') ? 'XML' : 'text' };
}

/** UTF-8 without control characters, its byte order mark dropped; undefined for everything else. */
function decode(bytes: Buffer, isCut: boolean): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: isCut });
    return /[\x00-\x08\x0e-\x1f]/.test(text) ? undefined : text;
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** What is left behind XML's declaration, comments, instructions and a document type; '' when one of them never ends. */
function skipProlog(text: string): string {
  let rest = text.trimStart();
  for (;;) {
    const end = rest.startsWith('<?')
      ? endOf(rest, '?>')
      : rest.startsWith('<!--')
        ? endOf(rest, '-->')
        : /^<!doctype\s+([\w.-]+:)?svg/i.test(rest)
          ? endOfDoctype(rest)
          : 0;
    if (end === 0) return rest;
    rest = rest.slice(end).trimStart();
  }
}

function endOf(text: string, mark: string): number {
  const at = text.indexOf(mark);
  return at === -1 ? text.length : at + mark.length;
}

/** A document type may hold declarations in brackets, which hold angle brackets of their own. */
function endOfDoctype(text: string): number {
  const close = endOf(text, '>');
  const open = text.slice(0, close).indexOf('[');
  if (open === -1) return close;
  const bracket = text.indexOf(']', open);
  if (bracket === -1) return text.length;
  return bracket + endOf(text.slice(bracket), '>');
}
