import { expect, it } from 'vitest';
import { withFaults } from '../../src/emulator/faults.js';
import { newWorld } from '../stories/world.js';

it.each([
  ['iam', 'CreateRole', /1,000 roles per account/],
  ['apigateway', 'CreateRestApi', /600 Regional or 120 edge-optimized APIs/],
  ['apigateway', 'CreateResource', /300 resources per API/],
  ['apigateway', 'CreateStage', /10 stages per API/],
])(
  '%s %s that meets a full quota is sent once, and the complaint names the quota',
  async (service, operation, words) => {
    let sent = 0;
    const world = newWorld(async (request, handle) => {
      const struck = withFaults({ ...world.emulator, handle }, [
        { kind: 'quota', service, operation, at: 1, times: Number.POSITIVE_INFINITY },
      ]);
      const answer = await struck.handle(request);
      sent += struck.met.length;
      return answer;
    });

    const refusal: unknown = await world.run('up').catch((error: unknown) => error);

    expect(refusal).toMatchObject({ code: 'LIMIT_REACHED', message: expect.stringMatching(words) as string });
    expect(sent).toBe(1);
  },
);
