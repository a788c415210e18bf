import type { Store } from '../store.js';
import type { PlanQuota } from './usage-plan-model.js';

/** Tables of what keys have used of their plans. */
export const METER_TABLES = {
  /** region/planId/keyId/YYYY-MM-DD → requests of that day */
  usage: 'execute-api/usage',
  /** region/planId/keyId → the token bucket of the plan's throttle */
  bucket: 'execute-api/plan-throttle',
} as const;

const DAY_MS = 86_400_000;

/** Whose requests are counted. */
export interface Meter {
  /** Region of both. */
  readonly region: string;
  /** Id of the usage plan. */
  readonly planId: string;
  /** Id of the API key. */
  readonly keyId: string;
}

/** Requests by day; a day without any is not in it. */
export type UsageByDay = ReadonlyMap<string, number>;

/** The day of a moment (milliseconds since 1970), in UTC: '2026-07-28'. */
export function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}

/** The day that lies `days` behind `day`; before it when negative. */
export function addDays(day: string, days: number): string {
  return dayOf(Date.parse(day) + days * DAY_MS);
}

/**
 * The first day of the quota's period that `day` is in.
 *
 * Guessed: that an offset shifts the period, as the bounds on it suggest (0 to 6 for a week, 0 to 27 for a month:
 * the usage plan resource of hashicorp/terraform-provider-aws), and that a week begins on Sunday. The API Reference,
 * QuotaSettings, calls it requests that are subtracted from the limit in the first period.
 */
export function periodStart({ offset, period }: PlanQuota, day: string): string {
  if (period === 'DAY') return day;
  const at = new Date(day);
  if (period === 'WEEK') return addDays(day, -((at.getUTCDay() - offset + 7) % 7));
  const monthsBack = at.getUTCDate() > offset ? 0 : 1;
  return dayOf(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() - monthsBack, 1 + offset));
}

/** What a key used from `first` to `last`, both included. */
export function readUsage(store: Store, meter: Meter, first: string, last: string): UsageByDay {
  const prefix = `${meterKey(meter)}/`;
  const rows = store.list<number>(METER_TABLES.usage, { prefix, after: prefix + addDays(first, -1) });
  const days = rows.map(({ key, value }) => [key.slice(prefix.length), value] as const);
  return new Map(days.filter(([day]) => day <= last));
}

/** Requests that are left of the quota at the end of `day`, after what was used; 0 or more. */
export function remainingOf(quota: PlanQuota, usage: UsageByDay, day: string): number {
  const start = periodStart(quota, day);
  const used = [...usage].filter(([at]) => at >= start && at <= day).reduce((sum, [, count]) => sum + count, 0);
  return Math.max(0, quota.limit - used);
}

/** Counts one request of today. */
export function countUse(store: Store, meter: Meter, today: string): void {
  const key = `${meterKey(meter)}/${today}`;
  store.put(METER_TABLES.usage, key, (store.get<number>(METER_TABLES.usage, key) ?? 0) + 1);
}

/** Forgets what was used: by one key in all plans, or by all keys of one plan. */
export function forgetUsage(store: Store, region: string, of: Partial<Pick<Meter, 'planId' | 'keyId'>>): void {
  for (const table of Object.values(METER_TABLES))
    for (const { key } of store.list(table, { prefix: `${region}/` })) {
      const [, planId, keyId] = key.split('/');
      if (planId === of.planId || keyId === of.keyId) store.delete(table, key);
    }
}

/** How the rows of a meter begin. */
export function meterKey({ region, planId, keyId }: Meter): string {
  return `${region}/${planId}/${keyId}`;
}
