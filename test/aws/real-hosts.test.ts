import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Phase } from '../../src/model/plan.js';
import { openAwsTarget } from '../../src/targets/aws.js';
import { type AwsHosts, ledgerOf, newAwsHosts, type SentRequest } from './aws-hosts.js';
import { callLines, operationOf, serviceOf } from './call-lines.js';

const LIFE: readonly Phase[] = ['init', 'upload', 'wire', 'teardown'];
const STS = 'sts.eu-west-1.amazonaws.com';
const IAM = 'iam.amazonaws.com';
const GATEWAY = 'apigateway.eu-west-1.amazonaws.com';
const LOGS = 'logs.eu-west-1.amazonaws.com';
const POOLS = 'cognito-idp.eu-west-1.amazonaws.com';
const BUCKET = '{bucket}.s3.eu-west-1.amazonaws.com';
/** Where the buckets of the account are listed. */
const BUCKETS = 's3.eu-west-1.amazonaws.com';
const API = '{api}.execute-api.eu-west-1.amazonaws.com';

/** The hosts that were called, with stable names. */
function hostsOf(sent: readonly SentRequest[]): string[] {
  const named = sent.map(({ host }) =>
    host
      .replace(/^pixgate-holiday-dev-images-[0-9a-f]{6}-\d{12}-eu-west-1-an\./, '{bucket}.')
      .replace(/^[a-z0-9]{10}\.exec/, '{api}.exec'),
  );
  return [...new Set(named)].sort();
}

/** Runs phases from the first on, and answers what the last of them sent. */
async function runThrough(hosts: AwsHosts, last: Phase): Promise<readonly SentRequest[]> {
  for (const phase of LIFE.slice(0, LIFE.indexOf(last))) await hosts.run(phase);
  const before = hosts.sent.length;
  await hosts.run(last);
  return hosts.sent.slice(before);
}

/** The one request that fits. */
function only(sent: readonly SentRequest[], fits: (request: SentRequest) => boolean): SentRequest {
  const [found, ...others] = sent.filter(fits);
  if (found === undefined || others.length > 0) throw new Error(`not one request fits but ${others.length + 1}`);
  return found;
}

const isCreateBucket = (is: SentRequest): boolean =>
  serviceOf(is) === 's3' && is.method === 'PUT' && is.path === '/' && is.query === '';
const isPost = (pattern: RegExp) => (is: SentRequest) =>
  serviceOf(is) === 'apigateway' && is.method === 'POST' && pattern.test(is.path);

describe('the hosts of AWS', () => {
  it.each<[Phase, string[]]>([
    ['init', [STS, GATEWAY, IAM, LOGS, BUCKET, BUCKETS]],
    ['upload', [STS, BUCKET]],
    ['wire', [STS, IAM, GATEWAY, LOGS, BUCKET, BUCKETS, API]],
    ['teardown', [STS, IAM, GATEWAY, LOGS, POOLS, BUCKET, BUCKETS]],
  ])('%s calls these and no others, in this order', async (phase, expected) => {
    const hosts = newAwsHosts();

    const sent = await runThrough(hosts, phase);

    expect(hostsOf(sent)).toEqual(expected.sort());
    expect(hosts.strays).toEqual([]);
    await expect(callLines(sent)).toMatchFileSnapshot(`${phase}.calls.golden.txt`);
  });

  it('cannot be reached over plain HTTP, nor can any other host', async () => {
    const { sent, strays } = newAwsHosts();
    const { ask } = openAwsTarget({ region: 'eu-west-1' });

    const outcomes = await Promise.allSettled(
      [`http://${STS}/`, 'http://169.254.169.254/latest', 'https://amazonaws.example/'].map((url) =>
        ask({ method: 'GET', url, headers: {} }),
      ),
    );

    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(strays).toEqual([`${STS}:80`, '169.254.169.254:80', 'amazonaws.example:443']);
    expect(sent).toEqual([]);
  });

  it('test passes on a finished gateway, and asks it at its own host name without a signature', async () => {
    const hosts = newAwsHosts();
    await hosts.run('up');
    hosts.sent.length = 0;

    const report = await (await hosts.open()).verify();

    expect(report.results.filter(({ status }) => status !== 'passed')).toEqual([]);
    expect(hostsOf(hosts.sent)).toEqual([STS, IAM, GATEWAY, LOGS, BUCKET, API].sort());
    const asked = hosts.sent.filter((is) => serviceOf(is) === 'execute-api');
    expect(asked.length).toBeGreaterThan(100);
    expect(asked.filter(({ headers }) => 'authorization' in headers)).toEqual([]);
  });

  it('every call is signed for its own service and Region, and IAM for us-east-1', async () => {
    const hosts = newAwsHosts();

    await runThrough(hosts, 'teardown');

    const scopes = hosts.sent
      .filter((is) => serviceOf(is) !== 'execute-api')
      .map(
        (is) =>
          `${serviceOf(is)}: ${/^AWS4-HMAC-SHA256 Credential=\w+\/\d{8}\/(\S+)\/aws4_request/.exec(is.headers['authorization'] ?? '')?.[1]}`,
      );
    expect([...new Set(scopes)].sort()).toEqual([
      'apigateway: eu-west-1/apigateway',
      'cognito-idp: eu-west-1/cognito-idp',
      'iam: us-east-1/iam',
      'logs: eu-west-1/logs',
      's3: eu-west-1/s3',
      'sts: eu-west-1/sts',
    ]);
    // The account checks every signature over method, path, query, headers and body.
    expect(hosts.sent.filter(({ status }) => status === 403 || status === 401)).toEqual([]);
  });
});

