import { describe, expect, it } from 'vitest';
import { newWorld } from '../stories/world.js';

const LIMITS = { throttle: { rate: 2.5, burst: 7 }, quota: { limit: 9, per: 'month', offsetDays: 3 } } as const;

describe('usage plans and API keys', () => {
  it('are listed page after page, and keys without their values', async () => {
    const world = newWorld(undefined, { pageSize: 2 });
    const { usagePlans } = await world.aws();
    const names = ['one', 'two', 'three', 'four', 'five'];
    const tags = { team: 'web' };
    for (const name of names) await usagePlans.createPlan({ name, tags, apiStages: [], ...LIMITS });
    const [first] = await usagePlans.listPlans();
    for (const name of names)
      await usagePlans.addKeyToPlan(first?.id ?? '', await usagePlans.createKey({ name, tags }));

    const plans = await usagePlans.listPlans();
    const keys = await usagePlans.listKeys();
    const inPlan = await usagePlans.listPlanKeys(first?.id ?? '');

    expect(plans.map(({ name }) => name).sort()).toEqual([...names].sort());
    expect(plans[0]).toEqual({ id: expect.any(String), name: first?.name, apiStages: [], tags, ...LIMITS });
    expect(keys.map(({ name }) => name).sort()).toEqual([...names].sort());
    expect(keys.map((key) => Object.keys(key).sort())).toEqual(
      names.map(() => ['createdAtMs', 'enabled', 'id', 'name', 'tags']),
    );
    expect(inPlan.map(({ id }) => id).sort()).toEqual(keys.map(({ id }) => id).sort());
    expect(inPlan.map((key) => Object.keys(key).sort())).toEqual(names.map(() => ['id', 'name']));
  });

  it('that are gone already are as good as deleted, and out of a plan as good as taken out', async () => {
    const world = newWorld();
    const { usagePlans } = await world.aws();
    const gone = { id: 'abc123', apiStages: [{ apiId: 'a1b2c3d4e5', stage: 'dev' }] };

    await usagePlans.deletePlan(gone);
    await usagePlans.deleteKey('a1b2c3d4e5');
    await usagePlans.removeKeyFromPlan('abc123', 'a1b2c3d4e5');

    expect(await usagePlans.listPlanKeys('abc123')).toEqual([]);
    expect(await usagePlans.findKeyValue('a1b2c3d4e5')).toBeUndefined();
  });

  it('keep tags that others gave them when one is set and one is taken away', async () => {
    const world = newWorld();
    const { usagePlans } = await world.aws();
    const tags = { theirs: '1', passing: '2' };
    const planId = await usagePlans.createPlan({ name: 'x', tags, apiStages: [], ...LIMITS });
    const keyId = await usagePlans.createKey({ name: 'x', tags });

    for (const thing of [{ planId }, { keyId }]) {
      await usagePlans.tag(thing, { ours: '3' });
      await usagePlans.untag(thing, 'passing');
    }

    const left = { theirs: '1', ours: '3' };
    expect((await usagePlans.listPlans()).map((is) => is.tags)).toEqual([left]);
    expect((await usagePlans.listKeys()).map((is) => is.tags)).toEqual([left]);
  });
});
