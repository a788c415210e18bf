import { mkdtempSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  APIGatewayClient,
  CreateAuthorizerCommand,
  type CreateAuthorizerCommandInput,
  CreateDeploymentCommand,
  CreateResourceCommand,
  CreateRestApiCommand,
  FlushStageAuthorizersCacheCommand,
  PutIntegrationCommand,
  PutIntegrationResponseCommand,
  PutMethodCommand,
  PutMethodResponseCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-api-gateway';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { AddPermissionCommand, LambdaClient, RemovePermissionCommand } from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import type { Emulator, EmulatorOptions, WireResponse } from '../../../src/emulator/index.js';
import { createEmulator } from '../../../src/emulator/index.js';
import { ACCOUNT, headersOf, openCloud, textOf } from './local-cloud.js';

const REGION = 'eu-west-1';
const FUNCTION = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:door`;

/** Writes down each event; lets the token `alpha` pass at /alpha and others everywhere; one waits for another. */
const DOOR = `
import { appendFileSync, readFileSync } from 'node:fs';
export default async (event) => {
  appendFileSync(new URL('./events', import.meta.url), JSON.stringify(event) + '\\n');
  const token = event.authorizationToken;
  const isAsked = () => readFileSync(new URL('./events', import.meta.url), 'utf8').includes('"ann"');
  while (token === 'after-ann' && !isAsked()) await new Promise((resolve) => setTimeout(resolve, 1));
  if (token === 'never') await new Promise(() => {});
  if (token === 'nobody') throw new Error('Unauthorized');
  const root = event.methodArn.split('/').slice(0, 3).join('/');
  const Resource = token === 'alpha' ? root + '/alpha' : root + '/*';
  const Statement = [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource }];
  return { principalId: token, policyDocument: { Version: '2012-10-17', Statement }, context: { plan: 'gold' } };
};
`;

function newFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'door-'));
  writeFileSync(path.join(folder, 'door.mjs'), DOOR);
  writeFileSync(path.join(folder, 'events'), '');
  return folder;
}

const eventsIn = (folder: string) =>
  readFileSync(path.join(folder, 'events'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

interface GuardedOptions extends EmulatorOptions {
  readonly authorizer?: Partial<CreateAuthorizerCommandInput>;
  /** Whether API Gateway is let call the function. @default true */
  readonly permitted?: boolean;
}

/** A deployed API with GET /alpha and GET /beta behind the function; both answer `$context.authorizer`. */
async function openGuarded({ authorizer, permitted = true, ...options }: GuardedOptions = {}) {
  const folder = newFolder();
  const cloud = openCloud(options);
  const client = new APIGatewayClient(cloud.config());
  const lambda = new LambdaClient(cloud.config());
  cloud.emulator.putFunction({ name: 'door', region: REGION, file: path.join(folder, 'door.mjs') });
  const { id: restApiId = '', rootResourceId: parentId } = await client.send(
    new CreateRestApiCommand({ name: 'images' }),
  );
  const { id: authorizerId = '' } = await client.send(
    new CreateAuthorizerCommand({
      ...{ restApiId, name: 'door', type: 'TOKEN', identitySource: 'method.request.header.Authorization' },
      authorizerUri: `arn:aws:apigateway:${REGION}:lambda:path/2015-03-31/functions/${FUNCTION}/invocations`,
      ...authorizer,
    }),
  );
  for (const pathPart of ['alpha', 'beta']) {
    const { id: resourceId } = await client.send(new CreateResourceCommand({ restApiId, parentId, pathPart }));
    const method = { restApiId, resourceId, httpMethod: 'GET' };
    const told = '$context.authorizer.principalId $context.authorizer.plan $context.requestId';
    await client.send(new PutMethodCommand({ ...method, authorizationType: 'CUSTOM', authorizerId }));
    await client.send(new PutMethodResponseCommand({ ...method, statusCode: '200' }));
    const requestTemplates = { 'application/json': '{"statusCode": 200}' };
    await client.send(new PutIntegrationCommand({ ...method, type: 'MOCK', requestTemplates }));
    const responseTemplates = { 'application/json': told };
    await client.send(new PutIntegrationResponseCommand({ ...method, statusCode: '200', responseTemplates }));
  }
  await client.send(new CreateDeploymentCommand({ restApiId, stageName: 'live' }));
  const SourceArn = `arn:aws:execute-api:${REGION}:${ACCOUNT}:${restApiId}/authorizers/${authorizerId}`;
  const permission = {
    FunctionName: 'door',
    StatementId: 'gateway',
    Action: 'lambda:InvokeFunction',
    Principal: 'apigateway.amazonaws.com',
  };
  const permit = (Source = SourceArn) => lambda.send(new AddPermissionCommand({ ...permission, SourceArn: Source }));
  if (permitted) await permit();
  const ask = (target: string, token?: string, emulator: Emulator = cloud.emulator): Promise<WireResponse> => {
    const [to = '', query = ''] = target.split('?');
    const headers = { 'x-n': '1', ...(token !== undefined && { authorization: token }) };
    const host = `${restApiId}.execute-api.${REGION}.amazonaws.com`;
    return emulator.handle({ method: 'GET', host, path: `/live${to}`, query, headers, body: new Uint8Array() });
  };
  const statusOf = async (target: string, token?: string) => (await ask(target, token)).status;
  return {
    ...cloud,
    ask,
    client,
    events: () => eventsIn(folder),
    folder,
    lambda,
    permit,
    restApiId,
    SourceArn,
    statusOf,
  };
}

describe('a finished API with a function for an authorizer', () => {
  it('answers whom the function lets pass, with what it told', async () => {
    const { ask, events, restApiId } = await openGuarded();

    const answer = await ask('/alpha', 'ann');

    const requestId = headersOf(answer)['x-amzn-requestid'];
    expect([answer.status, textOf(answer)]).toEqual([200, `ann gold ${requestId}`]);
    expect(events()).toEqual([
      {
        type: 'TOKEN',
        methodArn: `arn:aws:execute-api:${REGION}:${ACCOUNT}:${restApiId}/live/GET/alpha`,
        authorizationToken: 'ann',
      },
    ]);
  });

  it('never opens /beta by an allow for /alpha, whatever the query', async () => {
    const { events, statusOf } = await openGuarded();
    const statuses: number[] = [];

    for (const target of ['/beta', '/alpha', '/beta', '/beta?x=1', '/alpha?x=1'])
      statuses.push(await statusOf(target, 'alpha'));

    expect(statuses).toEqual([403, 200, 403, 403, 200]);
    expect(events().length).toBe(1);
    expect([await statusOf('/alpha?token=all'), await statusOf('/alpha', 'nobody')]).toEqual([401, 401]);
  });

  it('asks the function anew when the time is up, or the cache is flushed', async () => {
    const { client, emulator, events, restApiId, statusOf } = await openGuarded();
    const counts: number[] = [];
    const count = async () => {
      await statusOf('/alpha', 'ann');
      counts.push(events().length);
    };

    await count();
    await emulator.clock.sleep(299_000);
    await count();
    await emulator.clock.sleep(1000);
    await count();
    await client.send(new FlushStageAuthorizersCacheCommand({ restApiId, stageName: 'live' }));
    await count();

    expect(counts).toEqual([1, 1, 2, 3]);
  });

  it('counts a request once, though it runs again with the answer of the function', async () => {
    const { calls, client, restApiId, statusOf } = await openGuarded();
    const change = (to: string, value: string) => ({ op: 'replace' as const, path: to, value });
    await client.send(
      new UpdateStageCommand({
        ...{ restApiId, stageName: 'live' },
        patchOperations: [change('/*/*/throttling/burstLimit', '2'), change('/*/*/throttling/rateLimit', '1')],
      }),
    );
    const before = calls.length;

    const statuses = [await statusOf('/alpha', 'a'), await statusOf('/alpha', 'b'), await statusOf('/alpha', 'c')];

    expect([statuses, calls.length - before]).toEqual([[200, 200, 429], 3]);
  });

  it('tells the function the same ids that the client hears', async () => {
    const { ask, events } = await openGuarded({
      authorizer: { type: 'REQUEST', identitySource: 'method.request.header.x-n' },
    });

    const headers = headersOf(await ask('/alpha'));

    expect(
      events().map(({ requestContext: { extendedRequestId, requestId } }) => [requestId, extendedRequestId]),
    ).toEqual([[headers['x-amzn-requestid'], headers['x-amz-apigw-id']]]);
  });

  it('answers others while a function takes its time', async () => {
    const { statusOf } = await openGuarded();

    expect(await Promise.all([statusOf('/alpha', 'after-ann'), statusOf('/alpha', 'ann')])).toEqual([200, 200]);
  });

  it('is 500 when the function does not end in time', async () => {
    const { ask } = await openGuarded({ settings: { functionTimeoutMs: 30 } });

    const answer = await ask('/alpha', 'never');

    expect([answer.status, textOf(answer)]).toEqual([500, '{"message":"Internal server error"}']);
  });

  it('follows the file: a function that is changed answers as it does now', async () => {
    const { folder, statusOf } = await openGuarded();
    const before = await statusOf('/alpha', 'ann');
    const file = path.join(folder, 'door.mjs');
    writeFileSync(file, 'export default () => { throw new Error("Unauthorized"); };');
    utimesSync(file, 1, 1);

    expect([before, await statusOf('/alpha', 'bob')]).toEqual([200, 401]);
  });
});

describe('the permission to call a function', () => {
  it('is wanted, and wanted by each request that asks the function', async () => {
    const { ask, events, lambda, permit, statusOf } = await openGuarded({ permitted: false });
    const without = await ask('/alpha', 'ann');
    await permit();
    const permitted = await statusOf('/alpha', 'ann');
    await lambda.send(new RemovePermissionCommand({ FunctionName: 'door', StatementId: 'gateway' }));

    expect([without.status, textOf(without), headersOf(without)['x-amzn-errortype']]).toEqual([
      ...[500, '{"message":null}', 'AuthorizerConfigurationException'],
    ]);
    expect([permitted, await statusOf('/alpha', 'ann'), await statusOf('/alpha', 'bob')]).toEqual([200, 200, 500]);
    expect(events().length).toBe(1);
  });

  it.each([
    ['of this authorizer', (arn: string) => arn, 200],
    ['of all of its API', (arn: string) => arn.replace(/\/authorizers.*/, '/*'), 200],
    ['of another authorizer', (arn: string) => arn.replace(/......$/, 'zzzzzz'), 500],
    ['of the methods of its API', (arn: string) => arn.replace(/authorizers.*/, 'live/GET/*'), 500],
  ])('counts with the ARN %s', async (_what, change, status) => {
    const { permit, SourceArn, statusOf } = await openGuarded({ permitted: false });
    await permit(change(SourceArn));

    expect(await statusOf('/alpha', 'ann')).toBe(status);
  });

  it.each([
    ['lambda:InvokeFunction', 200],
    ['lambda:GetFunction', 500],
  ])('is a role that may %s instead', async (Action, status) => {
    const Arn = `arn:aws:iam::${ACCOUNT}:role/doorman`;
    const { config, statusOf } = await openGuarded({ permitted: false, authorizer: { authorizerCredentials: Arn } });
    const iam = new IAMClient(config());
    const before = await statusOf('/alpha', 'ann');
    const trust = { Effect: 'Allow', Principal: { Service: 'apigateway.amazonaws.com' }, Action: 'sts:AssumeRole' };
    const own = { Effect: 'Allow', Action, Resource: FUNCTION };
    const toText = (Statement: unknown) => JSON.stringify({ Version: '2012-10-17', Statement });
    await iam.send(new CreateRoleCommand({ RoleName: 'doorman', AssumeRolePolicyDocument: toText(trust) }));
    await iam.send(new PutRolePolicyCommand({ RoleName: 'doorman', PolicyName: 'p', PolicyDocument: toText(own) }));

    expect([before, await statusOf('/alpha', 'ann')]).toEqual([500, status]);
  });
});

describe('two emulators on one folder', () => {
  it('agree on functions, permissions and what authorizers answered', async () => {
    const account = mkdtempSync(path.join(tmpdir(), 'account-'));
    const { ask, emulator, events } = await openGuarded({ folder: account });
    const other = createEmulator({ folder: account, settings: { accountId: ACCOUNT } });

    const answers = [
      await ask('/alpha', 'alpha', other),
      await ask('/alpha', 'alpha'),
      await ask('/beta', 'alpha', other),
    ];
    other.close();
    emulator.close();

    expect([answers.map(({ status }) => status), events().length]).toEqual([[200, 200, 403], 1]);
  });
});

describe('a seeded emulator', () => {
  it('never hands out an id twice, though requests run again', async () => {
    const { ask, emulator } = await openGuarded({ seed: 'door' });

    const ids = [await ask('/alpha', 'a'), await ask('/alpha', 'b'), await ask('/alpha', 'a')].map(
      (answer) => headersOf(answer)['x-amz-apigw-id'],
    );
    emulator.close();

    expect(new Set(ids).size).toBe(3);
  });
});
