import { CreateRoleCommand, GetUserCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  AssumeRoleCommand,
  GetCallerIdentityCommand,
  GetFederationTokenCommand,
  GetSessionTokenCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { describe, expect, test } from 'vitest';
import { putRootKey, putUser } from '../../../src/emulator/index.js';
import { ACCOUNT, type Keys, type LocalCloud, openCloud, refusalOf } from '../front/local-cloud.js';

const STRANGER = '444455556666';
const USER: Keys = { accessKeyId: 'AKIAUSER000000000000', secretAccessKey: 'user' };
const ROOT: Keys = { accessKeyId: 'AKIAROOT000000000000', secretAccessKey: 'root' };
const FOREIGN: Keys = { accessKeyId: 'AKIAFOREIGN000000000', secretAccessKey: 'foreign' };
const ROLE = `arn:aws:iam::${ACCOUNT}:role/pixgate/deploy`;

/** A cloud with a role that trusts `principal`, a user without policies, a root key, and an administrator of another account. */
async function cloudTrusting(principal: unknown, condition?: unknown): Promise<LocalCloud> {
  const cloud = openCloud();
  const { store } = cloud.emulator;
  putUser(store, { accountId: ACCOUNT, name: 'plain', ...USER }, 0);
  const attached = ['arn:aws:iam::aws:policy/AdministratorAccess'];
  putUser(store, { accountId: STRANGER, name: 'plain', ...FOREIGN, attached }, 0);
  putRootKey(store, { accountId: ACCOUNT, ...ROOT });
  const iam = new IAMClient(cloud.config());
  const statement = {
    Effect: 'Allow',
    Principal: principal,
    Action: 'sts:AssumeRole',
    ...(condition === undefined ? {} : { Condition: condition }),
  };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  await iam.send(new CreateRoleCommand({ RoleName: 'deploy', Path: '/pixgate/', AssumeRolePolicyDocument }));
  const PolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'iam:GetUser', Resource: '*' }],
  });
  await iam.send(new PutRolePolicyCommand({ RoleName: 'deploy', PolicyName: 'p', PolicyDocument }));
  return cloud;
}

function stsOf(cloud: LocalCloud, keys?: Keys): STSClient {
  return new STSClient(cloud.config(keys));
}

function assume(sts: STSClient, fields: Partial<AssumeRoleCommand['input']> = {}) {
  return sts.send(new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: 'ci', ...fields }));
}

interface SdkKeys {
  AccessKeyId: string | undefined;
  SecretAccessKey: string | undefined;
  SessionToken: string | undefined;
}

function keysOf(answer: { Credentials?: SdkKeys | undefined }): Keys {
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken } = answer.Credentials ?? ({} as SdkKeys);
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}

describe('GetCallerIdentity', () => {
  test('GetCallerIdentity answers user and root, whatever their policies', async () => {
    const cloud = await cloudTrusting('*');

    const user = await stsOf(cloud, USER).send(new GetCallerIdentityCommand({}));
    const root = await stsOf(cloud, ROOT).send(new GetCallerIdentityCommand({}));

    expect(user).toMatchObject({
      Account: ACCOUNT,
      Arn: `arn:aws:iam::${ACCOUNT}:user/plain`,
      UserId: expect.stringMatching(/^AIDA[A-Z0-9]{17}$/),
    });
    expect(root).toMatchObject({ Account: ACCOUNT, Arn: `arn:aws:iam::${ACCOUNT}:root`, UserId: ACCOUNT });
  });
});

