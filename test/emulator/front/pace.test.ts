import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { EmulatorOptions, TimeSource, WireResponse } from '../../../src/emulator/index.js';
import { headersOf, type LocalCloud, openCloud, type SignAsk, textOf } from './local-cloud.js';

/** A clock that only a test moves. */
function handClock(): TimeSource & { nowMs: number } {
  return {
    nowMs: Date.UTC(2026, 0, 1),
    now() {
      return this.nowMs;
    },
  };
}

type Ask = Pick<SignAsk, 'method' | 'path' | 'query' | 'body'>;

const json = (value: object): Buffer => Buffer.from(JSON.stringify(value));
const typed = (type: string): Ask => ({
  method: 'POST',
  path: '/restapis',
  body: json({ name: 'a', endpointConfiguration: { types: [type] } }),
});

async function send(cloud: LocalCloud, ask: Ask, region = 'eu-west-1'): Promise<WireResponse> {
  return cloud.sendSigned({ ...ask, service: 'apigateway', host: `apigateway.${region}.amazonaws.com`, region });
}

/** A cloud at AWS's pace on a clock that stands still. */
function pacedCloud(options: EmulatorOptions = {}) {
  const clock = handClock();
  return { clock, cloud: openCloud({ clock, settings: { pace: 'aws' }, ...options }) };
}

/** Each quota, and a call that it counts; most of the calls fail, and count all the same. */
const ROWS: readonly [name: string, atOnce: number, everyMs: number, ask: Ask][] = [
  ['CreateRestApi REGIONAL', 1, 3_000, typed('REGIONAL')],
  ['CreateRestApi PRIVATE', 1, 3_000, typed('PRIVATE')],
  ['CreateRestApi EDGE', 1, 30_000, typed('EDGE')],
  ['CreateRestApi without a type', 1, 30_000, { method: 'POST', path: '/restapis', body: json({ name: 'a' }) }],
  [
    'ImportRestApi REGIONAL',
    1,
    3_000,
    { method: 'POST', path: '/restapis', query: 'mode=import&endpointConfigurationTypes=REGIONAL', body: json({}) },
  ],
  ['ImportRestApi', 1, 30_000, { method: 'POST', path: '/restapis', query: 'mode=import', body: json({}) }],
  ['PutRestApi', 1, 1_000, { method: 'PUT', path: '/restapis/a1', body: json({}) }],
  ['DeleteRestApi', 1, 30_000, { method: 'DELETE', path: '/restapis/a1' }],
  ['CreateResource', 5, 200, { method: 'POST', path: '/restapis/a1/resources/r1', body: json({ pathPart: 'a' }) }],
  ['DeleteResource', 5, 200, { method: 'DELETE', path: '/restapis/a1/resources/r1' }],
  ['GetResources', 5, 400, { method: 'GET', path: '/restapis/a1/resources' }],
  ['CreateDeployment', 1, 5_000, { method: 'POST', path: '/restapis/a1/deployments', body: json({}) }],
  ['CreateApiKey', 5, 200, { method: 'POST', path: '/apikeys', body: json({ name: 'k' }) }],
  ['DeleteApiKey', 5, 200, { method: 'DELETE', path: '/apikeys/k1' }],
  ['UpdateAccount', 1, 20_000, { method: 'PATCH', path: '/account', body: json({ patchOperations: [] }) }],
  ['UpdateUsagePlan', 1, 20_000, { method: 'PATCH', path: '/usageplans/u1', body: json({ patchOperations: [] }) }],
  ['CreateDomainName', 1, 30_000, { method: 'POST', path: '/domainnames', body: json({ domainName: 'a.b' }) }],
  ['DeleteDomainName', 1, 30_000, { method: 'DELETE', path: '/domainnames/a.b' }],
  ['UpdateDomainName', 1, 30_000, { method: 'PATCH', path: '/domainnames/a.b', body: json({ patchOperations: [] }) }],
  ['all calls together', 40, 100, { method: 'GET', path: '/restapis' }],
];

