import { inspect } from 'node:util';
import { APIGatewayClient, UpdateApiKeyCommand } from '@aws-sdk/client-api-gateway';
import { describe, expect, it } from 'vitest';
import { clientConfig } from '../../src/aws/access.js';
import type { Aws } from '../../src/aws/aws.js';
import type { ApiKeyAccess, Config } from '../../src/config/config.js';
import { type FaultKind, withFaults } from '../../src/emulator/faults.js';
import type { Status } from '../../src/model/status.js';
import { findKeys, type KeysHave } from '../../src/resources/find-keys.js';
import { TAG } from '../../src/resources/ownership.js';
import { findThings } from '../../src/resources/things.js';
import { targetOn } from '../../src/targets/local.js';
import { ledgerTextOf } from './ledger-text.js';
import { changing, newWorld, REGION, type Weather, type World } from './world.js';

const ACCESS: ApiKeyAccess = { kind: 'api-key', throttle: { rate: 100, burst: 200 } };

/** A config whose images need a key, without the cache and the logs, which these stories are not about. */
function keyed(world: World, access: Partial<ApiKeyAccess> = {}, change: Partial<Config> = {}): Config {
  const logs = { level: 'off', access: false, retentionDays: 30 } as const;
  const { cache: _cache, ...config } = world.config({ logs, ...change }, { access: { ...ACCESS, ...access } });
  return config;
}

/** The same config, public. */
function open(world: World): Config {
  const config = keyed(world);
  return { ...config, mounts: config.mounts.map((mount) => ({ ...mount, access: { kind: 'public' } })) };
}

/** The tags that tell what is ours, as the API carries them. */
async function ownTagsOf({ apiGateway }: Aws): Promise<Readonly<Record<string, string>>> {
  return (await apiGateway.listApis()).find(({ name }) => name === 'holiday-dev')?.tags ?? {};
}

async function keysOf(world: World): Promise<KeysHave | undefined> {
  const aws = await world.aws();
  const { [TAG.token]: token = '' } = await ownTagsOf(aws);
  const here = { target: 'local', account: '000000000000', partition: 'aws', region: REGION, createdBy: '' } as const;
  return findKeys({ aws, environment: { ...here, name: 'holiday', stage: 'dev', token } });
}

/** What must hold of a plan and its key, without what is generated. */
async function pictureOf(world: World): Promise<unknown> {
  const { plan, key, others = [], twinPlans = [], twinKeys = [] } = (await keysOf(world)) ?? {};
  return {
    ...{ name: plan?.name, stages: plan?.apiStages.map(({ stage }) => stage), throttle: plan?.throttle },
    ...{ quota: plan?.quota, key: key?.name, enabled: key?.enabled, inPlan: key?.inPlan },
    more: others.length + twinPlans.length + twinKeys.length,
  };
}

const AS_WANTED = {
  ...{ name: 'holiday-dev', stages: ['dev'], throttle: { rate: 100, burst: 200 }, quota: undefined },
  ...{ key: 'holiday-dev-default', enabled: true, inPlan: true, more: 0 },
};

/** Rows of the account that are about plans and keys. */
const rowsOf = (world: World): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(world.everything()).filter(([place]) => /^apigateway\/(usage|apikey)/i.test(place)),
  );

const idsOf = async (world: World) => {
  const { plan, key } = (await keysOf(world)) ?? {};
  if (plan === undefined || key === undefined) throw new Error('there is no plan with a key');
  return { plan, planId: plan.id, keyId: key.id };
};

const isAboutKeys = ({ path }: Parameters<Weather>[0]): boolean => /^\/(usageplans|apikeys)/.test(path);

