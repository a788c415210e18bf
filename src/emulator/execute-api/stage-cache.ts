import { createHash } from 'node:crypto';
import { cacheClusterStatus, type MethodSetting, type Stage } from '../apigateway/model.js';
import { findEntry, putEntry } from './cache-entry.js';
import { clientHeader, type Exchange, routeOf } from './context.js';
import { GatewayFailure } from './gateway-failure.js';
import { readParameter } from './parameter.js';
import { judge } from './policy-verdict.js';

const METRICS = 'execute-api/metrics';

/** Guessed: AWS's documentation names the header and not its text. */
const WARNING = '199 APIGateway "Cache-Control header ignored because the caller may not invalidate the cache"';

/** How often the cache of a stage had an answer, and had none; lies in table 'execute-api/metrics' under `apiId/stageName`. */
export interface CacheMetrics {
  /** Answers from the cache. */
  readonly CacheHitCount: number;
  /** Answers of the backend where the cache was asked first. */
  readonly CacheMissCount: number;
}

/**
 * Answers from the stage cache where it can, and else prepares the exchange so that its answer is kept.
 *
 * The cache takes part when its cluster is available and the method's setting turns it on: for GET with the setting of all methods, for
 * other verbs only with one of their own. A client's `Cache-Control: max-age=0` makes a new entry if it may.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html
 * @throws {GatewayFailure} ACCESS_DENIED for a client that may not invalidate, with strategy FAIL_WITH_403.
 */
export function lookUpCache(exchange: Exchange): void {
  const { call, setting, stage } = exchange;
  if (stage === undefined || setting === undefined || !takesPart(exchange, stage, setting.value)) return;
  const { refresh, headers } = readCacheControl(exchange, setting.value);
  const entryKey = toEntryKey(exchange);
  exchange.cache = { entryKey, ttlSeconds: setting.value.cacheTtlInSeconds, headers };
  const kept = refresh ? undefined : findEntry(call.store, stage, entryKey, call.now());
  count(exchange, kept === undefined ? 'CacheMissCount' : 'CacheHitCount');
  if (kept === undefined) return;
  exchange.answer = kept;
  exchange.log.add('Successfully completed execution');
  exchange.log.add(`Method completed with status: ${kept.status}`);
}

/** Keeps the finished answer for the next client, whatever its status. */
export function fillCache({ answer, cache, call, stage }: Exchange): void {
  if (answer === undefined || cache === undefined || stage === undefined) return;
  putEntry(call, stage, cache.entryKey, answer, cache.ttlSeconds);
}

function takesPart({ call, client, setting }: Exchange, stage: Stage, value: MethodSetting): boolean {
  const available = cacheClusterStatus(stage, call.now()) === 'AVAILABLE';
  return available && value.cachingEnabled && value.cacheTtlInSeconds > 0 && (setting?.own || client.method === 'GET');
}

function toEntryKey(exchange: Exchange): string {
  const { integration } = routeOf(exchange);
  const values = integration.cacheKeyParameters.map((name) => [name, readParameter(exchange, name) ?? null]);
  const digest = createHash('sha256')
    .update(JSON.stringify([integration.cacheNamespace, values]))
    .digest('hex');
  return `${exchange.snapshot.api.id}/${exchange.stageName}/${digest}`;
}

function readCacheControl(
  exchange: Exchange,
  setting: MethodSetting,
): { readonly refresh: boolean; readonly headers: Readonly<Record<string, string>> } {
  const directives = (clientHeader(exchange.client, 'cache-control') ?? '').toLowerCase().split(',');
  if (!directives.some((directive) => directive.trim() === 'max-age=0')) return { refresh: false, headers: {} };
  if (!setting.requireAuthorizationForCacheControl || mayInvalidate(exchange)) return { refresh: true, headers: {} };
  const strategy = setting.unauthorizedCacheControlHeaderStrategy;
  // Guessed: the kind of this 403; AWS's documentation gives its status only.
  if (strategy === 'FAIL_WITH_403') throw new GatewayFailure('ACCESS_DENIED');
  return { refresh: false, headers: strategy === 'SUCCEED_WITH_RESPONSE_HEADER' ? { Warning: WARNING } : {} };
}

function mayInvalidate(exchange: Exchange): boolean {
  const { caller } = exchange.call;
  if (caller.kind === 'anonymous' || exchange.signatureError !== undefined) return false;
  return judge(exchange, caller, 'execute-api:InvalidateCache') === 'allowed';
}

function count({ call, snapshot, stageName }: Exchange, metric: keyof CacheMetrics): void {
  const key = `${snapshot.api.id}/${stageName}`;
  const before = call.store.get<CacheMetrics>(METRICS, key) ?? { CacheHitCount: 0, CacheMissCount: 0 };
  call.store.put(METRICS, key, { ...before, [metric]: before[metric] + 1 });
}
