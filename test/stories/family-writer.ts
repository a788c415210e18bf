import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { onTestFinished } from 'vitest';

/** Whole contents that a file may have; the last one is the first with something appended. */
export type Versions = readonly [first: Buffer, second: Buffer, third: Buffer, longer: Buffer];

/** Somebody who changes files as fast as a thread can. */
export interface Writer {
  /** Writes every file a last time, and ends. Answers how many changes there were. */
  stop(): Promise<number>;
}

/** What the thread does; each step leaves a whole version, no file, an empty one, or a picture cut in half. */
const SCRIPT = `
const fs = require('node:fs');
const path = require('node:path');
const { parentPort, workerData: { project, files, seed, flag } } = require('node:worker_threads');
let state = seed;
const random = (n) => { state = (Math.imul(state, 1103515245) + 12345) >>> 0; return (state >>> 8) % n; };
const names = Object.keys(files);
const replace = (file, bytes) => { const next = path.join(project, 'next'); fs.writeFileSync(next, bytes); fs.renameSync(next, file); };
const steps = {
  replace: (file, versions) => replace(file, versions[random(4)]),
  rewrite: (file, versions) => fs.writeFileSync(file, versions[random(4)]),
  grow: (file, versions) => { replace(file, versions[0]); fs.appendFileSync(file, versions[3].subarray(versions[0].length)); },
  shrink: (file, versions) => { replace(file, versions[3]); fs.truncateSync(file, versions[0].length); },
  touch: (file) => fs.utimesSync(file, random(1e9), random(1e9)),
  remove: (file, versions) => { fs.rmSync(file); replace(file, versions[random(4)]); },
  cut: (file, versions) => { fs.truncateSync(file, 100); replace(file, versions[random(4)]); },
};
const kinds = Object.values(steps);
let changes = 0;
const change = () => { const name = names[random(names.length)]; kinds[random(kinds.length)](path.join(project, 'images', name), files[name]); changes += 1; };
change();
parentPort.postMessage('writing');
while (Atomics.load(flag, 0) === 0) change();
for (const name of names) replace(path.join(project, 'images', name), files[name][random(4)]);
parentPort.postMessage(changes);
`;

/** Starts to change the images of a project's folder, which is on their disk: from there, files are renamed into place. */
export async function startWriter(
  project: string,
  files: Readonly<Record<string, Versions>>,
  seed: number,
): Promise<Writer> {
  const flag = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(SCRIPT, { eval: true, workerData: { project, files, seed, flag } });
  onTestFinished(async () => void (await worker.terminate()));
  await once(worker, 'message');
  return {
    async stop() {
      Atomics.store(flag, 0, 1);
      const [changes] = (await once(worker, 'message')) as [number];
      await worker.terminate();
      return changes;
    },
  };
}
