import { createHash } from 'node:crypto';
import type { Call } from '../operation.js';
import { lifetimeS } from './client-settings.js';
import { notAuthorized } from './input.js';
import { signJwt } from './jwt.js';
import { COGNITO_TABLES, issuerOf, type RefreshGrant, type User, type UserPool } from './model.js';
import { getSigningKeys } from './signing-keys.js';
import type { UserPoolClient } from './user-pool-client.js';
import { findUser } from './users.js';

/** The one scope of access tokens that were not got by way of a sign-in page. (Developer Guide, "Understanding the access token") */
const SCOPE = 'aws.cognito.signin.user.admin';

/** Claims that are yes or no, and not text. */
const BOOLEANS = ['email_verified', 'phone_number_verified'];

/** Who gets tokens, and what for. */
interface TokenAsk {
  readonly pool: UserPool;
  readonly client: UserPoolClient;
  readonly user: User;
}

/** Ends a sign-in with all three tokens, as AuthenticationResult. */
export function issueTokens(call: Call, ask: TokenAsk): Record<string, unknown> {
  const { pool, client, user } = ask;
  const grant: RefreshGrant = {
    poolId: pool.id,
    clientId: client.id,
    username: user.username,
    sub: user.sub,
    authTimeS: Math.floor(call.now() / 1000),
    originJti: call.newUuid(),
    endsMs: call.now() + lifetimeS(client.validity, 'RefreshToken') * 1000,
  };
  const refreshToken = call.newId(255);
  call.store.put(COGNITO_TABLES.refresh, digestOf(refreshToken), grant);
  return { ...signTokens(call, ask, grant), RefreshToken: refreshToken };
}

/**
 * Gives new access and ID tokens for a refresh token, which stays the same.
 *
 * @throws {Refusal} NotAuthorizedException.
 */
export function refreshTokens(
  call: Call,
  { pool, client, token }: { pool: UserPool; client: UserPoolClient; token: string },
): Record<string, unknown> {
  const grant = call.store.get<RefreshGrant>(COGNITO_TABLES.refresh, digestOf(token));
  const user = grant === undefined ? undefined : findUser(call, pool, grant.username);
  if (grant === undefined || grant.clientId !== client.id || user?.sub !== grant.sub)
    throw notAuthorized('Invalid Refresh Token');
  if (grant.endsMs <= call.now()) throw notAuthorized('Refresh Token has expired');
  return signTokens(call, { pool, client, user }, grant);
}

/**
 * Signs an ID and an access token.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-with-identity-providers.html
 */
function signTokens(call: Call, { pool, client, user }: TokenAsk, grant: RefreshGrant): Record<string, unknown> {
  const keys = getSigningKeys(call, pool.id);
  const iat = Math.floor(call.now() / 1000);
  const accessS = lifetimeS(client.validity, 'AccessToken');
  const shared = {
    sub: user.sub,
    iss: issuerOf(pool),
    ...(client.isRevocable ? { origin_jti: grant.originJti } : {}),
    event_id: call.newUuid(),
    auth_time: grant.authTimeS,
    iat,
  };
  const idToken = signJwt(keys.id, {
    ...toClaims(user),
    ...shared,
    'cognito:username': user.username,
    aud: client.id,
    token_use: 'id',
    exp: iat + lifetimeS(client.validity, 'IdToken'),
    jti: call.newUuid(),
  });
  const accessToken = signJwt(keys.access, {
    ...shared,
    client_id: client.id,
    token_use: 'access',
    scope: SCOPE,
    exp: iat + accessS,
    jti: call.newUuid(),
    username: user.username,
  });
  return { AccessToken: accessToken, ExpiresIn: accessS, TokenType: 'Bearer', IdToken: idToken };
}

function toClaims({ attributes }: User): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, BOOLEANS.includes(name) ? value === 'true' : value]),
  );
}

/** Refresh tokens are passwords of a kind: the store keeps only what they can be recognised by. */
function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
