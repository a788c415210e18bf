import { setImmediate } from 'node:timers/promises';
import type { MountConfig } from '../config/config.js';
import { checkKey } from '../files/check-key.js';
import { findCollisions } from '../files/collisions.js';
import { type DigestCursor, isSettled, openCursor } from '../files/digest-memo.js';
import { makeFilter } from '../files/filter.js';
import { IGNORE_FILE, readIgnoreFile } from '../files/ignore-file.js';
import { judgeContent } from '../files/judge-content.js';
import { isPlainlyNoImage } from '../files/plainly-no-image.js';
import { printable } from '../files/printable.js';
import { LARGEST_CACHED_BYTES, type Memory, readImage, sameMemory, sha256Of } from '../files/read-image.js';
import { openScope } from '../files/scope.js';
import { type FoundFile, leadsOut, type RefusedFile, rootOf, walkImages } from '../files/walk.js';
import type { FolderDigests } from './digests.js';
import { draftTable, type TableDraft } from './draft-table.js';
import { NAMED_ENTRIES, noticeFolder, Tally } from './folder-notices.js';
import { type HeaderRules, headerRules } from './header-rules.js';
import type { ImageTable, LocalImages, TableRow } from './image-table.js';
import type { ManifestEntry } from './manifest.js';
import { noImages } from './no-images.js';

/** One image on disk, ready to be sent. */
export interface LocalImage extends Omit<ManifestEntry, 'etag' | 'promised'> {
  /** By which `LocalImages` finds it again; in the order of the keys, from 0, with gaps. */
  readonly number: number;
  /** Key below the prefix. */
  readonly key: string;
  /** Absolute path. */
  readonly path: string;
  /** What the disk said of the file; absent when it changed so lately that it might change again and say the same. */
  readonly stamp?: string;
}

/** What a folder holds. */
export interface LocalFolder {
  /** By key, in the order of the keys' bytes. */
  readonly images: LocalImages;
  /** Files that cannot be served, each with its reason. */
  readonly refused: readonly { readonly file: string; readonly reason: string }[];
  /** Keys that files of the folder have and that cannot be served as those files are now. */
  readonly refusedKeys: ReadonlySet<string>;
  /** Sentences about images that are served with a drawback. */
  readonly warnings: readonly string[];
  /** Sentences about the folder as a whole: what is left out unasked, and which globs match nothing. @default none */
  readonly notices?: readonly string[];
  /** Files and folders that include, exclude and the ignore file rule out; a folder counts once. @default 0 */
  readonly passedOver?: number;
  /** How many files are plainly no images, and so no part of the job. @default 0 */
  readonly leftOut?: number;
  /** Whether a file with this key would have been looked at. @default every one */
  readonly covers?: (key: string) => boolean;
}

/** How a folder is read. */
export interface ReadFolderOptions {
  /** What is known of the files from before; what is found out now is kept there, and what is gone let go. */
  readonly digests: FolderDigests;
  /** The time when the reading begins, in milliseconds since 1970. */
  readonly nowMs: number;
  /** Absolute paths inside the source: only files at or below them count, none for none. @default all */
  readonly only?: readonly string[];
}

/** Entries of ours, which nobody takes for images. */
const OWN_FILES: ReadonlySet<string> = new Set([IGNORE_FILE, '.pixgate']);

/** After so many files others get a turn: a spinner, or Ctrl-C. */
const FILES_A_TURN = 200;

/** A file that was looked at. */
interface SeenFile extends Pick<TableRow, 'key' | 'path' | 'sizeBytes' | 'file' | 'isSettled'> {
  /** Whether it is told by its stamp, and was not known before. */
  readonly isNew: boolean;
}

/** What is being gathered. */
interface Gathering {
  readonly mount: MountConfig;
  readonly rules: HeaderRules;
  readonly root: string;
  readonly table: TableDraft;
  readonly refused: { file: string; reason: string }[];
  readonly refusedKeys: Set<string>;
  readonly warnings: string[];
  /** Keys of links to files outside of the folder. */
  readonly outside: string[];
}

/**
 * Walks a mount's folder, checks every file and digests it. One file is in memory at a time, and some 130 bytes of each.
 *
 * @throws {UsageError} when the folder is missing, its ignore file cannot be used, one of `only` is not there or lies outside,
 * or what is looked at holds no image at all.
 */
