import { describe, expect, it } from 'vitest';
import { changing, newWorld } from './world.js';

const TLS13 = { securityPolicy: 'SecurityPolicy_TLS13_1_3_2025_09' } as const;
const TLS12 = { securityPolicy: 'SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09' } as const;

/** What the account says of the TLS of its APIs. */
function policies(world: ReturnType<typeof newWorld>): unknown[] {
  const apis = world.emulator.store.list<Record<string, unknown>>('apigateway/restapi');
  return apis.map(({ value }) => [value['securityPolicy'], value['endpointAccessMode']]);
}

describe('a security policy', () => {
  it('is in the plan, goes to AWS with the API, and is left alone by every later run', async () => {
    const world = newWorld();
    const config = world.config(TLS13);

    const plan = await world.plan('up', config);
    await world.run('up', config);

    const change = { path: 'securityPolicy', from: undefined, to: TLS13.securityPolicy };
    expect(plan.steps.find(({ address }) => address === 'api')?.changes).toContainEqual(change);
    expect(policies(world)).toEqual([[TLS13.securityPolicy, 'BASIC']]);
    world.calls.length = 0;
    expect((await world.run('up', config)).changed).toBe(0);
    expect(changing(world.calls)).toEqual([]);
    expect((await world.verify(config)).failed).toBe(0);
  });

  it('of an edge API is one of the edge', async () => {
    const world = newWorld();

    await world.run('up', world.config({ endpoint: 'edge', securityPolicy: 'SecurityPolicy_TLS13_2025_EDGE' }));

    expect(policies(world)).toEqual([['SecurityPolicy_TLS13_2025_EDGE', 'BASIC']]);
  });

  it('that nobody asks for is not sent', async () => {
    const world = newWorld();

    await world.run('up');

    expect(policies(world)).toEqual([[undefined, undefined]]);
  });

  it('that the config no longer names stays, and is no difference', async () => {
    const world = newWorld();
    await world.run('up', world.config(TLS13));
    world.calls.length = 0;

    const { changed } = await world.run('up', world.config());

    expect(changed).toBe(0);
    expect(changing(world.calls)).toEqual([]);
    expect(policies(world)).toEqual([[TLS13.securityPolicy, 'BASIC']]);
  });

  it.each([
    ["of AWS's own", {}, "AWS's default"],
    ['of another name', TLS12, TLS12.securityPolicy],
  ])(
    'cannot be given to an API that has one %s: plan and test refuse, and nothing is changed',
    async (_what, had, has) => {
      const world = newWorld();
      await world.run('up', world.config(had));
      world.calls.length = 0;

      const refusal = {
        name: 'RefusedError',
        code: 'SECURITY_POLICY_FIXED',
        message: `Cannot give API "holiday-dev" the security policy ${TLS13.securityPolicy}: it has ${has}, and pixgate chooses one only when it makes an API.`,
        suggestions: [
          'make the API anew, at a new address: pixgate teardown --keep-bucket, then pixgate wire',
          'remove securityPolicy from pixgate.yaml: the API then stays as it is',
        ],
      };
      for (const phase of ['wire', 'up'] as const)
        await expect(world.plan(phase, world.config(TLS13))).rejects.toMatchObject(refusal);
      await expect(world.verify(world.config(TLS13))).rejects.toMatchObject(refusal);

      expect(changing(world.calls)).toEqual([]);
    },
  );

  it('is changed by the way out that the refusal names', async () => {
    const world = newWorld();
    await world.run('up');

    await world.run('teardown', world.config(TLS13), { keepBucket: true });
    const { urls = [] } = await world.run('wire', world.config(TLS13));

    expect(policies(world)).toEqual([[TLS13.securityPolicy, 'BASIC']]);
    expect((await world.verify(world.config(TLS13))).failed).toBe(0);
    expect(urls).not.toEqual([]);
  });
});
