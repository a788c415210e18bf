import {
  AdminCreateUserCommand,
  type AdminCreateUserCommandInput,
  AdminDeleteUserCommand,
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminGetUserCommand,
  AdminSetUserPasswordCommand,
  DescribeUserPoolCommand,
  GetUserCommand,
  InitiateAuthCommand,
  ListUsersCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { describe, expect, test } from 'vitest';
import { refusalOf } from '../front/local-cloud.js';
import {
  cognitoOf,
  makeClient,
  makePool,
  NOW_MS,
  OTHER_PASSWORD,
  openPoolWorld,
  PASSWORD,
  signIn,
  standing,
  tokensOf,
} from './pool-world.js';

describe('AdminCreateUser', () => {
  test('makes a user whose password has to be changed', async () => {
    const cognito = cognitoOf(standing());
    const { id: UserPoolId } = await makePool(cognito);

    const { User } = await cognito.send(
      new AdminCreateUserCommand({
        UserPoolId,
        Username: 'alice',
        TemporaryPassword: PASSWORD,
        MessageAction: 'SUPPRESS',
        UserAttributes: [{ Name: 'email', Value: 'alice@example.com' }],
      }),
    );

    const { UserPool } = await cognito.send(new DescribeUserPoolCommand({ UserPoolId }));
    expect(User).toEqual({
      Username: 'alice',
      UserCreateDate: new Date(NOW_MS),
      UserLastModifiedDate: new Date(NOW_MS),
      Enabled: true,
      UserStatus: 'FORCE_CHANGE_PASSWORD',
      Attributes: [
        { Name: 'sub', Value: expect.stringMatching(/^[0-9a-f-]{36}$/) },
        { Name: 'email', Value: 'alice@example.com' },
      ],
    });
    expect(UserPool?.EstimatedNumberOfUsers).toBe(1);
  });

  test.each<[string, Partial<AdminCreateUserCommandInput>]>([
    ['UsernameExistsException', {}],
    ['InvalidParameterException', { Username: 'bob', UserAttributes: [{ Name: 'sub', Value: 'mine' }] }],
    ['InvalidParameterException', { Username: 'bob', UserAttributes: [{ Name: 'custom:team', Value: 'x' }] }],
    ['InvalidParameterException', { Username: 'b b' }],
    ['InvalidPasswordException', { Username: 'bob', TemporaryPassword: 'password' }],
  ])('refuses with %s %j beside alice', async (name, input) => {
    const { cognito, pool } = await openPoolWorld();

    const refusal = await refusalOf(
      cognito.send(new AdminCreateUserCommand({ UserPoolId: pool.id, Username: 'alice', ...input })),
    );

    expect(refusal).toMatchObject({ name, status: 400 });
  });

  test.each([
    [true, 'UsernameExistsException'],
    [false, ''],
  ])('takes ALICE beside alice only where case counts (ignored: %s)', async (isIgnored, expected) => {
    const cognito = cognitoOf(standing());
    const { id: UserPoolId } = await makePool(cognito, { UsernameConfiguration: { CaseSensitive: !isIgnored } });
    await cognito.send(new AdminCreateUserCommand({ UserPoolId, Username: 'alice' }));
    const again = cognito.send(new AdminCreateUserCommand({ UserPoolId, Username: 'ALICE' }));

    expect(isIgnored ? (await refusalOf(again)).name : '').toBe(expected);
    await again.catch(() => undefined);
    const { Users } = await cognito.send(new ListUsersCommand({ UserPoolId }));
    expect(Users).toHaveLength(isIgnored ? 1 : 2);
  });
});

describe('passwords', () => {
  test.each([
    ['Short 1!', 'Password not long enough'],
    ['no capital letter, 1', 'Password must have uppercase characters'],
    ['NO SMALL LETTER, 1', 'Password must have lowercase characters'],
    ['No digit in here, none', 'Password must have numeric characters'],
    ['Nospecialcharacter1', 'Password must have symbol characters'],
    [' Leading space, 1', 'Password must not begin or end with a space'],
    [`Aa1!${'x'.repeat(253)}`, 'Password too long'],
  ])('%j is refused, since: %s', async (Password, reason) => {
    const cognito = cognitoOf(standing());
    const policy = { RequireUppercase: true, RequireLowercase: true, RequireNumbers: true, RequireSymbols: true };
    const { id: UserPoolId } = await makePool(cognito, {
      Policies: { PasswordPolicy: { MinimumLength: 12, ...policy } },
    });
    const user = { UserPoolId, Username: 'alice' };
    await cognito.send(new AdminCreateUserCommand(user));

    const refusal = await refusalOf(cognito.send(new AdminSetUserPasswordCommand({ ...user, Password })));

    expect(refusal).toEqual({
      name: 'InvalidPasswordException',
      status: 400,
      message: `Password did not conform with policy: ${reason}`,
    });
  });

  test('an administrator sets one for good, and the user is confirmed', async () => {
    const world = await openPoolWorld();
    const user = { UserPoolId: world.pool.id, Username: 'alice' };
    const set = new AdminSetUserPasswordCommand({ ...user, Password: OTHER_PASSWORD, Permanent: true });

    await world.cognito.send(set);

    const { UserStatus } = await world.cognito.send(new AdminGetUserCommand(user));
    const { AuthenticationResult } = await signIn(world, { USERNAME: 'alice', PASSWORD: OTHER_PASSWORD });
    expect(UserStatus).toBe('CONFIRMED');
    expect(AuthenticationResult?.TokenType).toBe('Bearer');
    expect((await refusalOf(signIn(world))).message).toBe('Incorrect username or password.');
  });

  test('a temporary one ends after the days that the pool says', async () => {
    const world = await openPoolWorld();
    const user = { UserPoolId: world.pool.id, Username: 'alice' };
    await world.cognito.send(new AdminSetUserPasswordCommand({ ...user, Password: PASSWORD }));
    const sevenDaysMs = 7 * 86_400_000;

    await world.cloud.emulator.clock.sleep(sevenDaysMs - 1);
    const before = await signIn(world);
    await world.cloud.emulator.clock.sleep(1);
    const after = await refusalOf(signIn(world));

    expect(before.ChallengeName).toBe('NEW_PASSWORD_REQUIRED');
    expect(after).toMatchObject({ name: 'NotAuthorizedException', message: expect.stringContaining('has expired') });
  });

  test('lie in the store as nothing that could be read', async () => {
    const { cloud } = await openPoolWorld();
    const { store } = cloud.emulator;

    const kept = store.tables().flatMap((table) => store.list(table).map(({ value }) => JSON.stringify(value)));

    expect(kept.length).toBeGreaterThan(3);
    expect(kept.filter((text) => text.includes(PASSWORD))).toEqual([]);
  });
});

describe('users', () => {
  test('a disabled one cannot sign in, refresh or use an access token; enabled again, only sign in', async () => {
    const world = await openPoolWorld();
    const { cognito, clientId, pool, cloud } = world;
    const user = { UserPoolId: pool.id, Username: 'alice' };
    const { access, refresh } = await tokensOf(world);
    const ask = () => cognito.send(new GetUserCommand({ AccessToken: access }));
    const renew = () =>
      cognito.send(
        new InitiateAuthCommand({
          ClientId: clientId,
          AuthFlow: 'REFRESH_TOKEN_AUTH',
          AuthParameters: { REFRESH_TOKEN: refresh },
        }),
      );
    await cloud.emulator.clock.sleep(1000);

    await cognito.send(new AdminDisableUserCommand(user));
    const disabled = [await refusalOf(signIn(world)), await refusalOf(ask()), await refusalOf(renew())];
    await cognito.send(new AdminEnableUserCommand(user));
    const enabled = [await refusalOf(ask()), await refusalOf(renew())];

    expect(disabled.map(({ message }) => message)).toEqual([
      'User is disabled.',
      'User is disabled.',
      'Invalid Refresh Token',
    ]);
    expect(enabled.map(({ message }) => message)).toEqual(['Access Token has been revoked', 'Invalid Refresh Token']);
    expect((await signIn(world)).AuthenticationResult?.ExpiresIn).toBe(3600);
  });

  test('a deleted one is gone, and a namesake gets nothing from old tokens', async () => {
    const world = await openPoolWorld();
    const { cognito, pool } = world;
    const user = { UserPoolId: pool.id, Username: 'alice' };
    const { access } = await tokensOf(world);

    await cognito.send(new AdminDeleteUserCommand(user));
    const gone = await refusalOf(cognito.send(new AdminGetUserCommand(user)));
    await cognito.send(new AdminCreateUserCommand(user));
    const namesake = await refusalOf(cognito.send(new GetUserCommand({ AccessToken: access })));

    const refusal = { name: 'UserNotFoundException', status: 400, message: 'User does not exist.' };
    expect([gone, namesake]).toEqual([refusal, refusal]);
  });

  test('AdminGetUser and GetUser tell the same', async () => {
    const world = await openPoolWorld();
    const { access } = await tokensOf(world);

    const seen = await world.cognito.send(new AdminGetUserCommand({ UserPoolId: world.pool.id, Username: 'alice' }));
    const own = await world.cognito.send(new GetUserCommand({ AccessToken: access }));

    expect(own.UserAttributes).toEqual([
      { Name: 'sub', Value: world.sub },
      { Name: 'email', Value: 'alice@example.com' },
      { Name: 'email_verified', Value: 'true' },
    ]);
    expect([own.Username, own.UserAttributes]).toEqual([seen.Username, seen.UserAttributes]);
  });

  test.each([
    [undefined, ['alice', 'bob', 'carol']],
    ['username = "bob"', ['bob']],
    ['email ^= "alice@"', ['alice']],
    ['status = "Disabled"', ['carol']],
    ['cognito:user_status = "CONFIRMED"', ['alice']],
    ['username = "nobody"', []],
  ])('ListUsers with the filter %s finds %j', async (Filter, names) => {
    const { cognito, pool } = await openPoolWorld();
    for (const Username of ['bob', 'carol'])
      await cognito.send(new AdminCreateUserCommand({ UserPoolId: pool.id, Username }));
    await cognito.send(new AdminDisableUserCommand({ UserPoolId: pool.id, Username: 'carol' }));

    const { Users } = await cognito.send(
      new ListUsersCommand({ UserPoolId: pool.id, Filter, AttributesToGet: ['email'] }),
    );

    expect(Users?.map(({ Username }) => Username)).toEqual(names);
    expect(Users?.flatMap(({ Attributes = [] }) => Attributes.map(({ Name }) => Name))).toEqual(
      names.includes('alice') ? ['email'] : [],
    );
  });

  test('ListUsers goes page by page', async () => {
    const { cognito, pool } = await openPoolWorld();
    for (const Username of ['b', 'c', 'd'])
      await cognito.send(new AdminCreateUserCommand({ UserPoolId: pool.id, Username }));

    const first = await cognito.send(new ListUsersCommand({ UserPoolId: pool.id, Limit: 3 }));
    const second = await cognito.send(
      new ListUsersCommand({ UserPoolId: pool.id, Limit: 3, PaginationToken: first.PaginationToken }),
    );

    expect([first, second].map(({ Users }) => Users?.map(({ Username }) => Username))).toEqual([
      ['alice', 'b', 'c'],
      ['d'],
    ]);
    expect(second.PaginationToken).toBeUndefined();
  });

  test.each([
    ['username', 'InvalidParameterException', 400],
    ['locale = "en"', 'NotImplemented', 501],
  ])('ListUsers answers to the filter %s with %s', async (Filter, name, status) => {
    const { cognito, pool } = await openPoolWorld();

    const refusal = await refusalOf(cognito.send(new ListUsersCommand({ UserPoolId: pool.id, Filter })));

    expect(refusal).toMatchObject({ name, status });
  });

  test.each([
    [true, 'NotAuthorizedException', 400],
    [false, 'NotImplemented', 501],
  ])('SignUp where only administrators make users (%s) is refused with %s', async (isAdminOnly, name, status) => {
    const cognito = cognitoOf(standing());
    const { id } = await makePool(cognito, { AdminCreateUserConfig: { AllowAdminCreateUserOnly: isAdminOnly } });
    const ClientId = await makeClient(cognito, id);

    const refusal = await refusalOf(cognito.send(new SignUpCommand({ ClientId, Username: 'eve', Password: PASSWORD })));

    expect(refusal).toMatchObject({ name, status });
  });
});
