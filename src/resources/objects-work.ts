import type { FoundHeaders, StoredHeaders } from '../aws/s3.js';
import { printable } from '../files/printable.js';
import type { FailedFile } from '../model/result.js';
import type { EtagColumn } from './etag-column.js';
import type { LocalFolder, LocalImage } from './local-images.js';
import type { SentList } from './manifest.js';
import { PickedImages } from './picked-images.js';
import type { Match, Row } from './rows.js';

/** The images of a mount as they are wanted. */
export interface ObjectsWant {
  readonly folder: LocalFolder;
  /** How many are sent at once. */
  readonly concurrency: number;
  /** Whether objects that we sent and whose files are gone are removed. */
  readonly prune: boolean;
  /** Whether all of the folder was looked at, and not just some paths. */
  readonly isWhole: boolean;
}

/** Our list of what was sent, without its objects. */
export interface ListState {
  readonly complete: boolean;
  /** See `Manifest`. */
  readonly gone: readonly string[];
  /** In milliseconds since 1970, whole seconds. */
  readonly writtenMs: number;
  /** See `ManifestHead`. */
  readonly seenMs: number;
}

/** The images of a mount as they are. What is just as it is wanted, the most of it as a rule, is only counted. */
export interface ObjectsHave {
  /** All other keys below the prefix of which a listing or our list tells, in the order of their bytes. */
  readonly rows: ReadonlyMap<string, Row>;
  /** Images of which neither tells. */
  readonly fresh: PickedImages;
  /** ETags of the images that are as they are wanted, by their numbers. */
  readonly etags: EtagColumn;
  /** When the latest of what is there was changed, in milliseconds since 1970; 0 where there is nothing. */
  readonly seenMs: number;
  /** What we sent and is there. */
  readonly online: { readonly count: number; readonly bytes: number };
  /** How many objects are there that we did not send. */
  readonly strange: number;
  /** How many objects our list names. */
  readonly listed: number;
  readonly list: ListState | undefined;
  /** ETag of what lies in the place of the list, be it understood or not. */
  readonly listEtag: string | undefined;
  /** What was sent below other prefixes. */
  readonly elsewhere: readonly SentList[];
  /** Whole keys of what we sent below a prefix that the mount had before and what is left of it, with ETags where known. */
  readonly former: ReadonlyMap<string, string | undefined>;
  /** What the last converge set out to do. */
  readonly done?: Work;
  /** What of it failed. */
  readonly failed?: readonly FailedFile[];
}

/** The lists of work, and what it comes to. */
export interface Work {
  /** Images that are sent. */
  readonly put: PickedImages;
  /** Images that only get other headers. */
  readonly headers: PickedImages;
  /** Keys. */
  readonly remove: readonly string[];
  /** Whole keys below a former prefix, which go once everything is sent below the new one. */
  readonly former: ObjectsHave['former'];
  /** Whether an earlier run was broken off or failed for a file, so that more may have changed than these lists name. */
  readonly resumes: boolean;
}

type Times = Pick<ListState, 'writtenMs' | 'seenMs'>;

/**
 * Whether only a HEAD can tell what an object is: our list does not say, or says what was only promised, or the object was put
 * after the run that wrote the list had looked, or sent it: that changes headers without changing the ETag.
 */
export function isUntold({ image, there, entry }: Match, list: Times | undefined): boolean {
  if (there === undefined || (image === undefined && entry === undefined)) return false;
  const isLater = there.modifiedMs > ((entry?.sent === true ? list?.writtenMs : list?.seenMs) ?? 0);
  return isLater || entry === undefined || entry.promised === true || entry.etag !== there.etag;
}

/** Whether an image is online just as it is wanted, by all that the list tells. */
export function isAsWanted(match: Match, list: Times | undefined): boolean {
  const { image, entry } = match;
  if (image === undefined || match.there === undefined || isUntold(match, list)) return false;
  return holdsBytes(image, match) && sameHeaders(image, entry);
}

/**
 * Puts what is there in place of what an unfinished list says. Our digest on an object whose key is on the list says that we
 * sent it: before the crash, or in an earlier run.
 */
