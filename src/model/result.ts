import type { Plan, Step } from './plan.js';

/** One URL that serves an image. */
export interface ServedUrl {
  /** Mount path: '/images'. */
  readonly mount: string;
  /** Key below the prefix. */
  readonly key: string;
  readonly url: string;
}

/** What applying a plan led to. */
export interface ApplyResult {
  readonly phase: Plan['phase'];
  readonly target: 'aws' | 'local';
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly stage: string;
  /** Steps that changed something. */
  readonly changed: number;
  /** Steps that had nothing to do. */
  readonly kept: number;
  readonly steps: readonly Step[];
  /** What upload did, over all mounts; absent when no objects were in the plan. */
  readonly upload?: UploadSummary;
  /** Base URL of the stage, without a trailing slash; absent before `wire` and after `teardown`. */
  readonly url?: string;
  /** Up to 20 served images. */
  readonly urls?: readonly ServedUrl[];
  /** After teardown: one line for each thing that is left, empty when nothing is; absent otherwise. */
  readonly left?: readonly string[];
  readonly tookMs: number;
}

/** What became of the files of an upload. */
export interface UploadSummary {
  readonly sent: number;
  readonly headersUpdated: number;
  readonly unchanged: number;
  readonly removed: number;
  readonly bytesSent: number;
  /** Files that were not sent, each with its reason. */
  readonly refused: readonly { readonly file: string; readonly reason: string }[];
}

/** One environment as found in an account. */
export interface EnvironmentSummary {
  readonly target: 'aws' | 'local';
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly stage: string;
  /** Installation id from the tags. */
  readonly token: string;
  /** ISO 8601; undefined when nothing tells. */
  readonly createdAt?: string;
  readonly url?: string;
  /** 'bucket pixgate-…', 'api holiday-dev (a1b2c3)', … */
  readonly things: readonly string[];
  /** US dollars an hour while nobody uses it. */
  readonly usdPerHour: number;
}
