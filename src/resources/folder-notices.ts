import type { MountConfig } from '../config/config.js';

/** What a reading tells of a folder besides its images. */
export interface FolderFindings {
  /** How many hidden and housekeeping entries were passed over; a folder counts once. */
  readonly skipped: number;
  /** The first of them, safe to print. */
  readonly firstSkipped: readonly string[];
  /** Globs that matched nothing, by the field that holds them; undefined when only a part of the folder was read. */
  readonly unmatched: Readonly<Record<'include' | 'exclude' | 'upload', readonly string[]>> | undefined;
}

/** How many entries that are passed over are named. */
export const NAMED_ENTRIES = 3;

/** Says what is left out of a folder without having been asked for, and which globs are of no use. */
export function noticeFolder({ path }: Pick<MountConfig, 'path'>, findings: FolderFindings): string[] {
  const { include = [], exclude = [], upload = [] } = findings.unmatched ?? {};
  return [
    ...skippedNotices(findings),
    ...include.map((glob) => `${path}: include "${glob}" matches no file of the folder`),
    ...exclude.map((glob) => `${path}: exclude "${glob}" matches no file of the folder`),
    ...upload.map((glob) => `${path}: the upload rule for "${glob}" matches no image of the folder`),
  ];
}

function skippedNotices({ skipped, firstSkipped }: FolderFindings): string[] {
  if (skipped === 0) return [];
  const more = skipped - firstSkipped.length;
  const names = `${firstSkipped.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  return [`${skipped} hidden or housekeeping ${skipped === 1 ? 'entry is' : 'entries are'} passed over: ${names}`];
}
