import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import {
  APIGatewayClient,
  CreateDeploymentCommand,
  CreateRestApiCommand,
  GetResourcesCommand,
  PutIntegrationCommand,
  PutIntegrationResponseCommand,
  PutMethodCommand,
  PutMethodResponseCommand,
} from '@aws-sdk/client-api-gateway';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  CreateBucketCommand,
  GetObjectCommand,
  PutBucketAccelerateConfigurationCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { WireRequest } from '../../../src/emulator/index.js';
import { ACCOUNT, headersOf, type LocalCloud, openCloud, sign, textOf } from './local-cloud.js';

const GET = { method: 'GET', query: '', headers: {}, body: new Uint8Array() };
const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'apigateway.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});

async function withBucket(cloud: LocalCloud, forcePathStyle = false): Promise<S3Client> {
  const s3 = new S3Client({ ...cloud.config(), forcePathStyle });
  await s3.send(
    new CreateBucketCommand({ Bucket: 'photos', CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }),
  );
  return s3;
}

/** An API with one method that answers `{"from":"mock"}`; behind IAM when asked. Answers its id. */
async function withApi(cloud: LocalCloud, authorizationType = 'NONE'): Promise<string> {
  const gateway = new APIGatewayClient(cloud.config());
  const { id: restApiId = '' } = await gateway.send(new CreateRestApiCommand({ name: 'mock' }));
  const { items } = await gateway.send(new GetResourcesCommand({ restApiId }));
  const at = { restApiId, resourceId: items?.[0]?.id ?? '', httpMethod: 'GET' };
  const requestTemplates = { 'application/json': '{"statusCode": 200}' };
  const responseTemplates = { 'application/json': '{"from":"mock"}' };
  await gateway.send(new PutMethodCommand({ ...at, authorizationType }));
  await gateway.send(new PutMethodResponseCommand({ ...at, statusCode: '200' }));
  await gateway.send(new PutIntegrationCommand({ ...at, type: 'MOCK', requestTemplates }));
  await gateway.send(new PutIntegrationResponseCommand({ ...at, statusCode: '200', responseTemplates }));
  await gateway.send(new CreateDeploymentCommand({ restApiId, stageName: 'live' }));
  return restApiId;
}

describe('calls of a finished API', () => {
  test('are served by host name, by path on any host, and by fetch', async () => {
    const cloud = openCloud();
    const apiId = await withApi(cloud);
    const host = `${apiId}.execute-api.eu-west-1.amazonaws.com`;

    const byHost = await cloud.emulator.handle({ ...GET, host, path: '/live' });
    const byPath = await cloud.emulator.handle({ ...GET, host: '127.0.0.1', path: `/_aws/execute-api/${apiId}/live/` });
    const byFetch = await cloud.emulator.fetch(new Request(`https://${host}/live`));

    expect([byHost.status, textOf(byHost)]).toEqual([200, '{"from":"mock"}']);
    expect([byPath.status, textOf(byPath)]).toEqual([200, '{"from":"mock"}']);
    expect([byFetch.status, await byFetch.text()]).toEqual([200, '{"from":"mock"}']);
    expect(byFetch.headers.get('content-type')).toBe('application/json');
    expect(cloud.calls.slice(-3)).toEqual(
      [1, 2, 3].map((n) => ({
        n: cloud.calls.length - 3 + n,
        service: 'execute-api',
        operation: 'Invoke',
        mutating: false,
        status: 200,
        region: 'eu-west-1',
      })),
    );
  });

  test.each([
    ['abcde12345.execute-api.eu-west-1.amazonaws.com', '/live'],
    ['127.0.0.1', '/_aws/execute-api/abcde12345/live'],
    ['127.0.0.1', '/_aws/execute-api/abcde12345'],
  ])('are Forbidden for an unknown API: %s%s', async (host, target) => {
    const cloud = openCloud();

    const response = await cloud.emulator.handle({ ...GET, host, path: target });

    expect([response.status, textOf(response)]).toEqual([403, '{"message":"Forbidden"}']);
  });

  test('are Forbidden in another Region, at an unknown stage, and at none', async () => {
    const cloud = openCloud();
    const apiId = await withApi(cloud);
    const send = (region: string, target: string) =>
      cloud.emulator.handle({ ...GET, host: `${apiId}.execute-api.${region}.amazonaws.com`, path: target });

    const statuses = [await send('us-east-1', '/live'), await send('eu-west-1', '/test'), await send('eu-west-1', '/')];

    expect(statuses.map((response) => [response.status, textOf(response)])).toEqual(
      Array(3).fill([403, '{"message":"Forbidden"}']),
    );
  });

  test('behind IAM pass with a good signature for execute-api, and with no other', async () => {
    const cloud = openCloud();
    const host = `${await withApi(cloud, 'AWS_IAM')}.execute-api.eu-west-1.amazonaws.com`;
    const keys = cloud.emulator.credentials;
    const good = await sign(keys, { service: 'execute-api', host, path: '/live' });
    const asS3 = await sign(keys, { service: 's3', host, path: '/live' });
    const wrong = await sign({ ...keys, secretAccessKey: 'x' }, { service: 'execute-api', host, path: '/live' });
    const unknown = await sign(
      { accessKeyId: 'AKIANOBODY0000000000', secretAccessKey: 'x' },
      { service: 'execute-api', host, path: '/live' },
    );
    const send = async (request: WireRequest) => {
      const response = await cloud.emulator.handle(request);
      return [response.status, headersOf(response)['x-amzn-errortype']];
    };

    const answers = [
      await send(good),
      await send({ ...GET, host, path: '/live' }),
      await send(wrong),
      await send(asS3),
      await send(unknown),
      await send({ ...GET, host, path: '/live', headers: { authorization: 'Bearer x' } }),
    ];

    expect(answers).toEqual([
      [200, undefined],
      [403, 'MissingAuthenticationTokenException'],
      [403, 'InvalidSignatureException'],
      [403, 'InvalidSignatureException'],
      [403, 'UnrecognizedClientException'],
      [403, 'IncompleteSignatureException'],
    ]);
  });
});

