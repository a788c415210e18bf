import { namesImage } from './media-type.js';
import { readHead } from './read-image.js';
import { sniffHead } from './sniff.js';

/**
 * Tells whether a file is no image and was never meant as one: its name does not end like an image's, and its content does not
 * begin like one. A picture that lost its extension is none of these, nor is a file that cannot be read.
 */
export function isPlainlyNoImage({ key, path }: { readonly key: string; readonly path: string }): boolean {
  if (namesImage(key)) return false;
  const head = readHead(path);
  return head !== undefined && sniffHead(head) === undefined;
}
