import type { Stage } from '../apigateway/model.js';
import type { Call } from '../operation.js';
import type { Store } from '../store.js';
import type { Answer } from './context.js';

const TABLE = 'execute-api/cache';

/** AWS: larger answers are never kept. (source: Developer Guide, "Cache settings for REST APIs in API Gateway") */
const MAX_ENTRY_BYTES = 1_048_576;

interface Entry {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly binary: boolean;
  readonly bodyId: string;
  readonly expiresAtMs: number;
  /** Tells the cluster that holds the entry from those before it. */
  readonly clusterSince: number;
}

/** Finds an answer that is still good at `nowMs` and was kept by the stage's present cluster. */
export function findEntry(store: Store, stage: Stage, key: string, nowMs: number): Answer | undefined {
  const entry = store.get<Entry>(TABLE, key);
  if (entry === undefined || entry.expiresAtMs <= nowMs || entry.clusterSince !== stage.cacheCluster.settledAtMs)
    return undefined;
  const bytes = store.getBody(entry.bodyId);
  if (bytes === undefined) return undefined;
  return { status: entry.status, headers: entry.headers, payload: { bytes, binary: entry.binary } };
}

/** Keeps an answer for `ttlSeconds` in place of what was kept under the key; one of more than 1,048,576 bytes is not kept. */
export function putEntry(call: Call, stage: Stage, key: string, answer: Answer, ttlSeconds: number): void {
  deleteEntry(call.store, key);
  const { bytes, binary } = answer.payload;
  if (bytes.byteLength > MAX_ENTRY_BYTES) return;
  const bodyId = `${TABLE}/${key}`;
  const entry: Entry = {
    status: answer.status,
    headers: answer.headers,
    binary,
    bodyId,
    expiresAtMs: call.now() + ttlSeconds * 1000,
    clusterSince: stage.cacheCluster.settledAtMs,
  };
  call.store.put(TABLE, key, entry);
  call.store.putBody(bodyId, bytes);
}

/**
 * Empties the cache of a stage, bodies included. Nothing happens when it holds nothing.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/api/API_FlushStageCache.html
 */
export function flushStageCache(call: Call, ask: { readonly apiId: string; readonly stageName: string }): void {
  for (const { key } of call.store.list(TABLE, { prefix: `${ask.apiId}/${ask.stageName}/` }))
    deleteEntry(call.store, key);
}

function deleteEntry(store: Store, key: string): void {
  const entry = store.get<Entry>(TABLE, key);
  if (entry === undefined) return;
  store.deleteBody(entry.bodyId);
  store.delete(TABLE, key);
}
