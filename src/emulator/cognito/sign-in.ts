import type { Call } from '../operation.js';
import { openSession } from './auth-session.js';
import { notAuthorized } from './input.js';
import type { Challenge, User, UserPool } from './model.js';
import { isPassword } from './password.js';
import { issueTokens } from './tokens.js';
import type { UserPoolClient } from './user-pool-client.js';
import { findUser, userNotFound } from './users.js';

/** Who signs in, and by way of what. */
export interface SignIn {
  /** The user's pool. */
  readonly pool: UserPool;
  /** The app client. */
  readonly client: UserPoolClient;
  /** The user, whose password was right. */
  readonly user: User;
}

/**
 * Checks a name and a password.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-managing-errors.html
 * @throws {Refusal} NotAuthorizedException; UserNotFoundException where the client may tell.
 */
export function checkIdentity(
  call: Call,
  { pool, client }: Omit<SignIn, 'user'>,
  { username, password }: { username: string; password: string },
): User {
  const user = findUser(call, pool, username);
  if (user === undefined && client.existenceErrors !== 'ENABLED') throw userNotFound();
  if (user?.password === undefined || !isPassword(password, user.password))
    throw notAuthorized('Incorrect username or password.');
  if (!user.isEnabled) throw notAuthorized('User is disabled.');
  if (user.passwordEndsMs !== undefined && user.passwordEndsMs <= call.now())
    throw notAuthorized('Temporary password has expired and must be reset by an administrator.');
  return user;
}

/** What comes after a password: a challenge, or the tokens. */
export function askOrAdmit(call: Call, signIn: SignIn): Record<string, unknown> {
  const { pool, user } = signIn;
  if (user.status === 'FORCE_CHANGE_PASSWORD')
    return ask(call, signIn, 'NEW_PASSWORD_REQUIRED', {
      requiredAttributes: '[]',
      userAttributes: JSON.stringify(user.attributes),
    });
  const isOptional = pool.mfa === 'OPTIONAL';
  if (pool.mfa === 'OFF' || (isOptional && (user.totp === undefined || user.wantsTotp !== true)))
    return admit(call, signIn);
  return user.totp === undefined
    ? ask(call, signIn, 'MFA_SETUP', { MFAS_CAN_SETUP: '["SOFTWARE_TOKEN_MFA"]' })
    : ask(call, signIn, 'SOFTWARE_TOKEN_MFA', {});
}

/** Ends a sign-in that has all it needs. */
export function admit(call: Call, signIn: SignIn): Record<string, unknown> {
  return { ChallengeParameters: {}, AuthenticationResult: issueTokens(call, signIn) };
}

function ask(
  call: Call,
  { pool, client, user }: SignIn,
  challenge: Challenge,
  parameters: Readonly<Record<string, string>>,
): Record<string, unknown> {
  const session = openSession(call, {
    poolId: pool.id,
    clientId: client.id,
    username: user.username,
    challenge,
    isVerified: false,
    minutes: client.sessionMinutes,
  });
  return {
    ChallengeName: challenge,
    Session: session,
    ChallengeParameters: { USER_ID_FOR_SRP: user.username, ...parameters },
  };
}
