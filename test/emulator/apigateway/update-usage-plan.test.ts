import { UpdateUsagePlanCommand } from '@aws-sdk/client-api-gateway';
import { describe, expect, it } from 'vitest';
import {
  badRequest,
  createControlPlane,
  makeLive,
  notFound,
  type PatchChange,
  patch,
  refused,
} from './control-plane.js';

/** A plan of one stage, and ways to change and read it. */
function makePlan(input: object = {}) {
  const plane = createControlPlane();
  const { id: apiId } = makeLive(plane);
  const apiStages = [{ apiId, stage: 'live' }];
  const plan = plane.make('POST', '/usageplans', { name: 'plan', apiStages, ...input });
  const path = `/usageplans/${plan['id']}`;
  const change = (...changes: readonly PatchChange[]) => plane.ask('PATCH', path, patch(...changes));
  return { plane, apiId, plan, change, read: () => plane.make('GET', path) };
}

const THROTTLE = { burstLimit: 5, rateLimit: 2.5 };
const QUOTA = { limit: 100, offset: 0, period: 'MONTH' };

describe('UpdateUsagePlan', () => {
  it('changes a plan through the SDK', async () => {
    const { plane, plan } = makePlan();

    const { $metadata, ...changed } = await plane.client.send(
      new UpdateUsagePlanCommand({
        usagePlanId: String(plan['id']),
        patchOperations: [{ op: 'replace', path: '/name', value: 'new' }],
      }),
    );

    expect($metadata.httpStatusCode).toBe(200);
    expect(changed).toEqual({ ...plan, name: 'new' });
  });

  it.each<[string, object, readonly PatchChange[], object]>([
    ['a name', {}, [['replace', '/name', 'b']], { name: 'b' }],
    ['a description', {}, [['replace', '/description', 'b']], { description: 'b' }],
    ['no description', { description: 'a' }, [['replace', '/description', '']], { description: undefined }],
    ['a product', {}, [['add', '/productCode', 'p']], { productCode: 'p' }],
    [
      'no product',
      {},
      [
        ['add', '/productCode', 'p'],
        ['remove', '/productCode'],
      ],
      { productCode: undefined },
    ],
    [
      'an empty product',
      {},
      [
        ['add', '/productCode', 'p'],
        ['replace', '/productCode', ''],
      ],
      { productCode: undefined },
    ],
    [
      'one limit of a throttle',
      { throttle: THROTTLE },
      [['replace', '/throttle/burstLimit', '9']],
      { throttle: { burstLimit: 9, rateLimit: 2.5 } },
    ],
    [
      'a new throttle',
      {},
      [
        ['add', '/throttle/rateLimit', '0.5'],
        ['add', '/throttle/burstLimit', '1'],
      ],
      { throttle: { burstLimit: 1, rateLimit: 0.5 } },
    ],
    ['half a throttle', {}, [['add', '/throttle/rateLimit', '0.5']], { throttle: { burstLimit: 0, rateLimit: 0.5 } }],
    ['no throttle', { throttle: THROTTLE }, [['remove', '/throttle']], { throttle: undefined }],
    ['one limit of a quota', { quota: QUOTA }, [['replace', '/quota/limit', '7']], { quota: { ...QUOTA, limit: 7 } }],
    [
      'a new quota',
      {},
      [
        ['add', '/quota/limit', '7'],
        ['add', '/quota/period', 'DAY'],
      ],
      { quota: { limit: 7, offset: 0, period: 'DAY' } },
    ],
    ['an offset', { quota: QUOTA }, [['replace', '/quota/offset', '27']], { quota: { ...QUOTA, offset: 27 } }],
    [
      'an offset and its period',
      { quota: QUOTA },
      [
        ['replace', '/quota/offset', '6'],
        ['replace', '/quota/period', 'WEEK'],
      ],
      { quota: { limit: 100, offset: 6, period: 'WEEK' } },
    ],
    ['no quota', { quota: QUOTA }, [['remove', '/quota']], { quota: undefined }],
  ])('gives it %s', (_what, before, changes, after) => {
    const { change, plan, read } = makePlan(before);

    const reply = change(...changes);

    const expected = JSON.parse(JSON.stringify({ ...plan, ...after }));
    expect(reply).toEqual({ status: 200, type: undefined, body: expected });
    expect(read()).toEqual(expected);
  });

  it('adds a stage once and at the end, and takes it away', () => {
    const { plane, apiId, change } = makePlan();
    const { id: other } = makeLive(plane);
    const stagesAfter = (...changes: PatchChange[]) => (change(...changes).body as { apiStages: unknown }).apiStages;
    const [first, second] = [apiId, other].map((id) => ({ apiId: id, stage: 'live' }));

    const added = stagesAfter(['add', '/apiStages', `${other}:live`]);
    const again = stagesAfter(['add', '/apiStages', `${other}:live`]);
    const removed = stagesAfter(['remove', '/apiStages', `${apiId}:live`]);

    expect([added, again, removed]).toEqual([[first, second], [first, second], [second]]);
  });

  const ofRemoval = (path: string) =>
    `Invalid patch path  '${path}' specified for op 'remove'. Must be one of: [/apiStages, /quota, /throttle, /productCode, /apiStages/<apidId:stageName>/throttle/<resourcePath>/<httpMethod>, /apiStages/<apidId:stageName>/throttle]`;

  it.each<[PatchChange, string]>([
    [['remove', '/apiStages/X:dev'], ofRemoval('/apiStages/X:dev')],
    [['remove', '/name'], ofRemoval('/name')],
    [
      ['replace', '/id', 'x'],
      "Invalid patch path  '/id' specified for op 'replace'. Must be one of: [/name, /description, /productCode, /throttle/burstLimit, /throttle/rateLimit, /quota/limit, /quota/offset, /quota/period]",
    ],
    [
      ['add', '/name', 'x'],
      "Invalid patch path  '/name' specified for op 'add'. Must be one of: [/productCode, /apiStages, /throttle/burstLimit, /throttle/rateLimit, /quota/limit, /quota/offset, /quota/period]",
    ],
    [['replace', '/name', ''], 'Usage Plan name cannot be an empty string'],
    [['add', '/apiStages', 'live'], 'Invalid API Stage specified'],
    [['add', '/apiStages'], 'Invalid API Stage specified'],
    [['remove', '/apiStages', 'a:b:c'], 'Invalid API Stage specified'],
    [['replace', '/throttle/burstLimit', '1.5'], 'Invalid throttle burst limit specified'],
    [['replace', '/throttle/burstLimit', '-1'], 'Invalid throttle burst limit specified'],
    [['replace', '/throttle/rateLimit', 'fast'], 'Invalid throttle rate limit specified'],
    [['replace', '/throttle/rateLimit', 'Infinity'], 'Invalid throttle rate limit specified'],
    [['replace', '/throttle/rateLimit'], 'Invalid throttle rate limit specified'],
    [['replace', '/quota/limit', ''], 'Invalid quota limit specified'],
    [['replace', '/quota/period', 'YEAR'], 'Invalid quota period specified'],
    [
      ['replace', '/quota/offset', '28'],
      'Usage Plan quota offset must be between 0 and 27 inclusive in the MONTH period',
    ],
  ])('refuses %j, and the changes before it', (wrong, message) => {
    const { change, plan, read } = makePlan({ throttle: THROTTLE, quota: QUOTA });

    expect(change(['replace', '/description', 'b'], wrong)).toEqual(badRequest(message));
    expect(read()).toEqual(plan);
  });

  it.each(['add', 'remove'])('does not find the stage to %s, or the plan', (op) => {
    const { plane, apiId, change, plan } = makePlan();

    expect(change([op, '/apiStages', `${apiId}:nothere`])).toEqual(
      notFound(`Invalid API Stage {api: ${apiId}, stage: nothere} specified for usageplan ${plan['id']}`),
    );
    expect(plane.ask('PATCH', '/usageplans/nothere', patch())).toEqual(notFound('Invalid Usage Plan ID specified'));
  });

  it.each(['/throttle', '/throttle/a/GET', '/throttle/a/GET/rateLimit'])('answers 501 to %s of a stage', (tail) => {
    const { apiId, change } = makePlan();

    expect(change(['replace', `/apiStages/${apiId}:live${tail}`, '{}'])).toEqual(
      refused(501, 'NotImplemented', 'The local cloud does not emulate apigateway UpdateUsagePlan apiStages throttle.'),
    );
  });
});