export function settlePromise(row: Row, list: Pick<ListState, 'complete'> | undefined): Row {
  const { there, entry, headers: stored } = row;
  if (entry === undefined || there === undefined || stored === undefined) return row;
  if (list?.complete !== false && entry.promised !== true) return row;
  const { sha256, contentType, headers } = stored;
  // What is there without our digest is of somebody who put it there since.
  if (sha256 === undefined) return { ...row, entry: undefined };
  return { ...row, entry: { etag: there.etag, sizeBytes: there.sizeBytes, sha256, contentType, headers } };
}

/** Whether an object holds the bytes of an image: by what the list says of its ETag, or by its own digest. */
function holdsBytes(
  image: LocalImage,
  { there, entry }: Pick<Row, 'there' | 'entry'>,
  headers?: FoundHeaders,
): boolean {
  if (there === undefined) return false;
  const told = entry?.etag === there.etag && entry.sha256 === image.sha256;
  return told || headers?.sha256 === image.sha256;
}

/** The three lists: what is sent, what gets other headers, what goes. */
export function workOf(want: ObjectsWant, have: ObjectsHave | undefined): Work {
  const { images } = want.folder;
  const [put, headers] = [new PickedImages(images), new PickedImages(images)];
  if (have === undefined || have.fresh.length + have.rows.size > 0) {
    for (const image of images.values()) {
      const { key, number } = image;
      const row = have?.rows.get(key);
      if (row === undefined) {
        if (have === undefined || have.fresh.has(number)) put.add(number);
      } else if (!holdsBytes(image, row, row.headers)) put.add(number);
      else if (!sameHeaders(image, row.headers ?? row.entry)) headers.add(number);
    }
  }
  // A file that is broken today is no reason to take down what it was yesterday.
  const gone = want.prune ? goneKeys(want, have) : [];
  const remove = gone.filter((key) => isStillOurs(have?.rows.get(key)));
  return { put, headers, remove, former: have?.former ?? new Map(), resumes: have?.list?.complete === false };
}

/** Keys of what was sent, is there and has no file any more, of those that were looked for. */
export function goneKeys({ folder }: Pick<ObjectsWant, 'folder'>, have: ObjectsHave | undefined): string[] {
  const { images, covers = () => true } = folder;
  const gone: string[] = [];
  for (const { key, entry, there } of have?.rows.values() ?? []) {
    if (entry === undefined || there === undefined || images.has(key)) continue;
    if (covers(key) && !isRefusedKey(folder, key)) gone.push(key);
  }
  return gone;
}

/** Whether there is a file for a key that cannot be served as it is now; a folder that could not be read is refused as one thing. */
export function isRefusedKey({ refusedKeys }: Pick<LocalFolder, 'refusedKeys'>, key: string): boolean {
  return refusedKeys.size > 0 && placesOf(key).some((place) => refusedKeys.has(place));
}

/** A key and the folders that it lies in, as they stand and as they are printed. */
function placesOf(key: string): string[] {
  const names = key.split('/');
  return names.flatMap((_, depth) => {
    const place = names.slice(0, depth + 1).join('/');
    return [place, printable(place)];
  });
}

/** Whether what is on our list is there as we sent it. What was put later, of the very same bytes, has to carry our digest. */
function isStillOurs(row: Row | undefined): boolean {
  if (row?.entry === undefined) return false;
  const isAsked = row.headers === undefined || row.headers.sha256 !== undefined;
  return isAsked && row.there?.etag === row.entry.etag;
}

/** Whether an object has just the stored headers that are wanted. */
export function sameHeaders(want: StoredHeaders, have: StoredHeaders | undefined): boolean {
  if (have === undefined || want.contentType !== have.contentType) return false;
  if (want.headers === have.headers) return true;
  const names = Object.keys(want.headers);
  if (names.length !== Object.keys(have.headers).length) return false;
  return names.every((name) => want.headers[name] === have.headers[name]);
}

/** Whether what is there in place of an image is somebody else's. */
export function isReplaced({ sha256 }: LocalImage, row: Row | undefined): boolean {
  if (row?.there === undefined) return false;
  // Even of the same bytes it is theirs: what we take for ours gets our headers, and goes with teardown.
  if (row.entry === undefined) return row.headers?.sha256 !== sha256;
  return row.headers !== undefined && row.headers.sha256 === undefined;
}
