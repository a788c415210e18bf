import type { Config } from '../config/config.js';
import type { Report } from '../model/check.js';
import type { Listener } from '../model/event.js';
import type { Phase, Plan } from '../model/plan.js';
import type { ApplyResult } from '../model/result.js';

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
  /** Teardown: leave the buckets and what is in them. @default false */
  readonly keepBucket?: boolean;
  /** Teardown: delete objects in our buckets that we did not send, too. @default false */
  readonly includingForeign?: boolean;
}

/** What verify may be asked. */
export interface VerifyOptions {
  /** At most this many images of each mount, evenly spread. @default all */
  readonly sample?: number;
}

/** One opened environment. Nothing is printed and nothing is asked: plans are shown and approved by the caller. */
export interface Project {
  readonly config: Config;
  readonly target: 'aws' | 'local';
  /** Twelve digits. */
  readonly account: string;
  plan(phase: Phase, options?: PlanOptions): Promise<Plan>;
  /** Does what the plan says; `signal` stops after the call in flight. */
  apply(plan: Plan, listener?: Listener, signal?: AbortSignal): Promise<ApplyResult>;
  verify(options?: VerifyOptions, listener?: Listener, signal?: AbortSignal): Promise<Report>;
  close(): Promise<void>;
}
