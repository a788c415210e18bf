import { existsSync } from 'node:fs';
import { rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { mergeDigests, type Remembered, readDigestMemo, saveDigestMemo } from '../files/digest-memo.js';
import type { ImageTable } from './image-table.js';

/** What is known of the files of each mount, from this run and from earlier ones: files that did not change are not read again. */
export interface Digests {
  /** Of one mount. */
  of(mountId: string): FolderDigests;
  /** Lets go of what is known of a mount. */
  forget(mountId: string): Promise<void>;
  /** Now by the clock that files are dated by, in milliseconds since 1970. */
  now(): number;
}

/** What is known of the files of one folder. */
export interface FolderDigests {
  /** What this process found when it last read the folder, if that was all of it or just these paths. */
  former(only: readonly string[] | undefined): ImageTable | undefined;
  /** What earlier runs found, in the order of a walk. */
  stored(): Iterable<Remembered>;
  /** Keeps what a reading found, on disk where the project has a folder for its state; a disk that does not take it costs only time. */
  keep(reading: FolderReading): Promise<void>;
}

/** One reading of a folder, for those who read it next. */
export interface FolderReading {
  /** What it found. */
  readonly table: ImageTable;
  /** Absolute paths that it was about. @default the whole folder */
  readonly only: readonly string[] | undefined;
  /** Whether it looked at a key. */
  readonly covers: (key: string) => boolean;
  /** Whether it found anything else than was known. */
  readonly isNew: boolean;
}

/** The digests of a project, kept below its `.pixgate`. */
export function openDigests(directory: string, now: () => number): Digests {
  const state = path.join(directory, '.pixgate');
  const fileOf = (mountId: string): string => path.join(state, 'digests', `${mountId}.ndjson`);
  const folders = new Map<string, FolderDigests>();
  return {
    now,
    of(mountId) {
      const folder = folders.get(mountId) ?? openFolder(state, fileOf(mountId));
      folders.set(mountId, folder);
      return folder;
    },
    async forget(mountId) {
      folders.delete(mountId);
      await rm(fileOf(mountId), { force: true }).catch(() => undefined);
      await rmdir(path.join(state, 'digests')).catch(() => undefined);
    },
  };
}

function openFolder(state: string, file: string): FolderDigests {
  let last: Pick<FolderReading, 'table' | 'only'> | undefined;
  let isSaved = true;
  return {
    former: (only) => (last?.only === undefined || isDeepStrictEqual(last.only, only) ? last?.table : undefined),
    stored: () => readDigestMemo(file),
    async keep({ table, only, covers, isNew }) {
      last = { table, only };
      if (!isNew && isSaved) return;
      const files = table.remembered();
      // What was not looked at may be as it was.
      const all = only === undefined ? files : mergeDigests(readDigestMemo(file), files, covers);
      isSaved = existsSync(state) && (await saveDigestMemo(file, all));
    },
  };
}
