import type { Call, WireRequest, WireResponse } from '../operation.js';
import { regionOfHost } from '../router.js';
import { findPool, issuerOf, type UserPool } from './model.js';
import { getSigningKeys } from './signing-keys.js';

/**
 * Answers the public documents of a pool: its keys, and how OpenID Connect finds them. Nobody signs for these.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html
 */
export function answerWellKnown({ host, path }: WireRequest, call: Call): WireResponse {
  const [, poolId = '', document = ''] = /^\/([^/]+)\/\.well-known\/(.+)$/.exec(path) ?? [];
  const pool = findPool(call.store, poolId);
  // On the host of a Region only its own pools are known; a host that names none is the local one, which knows them all.
  const isHere = pool?.region === (regionOfHost(host) ?? pool?.region);
  if (pool !== undefined && isHere && document === 'jwks.json') return toJson(200, toKeySet(call, pool));
  if (pool !== undefined && isHere && document === 'openid-configuration') return toJson(200, toConfiguration(pool));
  return toJson(404, { message: `User pool ${poolId} does not exist.` });
}

function toKeySet(call: Call, { id }: UserPool): Record<string, unknown> {
  const keys = getSigningKeys(call, id);
  return {
    keys: [keys.id, keys.access].map(({ kid, n, e }) => ({ alg: 'RS256', e, kid, kty: 'RSA', n, use: 'sig' })),
  };
}

function toConfiguration(pool: UserPool): Record<string, unknown> {
  const issuer = issuerOf(pool);
  return {
    id_token_signing_alg_values_supported: ['RS256'],
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    response_types_supported: ['code', 'token'],
    scopes_supported: ['openid', 'email', 'phone', 'profile'],
    subject_types_supported: ['public'],
  };
}

function toJson(status: number, value: unknown): WireResponse {
  const body = Buffer.from(JSON.stringify(value));
  return {
    status,
    headers: { 'Content-Type': 'application/json', 'Content-Length': String(body.length) },
    body,
  };
}