describe('a mount that wants API keys', () => {
  it('gets a usage plan with its limits and one key, and a second run changes nothing', async () => {
    const world = newWorld();
    const config = keyed(world, { quota: { limit: 1000, per: 'week' } });

    await world.run('up', config);
    const made = await pictureOf(world);
    world.calls.length = 0;
    for (const phase of ['wire', 'up'] as const) await world.run(phase, config);

    expect(made).toEqual({ ...AS_WANTED, quota: { limit: 1000, per: 'week', offsetDays: 0 } });
    expect(changing(world.calls)).toEqual([]);
    const { tags } = (await idsOf(world)).plan;
    expect(tags).toEqual(await ownTagsOf(await world.aws()));
  });

  it('is told in the plan, and in status beside the id of the usage plan', async () => {
    const world = newWorld();
    const config = keyed(world);
    const { steps } = await world.plan('up', config);

    await world.run('up', config);
    const status = await (await world.open(config)).status();

    expect(steps.at(-1)).toMatchObject({ address: 'keys', action: 'create', label: 'usage plan holiday-dev' });
    const { planId } = await idsOf(world);
    expect(status.drifted).toBe(0);
    expect(status.things.find(({ address }) => address === 'keys')).toMatchObject({
      ...{ label: 'usage plan holiday-dev', state: 'present', id: planId, detail: '1 API key', drift: [] },
    });
  });

  it('costs other mounts no call, neither when they are made nor in a second run', async () => {
    const world = newWorld((request, handle) => {
      if (isAboutKeys(request)) throw new Error(`asked for ${request.path}`);
      return handle(request);
    });

    await world.run('up', open(world));

    expect((await world.run('wire', open(world))).changed).toBe(0);
  });

  it('leaves nothing when everything goes, whatever the config says by then, with and without a ledger', async () => {
    for (const forget of [false, true]) {
      const world = newWorld();
      const empty = world.everything();
      await world.run('up', keyed(world));
      const aws = await world.aws();
      await aws.usagePlans.createKey({ name: 'partner', tags: await ownTagsOf(aws) });
      if (forget) ledgerTextOf(world, { discard: true });

      const { left } = await world.run('teardown', open(world));

      expect(left).toEqual([]);
      expect(world.everything()).toEqual(empty);
    }
  });

  it('keeps its plan and keys when the config no longer wants them, says so, and takes them away in the end', async () => {
    const world = newWorld();
    const empty = world.everything();
    await world.run('up', keyed(world));
    const before = rowsOf(world);

    const { notices } = await world.plan('wire', open(world));
    await world.run('wire', open(world));

    expect(notices).toContain(
      'No mount asks for API keys any more: usage plan holiday-dev and its keys stay until teardown, and open nothing.',
    );
    expect(rowsOf(world)).toEqual(before);
    expect((await world.run('teardown', open(world))).left).toEqual([]);
    expect(world.everything()).toEqual(empty);
  });

  it('gives the end of its environment to plan and key, and a renewal reaches both', async () => {
    const world = newWorld();
    const config = keyed(world, {}, { expires: '2h' });
    await world.run('up', config);
    const endsOf = async () =>
      (await findThings(await world.aws(), REGION))
        .filter(({ kind }) => kind === 'usage plan' || kind === 'API key')
        .map(({ tags }) => tags[TAG.expires]);
    const before = await endsOf();

    await world.run('wire', { ...config, renewal: '9h' });
    const renewed = await endsOf();
    await world.run('wire', { ...config, renewal: 'never' });

    expect(before).toEqual([expect.any(String), expect.any(String)]);
    expect(new Set(before).size).toBe(1);
    expect(new Set(renewed).size).toBe(1);
    expect(Date.parse(renewed[0] ?? '') - Date.parse(before[0] ?? '')).toBeGreaterThan(6 * 3_600_000);
    expect(await endsOf()).toEqual([undefined, undefined]);
  });
});

/** What somebody does to plan and key, and the fields that status then names. */
const DRIFTS: Readonly<
  Record<
    string,
    readonly [act: (aws: Aws, ids: Awaited<ReturnType<typeof idsOf>>) => Promise<unknown>, paths: string[]]
  >
