import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Config } from '../../src/config/config.js';
import type { TimeSource } from '../../src/emulator/clock.js';
import { type CallRecord, createEmulator, type Emulator } from '../../src/emulator/index.js';
import type { Phase } from '../../src/model/plan.js';
import type { ApplyResult } from '../../src/model/result.js';
import { openProjectOn } from '../../src/project/open-project.js';
import { targetOn } from '../../src/targets/local.js';
import { type Disk, newCamera, putDisk } from './snapshots.js';
import { newWorld, REGION, type Weather } from './world.js';

const SAMPLES = path.resolve(import.meta.dirname, '../../samples');

/** The commands that are killed, in the order of a life. */
export const PHASES = ['init', 'upload', 'wire', 'teardown'] as const;

/** One of them. */
export type LadderPhase = (typeof PHASES)[number];

/** What the folder holds when the command under test runs, and the file of `samples/` whose bytes each one has. */
const IMAGES: Readonly<Record<string, string>> = {
  'kite.svg': 'kite.svg',
  'mast.svg': 'kite.svg',
  'sun.ico': 'sun.ico',
  'waves.png': 'waves.png',
  'night/sunset.webp': 'sunset.webp',
};

/** What it held at the first upload: one of these stays as it was, and the other was another image. */
const EARLIER_IMAGES: Readonly<Record<string, string>> = { 'kite.svg': 'kite.svg', 'mast.svg': 'lighthouse.svg' };

/** Time stands still unless somebody sleeps, so that every run writes the same. */
const NOON: TimeSource = { now: () => Date.parse('2026-01-01T12:00:00Z') };

/** One project and one account that can be copied at any moment. */
export interface LadderWorld {
  readonly emulator: Emulator;
  readonly folder: string;
  readonly calls: CallRecord[];
  /** Runs a command in a project opened anew; `signal` asks it to stop. */
  run(phase: Phase, signal?: AbortSignal): Promise<ApplyResult>;
  disk(): Disk;
  close(): void;
}

/** How a project is opened. */
export interface WorldOptions {
  /** What account and folder hold at the beginning. @default nothing */
  readonly disk?: Disk;
  /** Stands between the project and its local cloud. */
  readonly weather?: Weather;
  /** Who makes things, as their tags tell. */
  readonly createdBy?: string;
}

/** Opens a project of five images on an empty account, or on what a disk holds. */
export function openWorld(
  settings: Config,
  { disk, weather, createdBy = 'ann@laptop' }: WorldOptions = {},
): LadderWorld {
  const folder = mkdtempSync(path.join(tmpdir(), 'pixgate-ladder-'));
  const calls: CallRecord[] = [];
  const emulator = createEmulator({ seed: 'ladder', clock: NOON, observe: (record) => calls.push(record) });
  const reached: Emulator =
    weather === undefined ? emulator : { ...emulator, handle: (request) => weather(request, emulator.handle) };
  const target = { ...targetOn(reached, REGION, 4510), close: () => Promise.resolve() };
  const images = path.join(folder, 'images');
  const config = { ...settings, directory: folder, mounts: settings.mounts.map((is) => ({ ...is, source: images })) };
  const world: LadderWorld = {
    emulator,
    folder,
    calls,
    async run(phase, signal) {
      const project = await openProjectOn(target, config, createdBy);
      // As the command does it that is given --yes.
      return project.apply(await project.plan(phase), undefined, signal, { isFresh: true });
    },
    disk: newCamera(emulator.store, folder),
    close() {
      emulator.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  if (disk !== undefined) putDisk(disk, emulator.store, folder);
  dress(folder, 'now');
  return world;
}

/** Fills a project with the images of the first upload, or with those of the upload under test. */
export function dress(folder: string, when: 'earlier' | 'now'): void {
  const images = path.join(folder, 'images');
  rmSync(images, { recursive: true, force: true });
  for (const [name, sample] of Object.entries(when === 'now' ? IMAGES : EARLIER_IMAGES)) {
    mkdirSync(path.dirname(path.join(images, name)), { recursive: true });
    cpSync(path.join(SAMPLES, sample), path.join(images, name));
  }
}

/** The config of every story. */
export const storyConfig = (): Config => newWorld().config();
