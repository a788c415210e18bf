import type { Config } from '../config/config.js';
import type { AccessResult } from '../model/access.js';
import type { Report } from '../model/check.js';
import type { Listener } from '../model/event.js';
import type { Phase, Plan } from '../model/plan.js';
import type { ApplyResult, FlushResult, LogsResult, ServedUrl } from '../model/result.js';
import type { Status } from '../model/status.js';
import type { KeyDesk } from './key-desk.js';
import type { UserDesk } from './user-desk.js';

/** Where a project lives and how its cloud is reached. */
export interface OpenOptions {
  readonly config: Config;
  /** 'local' is the local cloud under `.pixgate/local/` of the project's folder. @default 'aws' */
  readonly target?: 'aws' | 'local';
  /** Another endpoint for every AWS service, such as a running `pixgate local`. */
  readonly endpointUrl?: string;
  /** Profile of the AWS config files. */
  readonly profile?: string;
  /** Port that `pixgate local` serves on; part of the URLs of the local target. @default 4510 */
  readonly localPort?: number;
  /** Who makes it, kept as a tag: such as 'ann@laptop'. */
  readonly createdBy?: string;
}

/** What a plan may be asked to do beyond the ordinary. */
export interface PlanOptions {
  /** Upload: remove objects that we sent and whose files are gone. @default false */
  readonly prune?: boolean;
  /** Upload and up: afterwards expire what changed in the stage's cache. @default false; up: where a cache may hold what is replaced */
  readonly invalidate?: boolean;
  /** Upload: absolute paths of files and folders in the mounts' sources; only what is at or below them. @default everything */
  readonly paths?: readonly string[];
  /** Teardown: leave the buckets and what is in them. @default false */
  readonly keepBucket?: boolean;
  /** Teardown: delete objects in our buckets that we did not send, too. @default false */
  readonly includingForeign?: boolean;
}

/** What a run of checks shows to be let in, where more than its AWS credentials is asked for; secret. */
export interface Credentials {
  /** Value of an API key. */
  readonly apiKey?: string | undefined;
  /** A token of a user pool, for mounts that ask for one. */
  readonly token?: string | undefined;
  /** A token of the pool that pixgate made, in place of `token` where that pool is asked. */
  readonly poolToken?: string | undefined;
  /** What a function is told, by identity header in the order of the config: nothing that a pool gave. */
  readonly identities?: readonly string[] | undefined;
}

/** What verify may be asked. */
export interface VerifyOptions {
  /** At most this many images of each mount, evenly spread. @default all */
  readonly sample?: number;
  /** What to show to be let in, where a mount asks for more than AWS credentials; secret, and kept nowhere. @default nothing */
  readonly credentials?: Credentials;
  /** Makes what `credentials` lacks, for this run, and takes it away again: an API key, and a user of the pool that pixgate made. @default false */
  readonly makeCredentials?: boolean;
}

/** What flush may be asked. */
export interface FlushOptions {
  /** One path behind the stage, such as '/images/a b.png', or its whole address; percent-encoded or not. @default the whole cache */
  readonly path?: string;
}

/** Which requests are read from the logs. */
export interface LogsOptions {
  /** From this moment on, in milliseconds since 1970. @default `lastMs` before now */
  readonly fromMs?: number;
  /** How far back from the cloud's now, in milliseconds; `fromMs` goes before it. @default 600000 */
  readonly lastMs?: number;
  /** Only requests that were answered with a status of 400 and above. @default false */
  readonly errors?: boolean;
}

/** How a plan is done. */
export interface ApplyOptions {
  /**
   * Whether the plan was made a moment ago by this project, and nobody was asked in between: images are then not looked at
   * again, since each of them is only put in the place of what was seen. @default false
   */
  readonly isFresh?: boolean;
}

/** One opened environment. Nothing is printed and nothing is asked: plans are shown and approved by the caller. */
export interface Project {
  readonly config: Config;
  readonly target: 'aws' | 'local';
  /** Twelve digits. */
  readonly account: string;
  plan(phase: Phase, options?: PlanOptions): Promise<Plan>;
  /** Does what the plan says; `signal` stops after the call in flight. */
  apply(plan: Plan, listener?: Listener, signal?: AbortSignal, options?: ApplyOptions): Promise<ApplyResult>;
  verify(options?: VerifyOptions, listener?: Listener, signal?: AbortSignal): Promise<Report>;
  /**
   * Tells for each mount how its images are called; holds no secret.
   *
   * @throws {RefusedError} when nothing is wired yet.
   */
  access(): Promise<AccessResult>;
  /**
   * Names images that are served, at most `limit` of them, and counts them all.
   *
   * @throws {RefusedError} when nothing is wired yet.
   */
  images(limit?: number): Promise<{ readonly urls: readonly ServedUrl[]; readonly served: number }>;
  /** Its API keys. */
  readonly keys: KeyDesk;
  /** Users of the pool that pixgate made. */
  readonly users: UserDesk;
  /**
   * Empties the stage's cache, or expires the entry of one path, and says what stays.
   *
   * @throws {RefusedError} when there is no cache, or nothing is wired yet.
   * @throws {UsageError} when the path is outside all mounts.
   */
  flush(options?: FlushOptions, listener?: Listener, signal?: AbortSignal): Promise<FlushResult>;
  /**
   * Reads requests from the access log, with what the execution log says of those that failed.
   *
   * @throws {RefusedError} when nothing is logged, or nothing is wired yet.
   */
  logs(options?: LogsOptions): Promise<LogsResult>;
  /** Finds out what exists, what it costs and what differs from the config. Changes nothing. */
  status(): Promise<Status>;
  close(): Promise<void>;
}
