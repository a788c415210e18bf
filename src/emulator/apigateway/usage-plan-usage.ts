import type { Call } from '../operation.js';
import { badRequest, validation } from './errors.js';
import { operation } from './operation.js';
import { page } from './page.js';
import { problem } from './shape.js';
import { findUsagePlan } from './usage-plan.js';
import { listKeysOfPlan } from './usage-plan-membership.js';
import { addDays, dayOf, periodStart, readUsage, remainingOf } from './usage-plan-meter.js';
import type { UsagePlan } from './usage-plan-model.js';

/** Guessed: how many days AWS answers in one call. */
const MOST_DAYS = 90;

/** Guessed: what AWS says is left where there is no quota. */
const NO_QUOTA = -1;

/** Answers what each key of a plan used on each day, and what was left of its quota after it, as `[used, left]`. */
export const GetUsage = operation({
  name: 'GetUsage',
  route: 'GET /usageplans/{usagePlanId}/usage',
  success: 200,
  fidelity: 'documented',
  source:
    'API reference, GetUsage; that keys are told by id and unused ones too, the bounds of the dates and -1 without a quota are guesses',
  run(call, { path, query }) {
    const plan = findUsagePlan(call, path.usagePlanId);
    const days = readDays(query);
    const keyId = query.get('keyId');
    const rows = listKeysOfPlan(call.store, call.region, plan.id)
      .filter((id) => !keyId || id === keyId)
      .map((id) => ({ key: id, value: [id, usageOf(call, plan, id, days)] as const }));
    const { item, ...rest } = page(rows, query, call.settings.pageSize);
    const [startDate, endDate] = [days[0], days.at(-1)];
    return { usagePlanId: plan.id, startDate, endDate, values: Object.fromEntries(item), ...rest };
  },
});

function usageOf(call: Call, { id: planId, quota }: UsagePlan, keyId: string, days: readonly string[]): number[][] {
  const [first = '', last = ''] = [days[0], days.at(-1)];
  const from = quota === undefined ? first : periodStart(quota, first);
  const usage = readUsage(call.store, { region: call.region, planId, keyId }, from, last);
  return days.map((day) => [usage.get(day) ?? 0, quota === undefined ? NO_QUOTA : remainingOf(quota, usage, day)]);
}

/** Every day from `startDate` to `endDate`; there is at least one. */
function readDays(query: URLSearchParams): string[] {
  const [first, last] = [query.get('startDate'), query.get('endDate')];
  if (first === null || last === null) {
    const missing = [...(first === null ? ['startDate'] : []), ...(last === null ? ['endDate'] : [])];
    throw validation(missing.map((name) => problem(name, undefined, 'Member must not be null')));
  }
  if (![first, last].every(isDay)) throw badRequest('Invalid date specified. Must be of the form YYYY-MM-DD');
  const count = Math.round((Date.parse(last) - Date.parse(first)) / 86_400_000) + 1;
  if (count < 1 || count > MOST_DAYS) throw badRequest('Invalid date range specified');
  return Array.from({ length: count }, (_, n) => addDays(first, n));
}

function isDay(text: string): boolean {
  const atMs = Date.parse(text);
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(atMs) && dayOf(atMs) === text;
}