> = {
  'the plan deleted': [
    ({ usagePlans }, { plan }) => usagePlans.deletePlan(plan),
    ['plan', 'plan.stage', 'plan.rate', 'plan.burst', 'key.inPlan'],
  ],
  'the plan renamed': [
    ({ usagePlans }, { planId }) => usagePlans.patchPlan(planId, [{ op: 'replace', path: '/name', value: 'x' }]),
    ['plan.name'],
  ],
  'the rate changed': [
    ({ usagePlans }, { planId }) =>
      usagePlans.patchPlan(planId, [{ op: 'replace', path: '/throttle/rateLimit', value: '7.5' }]),
    ['plan.rate'],
  ],
  'the throttle removed': [
    ({ usagePlans }, { planId }) => usagePlans.patchPlan(planId, [{ op: 'remove', path: '/throttle' }]),
    ['plan.rate', 'plan.burst'],
  ],
  'a quota added': [
    ({ usagePlans }, { planId }) =>
      usagePlans.patchPlan(planId, [
        { op: 'add', path: '/quota/limit', value: '1' },
        { op: 'add', path: '/quota/period', value: 'DAY' },
      ]),
    ['plan.quota'],
  ],
  'the stage taken out': [
    ({ usagePlans }, { planId, plan: { apiStages } }) =>
      usagePlans.patchPlan(planId, [{ op: 'remove', path: '/apiStages', value: `${apiStages[0]?.apiId}:dev` }]),
    ['plan.stage'],
  ],
  'the stage deleted': [
    ({ apiGateway }, { plan: { apiStages } }) => apiGateway.deleteStage(apiStages[0]?.apiId ?? '', 'dev'),
    ['plan.stage'],
  ],
  'the API deleted': [
    ({ apiGateway }, { plan: { apiStages } }) => apiGateway.deleteApi(apiStages[0]?.apiId ?? ''),
    ['plan.stage'],
  ],
  'the key deleted': [({ usagePlans }, { keyId }) => usagePlans.deleteKey(keyId), ['key']],
  'the key taken out of the plan': [
    ({ usagePlans }, { planId, keyId }) => usagePlans.removeKeyFromPlan(planId, keyId),
    ['key.inPlan'],
  ],
  'a tag of the config taken off both': [
    async ({ usagePlans }, { planId, keyId }) => {
      await usagePlans.untag({ planId }, 'team');
      await usagePlans.untag({ keyId }, 'team');
    },
    ['plan.tags.team', 'key.tags.team'],
  ],
};

const driftOf = ({ things }: Status): unknown =>
  things.find(({ address }) => address === 'keys')?.drift.map(({ path }) => path);

