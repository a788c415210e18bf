import { wallTime } from './clock.js';
import {
  type CallName,
  cut,
  dated,
  expired,
  html,
  nothingDeleted,
  type ServiceCall,
  skewed,
  speak,
  withClusterStatus,
} from './fault-answers.js';
import type { WireResponse } from './operation.js';
import { signedAt } from './signature.js';

/** What a client that does everything right makes of a fault: it gets through, or it stops in a way that can be resumed. */
export type FaultEnd = 'passes' | 'stops';

/** One way in which AWS, or the way to it, fails. */
export interface FaultTraits {
  /** What happens, in words. */
  readonly meaning: string;
  /** Where a client that does everything right ends, when the fault is met once. */
  readonly ends: FaultEnd;
  /** Which calls can meet it. @default all */
  fits?(call: CallName): boolean;
  /** Answers in AWS's place, or throws what a broken connection throws; undefined lets the call through. */
  before?(meeting: Meeting): WireResponse | undefined | Promise<never>;
  /** Changes AWS's answer, or throws: by then the call is done. */
  after?(meeting: Meeting, answer: WireResponse): WireResponse;
}

/** A call that meets a fault. */
export interface Meeting {
  /** The fault. */
  readonly fault: Fault;
  /** The call. */
  readonly call: ServiceCall;
  /** What the client was answered before the last change of the service; undefined when that is not told any more. */
  readonly earlier: (forMs: number) => WireResponse | undefined;
  /** Moves the account's clock ahead. */
  readonly sleep: (ms: number) => Promise<void>;
  /** From here on nothing gets through any more. */
  readonly die: () => never;
}

/** One fault in the life of a client, and which call meets it. */
export interface Fault {
  readonly kind: FaultKind;
  /** The how-manieth fitting call meets it, from 1; tries that follow on one another count each. @default 1 */
  readonly at?: number;
  /** Only calls of this service count: 's3', 'apigateway', 'iam', 'sts', 'logs', 'cognito-idp'. @default all */
  readonly service?: string;
  /** Only calls of this operation count: 'CreateStage'. @default all */
  readonly operation?: string;
  /** Only calls that can change the account count (or only those that cannot). @default all */
  readonly changing?: boolean;
  /** How many fitting calls meet it from there on: at least 1; Infinity for ever, which is what kinds that last begin with. @default 1 */
  readonly times?: number;
  /** For how long it is met on the account's clock instead, in seconds; for `stale`, how late a change shows: 30 by default. */
  readonly seconds?: number;
  /** What `throttle` says in Retry-After, in seconds. @default no such header */
  readonly retryAfterS?: number;
  /** What `stuck-cluster` shows. @default 'CREATE_IN_PROGRESS' */
  readonly status?: string;
  /** How far AWS's clock is ahead of the client's under `clock-skew`, in milliseconds: 10 to 15 minutes either way. @default 14 minutes */
  readonly skewMs?: number;
}

/** How long a connection is silent before the SDK's own transport gives it up, in milliseconds. */
const SILENCE_MS = 30_000;
/** Below the quarter of an hour that the local cloud itself lets pass, so that it takes what was signed by the other time. */
const SKEW_MS = 14 * 60_000;
/** How much of a difference is refused. */
const NOTICED_MS = 10 * 60_000;
const LATE_S = 30;

const changes = ({ changing }: CallName): boolean => changing;

/**
 * Every kind of fault.
 *
 * `stale` stands for what AWS calls eventual consistency: a read that was answered before a change of the same service
 * gets that same answer again until the change is `seconds` old. So what was looked up and missing stays missing, and a
 * listing lacks what was made. A read that was never asked before is answered truly. Objects are spared: S3 shows them
 * at once.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/Welcome.html#ConsistencyModel
 */
