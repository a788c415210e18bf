import { CloudWatchLogsClient, CreateLogStreamCommand, PutLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { describe, expect, it } from 'vitest';
import { clientConfig } from '../../src/aws/access.js';
import type { Config } from '../../src/config/config.js';
import type { LoggedRequest } from '../../src/model/result.js';
import { targetOn } from '../../src/targets/local.js';
import { newWorld, REGION, type World } from './world.js';

const ID = { requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) };

/** A gateway whose logs of the time before lie an hour back. */
async function quietWorld(configOf: (world: World) => Config = (is) => is.config()) {
  const world = newWorld();
  const config = configOf(world);
  const { url = '' } = await world.run('up', config);
  await world.emulator.clock.sleep(3_600_000);
  return { world, url, config, project: await world.open(config) };
}

function brief({ status, method, resource, cached }: LoggedRequest): unknown[] {
  return [status, method, resource, cached];
}

describe('logs', () => {
  it('tell each request once, in order, with what came of it', async () => {
    const { world, url, project } = await quietWorld();
    await world.get(`${url}/images/kite.svg`);
    await world.get(`${url}/images/kite.svg`);
    await world.get(`${url}/images/none.png`);
    await world.get(`${url}/images/kite.svg`, {}, 'HEAD');
    await world.get(`${url}/images/kite.svg`, {}, 'OPTIONS');
    await world.get(`${url}/nowhere`);

    const { requests } = await project.logs();

    expect(requests.map(brief)).toEqual([
      [200, 'GET', '/images/{key+}', false],
      [200, 'GET', '/images/{key+}', true],
      [404, 'GET', '/images/{key+}', false],
      [200, 'HEAD', '/images/{key+}', false],
      [204, 'OPTIONS', '/images/{key+}', false],
      [404, 'GET', undefined, false],
    ]);
    expect(requests[0]).toMatchObject({ ...ID, ip: expect.any(String), bytes: expect.any(Number), execution: [] });
    expect(requests[5]?.error).toBe('MISSING_AUTHENTICATION_TOKEN');
  });

  it('tell what the execution log says below the request that failed, and nothing of the others', async () => {
    const { world, url, project } = await quietWorld((is) =>
      is.config({ logs: { level: 'info', access: true, retentionDays: 30 }, throttle: { rate: 1, burst: 1 } }),
    );
    await world.get(`${url}/images/kite.svg`);
    await world.get(`${url}/images/kite.svg`);

    const { requests } = await project.logs();

    expect(requests.map(({ status }) => status)).toEqual([200, 429]);
    expect(requests[0]?.execution).toEqual([]);
    expect(requests[1]?.execution).toContain('Gateway response type: THROTTLED with status code: 429');
    expect(requests[1]?.execution.filter((line) => line.startsWith('('))).toEqual([]);
  });

  it('tell only errors when only they are wanted', async () => {
    const { world, url, project } = await quietWorld();
    await world.get(`${url}/images/kite.svg`);
    await world.get(`${url}/images/none.png`);

    const { requests } = await project.logs({ errors: true });

    expect(requests.map(({ status }) => status)).toEqual([404]);
  });

  it.each([
    ['a while back', () => ({ lastMs: 60_000 }), [404]],
    ['at a moment', (now: number) => ({ fromMs: now - 60_000 }), [404]],
    ['ten minutes back by default', () => ({}), [200, 404]],
  ])('begin where they are told to: %s', async (_what, optionsOf, expected) => {
    const { world, url, project } = await quietWorld();
    await world.get(`${url}/images/kite.svg`);
    await world.emulator.clock.sleep(300_000);
    await world.get(`${url}/images/none.png`);

    const { since, until, requests } = await project.logs(optionsOf(world.emulator.clock.now()));

    expect(requests.map(({ status }) => status)).toEqual(expected);
    expect(requests.every(({ at }) => since <= at && at <= until)).toBe(true);
  });

  it('begin with the first of all when the moment lies before 1970', async () => {
    const { project } = await quietWorld();

    const { since, requests } = await project.logs({ fromMs: -1 });

    expect(since).toBe('1970-01-01T00:00:00.000Z');
    expect(requests.length).toBeGreaterThan(0);
  });

  it('show lines that are not ours as they stand, and are not upset by them', async () => {
    const { world, url, project } = await quietWorld();
    await world.get(`${url}/images/kite.svg`);
    const lines = ['127.0.0.1 - - GET', '{"status":', '[1]', '"text"', 'null', '{"status":{"a":1}}'];
    await append(world, '/pixgate/holiday/dev/access', lines);

    const { requests } = await project.logs();

    expect(requests.map(({ status, text }) => status ?? text)).toEqual([200, ...lines]);
  });

  it('tell failures of the execution log alone where there is no access log', async () => {
    const { world, url, project } = await quietWorld((is) =>
      is.config({ logs: { level: 'error', access: false, retentionDays: 30 }, throttle: { rate: 1, burst: 1 } }),
    );
    await world.get(`${url}/images/kite.svg`);
    await world.get(`${url}/images/kite.svg`);

    const { requests } = await project.logs({ errors: true });

    expect(requests).toMatchObject([
      { ...ID, execution: expect.arrayContaining(['Method completed with status: 429']) },
    ]);
    expect(requests[0]?.status).toBeUndefined();
  });

  it('give a failure to the request that failed when a client gives two the same id', async () => {
    const { world, url, project } = await quietWorld((is) =>
      is.config({ logs: { level: 'error', access: true, retentionDays: 30 }, throttle: { rate: 1, burst: 1 } }),
    );
    const chosen = { 'x-amzn-RequestId': '11111111-2222-3333-4444-555555555555' };
    await world.get(`${url}/images/kite.svg`, chosen);
    await world.get(`${url}/images/kite.svg`, chosen);

    const { requests } = await project.logs();

    expect(requests.map(({ status, execution }) => [status, execution.length > 0])).toEqual([
      [200, false],
      [429, true],
    ]);
  });

  it('are refused where nothing is logged, and before anything is wired', async () => {
    const world = newWorld();
    const silent = world.config({ logs: { level: 'off', access: false, retentionDays: 30 } });

    await expect((await world.open(silent)).logs()).rejects.toMatchObject({
      code: 'NO_LOGS',
      suggestions: ['set logs: { access: true } in the config file, then pixgate wire'],
    });
    await expect((await world.open()).logs()).rejects.toMatchObject({ code: 'NOT_WIRED' });
  });

  it('are empty when nobody asked for anything, or a group is gone', async () => {
    const { world, url, project } = await quietWorld();
    const nobody = await project.logs();
    await world.get(`${url}/images/kite.svg`);
    await (await world.aws()).logs.deleteGroup('/pixgate/holiday/dev/access');

    expect([nobody.requests, (await project.logs()).requests]).toEqual([[], []]);
  });
});

/** Writes lines to a log group as somebody else would. */
async function append(world: World, logGroupName: string, lines: readonly string[]): Promise<void> {
  const client = new CloudWatchLogsClient(clientConfig(targetOn(world.emulator, REGION, 4510).access));
  const place = { logGroupName, logStreamName: 'theirs' };
  const timestamp = world.emulator.clock.now();
  await client.send(new CreateLogStreamCommand(place));
  await client.send(new PutLogEventsCommand({ ...place, logEvents: lines.map((message) => ({ timestamp, message })) }));
}
