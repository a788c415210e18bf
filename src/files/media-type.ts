import { imageSize } from 'image-size';
import { lookup } from 'mime-types';
import { type ImageKind, sniff, sniffHead } from './sniff.js';

const BY_EXTENSION: ReadonlyMap<string, { readonly kind: ImageKind; readonly type: string }> = new Map([
  ['png', { kind: 'PNG', type: 'image/png' }],
  ['jpg', { kind: 'JPEG', type: 'image/jpeg' }],
  ['jpeg', { kind: 'JPEG', type: 'image/jpeg' }],
  ['gif', { kind: 'GIF', type: 'image/gif' }],
  ['webp', { kind: 'WebP', type: 'image/webp' }],
  ['avif', { kind: 'AVIF', type: 'image/avif' }],
  ['svg', { kind: 'SVG', type: 'image/svg+xml' }],
  ['ico', { kind: 'ICO', type: 'image/vnd.microsoft.icon' }],
  ['bmp', { kind: 'BMP', type: 'image/bmp' }],
  ['tif', { kind: 'TIFF', type: 'image/tiff' }],
  ['tiff', { kind: 'TIFF', type: 'image/tiff' }],
]);

/**
 * Finds the media type of an image, which its extension and its content must agree on; else a reason, half a sentence.
 *
 * `content` is the whole file: a photograph's measures may stand behind a megabyte of notes. An image whose width and height
 * cannot be read is refused as damaged; an SVG need not have any.
 */
export function mediaType(name: string, content: Uint8Array): { readonly type: string } | { readonly reason: string } {
  const extension = extensionOf(name);
  const claimed = extension === undefined ? undefined : BY_EXTENSION.get(extension);
  const sniffed = sniff(content);
  if (extension === undefined || claimed === undefined) return { reason: explainExtension(extension, content) };
  if (!('image' in sniffed) || sniffed.image !== claimed.kind) {
    return { reason: `is named .${extension} but holds ${'image' in sniffed ? sniffed.image : sniffed.other}` };
  }
  if (claimed.kind !== 'SVG' && !hasMeasures(content)) {
    return { reason: 'is damaged: its width and height cannot be read' };
  }
  return { type: claimed.type };
}

/** Tells whether a name ends as an image's does, be it of a kind that is served or of another. */
export function namesImage(name: string): boolean {
  const extension = extensionOf(name);
  return extension !== undefined && (BY_EXTENSION.has(extension) || unservedType(extension) !== undefined);
}

function extensionOf(name: string): string | undefined {
  return /\.([^./]+)$/.exec(name)?.[1]?.toLowerCase();
}

/** The media type of images that an extension stands for; undefined where it stands for none. */
function unservedType(extension: string | undefined): string | undefined {
  const type = extension === undefined ? false : lookup(extension);
  return type !== false && type.startsWith('image/') ? type : undefined;
}

function explainExtension(extension: string | undefined, content: Uint8Array): string {
  const sniffed = sniff(content);
  const type = 'image' in sniffed ? undefined : unservedType(extension);
  if (type !== undefined) return `is ${type}, which is not served: browsers do not agree on it`;
  const picture = sniffHead(content);
  return picture === undefined
    ? 'is not an image: its name has no image extension'
    : `has no image extension, though it holds ${picture}`;
}

function hasMeasures(content: Uint8Array): boolean {
  try {
    // The library reads past the end of what it is given, into whatever lies behind it in a shared pool of memory.
    const alone = content.byteLength === content.buffer.byteLength ? content : Uint8Array.from(content);
    const { width, height } = imageSize(alone);
    return width > 0 && height > 0;
  } catch (error) {
    // The library throws whatever its arithmetic runs into; there is nothing of ours in this block that could fail.
    if (error instanceof Error) return false;
    throw error;
  }
}