export const FAULTS = {
  'kill-before': {
    meaning: 'the process dies before the call is sent',
    ends: 'stops',
    before: ({ die }) => die(),
  },
  'lose-reply': {
    meaning: 'the process dies when AWS has done the call and nobody has heard',
    ends: 'stops',
    after: ({ die }) => die(),
  },
  throttle: {
    meaning: 'too many calls',
    ends: 'passes',
    before: ({ fault, call }) => speak('throttle', call, fault.retryAfterS),
  },
  quota: {
    meaning: 'the account may have no more of these',
    ends: 'stops',
    fits: ({ service, changing }) => changing && service !== 'sts',
    before: ({ call }) => speak('quota', call),
  },
  'server-error': { meaning: '500', ends: 'passes', before: ({ call }) => speak('server-error', call) },
  'slow-down': { meaning: '503', ends: 'passes', before: ({ call }) => speak('slow-down', call) },
  'html-504': { meaning: 'a page of a gateway', ends: 'passes', before: () => html(504, '504 Gateway Time-out') },
  hang: {
    meaning: 'the connection is taken and nothing is ever answered',
    ends: 'passes',
    before: async ({ sleep }) => {
      await sleep(SILENCE_MS);
      const why = `the request socket timed out after ${SILENCE_MS} ms of inactivity (configured by client requestHandler).`;
      throw Object.assign(new Error(`@smithy/node-http-handler - ${why}`), { name: 'TimeoutError' });
    },
  },
  'reset-before': {
    meaning: 'the connection breaks before AWS has heard',
    ends: 'passes',
    before: () => reset(),
  },
  'reset-after': { meaning: 'the connection breaks when AWS has done it', ends: 'passes', after: () => reset() },
  conflict: {
    meaning: 'somebody else changes the same thing at this moment',
    ends: 'passes',
    fits: (call) => changes(call) && call.service !== 'sts',
    before: ({ call }) => speak('conflict', call),
  },
  stale: {
    meaning: 'a change is seen late',
    ends: 'passes',
    fits: ({ service, operation, changing }) => !changing && !(service === 's3' && operation.includes('Object')),
    before: ({ fault, earlier }) => earlier((fault.seconds ?? LATE_S) * 1000),
  },
  'role-not-ready': {
    meaning: 'API Gateway does not know the new role yet',
    ends: 'passes',
    fits: ({ operation }) => operation === 'UpdateAccount',
    before: ({ call }) => speak('role-not-ready', call),
  },
  'access-denied': {
    meaning: 'the caller may not do this',
    ends: 'stops',
    before: ({ call }) => ([400, 403].includes(call.denial.status) ? call.denial : undefined),
  },
  'expired-token': {
    meaning: 'the session has ended',
    ends: 'stops',
    before: ({ call }) => expired(call, wallTime.now()),
  },
  truncated: { meaning: 'half of the answer', ends: 'stops', after: (_meeting, answer) => cut(answer, 0.5) },
  'html-200': {
    meaning: 'a page to log in to some network',
    ends: 'stops',
    before: () => html(200, 'Welcome to the guest network'),
  },
  empty: { meaning: 'an answer without its body', ends: 'stops', after: (_meeting, answer) => cut(answer, 0) },
  'stuck-cluster': {
    meaning: 'the cache cluster never gets ready',
    ends: 'stops',
    fits: ({ operation }) => operation === 'GetStage',
    after: ({ fault }, answer) => withClusterStatus(answer, fault.status ?? 'CREATE_IN_PROGRESS'),
  },
  'partial-delete': {
    meaning: 'DeleteObjects deletes no key of one call, and says so for each inside a 200',
    ends: 'passes',
    fits: ({ operation }) => operation === 'DeleteObjects',
    before: ({ call }) => nothingDeleted(call),
  },
  'endless-listing': {
    meaning: 'a listing of versions does not get shorter, whatever is deleted',
    ends: 'stops',
    fits: ({ operation }) => operation === 'ListObjectVersions',
    before: ({ earlier }) => earlier(Infinity),
  },
  'clock-skew': {
    meaning: 'AWS has another time than the client',
    ends: 'passes',
    before: ({ fault: { skewMs = SKEW_MS }, call }) => {
      const aheadMs = wallTime.now() + skewMs - (signedAt(call.request) ?? 0);
      return Math.abs(aheadMs) > NOTICED_MS ? skewed(call, wallTime.now(), skewMs) : undefined;
    },
    after: ({ fault: { skewMs = SKEW_MS } }, answer) => dated(answer, wallTime.now() + skewMs),
  },
} as const satisfies Record<string, FaultTraits>;

/** Name of a kind of fault. */
export type FaultKind = keyof typeof FAULTS;

function reset(): never {
  // AWS SDK: its transport calls a broken connection a TimeoutError too.
  throw Object.assign(new Error('socket hang up'), { name: 'TimeoutError', code: 'ECONNRESET' });
}