describe("a cloud at AWS's pace", () => {
  it.each(ROWS)('lets %s through %i at once, then one every %i ms', async (_name, atOnce, everyMs, ask) => {
    const { cloud, clock } = pacedCloud();
    const isLate = async () => (await send(cloud, ask)).status === 429;

    const burst: boolean[] = [];
    for (let nth = 0; nth <= atOnce; nth += 1) burst.push(await isLate());
    clock.nowMs += everyMs - 1;
    const early = await isLate();
    clock.nowMs += 1;
    const onTime = [await isLate(), await isLate()];
    clock.nowMs += 3_600_000;
    const rested: boolean[] = [];
    for (let nth = 0; nth <= atOnce; nth += 1) rested.push(await isLate());

    expect(burst).toEqual([...Array.from({ length: atOnce }, () => false), true]);
    expect([early, ...onTime]).toEqual([true, false, true]);
    expect(rested).toEqual(burst);
  });

  it('answers 429 TooManyRequestsException with a Retry-After in whole seconds, which is long enough', async () => {
    const { cloud, clock } = pacedCloud();
    await send(cloud, typed('EDGE'));
    clock.nowMs += 12_345;

    const late = await send(cloud, typed('EDGE'));
    clock.nowMs += 18_000;
    const later = await send(cloud, typed('EDGE'));

    expect([late.status, textOf(late)]).toEqual([429, '{"message":"Too Many Requests"}']);
    expect(headersOf(late)).toMatchObject({
      'x-amzn-errortype': 'TooManyRequestsException',
      'retry-after': '18',
      'x-amzn-requestid': expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    });
    expect(later.status).toBe(201);
  });

  it('does nothing of a call that comes too early', async () => {
    const { cloud } = pacedCloud();
    const first = await send(cloud, typed('REGIONAL'));
    await send(cloud, typed('REGIONAL'));

    const listed = JSON.parse(textOf(await send(cloud, { method: 'GET', path: '/restapis' }))) as { item: unknown[] };

    expect(first.status).toBe(201);
    expect(listed.item).toHaveLength(1);
  });

  it('takes no turn of the common quota for a call that its own quota refuses', async () => {
    const { cloud } = pacedCloud();
    for (let nth = 0; nth < 60; nth += 1) await send(cloud, typed('REGIONAL'));

    const statuses: number[] = [];
    for (let nth = 0; nth < 40; nth += 1)
      statuses.push((await send(cloud, { method: 'GET', path: '/restapis' })).status);

    expect(statuses.filter((status) => status === 200)).toHaveLength(39);
    expect(statuses.at(-1)).toBe(429);
  });

  it('counts each Region by itself', async () => {
    const { cloud } = pacedCloud();

    const here = [await send(cloud, typed('REGIONAL')), await send(cloud, typed('REGIONAL'))];
    const there = await send(cloud, typed('REGIONAL'), 'us-east-1');

    expect([...here, there].map(({ status }) => status)).toEqual([201, 429, 201]);
  });

  it('goes by the clock of the account, which skips ahead', async () => {
    const { cloud } = pacedCloud();
    await send(cloud, typed('EDGE'));

    await cloud.emulator.clock.sleep(30_000);

    expect((await send(cloud, typed('EDGE'))).status).toBe(201);
  });

  it('leaves IAM and S3 as fast as they are', async () => {
    const { cloud } = pacedCloud();

    const statuses: number[] = [];
    for (let nth = 0; nth < 60; nth += 1) {
      const body = Buffer.from('Action=ListRoles&Version=2010-05-08');
      statuses.push(
        (await cloud.sendSigned({ service: 'iam', host: 'iam.amazonaws.com', method: 'POST', body })).status,
      );
      statuses.push((await cloud.sendSigned({ service: 's3', host: 's3.eu-west-1.amazonaws.com' })).status);
    }

    expect(new Set(statuses)).toEqual(new Set([200]));
  });
});

describe('a cloud without a pace', () => {
  it('refuses nobody for haste', async () => {
    const cloud = openCloud({ clock: handClock() });

    const statuses: number[] = [];
    for (let nth = 0; nth < 60; nth += 1) statuses.push((await send(cloud, typed('EDGE'))).status);

    expect(new Set(statuses)).toEqual(new Set([201]));
  });
});

describe('the pace of an account on disk', () => {
  function folderCloud() {
    const folder = mkdtempSync(path.join(tmpdir(), 'pixgate-pace-'));
    const clock = handClock();
    const opened: LocalCloud[] = [];
    onTestFinished(() => {
      for (const { emulator } of opened) emulator.close();
      rmSync(folder, { recursive: true });
    });
    return (settings?: NonNullable<EmulatorOptions['settings']>): LocalCloud => {
      const cloud = openCloud({ folder, clock, ...(settings === undefined ? {} : { settings }) });
      opened.push(cloud);
      return cloud;
    };
  }

  it('is remembered, and its turns are shared by everybody who holds it', async () => {
    const open = folderCloud();
    const one = open({ pace: 'aws' });
    const two = open();

    const statuses = [await send(one, typed('REGIONAL')), await send(two, typed('REGIONAL'))].map((is) => is.status);

    expect(statuses).toEqual([201, 429]);
  });

  it('is over for those who come after it was asked to be', async () => {
    const open = folderCloud();
    await send(open({ pace: 'aws' }), typed('REGIONAL'));

    const statuses = [await send(open({ pace: 'none' }), typed('REGIONAL')), await send(open(), typed('REGIONAL'))];

    expect(statuses.map((is) => is.status)).toEqual([201, 201]);
  });
});
