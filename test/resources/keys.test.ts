import { describe, expect, it, test } from 'vitest';
import type { PlanLimits, UsagePlan } from '../../src/aws/usage-plan.js';
import type { ApiKeyAccess } from '../../src/config/config.js';
import { findKeys, type KeysHave, type OwnKey } from '../../src/resources/find-keys.js';
import { type KeysWant, keyAccessOf, keysResource } from '../../src/resources/keys.js';
import { ownTags } from '../../src/resources/ownership.js';
import { limitPatches } from '../../src/resources/plan-limits.js';
import type { Environment } from '../../src/resources/resource.js';
import { newWorld } from '../stories/world.js';

const HERE: Environment = {
  ...{ target: 'local', account: '000000000000', partition: 'aws', region: 'eu-west-1' },
  ...{ name: 'holiday', stage: 'dev', token: 'token', createdBy: '' },
};
const ACCESS: ApiKeyAccess = { kind: 'api-key', throttle: { rate: 100, burst: 200 } };
const LIMITS: PlanLimits = { throttle: { rate: 100, burst: 200 }, quota: undefined };
const STAGE = { apiId: 'api1', stage: 'dev' };

const plan = (change: Partial<UsagePlan> = {}): UsagePlan => ({
  ...{ id: 'p1', name: 'holiday-dev', tags: {}, apiStages: [STAGE], ...LIMITS },
  ...change,
});
const key = (change: Partial<OwnKey> = {}): OwnKey => ({
  ...{ id: 'k1', name: 'holiday-dev-default', enabled: true, inPlan: true, createdAtMs: 0, tags: {} },
  ...change,
});
const have = (change: Partial<KeysHave> = {}): KeysHave => ({
  ...{ plan: plan(), key: key(), others: [], twinPlans: [], twinKeys: [] },
  ...change,
});
const want = (change: Partial<KeysWant> = {}): KeysWant => ({
  ...{ name: 'holiday-dev', keyName: 'holiday-dev-default', limits: LIMITS, tags: {} },
  ...{ apiId: 'api1', stageName: 'dev' },
  ...change,
});

const { diff } = keysResource(HERE);
const pathsOf = (wanted: KeysWant, is: KeysHave | undefined): string[] => diff(wanted, is).map(({ path }) => path);

describe('diff() of the keys', () => {
  it.each([
    ['all as it is wanted', {}, have(), []],
    ['nothing at all', {}, undefined, ['plan', 'plan.stage', 'plan.rate', 'plan.burst', 'key']],
    [
      'no plan',
      {},
      have({ plan: undefined, key: key({ inPlan: false }) }),
      ['plan', 'plan.stage', 'plan.rate', 'plan.burst', 'key.inPlan'],
    ],
    ['another name', {}, have({ plan: plan({ name: 'x' }) }), ['plan.name']],
    ['another rate', {}, have({ plan: plan({ throttle: { rate: 1, burst: 200 } }) }), ['plan.rate']],
    ['another burst', {}, have({ plan: plan({ throttle: { rate: 100, burst: 1 } }) }), ['plan.burst']],
    ['no throttle', {}, have({ plan: plan({ throttle: undefined }) }), ['plan.rate', 'plan.burst']],
    ['a quota', {}, have({ plan: plan({ quota: { limit: 5, per: 'day', offsetDays: 0 } }) }), ['plan.quota']],
    ['no stage', {}, have({ plan: plan({ apiStages: [] }) }), ['plan.stage']],
    [
      'the stage of another API',
      {},
      have({ plan: plan({ apiStages: [{ apiId: 'api2', stage: 'dev' }] }) }),
      ['plan.stage'],
    ],
    ['a further stage of others', {}, have({ plan: plan({ apiStages: [STAGE, { apiId: 'api2', stage: 'x' }] }) }), []],
    ['no key', {}, have({ key: undefined }), ['key']],
    ['a key that is disabled', {}, have({ key: key({ enabled: false }) }), ['key.enabled']],
    ['a key that is in no plan', {}, have({ key: key({ inPlan: false }) }), ['key.inPlan']],
    ['a further key that is disabled', {}, have({ others: [key({ id: 'k2', enabled: false, inPlan: false })] }), []],
    ['no tags of the config', { tags: { team: 'web' } }, have(), ['plan.tags.team', 'key.tags.team']],
    [
      'twins',
      {},
      have({ twinPlans: [plan({ id: 'p2' })], twinKeys: [key({ id: 'k2' })] }),
      ['twin plan p2', 'twin key k2'],
    ],
    ['keys that no mount asks for', { limits: undefined }, have({ key: undefined }), []],
  ] as const)('with %s', (_what, change, is, paths) => {
    const changed = pathsOf(want(change), is);

    expect(changed).toEqual(paths);
  });

  it('is the same before there is an API as when there is one that the plan does not count', () => {
    const before = diff(want({ apiId: '' }), have({ plan: plan({ apiStages: [] }) }));

    expect(before).toEqual([{ path: 'plan.stage', from: undefined, to: 'dev' }]);
    expect(diff(want({ apiId: 'api9' }), have({ plan: plan({ apiStages: [] }) }))).toEqual(before);
  });

  it('says a quota in words', () => {
    const quota = { limit: 1000, per: 'month', offsetDays: 0 } as const;

    const changes = diff(
      want({ limits: { ...LIMITS, quota } }),
      have({ plan: plan({ quota: { ...quota, offsetDays: 2 } }) }),
    );

    expect(changes).toEqual([{ path: 'plan.quota', from: '1000 a month from day 2', to: '1000 a month' }]);
  });
});

