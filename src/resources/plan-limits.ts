import type { Patch } from '../aws/api-gateway.js';
import type { PlanLimits, PlanQuota } from '../aws/usage-plan.js';
import type { Change } from '../model/plan.js';

/** What of a plan's limits differs; undefined is a plan that is not there. */
export function diffLimits({ throttle, quota }: PlanLimits, have: PlanLimits | undefined): Change[] {
  const fields = [
    { path: 'plan.rate', from: have?.throttle?.rate, to: throttle?.rate },
    { path: 'plan.burst', from: have?.throttle?.burst, to: throttle?.burst },
    { path: 'plan.quota', from: quotaText(have?.quota), to: quotaText(quota) },
  ];
  return fields.filter(({ from, to }) => from !== to);
}

/** What gives a plan the limits that are wanted; empty when it has them. */
export function limitPatches({ throttle, quota }: PlanLimits, have: PlanLimits): Patch[] {
  const speed = { '/throttle/rateLimit': throttle?.rate, '/throttle/burstLimit': throttle?.burst };
  const calls = {
    '/quota/limit': quota?.limit,
    '/quota/offset': quota?.offsetDays,
    '/quota/period': quota?.per.toUpperCase(),
  };
  const differs = (path: string): boolean => diffLimits({ throttle, quota }, have).some((is) => is.path === path);
  return [
    ...(differs('plan.rate') || differs('plan.burst') ? setAll('/throttle', speed, have.throttle) : []),
    ...(differs('plan.quota') ? setAll('/quota', calls, have.quota) : []),
  ];
}

/** '1000 a day', '500 a week from day 2'. */
function quotaText(quota: PlanQuota | undefined): string | undefined {
  if (quota === undefined) return undefined;
  const { limit, per, offsetDays } = quota;
  return `${limit} a ${per}${offsetDays === 0 ? '' : ` from day ${offsetDays}`}`;
}

/** AWS: what is not there is added, what is there is replaced, and only the whole can be removed. (API Reference, UpdateUsagePlan) */
function setAll(whole: string, values: Readonly<Record<string, number | string | undefined>>, have: unknown): Patch[] {
  const entries = Object.entries(values).flatMap(([path, value]) => (value === undefined ? [] : [{ path, value }]));
  if (entries.length === 0) return [{ op: 'remove', path: whole }];
  const op = have === undefined ? 'add' : 'replace';
  return entries.map(({ path, value }) => ({ op, path, value: String(value) }));
}
