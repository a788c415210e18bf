import type { Patch } from '../aws/api-gateway.js';
import type { Tags } from '../aws/iam.js';
import type { PlanLimits, UsagePlan } from '../aws/usage-plan.js';
import type { ApiKeyAccess, Config } from '../config/config.js';
import { AwsError, RefusedError } from '../errors.js';
import type { Change } from '../model/plan.js';
import type { ApiHave } from './api.js';
import { appear } from './appear.js';
import { findKeys, type KeysHave } from './find-keys.js';
import { apiName, firstKeyName } from './names.js';
import { diffTags, isOurs, ownTags } from './ownership.js';
import { diffLimits, limitPatches } from './plan-limits.js';
import type { Environment, Memo, Resource, World } from './resource.js';
import { unlessDenied } from './things.js';

/** The usage plan and its first key as they are wanted. */
export interface KeysWant {
  /** Name of the plan. */
  readonly name: string;
  /** Name of the key. */
  readonly keyName: string;
  /** Undefined: no mount asks for keys. */
  readonly limits: PlanLimits | undefined;
  /** '' while there is no API. */
  readonly apiId: string;
  /** The stage that the plan counts. */
  readonly stageName: string;
  /** Tags of the config. */
  readonly tags: Tags;
}

/** What the mounts of a config that ask for API keys say, all of them the same; undefined when none asks. */
export function keyAccessOf({ mounts }: Pick<Config, 'mounts'>): ApiKeyAccess | undefined {
  for (const { access } of mounts) if (access.kind === 'api-key') return access;
  return undefined;
}

/**
 * The usage plan of the stage, and one enabled API key in it. Keys that people had made besides are left as they are.
 *
 * A config that asks for keys no more leaves what was made until teardown: callers may hold the values, and a key cannot
 * be made twice.
 */
export function keysResource(environment: Environment): Resource<KeysWant, KeysHave> {
  return {
    address: 'keys',
    // The plan is known by its tags, so that one whose API was deleted behind our back is still seen.
    needs: [],
    desire: (config, known) => ({
      name: apiName(environment),
      keyName: firstKeyName(environment),
      limits: limitsOf(keyAccessOf(config)),
      apiId: (known.get('api') as ApiHave | undefined)?.id ?? '',
      stageName: environment.stage,
      tags: config.tags,
    }),
    label: ({ name }) => `usage plan ${name}`,
    observe,
    diff,
    converge,
    async remove({ aws }, have) {
      const { plan, key, others, twinPlans, twinKeys } = have;
      const going = new Set([plan, ...twinPlans].map((is) => is?.id));
      // Looked at again: the stage has left its plans by now.
      const plans = (await aws.usagePlans.listPlans()).filter(({ id }) => going.has(id));
      for (const each of plans) await aws.usagePlans.deletePlan(each);
      const keys = [...(key === undefined ? [] : [key]), ...others, ...twinKeys];
      for (const { id } of keys) await aws.usagePlans.deleteKey(id);
    },
    remember: ({ plan, key }) => ({ plan: plan?.id ?? null, key: key?.id ?? null }),
  };
}

function limitsOf(access: ApiKeyAccess | undefined): PlanLimits | undefined {
  if (access === undefined) return undefined;
  const { throttle, quota } = access;
  return { throttle, quota: quota === undefined ? undefined : { ...quota, offsetDays: 0 } };
}

/** Asks nothing where no key is wanted and none is remembered; for a removal the tags are read in any case. */
async function observe(
  world: World,
  { limits, apiId, stageName }: KeysWant,
  memo?: Memo,
): Promise<KeysHave | undefined> {
  const wanted = limits !== undefined && !world.removing;
  if (!wanted && !world.removing && memo === undefined) return undefined;
  const remembered = (memo?.settled as { plan?: string | null } | undefined)?.plan ?? undefined;
  const finding = findKeys(world, remembered);
  // Who may not see plans and has none to remember made none.
  const have = await (wanted || memo !== undefined ? finding : unlessDenied(finding));
  if (wanted && have?.key !== undefined && !have.key.inPlan)
    await refuseOtherPlan(world, have.key, { apiId, stage: stageName });
  return have;
}

/**
 * AWS: a key can be in one plan of a stage only.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html
 * @throws {RefusedError} when our key is in a plan of somebody else that counts our stage.
 */
async function refuseOtherPlan(
  { aws, environment }: World,
  key: { readonly id: string; readonly name: string },
  ours: { readonly apiId: string; readonly stage: string },
): Promise<void> {
  for (const { id, name, tags, apiStages } of await aws.usagePlans.listPlans()) {
    const counts = apiStages.some(({ apiId, stage }) => apiId === ours.apiId && stage === ours.stage);
    if (!counts || isOurs(tags, environment)) continue;
    if (!(await aws.usagePlans.listPlanKeys(id)).some((is) => is.id === key.id)) continue;
    throw new RefusedError(
      `Cannot put API key "${key.name}" into its usage plan: it is in "${name}" (${id}), which counts the same stage without the tags of this project.`,
      {
        code: 'KEY_IN_OTHER_PLAN',
        suggestions: [`aws apigateway delete-usage-plan-key --usage-plan-id ${id} --key-id ${key.id}`, 'pixgate wire'],
      },
    );
  }
}

