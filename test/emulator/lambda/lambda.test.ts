import {
  AddPermissionCommand,
  type AddPermissionCommandInput,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  GetPolicyCommand,
  InvokeCommand,
  LambdaClient,
  ListFunctionsCommand,
  RemovePermissionCommand,
} from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { putUser } from '../../../src/emulator/index.js';
import { ACCOUNT, headersOf, type Keys, openCloud, refusalOf, textOf } from '../front/local-cloud.js';

const ARN = `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:door`;
const SOURCE = `arn:aws:execute-api:eu-west-1:${ACCOUNT}:abcde12345/authorizers/abc123`;
const STRANGER: Keys = { accessKeyId: 'AKIASTRANGER00000000', secretAccessKey: 'stranger' };

function openWithDoor() {
  const cloud = openCloud();
  cloud.emulator.putFunction({ name: 'door', region: 'eu-west-1', file: '/functions/door.mjs' });
  const client = new LambdaClient(cloud.config());
  const allow = (input: Partial<AddPermissionCommandInput> = {}) =>
    client.send(
      new AddPermissionCommand({
        ...{ FunctionName: 'door', StatementId: 'gateway', Action: 'lambda:InvokeFunction' },
        ...{ Principal: 'apigateway.amazonaws.com', SourceArn: SOURCE },
        ...input,
      }),
    );
  const readPolicy = async () => {
    const { Policy = '' } = await client.send(new GetPolicyCommand({ FunctionName: 'door' }));
    return JSON.parse(Policy);
  };
  return { ...cloud, client, allow, readPolicy };
}

describe('putFunction()', () => {
  it('puts a function where its Region is, us-east-1 unless told', async () => {
    const { config, emulator } = openCloud();
    emulator.putFunction({ name: 'door', file: '/functions/door.mjs' });

    const found = await new LambdaClient(config(undefined, 'us-east-1')).send(
      new GetFunctionCommand({ FunctionName: 'door' }),
    );
    const elsewhere = new LambdaClient(config()).send(new GetFunctionCommand({ FunctionName: 'door' }));

    expect(found.Configuration?.FunctionArn).toBe(`arn:aws:lambda:us-east-1:${ACCOUNT}:function:door`);
    expect(await refusalOf(elsewhere)).toEqual({
      ...{ name: 'ResourceNotFoundException', status: 404 },
      message: `Function not found: ${ARN}`,
    });
  });

  it('keeps the policy of the function that it replaces', async () => {
    const { allow, emulator, readPolicy } = openWithDoor();
    await allow();
    const before = await readPolicy();

    emulator.putFunction({ name: 'door', region: 'eu-west-1', file: '/functions/other.mjs' });

    expect(await readPolicy()).toEqual(before);
  });

  it.each([
    [{ name: 'a door', file: '/a.mjs' }, 'Cannot put function "a door": AWS allows no such name.'],
    [{ name: 'door', file: 'a.mjs' }, 'Cannot put function "door": a.mjs is not an absolute path.'],
  ])('refuses %j', (value, message) => {
    const { emulator } = openCloud();

    expect(() => emulator.putFunction(value)).toThrow(new RangeError(message));
  });
});

describe('GetFunction', () => {
  it.each(['door', `${ACCOUNT}:function:door`, ARN])(
    'finds a function as %s, and does not tell where it lies',
    async (FunctionName) => {
      const { client } = openWithDoor();

      const found = await client.send(new GetFunctionCommand({ FunctionName }));
      const { $metadata: _metadata, ...configuration } = await client.send(
        new GetFunctionConfigurationCommand({ FunctionName }),
      );

      expect(configuration).toMatchObject({
        FunctionName: 'door',
        FunctionArn: ARN,
        Version: '$LATEST',
        State: 'Active',
        RevisionId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      });
      expect(found.Configuration).toEqual(configuration);
      expect(JSON.stringify(found)).not.toContain('.mjs');
    },
  );

  it('is for those whom a policy allows it', async () => {
    const { config, emulator } = openWithDoor();
    putUser(emulator.store, { accountId: ACCOUNT, name: 'stranger', ...STRANGER }, emulator.clock.now());

    const asked = new LambdaClient(config(STRANGER)).send(new GetFunctionCommand({ FunctionName: 'door' }));

    expect(await refusalOf(asked)).toEqual({
      ...{ name: 'AccessDeniedException', status: 403 },
      message: `User: arn:aws:iam::${ACCOUNT}:user/stranger is not authorized to perform: lambda:GetFunction on resource: ${ARN} because no identity-based policy allows the lambda:GetFunction action`,
    });
  });
});

