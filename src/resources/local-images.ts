import type { MountConfig, UploadRule } from '../config/config.js';
import { UsageError } from '../errors.js';
import { checkKey } from '../files/check-key.js';
import { findCollisions } from '../files/collisions.js';
import { matchGlob } from '../files/glob.js';
import { mediaType } from '../files/media-type.js';
import { printable } from '../files/printable.js';
import { LARGEST_CACHED_BYTES, readImage } from '../files/read-image.js';
import { type FoundFile, walkImages } from '../files/walk.js';
import type { ManifestEntry } from './manifest.js';

/** One image on disk, ready to be sent; its etag is the MD5 of its bytes. */
export interface LocalImage extends ManifestEntry {
  /** Key below the prefix. */
  readonly key: string;
  /** Absolute path. */
  readonly path: string;
}

/** What a folder holds. */
export interface LocalFolder {
  /** By key. */
  readonly images: ReadonlyMap<string, LocalImage>;
  /** Files that cannot be served, each with its reason. */
  readonly refused: readonly { readonly file: string; readonly reason: string }[];
  /** Keys that files of the folder have and that cannot be served as those files are now. */
  readonly refusedKeys: ReadonlySet<string>;
  /** Sentences about images that are served with a drawback. */
  readonly warnings: readonly string[];
}

/** Digests of files that did not change since they were last read, by path: a second look at a folder costs a stat a file. */
export type DigestMemo = Map<string, { readonly stamp: string; readonly image: LocalImage }>;

/**
 * Walks a mount's folder, checks every file and digests it. One file is in memory at a time.
 *
 * @throws {UsageError} when the folder is missing or holds no image at all.
 */
export async function readLocalFolder(mount: MountConfig, memo: DigestMemo): Promise<LocalFolder> {
  const images = new Map<string, LocalImage>();
  const refused: { file: string; reason: string }[] = [];
  const refusedKeys = new Set<string>();
  const warnings: string[] = [];
  const headersOf = headerRules(mount.upload);
  for await (const found of walkImages(mount.source)) {
    if ('reason' in found) {
      refused.push(found);
      refusedKeys.add(found.file);
      continue;
    }
    const verdict = checkKey(found.key, mount.bucket.prefix);
    const image = verdict.ok ? await readLocalImage(found, headersOf, memo) : { reason: verdict.reason };
    if ('reason' in image) {
      refused.push({ file: printable(found.key), reason: image.reason });
      refusedKeys.add(found.key);
      continue;
    }
    if (verdict.ok && verdict.warning !== undefined) warnings.push(`${printable(found.key)}: ${verdict.warning}`);
    if (image.sizeBytes > LARGEST_CACHED_BYTES)
      warnings.push(`${printable(found.key)} is above 1 MiB: the stage cache never keeps it`);
    images.set(image.key, image);
  }
  for (const [key, other] of findCollisions(images.keys())) {
    images.delete(key);
    refusedKeys.add(key);
    refused.push({
      file: printable(key),
      reason: `differs from ${printable(other)} only in case or in the form of its letters`,
    });
  }
  if (images.size === 0) throw noImages(mount, refused);
  return { images, refused, refusedKeys, warnings };
}

async function readLocalImage(
  found: FoundFile,
  headersOf: (key: string) => ManifestEntry['headers'],
  memo: DigestMemo,
): Promise<LocalImage | { reason: string }> {
  const headers = headersOf(found.key);
  const stamp = `${found.sizeBytes}:${found.mtimeMs}:${found.inode}`;
  const known = memo.get(found.path);
  if (known?.stamp === stamp) return { ...known.image, headers };
  const read = await readImage(found);
  if ('reason' in read) return read;
  const media = mediaType(found.key, read.bytes);
  if ('reason' in media) return media;
  const { md5: etag, sha256, bytes } = read;
  const image = {
    key: found.key,
    path: found.path,
    etag,
    sha256,
    sizeBytes: bytes.byteLength,
    contentType: media.type,
    headers,
  };
  memo.set(found.path, { stamp, image });
  return image;
}

/** The stored headers of a key: every matching rule in order, later ones winning. */
function headerRules(rules: readonly UploadRule[]): (key: string) => ManifestEntry['headers'] {
  const compiled = rules.map(({ match, headers }) => ({ matches: matchGlob(match), headers: normalise(headers) }));
  return (key) =>
    Object.assign(
      {},
      ...compiled.filter(({ matches }) => matches(key)).map(({ headers }) => headers),
    ) as ManifestEntry['headers'];
}

/** AWS: S3 keeps Expires as a date and writes it in its own form. */
function normalise(headers: UploadRule['headers']): UploadRule['headers'] {
  const { Expires: expires, ...others } = headers;
  return expires === undefined ? others : { ...others, Expires: new Date(expires).toUTCString() };
}

function noImages(mount: MountConfig, refused: LocalFolder['refused']): UsageError {
  const first = refused[0];
  const seen =
    first === undefined
      ? 'it is empty'
      : `none of its ${refused.length} files can be served (${first.file}: ${first.reason})`;
  return new UsageError(`Cannot upload from "${mount.source}": ${seen}.`, {
    code: 'NO_IMAGES',
    suggestions: ['name a folder of PNG, JPEG, WebP, AVIF, GIF or SVG images with --source'],
  });
}