function diff(want: KeysWant, have: KeysHave | undefined): readonly Change[] {
  if (want.limits === undefined) return [];
  const twin = (path: string, from: string): Change => ({ path, from, to: undefined });
  return [
    ...diffPlan(want, want.limits, have?.plan),
    ...diffKey(want, have?.key),
    ...(have?.twinPlans ?? []).map(({ id }) => twin(`twin plan ${id}`, 'without keys')),
    ...(have?.twinKeys ?? []).map(({ id }) => twin(`twin key ${id}`, 'in no plan')),
  ];
}

function diffPlan(want: KeysWant, limits: PlanLimits, plan: UsagePlan | undefined): Change[] {
  const name = { path: plan === undefined ? 'plan' : 'plan.name', from: plan?.name, to: want.name };
  // By its name: of an API that is still to be made there is no id.
  const stage = { path: 'plan.stage', from: counts(want, plan) ? want.stageName : undefined, to: want.stageName };
  const tags = plan === undefined ? [] : diffTags(want.tags, plan.tags);
  return [
    ...[name, stage].filter(({ from, to }) => from !== to),
    ...diffLimits(limits, plan),
    ...tags.map((change) => ({ ...change, path: `plan.${change.path}` })),
  ];
}

function diffKey({ keyName, tags }: KeysWant, key: KeysHave['key']): Change[] {
  if (key === undefined) return [{ path: 'key', from: undefined, to: keyName }];
  return [
    ...(key.enabled ? [] : [{ path: 'key.enabled', from: false, to: true }]),
    ...(key.inPlan ? [] : [{ path: 'key.inPlan', from: false, to: true }]),
    ...diffTags(tags, key.tags).map((change) => ({ ...change, path: `key.${change.path}` })),
  ];
}

function counts({ apiId, stageName }: KeysWant, plan: UsagePlan | undefined): boolean {
  return plan?.apiStages.some((is) => is.apiId === apiId && is.stage === stageName) === true;
}

async function converge(world: World, want: KeysWant, have: KeysHave | undefined): Promise<KeysHave> {
  const { usagePlans } = world.aws;
  for (const twin of have?.twinPlans ?? []) await usagePlans.deletePlan(twin);
  for (const { id } of have?.twinKeys ?? []) await usagePlans.deleteKey(id);
  const planId = have?.plan?.id ?? (await createPlan(world, want));
  if (have?.plan !== undefined) await changePlan(world, want, have.plan);
  const keyId = have?.key?.id ?? (await createKey(world, want));
  if (have?.key?.enabled === false) await usagePlans.enableKey(keyId);
  if (have?.key !== undefined && diffTags(want.tags, have.key.tags).length > 0)
    await usagePlans.tag({ keyId }, want.tags);
  if (have?.key?.inPlan !== true) await usagePlans.addKeyToPlan(planId, keyId);
  tellOthers(world, have);
  return appear(world, `usage plan "${want.name}" with its key`, async () => {
    const now = await findKeys(world, planId);
    return now?.plan?.id === planId && now.key?.id === keyId && now.key.inPlan ? now : undefined;
  });
}

/** Which of the other keys were in a plan that is gone nobody knows, and one may have been taken out on purpose. */
function tellOthers({ say }: World, have: KeysHave | undefined): void {
  if (have === undefined || have.plan !== undefined || have.others.length === 0) return;
  const names = have.others.map(({ name, id }) => `"${name}" (${id})`).join(', ');
  say({
    type: 'warning',
    text: `The usage plan is a new one, and these API keys are in none, so they open nothing: ${names}.`,
  });
}

/** Makes the plan. When the reply is lost, the tags tell whether it was made; it is never sent again blind. */
async function createPlan(world: World, want: KeysWant): Promise<string> {
  const { aws, environment } = world;
  const { name, limits, apiId, stageName, tags } = want;
  const plan = {
    name,
    apiStages: [{ apiId, stage: stageName }],
    throttle: limits?.throttle,
    quota: limits?.quota,
    tags: ownTags(environment, tags),
  };
  try {
    return await aws.usagePlans.createPlan(plan);
  } catch (error) {
    return madeAllTheSame(world, error, 'usage plan', (found) => found?.plan?.id);
  }
}

/** Makes the key, in the same way. */
async function createKey(world: World, { keyName, tags }: KeysWant): Promise<string> {
  const { aws, environment } = world;
  try {
    return await aws.usagePlans.createKey({ name: keyName, tags: ownTags(environment, tags) });
  } catch (error) {
    return madeAllTheSame(world, error, 'API key', (found) => found?.key?.id);
  }
}

async function madeAllTheSame(
  world: World,
  error: unknown,
  what: string,
  idIn: (found: KeysHave | undefined) => string | undefined,
): Promise<string> {
  if (!(error instanceof AwsError)) throw error;
  const id = idIn(await findKeys(world));
  if (id === undefined) throw error;
  world.say({ text: `the reply was lost, and the ${what} was made: ${id}` });
  return id;
}

/** One call for whatever differs, since AWS allows one in 20 s. */
async function changePlan({ aws }: World, want: KeysWant, plan: UsagePlan): Promise<void> {
  const { name, limits, apiId, stageName, tags } = want;
  const patches: Patch[] = [
    ...(name === plan.name ? [] : [{ op: 'replace' as const, path: '/name', value: name }]),
    ...(counts(want, plan) ? [] : [{ op: 'add' as const, path: '/apiStages', value: `${apiId}:${stageName}` }]),
    ...(limits === undefined ? [] : limitPatches(limits, plan)),
  ];
  if (patches.length > 0) await aws.usagePlans.patchPlan(plan.id, patches);
  if (diffTags(tags, plan.tags).length > 0) await aws.usagePlans.tag({ planId: plan.id }, tags);
}
