import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { type DigestMemo, loadDigestMemo, saveDigestMemo } from '../files/digest-memo.js';

/** What is known of the files of each mount, from this run and from earlier ones: files that did not change are not read again. */
export interface Digests {
  /** By key below the mount's folder; it may be added to. */
  of(mountId: string): Promise<DigestMemo>;
  /** Keeps what was added, where the project has a folder for its state; a disk that does not take it costs only time. */
  save(mountId: string): Promise<void>;
  /** Lets go of what is known of a mount. */
  forget(mountId: string): Promise<void>;
  /** Now by the clock that files are dated by, in milliseconds since 1970. */
  now(): number;
}

/** The digests of a project, kept below its `.pixgate`. */
export function openDigests(directory: string, now: () => number): Digests {
  const state = path.join(directory, '.pixgate');
  const fileOf = (mountId: string): string => path.join(state, 'digests', `${mountId}.ndjson`);
  const memos = new Map<string, Promise<DigestMemo>>();
  const of = (mountId: string): Promise<DigestMemo> => {
    const memo = memos.get(mountId) ?? loadDigestMemo(fileOf(mountId));
    memos.set(mountId, memo);
    return memo;
  };
  return {
    of,
    now,
    async save(mountId) {
      if (existsSync(state)) await saveDigestMemo(fileOf(mountId), await of(mountId));
    },
    async forget(mountId) {
      memos.delete(mountId);
      await rm(fileOf(mountId), { force: true }).catch(() => undefined);
    },
  };
}
