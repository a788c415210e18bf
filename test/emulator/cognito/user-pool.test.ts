import {
  CreateUserPoolCommand,
  type CreateUserPoolCommandInput,
  DeleteUserPoolCommand,
  DescribeUserPoolClientCommand,
  DescribeUserPoolCommand,
  GetUserPoolMfaConfigCommand,
  InitiateAuthCommand,
  ListTagsForResourceCommand,
  ListUserPoolsCommand,
  SetUserPoolMfaConfigCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { describe, expect, test } from 'vitest';
import { putUser } from '../../../src/emulator/index.js';
import { ACCOUNT, refusalOf } from '../front/local-cloud.js';
import { cognitoOf, makePool, NOW_MS, openPoolWorld, standing, tokensOf } from './pool-world.js';

const POLICY = {
  MinimumLength: 14,
  RequireUppercase: true,
  RequireLowercase: true,
  RequireNumbers: true,
  RequireSymbols: false,
  TemporaryPasswordValidityDays: 1,
};

describe('user pools', () => {
  test('DescribeUserPool answers what CreateUserPool was given', async () => {
    const cognito = cognitoOf(standing());
    const { UserPool } = await cognito.send(
      new CreateUserPoolCommand({
        PoolName: 'images',
        Policies: { PasswordPolicy: POLICY },
        DeletionProtection: 'ACTIVE',
        AutoVerifiedAttributes: ['email'],
        AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
        AccountRecoverySetting: { RecoveryMechanisms: [{ Priority: 1, Name: 'admin_only' }] },
        UsernameConfiguration: { CaseSensitive: false },
        UserPoolTags: { owner: 'me' },
      }),
    );

    const described = await cognito.send(new DescribeUserPoolCommand({ UserPoolId: UserPool?.Id }));

    expect(UserPool?.Id).toMatch(/^eu-west-1_[0-9a-z]{9}$/);
    expect(described.UserPool).toEqual(UserPool);
    expect(described.UserPool).toEqual({
      Id: UserPool?.Id,
      Name: 'images',
      Arn: `arn:aws:cognito-idp:eu-west-1:${ACCOUNT}:userpool/${UserPool?.Id}`,
      CreationDate: new Date(NOW_MS),
      LastModifiedDate: new Date(NOW_MS),
      LambdaConfig: {},
      Policies: { PasswordPolicy: POLICY },
      DeletionProtection: 'ACTIVE',
      AutoVerifiedAttributes: ['email'],
      MfaConfiguration: 'OFF',
      EstimatedNumberOfUsers: 0,
      UserPoolTags: { owner: 'me' },
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true, UnusedAccountValidityDays: 1 },
      UsernameConfiguration: { CaseSensitive: false },
      AccountRecoverySetting: { RecoveryMechanisms: [{ Priority: 1, Name: 'admin_only' }] },
      UserPoolTier: 'ESSENTIALS',
    });
  });

  test.each(['ON', 'OPTIONAL'] as const)(
    'CreateUserPool refuses MFA %s, which SetUserPoolMfaConfig takes',
    async (mfa) => {
      const cognito = cognitoOf(standing());
      const refusal = await refusalOf(
        cognito.send(new CreateUserPoolCommand({ PoolName: 'images', MfaConfiguration: mfa })),
      );
      const UserPoolId = (await makePool(cognito)).id;
      const fields = { SoftwareTokenMfaConfiguration: { Enabled: true }, MfaConfiguration: mfa };

      await cognito.send(new SetUserPoolMfaConfigCommand({ UserPoolId, ...fields }));

      const config = await cognito.send(new GetUserPoolMfaConfigCommand({ UserPoolId }));
      expect(refusal).toMatchObject({ name: 'InvalidParameterException', status: 400 });
      expect(config).toMatchObject(fields);
    },
  );

  test('SetUserPoolMfaConfig refuses to require MFA without a factor', async () => {
    const cognito = cognitoOf(standing());
    const { id: UserPoolId } = await makePool(cognito);

    const refusal = await refusalOf(
      cognito.send(new SetUserPoolMfaConfigCommand({ UserPoolId, MfaConfiguration: 'ON' })),
    );

    expect(refusal.name).toBe('InvalidParameterException');
  });

  test('UpdateUserPool gives what it does not name its default again', async () => {
    const cognito = cognitoOf(standing());
    const { id: UserPoolId } = await makePool(cognito, {
      Policies: { PasswordPolicy: POLICY },
      DeletionProtection: 'ACTIVE',
      UserPoolTags: { owner: 'me' },
    });

    await cognito.send(new UpdateUserPoolCommand({ UserPoolId, Policies: { PasswordPolicy: POLICY } }));

    const { UserPool } = await cognito.send(new DescribeUserPoolCommand({ UserPoolId }));
    expect(UserPool).toMatchObject({
      Name: 'images',
      Policies: { PasswordPolicy: POLICY },
      DeletionProtection: 'INACTIVE',
      UserPoolTags: {},
    });
  });

  test('DeleteUserPool refuses while deletion protection is active', async () => {
    const cognito = cognitoOf(standing());
    const { id: UserPoolId } = await makePool(cognito, { DeletionProtection: 'ACTIVE' });

    const refusal = await refusalOf(cognito.send(new DeleteUserPoolCommand({ UserPoolId })));
    await cognito.send(new UpdateUserPoolCommand({ UserPoolId, DeletionProtection: 'INACTIVE' }));
    await cognito.send(new DeleteUserPoolCommand({ UserPoolId }));

    expect(refusal.name).toBe('InvalidParameterException');
    const gone = await refusalOf(cognito.send(new DescribeUserPoolCommand({ UserPoolId })));
    expect(gone).toEqual({
      name: 'ResourceNotFoundException',
      status: 400,
      message: `User pool ${UserPoolId} does not exist.`,
    });
  });

  test('DeleteUserPool leaves nothing of the pool, and all of another', async () => {
    const world = await openPoolWorld();
    const { cognito, pool, clientId, cloud } = world;
    await tokensOf(world);
    const other = await makePool(cognito);

    await cognito.send(new DeleteUserPoolCommand({ UserPoolId: pool.id }));

    const { store } = cloud.emulator;
    const left = store
      .tables()
      .filter((table) => table.startsWith('cognito/'))
      .flatMap((table) => store.list(table).map(({ key }) => key));
    const signIn = new InitiateAuthCommand({ ClientId: clientId, AuthFlow: 'USER_PASSWORD_AUTH' });
    expect(left).toEqual([other.id]);
    expect((await refusalOf(cognito.send(signIn))).name).toBe('ResourceNotFoundException');
  });

  test('ListUserPools goes through all pools of its Region page by page', async () => {
    const cloud = standing();
    const cognito = cognitoOf(cloud);
    const made: string[] = [];
    for (let n = 0; n < 7; n++) made.push((await makePool(cognito)).id);
    await makePool(cognitoOf(cloud, 'us-east-1'));

    const first = await cognito.send(new ListUserPoolsCommand({ MaxResults: 60 }));
    const second = await cognito.send(new ListUserPoolsCommand({ MaxResults: 60, NextToken: first.NextToken }));

    const listed = [...(first.UserPools ?? []), ...(second.UserPools ?? [])].map(({ Id }) => Id);
    expect(listed).toEqual([...made].sort());
    expect(first.UserPools).toHaveLength(5);
    expect(second.NextToken).toBeUndefined();
  });

  test('pools of another Region and of another account do not exist', async () => {
    const cloud = standing();
    const cognito = cognitoOf(cloud);
    const { id: UserPoolId } = await makePool(cognito);
    const keys = { accessKeyId: 'AKIASTRANGER00000001', secretAccessKey: 'secret' };
    const stranger = {
      accountId: '444455556666',
      name: 'eve',
      attached: ['arn:aws:iam::aws:policy/AdministratorAccess'],
    };
    putUser(cloud.emulator.store, { ...stranger, ...keys }, NOW_MS, 'aws');
    const describe = new DescribeUserPoolCommand({ UserPoolId });

    const elsewhere = await refusalOf(cognitoOf(cloud, 'us-east-1').send(describe));
    const foreign = await refusalOf(cognitoOf(cloud, 'eu-west-1', keys).send(describe));

    expect([elsewhere.name, foreign.name]).toEqual(['ResourceNotFoundException', 'ResourceNotFoundException']);
  });

  test.each<Partial<CreateUserPoolCommandInput>>([
    { PoolName: 'a/b' },
    { Policies: { PasswordPolicy: { MinimumLength: 5 } } },
    { Policies: { PasswordPolicy: { TemporaryPasswordValidityDays: 366 } } },
    { DeletionProtection: 'PERHAPS' as 'ACTIVE' },
    { AutoVerifiedAttributes: ['name' as 'email'] },
    { UserPoolTags: { 'aws:mine': '1' } },
    { UserPoolTags: { key: 'x'.repeat(257) } },
    { UserPoolTags: Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`key${n}`, ''])) },
  ])('CreateUserPool refuses %j', async (input) => {
    const refusal = await refusalOf(makePool(cognitoOf(standing()), input));

    expect(refusal).toMatchObject({ name: 'InvalidParameterException', status: 400 });
  });

  test.each([
    { LambdaConfig: { PreSignUp: 'arn:aws:lambda:eu-west-1:111122223333:function:f' } },
    { UsernameAttributes: ['email' as const] },
    { Schema: [{ Name: 'team', AttributeDataType: 'String' as const }] },
  ])('CreateUserPool with %j is not emulated', async (input) => {
    const refusal = await refusalOf(makePool(cognitoOf(standing()), input));

    expect(refusal).toMatchObject({
      status: 501,
      message: expect.stringContaining(`CreateUserPool with ${Object.keys(input)[0]}`),
    });
  });

  test('tags are added, replaced and removed by the ARN of the pool', async () => {
    const cognito = cognitoOf(standing());
    const { arn: ResourceArn } = await makePool(cognito, { UserPoolTags: { a: '1', b: '2' } });

    await cognito.send(new TagResourceCommand({ ResourceArn, Tags: { b: '3', c: '4' } }));
    await cognito.send(new UntagResourceCommand({ ResourceArn, TagKeys: ['a', 'missing'] }));

    const { Tags } = await cognito.send(new ListTagsForResourceCommand({ ResourceArn }));
    expect(Tags).toEqual({ b: '3', c: '4' });
  });

  test('identity policies are judged, tags of the pool included', async () => {
    const cloud = standing();
    const { id } = await makePool(cognitoOf(cloud), { UserPoolTags: { team: 'images' } });
    const { id: other } = await makePool(cognitoOf(cloud));
    const keys = { accessKeyId: 'AKIAREADER0000000001', secretAccessKey: 'secret' };
    putUser(
      cloud.emulator.store,
      {
        accountId: ACCOUNT,
        name: 'reader',
        ...keys,
        policies: {
          read: JSON.stringify({
            Version: '2012-10-17',
            Statement: {
              Effect: 'Allow',
              Action: 'cognito-idp:Describe*',
              Resource: '*',
              Condition: { StringEquals: { 'aws:ResourceTag/team': 'images' } },
            },
          }),
        },
      },
      NOW_MS,
      'aws',
    );
    const reader = cognitoOf(cloud, 'eu-west-1', keys);

    expect((await reader.send(new DescribeUserPoolCommand({ UserPoolId: id }))).UserPool?.Id).toBe(id);
    expect((await refusalOf(reader.send(new DescribeUserPoolCommand({ UserPoolId: other })))).name).toBe(
      'AccessDeniedException',
    );
    const client = new DescribeUserPoolClientCommand({ UserPoolId: other, ClientId: 'x' });
    expect((await refusalOf(reader.send(client))).name).toBe('AccessDeniedException');
  });
});
