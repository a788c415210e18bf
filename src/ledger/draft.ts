import { randomUUID } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { isRunning, ownMark } from './liveness.js';

const DRAFT = /\.draft-(\d+)-(\d*)-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A name beside a file, that tells which process writes there, and that nobody else uses. */
export async function draftName(file: string): Promise<string> {
  const { pid, born } = await ownMark();
  return `${file}.draft-${pid}-${born}-${randomUUID()}`;
}

/** Removes what killed processes left of their drafts of a file and of the files whose names begin with its name. */
export async function sweepDrafts(file: string): Promise<void> {
  const folder = path.dirname(file);
  for (const name of await readdir(folder).catch(() => [])) {
    const [, pid, born] = (name.startsWith(`${path.basename(file)}.`) && DRAFT.exec(name)) || [];
    if (pid === undefined || born === undefined || (await isRunning({ pid: Number(pid), born }))) continue;
    // What cannot be removed is in nobody's way.
    await rm(path.join(folder, name), { force: true }).catch(() => {});
  }
}
