import {
  APIGatewayClient,
  CreateDeploymentCommand,
  CreateRestApiCommand,
  CreateStageCommand,
  GetRestApisCommand,
  GetStageCommand,
  PutIntegrationCommand,
  PutMethodCommand,
} from '@aws-sdk/client-api-gateway';
import { CloudWatchLogsClient, CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  CreateBucketCommand,
  DeleteObjectsCommand,
  HeadBucketCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { describe, expect, it, onTestFinished } from 'vitest';
import { canMeet, drawSchedule, FAULTS, type Fault, type FaultKind, withFaults } from '../../src/emulator/faults.js';
import { createEmulator } from '../../src/emulator/index.js';
import { targetOn } from '../../src/targets/local.js';

/** Clients of a local cloud with faults in it; each sends a call as often as `maxAttempts` says. */
function openFaulty(plan: readonly Fault[], maxAttempts = 1) {
  const emulator = createEmulator({ seed: 'faults' });
  onTestFinished(() => emulator.close());
  const faulty = withFaults(emulator, plan);
  const { region, credentials, requestHandler } = targetOn(faulty, 'eu-west-1', 4510).access;
  if (credentials === undefined || requestHandler === undefined) throw new Error('a local target has both');
  const config = { region, credentials, requestHandler, maxAttempts };
  return {
    emulator,
    faulty,
    gateway: new APIGatewayClient(config),
    iam: new IAMClient(config),
    logs: new CloudWatchLogsClient(config),
    s3: new S3Client(config),
    sts: new STSClient(config),
  };
}

type Faulty = ReturnType<typeof openFaulty>;

const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'apigateway.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});

/** One call of each service; all but that of STS change the account. */
const CALLS: Readonly<Record<string, (cloud: Faulty) => Promise<unknown>>> = {
  apigateway: ({ gateway }) => gateway.send(new CreateRestApiCommand({ name: 'holiday' })),
  iam: ({ iam }) => iam.send(new CreateRoleCommand({ RoleName: 'reader', AssumeRolePolicyDocument: TRUST })),
  logs: ({ logs }) => logs.send(new CreateLogGroupCommand({ logGroupName: '/holiday' })),
  s3: ({ s3 }) => s3.send(new CreateBucketCommand({ Bucket: 'holiday-images' })),
  sts: ({ sts }) => sts.send(new GetCallerIdentityCommand({})),
};

/** What a client was refused with: name, code of Node, status. */
async function refusalOf(call: Promise<unknown> | undefined): Promise<string> {
  try {
    await call;
    return 'done';
  } catch (error) {
    const { name, code, $metadata } = error as Error & { code?: string; $metadata?: { httpStatusCode?: number } };
    return [name, code, $metadata?.httpStatusCode].filter((part) => part !== undefined).join(' ');
  }
}

describe('withFaults', () => {
  it.each<[FaultKind, service: string, refusal: string]>([
    ['throttle', 'apigateway', 'TooManyRequestsException 429'],
    ['throttle', 'iam', 'Throttling 400'],
    ['throttle', 'logs', 'ThrottlingException 400'],
    ['throttle', 's3', 'SlowDown 503'],
    ['throttle', 'sts', 'Throttling 400'],
    ['quota', 'apigateway', 'LimitExceededException 429'],
    ['quota', 'iam', 'LimitExceededException 409'],
    ['quota', 'logs', 'LimitExceededException 400'],
    ['quota', 's3', 'TooManyBuckets 400'],
    ['server-error', 'apigateway', 'InternalFailure 500'],
    ['server-error', 's3', 'InternalError 500'],
    ['slow-down', 'apigateway', 'ServiceUnavailableException 503'],
    ['slow-down', 's3', 'SlowDown 503'],
    ['conflict', 'apigateway', 'ConflictException 409'],
    ['conflict', 'iam', 'ConcurrentModificationException 409'],
    ['conflict', 'logs', 'OperationAbortedException 400'],
    ['conflict', 's3', 'OperationAborted 409'],
    ['access-denied', 'apigateway', 'AccessDeniedException 403'],
    ['access-denied', 'iam', 'AccessDenied 403'],
    ['access-denied', 'logs', 'AccessDeniedException 400'],
    ['access-denied', 's3', 'AccessDenied 403'],
    ['expired-token', 'apigateway', 'ExpiredTokenException 403'],
    ['expired-token', 'logs', 'ExpiredTokenException 400'],
    ['expired-token', 's3', 'ExpiredToken 400'],
    ['expired-token', 'sts', 'ExpiredToken 403'],
    ['html-504', 'apigateway', 'SyntaxError 504'],
    ['html-200', 'apigateway', 'SyntaxError 200'],
    ['truncated', 'apigateway', 'SyntaxError 201'],
    ['hang', 'apigateway', 'TimeoutError'],
    ['reset-before', 's3', 'TimeoutError ECONNRESET'],
    ['reset-after', 's3', 'TimeoutError ECONNRESET'],
    ['clock-skew', 's3', 'RequestTimeTooSkewed 403'],
    ['kill-before', 's3', 'Error'],
    ['lose-reply', 's3', 'Error'],
  ])('%s is told by %s in its own words: %s', async (kind, service, refusal) => {
    const cloud = openFaulty([{ kind }]);

    const said = await refusalOf(CALLS[service]?.(cloud));

    expect(said).toBe(refusal);
    expect(cloud.faulty.met.map((met) => [met.kind, met.service])).toEqual([[kind, service]]);
  });

  it('names action and resource of a denied call, as the service itself does', async () => {
    const cloud = openFaulty([{ kind: 'access-denied' }]);

    await expect(CALLS['apigateway']?.(cloud)).rejects.toThrow(
      /^User: arn:aws:iam::0{12}:user\/local-admin is not authorized to perform: apigateway:POST on resource: arn:aws:apigateway:eu-west-1::\/restapis /,
    );
  });

  it.each<[FaultKind, isDone: boolean]>([
    ['kill-before', false],
    ['lose-reply', true],
    ['reset-before', false],
    ['reset-after', true],
    ['hang', false],
    ['server-error', false],
    ['access-denied', false],
    ['truncated', true],
    ['html-200', false],
  ])('%s: whether the call is done all the same is %s', async (kind, isDone) => {
    const cloud = openFaulty([{ kind }]);

    await refusalOf(CALLS['apigateway']?.(cloud));
    cloud.faulty.heal();

    const { items = [] } = await cloud.gateway.send(new GetRestApisCommand({}));
    expect(items).toHaveLength(isDone ? 1 : 0);
  });

  it('lets nothing through after a death, until it is healed', async () => {
    const cloud = openFaulty([{ kind: 'kill-before' }]);

    const said = [await refusalOf(CALLS['s3']?.(cloud)), await refusalOf(CALLS['sts']?.(cloud))];
    cloud.faulty.heal();

    expect([...said, await refusalOf(CALLS['sts']?.(cloud))]).toEqual(['Error', 'Error', 'done']);
  });

  it('strikes the calls that the plan names, and as many of them', async () => {
    const cloud = openFaulty([
      { kind: 'server-error', service: 'sts', operation: 'GetCallerIdentity', at: 2, times: 2 },
    ]);
    await CALLS['s3']?.(cloud);

    const said = [];
    for (let n = 0; n < 4; n += 1) said.push(await refusalOf(CALLS['sts']?.(cloud)));

    expect(said).toEqual(['done', 'InternalFailure 500', 'InternalFailure 500', 'done']);
  });

  it('throttles for as long as Retry-After says, on the account’s clock', async () => {
    const cloud = openFaulty([{ kind: 'throttle', seconds: 30, retryAfterS: 30 }]);
    const said = [await refusalOf(CALLS['apigateway']?.(cloud))];

    await cloud.emulator.clock.sleep(28_000);
    said.push(await refusalOf(CALLS['apigateway']?.(cloud)));
    await cloud.emulator.clock.sleep(2_000);
    said.push(await refusalOf(CALLS['apigateway']?.(cloud)));

    expect(said).toEqual(['TooManyRequestsException 429', 'TooManyRequestsException 429', 'done']);
  });

  it('moves the account’s clock by the silence of a connection that hangs', async () => {
    const cloud = openFaulty([{ kind: 'hang' }]);
    const before = cloud.emulator.clock.now();

    await refusalOf(CALLS['sts']?.(cloud));

    expect(cloud.emulator.clock.now() - before).toBeGreaterThanOrEqual(30_000);
  });

  it('shows a change late to whoever had looked before, and at once to whoever had not', async () => {
    const cloud = openFaulty([{ kind: 'stale', seconds: 30 }]);
    const list = async (limit?: number) =>
      (await cloud.gateway.send(new GetRestApisCommand(limit === undefined ? {} : { limit }))).items?.length ?? 0;
    const before = await list();
    await CALLS['apigateway']?.(cloud);

    const seen = [before, await list(), await list(100)];
    await cloud.emulator.clock.sleep(30_000);

    expect([...seen, await list()]).toEqual([0, 0, 1, 1]);
  });

  it('lets a bucket that was looked up and missing stay missing for a while', async () => {
    const cloud = openFaulty([{ kind: 'stale', seconds: 2 }]);
    const look = () => refusalOf(cloud.s3.send(new HeadBucketCommand({ Bucket: 'holiday-images' })));
    await look();
    await CALLS['s3']?.(cloud);

    const seen = [await look()];
    await cloud.emulator.clock.sleep(2_000);

    expect([...seen, await look()]).toEqual(['NotFound 404', 'done']);
  });

  it('lets a client that corrects its clock through, whatever the direction', async () => {
    for (const skewMs of [-14 * 60_000, 14 * 60_000]) {
      const cloud = openFaulty([{ kind: 'clock-skew', skewMs }], 3);

      expect(await refusalOf(CALLS['s3']?.(cloud))).toBe('done');
      expect(await refusalOf(CALLS['sts']?.(cloud))).toBe('done');
    }
  });

  it('deletes no key of a struck DeleteObjects, and says so for each; a listing may refuse to get shorter', async () => {
    const cloud = openFaulty([{ kind: 'partial-delete' }, { kind: 'endless-listing' }]);
    await CALLS['s3']?.(cloud);
    const Bucket = 'holiday-images';
    for (const Key of ['a', 'b']) await cloud.s3.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
    const list = async () => (await cloud.s3.send(new ListObjectVersionsCommand({ Bucket }))).Versions?.length ?? 0;
    const drop = async () => {
      const Delete = { Objects: [{ Key: 'a' }, { Key: 'b' }] };
      const { Errors = [] } = await cloud.s3.send(new DeleteObjectsCommand({ Bucket, Delete }));
      return Errors.map(({ Key, Code }) => `${Key} ${Code}`);
    };

    const seen = [await list(), await drop(), await list(), await drop(), await list()];
    cloud.faulty.heal();

    expect([...seen, await list()]).toEqual([2, ['a InternalError', 'b InternalError'], 2, [], 2, 0]);
  });

  it.each(['CREATE_IN_PROGRESS', 'FLUSH_IN_PROGRESS', 'DELETE_IN_PROGRESS'])(
    'shows a cache cluster in %s for as long as it is told',
    async (status) => {
      const cloud = openFaulty([{ kind: 'stuck-cluster', status, seconds: 60 }]);
      const made = await cloud.gateway.send(new CreateRestApiCommand({ name: 'holiday' }));
      const restApiId = made.id;
      const place = { restApiId, resourceId: made.rootResourceId, httpMethod: 'GET' };
      await cloud.gateway.send(new PutMethodCommand({ ...place, authorizationType: 'NONE' }));
      await cloud.gateway.send(new PutIntegrationCommand({ ...place, type: 'MOCK' }));
      const { id: deploymentId } = await cloud.gateway.send(new CreateDeploymentCommand({ restApiId }));
      await cloud.gateway.send(new CreateStageCommand({ restApiId, stageName: 'dev', deploymentId }));
      const look = async () =>
        (await cloud.gateway.send(new GetStageCommand({ restApiId, stageName: 'dev' }))).cacheClusterStatus;

      const seen = await look();
      await cloud.emulator.clock.sleep(60_000);

      expect([seen, await look()]).toEqual([status, 'NOT_AVAILABLE']);
    },
  );
});

describe('canMeet', () => {
  it('keeps a kind to the calls that AWS would tell it of', () => {
    const kinds = Object.keys(FAULTS) as FaultKind[];
    const read = { service: 's3', operation: 'ListObjectsV2', changing: false };

    expect(kinds.filter((kind) => !canMeet({ kind }, read))).toEqual([
      'quota',
      'conflict',
      'stale',
      'role-not-ready',
      'stuck-cluster',
      'partial-delete',
      'endless-listing',
    ]);
  });
});

describe('drawSchedule', () => {
  it('draws up to five faults that pass, the same ones for a seed', () => {
    const drawn = Array.from({ length: 100 }, (_, n) => drawSchedule(String(n), 300));

    expect(drawSchedule('7', 300)).toEqual(drawn[7]);
    expect(new Set(drawn.map((schedule) => schedule.length))).toEqual(new Set([1, 2, 3, 4, 5]));
    const faults = drawn.flat();
    expect(faults.filter(({ kind }) => FAULTS[kind].ends !== 'passes')).toEqual([]);
    expect(faults.every(({ at = 0 }) => at >= 1 && at <= 300)).toBe(true);
    expect(new Set(faults.map(({ kind }) => kind)).size).toBeGreaterThan(8);
  });
});