test.each([
  ['the same limits', LIMITS, LIMITS, []],
  [
    'a rate that differs',
    LIMITS,
    { ...LIMITS, throttle: { rate: 1, burst: 200 } },
    ['replace /throttle/rateLimit 100', 'replace /throttle/burstLimit 200'],
  ],
  [
    'a throttle that is missing',
    LIMITS,
    { ...LIMITS, throttle: undefined },
    ['add /throttle/rateLimit 100', 'add /throttle/burstLimit 200'],
  ],
  ['a quota too many', LIMITS, { ...LIMITS, quota: { limit: 5, per: 'day', offsetDays: 0 } }, ['remove /quota']],
  [
    'a quota that is missing',
    { ...LIMITS, quota: { limit: 5, per: 'week', offsetDays: 0 } },
    LIMITS,
    ['add /quota/limit 5', 'add /quota/offset 0', 'add /quota/period WEEK'],
  ],
] as const)('limitPatches() of %s', (_what, wanted, is, patches) => {
  const sent = limitPatches(wanted, is).map(({ op, path, value }) => [op, path, value].filter(Boolean).join(' '));

  expect(sent).toEqual(patches);
});

describe('keyAccessOf()', () => {
  it('is what the mounts that ask for keys say', () => {
    const config = newWorld().config({}, { access: ACCESS });

    expect(keyAccessOf(config)).toEqual(ACCESS);
  });

  it('is undefined where no mount asks', () => {
    expect(keyAccessOf(newWorld().config())).toBeUndefined();
  });
});

describe('findKeys()', () => {
  const TAGS = ownTags(HERE, {});

  async function account() {
    const world = newWorld();
    const aws = await world.aws();
    const make = (name: string, tags: Record<string, string> = TAGS) =>
      aws.usagePlans.createPlan({ name, tags, apiStages: [], ...LIMITS });
    const makeKey = (name: string, tags: Record<string, string> = TAGS) => aws.usagePlans.createKey({ name, tags });
    return { world, aws, make, makeKey, place: { aws, environment: HERE } };
  }

  it('finds nothing among the plans and keys of others, whatever they are called', async () => {
    const { make, makeKey, place } = await account();
    await make('holiday-dev', {});
    await make('holiday-dev', { ...TAGS, 'pixgate:token': 'another' });
    await makeKey('holiday-dev-default', { ...TAGS, 'pixgate:region': 'us-east-1' });

    expect(await findKeys(place)).toBeUndefined();
  });

  it('takes the key that opens for the one that wire makes, and what lost replies left for twins', async () => {
    const { aws, make, makeKey, place } = await account();
    const [lostPlan, planId] = [await make('holiday-dev'), await make('holiday-dev')];
    const [lost, keyId, partner] = [
      await makeKey('holiday-dev-default'),
      await makeKey('holiday-dev-default'),
      await makeKey('partner'),
    ];
    await aws.usagePlans.addKeyToPlan(planId, keyId);

    const found = await findKeys(place);

    expect(found?.plan?.id).toBe(planId);
    expect(found?.key).toMatchObject({ id: keyId, enabled: true, inPlan: true });
    expect(found?.others).toMatchObject([{ id: partner, inPlan: false }]);
    expect(found?.twinPlans.map(({ id }) => id)).toEqual([lostPlan]);
    expect(found?.twinKeys.map(({ id }) => id)).toEqual([lost]);
  });

  it('takes no key for a twin that is in the plan beside another of its name, as while one is replaced', async () => {
    const { aws, make, makeKey, place } = await account();
    const planId = await make('holiday-dev');
    const [former, next] = [await makeKey('holiday-dev-default'), await makeKey('holiday-dev-default')];
    await aws.usagePlans.addKeyToPlan(planId, former);
    await aws.usagePlans.addKeyToPlan(planId, next);

    const found = await findKeys(place);

    expect([found?.key?.id, ...(found?.others ?? []).map(({ id }) => id)].sort()).toEqual([former, next].sort());
    expect(found?.twinKeys).toEqual([]);
  });

  it('takes a younger key for no twin when both lost their plan', async () => {
    const { world, makeKey, place } = await account();
    const former = await makeKey('holiday-dev-default');
    await world.emulator.clock.sleep(60_000);
    const next = await makeKey('holiday-dev-default');

    const found = await findKeys(place);

    expect(found?.key?.id).toBe(former);
    expect(found?.others.map(({ id }) => id)).toEqual([next]);
  });

  it('takes the plan that is remembered, and refuses another with our tags that has keys', async () => {
    const { aws, make, makeKey, place } = await account();
    const [ours, copy] = [await make('holiday-dev'), await make('payments')];
    await aws.usagePlans.addKeyToPlan(copy, await makeKey('holiday-dev-default'));

    await expect(findKeys(place, ours)).rejects.toMatchObject({
      code: 'TAGS_COPIED',
      message: expect.stringContaining(`"payments" (${copy})`) as string,
    });
    expect((await findKeys({ ...place, removing: true }, ours))?.plan?.id).toBe(ours);
  });
});
