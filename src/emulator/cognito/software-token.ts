import { createHash } from 'node:crypto';
import type { Call } from '../operation.js';
import { matchingSteps, toBase32 } from '../totp.js';
import type { JsonInput, JsonOperation } from '../wire/json-1-1.js';
import { Refusal } from '../wire/refusal.js';
import { getTokenUser } from './access-token.js';
import { invalidSession, openSession, takeSession } from './auth-session.js';
import { getSecret, invalidParameter } from './input.js';
import type { AuthSession, User, UserPool } from './model.js';
import { findUser, poolOf, saveUser } from './users.js';

/** Gives a user the seed of an authenticator. @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AssociateSoftwareToken.html */
export const AssociateSoftwareToken: JsonOperation = {
  name: 'AssociateSoftwareToken',
  mutating: true,
  fidelity: 'documented',
  source:
    'Amazon Cognito API Reference, AssociateSoftwareToken; that an authenticator in use stays until the new one is verified is guessed',
  run(input, call) {
    const { pool, user, session } = findOwner(input, call);
    if (!pool.hasSoftwareToken) throw noSoftwareToken('Software Token MFA has not been enabled by the userPool');
    const pendingSeed = toBase32(createHash('sha256').update(call.newId(64)).digest());
    saveUser(call, pool, { ...user, pendingSeed });
    return { SecretCode: pendingSeed, ...(session === undefined ? {} : { Session: openSession(call, session) }) };
  },
};

/** Takes the first code of an authenticator, which is used up by that. @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_VerifySoftwareToken.html */
export const VerifySoftwareToken: JsonOperation = {
  name: 'VerifySoftwareToken',
  mutating: true,
  fidelity: 'documented',
  source: 'Amazon Cognito API Reference, VerifySoftwareToken; its sentences are guessed',
  run(input, call) {
    const { pool, user, session } = findOwner(input, call);
    const { pendingSeed, ...rest } = user;
    if (pendingSeed === undefined) throw noSoftwareToken('Software token has not been associated.');
    const lastStep = matchingSteps(pendingSeed, getSecret(input, 'UserCode'), call.now(), call.wall()).at(-1);
    if (lastStep === undefined) throw new Refusal('EnableSoftwareTokenMFAException', 400, 'Code mismatch');
    saveUser(call, pool, { ...rest, totp: { seed: pendingSeed, lastStep } });
    const next = session === undefined ? {} : { Session: openSession(call, { ...session, isVerified: true }) };
    return { Status: 'SUCCESS', ...next };
  },
};

/** Whose authenticator a call is about: of whoever is signing in, or of whoever has signed in. */
function findOwner(input: JsonInput, call: Call): { pool: UserPool; user: User; session?: AuthSession } {
  if (input.has('AccessToken') === input.has('Session'))
    throw invalidParameter('Exactly one of AccessToken and Session is needed.');
  if (input.has('AccessToken')) return getTokenUser(input, call);
  const session = takeSession(call, getSecret(input, 'Session'));
  const pool = poolOf(call, session);
  const user = findUser(call, pool, session.username);
  if (session.challenge !== 'MFA_SETUP' || user === undefined) throw invalidSession();
  return { pool, user, session };
}

function noSoftwareToken(message: string): Refusal {
  return new Refusal('SoftwareTokenMFANotFoundException', 400, message);
}
