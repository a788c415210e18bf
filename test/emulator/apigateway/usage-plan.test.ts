import { CreateUsagePlanCommand, GetUsagePlanCommand, GetUsagePlansCommand } from '@aws-sdk/client-api-gateway';
import { describe, expect, it } from 'vitest';
import { badRequest, createControlPlane, invalid, makeLive, notFound } from './control-plane.js';

describe('CreateUsagePlan', () => {
  it('keeps a plan as it was given, and answers it alone and in a list', async () => {
    const plane = createControlPlane();
    const { id: apiId } = makeLive(plane);
    const input = {
      name: 'partners',
      description: 'of ours',
      apiStages: [{ apiId, stage: 'live' }],
      throttle: { burstLimit: 5, rateLimit: 2.5 },
      quota: { limit: 1000, offset: 0, period: 'MONTH' as const },
      tags: { team: 'web' },
    };

    const { $metadata: made, ...plan } = await plane.client.send(new CreateUsagePlanCommand(input));
    const { $metadata: _found, ...found } = await plane.client.send(new GetUsagePlanCommand({ usagePlanId: plan.id }));
    const { items } = await plane.client.send(new GetUsagePlansCommand({}));

    expect(made.httpStatusCode).toBe(201);
    expect(plan).toEqual({ ...input, id: expect.stringMatching(/^[a-z0-9]{6}$/) });
    expect(found).toEqual(plan);
    expect(items).toEqual([plan]);
  });

  it.each([
    ['an API that is not there', { apiId: 'nothere' }],
    ['a stage that is not there', { stage: 'test' }],
  ])('does not find %s, and makes nothing', (_what, wrong) => {
    const plane = createControlPlane();
    const stage = { apiId: makeLive(plane).id, stage: 'live', ...wrong };

    const reply = plane.ask('POST', '/usageplans', { name: 'a', apiStages: [stage] });

    expect([reply.status, reply.type]).toEqual([404, 'NotFoundException']);
    expect((reply.body as { message: string }).message).toMatch(
      new RegExp(`^Invalid API Stage \\{api: ${stage.apiId}, stage: ${stage.stage}\\} specified for usageplan \\w{6}$`),
    );
    expect(plane.make('GET', '/usageplans')).toEqual({ item: [] });
  });

  it.each([
    ['half a stage', { name: 'a', apiStages: [{ stage: 'live' }] }, badRequest('Invalid API Stage specified')],
    [
      'no name',
      {},
      invalid(
        "1 validation error detected: Value null at 'createUsagePlanInput.name' failed to satisfy constraint: Member must not be null",
      ),
    ],
  ])('refuses %s', (_what, body, refusal) => {
    expect(createControlPlane().ask('POST', '/usageplans', body)).toEqual(refusal);
  });
});

describe('GetUsagePlans', () => {
  it('lists a Region page after page, and no other Region', () => {
    const plane = createControlPlane();
    const ids = Array.from({ length: 7 }, (_, n) => plane.make('POST', '/usageplans', { name: `${n}` })['id']);

    const first = plane.make('GET', '/usageplans');
    const second = plane.make('GET', `/usageplans?position=${first['position']}`);

    const idsOf = (list: Record<string, unknown>) => (list['item'] as { id: string }[]).map(({ id }) => id);
    expect([idsOf(first).length, idsOf(second).length]).toEqual([5, 2]);
    expect([...idsOf(first), ...idsOf(second)]).toEqual(ids.sort());
    expect(second).not.toHaveProperty('position');
    expect(plane.ask('GET', '/usageplans', undefined, 'us-east-1').body).toEqual({ item: [] });
  });
});

describe('DeleteUsagePlan', () => {
  it('refuses a plan with a stage, until the stage is gone; a new stage of the name does not come back to it', () => {
    const plane = createControlPlane();
    const { id: apiId, stage, api, deploymentId } = makeLive(plane);
    const { id } = plane.make('POST', '/usageplans', { name: 'a', apiStages: [{ apiId, stage: 'live' }] });
    const refusal = plane.ask('DELETE', `/usageplans/${id}`);

    plane.make('DELETE', stage);
    plane.make('POST', `${api}/stages`, { stageName: 'live', deploymentId });

    expect(refusal).toEqual(
      badRequest(
        `Cannot delete Usage Plan ${id} because there are API Stages associated with it, including ${apiId}:live`,
      ),
    );
    expect(plane.make('GET', `/usageplans/${id}`)).toEqual({ id, name: 'a', apiStages: [] });
    expect(plane.ask('DELETE', `/usageplans/${id}`).status).toBe(202);
    expect(plane.ask('GET', `/usageplans/${id}`)).toEqual(notFound('Invalid Usage Plan ID specified'));
  });

  it('is free once the API of its stages is gone, and those of other APIs stay', () => {
    const plane = createControlPlane();
    const [gone, stays] = [makeLive(plane), makeLive(plane)];
    const apiStages = [gone, stays].map(({ id: apiId }) => ({ apiId, stage: 'live' }));
    const { id } = plane.make('POST', '/usageplans', { name: 'a', apiStages });

    plane.make('DELETE', gone.api);

    expect(plane.make('GET', `/usageplans/${id}`)['apiStages']).toEqual([{ apiId: stays.id, stage: 'live' }]);
  });
});
