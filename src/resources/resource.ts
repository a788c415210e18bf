import type { Aws } from '../aws/aws.js';
import type { Clock } from '../clock.js';
import type { Config } from '../config/config.js';
import type { Event } from '../model/event.js';
import type { Json } from '../model/json.js';
import type { Action, Address, Change } from '../model/plan.js';

/** What an environment is: (account, Region, name, stage), and the token that marks what we made for it. */
export interface Environment {
  readonly target: 'aws' | 'local';
  readonly account: string;
  readonly partition: string;
  readonly region: string;
  readonly name: string;
  readonly stage: string;
  /** The installation id: in a tag of everything we make. */
  readonly token: string;
  /** Who makes it, kept as a tag; '' when unknown. */
  readonly createdBy: string;
  /** When the lease of what is made now ends, for a tag; absent when it has none. */
  readonly expires?: string;
}

/** What a resource may touch: AWS, time, and a way to say something. */
export interface World {
  readonly aws: Aws;
  readonly clock: Clock;
  readonly environment: Environment;
  /** Says one of the things that happen on the way. */
  say(event: Omit<Extract<Event, { type: 'note' }>, 'address' | 'type'> | Talk): void;
  /** Aborted when the person pressed Ctrl-C: long work stops after the call in flight. */
  readonly signal: AbortSignal;
  /** Whether everything is to go: then what is absent is no fault. */
  readonly removing: boolean;
}

/** Progress, waits and warnings, without their address: the engine knows whose turn it is. */
export type Talk =
  | Omit<Extract<Event, { type: 'progress' }>, 'address'>
  | Omit<Extract<Event, { type: 'wait' }>, 'address'>
  | Omit<Extract<Event, { type: 'warning' }>, 'address'>;

/** What the needed resources turned out to be. */
export interface Known {
  /** Undefined while the resource does not exist. */
  get(address: Address): unknown;
  has(address: Address): boolean;
}

/** What the ledger remembers of one thing: what was there before us, and what we last settled. A hint, never the truth. */
export interface Memo {
  readonly before?: Json;
  readonly settled?: Json;
}

/** The whole contract of a provisioned thing. It never asks whether something is new. */
export interface Resource<Want, Have> {
  readonly address: Address;
  /** What must exist first; teardown goes the other way. */
  readonly needs: readonly Address[];
  /** Whether each write of `converge` holds only for what was seen, so that it need not look again right before. @default false */
  readonly guarded?: boolean;
  /** What the config asks for, given what the needed resources turned out to be. Changes nothing. */
  desire(config: Config, known: Known): Want | Promise<Want>;
  /** Human name of the thing. */
  label(want: Want): string;
  /** What the cloud has; undefined when there is nothing of ours. @throws {RefusedError} when what is there is somebody else's. */
  observe(world: World, want: Want, memo?: Memo): Promise<Have | undefined>;
  /** Pure. */
  diff(want: Want, have: Have | undefined): readonly Change[];
  /** Looks, then sends only what differs; answers what is there afterwards. */
  converge(world: World, want: Want, have: Have | undefined): Promise<Have>;
  /** What teardown does with it; absent: 'remove'. */
  ending?(have: Have): Action;
  /** Gone already is success. */
  remove(world: World, have: Have): Promise<void>;
  /** What the ledger keeps of it. No secrets. */
  remember(have: Have): Json;
}

/** Any resource, as the engine sees it. */
export type AnyResource = Resource<unknown, unknown>;
