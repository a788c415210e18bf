import {
  CreateDeploymentCommand,
  CreateUsagePlanKeyCommand,
  DeleteUsagePlanKeyCommand,
  GetResourcesCommand,
  GetUsageCommand,
  UpdateMethodCommand,
  UpdateStageCommand,
  UpdateUsagePlanCommand,
} from '@aws-sdk/client-api-gateway';
import { describe, expect, it } from 'vitest';
import { EXCEEDED, type KeyedApi, openKeyedApi, TOO_MANY } from './keyed-api.js';

const DAY_MS = 86_400_000;

/** The API with a plan of these limits and two keys in it. */
async function openMetered(limits: Parameters<KeyedApi['makePlan']>[1]) {
  const api = await openKeyedApi();
  const [one, other] = [await api.makeKey(), await api.makeKey()];
  const planId = await api.makePlan([one.id, other.id], limits);
  /** Statuses of as many requests, one after the other. */
  const ask = async (times: number, { header } = one): Promise<number[]> => {
    const statuses: number[] = [];
    for (let nth = 0; nth < times; nth += 1) statuses.push((await api.get(header)).status);
    return statuses;
  };
  return { api, one, other, planId, ask };
}

describe('throttle() of a usage plan', () => {
  it('lets a burst through, then as many a second as the rate says, on the clock of the account', async () => {
    const { api, one, ask } = await openMetered({ throttle: { burstLimit: 3, rateLimit: 2 } });

    const burst = await ask(4);
    const refusal = await api.get(one.header);
    api.advance(1000);
    const later = await ask(3);
    api.advance(60_000);
    const rested = await ask(4);

    expect([burst, later, rested]).toEqual([
      [200, 200, 200, 429],
      [200, 200, 429],
      [200, 200, 200, 429],
    ]);
    expect(refusal).toEqual(TOO_MANY);
  });

  it('counts each key for itself, and no request without one', async () => {
    const { api, other, ask } = await openMetered({ throttle: { burstLimit: 1, rateLimit: 1 } });

    expect([await ask(2), await ask(2, other)]).toEqual([
      [200, 429],
      [200, 429],
    ]);
    expect((await api.get({}, '/live/open')).status).toBe(200);
  });

  it.each([{ burstLimit: 5 }, { rateLimit: 5 }])('lets nothing through with %j alone', async (limits) => {
    const { ask } = await openMetered({ throttle: limits });

    expect(await ask(1)).toEqual([429]);
  });

  it('comes before that of the stage, which holds for all keys together', async () => {
    const { api, other, ask } = await openMetered({ throttle: { burstLimit: 2, rateLimit: 1 } });
    const settings = { burstLimit: '3', rateLimit: '1' };
    await api.client.send(
      new UpdateStageCommand({
        restApiId: api.restApiId,
        stageName: 'live',
        patchOperations: Object.entries(settings).map(([name, value]) => ({
          op: 'replace',
          path: `/*/*/throttling/${name}`,
          value,
        })),
      }),
    );

    const statuses = [...(await ask(3)), ...(await ask(2, other))];

    expect(statuses).toEqual([200, 200, 429, 200, 429]);
  });
});

