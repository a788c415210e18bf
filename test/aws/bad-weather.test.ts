import { describe, expect, it } from 'vitest';
import { clientConfig } from '../../src/aws/access.js';
import type { WireResponse } from '../../src/emulator/index.js';
import { openAwsTarget } from '../../src/targets/aws.js';
import { newAwsHosts, type SentRequest } from './aws-hosts.js';
import { operationOf, serviceOf } from './call-lines.js';

const isCreateRestApi = (is: SentRequest): boolean => is.method === 'POST' && is.path === '/restapis';
const isListRestApis = (is: SentRequest): boolean => is.method === 'GET' && is.path === '/restapis';
const isDeleteRestApi = (is: SentRequest): boolean => is.method === 'DELETE' && /^\/restapis\/[a-z0-9]+$/.test(is.path);

/** What a connection that ends without an answer looks like to Node. */
function brokenConnection(): Error {
  return Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
}

function refusal(status: number, code: string, message: string): WireResponse {
  return { status, headers: { 'x-amzn-errortype': code }, body: Buffer.from(JSON.stringify({ message })) };
}

/** The creates that the SDK may send again, since AWS makes a thing of one name only once. */
const NAMED: readonly [name: string, is: (request: SentRequest) => boolean][] = [
  ['CreateBucket', (is) => serviceOf(is) === 's3' && is.method === 'PUT' && is.path === '/' && is.query === ''],
  ['CreateRole', (is) => operationOf(is) === 'CreateRole'],
  ['CreateLogGroup', (is) => operationOf(is) === 'CreateLogGroup'],
  ['CreateResource', (is) => is.method === 'POST' && /\/resources\/\w+$/.test(is.path)],
  ['PutMethod', (is) => is.method === 'PUT' && /\/methods\/[A-Z]+$/.test(is.path)],
  ['PutMethodResponse', (is) => is.method === 'PUT' && /\/methods\/[A-Z]+\/responses\/200$/.test(is.path)],
  ['CreateStage', (is) => is.method === 'POST' && is.path.endsWith('/stages')],
];

describe('a lost reply', () => {
  it.each(NAMED)('of %s, after AWS did it, does not end the run, and nothing is made twice', async (_name, fits) => {
    let lost = 0;
    const hosts = newAwsHosts({
      weather: async (request, pass) => {
        const answer = await pass();
        if (fits(request) && lost++ === 0) throw brokenConnection();
        return answer;
      },
    });

    await hosts.run('up');
    const again = await hosts.run('up');

    expect(lost).toBeGreaterThan(1);
    expect(again.changed).toBe(0);
  });

  it('of CreateRestApi, after AWS made the API, is not asked for again: the tags tell, and there is one API', async () => {
    const hosts = newAwsHosts({
      weather: async (request, pass) => {
        const answer = await pass();
        if (isCreateRestApi(request)) throw brokenConnection();
        return answer;
      },
    });

    await hosts.run('up');

    expect(hosts.sent.filter(isCreateRestApi).map(({ status }) => status)).toEqual([undefined]);
    expect(await (await hosts.world.aws()).apiGateway.listApis()).toHaveLength(1);
    expect((await (await hosts.open()).verify()).failed).toBe(0);
  });

  it('of CreateRestApi, before AWS made anything, ends the run after one try, and the next run makes one API', async () => {
    let broken = 0;
    const hosts = newAwsHosts({
      weather: async (request, pass) => {
        if (isCreateRestApi(request) && broken++ === 0) throw brokenConnection();
        return pass();
      },
    });

    await expect(hosts.run('up')).rejects.toMatchObject({
      code: 'CONNECTION_LOST',
      message: 'Cannot call API Gateway CreateRestApi: the connection broke before AWS had answered.',
    });
    await hosts.run('up');

    expect(hosts.sent.filter(isCreateRestApi).map(({ status }) => status)).toEqual([undefined, 201]);
    expect(await (await hosts.world.aws()).apiGateway.listApis()).toHaveLength(1);
  });
});