describe('AssumeRole', () => {
  test('AssumeRole gives keys that act as the role, and only as the role may', async () => {
    const cloud = await cloudTrusting({ AWS: `arn:aws:iam::${ACCOUNT}:user/plain` });

    const answer = await assume(stsOf(cloud, USER), { DurationSeconds: 900 });

    const keys = keysOf(answer);
    const identity = await stsOf(cloud, keys).send(new GetCallerIdentityCommand({}));
    const iam = new IAMClient(cloud.config(keys));
    const { User } = await iam.send(new GetUserCommand({ UserName: 'plain' }));
    const refusal = await refusalOf(iam.send(new CreateRoleCommand({ RoleName: 'x', AssumeRolePolicyDocument: '{}' })));
    expect(keys.accessKeyId).toMatch(/^ASIA[A-Z0-9]{16}$/);
    expect(answer.AssumedRoleUser).toEqual({
      Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/deploy/ci`,
      AssumedRoleId: expect.stringMatching(/^AROA[A-Z0-9]{17}:ci$/),
    });
    expect(identity).toMatchObject({
      Account: ACCOUNT,
      Arn: answer.AssumedRoleUser?.Arn,
      UserId: answer.AssumedRoleUser?.AssumedRoleId,
    });
    expect(User?.UserName).toBe('plain');
    expect(refusal.name).toBe('AccessDenied');
  });

  const admin: Keys | undefined = undefined;
  const rows: [what: string, principal: unknown, keys: Keys | undefined, allowed: boolean][] = [
    ['a user it names', { AWS: `arn:aws:iam::${ACCOUNT}:user/plain` }, USER, true],
    ['no user whose account it names but whose policies are silent', { AWS: ACCOUNT }, USER, false],
    ['an administrator whose account it names', { AWS: ACCOUNT }, admin, true],
    ['no administrator it does not name', { AWS: STRANGER }, admin, false],
    ['nobody when it trusts a service', { Service: 'apigateway.amazonaws.com' }, admin, false],
    ['an administrator of an account it names', { AWS: STRANGER }, FOREIGN, true],
    ['no administrator of an account it does not name', { AWS: ACCOUNT }, FOREIGN, false],
    ['no root user', '*', ROOT, false],
  ];
  test.each(rows)('AssumeRole gives the role to %s', async (_what, principal, keys, allowed) => {
    const cloud = await cloudTrusting(principal);

    const said = await assume(stsOf(cloud, keys)).then(
      () => 'allowed',
      (error: Error) => error.name,
    );

    expect(said).toBe(allowed ? 'allowed' : 'AccessDenied');
  });

  test('AssumeRole judges the external id', async () => {
    const cloud = await cloudTrusting({ AWS: ACCOUNT }, { StringEquals: { 'sts:ExternalId': 'pass' } });

    const without = await refusalOf(assume(stsOf(cloud)));
    const withId = await assume(stsOf(cloud), { ExternalId: 'pass' });

    expect(without).toEqual({
      name: 'AccessDenied',
      status: 403,
      message: `User: arn:aws:iam::${ACCOUNT}:user/local-admin is not authorized to perform: sts:AssumeRole on resource: ${ROLE}`,
    });
    expect(withId.Credentials).toBeDefined();
  });

  test.each([
    [{ RoleArn: `arn:aws:iam::${ACCOUNT}:role/deploy` }, 'AccessDenied', 403],
    [{ RoleArn: `arn:aws:iam::${ACCOUNT}:role/none` }, 'AccessDenied', 403],
    [{ RoleSessionName: 'a b' }, 'ValidationError', 400],
    [{ DurationSeconds: 899 }, 'ValidationError', 400],
    [{ DurationSeconds: 3601 }, 'ValidationError', 400],
    [{ Policy: '{}' }, 'NotImplemented', 501],
  ])('AssumeRole with %j is refused: %s', async (fields, name, status) => {
    const cloud = await cloudTrusting({ AWS: ACCOUNT });

    const refusal = await refusalOf(assume(stsOf(cloud), fields));

    expect(refusal).toMatchObject({ name, status });
  });

  test('a session ends at its expiration on the clock of the cloud', async () => {
    const cloud = await cloudTrusting({ AWS: ACCOUNT });
    const answer = await assume(stsOf(cloud), { DurationSeconds: 900 });
    const sts = stsOf(cloud, keysOf(answer));

    await cloud.emulator.clock.sleep(890_000);
    const before = await sts.send(new GetCallerIdentityCommand({}));
    await cloud.emulator.clock.sleep(11_000);
    const after = await refusalOf(sts.send(new GetCallerIdentityCommand({})));

    expect(before.Account).toBe(ACCOUNT);
    expect(after).toMatchObject({ name: 'ExpiredToken', status: 403 });
  });

  test.each([undefined, 'another-token'])('a session with the token %s is unknown', async (sessionToken) => {
    const cloud = await cloudTrusting({ AWS: ACCOUNT });
    const keys = { ...keysOf(await assume(stsOf(cloud))), sessionToken };

    const refusal = await refusalOf(stsOf(cloud, keys).send(new GetCallerIdentityCommand({})));

    expect(refusal).toMatchObject({ name: 'InvalidClientTokenId', status: 403 });
  });
});

describe('GetSessionToken', () => {
  test('GetSessionToken gives the user keys of its own, but not for IAM', async () => {
    const cloud = openCloud();
    const answer = await stsOf(cloud).send(new GetSessionTokenCommand({}));
    const keys = keysOf(answer);

    const identity = await stsOf(cloud, keys).send(new GetCallerIdentityCommand({}));
    const again = await refusalOf(stsOf(cloud, keys).send(new GetSessionTokenCommand({})));
    const iam = await refusalOf(new IAMClient(cloud.config(keys)).send(new GetUserCommand({})));

    expect(identity.Arn).toBe(`arn:aws:iam::${ACCOUNT}:user/local-admin`);
    expect(again).toMatchObject({
      name: 'AccessDenied',
      message: 'Cannot call GetSessionToken with session credentials',
    });
    expect(iam).toMatchObject({ name: 'InvalidClientTokenId', status: 403 });
  });

  test('GetFederationToken is not emulated, and says so', async () => {
    const cloud = openCloud();

    const refusal = await refusalOf(stsOf(cloud).send(new GetFederationTokenCommand({ Name: 'x' })));

    expect(refusal).toEqual({
      name: 'NotImplemented',
      status: 501,
      message: 'The local cloud does not emulate sts GetFederationToken.',
    });
  });
});