describe('the quota of a usage plan', () => {
  it.each([
    ['DAY', 0, 12 * 3_600_000],
    // From Monday noon to the Sunday after, and to the Wednesday after where weeks begin on that day.
    ['WEEK', 0, 6 * DAY_MS - 12 * 3_600_000],
    ['WEEK', 3, 2 * DAY_MS - 12 * 3_600_000],
    ['MONTH', 0, 16 * DAY_MS - 12 * 3_600_000],
    ['MONTH', 19, 5 * DAY_MS - 12 * 3_600_000],
  ] as const)(
    'of a %s with offset %i lasts until the period is over, to the millisecond',
    async (period, offset, leftMs) => {
      const { api, one, ask, other } = await openMetered({ quota: { limit: 2, offset, period } });

      const first = await ask(3);
      const refusal = await api.get(one.header);
      api.advance(leftMs - 1);
      const last = await ask(1);
      api.advance(1);
      const next = await ask(3);

      expect([first, last, next]).toEqual([[200, 200, 429], [429], [200, 200, 429]]);
      expect(refusal).toEqual(EXCEEDED);
      expect(await ask(1, other)).toEqual([200]);
    },
  );

  it('is not used up by what the throttle refuses', async () => {
    const { api, ask } = await openMetered({
      throttle: { burstLimit: 1, rateLimit: 1 },
      quota: { limit: 2, period: 'DAY' },
    });

    const first = await ask(3);
    api.advance(1000);

    expect([first, await ask(1)]).toEqual([[200, 429, 429], [200]]);
  });

  it('does not begin anew when the key leaves the plan and comes back, nor when the limit changes', async () => {
    const { api, ask, one, planId } = await openMetered({ quota: { limit: 2, period: 'MONTH' } });
    const statuses = await ask(3);

    const at = { usagePlanId: planId, keyId: one.id };
    await api.client.send(new DeleteUsagePlanKeyCommand(at));
    await api.client.send(new CreateUsagePlanKeyCommand({ ...at, keyType: 'API_KEY' }));
    statuses.push(...(await ask(1)));
    const patchOperations = [{ op: 'replace' as const, path: '/quota/limit', value: '3' }];
    await api.client.send(new UpdateUsagePlanCommand({ usagePlanId: planId, patchOperations }));
    statuses.push(...(await ask(2)));

    expect(statuses).toEqual([200, 200, 429, 429, 200, 429]);
  });
});

describe('GetUsage', () => {
  it('answers what every key used of each day, and what was left', async () => {
    const { api, ask, one, other, planId } = await openMetered({ quota: { limit: 5, period: 'WEEK' } });
    await ask(2);
    api.advance(DAY_MS);
    await ask(4);
    await api.get(other.header);
    await api.get({ 'x-api-key': 'wrong' });

    const { $metadata: _, ...usage } = await api.client.send(
      new GetUsageCommand({ usagePlanId: planId, startDate: '2026-06-14', endDate: '2026-06-21' }),
    );

    const rest = (...left: number[]) => left.map((remaining) => [0, remaining]);
    expect(usage).toEqual({
      usagePlanId: planId,
      startDate: '2026-06-14',
      endDate: '2026-06-21',
      items: {
        [one.id]: [...rest(5), [2, 3], [3, 0], ...rest(0, 0, 0, 0, 5)],
        [other.id]: [...rest(5, 5), [1, 4], ...rest(4, 4, 4, 4, 5)],
      },
    });
  });

  it('takes what was used earlier in the period off a range that begins later, and counts without a quota too', async () => {
    const { api, ask, one, planId } = await openMetered({ quota: { limit: 5, period: 'MONTH' } });
    await ask(2);
    const at = { usagePlanId: planId, keyId: one.id, startDate: '2026-06-16', endDate: '2026-06-16' };
    const read = async (startDate: string) => (await api.client.send(new GetUsageCommand({ ...at, startDate }))).items;

    const limited = await read('2026-06-16');
    const patchOperations = [{ op: 'remove' as const, path: '/quota' }];
    await api.client.send(new UpdateUsagePlanCommand({ usagePlanId: planId, patchOperations }));
    await ask(9);

    expect(limited).toEqual({ [one.id]: [[0, 3]] });
    expect(await read('2026-06-15')).toEqual({
      [one.id]: [
        [11, -1],
        [0, -1],
      ],
    });
  });
});

describe('a deployment', () => {
  it('freezes whether a method wants a key', async () => {
    const { api, ask } = await openMetered({});
    const { items = [] } = await api.client.send(new GetResourcesCommand({ restApiId: api.restApiId }));
    const resourceId = items.find(({ path }) => path === '/keyed')?.id ?? '';
    const at = { restApiId: api.restApiId, resourceId, httpMethod: 'GET' };
    const patchOperations = [{ op: 'replace' as const, path: '/apiKeyRequired', value: 'false' }];
    await api.client.send(new UpdateMethodCommand({ ...at, patchOperations }));

    const before = (await api.get()).status;
    await api.client.send(new CreateDeploymentCommand({ restApiId: api.restApiId, stageName: 'live' }));

    expect([before, (await api.get()).status, await ask(1)]).toEqual([403, 200, [200]]);
  });
});