describe('what S3 is sent', () => {
  it('every call but CreateBucket and ListBuckets names the account that must own the bucket', async () => {
    const hosts = newAwsHosts();

    await runThrough(hosts, 'teardown');

    const calls = hosts.sent.filter((is) => serviceOf(is) === 's3');
    const toBuckets = calls.filter(({ query }) => !query.includes('prefix=pixgate-'));
    const unnamed = toBuckets.filter(
      ({ headers }) => headers['x-amz-expected-bucket-owner'] !== hosts.world.emulator.accountId,
    );
    expect(calls.length).toBeGreaterThan(50);
    expect(unnamed.map(({ method, path: at, query }) => [method, at, query])).toEqual([['PUT', '/', '']]);
  });

  it.each([
    ['eu-west-1', '<LocationConstraint>eu-west-1</LocationConstraint>'],
    ['us-east-1', undefined],
  ])('CreateBucket in %s names the Region as AWS wants it: %s', async (region, location) => {
    const hosts = newAwsHosts({ region });

    const sent = await runThrough(hosts, 'init');

    const { host, headers, body } = only(sent, isCreateBucket);
    expect(host).toMatch(new RegExp(`^pixgate-[a-z0-9-]+\\.s3\\.${region}\\.amazonaws\\.com$`));
    expect(/<LocationConstraint>.*<\/LocationConstraint>/.exec(body.toString())?.[0]).toBe(location);
    expect(headers['x-amz-object-ownership']).toBe('BucketOwnerEnforced');
  });

  it('PutObject carries the bytes with their CRC32, their type and the stored headers', async () => {
    const hosts = newAwsHosts();
    const types: Record<string, string> = {
      avif: 'image/avif',
      gif: 'image/gif',
      ico: 'image/vnd.microsoft.icon',
      jpg: 'image/jpeg',
      png: 'image/png',
      svg: 'image/svg+xml',
      webp: 'image/webp',
    };

    const sent = await runThrough(hosts, 'upload');

    const puts = sent.filter((is) => is.method === 'PUT' && is.path.startsWith('/images/'));
    expect(puts.length).toBe(14);
    for (const { path: at, headers, body } of puts) {
      const file = readFileSync(path.join(hosts.world.folder, decodeURIComponent(at)));
      const checksum = Buffer.alloc(4);
      checksum.writeUInt32BE(crc32(file));
      expect(body.equals(file), at).toBe(true);
      expect(headers).toMatchObject({
        'x-amz-checksum-crc32': checksum.toString('base64'),
        'x-amz-content-sha256': createHash('sha256').update(file).digest('hex'),
        'content-type': types[path.extname(at).slice(1)],
        'content-length': String(file.length),
        'cache-control': 'public, max-age=300',
      });
    }
  });
});

describe('what is made', () => {
  it('carries the installation token in the create call itself', async () => {
    const hosts = newAwsHosts();

    await runThrough(hosts, 'wire');

    const token = (JSON.parse(ledgerOf(hosts)) as { installation?: string }).installation ?? '';
    expect(token).toMatch(/^[0-9a-f-]{36}$/);
    const { sent } = hosts;
    expect(only(sent, isCreateBucket).body.toString()).toContain(
      `<Tag><Key>pixgate:token</Key><Value>${token}</Value></Tag>`,
    );
    for (const at of [/^\/restapis$/, /\/stages$/])
      expect(JSON.parse(only(sent, isPost(at)).body.toString())).toMatchObject({ tags: { 'pixgate:token': token } });
    const groups = sent.filter((is) => operationOf(is) === 'CreateLogGroup');
    expect(groups.map(({ body }) => JSON.parse(body.toString()).tags['pixgate:token'])).toEqual([token, token]);
    // The logging role is shared by all environments of the Region, so it belongs to none of them.
    const roles = sent
      .filter((is) => operationOf(is) === 'CreateRole')
      .map(({ body }) => [...new URLSearchParams(body.toString()).values()]);
    expect(roles.map((values) => values.includes(token))).toEqual([true, false]);
  });

  it('has a stage of its own: CreateDeployment names none', async () => {
    const hosts = newAwsHosts();

    const sent = await runThrough(hosts, 'wire');

    expect(Object.keys(JSON.parse(only(sent, isPost(/\/deployments$/)).body.toString()))).toEqual(['description']);
    expect(JSON.parse(only(sent, isPost(/\/stages$/)).body.toString())).toMatchObject({ stageName: 'dev' });
  });
});
