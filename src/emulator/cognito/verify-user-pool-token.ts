import type { Call } from '../operation.js';
import { isSignedBy, parseJwt } from './jwt.js';
import { findPool, issuerOf } from './model.js';
import { findSigningKeys } from './signing-keys.js';

/** A question of API Gateway's about a token. */
export interface UserPoolTokenAsk {
  /** ARNs of the pools whose tokens are good. */
  readonly providerArns: readonly string[];
  /** What the client sent, with or without `Bearer ` before it. */
  readonly token: string | undefined;
  /** With scopes an access token with any one of them is wanted, without an ID token. */
  readonly scopes: readonly string[];
}

/** Why a token is not good: the first of these that holds, in this order. */
export type UserPoolTokenRefusal = 'missing' | 'malformed' | 'issuer' | 'signature' | 'expired' | 'use' | 'scopes';

/** What a good token says, or why it is none. */
export type UserPoolTokenVerdict =
  | { readonly claims: Readonly<Record<string, unknown>> }
  | { readonly refusal: UserPoolTokenRefusal };

/**
 * Checks a token as the authorizer of an API does, on the account's clock. Any app client of the pools will do, and whether
 * the token was revoked or its user disabled is not asked.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-integrate-with-cognito.html
 */
export function verifyUserPoolToken(
  call: Pick<Call, 'store' | 'now'>,
  { providerArns, token, scopes }: UserPoolTokenAsk,
): UserPoolTokenVerdict {
  const text = token?.replace(/^Bearer +/i, '').trim() ?? '';
  if (text === '') return { refusal: 'missing' };
  const jwt = parseJwt(text);
  if (jwt === undefined) return { refusal: 'malformed' };
  const { claims } = jwt;
  const pool = providerArns
    .map((arn) => findPool(call.store, arn.slice(arn.lastIndexOf('/') + 1)))
    .find((each) => each !== undefined && providerArns.includes(each.arn) && issuerOf(each) === claims['iss']);
  if (pool === undefined) return { refusal: 'issuer' };
  const keys = findSigningKeys(call.store, pool.id);
  if (keys === undefined || !isSignedBy(jwt, [keys.id, keys.access])) return { refusal: 'signature' };
  if (typeof claims['exp'] !== 'number' || claims['exp'] * 1000 <= call.now()) return { refusal: 'expired' };
  if (claims['token_use'] !== (scopes.length === 0 ? 'id' : 'access')) return { refusal: 'use' };
  const held = String(claims['scope'] ?? '').split(' ');
  return scopes.length === 0 || scopes.some((scope) => held.includes(scope)) ? { claims } : { refusal: 'scopes' };
}