describe('a plan or key that somebody changed', () => {
  it.each(Object.entries(DRIFTS))('is told and repaired in one wire: %s', async (_what, [act, paths]) => {
    const world = newWorld();
    const config = keyed(world, {}, { tags: { team: 'web' } });
    await world.run('up', config);
    await act(await world.aws(), await idsOf(world));

    const status = await (await world.open(config)).status();
    await world.run('wire', config);
    const repaired = await pictureOf(world);
    world.calls.length = 0;
    await world.run('wire', config);

    expect(driftOf(status)).toEqual(paths);
    expect(repaired).toEqual(AS_WANTED);
    expect(changing(world.calls)).toEqual([]);
  });

  it('is enabled again when it is the key of wire, and is left alone when it is another', async () => {
    const world = newWorld();
    await world.run('up', keyed(world));
    const aws = await world.aws();
    const { planId, keyId } = await idsOf(world);
    const partner = await aws.usagePlans.createKey({ name: 'partner', tags: await ownTagsOf(aws) });
    await aws.usagePlans.addKeyToPlan(planId, partner);
    const client = new APIGatewayClient(clientConfig(targetOn(world.emulator, REGION, 4510).access));
    const patchOperations = [{ op: 'replace' as const, path: '/enabled', value: 'false' }];
    for (const apiKey of [keyId, partner]) await client.send(new UpdateApiKeyCommand({ apiKey, patchOperations }));

    const status = await (await world.open(keyed(world))).status();
    const { notices } = await world.plan('wire', keyed(world));
    await world.run('wire', keyed(world));

    expect(notices).toContainEqual(expect.stringMatching(/^The first API key was switched off by somebody/));
    expect(driftOf(status)).toEqual(['key.enabled']);
    expect(status.things.find(({ address }) => address === 'keys')?.detail).toBe('2 API keys, 2 of them closed');
    const { key, others = [] } = (await keysOf(world)) ?? {};
    expect(key).toMatchObject({ id: keyId, enabled: true, inPlan: true });
    expect(others).toMatchObject([{ id: partner, enabled: false, inPlan: true }]);
  });

  it('is changed by one call when the config asks for other limits', async () => {
    const world = newWorld();
    await world.run('up', keyed(world));
    world.calls.length = 0;

    await world.run('wire', keyed(world, { throttle: { rate: 5, burst: 6 }, quota: { limit: 9, per: 'day' } }));
    const raised = await pictureOf(world);
    const calls = changing(world.calls);
    await world.run('wire', keyed(world));

    expect(raised).toEqual({
      ...AS_WANTED,
      ...{ throttle: { rate: 5, burst: 6 }, quota: { limit: 9, per: 'day', offsetDays: 0 } },
    });
    expect(calls).toEqual(['apigateway UpdateUsagePlan']);
    expect(await pictureOf(world)).toEqual(AS_WANTED);
  });

  it('and further keys that lost their plan are named, and not let in again unasked', async () => {
    const world = newWorld();
    await world.run('up', keyed(world));
    const aws = await world.aws();
    const { plan, planId } = await idsOf(world);
    const partner = await aws.usagePlans.createKey({ name: 'partner', tags: await ownTagsOf(aws) });
    await aws.usagePlans.addKeyToPlan(planId, partner);
    await aws.usagePlans.deletePlan(plan);

    await world.run('wire', keyed(world));

    expect((await keysOf(world))?.others).toMatchObject([{ id: partner, inPlan: false }]);
    expect(world.events).toContainEqual({
      ...{ type: 'warning', address: 'keys' },
      text: `The usage plan is a new one, and these API keys are in none, so they open nothing: "partner" (${partner}).`,
    });
  });

  it('is refused by name when the key moved to a plan of others that counts the stage', async () => {
    const world = newWorld();
    await world.run('up', keyed(world));
    const aws = await world.aws();
    const { plan, planId, keyId } = await idsOf(world);
    await aws.usagePlans.removeKeyFromPlan(planId, keyId);
    const other = await aws.usagePlans.createPlan({ ...plan, name: 'partners', tags: {} });
    await aws.usagePlans.addKeyToPlan(other, keyId);
    const before = world.everything();

    await expect(world.run('wire', keyed(world))).rejects.toMatchObject({
      code: 'KEY_IN_OTHER_PLAN',
      message: expect.stringContaining(`"partners" (${other})`) as string,
    });
    expect(world.everything()).toEqual(before);
  });
});

