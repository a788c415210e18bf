import type { Call } from '../operation.js';
import { compact } from './compact.js';
import { badRequest, notEmulated, notFound } from './errors.js';
import { operation } from './operation.js';
import { applyPatch, PATCH_BODY, type PatchRefusals, type PatchRule, type PatchRules } from './patch.js';
import { findUsagePlan, readApiStage, saveUsagePlan } from './usage-plan.js';
import { refuseSecondPlan } from './usage-plan-key.js';
import { type Asked, PERIODS, readQuota, readThrottle } from './usage-plan-limits.js';
import { listKeysOfPlan } from './usage-plan-membership.js';
import type { PlanQuota, PlanThrottle, UsagePlan } from './usage-plan-model.js';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** A plan in the middle of its changes: limits may be incomplete. */
interface Draft extends Omit<Writable<UsagePlan>, 'throttle' | 'quota'> {
  throttle?: Writable<Asked<PlanThrottle>>;
  quota?: Writable<Asked<PlanQuota>>;
}

/** AWS: its own spelling, and its own order. (source: boto/boto3#2629) */
const REMOVABLE = [
  ...['/apiStages', '/quota', '/throttle', '/productCode'],
  ...['/apiStages/<apidId:stageName>/throttle/<resourcePath>/<httpMethod>', '/apiStages/<apidId:stageName>/throttle'],
];

const METHOD_THROTTLE = /^\/apiStages\/[^/]+\/throttle(?:\/|$)/;

/** Changes a usage plan. What its keys have used already stays counted. */
export const UpdateUsagePlan = operation({
  name: 'UpdateUsagePlan',
  route: 'PATCH /usageplans/{usagePlanId}',
  success: 200,
  fidelity: 'recorded',
  source:
    'LocalStack, recorded tests of usage plans (July 2023 to September 2025); the list of a wrong removal is reported: boto/boto3#2629; other refusals are guesses',
  body: PATCH_BODY,
  run(call, { path, body }) {
    const draft: Draft = findUsagePlan(call, path.usagePlanId);
    const rules = planRules(call);
    for (const change of body.patchOperations ?? []) {
      if (METHOD_THROTTLE.test(change.path ?? '')) throw notEmulated('UpdateUsagePlan apiStages throttle');
      applyPatch(draft, [change], rules, listingRefusals(rules));
    }
    const { throttle, quota, ...rest } = draft;
    const plan = { ...rest, ...compact({ throttle: readThrottle(throttle), quota: readQuota(quota) }) };
    for (const keyId of listKeysOfPlan(call.store, call.region, plan.id)) refuseSecondPlan(call, keyId, plan);
    saveUsagePlan(call, plan);
    return plan;
  },
});

function planRules(call: Call): PatchRules<Draft> {
  return {
    '/name': {
      replace(plan, value) {
        if (!value) throw badRequest('Usage Plan name cannot be an empty string');
        plan.name = value;
      },
    },
    '/description': {
      replace(plan, value) {
        if (value) plan.description = value;
        else delete plan.description;
      },
    },
    '/productCode': {
      ...set((plan, value) => {
        if (value) plan.productCode = value;
        else delete plan.productCode;
      }),
      remove(plan) {
        delete plan.productCode;
      },
    },
    '/apiStages': stageRule(call),
    '/throttle': {
      remove(plan) {
        delete plan.throttle;
      },
    },
    '/throttle/burstLimit': set((plan, value) => throttleOf(plan, { burstLimit: toNumber(value) })),
    '/throttle/rateLimit': set((plan, value) => throttleOf(plan, { rateLimit: toNumber(value) })),
    '/quota': {
      remove(plan) {
        delete plan.quota;
      },
    },
    '/quota/limit': set((plan, value) => quotaOf(plan, { limit: toNumber(value) })),
    '/quota/offset': set((plan, value) => quotaOf(plan, { offset: toNumber(value) })),
    '/quota/period': set((plan, value) => quotaOf(plan, { period: PERIODS.find((period) => period === value) })),
  };
}

/** Something that has one value, added or replaced. */
function set(change: (plan: Draft, value: string | undefined) => void): PatchRule<Draft> {
  return { add: change, replace: change };
}

function throttleOf(plan: Draft, changed: Asked<PlanThrottle>): void {
  plan.throttle = { ...plan.throttle, ...changed };
}

function quotaOf(plan: Draft, changed: Asked<PlanQuota>): void {
  plan.quota = { ...plan.quota, ...changed };
}

/** A number as a patch writes it; NaN, which every limit refuses, for anything else. */
function toNumber(value: string | undefined): number {
  return value === undefined || value.trim() === '' ? Number.NaN : Number(value);
}

/** Stages are told as `apiId:stage`, in the value. One that is in the plan already is not added twice, which is a guess. */
function stageRule(call: Call): PatchRule<Draft> {
  return {
    add(plan, value = '') {
      const added = readApiStage(call, plan.id, readPair(value));
      plan.apiStages = [...withoutStage(plan, added), added];
    },
    remove(plan, value = '') {
      const { apiId, stage } = readPair(value);
      const rest = withoutStage(plan, { apiId, stage });
      if (rest.length === plan.apiStages.length)
        throw notFound(`Invalid API Stage {api: ${apiId}, stage: ${stage}} specified for usageplan ${plan.id}`);
      plan.apiStages = rest;
    },
  };
}

function withoutStage({ apiStages }: Draft, { apiId, stage }: UsagePlan['apiStages'][number]): UsagePlan['apiStages'] {
  return apiStages.filter((is) => is.apiId !== apiId || is.stage !== stage);
}

function readPair(value: string): UsagePlan['apiStages'][number] {
  const [apiId, stage, ...more] = value.split(':');
  if (!apiId || !stage || more.length > 0) throw badRequest('Invalid API Stage specified');
  return { apiId, stage };
}

/** Both refusals list the paths of the operation; for another than remove the list is guessed. */
function listingRefusals(rules: PatchRules<Draft>): PatchRefusals {
  const refuse = (op: string, path: string) => {
    const fitting = Object.entries(rules).filter(([, rule]) => op in rule);
    const paths = op === 'remove' ? REMOVABLE : fitting.map(([known]) => known);
    return badRequest(`Invalid patch path  '${path}' specified for op '${op}'. Must be one of: [${paths.join(', ')}]`);
  };
  return { unknownPath: refuse, unknownOp: refuse };
}
