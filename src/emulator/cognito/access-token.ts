import type { Call } from '../operation.js';
import type { JsonInput } from '../wire/json-1-1.js';
import { getSecret, notAuthorized } from './input.js';
import { isSignedBy, parseJwt } from './jwt.js';
import { findPool, isInRegion, type User, type UserPool } from './model.js';
import { findSigningKeys } from './signing-keys.js';
import { findUser, userNotFound } from './users.js';

/**
 * The user whose access token a call bears.
 *
 * @throws {Refusal} NotAuthorizedException; UserNotFoundException when the user was deleted meanwhile.
 */
export function getTokenUser(input: JsonInput, call: Call): { pool: UserPool; user: User } {
  const token = parseJwt(getSecret(input, 'AccessToken'));
  const pool = findPool(call.store, String(token?.claims['iss']).split('/').at(-1) ?? '');
  const keys = pool === undefined ? undefined : findSigningKeys(call.store, pool.id);
  if (token === undefined || pool === undefined || keys === undefined || !isInRegion(call, pool.id))
    throw notAuthorized('Invalid Access Token');
  const { claims } = token;
  // Nothing but access tokens is ever signed with this key.
  if (!isSignedBy(token, [keys.access])) throw notAuthorized('Invalid Access Token');
  if (Number(claims['exp']) * 1000 <= call.now()) throw notAuthorized('Access Token has expired');
  const user = findUser(call, pool, String(claims['username']));
  if (user === undefined || user.sub !== claims['sub']) throw userNotFound();
  if (!user.isEnabled) throw notAuthorized('User is disabled.');
  if (Number(claims['iat']) * 1000 < (user.revokedBeforeMs ?? 0)) throw notAuthorized('Access Token has been revoked');
  return { pool, user };
}
