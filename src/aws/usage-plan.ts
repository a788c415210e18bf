import type { QuotaSettings, ThrottleSettings, UsagePlan as WirePlan } from '@aws-sdk/client-api-gateway';
import type { Tags } from './iam.js';

/** How often each key of a plan may call in a period. */
export interface PlanQuota {
  /** Calls a period. */
  readonly limit: number;
  /** How long calls are counted together, in UTC. */
  readonly per: 'day' | 'week' | 'month';
  /** Days by which a period begins later than the week, on Sunday, or the month. */
  readonly offsetDays: number;
}

/** How much each key of a plan may call. */
export interface PlanLimits {
  /** Calls a second and at once; undefined: as fast as it likes. */
  readonly throttle: { readonly rate: number; readonly burst: number } | undefined;
  /** Undefined: as often as it likes. */
  readonly quota: PlanQuota | undefined;
}

/** A stage that a plan counts: the API's id and the stage's name. */
export interface PlanStage {
  /** AWS's id of the API. */
  readonly apiId: string;
  /** Name of the stage. */
  readonly stage: string;
}

/** A usage plan of a listing. */
export interface UsagePlan extends PlanLimits {
  /** AWS's id of it. */
  readonly id: string;
  /** What somebody called it; not unique. */
  readonly name: string;
  /** The stages that it counts. */
  readonly apiStages: readonly PlanStage[];
  /** By key. */
  readonly tags: Tags;
}

/** An API key without its value, which is a secret. */
export interface ApiKey {
  /** AWS's id of it. */
  readonly id: string;
  /** What somebody called it; not unique. */
  readonly name: string;
  /** Whether it opens anything. */
  readonly enabled: boolean;
  /** Epoch milliseconds. */
  readonly createdAtMs: number;
  /** By key. */
  readonly tags: Tags;
}

/** AWS's names of the periods. */
const PERIODS = { day: 'DAY', week: 'WEEK', month: 'MONTH' } as const;

/** Limits as AWS takes them. */
export function toLimits({ throttle, quota }: PlanLimits): { throttle?: ThrottleSettings; quota?: QuotaSettings } {
  return {
    ...(throttle === undefined ? {} : { throttle: { rateLimit: throttle.rate, burstLimit: throttle.burst } }),
    ...(quota === undefined
      ? {}
      : { quota: { limit: quota.limit, offset: quota.offsetDays, period: PERIODS[quota.per] } }),
  };
}

/** A plan as AWS lists it. */
export function fromPlan({ id = '', name = '', apiStages = [], throttle, quota, tags = {} }: WirePlan): UsagePlan {
  const { rateLimit: rate = 0, burstLimit: burst = 0 } = throttle ?? {};
  const { limit = 0, offset: offsetDays = 0, period = 'DAY' } = quota ?? {};
  return {
    id,
    name,
    apiStages: apiStages.map(({ apiId = '', stage = '' }) => ({ apiId, stage })),
    throttle: throttle === undefined ? undefined : { rate, burst },
    quota: quota === undefined ? undefined : { limit, per: period.toLowerCase() as PlanQuota['per'], offsetDays },
    tags,
  };
}
