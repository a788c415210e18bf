import {
  AdminCreateUserCommand,
  AdminGetUserCommand,
  AdminSetUserMFAPreferenceCommand,
  AdminSetUserPasswordCommand,
  AssociateSoftwareTokenCommand,
  RespondToAuthChallengeCommand,
  SetUserMFAPreferenceCommand,
  SetUserPoolMfaConfigCommand,
  VerifySoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { describe, expect, test } from 'vitest';
import { verifyUserPoolToken } from '../../../src/emulator/cognito/index.js';
import { refusalOf } from '../front/local-cloud.js';
import {
  claimsOf,
  codeFrom,
  cognitoOf,
  enrol,
  makeClient,
  makePool,
  OTHER_PASSWORD,
  openPoolWorld,
  PASSWORD,
  type PoolWorld,
  requireMfa,
  signIn,
  standing,
  tokensOf,
} from './pool-world.js';

const WINDOW_MS = 30_000;

async function openMfaWorld(): Promise<PoolWorld> {
  const world = await openPoolWorld();
  await requireMfa(world.cognito, world.pool.id);
  return world;
}

function answerCode({ cognito, clientId: ClientId }: PoolWorld, Session: string | undefined, code: string) {
  const ChallengeResponses = { USERNAME: 'alice', SOFTWARE_TOKEN_MFA_CODE: code };
  return cognito.send(
    new RespondToAuthChallengeCommand({ ClientId, ChallengeName: 'SOFTWARE_TOKEN_MFA', Session, ChallengeResponses }),
  );
}

test('a user of a pool with required MFA lives from a temporary password to a verified token', async () => {
  const cloud = standing();
  const cognito = cognitoOf(cloud);
  const pool = await makePool(cognito, { AdminCreateUserConfig: { AllowAdminCreateUserOnly: true } });
  await requireMfa(cognito, pool.id);
  const clientId = await makeClient(cognito, pool.id, { PreventUserExistenceErrors: 'ENABLED' });
  const user = { UserPoolId: pool.id, Username: 'alice' };
  await cognito.send(new AdminCreateUserCommand({ ...user, TemporaryPassword: PASSWORD, MessageAction: 'SUPPRESS' }));
  const world: PoolWorld = { cloud, cognito, pool, clientId, sub: '' };
  const respond = (ChallengeName: 'NEW_PASSWORD_REQUIRED' | 'MFA_SETUP', Session = '', more = {}) =>
    cognito.send(
      new RespondToAuthChallengeCommand({
        ClientId: clientId,
        ChallengeName,
        Session,
        ChallengeResponses: { USERNAME: 'alice', ...more },
      }),
    );

  const first = await signIn(world);
  const second = await respond('NEW_PASSWORD_REQUIRED', first.Session, { NEW_PASSWORD: OTHER_PASSWORD });
  const third = await cognito.send(new AssociateSoftwareTokenCommand({ Session: second.Session }));
  const seed = third.SecretCode ?? '';
  const fourth = await cognito.send(
    new VerifySoftwareTokenCommand({ Session: third.Session, UserCode: codeFrom(world, seed) }),
  );
  const fifth = await respond('MFA_SETUP', fourth.Session);
  await cloud.emulator.clock.sleep(WINDOW_MS);
  const sixth = await signIn(world, { USERNAME: 'alice', PASSWORD: OTHER_PASSWORD });
  const seventh = await answerCode(world, sixth.Session, codeFrom(world, seed));

  const token = seventh.AuthenticationResult?.IdToken;
  const ask = { providerArns: [pool.arn], token: `Bearer ${token}`, scopes: [] };
  const seen = await cognito.send(new AdminGetUserCommand(user));
  expect([first.ChallengeName, second.ChallengeName]).toEqual(['NEW_PASSWORD_REQUIRED', 'MFA_SETUP']);
  expect(second.ChallengeParameters).toMatchObject({ MFAS_CAN_SETUP: '["SOFTWARE_TOKEN_MFA"]' });
  expect(seed).toMatch(/^[A-Z2-7]{52}$/);
  expect(fourth.Status).toBe('SUCCESS');
  expect(fifth.AuthenticationResult?.TokenType).toBe('Bearer');
  expect([sixth.ChallengeName, sixth.AuthenticationResult]).toEqual(['SOFTWARE_TOKEN_MFA', undefined]);
  expect(verifyUserPoolToken({ store: cloud.emulator.store, now: cloud.emulator.clock.now }, ask)).toEqual({
    claims: claimsOf(token ?? ''),
  });
  expect([seen.UserStatus, seen.UserMFASettingList]).toEqual(['CONFIRMED', ['SOFTWARE_TOKEN_MFA']]);
});

describe('a code', () => {
  test.each([-1, 0, 1])('of %i windows from now is taken', async (windows) => {
    const world = await openMfaWorld();
    const { seed } = await enrol(world);
    await world.cloud.emulator.clock.sleep(10 * WINDOW_MS);
    const { Session } = await signIn(world);

    const { AuthenticationResult } = await answerCode(world, Session, codeFrom(world, seed, windows));

    expect(AuthenticationResult?.TokenType).toBe('Bearer');
  });

  test.each([
    ['of two windows ago', (world: PoolWorld, seed: string) => codeFrom(world, seed, -2)],
    ['of two windows ahead', (world: PoolWorld, seed: string) => codeFrom(world, seed, 2)],
    ['of no digits', () => ''],
  ])('%s does not match, and may be corrected', async (_what, wrong) => {
    const world = await openMfaWorld();
    const { seed } = await enrol(world);
    await world.cloud.emulator.clock.sleep(10 * WINDOW_MS);
    const { Session } = await signIn(world);

    const refusal = await refusalOf(answerCode(world, Session, wrong(world, seed)));
    const { AuthenticationResult } = await answerCode(world, Session, codeFrom(world, seed));

    expect(refusal).toEqual({
      name: 'CodeMismatchException',
      status: 400,
      message: 'Invalid code received for user',
    });
    expect(AuthenticationResult?.TokenType).toBe('Bearer');
  });

  test('that enrolled the authenticator does not let anybody in; the one of the next window does, once', async () => {
    const world = await openMfaWorld();
    const { seed } = await enrol(world);
    const { Session } = await signIn(world);

    const used = await refusalOf(answerCode(world, Session, codeFrom(world, seed)));
    const next = await answerCode(world, Session, codeFrom(world, seed, 1));
    const { Session: later } = await signIn(world);
    const reused = await refusalOf(answerCode(world, later, codeFrom(world, seed, 1)));

    const refusal = {
      name: 'ExpiredCodeException',
      status: 400,
      message: 'Your software token has already been used once.',
    };
    expect([used, reused]).toEqual([refusal, refusal]);
    expect(next.AuthenticationResult?.TokenType).toBe('Bearer');
  });
});

describe('an authenticator', () => {
  test('is not enrolled by a wrong code, and nobody is let in before it is', async () => {
    const world = await openMfaWorld();
    const { cognito, clientId: ClientId } = world;
    const { Session: asked } = await signIn(world);
    const { Session, SecretCode = '' } = await cognito.send(new AssociateSoftwareTokenCommand({ Session: asked }));
    const UserCode = codeFrom(world, SecretCode, 5);

    const wrong = await refusalOf(cognito.send(new VerifySoftwareTokenCommand({ Session, UserCode })));
    const early = await refusalOf(
      cognito.send(
        new RespondToAuthChallengeCommand({
          ClientId,
          ChallengeName: 'MFA_SETUP',
          Session,
          ChallengeResponses: { USERNAME: 'alice' },
        }),
      ),
    );

    expect(wrong).toMatchObject({ name: 'EnableSoftwareTokenMFAException', status: 400 });
    expect(early).toMatchObject({ name: 'InvalidParameterException', status: 400 });
    expect((await signIn(world)).ChallengeName).toBe('MFA_SETUP');
  });

  test('is not replaced by whoever has only the password', async () => {
    const world = await openMfaWorld();
    await enrol(world);
    const { Session } = await signIn(world);

    const refusal = await refusalOf(world.cognito.send(new AssociateSoftwareTokenCommand({ Session })));

    expect(refusal).toMatchObject({ name: 'NotAuthorizedException', message: 'Invalid session for the user.' });
  });

  test('outlives another password', async () => {
    const world = await openMfaWorld();
    await enrol(world);
    const user = { UserPoolId: world.pool.id, Username: 'alice' };
    await world.cognito.send(new AdminSetUserPasswordCommand({ ...user, Password: OTHER_PASSWORD, Permanent: true }));

    const { ChallengeName } = await signIn(world, { USERNAME: 'alice', PASSWORD: OTHER_PASSWORD });

    expect(ChallengeName).toBe('SOFTWARE_TOKEN_MFA');
  });

  test('is replaced by access token, and the old one stays until the new one has shown a code', async () => {
    const world = await openMfaWorld();
    const { cognito } = world;
    const { seed: old, access: AccessToken } = await enrol(world);
    await world.cloud.emulator.clock.sleep(2 * WINDOW_MS);
    const { SecretCode: seed = '', Session: none } = await cognito.send(
      new AssociateSoftwareTokenCommand({ AccessToken }),
    );
    const between = await answerCode(world, (await signIn(world)).Session, codeFrom(world, old));

    const verified = await cognito.send(
      new VerifySoftwareTokenCommand({ AccessToken, UserCode: codeFrom(world, seed) }),
    );

    await world.cloud.emulator.clock.sleep(2 * WINDOW_MS);
    const { Session } = await signIn(world);
    const refusal = await refusalOf(answerCode(world, Session, codeFrom(world, old)));
    const after = await answerCode(world, Session, codeFrom(world, seed));
    expect([none, verified.Session, verified.Status]).toEqual([undefined, undefined, 'SUCCESS']);
    expect(refusal.name).toBe('CodeMismatchException');
    expect([between, after].map((each) => each.AuthenticationResult?.TokenType)).toEqual(['Bearer', 'Bearer']);
  });

  test('cannot be verified before it is associated', async () => {
    const world = await openMfaWorld();
    const { access: AccessToken } = await enrol(world);

    const refusal = await refusalOf(
      world.cognito.send(new VerifySoftwareTokenCommand({ AccessToken, UserCode: '000000' })),
    );

    expect(refusal.name).toBe('SoftwareTokenMFANotFoundException');
  });

  test('is not for pools that do not take it', async () => {
    const world = await openPoolWorld();
    const { access: AccessToken } = await tokensOf(world);

    const refusal = await refusalOf(world.cognito.send(new AssociateSoftwareTokenCommand({ AccessToken })));

    expect(refusal.name).toBe('SoftwareTokenMFANotFoundException');
  });

  test.each([{}, { Session: 'x'.repeat(20), AccessToken: 'a.b.c' }])(
    'is for either a session or a token, and not for %j',
    async (owner) => {
      const refusal = await refusalOf(cognitoOf(standing()).send(new AssociateSoftwareTokenCommand(owner)));

      expect(refusal.name).toBe('InvalidParameterException');
    },
  );
});

describe('where MFA is optional', () => {
  const wants = (Enabled: boolean) => ({ SoftwareTokenMfaSettings: { Enabled, PreferredMfa: Enabled } });

  test('only those who want it are asked for a code', async () => {
    const world = await openMfaWorld();
    const { cognito, pool } = world;
    const { access: AccessToken } = await enrol(world);
    await cognito.send(new SetUserPoolMfaConfigCommand({ UserPoolId: pool.id, MfaConfiguration: 'OPTIONAL' }));
    const user = { UserPoolId: pool.id, Username: 'alice' };

    const before = await signIn(world);
    await cognito.send(new SetUserMFAPreferenceCommand({ AccessToken, ...wants(true) }));
    const wanted = await signIn(world);
    await cognito.send(new AdminSetUserMFAPreferenceCommand({ ...user, ...wants(false) }));
    const after = await signIn(world);

    expect([before, wanted, after].map(({ ChallengeName }) => ChallengeName)).toEqual([
      undefined,
      'SOFTWARE_TOKEN_MFA',
      undefined,
    ]);
  });

  test('nobody can want what was never enrolled', async () => {
    const world = await openPoolWorld();
    const user = { UserPoolId: world.pool.id, Username: 'alice' };

    const refusal = await refusalOf(
      world.cognito.send(new AdminSetUserMFAPreferenceCommand({ ...user, ...wants(true) })),
    );

    expect(refusal).toMatchObject({ name: 'InvalidParameterException', status: 400 });
  });
});