describe('S3 through the front', () => {
  test.each([true, false])('objects go in and out, path style %s', async (forcePathStyle) => {
    const s3 = await withBucket(openCloud(), forcePathStyle);
    const Key = 'a b/ü+%.png';

    await s3.send(new PutObjectCommand({ Bucket: 'photos', Key, Body: Buffer.from([0, 255, 1]) }));
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'photos', Key }));

    expect(await Body?.transformToByteArray()).toEqual(new Uint8Array([0, 255, 1]));
  });

  test('a streamed body is unpacked, and neither chunks nor trailer are stored', async () => {
    const s3 = await withBucket(openCloud());
    const Body = Readable.from([Buffer.from('one\r\n'), Buffer.from('two')]);

    await s3.send(new PutObjectCommand({ Bucket: 'photos', Key: 'k', Body, ContentLength: 8 }));

    const answer = await s3.send(new GetObjectCommand({ Bucket: 'photos', Key: 'k', ChecksumMode: 'ENABLED' }));
    expect(await answer.Body?.transformToString()).toBe('one\r\ntwo');
    expect([answer.ContentEncoding, answer.ContentLength]).toEqual([undefined, 8]);
    expect(answer.ChecksumCRC32).toMatch(/^.{6}==$/);
  });

  const chunked: [what: string, body: string, length: number, status: number][] = [
    ['whole chunks', '3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n', 5, 200],
    ['a wrong checksum in the trailer', '3\r\nabc\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n', 3, 400],
    ['another length than announced', '3\r\nabc\r\n0\r\n\r\n', 4, 400],
    ['a chunk cut short', '5\r\nabc\r\n0\r\n\r\n', 3, 400],
    ['no last chunk', '3\r\nabc\r\n', 3, 400],
    ['no chunks at all', 'abc', 3, 400],
  ];
  test.each(chunked)('a body of %s is answered', async (_what, body, length, status) => {
    const cloud = openCloud();
    await withBucket(cloud);

    const response = await cloud.sendSigned({
      service: 's3',
      host: 's3.eu-west-1.amazonaws.com',
      method: 'PUT',
      path: '/photos/k',
      headers: {
        'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
        'content-encoding': 'aws-chunked',
        'x-amz-decoded-content-length': String(length),
      },
      body: Buffer.from(body),
    });

    expect(response.status).toBe(status);
  });

  test('chunks that are signed one by one are not emulated, and said so', async () => {
    const cloud = openCloud();
    const headers = { 'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD' };

    const response = await cloud.sendSigned({
      service: 's3',
      host: 's3.eu-west-1.amazonaws.com',
      method: 'PUT',
      headers,
    });

    expect(response.status).toBe(501);
    expect(textOf(response)).toContain('does not emulate s3 bodies of STREAMING-AWS4-HMAC-SHA256-PAYLOAD.');
  });

  test.each([
    ['photos.s3.eu-west-1.amazonaws.com', '/k'],
    ['photos.s3.dualstack.eu-west-1.amazonaws.com', '/k'],
    ['photos.s3-accelerate.amazonaws.com', '/k'],
    ['photos.localhost', '/k'],
    ['s3.eu-west-1.amazonaws.com', '/photos/k'],
    ['localhost', '/photos/k'],
  ])('the bucket may stand in host or path: %s%s', async (host, target) => {
    const cloud = openCloud();
    const s3 = await withBucket(cloud);
    await s3.send(new PutObjectCommand({ Bucket: 'photos', Key: 'k', Body: 'mine' }));
    const AccelerateConfiguration = { Status: 'Enabled' } as const;
    await s3.send(new PutBucketAccelerateConfigurationCommand({ Bucket: 'photos', AccelerateConfiguration }));

    const response = await cloud.sendSigned({ service: 's3', host, path: target });

    expect([response.status, textOf(response)]).toEqual([200, 'mine']);
  });

  test('the unsigned get what a bucket policy gives everybody, and nothing before', async () => {
    const cloud = openCloud();
    const s3 = await withBucket(cloud);
    const ask = { ...GET, host: 'photos.s3.eu-west-1.amazonaws.com', path: '/k' };
    const Statement = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::photos/*' };
    const PublicAccessBlockConfiguration = { BlockPublicPolicy: false, RestrictPublicBuckets: false };
    await s3.send(new PutObjectCommand({ Bucket: 'photos', Key: 'k', Body: 'public' }));

    const before = await cloud.emulator.handle(ask);
    await s3.send(new PutPublicAccessBlockCommand({ Bucket: 'photos', PublicAccessBlockConfiguration }));
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
    await s3.send(new PutBucketPolicyCommand({ Bucket: 'photos', Policy }));
    const after = await cloud.emulator.handle(ask);

    expect([before.status, after.status, textOf(after)]).toEqual([403, 200, 'public']);
  });
});

describe('every service', () => {
  test.each([
    ['iam', 'iam.amazonaws.com', 'x-amzn-requestid'],
    ['sts', 'sts.eu-west-1.amazonaws.com', 'x-amzn-requestid'],
    ['logs', 'logs.eu-west-1.amazonaws.com', 'x-amzn-requestid'],
    ['apigateway', 'apigateway.eu-west-1.amazonaws.com', 'x-amzn-requestid'],
    ['s3', 's3.eu-west-1.amazonaws.com', 'x-amz-request-id'],
  ])('%s tells its request id, refused or not, and the time of the world', async (service, host, header) => {
    const cloud = openCloud({ clock: { now: () => 0 } });
    await cloud.emulator.clock.sleep(86_400_000);

    const signed = headersOf(await cloud.sendSigned({ service, host }));
    const unsigned = headersOf(await cloud.emulator.handle({ ...GET, host, path: '/' }));

    expect([signed[header], unsigned[header]]).toEqual([
      expect.stringMatching(/\w{8}/),
      expect.stringMatching(/\w{8}/),
    ]);
    expect(Math.abs(Date.parse(signed['date'] ?? '') - Date.now())).toBeLessThan(60_000);
  });

  test('operations name their service and how far to trust them', () => {
    const cloud = openCloud();

    const { operations } = cloud.emulator;

    expect(new Set(operations.map((operation) => operation.service))).toEqual(
      new Set(['apigateway', 'cognito-idp', 'iam', 'lambda', 'logs', 's3', 'sts']),
    );
    expect(
      operations.filter(({ source, fidelity }) => source === '' || !/^(recorded|documented|guessed)$/.test(fidelity)),
    ).toEqual([]);
    expect(operations).toContainEqual(expect.objectContaining({ service: 'iam', name: 'CreateRole', mutating: true }));
  });
});

describe('the account', () => {
  test('is the same in two runs with the same seed, and another with another', async () => {
    const run = async (seed: string) => {
      const cloud = openCloud({ seed, clock: { now: () => 0 } });
      await new IAMClient(cloud.config()).send(
        new CreateRoleCommand({ RoleName: 'gate', AssumeRolePolicyDocument: TRUST }),
      );
      await withApi(cloud);
      return ['iam/role', 'apigateway/restapi', 'apigateway/resource'].flatMap((table) =>
        cloud.emulator.store.list(table),
      );
    };

    const [one, same, other] = [await run('a'), await run('a'), await run('b')];

    expect(one.length).toBe(3);
    expect(same).toEqual(one);
    expect(other).not.toEqual(one);
  });

  test('forgets what an operation did before it was refused', async () => {
    const cloud = openCloud({ seed: 's' });
    const iam = new IAMClient(cloud.config());
    const create = () => iam.send(new CreateRoleCommand({ RoleName: 'gate', AssumeRolePolicyDocument: TRUST }));
    await create();
    const before = cloud.emulator.store.list('emulator/identifiers');

    await create().catch(() => undefined);

    expect(cloud.emulator.store.list('emulator/identifiers')).toEqual(before);
  });

  test('skips ahead instead of waiting, in every process that holds it, and for ever', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'pixgate-clock-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const clock = { now: () => 1000 };
    const [one, two] = [openCloud({ folder, clock }), openCloud({ folder, clock })];

    await one.emulator.clock.sleep(900_000);
    await two.emulator.clock.sleep(50);
    const both = [one.emulator.clock.now(), two.emulator.clock.now()];
    one.emulator.close();
    two.emulator.close();
    const again = openCloud({ folder, clock });
    const later = again.emulator.clock.now();
    again.emulator.close();

    expect([...both, later]).toEqual([901_050, 901_050, 901_050]);
  });

  test('keeps its administrator when it is opened again', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'pixgate-admin-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const first = openCloud({ folder, clock: { now: () => 0 } });
    const user = first.emulator.store.get('iam/user', `${ACCOUNT}/local-admin`);
    first.emulator.close();

    const second = openCloud({ folder });

    expect(second.emulator.store.get('iam/user', `${ACCOUNT}/local-admin`)).toEqual(user);
    second.emulator.close();
  });
});
