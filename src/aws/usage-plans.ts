import {
  APIGatewayClient,
  CreateApiKeyCommand,
  CreateUsagePlanCommand,
  CreateUsagePlanKeyCommand,
  DeleteApiKeyCommand,
  DeleteUsagePlanCommand,
  DeleteUsagePlanKeyCommand,
  GetApiKeyCommand,
  GetApiKeysCommand,
  GetUsagePlanKeysCommand,
  GetUsagePlansCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateApiKeyCommand,
  UpdateUsagePlanCommand,
} from '@aws-sdk/client-api-gateway';
import { type AwsAccess, clientConfig, failOnFullQuota } from './access.js';
import type { Patch } from './api-gateway.js';
import type { Tags } from './iam.js';
import { idOf } from './id-of.js';
import type { HearWait, Pacer } from './pacer.js';
import { drain } from './pages.js';
import { createSend, sent } from './sender.js';
import { unquoted } from './unquoted.js';
import { type ApiKey, fromPlan, toLimits, type UsagePlan } from './usage-plan.js';

/** A plan, or a key. */
export type PlanThing = { readonly planId: string } | { readonly keyId: string };

/** The verbs of usage plans and API keys. Of a key's value only `findKeyValue` tells. */
export interface UsagePlans {
  /** All usage plans of the Region. */
  listPlans(): Promise<readonly UsagePlan[]>;
  /**
   * Makes a plan and answers its id. Sent once only: AWS does not de-duplicate it, so a lost reply is settled by looking
   * for the tags.
   *
   * @throws {AwsError} also when the reply was lost; the plan may exist then.
   */
  createPlan(plan: Omit<UsagePlan, 'id'>): Promise<string>;
  /** All changes in one call: AWS allows one in 20 s. */
  patchPlan(planId: string, patches: readonly Patch[]): Promise<void>;
  /** Gone already is success. AWS deletes no plan that counts a stage, so those it counts are taken out first. */
  deletePlan(plan: Pick<UsagePlan, 'id' | 'apiStages'>): Promise<void>;
  /** All API keys of the Region. */
  listKeys(): Promise<readonly ApiKey[]>;
  /**
   * Makes an enabled key, whose value AWS chooses, and answers its id. Sent once only, like createPlan.
   *
   * @throws {AwsError} also when the reply was lost; the key may exist then.
   */
  createKey(key: Pick<ApiKey, 'name' | 'tags'>): Promise<string>;
  /** What callers send in `x-api-key`, for whoever asked to see it; undefined when the key is gone. */
  findKeyValue(keyId: string): Promise<string | undefined>;
  enableKey(keyId: string): Promise<void>;
  /** Also takes it out of its plans. Gone already is success. */
  deleteKey(keyId: string): Promise<void>;
  /** The keys of a plan; none when it is gone. */
  listPlanKeys(planId: string): Promise<readonly Pick<ApiKey, 'id' | 'name'>[]>;
  addKeyToPlan(planId: string, keyId: string): Promise<void>;
  /** Out of it already is success. */
  removeKeyFromPlan(planId: string, keyId: string): Promise<void>;
  /** Tags that it has besides stay. */
  tag(thing: PlanThing, tags: Tags): Promise<void>;
  /** A tag that is not there does no harm. */
  untag(thing: PlanThing, key: string): Promise<void>;
}

const MISSING = ['NotFoundException'];
const MADE = ['ConflictException'];

