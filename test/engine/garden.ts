import { readdir } from 'node:fs/promises';
import type { Config } from '../../src/config/config.js';
import type { Job } from '../../src/engine/survey.js';
import { type Ledger, openLedger } from '../../src/ledger/ledger.js';
import type { Event } from '../../src/model/event.js';
import type { Action } from '../../src/model/plan.js';
import type { AnyResource, Known, Resource, World } from '../../src/resources/resource.js';
import { tempFolder } from '../files/temp-folder.js';

/** One thing that grows. */
export interface Plant {
  readonly colour: string;
}

/** What the engine provisions here in place of a cloud: plants by name. */
export type Garden = Map<string, Plant>;

/** How a bed differs from a plain one. */
export interface BedOptions {
  readonly needs?: readonly string[];
  /** Colour that is wanted; undefined: nothing is. @default 'green' */
  readonly colour?: string | undefined;
  /** Names the plant after what grows in the needed beds; undefined: only the ledger can tell. @default the address */
  readonly name?: (known: Known) => string | undefined;
  /** Happens while the gardener works, before the plant is there. */
  readonly digging?: () => Promise<void> | void;
  /** Happens while the gardener works, after the plant is there. */
  readonly watering?: () => Promise<void> | void;
  /** Happens before a plant is taken out. */
  readonly pulling?: () => Promise<void> | void;
  readonly ending?: Action;
}

interface Want {
  readonly name: string | undefined;
  readonly colour: string | undefined;
}

interface Have extends Plant {
  readonly name: string;
}

/** A resource that grows one plant in the garden. */
export function bed(garden: Garden, address: string, options: BedOptions = {}): AnyResource {
  const { needs = [], name = () => address, digging, watering, pulling, ending } = options;
  const colour = 'colour' in options ? options.colour : 'green';
  const resource: Resource<Want, Have> = {
    address,
    needs,
    desire: (_config, known) => ({ name: name(known), colour }),
    label: (want) => `${want.name}`,
    async observe(_world, want, memo) {
      const settled = memo?.settled as { name: string } | undefined;
      const named = want.name ?? settled?.name ?? '';
      const plant = garden.get(named);
      return plant === undefined ? undefined : { name: named, ...plant };
    },
    diff: (want, have) =>
      want.colour === have?.colour ? [] : [{ path: 'colour', from: have?.colour, to: want.colour }],
    async converge(_world, want) {
      await digging?.();
      garden.set(want.name ?? '', { colour: want.colour ?? '' });
      await watering?.();
      return { name: want.name ?? '', colour: want.colour ?? '' };
    },
    async remove(_world, have) {
      await pulling?.();
      garden.delete(have.name);
    },
    remember: ({ name, colour }) => ({ name, colour }),
    ...(ending === undefined ? {} : { ending: () => ending }),
  };
  return resource;
}

/** One process that works in a garden. */
export interface Gardener {
  readonly job: Job;
  /** Presses Ctrl-C. */
  stop(): void;
  /** Everything that was said. */
  readonly heard: Event[];
  listen(event: Event): void;
}

/** Begins a process over the ledger of a folder: what an earlier one left there is read again. */
export async function startGardener(resources: readonly AnyResource[], folder: string): Promise<Gardener> {
  const abort = new AbortController();
  const heard: Event[] = [];
  let now = 1_000;
  const world = {
    // Each look at the clock is a second later.
    clock: { now: () => (now += 1_000), sleep: () => Promise.resolve() },
    signal: abort.signal,
  } as unknown as World;
  const ledger = await openGardenLedger(folder);
  return {
    job: { config: {} as Config, world, ledger, resources },
    stop: () => abort.abort(),
    heard,
    listen: (event) => heard.push(event),
  };
}

/** The ledger of the garden, as it is on disk. */
export async function openGardenLedger(folder: string): Promise<Ledger> {
  const subject = { target: 'local', account: '1', region: 'r', name: 'garden', stage: 'dev' } as const;
  return openLedger(folder, subject);
}

/** A folder with a ledger in which nothing is noted yet. */
export async function freshFolder(): Promise<string> {
  const folder = await tempFolder();
  await (await openGardenLedger(folder)).establish('token');
  return folder;
}

/** Names of the files in a folder. */
export function filesIn(folder: string): Promise<string[]> {
  return readdir(folder);
}
