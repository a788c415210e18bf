import { createHash } from 'node:crypto';
import type { Call } from '../operation.js';
import type { AuthorizerGrant } from './authorizer-grant.js';
import type { Exchange } from './context.js';

/** apiId/stage/authorizerId/digest of the identity → Entry */
const TABLE = 'execute-api/authorizer';

interface Entry {
  readonly grant: AuthorizerGrant;
  readonly expiresAtMs: number;
}

/** Whom an authorizer was asked about. */
export interface GrantKey {
  /** Id of the authorizer. */
  readonly authorizerId: string;
  /** The values of its identity sources, in order. Only their digest is kept. */
  readonly identity: readonly (readonly string[])[];
}

/** What the stage's authorizer has lately said of an identity, if it still holds. */
export function findGrant(exchange: Exchange, key: GrantKey): AuthorizerGrant | undefined {
  const { call } = exchange;
  const entry = call.store.get<Entry>(TABLE, toKey(exchange, key));
  return entry === undefined || entry.expiresAtMs <= call.now() ? undefined : entry.grant;
}

/** Keeps what the authorizer says of an identity, for all methods of the stage: it is judged anew by each request. */
export function keepGrant(exchange: Exchange, key: GrantKey, grant: AuthorizerGrant, ttlSeconds: number): void {
  const { call } = exchange;
  const entry: Entry = { grant, expiresAtMs: call.now() + ttlSeconds * 1000 };
  call.store.put(TABLE, toKey(exchange, key), entry);
}

/**
 * Forgets all that the authorizers of a stage have said.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/api/API_FlushStageAuthorizersCache.html
 */
export function flushAuthorizersCache(call: Call, ask: { readonly apiId: string; readonly stageName: string }): void {
  for (const { key } of call.store.list(TABLE, { prefix: `${ask.apiId}/${ask.stageName}/` }))
    call.store.delete(TABLE, key);
}

function toKey({ snapshot, stageName }: Exchange, { authorizerId, identity }: GrantKey): string {
  const digest = createHash('sha256').update(JSON.stringify(identity)).digest('hex');
  return `${snapshot.api.id}/${stageName}/${authorizerId}/${digest}`;
}