/** Usage plans and API keys in the Region of `access`. They share API Gateway's quotas, and so its pacer. */
export function createUsagePlans(access: AwsAccess, partition: string, pacer: Pacer, waiting?: HearWait): UsagePlans {
  const client = failOnFullQuota(new APIGatewayClient(clientConfig(access)));
  const clientOnce = new APIGatewayClient(clientConfig(access, 1));
  const heard = waiting === undefined ? {} : { waiting };
  const send = createSend({ service: 'API Gateway', region: access.region, clock: access.clock, pacer, ...heard });
  const arnOf = (thing: PlanThing): string => {
    const path = 'planId' in thing ? `/usageplans/${thing.planId}` : `/apikeys/${thing.keyId}`;
    return `arn:${partition}:apigateway:${access.region}::${path}`;
  };
  const patchPlan = async (usagePlanId: string, patches: readonly Patch[], missing: readonly string[] = []) => {
    const input = { usagePlanId, patchOperations: patches.map((patch) => ({ ...patch })) };
    await send('UpdateUsagePlan', () => client.send(new UpdateUsagePlanCommand(input)), { missing });
  };
  return {
    async listPlans() {
      const plans = await drain(async (from) => {
        const input = { limit: 500, ...(from === undefined ? {} : { position: from }) };
        const page = await sent(send('GetUsagePlans', () => client.send(new GetUsagePlansCommand(input))));
        return { items: page.items ?? [], next: page.position };
      });
      return plans.map(fromPlan);
    },
    async createPlan({ name, apiStages, throttle, quota, tags }) {
      const input = {
        name,
        apiStages: apiStages.map((stage) => ({ ...stage })),
        ...toLimits({ throttle, quota }),
        tags: { ...tags },
      };
      return sent(send('CreateUsagePlan', async () => idOf(await clientOnce.send(new CreateUsagePlanCommand(input)))));
    },
    patchPlan: (planId, patches) => patchPlan(planId, patches),
    async deletePlan({ id, apiStages }) {
      const path = '/apiStages';
      const leaving = apiStages.map(({ apiId, stage }): Patch => ({ op: 'remove', path, value: `${apiId}:${stage}` }));
      if (leaving.length > 0) await patchPlan(id, leaving, MISSING);
      const input = { usagePlanId: id };
      await send('DeleteUsagePlan', () => client.send(new DeleteUsagePlanCommand(input)), { missing: MISSING });
    },
    async listKeys() {
      const keys = await drain(async (from) => {
        const input = { limit: 500, includeValues: false, ...(from === undefined ? {} : { position: from }) };
        const page = await sent(send('GetApiKeys', () => client.send(new GetApiKeysCommand(input))));
        return { items: page.items ?? [], next: page.position };
      });
      return keys.map(({ id = '', name = '', enabled = false, createdDate, tags = {} }) => ({
        id,
        name,
        enabled,
        createdAtMs: createdDate?.getTime() ?? 0,
        tags,
      }));
    },
    async createKey({ name, tags }) {
      const input = { name, enabled: true, tags: { ...tags } };
      const call = async () => idOf(await unquoted(clientOnce.send(new CreateApiKeyCommand(input))));
      return sent(send('CreateApiKey', call));
    },
    async findKeyValue(keyId) {
      const input = { apiKey: keyId, includeValue: true };
      const call = () => unquoted(client.send(new GetApiKeyCommand(input)));
      return (await send('GetApiKey', call, { missing: MISSING }))?.value;
    },
    async enableKey(keyId) {
      const patchOperations: Patch[] = [{ op: 'replace', path: '/enabled', value: 'true' }];
      await send('UpdateApiKey', () => client.send(new UpdateApiKeyCommand({ apiKey: keyId, patchOperations })));
    },
    async deleteKey(keyId) {
      await send('DeleteApiKey', () => client.send(new DeleteApiKeyCommand({ apiKey: keyId })), { missing: MISSING });
    },
    async listPlanKeys(usagePlanId) {
      const keys = await drain(async (from) => {
        const input = { usagePlanId, limit: 500, ...(from === undefined ? {} : { position: from }) };
        const call = () => unquoted(client.send(new GetUsagePlanKeysCommand(input)));
        const page = await send('GetUsagePlanKeys', call, { missing: MISSING });
        return { items: page?.items ?? [], next: page?.position };
      });
      // AWS: the values come with this listing, asked for or not. (LocalStack, recorded tests of usage plans)
      return keys.map(({ id = '', name = '' }) => ({ id, name }));
    },
    async addKeyToPlan(usagePlanId, keyId) {
      const input = { usagePlanId, keyId, keyType: 'API_KEY' };
      const call = () => unquoted(client.send(new CreateUsagePlanKeyCommand(input)));
      await send('CreateUsagePlanKey', call, { made: MADE });
    },
    async removeKeyFromPlan(usagePlanId, keyId) {
      const input = { usagePlanId, keyId };
      await send('DeleteUsagePlanKey', () => client.send(new DeleteUsagePlanKeyCommand(input)), { missing: MISSING });
    },
    async tag(thing, tags) {
      const input = { resourceArn: arnOf(thing), tags: { ...tags } };
      await send('TagResource', () => client.send(new TagResourceCommand(input)));
    },
    async untag(thing, key) {
      const input = { resourceArn: arnOf(thing), tagKeys: [key] };
      await send('UntagResource', () => client.send(new UntagResourceCommand(input)));
    },
  };
}
