import type { MountConfig } from '../config/config.js';

/** What a reading tells of a folder besides its images. */
export interface FolderFindings {
  /** Hidden and housekeeping entries that were passed over; a folder counts once. */
  readonly skipped: Tally;
  /** Files that are no images. */
  readonly leftOut: Tally;
  /** Globs that matched nothing, by the field that holds them; undefined when only a part of the folder was read. */
  readonly unmatched: Readonly<Record<'include' | 'exclude' | 'upload', readonly string[]>> | undefined;
}

/** How many entries that are passed over are named. */
export const NAMED_ENTRIES = 3;

/** Counts entries, and keeps the names of the first. */
export class Tally {
  /** How many there were so far. */
  count = 0;
  /** The names of the first {@link NAMED_ENTRIES}, safe to print. */
  readonly first: string[] = [];

  /** Counts one more; `file` is safe to print. */
  add(file: string): void {
    if (this.count++ < NAMED_ENTRIES) this.first.push(file);
  }
}

/** Says what is left out of a folder without having been asked for, and which globs are of no use. */
export function noticeFolder({ path }: Pick<MountConfig, 'path'>, findings: FolderFindings): string[] {
  const { include = [], exclude = [], upload = [] } = findings.unmatched ?? {};
  return [
    ...leftOutNotices(findings),
    ...skippedNotices(findings),
    ...include.map((glob) => `${path}: include "${glob}" matches no file of the folder`),
    ...exclude.map((glob) => `${path}: exclude "${glob}" matches no file of the folder`),
    ...upload.map((glob) => `${path}: the upload rule for "${glob}" matches no image of the folder`),
  ];
}

function leftOutNotices({ leftOut }: FolderFindings): string[] {
  if (leftOut.count === 0) return [];
  const are = leftOut.count === 1 ? 'file is no image and is' : 'files are no images and are';
  return [`${leftOut.count} ${are} left out: ${namesOf(leftOut)}`];
}

function skippedNotices({ skipped }: FolderFindings): string[] {
  if (skipped.count === 0) return [];
  const are = skipped.count === 1 ? 'entry is' : 'entries are';
  return [`${skipped.count} hidden or housekeeping ${are} passed over: ${namesOf(skipped)}`];
}

function namesOf({ count, first }: Tally): string {
  const more = count - first.length;
  return `${first.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
