import type { Call } from '../operation.js';
import { compact } from './compact.js';
import { badRequest, notFound } from './errors.js';
import { type RestApi, type Stage, TABLES } from './model.js';
import { operation } from './operation.js';
import { page } from './page.js';
import { double, fields, integer, leftOut, listOf, mapOf, oneOf, required, text } from './shape.js';
import { PERIODS, readQuota, readThrottle } from './usage-plan-limits.js';
import { isInPlan, leavePlan, listKeysOfPlan } from './usage-plan-membership.js';
import { forgetUsage } from './usage-plan-meter.js';
import type { UsagePlan } from './usage-plan-model.js';

const path = '/usageplans/{usagePlanId}';
const RECORDED = 'LocalStack, recorded tests of usage plans (July 2023 to September 2025)';

const keyOf = (call: Call, id: string): string => `${call.region}/${id}`;

/** Reads a plan of this Region. @throws {Refusal} NotFoundException. */
export function findUsagePlan(call: Call, id: string): UsagePlan {
  const plan = call.store.get<UsagePlan>(TABLES.usagePlan, keyOf(call, id));
  if (plan === undefined) throw notFound('Invalid Usage Plan ID specified');
  return plan;
}

/** Writes a plan. */
export function saveUsagePlan(call: Call, plan: UsagePlan): void {
  call.store.put(TABLES.usagePlan, keyOf(call, plan.id), plan);
}

/** Takes the stages of an API out of all usage plans: one of them, or all when none is named. */
export function leaveUsagePlans(call: Call, apiId: string, stageName?: string): void {
  for (const { key, value } of call.store.list<UsagePlan>(TABLES.usagePlan, { prefix: keyOf(call, '') })) {
    const apiStages = value.apiStages.filter(
      (is) => is.apiId !== apiId || (stageName !== undefined && is.stage !== stageName),
    );
    if (apiStages.length < value.apiStages.length) call.store.put(TABLES.usagePlan, key, { ...value, apiStages });
  }
}

interface AskedStage {
  readonly apiId: string | undefined;
  readonly stage: string | undefined;
}

/** Refuses what is not a stage of an API of this Region. @throws {Refusal} BadRequestException, NotFoundException. */
export function readApiStage(call: Call, planId: string, { apiId, stage }: AskedStage): UsagePlan['apiStages'][number] {
  if (apiId === undefined || stage === undefined) throw badRequest('Invalid API Stage specified');
  const isHere = call.store.get<RestApi>(TABLES.restApi, apiId)?.region === call.region;
  if (!isHere || call.store.get<Stage>(TABLES.stage, `${apiId}/${stage}`) === undefined)
    throw notFound(`Invalid API Stage {api: ${apiId}, stage: ${stage}} specified for usageplan ${planId}`);
  return { apiId, stage };
}

/** Makes a usage plan. */
export const CreateUsagePlan = operation({
  name: 'CreateUsagePlan',
  route: 'POST /usageplans',
  success: 201,
  fidelity: 'recorded',
  source: `${RECORDED}; that a new plan is refused as a changed one is a guess, as are the refusals of limits`,
  body: {
    name: required(text()),
    description: text(),
    apiStages: listOf(
      fields({ apiId: text(), stage: text(), throttle: leftOut('CreateUsagePlan apiStages throttle') }),
    ),
    throttle: fields({ burstLimit: integer, rateLimit: double }),
    quota: fields({ limit: integer, offset: integer, period: oneOf(PERIODS) }),
    tags: mapOf(text()),
  },
  run(call, { body }) {
    const id = call.newId(6);
    const apiStages = (body.apiStages ?? []).map((asked) => readApiStage(call, id, asked));
    const limits = compact({ throttle: readThrottle(body.throttle), quota: readQuota(body.quota) });
    const { throttle: _throttle, quota: _quota, ...rest } = body;
    const plan: UsagePlan = { ...compact(rest), ...limits, id, apiStages };
    saveUsagePlan(call, plan);
    return plan;
  },
});

/** Answers one usage plan. */
export const GetUsagePlan = operation({
  name: 'GetUsagePlan',
  route: `GET ${path}`,
  success: 200,
  fidelity: 'recorded',
  source: RECORDED,
  run: (call, { path }) => findUsagePlan(call, path.usagePlanId),
});

/** Lists the usage plans of this Region, or those that a key is in, by id; AWS's own order is not known. */
export const GetUsagePlans = operation({
  name: 'GetUsagePlans',
  route: 'GET /usageplans',
  success: 200,
  fidelity: 'recorded',
  source: RECORDED,
  run(call, { query }) {
    const keyId = query.get('keyId');
    const plans = call.store.list<UsagePlan>(TABLES.usagePlan, { prefix: keyOf(call, '') });
    const asked = plans.filter(
      ({ value: { id: planId } }) => !keyId || isInPlan(call.store, call.region, { keyId, planId }),
    );
    return page(asked, query, call.settings.pageSize);
  },
});

/** Removes a usage plan that names no stage any more. Its keys stay. */
export const DeleteUsagePlan = operation({
  name: 'DeleteUsagePlan',
  route: `DELETE ${path}`,
  success: 202,
  fidelity: 'documented',
  source: 'API reference, DeleteUsagePlan; the refusal is reported: aws/aws-sdk-js#3841, serverless/serverless#4006',
  run(call, { path }) {
    const { id, apiStages } = findUsagePlan(call, path.usagePlanId);
    const [first] = apiStages;
    if (first !== undefined)
      throw badRequest(
        `Cannot delete Usage Plan ${id} because there are API Stages associated with it, including ${first.apiId}:${first.stage}`,
      );
    const { region, store } = call;
    for (const keyId of listKeysOfPlan(store, region, id)) leavePlan(store, region, { keyId, planId: id });
    forgetUsage(store, region, { planId: id });
    store.delete(TABLES.usagePlan, keyOf(call, id));
    return undefined;
  },
});
