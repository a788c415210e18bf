import {
  AdminInitiateAuthCommand,
  AdminRespondToAuthChallengeCommand,
  AdminSetUserPasswordCommand,
  type AuthFlowType,
  GetUserCommand,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { describe, expect, test } from 'vitest';
import { refusalOf } from '../front/local-cloud.js';
import {
  claimsOf,
  cognitoOf,
  makeClient,
  NOW_MS,
  OTHER_PASSWORD,
  openPoolWorld,
  PASSWORD,
  type PoolWorld,
  signIn,
  tokensOf,
  USER,
} from './pool-world.js';

const MINUTE_MS = 60_000;

function refresh({ cognito, clientId }: PoolWorld, token: string, ClientId = clientId) {
  const AuthParameters = { REFRESH_TOKEN: token };
  return cognito.send(new InitiateAuthCommand({ ClientId, AuthFlow: 'REFRESH_TOKEN_AUTH', AuthParameters }));
}

/** A world whose alice has a temporary password, and the challenge that it leads to. */
async function withNewPasswordAsked() {
  const world = await openPoolWorld();
  const UserPoolId = world.pool.id;
  await world.cognito.send(new AdminSetUserPasswordCommand({ UserPoolId, Username: 'alice', Password: PASSWORD }));
  const { ChallengeName, ChallengeParameters, Session } = await signIn(world);
  const answer = (responses: Record<string, string> = {}, ClientId = world.clientId) =>
    world.cognito.send(
      new RespondToAuthChallengeCommand({
        ClientId,
        ChallengeName: 'NEW_PASSWORD_REQUIRED',
        Session,
        ChallengeResponses: { USERNAME: 'alice', NEW_PASSWORD: OTHER_PASSWORD, ...responses },
      }),
    );
  return { world, ChallengeName, ChallengeParameters, Session, answer };
}

describe('a sign-in with a password', () => {
  test('answers ID and access token with the claims that AWS documents', async () => {
    const world = await openPoolWorld();
    const { AuthenticationResult: got, ChallengeName } = await signIn(world);

    const [id, access] = [claimsOf(got?.IdToken ?? ''), claimsOf(got?.AccessToken ?? '')];

    const uuid = expect.stringMatching(/^[0-9a-f-]{36}$/);
    const seconds = NOW_MS / 1000;
    const shared = {
      sub: world.sub,
      iss: `https://cognito-idp.eu-west-1.amazonaws.com/${world.pool.id}`,
      origin_jti: uuid,
      event_id: uuid,
      auth_time: seconds,
      iat: seconds,
      exp: seconds + 3600,
      jti: uuid,
    };
    expect(id).toEqual({
      ...shared,
      'cognito:username': 'alice',
      aud: world.clientId,
      token_use: 'id',
      email: 'alice@example.com',
      email_verified: true,
    });
    expect(access).toEqual({
      ...shared,
      client_id: world.clientId,
      token_use: 'access',
      scope: 'aws.cognito.signin.user.admin',
      username: 'alice',
    });
    expect([id['origin_jti'], id['jti'] === access['jti']]).toEqual([access['origin_jti'], false]);
    expect([got?.TokenType, got?.ExpiresIn, ChallengeName]).toEqual(['Bearer', 3600, undefined]);
  });

  test('lets tokens live as long as the client says, without origin_jti where nothing can be revoked', async () => {
    const world = await openPoolWorld({
      AccessTokenValidity: 5,
      IdTokenValidity: 1,
      TokenValidityUnits: { AccessToken: 'minutes', IdToken: 'days' },
      EnableTokenRevocation: false,
    });

    const { id, access } = await tokensOf(world);

    const seconds = NOW_MS / 1000;
    expect([claimsOf(id)['exp'], claimsOf(access)['exp']]).toEqual([seconds + 86_400, seconds + 300]);
    expect([claimsOf(id)['origin_jti'], claimsOf(access)['origin_jti']]).toEqual([undefined, undefined]);
  });

  test.each([
    ['LEGACY', 'alice', 'NotAuthorizedException', 'Incorrect username or password.'],
    ['LEGACY', 'nobody', 'UserNotFoundException', 'User does not exist.'],
    ['ENABLED', 'alice', 'NotAuthorizedException', 'Incorrect username or password.'],
    ['ENABLED', 'nobody', 'NotAuthorizedException', 'Incorrect username or password.'],
  ] as const)('with %s and a wrong password answers to %s: %s', async (errors, USERNAME, name, message) => {
    const world = await openPoolWorld({ PreventUserExistenceErrors: errors });

    const refusal = await refusalOf(signIn(world, { USERNAME, PASSWORD: OTHER_PASSWORD }));

    expect(refusal).toEqual({ name, status: 400, message });
  });

  test.each<[AuthFlowType, string[]]>([
    ['USER_PASSWORD_AUTH', ['ALLOW_ADMIN_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH']],
    ['REFRESH_TOKEN_AUTH', ['ALLOW_USER_PASSWORD_AUTH']],
  ])('by %s is refused to a client that allows %j', async (AuthFlow, flows) => {
    const { cognito, clientId: ClientId } = await openPoolWorld({ ExplicitAuthFlows: flows as ['ALLOW_USER_AUTH'] });
    const AuthParameters = { ...USER, REFRESH_TOKEN: 'x' };

    const refusal = await refusalOf(cognito.send(new InitiateAuthCommand({ ClientId, AuthFlow, AuthParameters })));

    expect(refusal).toMatchObject({
      name: 'InvalidParameterException',
      message: `${AuthFlow} flow not enabled for this client`,
    });
  });

  test.each<[AuthFlowType, number]>([
    ['ADMIN_USER_PASSWORD_AUTH', 400],
    ['USER_SRP_AUTH', 501],
    ['CUSTOM_AUTH', 501],
    ['USER_AUTH', 501],
  ])('by %s answers %i to InitiateAuth', async (AuthFlow, status) => {
    const { cognito, clientId: ClientId } = await openPoolWorld();

    const refusal = await refusalOf(
      cognito.send(new InitiateAuthCommand({ ClientId, AuthFlow, AuthParameters: USER })),
    );

    expect(refusal.status).toBe(status);
  });

  test.each([
    [{ USERNAME: 'alice' }, 'Missing required parameter PASSWORD'],
    [{ PASSWORD }, 'Missing required parameter USERNAME'],
  ])('needs more than %j', async (parameters, message) => {
    const refusal = await refusalOf(signIn(await openPoolWorld(), parameters as Record<string, string>));

    expect(refusal).toEqual({ name: 'InvalidParameterException', status: 400, message });
  });

  test('AdminInitiateAuth does it for an administrator, and only in the pool of the client', async () => {
    const { cognito, pool, clientId: ClientId } = await openPoolWorld();
    const ask = { ClientId, AuthFlow: 'ADMIN_USER_PASSWORD_AUTH' as const, AuthParameters: USER };

    const { AuthenticationResult } = await cognito.send(new AdminInitiateAuthCommand({ UserPoolId: pool.id, ...ask }));
    const elsewhere = await refusalOf(
      cognito.send(new AdminInitiateAuthCommand({ UserPoolId: 'eu-west-1_000000000', ...ask })),
    );

    expect(claimsOf(AuthenticationResult?.IdToken ?? '')['cognito:username']).toBe('alice');
    expect(elsewhere.name).toBe('ResourceNotFoundException');
  });

  test('knows the client in its own Region only', async () => {
    const { cloud, clientId: ClientId } = await openPoolWorld();
    const ask = new InitiateAuthCommand({ ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters: USER });

    const refusal = await refusalOf(cognitoOf(cloud, 'us-east-1').send(ask));

    expect(refusal.name).toBe('ResourceNotFoundException');
  });
});

describe('a refresh token', () => {
  test('gets new tokens of the same sign-in, and no other refresh token', async () => {
    const world = await openPoolWorld();
    const first = await tokensOf(world);
    await world.cloud.emulator.clock.sleep(2 * 60 * MINUTE_MS);

    const { AuthenticationResult: got } = await refresh(world, first.refresh);

    const [before, after] = [claimsOf(first.id), claimsOf(got?.IdToken ?? '')];
    const seconds = NOW_MS / 1000;
    expect(after).toMatchObject({ auth_time: seconds, iat: seconds + 7200, origin_jti: before['origin_jti'] });
    expect(after['jti']).not.toBe(before['jti']);
    expect(got?.RefreshToken).toBeUndefined();
  });

  test('ends when the client says', async () => {
    const world = await openPoolWorld({ RefreshTokenValidity: 60, TokenValidityUnits: { RefreshToken: 'minutes' } });
    const { refresh: token } = await tokensOf(world);

    await world.cloud.emulator.clock.sleep(60 * MINUTE_MS - 1);
    const before = await refresh(world, token);
    await world.cloud.emulator.clock.sleep(1);
    const after = await refusalOf(refresh(world, token));

    expect(before.AuthenticationResult?.TokenType).toBe('Bearer');
    expect(after).toMatchObject({ name: 'NotAuthorizedException', message: 'Refresh Token has expired' });
  });

  test('is good for nothing when made up, or in the hands of another client', async () => {
    const world = await openPoolWorld();
    const { refresh: token } = await tokensOf(world);
    const other = await makeClient(world.cognito, world.pool.id);

    const refusals = [await refusalOf(refresh(world, `${token}0`)), await refusalOf(refresh(world, token, other))];

    expect(refusals.map(({ message }) => message)).toEqual(['Invalid Refresh Token', 'Invalid Refresh Token']);
  });
});

describe('a session', () => {
  test('leads from a temporary password to one of the own, with attributes on the way', async () => {
    const { world, ChallengeName, ChallengeParameters, answer } = await withNewPasswordAsked();

    const { AuthenticationResult } = await answer({ 'userAttributes.name': 'Alice' });

    expect(ChallengeName).toBe('NEW_PASSWORD_REQUIRED');
    expect(ChallengeParameters).toEqual({
      USER_ID_FOR_SRP: 'alice',
      requiredAttributes: '[]',
      userAttributes: '{"email":"alice@example.com","email_verified":"true"}',
    });
    expect(claimsOf(AuthenticationResult?.IdToken ?? '')['name']).toBe('Alice');
    const again = await signIn(world, { USERNAME: 'alice', PASSWORD: OTHER_PASSWORD });
    expect(again.AuthenticationResult?.TokenType).toBe('Bearer');
  });

  test('is taken once, and stays when the answer was refused', async () => {
    const { answer } = await withNewPasswordAsked();

    const weak = await refusalOf(answer({ NEW_PASSWORD: 'weak' }));
    await answer();
    const again = await refusalOf(answer());

    expect(weak.name).toBe('InvalidPasswordException');
    expect(again).toEqual({
      name: 'NotAuthorizedException',
      status: 400,
      message: 'Invalid session for the user.',
    });
  });

  test('ends after three minutes', async () => {
    const { world, answer } = await withNewPasswordAsked();
    await world.cloud.emulator.clock.sleep(3 * MINUTE_MS);

    const refusal = await refusalOf(answer());

    expect(refusal).toMatchObject({
      name: 'NotAuthorizedException',
      message: 'Invalid session for the user, session is expired.',
    });
  });

  test('lasts as long as the client says', async () => {
    const world = await openPoolWorld({ AuthSessionValidity: 15 });
    const { cognito, pool, clientId: ClientId } = world;
    const user = { UserPoolId: pool.id, Username: 'alice' };
    await cognito.send(new AdminSetUserPasswordCommand({ ...user, Password: PASSWORD }));
    const { Session, ChallengeName } = await signIn(world);
    await world.cloud.emulator.clock.sleep(15 * MINUTE_MS - 1);
    const ChallengeResponses = { USERNAME: 'alice', NEW_PASSWORD: OTHER_PASSWORD };

    const { AuthenticationResult } = await cognito.send(
      new AdminRespondToAuthChallengeCommand({
        UserPoolId: pool.id,
        ClientId,
        ChallengeName,
        Session,
        ChallengeResponses,
      }),
    );

    expect(AuthenticationResult?.TokenType).toBe('Bearer');
  });

  test('is of one user and one client', async () => {
    const { world, answer } = await withNewPasswordAsked();
    const other = await makeClient(world.cognito, world.pool.id);

    const refusals = [await refusalOf(answer({ USERNAME: 'bob' })), await refusalOf(answer({}, other))];

    const message = 'Invalid session for the user.';
    expect(refusals.map((refusal) => refusal.message)).toEqual([message, message]);
  });

  test.each([
    ['SOFTWARE_TOKEN_MFA', 400, 'Invalid session for the user.'],
    ['MFA_SETUP', 400, 'Invalid session for the user.'],
    ['SMS_MFA', 501, 'The local cloud does not emulate cognito-idp answers to the challenge SMS_MFA.'],
  ] as const)('of a new password is not answered by %s', async (ChallengeName, status, message) => {
    const { world, Session } = await withNewPasswordAsked();
    const { clientId: ClientId, cognito } = world;
    const ChallengeResponses = { USERNAME: 'alice', NEW_PASSWORD: OTHER_PASSWORD, SOFTWARE_TOKEN_MFA_CODE: '000000' };

    const refusal = await refusalOf(
      cognito.send(new RespondToAuthChallengeCommand({ ClientId, ChallengeName, Session, ChallengeResponses })),
    );

    expect(refusal).toMatchObject({ status, message });
  });
});

describe('GetUser', () => {
  test.each([
    ['an ID token', 0, 'Invalid Access Token', ({ id }: { id: string; access: string }) => id],
    ['nonsense', 0, 'Invalid Access Token', () => 'a.b.c'],
    ['an expired one', 60 * MINUTE_MS, 'Access Token has expired', ({ access }: { access: string }) => access],
  ])('refuses %s', async (_what, laterMs, message, pick) => {
    const world = await openPoolWorld();
    const tokens = await tokensOf(world);
    await world.cloud.emulator.clock.sleep(laterMs);

    const refusal = await refusalOf(world.cognito.send(new GetUserCommand({ AccessToken: pick(tokens) })));

    expect(refusal).toEqual({ name: 'NotAuthorizedException', status: 400, message });
  });
});
