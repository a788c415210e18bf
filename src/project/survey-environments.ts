import type { Aws } from '../aws/aws.js';
import type { Identity } from '../aws/sts.js';
import type { EnvironmentSummary } from '../model/result.js';
import { isOver, type Lease, readLease } from '../resources/lease.js';
import { TAG } from '../resources/ownership.js';
import { findThings, type Thing, type ThingsOptions } from '../resources/things.js';
import type { Target } from '../targets/target.js';
import { nowOf } from './lease.js';
import { cacheUsdPerHour } from './prices.js';

/** An environment, as its tags tell of it. */
export interface FoundEnvironment {
  readonly summary: EnvironmentSummary;
  /** At least one. */
  readonly things: readonly Thing[];
  readonly lease: Lease;
}

/** Where environments are looked for. */
export interface Place {
  readonly aws: Aws;
  readonly target: Target;
  readonly identity: Identity;
  readonly region: string;
}

/** Finds every environment of pixgate in one account and Region by its tags, whichever installation made it. Changes nothing. */
export async function surveyEnvironments(
  place: Place,
  options: Pick<ThingsOptions, 'allBuckets' | 'onHidden'> = {},
): Promise<readonly FoundEnvironment[]> {
  const byOwner = new Map<string, Thing[]>();
  for (const thing of await findThings(place.aws, place.region, options)) {
    const owner = JSON.stringify([thing.token, thing.name, thing.stage]);
    byOwner.set(owner, [...(byOwner.get(owner) ?? []), thing]);
  }
  const now = nowOf(place.identity, place.target);
  return [...byOwner.values()].map((things) => {
    const lease = readLease(things);
    return { things, lease, summary: summarise(place, things, lease, now) };
  });
}

function summarise(
  { target, identity, region }: Place,
  things: readonly Thing[],
  lease: Lease,
  now: number,
): EnvironmentSummary {
  const [{ token, name, stage } = { token: '', name: '', stage: '' }] = things;
  const births = things.flatMap(({ createdAtMs }) => (createdAtMs === undefined ? [] : [createdAtMs]));
  const createdBy = things.map(({ tags }) => tags[TAG.createdBy]).find((who) => who !== undefined);
  const shown = things.find(({ kind }) => kind === 'stage');
  const { partition, account } = identity;
  return {
    target: target.name,
    account,
    region,
    name,
    stage,
    token,
    seenAt: new Date(now).toISOString(),
    ...(births.length === 0 ? {} : { createdAt: new Date(Math.min(...births)).toISOString() }),
    ...(createdBy === undefined ? {} : { createdBy }),
    ...(lease.until === undefined ? {} : { expiresAt: lease.until }),
    expired: isOver(lease, now),
    ...(lease.unreadable.length === 0 ? {} : { unreadableLease: lease.unreadable }),
    ...(shown?.apiId === undefined ? {} : { url: target.stageUrl({ apiId: shown.apiId, region, partition, stage }) }),
    things: things.map(({ label }) => label),
    usdPerHour: things.reduce((sum, { cacheSizeGb }) => sum + cacheUsdPerHour(cacheSizeGb), 0),
  };
}
