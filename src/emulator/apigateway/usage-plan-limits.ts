import { badRequest } from './errors.js';
import type { PlanQuota, PlanThrottle } from './usage-plan-model.js';

/** Periods of a quota. */
export const PERIODS = ['DAY', 'WEEK', 'MONTH'] as const;

/** Some members of a structure, or undefined in their place. */
export type Asked<T> = { readonly [K in keyof T]?: T[K] | undefined };

/**
 * The largest offset of a quota, and how its refusal ends.
 *
 * Reported: the usage plan resource of hashicorp/terraform-provider-aws checks the same.
 */
const OFFSETS = {
  DAY: [0, 'must be zero in the DAY period'],
  WEEK: [6, 'must be between 0 and 6 inclusive in the WEEK period'],
  MONTH: [27, 'must be between 0 and 27 inclusive in the MONTH period'],
} as const;

/**
 * The throttle of a plan. Guessed: a limit that is left out is 0, which lets nothing pass.
 *
 * @throws {Refusal} BadRequestException for a limit below 0.
 */
export function readThrottle(asked: Asked<PlanThrottle> | undefined): PlanThrottle | undefined {
  if (asked === undefined) return undefined;
  const { burstLimit = 0, rateLimit = 0 } = asked;
  if (!isAmount(burstLimit)) throw badRequest('Invalid throttle burst limit specified');
  if (!Number.isFinite(rateLimit) || rateLimit < 0) throw badRequest('Invalid throttle rate limit specified');
  return { burstLimit, rateLimit };
}

/**
 * The quota of a plan.
 *
 * @throws {Refusal} BadRequestException without a limit or a period, and for an offset that the period does not have.
 */
export function readQuota(asked: Asked<PlanQuota> | undefined): PlanQuota | undefined {
  if (asked === undefined) return undefined;
  const { limit, offset = 0, period } = asked;
  if (limit === undefined || !isAmount(limit)) throw badRequest('Invalid quota limit specified');
  if (period === undefined || !PERIODS.includes(period)) throw badRequest('Invalid quota period specified');
  const [most, bounds] = OFFSETS[period];
  if (!isAmount(offset) || offset > most) throw badRequest(`Usage Plan quota offset ${bounds}`);
  return { limit, offset, period };
}

const isAmount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
