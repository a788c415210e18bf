import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  AssociateSoftwareTokenCommand,
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  type CreateUserPoolClientCommandInput,
  CreateUserPoolCommand,
  type CreateUserPoolCommandInput,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
  SetUserPoolMfaConfigCommand,
  VerifySoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { codeOf } from '../../../src/emulator/totp.js';
import { type Keys, type LocalCloud, openCloud } from '../front/local-cloud.js';

export const NOW_MS = Date.parse('2026-03-01T12:00:00Z');
export const PASSWORD = 'Long enough, 1 thinks';
export const OTHER_PASSWORD = 'Quite another, 2 be sure';
export const USER = { USERNAME: 'alice', PASSWORD };

/** A cloud whose clock stands still unless it is put ahead. */
export function standing(): LocalCloud {
  return openCloud({ clock: { now: () => NOW_MS } });
}

export function cognitoOf(cloud: LocalCloud, region = 'eu-west-1', keys?: Keys): CognitoIdentityProviderClient {
  return new CognitoIdentityProviderClient(cloud.config(keys, region));
}

export async function makePool(
  cognito: CognitoIdentityProviderClient,
  input: Partial<CreateUserPoolCommandInput> = {},
): Promise<{ id: string; arn: string }> {
  const { UserPool } = await cognito.send(new CreateUserPoolCommand({ PoolName: 'images', ...input }));
  return { id: UserPool?.Id ?? '', arn: UserPool?.Arn ?? '' };
}

export async function makeClient(
  cognito: CognitoIdentityProviderClient,
  UserPoolId: string,
  input: Partial<CreateUserPoolClientCommandInput> = {},
): Promise<string> {
  const { UserPoolClient } = await cognito.send(
    new CreateUserPoolClientCommand({
      UserPoolId,
      ClientName: 'terminal',
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH', 'ALLOW_ADMIN_USER_PASSWORD_AUTH'],
      ...input,
    }),
  );
  return UserPoolClient?.ClientId ?? '';
}

/** Makes alice, with a password of her own. */
export async function makeUser(cognito: CognitoIdentityProviderClient, UserPoolId: string): Promise<string> {
  const user = { UserPoolId, Username: 'alice' };
  const attributes = [
    { Name: 'email', Value: 'alice@example.com' },
    { Name: 'email_verified', Value: 'true' },
  ];
  const { User } = await cognito.send(new AdminCreateUserCommand({ ...user, UserAttributes: attributes }));
  await cognito.send(new AdminSetUserPasswordCommand({ ...user, Password: PASSWORD, Permanent: true }));
  return User?.Attributes?.find(({ Name }) => Name === 'sub')?.Value ?? '';
}

export async function requireMfa(cognito: CognitoIdentityProviderClient, UserPoolId: string): Promise<void> {
  await cognito.send(
    new SetUserPoolMfaConfigCommand({
      UserPoolId,
      SoftwareTokenMfaConfiguration: { Enabled: true },
      MfaConfiguration: 'ON',
    }),
  );
}

/** A pool with alice in it, and an app client. */
export interface PoolWorld {
  readonly cloud: LocalCloud;
  readonly cognito: CognitoIdentityProviderClient;
  readonly pool: { readonly id: string; readonly arn: string };
  readonly clientId: string;
  readonly sub: string;
}

export async function openPoolWorld(client: Partial<CreateUserPoolClientCommandInput> = {}): Promise<PoolWorld> {
  const cloud = standing();
  const cognito = cognitoOf(cloud);
  const pool = await makePool(cognito);
  const clientId = await makeClient(cognito, pool.id, client);
  const sub = await makeUser(cognito, pool.id);
  return { cloud, cognito, pool, clientId, sub };
}

export async function signIn({ cognito, clientId }: PoolWorld, AuthParameters: Record<string, string> = USER) {
  return cognito.send(new InitiateAuthCommand({ ClientId: clientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters }));
}

export async function tokensOf(world: PoolWorld): Promise<{ id: string; access: string; refresh: string }> {
  const { AuthenticationResult: got } = await signIn(world);
  return { id: got?.IdToken ?? '', access: got?.AccessToken ?? '', refresh: got?.RefreshToken ?? '' };
}

/** What an authenticator shows, `windows` away from now. */
export function codeFrom({ cloud }: PoolWorld, seed: string, windows = 0): string {
  return codeOf(seed, Math.floor(cloud.emulator.clock.now() / 30_000) + windows);
}

/** Signs alice in where MFA is required and she has none yet. Answers her seed and her first tokens. */
export async function enrol(world: PoolWorld): Promise<{ seed: string; id: string; access: string }> {
  const { cognito, clientId } = world;
  const { Session: asked } = await signIn(world);
  const { SecretCode: seed = '', Session: associated } = await cognito.send(
    new AssociateSoftwareTokenCommand({ Session: asked }),
  );
  const { Session } = await cognito.send(
    new VerifySoftwareTokenCommand({ Session: associated, UserCode: codeFrom(world, seed) }),
  );
  const { AuthenticationResult: got } = await cognito.send(
    new RespondToAuthChallengeCommand({
      ClientId: clientId,
      ChallengeName: 'MFA_SETUP',
      Session,
      ChallengeResponses: { USERNAME: 'alice' },
    }),
  );
  return { seed, id: got?.IdToken ?? '', access: got?.AccessToken ?? '' };
}

/** The claims of a token, unverified. */
export function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
}