describe('a busy AWS', () => {
  it('that answers 503 to a read is asked again, and the run goes on', async () => {
    let refused = 0;
    const hosts = newAwsHosts({
      weather: async (request, pass) =>
        isListRestApis(request) && refused++ < 2 ? refusal(503, 'ServiceUnavailableException', 'busy') : pass(),
    });

    const plan = await (await hosts.open()).plan('init');

    // Listed once to find the installation, and once for the lease.
    expect(hosts.sent.filter(isListRestApis).map(({ status }) => status)).toEqual([503, 503, 200, 200]);
    expect(plan.steps.map(({ action }) => action)).toEqual(['create']);
  });

  it('that lets one DeleteRestApi through in 30 s is waited for on the clock at hand, said aloud', async () => {
    let blockedUntil = Infinity;
    const hosts = newAwsHosts({
      weather: async (request, pass) => {
        if (!isDeleteRestApi(request)) return pass();
        const now = hosts.world.emulator.clock.now();
        // Somebody else in the account has just used up the quota.
        if (blockedUntil === Infinity) blockedUntil = now + 30_000;
        return now < blockedUntil ? refusal(429, 'TooManyRequestsException', 'Too Many Requests') : pass();
      },
    });
    await hosts.run('up');

    const result = await hosts.run('teardown');

    const statuses = hosts.sent.filter(isDeleteRestApi).map(({ status }) => status);
    expect([statuses[0], statuses.at(-1)]).toEqual([429, 202]);
    expect(result.left).toEqual([]);
    const waits = hosts.said.filter(
      (event) => 'type' in event && event.type === 'wait' && event.for.includes('DeleteRestApi'),
    );
    expect(waits).toMatchObject([{ for: 'DeleteRestApi: Too Many Requests', expectedMs: 31_000 }]);
  });
});

describe('a host that never answers', () => {
  it('is given up: every client has time-outs that throw', async () => {
    const hosts = newAwsHosts({ weather: () => new Promise(() => {}), requestTimeout: 30 });

    const opening = hosts.open();

    await expect(opening).rejects.toMatchObject({ name: 'AwsError', code: 'NO_ANSWER' });
    expect(hosts.sent).toHaveLength(4);
    // The test waits 30 ms where the product waits these.
    expect(clientConfig(openAwsTarget({ region: 'eu-west-1' }).access)).toMatchObject({
      maxAttempts: 4,
      retryMode: 'standard',
      requestHandler: {
        connectionTimeout: 5_000,
        socketTimeout: 30_000,
        requestTimeout: 300_000,
        throwOnRequestTimeout: true,
      },
    });
  });
});

describe('a wrong environment', () => {
  it('without credentials is told so before any request leaves', async () => {
    const hosts = newAwsHosts({ credentials: null });

    const opening = hosts.open();

    await expect(opening).rejects.toMatchObject({
      name: 'AwsError',
      code: 'NO_CREDENTIALS',
      message: expect.stringContaining('no AWS credentials are found') as string,
    });
    expect([hosts.sent, hosts.strays]).toEqual([[], []]);
  });

  it('with a Region that does not exist is told which', async () => {
    const region = 'eu-moon-1';
    const hosts = newAwsHosts({
      region,
      weather: ({ host }) => {
        const fault = { code: 'ENOTFOUND', syscall: 'getaddrinfo', hostname: host };
        return Promise.reject(Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), fault));
      },
    });

    const opening = hosts.open();

    await expect(opening).rejects.toMatchObject({
      name: 'AwsError',
      code: 'REGION_UNREACHABLE',
      message: expect.stringContaining(`no such host for region "${region}"`) as string,
    });
    expect([...new Set(hosts.sent.map(({ host }) => host))]).toEqual([`sts.${region}.amazonaws.com`]);
  });
});