describe('plans and keys of others', () => {
  it('of our names stay byte for byte through a whole life', async () => {
    const world = newWorld();
    const { usagePlans } = await world.aws();
    const limits = { throttle: { rate: 1, burst: 1 }, quota: undefined };
    const theirs = await usagePlans.createPlan({
      name: 'holiday-dev',
      tags: { team: 'web' },
      apiStages: [],
      ...limits,
    });
    await usagePlans.addKeyToPlan(theirs, await usagePlans.createKey({ name: 'holiday-dev-default', tags: {} }));
    const before = rowsOf(world);

    await world.run('up', keyed(world));
    const { left } = await world.run('teardown', keyed(world));

    expect(Object.keys(before).length).toBeGreaterThanOrEqual(3);
    expect(left).toEqual([]);
    expect(rowsOf(world)).toEqual(before);
  });

  it('that hang on our plan are named by teardown, and stay when it is told to go all the same', async () => {
    const world = newWorld();
    await world.run('up', keyed(world));
    const { usagePlans } = await world.aws();
    const { planId } = await idsOf(world);
    const theirs = await usagePlans.createKey({ name: 'theirs', tags: {} });
    const key = (await usagePlans.listKeys()).find(({ id }) => id === theirs);
    await usagePlans.addKeyToPlan(planId, theirs);
    const before = world.everything();

    const refusal: unknown = await world.run('teardown', keyed(world)).catch((error: unknown) => error);
    const untouched = world.everything();
    const { left } = await world.run('teardown', keyed(world), { includingForeign: true });

    expect(refusal).toMatchObject({
      code: 'FOREIGN_KEY',
      message: `Cannot delete usage plan "holiday-dev" (${planId}): somebody's API key "theirs" (${theirs}) is in it.`,
    });
    expect(untouched).toEqual(before);
    expect(left).toEqual([]);
    expect(await usagePlans.listPlans()).toEqual([]);
    expect(await usagePlans.listKeys()).toEqual([key]);
  });

  it('whose stage our plan counts are named by teardown, and lose nothing but the plan', async () => {
    const world = newWorld();
    await world.run('up', keyed(world));
    await world.run('up', keyed(world, {}, { name: 'other' }));
    const { apiGateway, usagePlans } = await world.aws();
    const other = (await apiGateway.listApis()).find(({ name }) => name === 'other-dev')?.id ?? '';
    const { planId } = await idsOf(world);
    await usagePlans.patchPlan(planId, [{ op: 'add', path: '/apiStages', value: `${other}:dev` }]);

    const refusal: unknown = await world.run('teardown', keyed(world)).catch((error: unknown) => error);
    const { left } = await world.run('teardown', keyed(world), { includingForeign: true });

    expect(refusal).toMatchObject({
      code: 'FOREIGN_PLAN_STAGE',
      message: `Cannot delete usage plan "holiday-dev" (${planId}): it counts stage "dev" of somebody's API ${other}.`,
    });
    expect(left).toEqual([]);
    expect((await apiGateway.listApis()).map(({ id }) => id)).toEqual([other]);
    expect((await usagePlans.listPlans()).map(({ name }) => name)).toEqual(['other-dev']);
    expect((await usagePlans.listKeys()).map(({ name }) => name)).toEqual(['other-dev-default']);
  });

  it('may be hidden from us: then teardown takes all that is ours, and names ours where we had made some', async () => {
    let hidden = false;
    const denied = {
      status: 403,
      headers: { 'x-amzn-ErrorType': 'AccessDeniedException', 'x-amzn-RequestId': '1' },
      body: Buffer.from('{"message":"User is not authorized to perform: apigateway:GET"}'),
    };
    const world = newWorld(async (request, handle) => (hidden && isAboutKeys(request) ? denied : handle(request)));
    await world.run('up', open(world));
    hidden = true;
    const plain = await world.run('teardown', open(world));
    hidden = false;
    await world.run('up', keyed(world));
    hidden = true;

    const refusal: unknown = await world.run('teardown', keyed(world)).catch((error: unknown) => error);

    expect(plain.left).toEqual([]);
    expect(refusal).toMatchObject({ code: 'ACCESS_DENIED', message: expect.stringMatching(/^Cannot delete keys: /) });
    hidden = false;
    expect((await world.run('teardown', keyed(world))).left).toEqual([]);
    expect(rowsOf(world)).toEqual({});
  });
});

const CREATES = ['CreateUsagePlan', 'CreateApiKey', 'CreateUsagePlanKey'] as const;
const LOSSES: readonly FaultKind[] = ['reset-after', 'truncated', 'empty', 'server-error', 'lose-reply'];

