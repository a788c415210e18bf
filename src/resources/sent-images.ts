import { newEtagColumn } from './etag-column.js';
import type { LocalImage } from './local-images.js';
import type { ManifestEntry } from './manifest.js';

/** What is there now of images that were sent. */
export interface SentImages {
  /** Keeps what was sent of an image. */
  add(image: LocalImage, entry: ManifestEntry): void;
  /** What the list says of an image from now on; undefined when nothing of it was sent. */
  of(image: LocalImage): ManifestEntry | undefined;
}

/** Begins with nothing. Of what was sent just as the folder held it, which most is, only the ETag is kept: 16 bytes. */
export function newSentImages(): SentImages {
  const etags = newEtagColumn();
  const others = new Map<number, ManifestEntry>();
  return {
    add({ number, sha256 }, entry) {
      if (entry.sha256 === sha256) etags.set(number, entry.etag);
      else others.set(number, { ...entry, sent: true });
    },
    of({ number, sha256, sizeBytes, contentType, headers }) {
      const etag = etags.at(number);
      if (etag === '') return others.get(number);
      return { etag, sha256, sizeBytes, contentType, headers, sent: true };
    },
  };
}
