import type { ListedObject, StoredHeaders } from '../aws/s3.js';
import { printable } from '../files/printable.js';
import type { Change } from '../model/plan.js';
import type { FailedFile } from '../model/result.js';
import type { LocalFolder, LocalImage } from './local-images.js';
import type { FoundManifest, ManifestEntry } from './manifest.js';

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

/** The images of a mount as they are. */
export interface ObjectsHave {
  /** By key below the prefix. */
  readonly listing: ReadonlyMap<string, ListedObject>;
  readonly manifest: FoundManifest | undefined;
  /** Whole keys of what we sent below a prefix that the mount had before and what is left of it, with ETags where known. */
  readonly former: ReadonlyMap<string, string | undefined>;
  /** Stored headers, and digests where we sent them, of objects of which the manifest does not tell. */
  readonly headers: ReadonlyMap<string, StoredHeaders>;
  /** What the last converge set out to do. */
  readonly done?: Work;
  /** What of it failed. */
  readonly failed?: readonly FailedFile[];
}

/** The lists of work, and what it comes to. */
export interface Work {
  readonly put: readonly LocalImage[];
  readonly headers: readonly LocalImage[];
  readonly remove: readonly string[];
  /** Whole keys below a former prefix, which go once everything is sent below the new one. */
  readonly former: ObjectsHave['former'];
  /** Whether an earlier run was broken off or failed for a file, so that more may have changed than these lists name. */
  readonly resumes: boolean;
}

/** AWS: a page of a listing has up to 1,000 keys, and only one at a time can be asked for. */
const PAGE = 1000;
/** In how many parts a listing is read at once, at most. */
const PARTS = 8;

/** Whole keys that part a listing of about these images into pieces that can be read at once; none for a few pages. */
export function splitsOf({ images }: Pick<LocalFolder, 'images'>, prefix: string): string[] {
  const pages = Math.floor(images.size / PAGE);
  if (pages < 3) return [];
  // A walk gives the keys in the order of a listing.
  const keys = [...images.keys()];
  const parts = Math.min(PARTS, pages);
  return Array.from({ length: parts - 1 }, (_, index) => {
    const key = keys[Math.floor(((index + 1) * keys.length) / parts)] ?? '';
    return prefix + key;
  });
}

/**
 * Keys of objects of which only a HEAD can tell what they are: the manifest does not say, or says what was only promised,
 * or they were put after it was written, which changes headers without changing the ETag.
 */
export function untoldKeys(
  want: ObjectsWant,
  listing: ObjectsHave['listing'],
  manifest: FoundManifest | undefined,
): string[] {
  const told = manifest?.complete === true ? manifest.objects : {};
  const isLater = (key: string): boolean => (listing.get(key)?.modifiedMs ?? 0) > (manifest?.writtenMs ?? 0);
  const keys = new Set([...want.folder.images.keys(), ...Object.keys(manifest?.objects ?? {})]);
  return [...keys].filter((key) => listing.has(key) && (told[key]?.etag !== listing.get(key)?.etag || isLater(key)));
}

/**
 * Puts what is there in place of what an unfinished manifest promised. Our digest on an object whose key is on the list
 * says that we sent it: before the crash, or in an earlier run.
 */
export function settlePromises(
  manifest: FoundManifest | undefined,
  listing: ObjectsHave['listing'],
  headers: ObjectsHave['headers'],
): FoundManifest | undefined {
  if (manifest?.complete !== false) return manifest;
  const settled = Object.entries(manifest.objects).flatMap(([key, entry]): [string, ManifestEntry][] => {
    const [there, stored] = [listing.get(key), headers.get(key)];
    if (there === undefined || stored === undefined) return [[key, entry]];
    // What is there without our digest is of somebody who put it there since.
    if (stored.sha256 === undefined) return [];
    const { sha256, contentType, headers: kept } = stored;
    return [[key, { etag: there.etag, sizeBytes: there.sizeBytes, sha256, contentType, headers: kept }]];
  });
  return { ...manifest, objects: Object.fromEntries(settled) };
}

/** Whether an object holds the bytes of an image: by MD5, by what the manifest says of its ETag, or by its own digest. */
function holdsBytes(image: LocalImage, { listing, manifest, headers }: ObjectsHave): boolean {
  const there = listing.get(image.key);
  if (there === undefined) return false;
  const entry = manifest?.objects[image.key];
  const told = entry?.etag === there.etag && entry.sha256 === image.sha256;
  return there.etag === image.etag || told || headers.get(image.key)?.sha256 === image.sha256;
}

