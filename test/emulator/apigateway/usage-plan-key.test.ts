import {
  CreateUsagePlanKeyCommand,
  DeleteUsagePlanKeyCommand,
  GetUsagePlanKeyCommand,
  GetUsagePlanKeysCommand,
  GetUsagePlansCommand,
} from '@aws-sdk/client-api-gateway';
import { describe, expect, it } from 'vitest';
import { badRequest, conflict, createControlPlane, invalid, makeLive, notFound, patch } from './control-plane.js';

const VALUE = 'a-key-of-twenty-or-more-characters';

/** A plan, a key, and short ways to put keys into plans. */
function makePlan() {
  const plane = createControlPlane();
  const { id: keyId } = plane.make('POST', '/apikeys', { name: 'partner', value: VALUE });
  const { id: planId } = plane.make('POST', '/usageplans', { name: 'plan' });
  const join = (plan = planId, body: object = { keyId, keyType: 'API_KEY' }) =>
    plane.ask('POST', `/usageplans/${plan}/keys`, body);
  return { plane, keyId: String(keyId), planId: String(planId), join };
}

const noKey = notFound('Invalid API Key identifier specified');
const noPlan = notFound('Invalid Usage Plan ID specified');
const missing = (member: string) =>
  invalid(
    `1 validation error detected: Value null at 'createUsagePlanKeyInput.${member}' failed to satisfy constraint: Member must not be null`,
  );

describe('a key of a usage plan', () => {
  it('is put in, answered alone and in a list, and taken out, and stays a key', async () => {
    const { plane, keyId, planId } = makePlan();
    const at = { usagePlanId: planId, keyId };

    const { $metadata: made, ...key } = await plane.client.send(
      new CreateUsagePlanKeyCommand({ ...at, keyType: 'API_KEY' }),
    );
    const { $metadata: _, ...found } = await plane.client.send(new GetUsagePlanKeyCommand(at));
    const { items } = await plane.client.send(new GetUsagePlanKeysCommand(at));
    const { $metadata: removed } = await plane.client.send(new DeleteUsagePlanKeyCommand(at));

    expect([made.httpStatusCode, removed.httpStatusCode]).toEqual([201, 202]);
    expect(key).toEqual({ id: keyId, name: 'partner', type: 'API_KEY', value: VALUE });
    expect([found, items]).toEqual([key, [key]]);
    expect(plane.make('GET', `/usageplans/${planId}/keys`)).toEqual({ item: [] });
    expect(plane.ask('GET', `/usageplans/${planId}/keys/${keyId}`)).toEqual(noKey);
    expect(plane.ask('DELETE', `/usageplans/${planId}/keys/${keyId}`)).toEqual(noKey);
    expect(plane.ask('GET', `/apikeys/${keyId}`).status).toBe(200);
  });

  it('is listed page after page and by the beginning of its name', async () => {
    const { plane, planId, join } = makePlan();
    const ids = Array.from({ length: 6 }, (_, n) => {
      const { id } = plane.make('POST', '/apikeys', { name: `${n % 2 === 0 ? 'even' : 'odd'}-${n}` });
      return String(join(planId, { keyId: id, keyType: 'API_KEY' }).status === 201 && id);
    });
    const list = (input: object) => plane.client.send(new GetUsagePlanKeysCommand({ usagePlanId: planId, ...input }));

    const first = await list({ limit: 4 });
    const second = await list({ limit: 4, position: first.position });
    const even = await list({ nameQuery: 'even' });

    expect([...(first.items ?? []), ...(second.items ?? [])].map(({ id }) => id)).toEqual(ids.sort());
    expect([first.items?.length, second.position]).toEqual([4, undefined]);
    expect(even.items?.map(({ name }) => name).sort()).toEqual(['even-0', 'even-2', 'even-4']);
  });

  it.each([
    ['a plan that is not there', (is: ReturnType<typeof makePlan>) => is.join('nothere'), noPlan],
    ['a key that is not there', ({ planId, join }) => join(planId, { keyId: 'nothere', keyType: 'API_KEY' }), noKey],
    [
      'another type of key',
      ({ keyId, planId, join }) => join(planId, { keyId, keyType: 'OTHER' }),
      badRequest('Invalid Usage Plan Key type specified'),
    ],
    ['no key', ({ planId, join }) => join(planId, { keyType: 'API_KEY' }), missing('keyId')],
    ['no type', ({ keyId, planId, join }) => join(planId, { keyId }), missing('keyType')],
    [
      'a key that is in it',
      ({ planId, join }) => {
        join(planId);
        return join(planId);
      },
      conflict('API Key already exists'),
    ],
  ])('is not put in with %s', (_what, ask, refusal) => {
    expect(ask(makePlan())).toEqual(refusal);
  });

  it('of a plan that is not there: none are listed, and none is found', () => {
    const { plane, keyId } = makePlan();

    expect(plane.make('GET', '/usageplans/nothere/keys')).toEqual({ item: [] });
    for (const verb of ['GET', 'DELETE']) expect(plane.ask(verb, `/usageplans/nothere/keys/${keyId}`)).toEqual(noPlan);
  });

  it('can be in several plans, which are found by it, but in one only for each stage', async () => {
    const { plane, keyId, planId, join } = makePlan();
    const [one, other] = [makeLive(plane).id, makeLive(plane).id];
    const plansOn = (apiId: string) =>
      String(plane.make('POST', '/usageplans', { name: 'a', apiStages: [{ apiId, stage: 'live' }] })['id']);
    const [first, second, third] = [plansOn(one), plansOn(other), plansOn(one)];
    const found = async () => {
      const { items = [] } = await plane.client.send(new GetUsagePlansCommand({ keyId }));
      return items.map(({ id }) => id);
    };
    const refusal = (plan: string) =>
      conflict(
        `Usage Plan ${plan} cannot be added because API Key cannot reference multiple Usage Plans with the same API stage: conflicting API Stage: ${one}:live`,
      );

    const statuses = [planId, first, second].map((plan) => join(plan).status);
    const joined = join(third);
    const widened = plane.ask('PATCH', `/usageplans/${planId}`, patch(['add', '/apiStages', `${one}:live`]));

    expect(statuses).toEqual([201, 201, 201]);
    expect([joined, widened]).toEqual([refusal(third), refusal(planId)]);
    expect(await found()).toEqual([planId, first, second].sort());
    plane.make('DELETE', `/usageplans/${planId}`);
    expect(await found()).toEqual([first, second].sort());
    expect(plane.make('GET', '/usageplans?keyId=nothere')).toEqual({ item: [] });
  });
});
