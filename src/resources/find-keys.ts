import type { ApiKey, UsagePlan } from '../aws/usage-plan.js';
import { RefusedError } from '../errors.js';
import { firstKeyName } from './names.js';
import { isOurs } from './ownership.js';
import type { World } from './resource.js';

/** An API key with our token. */
export interface OwnKey extends ApiKey {
  /** Whether it is in our usage plan, and so counts there. */
  readonly inPlan: boolean;
}

/** What there is of an environment's usage plan and API keys. */
export interface KeysHave {
  /** Undefined when there is none with our tags. */
  readonly plan: UsagePlan | undefined;
  /** The key that wire makes; undefined when there is none. */
  readonly key: OwnKey | undefined;
  /** Keys with our token that people had made besides, oldest first. */
  readonly others: readonly OwnKey[];
  /** Plans that calls with lost replies made. */
  readonly twinPlans: readonly UsagePlan[];
  /** Keys that calls with lost replies made: nobody ever saw their values. */
  readonly twinKeys: readonly ApiKey[];
}

/** Where keys are looked for. */
export type KeysPlace = Pick<World, 'aws' | 'environment'> & Partial<Pick<World, 'removing'>>;

/**
 * Finds the usage plan and the API keys of an environment by their tags: names are not unique. `remembered` is the id of
 * the plan that the ledger names. Undefined when there are none.
 *
 * @throws {RefusedError} when another plan with our tags has keys: somebody copied them. Not when everything is to go.
 */
export async function findKeys(place: KeysPlace, remembered?: string): Promise<KeysHave | undefined> {
  const { aws, environment, removing = false } = place;
  const plans = (await aws.usagePlans.listPlans()).filter(({ tags }) => isOurs(tags, environment));
  const keys = (await aws.usagePlans.listKeys()).filter(({ tags }) => isOurs(tags, environment));
  if (plans.length === 0 && keys.length === 0) return undefined;
  const members = new Map<string, ReadonlySet<string>>();
  for (const { id } of plans) members.set(id, new Set((await aws.usagePlans.listPlanKeys(id)).map((key) => key.id)));
  const sizeOf = ({ id }: UsagePlan): number => members.get(id)?.size ?? 0;
  const inOrder = plans.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const plan = inOrder.find(({ id }) => id === remembered) ?? inOrder.find((is) => sizeOf(is) > 0) ?? inOrder[0];
  const twinPlans = inOrder.filter((is) => is !== plan);
  const copy = removing ? undefined : twinPlans.find((is) => sizeOf(is) > 0);
  if (copy !== undefined) throw copied(copy);
  const inPlan = members.get(plan?.id ?? '');
  const own = keys.map((key): OwnKey => ({ ...key, inPlan: inPlan?.has(key.id) === true }));
  return { plan, twinPlans, ...sortKeys(own, firstKeyName(environment)) };
}

/** What a lost reply left behind never came to a key. */
function copied({ name, id }: UsagePlan): RefusedError {
  return new RefusedError(
    `Cannot tell which usage plan is ours: "${name}" (${id}) carries our tags too, and has keys in it.`,
    { code: 'TAGS_COPIED', suggestions: [`remove the tags that begin with pixgate: from usage plan ${id}`] },
  );
}

/**
 * Tells the key that wire makes from those that people had made, and from what lost replies left: that is as old as
 * it or older, and never came into the plan.
 */
function sortKeys(keys: readonly OwnKey[], name: string): Pick<KeysHave, 'key' | 'others' | 'twinKeys'> {
  const oldestFirst = keys.toSorted((a, b) => a.createdAtMs - b.createdAtMs || (a.id < b.id ? -1 : 1));
  const named = oldestFirst.filter((is) => is.name === name);
  // One that counts and opens comes before one that only counts.
  const rank = ({ inPlan, enabled }: OwnKey): number => (inPlan ? 2 : 0) + (enabled ? 1 : 0);
  const [key] = named.toSorted((a, b) => rank(b) - rank(a));
  const isTwin = (is: OwnKey): boolean =>
    key?.inPlan === true && is.name === name && !is.inPlan && is.createdAtMs <= key.createdAtMs;
  return {
    key,
    others: oldestFirst.filter((is) => is !== key && !isTwin(is)),
    twinKeys: oldestFirst.filter(isTwin),
  };
}