describe('the limits of a new usage plan', () => {
  it.each([
    [{ throttle: { burstLimit: 3 } }, { throttle: { burstLimit: 3, rateLimit: 0 } }],
    [{ quota: { limit: 3, period: 'DAY' } }, { quota: { limit: 3, offset: 0, period: 'DAY' } }],
  ])('are filled up: %j', (asked, kept) => {
    expect(makePlan(asked).plan).toMatchObject(kept);
  });

  it.each([
    [{ throttle: { burstLimit: -1 } }, 'Invalid throttle burst limit specified'],
    [{ throttle: { rateLimit: -0.5 } }, 'Invalid throttle rate limit specified'],
    [{ quota: { period: 'DAY' } }, 'Invalid quota limit specified'],
    [{ quota: { limit: -1, period: 'DAY' } }, 'Invalid quota limit specified'],
    [{ quota: { limit: 1 } }, 'Invalid quota period specified'],
    [{ quota: { limit: 1, offset: 1, period: 'DAY' } }, 'Usage Plan quota offset must be zero in the DAY period'],
    [
      { quota: { limit: 1, offset: 7, period: 'WEEK' } },
      'Usage Plan quota offset must be between 0 and 6 inclusive in the WEEK period',
    ],
    [
      { quota: { limit: 1, offset: -1, period: 'MONTH' } },
      'Usage Plan quota offset must be between 0 and 27 inclusive in the MONTH period',
    ],
  ])('are refused where they make no sense: %j', (asked, message) => {
    const plane = createControlPlane();

    expect(plane.ask('POST', '/usageplans', { name: 'a', ...asked })).toEqual(badRequest(message));
    expect(plane.make('GET', '/usageplans')).toEqual({ item: [] });
  });
});
