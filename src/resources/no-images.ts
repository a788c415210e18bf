import type { MountConfig } from '../config/config.js';
import { UsageError } from '../errors.js';
import { IGNORE_FILE } from '../files/ignore-file.js';
import { printable } from '../files/printable.js';
import type { Tally } from './folder-notices.js';
import type { LocalFolder } from './local-images.js';

/** Nothing of a folder can be sent: it is a {@link UsageError} that knows the files. */
export class NoImagesError extends UsageError {
  /** Files that cannot be served, each with its reason; empty when there are none. */
  readonly refused: LocalFolder['refused'];

  constructor(message: string, refused: LocalFolder['refused'], suggestions: readonly string[]) {
    super(message, { code: 'NO_IMAGES', suggestions });
    this.refused = refused;
  }
}

/** What was met in a folder that holds no image. */
interface Met extends Pick<LocalFolder, 'refused'> {
  readonly passedOver: number;
  readonly leftOut: Tally;
}

/** Tells why there is nothing to send. */
export function noImages(mount: MountConfig, { refused, passedOver, leftOut }: Met): NoImagesError {
  const [first] = refused;
  const isFiltered = first === undefined && passedOver > 0;
  const all = refused.length + leftOut.count;
  const others =
    leftOut.count === 0 ? 'there is no image in it' : `none of its ${all} files is an image (${leftOut.first[0]})`;
  const none = isFiltered ? 'the filters leave nothing of it' : others;
  const seen = first === undefined ? none : `none of its ${all} files can be served (${first.file}: ${first.reason})`;
  return new NoImagesError(`Cannot upload from "${printable(mount.source)}": ${seen}.`, refused, [
    isFiltered
      ? `widen include, or narrow exclude and ${IGNORE_FILE}`
      : 'name a folder of PNG, JPEG, WebP, AVIF, GIF or SVG images with --source',
  ]);
}
