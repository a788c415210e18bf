import type { Store } from '../store.js';
import { TABLES } from './model.js';
import type { ApiKey, UsagePlan } from './usage-plan-model.js';

/** That a key is in a plan. Its row begins with the key, since that is what every request asks by. */
interface Membership {
  readonly keyId: string;
  readonly planId: string;
}

const rowOf = (region: string, { keyId, planId }: Membership): string => `${region}/${keyId}/${planId}`;

/** The key of a Region that clients send as `value`. */
export function findApiKeyByValue(store: Store, region: string, value: string): ApiKey | undefined {
  const id = store.get<string>(TABLES.apiKeyValue, `${region}/${value}`);
  return id === undefined ? undefined : store.get<ApiKey>(TABLES.apiKey, `${region}/${id}`);
}

/** The plans that a key is in, by id. */
export function listPlansOfKey(store: Store, region: string, keyId: string): UsagePlan[] {
  return store
    .list<Membership>(TABLES.usagePlanKey, { prefix: `${region}/${keyId}/` })
    .map(({ value }) => store.get<UsagePlan>(TABLES.usagePlan, `${region}/${value.planId}`))
    .filter((plan) => plan !== undefined);
}

/** Ids of the keys that are in a plan, in order; none for a plan that is not there. */
export function listKeysOfPlan(store: Store, region: string, planId: string): string[] {
  const rows = store.list<Membership>(TABLES.usagePlanKey, { prefix: `${region}/` });
  return rows.filter(({ value }) => value.planId === planId).map(({ value }) => value.keyId);
}

/** Whether a key is in a plan. */
export function isInPlan(store: Store, region: string, membership: Membership): boolean {
  return store.get(TABLES.usagePlanKey, rowOf(region, membership)) !== undefined;
}

/** Puts a key into a plan. */
export function joinPlan(store: Store, region: string, membership: Membership): void {
  store.put(TABLES.usagePlanKey, rowOf(region, membership), membership);
}

/** Takes a key out of a plan. What it used stays known, should it come back. */
export function leavePlan(store: Store, region: string, membership: Membership): void {
  store.delete(TABLES.usagePlanKey, rowOf(region, membership));
}
