import type { Call } from '../operation.js';
import { findApiKey } from './api-key.js';
import { compact } from './compact.js';
import { badRequest, conflict, notFound } from './errors.js';
import { operation } from './operation.js';
import { page } from './page.js';
import { required, text } from './shape.js';
import { findUsagePlan } from './usage-plan.js';
import { isInPlan, joinPlan, leavePlan, listKeysOfPlan, listPlansOfKey } from './usage-plan-membership.js';
import type { ApiKey, UsagePlan } from './usage-plan-model.js';

const paths = '/usageplans/{usagePlanId}/keys';
const path = `${paths}/{keyId}` as const;
const RECORDED = 'LocalStack, recorded tests of usage plans (July 2023 to September 2025)';

/** A key of a plan as it goes over the wire; AWS always shows the value here. */
function planKeyAnswer({ id, name, value }: ApiKey): Record<string, unknown> {
  return { id, type: 'API_KEY', value, ...compact({ name }) };
}

/** Reads a key of a plan. @throws {Refusal} NotFoundException. */
function findPlanKey(call: Call, planId: string, keyId: string): ApiKey {
  findUsagePlan(call, planId);
  if (!isInPlan(call.store, call.region, { keyId, planId })) throw notFound('Invalid API Key identifier specified');
  return findApiKey(call, keyId);
}

/**
 * Refuses to let a key count for two plans on one stage. The sentence is guessed.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html
 * @throws {Refusal} ConflictException.
 */
export function refuseSecondPlan(call: Call, keyId: string, plan: UsagePlan): void {
  const others = listPlansOfKey(call.store, call.region, keyId).filter(({ id }) => id !== plan.id);
  const shared = others
    .flatMap(({ apiStages }) => apiStages)
    .find((other) => plan.apiStages.some(({ apiId, stage }) => apiId === other.apiId && stage === other.stage));
  if (shared !== undefined)
    throw conflict(
      `Usage Plan ${plan.id} cannot be added because API Key cannot reference multiple Usage Plans with the same API stage: conflicting API Stage: ${shared.apiId}:${shared.stage}`,
    );
}

/** Puts a key into a plan, and so lets it through to the plan's stages. */
export const CreateUsagePlanKey = operation({
  name: 'CreateUsagePlanKey',
  route: `POST ${paths}`,
  success: 201,
  fidelity: 'recorded',
  source: `${RECORDED}; the refusals are guesses`,
  body: { keyId: required(text()), keyType: required(text()) },
  run(call, { path, body: { keyId, keyType } }) {
    const plan = findUsagePlan(call, path.usagePlanId);
    if (keyType !== 'API_KEY') throw badRequest('Invalid Usage Plan Key type specified');
    const key = findApiKey(call, keyId);
    const membership = { keyId, planId: plan.id };
    if (isInPlan(call.store, call.region, membership)) throw conflict('API Key already exists');
    refuseSecondPlan(call, keyId, plan);
    joinPlan(call.store, call.region, membership);
    return planKeyAnswer(key);
  },
});

/** Answers one key of a plan. */
export const GetUsagePlanKey = operation({
  name: 'GetUsagePlanKey',
  route: `GET ${path}`,
  success: 200,
  fidelity: 'documented',
  source: 'API reference, GetUsagePlanKey; the refusals are guesses',
  run: (call, { path }) => planKeyAnswer(findPlanKey(call, path.usagePlanId, path.keyId)),
});

/** Lists the keys of a plan by id. AWS: a plan that is not there has none. (LocalStack, recorded) */
export const GetUsagePlanKeys = operation({
  name: 'GetUsagePlanKeys',
  route: `GET ${paths}`,
  success: 200,
  fidelity: 'recorded',
  source: RECORDED,
  run(call, { path, query }) {
    const keys = listKeysOfPlan(call.store, call.region, path.usagePlanId).map((id) => findApiKey(call, id));
    const asked = keys.filter(({ name = '' }) => name.startsWith(query.get('name') ?? ''));
    const rows = asked.map((value) => ({ key: value.id, value }));
    const { item, ...rest } = page(rows, query, call.settings.pageSize);
    return { item: item.map(planKeyAnswer), ...rest };
  },
});

/** Takes a key out of a plan; the key stays. */
export const DeleteUsagePlanKey = operation({
  name: 'DeleteUsagePlanKey',
  route: `DELETE ${path}`,
  success: 202,
  fidelity: 'documented',
  source: 'API reference, DeleteUsagePlanKey; the refusals are guesses',
  run(call, { path }) {
    const { id: keyId } = findPlanKey(call, path.usagePlanId, path.keyId);
    leavePlan(call.store, call.region, { keyId, planId: path.usagePlanId });
    return undefined;
  },
});