/** The three lists: what is sent, what gets other headers, what goes. */
export function workOf(want: ObjectsWant, have: ObjectsHave | undefined): Work {
  const put: LocalImage[] = [];
  const headers: LocalImage[] = [];
  for (const image of want.folder.images.values()) {
    if (have === undefined || !holdsBytes(image, have)) put.push(image);
    else if (!sameHeaders(image, storedHeaders(image.key, have))) headers.push(image);
  }
  // A file that is broken today is no reason to take down what it was yesterday.
  const gone = want.prune ? goneKeys(want, have) : [];
  const remove = gone.filter((key) => have !== undefined && isStillOurs(key, have));
  return { put, headers, remove, former: have?.former ?? new Map(), resumes: have?.manifest?.complete === false };
}

/** Keys of what was sent, is there and has no file any more, of those that were looked for. */
export function goneKeys({ folder }: Pick<ObjectsWant, 'folder'>, have: ObjectsHave | undefined): string[] {
  const { images, covers = () => true } = folder;
  return Object.keys(have?.manifest?.objects ?? {}).filter(
    (key) => have?.listing.has(key) === true && !images.has(key) && covers(key) && !isRefusedKey(folder, key),
  );
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
function isStillOurs(key: string, { listing, manifest, headers }: ObjectsHave): boolean {
  const asked = headers.get(key);
  const isAsked = asked === undefined || asked.sha256 !== undefined;
  return isAsked && listing.get(key)?.etag === manifest?.objects[key]?.etag;
}

function storedHeaders(key: string, have: ObjectsHave): StoredHeaders | undefined {
  return have.headers.get(key) ?? have.manifest?.objects[key];
}

/** Whether an object has just the stored headers that are wanted. */
export function sameHeaders(want: StoredHeaders, have: StoredHeaders | undefined): boolean {
  if (have === undefined || want.contentType !== have.contentType) return false;
  const names = new Set([...Object.keys(want.headers), ...Object.keys(have.headers)]);
  return [...names].every((name) => want.headers[name] === have.headers[name]);
}

/** The lists of work as a person reads them in a plan. */
export function changesOf(want: ObjectsWant, have: ObjectsHave | undefined, work: Work): Change[] {
  const { put, headers, remove, former } = work;
  const flat = ({ contentType, headers: stored }: StoredHeaders) => ({ 'Content-Type': contentType, ...stored });
  const changes: Change[] = [
    ...put.map(({ key, etag }) => ({ path: `put ${key}`, from: have?.listing.get(key)?.etag, to: etag })),
    ...headers.map((image) => {
      const stored = have === undefined ? undefined : storedHeaders(image.key, have);
      return { path: `headers ${image.key}`, from: stored === undefined ? undefined : flat(stored), to: flat(image) };
    }),
    ...[...former.keys()].map((key) => ({
      path: `former ${key}`,
      from: 'below a prefix that the mount had before',
      to: undefined,
    })),
    ...remove.map((key) => ({ path: `remove ${key}`, from: have?.listing.get(key)?.etag, to: undefined })),
  ];
  const fault = want.folder.images.size > 0 && changes.length === 0 ? manifestFault(want, have) : undefined;
  return fault === undefined ? changes : [{ path: 'manifest', from: fault, to: 'complete' }];
}

/** What is wrong with a manifest where every object is right; undefined when nothing is. */
function manifestFault(want: ObjectsWant, have: ObjectsHave | undefined): string | undefined {
  if (have?.manifest === undefined) return 'missing';
  const { manifest, listing } = have;
  if (!manifest.complete) return 'unfinished';
  const stale = [...want.folder.images.keys()].some((key) => manifest.objects[key]?.etag !== listing.get(key)?.etag);
  return stale ? 'out of date' : undefined;
}

/** Whether what is there in place of an image is somebody else's. */
export function isReplaced({ key, sha256 }: LocalImage, { listing, manifest, headers }: ObjectsHave): boolean {
  if (!listing.has(key)) return false;
  const stored = headers.get(key);
  // Even of the same bytes it is theirs: what we take for ours gets our headers, and goes with teardown.
  if (manifest?.objects[key] === undefined) return stored?.sha256 !== sha256;
  return stored !== undefined && stored.sha256 === undefined;
}
