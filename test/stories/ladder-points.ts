import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';
import { type Disk, stateOf, withFiles } from './snapshots.js';
import type { Weather } from './world.js';

/** A moment at which a process can die, and the disk that it leaves. */
export interface Point {
  /** 'call' before or after a call, 'write' inside a write of the ledger, 'lock' around a change of any other file. */
  readonly kind: 'call' | 'write' | 'lock';
  readonly name: string;
  readonly disk: Disk;
}

/** Looks at a world while a command runs. */
export interface Recorder {
  /** Every point that was passed so far. */
  readonly points: Point[];
  /** Goes between the world and its local cloud. */
  readonly weather: Weather;
  /** Runs `work` and notes its points. */
  watch<T>(world: { readonly folder: string; disk(): Disk }, work: () => Promise<T>): Promise<T>;
}

/** Notes a point before and after every call, inside every write of the ledger, and around every change of its lock. */
export function newRecorder(): Recorder {
  const points: Point[] = [];
  let take: (() => Disk) | undefined;
  let calls = 0;
  return {
    points,
    async weather(request, handle) {
      if (take === undefined) return handle(request);
      calls += 1;
      const name = `call ${calls}, ${request.method} ${request.host}${request.path}`;
      points.push({ kind: 'call', name: `${name}, before`, disk: take() });
      const answer = await handle(request);
      points.push({ kind: 'call', name: `${name}, after`, disk: take() });
      return answer;
    },
    async watch(world, work) {
      take = world.disk;
      const unhook = hookFiles(stateOf(world.folder), async (change) => {
        points.push(...pointsBefore(change, world.disk()));
        await change.work();
        points.push({ ...nameOf(change), name: `${nameOf(change).name}, after`, disk: world.disk() });
      });
      try {
        return await work();
      } finally {
        unhook();
        take = undefined;
      }
    },
  };
}

/** One move of a file into its place, or its removal. */
interface FileChange {
  readonly verb: 'rename' | 'link' | 'rm';
  readonly file: string;
  readonly work: () => Promise<void>;
}

function nameOf({ verb, file }: FileChange): Pick<Point, 'kind' | 'name'> {
  const told = file.replace(/\.draft-.*/, '.draft');
  return { kind: verb === 'rename' && file.endsWith('.json') ? 'write' : 'lock', name: `${verb} ${told}` };
}

/** A file moves into its place when its draft is whole; the draft was opened and filled before, and that could end early. */
function pointsBefore(change: FileChange, disk: Disk): Point[] {
  const { kind, name } = nameOf(change);
  const draft = [...disk.files.keys()].find((file) => file.startsWith(`${change.file}.draft-`));
  const text = disk.files.get(draft ?? '') ?? '';
  const point = (moment: string, left: Disk): Point => ({ kind, name: `${name}, ${moment}`, disk: left });
  if (draft === undefined || change.verb === 'rm') return [point('before', disk)];
  return [
    point('not begun', withFiles(disk, { [draft]: undefined })),
    point('draft opened', withFiles(disk, { [draft]: '' })),
    point('draft half written', withFiles(disk, { [draft]: text.slice(0, text.length / 2) })),
    point('draft synced', disk),
    point('before', disk),
  ];
}

/** Has every change of a file in `folder` go through `hear`, in this process. Answers with what ends that. */
function hookFiles(folder: string, hear: (change: FileChange) => Promise<void>): () => void {
  const { rename, link, rm } = fs;
  const pass = (verb: FileChange['verb'], file: string, work: () => Promise<void>): Promise<void> =>
    path.dirname(file) === folder ? hear({ verb, file: path.basename(file), work }) : work();
  fs.rename = (from, to) => pass('rename', String(to), () => rename(from, to));
  fs.link = (from, to) => pass('link', String(to), () => link(from, to));
  fs.rm = (file, options) => pass('rm', String(file), () => rm(file, options));
  syncBuiltinESMExports();
  return () => {
    Object.assign(fs, { rename, link, rm });
    syncBuiltinESMExports();
  };
}
