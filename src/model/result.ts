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
  /** What became of the changed images' entries in the stage's cache; absent unless that was asked for. */
  readonly invalidated?: InvalidationResult;
  /** Base URL of the stage, without a trailing slash; absent before `wire` and after `teardown`. */
  readonly url?: string;
  /** Up to 20 served images. */
  readonly urls?: readonly ServedUrl[];
  /** How many images are served in all; absent where `urls` is. */
  readonly served?: number;
  /** After teardown: one line for each thing that is left, empty when nothing is; absent otherwise. */
  readonly left?: readonly string[];
  /** After a teardown that was told to keep them: the buckets that stay, with what is in them. */
  readonly keptBuckets?: readonly string[];
  /** What was wanted and is missing although the work is done, with what to do about it; absent when nothing is. */
  readonly warnings?: readonly string[];
  readonly tookMs: number;
}

/** What became of the files of an upload. */
export interface UploadSummary {
  readonly sent: number;
  readonly headersUpdated: number;
  readonly unchanged: number;
  readonly removed: number;
  readonly bytesSent: number;
  /** Files that cannot be served and were not sent, each with its reason. */
  readonly refused: readonly { readonly file: string; readonly reason: string }[];
  /** How many files are plainly no images, and so no part of the job; absent when none are. */
  readonly leftOut?: number;
  /** Files that were to be sent and are not as wanted online. */
  readonly failed: readonly FailedFile[];
}

/** What became of the entries of changed images in the stage's cache. */
export interface InvalidationResult {
  /** 'expired': each path by itself, as the access log shows for one. 'emptied': the whole cache. 'unverified': asked, and no log tells what came of it. 'ignored': AWS did not do it. 'nothing': there was nothing to expire. */
  readonly outcome: 'expired' | 'emptied' | 'unverified' | 'ignored' | 'nothing';
  /** How many images were asked for anew, each by its path; 0 where that was not the way. */
  readonly paths: number;
  /** Path behind the stage that the access log was searched for, percent-encoded; absent when it was not. */
  readonly verified?: string;
  /** Why it is not 'expired', in half a sentence or one of AWS's; absent when it is. */
  readonly reason?: string;
  /** What stays although the paths expired; absent when nothing does. */
  readonly stays?: StayingEntries;
}

/** A file that could not be sent though it can be served. */
export interface FailedFile {
  /** Key below the prefix. */
  readonly file: string;
  /** Half a sentence, or a whole one of AWS's. */
  readonly reason: string;
  /** 'FILE_CHANGED': while it was being sent. 'OBJECT_CHANGED': somebody else wrote what is there. 'AWS': a call failed. */
  readonly code: 'FILE_CHANGED' | 'OBJECT_CHANGED' | 'AWS';
  /** The call of S3 that failed, and AWS's code; only with 'AWS'. */
  readonly call?: { readonly operation: string; readonly awsCode: string };
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
  /** When this was seen, by the cloud's clock: ISO 8601, in UTC. */
  readonly seenAt: string;
  /** When its oldest thing was made: ISO 8601, in UTC; absent when nothing tells. */
  readonly createdAt?: string;
  /** Who made it, by its tags; absent when they do not tell. */
  readonly createdBy?: string;
  /** When its lease ends: ISO 8601 to the second, in UTC; absent when it has none. */
  readonly expiresAt?: string;
  /** Whether its lease is over. */
  readonly expired: boolean;
  /** Things whose lease nobody can read, as after an edit by hand: it then counts as not expired. Absent when there are none. */
  readonly unreadableLease?: readonly { readonly thing: string; readonly value: string }[];
  /** Base URL of its stage, without a trailing slash; absent while nothing is served. */
  readonly url?: string;
  /** 'bucket pixgate-…', 'api holiday-dev (a1b2c3)', … */
  readonly things: readonly string[];
  /** US dollars an hour while nobody uses it. */
  readonly usdPerHour: number;
}

/** What a flush led to. */
export interface FlushResult {
  readonly target: 'aws' | 'local';
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly stage: string;
  /** Base URL of the stage, without a trailing slash. */
  readonly url: string;
  /** Path behind the stage as it was asked for, percent-encoded; absent when the whole cache was emptied. */
  readonly path?: string;
  /** 'emptied': the whole cache. 'expired': the path's entry, as the access log shows. 'unverified': asked, and no log tells what came of it. 'ignored': AWS did not do it. */
  readonly outcome: 'emptied' | 'expired' | 'unverified' | 'ignored';
  /** HTTP status of the request that expired the path; absent when the whole cache was emptied. */
  readonly status?: number;
  /** Why it is unverified or ignored, in one sentence; absent otherwise. */
  readonly reason?: string;
  /** What stays although the path expired; absent when nothing does. */
  readonly stays?: StayingEntries;
  readonly tookMs: number;
}

/** Entries of a path that only time, or emptying the whole cache, expires. */
export interface StayingEntries {
  /** Names of the request headers whose every value has an entry of its own: 'Range' and the like. */
  readonly headers: readonly string[];
  /** Seconds after which the last of them is gone. */
  readonly ttlSeconds: number;
}

/** One request as the logs tell it. What only one of the two logs knows is absent while that one is off or late. */
export interface LoggedRequest {
  /** ISO 8601, in UTC. */
  readonly at: string;
  /** API Gateway's own id of the request, which no client can choose. */
  readonly extendedRequestId?: string;
  /** Id that leads to the execution log; a client can choose it. */
  readonly requestId?: string;
  readonly status?: number;
  /** 'GET' */
  readonly method?: string;
  /** Path template of the route that answered: '/images/{key+}'; absent when none did. */
  readonly resource?: string;
  /** Milliseconds from the first byte in to the last byte out. */
  readonly ms?: number;
  /** Size of the body that was sent. */
  readonly bytes?: number;
  /** Address of the client. */
  readonly ip?: string;
  /** Whether the answer came without asking S3: from the cache. */
  readonly cached?: boolean;
  /** Kind of the error that API Gateway itself answered with: 'THROTTLED'; absent when it did not. */
  readonly error?: string;
  /** A line of the access log that is not of our format, as it stands; absent for all others. */
  readonly text?: string;
  /** Lines of the execution log about the failure, oldest first; empty when it did not fail. */
  readonly execution: readonly string[];
}

/** What the logs tell. */
export interface LogsResult {
  /** Where the look began by the cloud's clock: ISO 8601, in UTC. */
  readonly since: string;
  /** When it was taken by the cloud's clock: ISO 8601, in UTC. */
  readonly until: string;
  /** Oldest first. */
  readonly requests: readonly LoggedRequest[];
}