export async function readLocalFolder(mount: MountConfig, options: ReadFolderOptions): Promise<LocalFolder> {
  const { digests, only } = options;
  const scope = only === undefined ? undefined : await openScope(mount.source, only);
  const covers = scope?.takes ?? (() => true);
  const filter = makeFilter({ ...mount, ignoreText: await readIgnoreFile(mount.source) });
  const former = digests.former(only);
  const gathering = gather(mount, former);
  const { refused, refusedKeys, warnings } = gathering;
  let [passedOver, isNew] = [0, false];
  const [skipped, leftOut] = [new Tally(), new Tally()];
  const onSkipped = (file: string): void => {
    if (!OWN_FILES.has(file)) skipped.add(file);
  };
  const { links = 'inside' } = mount;
  const walk = {
    filter,
    links,
    onSkipped,
    onFiltered: () => void passedOver++,
    ...(scope === undefined ? {} : { scope }),
  };
  const known = openCursor(former?.remembered() ?? digests.stored(), (key) => {
    isNew ||= covers(key);
  });
  const memory = sameMemory();
  try {
    let looked = 0;
    for (const found of walkImages(mount.source, walk)) {
      if (++looked % FILES_A_TURN === 0) await setImmediate();
      if (!('reason' in found) && isPlainlyNoImage(found)) {
        leftOut.add(printable(found.key));
        continue;
      }
      const file = lookAt(found, known, { prefix: mount.bucket.prefix, nowMs: options.nowMs, memory });
      if ('reason' in file) {
        refuse(gathering, file.key, file.reason);
      } else {
        take(gathering, file);
        isNew ||= file.isNew;
      }
    }
    known.end();
  } finally {
    known.close();
  }
  const images = gathering.table.finish();
  const twins = findTwins(images);
  for (const [key, other] of twins)
    refuse(gathering, key, `differs from ${printable(other)} only in case or in the form of its letters`);
  if (images.size === 0 && only?.length !== 0) throw noImages(mount, { refused, passedOver, leftOut });
  warnOfOutside(gathering, images);
  await digests.keep({ table: images, only, covers, isNew });
  const unmatched = only === undefined ? { ...filter.unmatched(), upload: gathering.rules.unmatched() } : undefined;
  const notices = noticeFolder(mount, { skipped, leftOut, unmatched });
  return { images, refused, refusedKeys, warnings, notices, passedOver, leftOut: leftOut.count, covers };
}

function gather(mount: MountConfig, former: ImageTable | undefined): Gathering {
  const root = rootOf(mount.source);
  const lists = { refused: [], refusedKeys: new Set<string>(), warnings: [], outside: [] };
  return { mount, root, rules: headerRules(mount.upload), table: draftTable(root, former), ...lists };
}

/** Says which files from outside of the folder go online. */
function warnOfOutside({ outside, warnings }: Gathering, images: ImageTable): void {
  const sent = outside.filter((key) => images.has(key));
  if (sent.length === 0) return;
  const names = sent.slice(0, NAMED_ENTRIES).map(printable).join(', ');
  const isOne = sent.length === 1;
  const links = isOne ? 'link leads to a file' : 'links lead to files';
  const files = isOne ? 'that file becomes' : 'those files become';
  warnings.push(`${sent.length} ${links} outside of the folder (${names}): with links: follow, ${files} public`);
}

/** Hides images that would be one file on some disk. */
function findTwins(table: ImageTable): ReadonlyMap<string, string> {
  // A table that an earlier reading made hides its twins already.
  table.hide(new Set());
  const twins = findCollisions(() => table.keys());
  table.hide(new Set(twins.keys()));
  return twins;
}

function refuse(
  { refused, refusedKeys }: Pick<Gathering, 'refused' | 'refusedKeys'>,
  key: string,
  reason: string,
): void {
  refused.push({ file: printable(key), reason });
  refusedKeys.add(key);
}

/** Puts one file among the images, with what is to be said of it, or among the refused. */
function take(gathering: Gathering, seen: SeenFile): void {
  const { mount, rules, root, table, warnings, outside } = gathering;
  const { key, path, sizeBytes, file, isSettled } = seen;
  const active = mount.svg === 'allow' || file.active.length === 0 ? undefined : LIST.format(file.active);
  const isRefused = active !== undefined && mount.svg === 'refuse';
  table.add({ key, path, sizeBytes, file, headers: rules.headersOf(key), isSettled, isRefused });
  if (isRefused) {
    refuse(gathering, key, `holds ${active}, and this mount refuses such SVGs`);
    return;
  }
  if (leadsOut(root, path)) outside.push(key);
  const warn = (what: string): void => void warnings.push(`${printable(key)}${what}`);
  if (sizeBytes > LARGEST_CACHED_BYTES) warn(' is above 1 MiB: the stage cache never keeps it');
  if (active !== undefined) warn(` holds ${active}: ${UNDER_OUR_POLICY}`);
  if (file.behind !== undefined) warn(` ${file.behind}`);
}

const LIST = new Intl.ListFormat('en', { type: 'conjunction' });

/** Ends what is said of an SVG with active parts. */
export const UNDER_OUR_POLICY =
  'browsers run and load nothing of that under the Content-Security-Policy that pixgate sends by default';

/** Reads and judges a file whose name can be served, or tells what was found when it was as it is now. */
function lookAt(
  found: FoundFile | RefusedFile,
  known: DigestCursor,
  { prefix, nowMs, memory }: { readonly prefix: string; readonly nowMs: number; readonly memory: Memory },
): SeenFile | { readonly key: string; readonly reason: string } {
  if ('reason' in found) return { key: found.file, reason: found.reason };
  const { key, path, stamp, sizeBytes } = found;
  const verdict = checkKey(key, prefix);
  if (!verdict.ok) return { key, reason: verdict.reason };
  const before = known.find(key, stamp);
  if (before !== undefined) return { key, path, sizeBytes, file: before, isSettled: true, isNew: false };
  const read = readImage(found, memory);
  if ('reason' in read) return { key, reason: read.reason };
  const content = judgeContent(key, read.bytes);
  if ('reason' in content) return { key, reason: content.reason };
  // One that changed since the walk met it changed just now.
  const settles = read.stamp === stamp && isSettled(found.changedMs, nowMs);
  const { type, active, behind } = content;
  const sha256 = sha256Of(read.bytes);
  const { stamp: now } = read;
  const file =
    behind === undefined ? { stamp: now, sha256, type, active } : { stamp: now, sha256, type, active, behind };
  return { key, path, sizeBytes: read.bytes.byteLength, file, isSettled: settles, isNew: settles };
}