describe('AddPermission', () => {
  it.each([
    [
      {},
      {
        Principal: { Service: 'apigateway.amazonaws.com' },
        Condition: { ArnLike: { 'AWS:SourceArn': SOURCE } },
      },
    ],
    [
      { SourceArn: undefined, SourceAccount: ACCOUNT },
      {
        Principal: { Service: 'apigateway.amazonaws.com' },
        Condition: { StringEquals: { 'AWS:SourceAccount': ACCOUNT } },
      },
    ],
    [{ SourceArn: undefined, Principal: ACCOUNT }, { Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } }],
    [
      { SourceArn: undefined, Principal: '*', PrincipalOrgID: 'o-a1b2c3d4e5' },
      { Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } },
    ],
  ])('writes %j as a statement', async (input, expected) => {
    const { allow, readPolicy } = openWithDoor();

    const { Statement = '' } = await allow(input);

    const statement = { Sid: 'gateway', Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: ARN, ...expected };
    expect(JSON.parse(Statement)).toEqual(statement);
    expect(await readPolicy()).toEqual({ Version: '2012-10-17', Id: 'default', Statement: [statement] });
  });

  it('refuses a statement id that is there', async () => {
    const { allow } = openWithDoor();
    await allow();

    expect(await refusalOf(allow({ Principal: '*' }))).toEqual({
      ...{ name: 'ResourceConflictException', status: 409 },
      message:
        'The statement id (gateway) provided already exists. Please provide a new statement id, or remove the existing statement.',
    });
  });

  it.each([
    [{ FunctionName: 'window' }, 'ResourceNotFoundException', 404],
    [{ StatementId: 'a b' }, 'ValidationException', 400],
    [{ Action: 'invoke' }, 'ValidationException', 400],
    [{ Principal: 'me' }, 'InvalidParameterValueException', 400],
    [{ RevisionId: 'other' }, 'PreconditionFailedException', 412],
    [{ Qualifier: 'live' }, 'NotImplemented', 501],
    [{ EventSourceToken: 'a' }, 'NotImplemented', 501],
  ])('refuses %j, and keeps nothing', async (input, name, status) => {
    const { allow, client } = openWithDoor();

    expect(await refusalOf(allow(input))).toMatchObject({ name, status });
    expect(await refusalOf(client.send(new GetPolicyCommand({ FunctionName: 'door' })))).toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'The resource you requested does not exist.',
    });
  });

  it('says what is wrong as the service model spells it', async () => {
    const { sendSigned } = openWithDoor();
    const ask = { service: 'lambda', host: 'lambda.eu-west-1.amazonaws.com' };

    const missing = await sendSigned({ ...ask, path: '/2015-03-31/functions/window' });

    expect(headersOf(missing)['x-amzn-errortype']).toBe('ResourceNotFoundException');
    expect(JSON.parse(textOf(missing))).toEqual({
      Type: 'User',
      Message: `Function not found: arn:aws:lambda:eu-west-1:${ACCOUNT}:function:window`,
    });
  });
});

describe('RemovePermission', () => {
  it('takes one statement away, and the policy with the last', async () => {
    const { allow, client, readPolicy } = openWithDoor();
    await allow();
    await allow({ StatementId: 'other' });

    await client.send(new RemovePermissionCommand({ FunctionName: 'door', StatementId: 'gateway' }));
    const left = await readPolicy();
    await client.send(new RemovePermissionCommand({ FunctionName: 'door', StatementId: 'other' }));

    expect(left.Statement.map(({ Sid }: { Sid: string }) => Sid)).toEqual(['other']);
    expect(await refusalOf(readPolicy())).toMatchObject({ name: 'ResourceNotFoundException', status: 404 });
  });

  it('refuses what is not there, and a policy that has changed meanwhile', async () => {
    const { allow, client } = openWithDoor();
    const remove = (StatementId: string, RevisionId?: string) =>
      client.send(new RemovePermissionCommand({ FunctionName: 'door', StatementId, RevisionId }));
    const without = await refusalOf(remove('gateway'));
    await allow();

    expect(without).toMatchObject({ name: 'ResourceNotFoundException', status: 404 });
    expect(await refusalOf(remove('other'))).toEqual({
      ...{ name: 'ResourceNotFoundException', status: 404 },
      message: 'Statement other is not found in resource policy.',
    });
    expect(await refusalOf(remove('gateway', 'old'))).toMatchObject({
      name: 'PreconditionFailedException',
      status: 412,
    });
  });

  it('changes the revision with every change', async () => {
    const { allow, client } = openWithDoor();
    const revision = async () => (await client.send(new GetPolicyCommand({ FunctionName: 'door' }))).RevisionId;
    await allow();
    const first = await revision();

    await allow({ StatementId: 'other', RevisionId: first });

    expect(await revision()).not.toBe(first);
  });
});

describe('lambdaService', () => {
  it.each([
    ['Invoke', new InvokeCommand({ FunctionName: 'door' })],
    ['ListFunctions', new ListFunctionsCommand({})],
  ])('answers 501 to %s, by name', async (name, command) => {
    const { client } = openWithDoor();

    expect(await refusalOf(client.send(command as InvokeCommand))).toEqual({
      ...{ name: 'NotImplemented', status: 501 },
      message: `The local cloud does not emulate lambda ${name}.`,
    });
  });

  it('answers nobody who has not signed', async () => {
    const { emulator } = openWithDoor();

    const answer = await emulator.handle({
      ...{ method: 'GET', host: 'lambda.eu-west-1.amazonaws.com', path: '/2015-03-31/functions/door', query: '' },
      ...{ headers: {}, body: new Uint8Array() },
    });

    expect([answer.status, headersOf(answer)['x-amzn-errortype']]).toEqual([
      403,
      'MissingAuthenticationTokenException',
    ]);
  });
});
