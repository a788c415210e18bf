import type { Json } from './json.js';

/** The name of one provisioned thing within an environment: `bucket/images`, `api`, `stage`. */
export type Address = string;

/** One field that differs. */
export interface Change {
  /** Which field: 'cache.sizeGb', 'routes.GET /{key+}.replies.404'. */
  readonly path: string;
  /** What the cloud has; undefined, and absent in a JSON document, when it has nothing. */
  readonly from?: Json | undefined;
  /** What is wanted; undefined, and absent in a JSON document, when it is to go. */
  readonly to?: Json | undefined;
}

/** What a step does to its thing. */
export type Action = 'create' | 'update' | 'remove' | 'restore' | 'keep';

/** One step of a plan. */
export interface Step {
  readonly address: Address;
  readonly action: Action;
  /** Human name of the thing: bucket name, API name, role name. */
  readonly label: string;
  /** Why; empty for keep and remove. */
  readonly changes: readonly Change[];
}

/** What a phase of the work is called on the command line. */
export type Phase = 'init' | 'upload' | 'wire' | 'up' | 'teardown';

/** Everything a command is going to do, in the order it will be done. */
export interface Plan {
  readonly phase: Phase;
  readonly target: 'aws' | 'local';
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly stage: string;
  readonly steps: readonly Step[];
  /** What the finished environment costs while nobody uses it, in US dollars an hour; 0 without a cache cluster. */
  readonly usdPerHour: number;
  /** Sentences a person should read before saying yes; what could do harm comes first. */
  readonly notices: readonly string[];
  /** What changes for those who call, a sentence each, all of them among `notices` too; absent when nothing does. */
  readonly callers?: readonly string[];
  /** Files that cannot be served and will not be sent, each with its reason, all of them; absent when there are none. */
  readonly refused?: readonly { readonly file: string; readonly reason: string }[];
  /** How many files are plainly no images, and so no part of the job; absent when none are. */
  readonly leftOut?: number;
  /** What is to be said of single files that are served, each in a sentence, where `notices` name only some; absent when there is nothing. */
  readonly warnings?: readonly string[];
  /** Bytes of the images that are to be sent, by the address of their step; absent when none are. */
  readonly bytesToSend?: Readonly<Record<Address, number>>;
  /** When the environment ends, and may be taken away: ISO 8601 to the second, in UTC; absent when it does not. */
  readonly expiresAt?: string;
  /** Set when the person asked that teardown deletes what others put into our things, too. */
  readonly includingForeign?: true;
  /** Upload: absolute paths; only files at or below them were looked at. Absent: all. */
  readonly paths?: readonly string[];
  /** Teardown: the buckets and what is in them stay. */
  readonly keepBucket?: true;
  /** Upload and up: afterwards what changed expires in the stage's cache. */
  readonly invalidate?: true;
  /** Upload: by what this machine remembers, the images are served already; absent when it remembers nothing of a stage. */
  readonly wired?: true;
  /** SHA-256 of the steps; applying refuses any other. */
  readonly digest: string;
}
