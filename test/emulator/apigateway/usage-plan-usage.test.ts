import { GetUsageCommand } from '@aws-sdk/client-api-gateway';
import { describe, expect, it } from 'vitest';
import { countUse, METER_TABLES, periodStart } from '../../../src/emulator/apigateway/usage-plan-meter.js';
import { badRequest, createControlPlane, invalid, notFound } from './control-plane.js';

/** A plan with a quota of ten a day and some keys in it. */
function makePlan(keys = 1) {
  const plane = createControlPlane();
  const { id } = plane.make('POST', '/usageplans', { name: 'a', quota: { limit: 10, period: 'DAY' } });
  const planId = String(id);
  const keyIds = Array.from({ length: keys }, () => String(plane.make('POST', '/apikeys', {})['id']));
  for (const keyId of keyIds) plane.make('POST', `/usageplans/${planId}/keys`, { keyId, keyType: 'API_KEY' });
  return { plane, planId, keyIds };
}

const missing = (...names: string[]) =>
  invalid(
    `${names.length} validation error${names.length === 1 ? '' : 's'} detected: ${names
      .map((name) => `Value null at '${name}' failed to satisfy constraint: Member must not be null`)
      .join('; ')}`,
  );

describe('GetUsage', () => {
  it('answers one key, or all of the plan page after page', async () => {
    const { plane, planId, keyIds } = makePlan(3);
    const [first = '', second = ''] = keyIds;
    const meter = { region: 'eu-central-1', planId };
    countUse(plane.store, { ...meter, keyId: first }, '2026-01-01');
    countUse(plane.store, { ...meter, planId: 'other', keyId: first }, '2026-01-01');
    const ask = { usagePlanId: planId, startDate: '2026-01-01', endDate: '2026-01-01' };
    const get = (more: object) => plane.client.send(new GetUsageCommand({ ...ask, ...more }));

    const one = await get({ keyId: first });
    const page = await get({ limit: 2 });
    const last = await get({ limit: 2, position: page.position });

    expect(one.items).toEqual({ [first]: [[1, 9]] });
    expect(page.items).toEqual({ [first]: [[1, 9]], [second]: [[0, 10]] });
    expect([Object.keys(last.items ?? {}), last.position]).toEqual([keyIds.slice(2), undefined]);
    expect((await get({ keyId: 'nothere' })).items).toEqual({});
  });

  it.each([
    ['', missing('startDate', 'endDate')],
    ['startDate=2026-01-01', missing('endDate')],
    ['startDate=2026-1-1&endDate=2026-01-02', badRequest('Invalid date specified. Must be of the form YYYY-MM-DD')],
    ['startDate=2026-02-30&endDate=2026-03-02', badRequest('Invalid date specified. Must be of the form YYYY-MM-DD')],
    ['startDate=2026-01-02&endDate=2026-01-01', badRequest('Invalid date range specified')],
    ['startDate=2026-01-01&endDate=2026-04-01', badRequest('Invalid date range specified')],
  ])('refuses the dates of %j', (query, refusal) => {
    const { plane, planId } = makePlan();

    expect(plane.ask('GET', `/usageplans/${planId}/usage?${query}`)).toEqual(refusal);
  });

  it('does not find a plan that is not there, and forgets one with it', () => {
    const { plane, planId, keyIds } = makePlan();
    countUse(plane.store, { region: 'eu-central-1', planId, keyId: keyIds[0] ?? '' }, '2026-01-01');

    plane.make('DELETE', `/usageplans/${planId}`);

    expect(plane.ask('GET', `/usageplans/${planId}/usage?startDate=2026-01-01&endDate=2026-01-01`)).toEqual(
      notFound('Invalid Usage Plan ID specified'),
    );
    expect(plane.store.list(METER_TABLES.usage)).toEqual([]);
    expect(plane.make('GET', `/usageplans/${planId}/keys`)).toEqual({ item: [] });
  });
});

describe('periodStart()', () => {
  it.each([
    ['DAY', 0, '2026-06-15', '2026-06-15'],
    ['WEEK', 0, '2026-06-14', '2026-06-14'],
    ['WEEK', 0, '2026-06-20', '2026-06-14'],
    ['WEEK', 1, '2026-06-15', '2026-06-15'],
    ['WEEK', 1, '2026-06-14', '2026-06-08'],
    ['WEEK', 6, '2026-01-02', '2025-12-27'],
    ['MONTH', 0, '2026-06-01', '2026-06-01'],
    ['MONTH', 0, '2026-06-30', '2026-06-01'],
    ['MONTH', 27, '2026-03-27', '2026-02-28'],
    ['MONTH', 27, '2026-03-28', '2026-03-28'],
    ['MONTH', 9, '2026-01-09', '2025-12-10'],
  ] as const)('of a %s with offset %i that %s is in is %s', (period, offset, day, start) => {
    expect(periodStart({ limit: 1, offset, period }, day)).toBe(start);
  });
});
