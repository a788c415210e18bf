import type { Tags } from '../aws/iam.js';
import type { Identity } from '../aws/sts.js';
import { parseDuration } from '../config/duration.js';
import type { Change } from '../model/plan.js';
import { keyAccessOf } from '../resources/keys.js';
import { diffLease, isOver, readLease, toInstant } from '../resources/lease.js';
import { isOurs } from '../resources/ownership.js';
import { mayHavePool } from '../resources/pool.js';
import { findThings, type Thing } from '../resources/things.js';
import type { Target } from '../targets/target.js';
import type { Context } from './context.js';

/** What a run does about the end of its environment. */
export interface LeasePlan {
  /** When the environment ends from then on; absent when it does not. */
  readonly expiresAt?: string;
  /** What of the things that exist has to be told; empty when all of them say so. */
  readonly changes: readonly Change[];
  /** Sentences a person should read. */
  readonly notices: readonly string[];
}

/** How much later than its oldest thing a lease may begin and still count from it, in milliseconds: somebody thought about a plan. */
const HESITATION_MS = 30 * 60_000;

/**
 * Finds out when an environment ends: as this run was told, else as its things say, else, while nothing of it exists, as
 * the config says. Changes nothing.
 */
export async function planLease({ aws, config, environment, target, ledger }: Context): Promise<LeasePlan> {
  const only = (tags: Tags): boolean => isOurs(tags, environment);
  const pools = mayHavePool(config, ledger.memo('pool'));
  // Where no mount asks for keys there are none, but for those that are remembered.
  const withKeys = keyAccessOf(config) !== undefined || ledger.memo('keys') !== undefined;
  const things = await findThings(aws, environment.region, { lenient: true, only, pools, withKeys });
  const now = nowOf(aws.identity, target);
  const { renewal } = config;
  if (renewal !== undefined) return settle(things, endOf(renewal, now), []);
  if (things.length === 0) return settle(things, endOf(config.expires, now), []);
  const lease = readLease(things);
  if (lease.unreadable.length > 0) {
    const named = lease.unreadable.map(({ thing, value }) => `${thing} says ${JSON.stringify(value)}`).join(', ');
    const notices = [`Nobody can tell when this environment ends, so it does not: ${named}. --expires sets it right.`];
    return { ...(lease.until === undefined ? {} : { expiresAt: lease.until }), changes: [], notices };
  }
  const over = isOver(lease, now) ? [`Its lease is over since ${lease.until}: --expires renews it.`] : [];
  return settle(things, lease.until, [...over, ...outdated(things, lease.until, config.expires)]);
}

/** Now, in milliseconds since 1970, by AWS's clock where this machine's is known to be wrong: others judge the end, too. */
export function nowOf({ clockOffsetMs = 0 }: Identity, { clock }: Pick<Target, 'clock'>): number {
  return clock.now() + clockOffsetMs;
}

function settle(things: readonly Thing[], until: string | undefined, notices: readonly string[]): LeasePlan {
  return { ...(until === undefined ? {} : { expiresAt: until }), changes: diffLease(until, things), notices };
}

function endOf(duration: string | undefined, now: number): string | undefined {
  const ms = duration === undefined ? undefined : parseDuration(duration);
  return ms === undefined ? undefined : toInstant(now + ms);
}

/** Says that a config whose `expires` was changed changes nothing by itself. */
function outdated(things: readonly Thing[], until: string | undefined, expires: string | undefined): string[] {
  const ms = expires === undefined ? undefined : parseDuration(expires);
  if (ms === undefined) return [];
  const born = Math.min(...things.map(({ createdAtMs = Number.POSITIVE_INFINITY }) => createdAtMs));
  const asked = until === undefined ? undefined : Date.parse(until) - ms;
  const holds = asked !== undefined && (born === Number.POSITIVE_INFINITY || Math.abs(asked - born) <= HESITATION_MS);
  if (holds) return [];
  const stands = until === undefined ? 'this one has no end' : `this one ends ${until}`;
  return [`expires: ${expires} counts for an environment that is new; ${stands}. --expires ${expires} changes it.`];
}