describe('a reply that is lost', () => {
  it.each(CREATES.flatMap((operation) => LOSSES.map((kind) => [operation, kind] as const)))(
    'of %s, by %s, leaves one plan and one key',
    async (operation, kind) => {
      let strike: Weather | undefined;
      const world = newWorld((request, handle) => (strike ?? ((is) => handle(is)))(request, handle));
      await world.run('up', open(world));
      const faulty = withFaults(world.emulator, [{ kind, service: 'apigateway', operation }]);
      strike = (request) => faulty.handle(request);

      await world.run('wire', keyed(world)).catch(() => undefined);
      strike = undefined;
      await world.run('wire', keyed(world));

      expect(faulty.met.map((is) => is.operation)).toEqual([operation]);
      expect(await pictureOf(world)).toEqual(AS_WANTED);
      expect(
        Object.keys(rowsOf(world)).filter((place) => /^apigateway\/(usageplan|apikey): /.test(place)),
      ).toHaveLength(2);
      expect((await world.run('teardown', keyed(world))).left).toEqual([]);
      expect(rowsOf(world)).toEqual({});
    },
  );

  it.each([
    ['CreateUsagePlan', /300 usage plans per account and Region/],
    ['CreateApiKey', /10,000 API keys per account and Region/],
  ])(
    'is none when the account is full: %s is sent once, and the complaint names the quota',
    async (operation, words) => {
      let strike: Weather = (request, handle) => handle(request);
      const world = newWorld((request, handle) => strike(request, handle));
      await world.run('up', open(world));
      const full = { kind: 'quota', service: 'apigateway', operation, times: Number.POSITIVE_INFINITY } as const;
      const faulty = withFaults(world.emulator, [full]);
      strike = (request) => faulty.handle(request);

      const refusal: unknown = await world.run('wire', keyed(world)).catch((error: unknown) => error);

      expect(refusal).toMatchObject({ code: 'LIMIT_REACHED', message: expect.stringMatching(words) as string });
      expect(faulty.met).toHaveLength(1);
    },
  );

  it('of both creates, to a run that sees old listings, leaves twins that the next wire deletes', async () => {
    const world = newWorld();
    await world.run('up', keyed(world));
    const aws = await world.aws();
    const tags = await ownTagsOf(aws);
    const { plan } = await idsOf(world);
    const twinPlan = await aws.usagePlans.createPlan({ ...plan, tags });
    const twinKey = await aws.usagePlans.createKey({ name: 'holiday-dev-default', tags });
    const { store } = world.emulator;
    for (const { key, value } of store.list<{ id: string; createdDate: number }>('apigateway/apikey'))
      if (value.id === twinKey) store.put('apigateway/apikey', key, { ...value, createdDate: value.createdDate - 60 });

    const { steps } = await world.plan('wire', keyed(world));
    await world.run('wire', keyed(world));

    expect(steps.flatMap(({ changes }) => changes.map(({ path }) => path))).toEqual([
      `twin plan ${twinPlan}`,
      `twin key ${twinKey}`,
    ]);
    expect(await pictureOf(world)).toEqual(AS_WANTED);
  });
});

describe('the value of a key', () => {
  it('reaches no event, error, result or ledger, not even when an answer with it is broken', async () => {
    const seen: string[] = [];
    let breaks = true;
    const world = newWorld(async (request, handle) => {
      const answer = await handle(request);
      const text = Buffer.from(answer.body as Uint8Array).toString();
      const value = /"value":"([^"]{20,})"/.exec(text)?.[1];
      if (!isAboutKeys(request) || value === undefined) return answer;
      seen.push(value);
      if (!breaks) return answer;
      // Without its quotation marks the value is where Node's own message quotes the text.
      return { ...answer, body: Buffer.from(text.replace(`"${value}"`, value)) };
    });
    const config = keyed(world);

    const failure: unknown = await world.run('up', config).catch((error: unknown) => error);
    breaks = false;
    const done = await world.run('up', config);
    const project = await world.open(config);
    const told = [failure, world.events, done, await project.status(), await project.plan('teardown')];
    const ledger = ledgerTextOf(world);
    const value = await (await world.aws()).usagePlans.findKeyValue((await idsOf(world)).keyId);

    expect(failure).toMatchObject({ code: 'NOT_AWS' });
    expect(seen).toContain(value);
    const options = { depth: Infinity, maxArrayLength: Infinity, maxStringLength: Infinity, showHidden: true };
    const shown = `${inspect(told, options)}${JSON.stringify(told)}${ledger}`;
    expect(ledger).toContain('"keys"');
    // Not even a part of it.
    expect(seen.filter((is) => shown.includes(is.slice(0, 6)) || shown.includes(is.slice(-6)))).toEqual([]);
  });

  it('is read by the one verb that is asked for it, and is undefined of a key that is gone', async () => {
    const world = newWorld();
    const { usagePlans } = await world.aws();
    const id = await usagePlans.createKey({ name: 'x', tags: {} });

    const value = await usagePlans.findKeyValue(id);
    await usagePlans.deleteKey(id);

    expect(value).toMatch(/^\w{40}$/);
    expect(await usagePlans.findKeyValue(id)).toBeUndefined();
  });
});
