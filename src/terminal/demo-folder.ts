import { cp, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RefusedError } from '../errors.js';

/** The folder that a demo lives in. */
export interface DemoFolder {
  /** Absolute. */
  readonly directory: string;
  /** The folder of sample images, absolute. */
  readonly source: string;
  /** Removes it if it was temporary; a kept one stays. */
  remove(): Promise<void>;
}

/** What tells a folder of an earlier demo from one of somebody else's. */
const MARK = 'pixgate.yaml';

/** Makes a temporary folder for a demo that leaves nothing. */
export async function makeTemporaryFolder(samples: string): Promise<DemoFolder> {
  const directory = await mkdtemp(join(tmpdir(), 'pixgate-demo-'));
  return { directory, source: samples, remove: () => rm(directory, { recursive: true, force: true }) };
}

/**
 * Makes `pixgate-demo/` with a copy of the samples for a demo that stays, or takes the one of an earlier demo.
 *
 * @throws {RefusedError} when the folder holds something else
 */
export async function makeKeptFolder(parent: string, samples: string): Promise<DemoFolder> {
  const directory = join(parent, 'pixgate-demo');
  await mkdir(directory, { recursive: true });
  const found = await readdir(directory);
  if (found.length > 0 && !found.includes(MARK)) {
    throw new RefusedError(`Cannot use folder "${directory}": it holds something that is not a demo.`, {
      code: 'DEMO_FOLDER_TAKEN',
      suggestions: ['run pixgate demo --keep in another folder'],
    });
  }
  const source = join(directory, 'images');
  await cp(samples, source, { recursive: true });
  return { directory, source, remove: async () => {} };
}
