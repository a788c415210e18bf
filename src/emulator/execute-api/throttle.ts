import {
  countUse,
  dayOf,
  METER_TABLES,
  meterKey,
  periodStart,
  readUsage,
  remainingOf,
} from '../apigateway/usage-plan-meter.js';
import type { Call } from '../operation.js';
import type { Exchange } from './context.js';
import { GatewayFailure } from './gateway-failure.js';

interface Bucket {
  readonly tokens: number;
  readonly atMs: number;
}

/** A token bucket: where it is kept, how much it holds, and what flows in. */
interface Flow {
  readonly table: string;
  readonly key: string;
  readonly burst: number;
  readonly ratePerSecond: number;
}

/**
 * Takes one token from the bucket of the key's usage plan and counts the request against its quota, then takes one from the
 * bucket of the method's setting: the burst limit is its size, the rate limit what flows in each second.
 *
 * A stage without settings is not limited, nor is a setting with a negative limit.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
 * @throws {GatewayFailure} THROTTLED when a bucket is empty, QUOTA_EXCEEDED when nothing is left of the quota.
 */
export function throttle(exchange: Exchange): void {
  meterPlan(exchange);
  const { call, setting, snapshot, stageName } = exchange;
  if (setting === undefined) return;
  const { throttlingBurstLimit: burst, throttlingRateLimit: ratePerSecond } = setting.value;
  if (burst < 0 || ratePerSecond < 0) return;
  const key = `${snapshot.api.id}/${stageName}/${setting.key}`;
  takeToken(call, { table: 'execute-api/throttle', key, burst, ratePerSecond });
}

/** Guessed: a request that the throttle or the quota refuses is not counted, one that is refused later is. */
function meterPlan({ apiKey, call, snapshot }: Exchange): void {
  if (apiKey === undefined) return;
  const { id: planId, quota, throttle: limits } = apiKey.plan;
  const meter = { region: snapshot.api.region, planId, keyId: apiKey.id };
  if (limits !== undefined) {
    const { burstLimit: burst, rateLimit: ratePerSecond } = limits;
    takeToken(call, { table: METER_TABLES.bucket, key: meterKey(meter), burst, ratePerSecond });
  }
  const today = dayOf(call.now());
  if (quota !== undefined) {
    const usage = readUsage(call.store, meter, periodStart(quota, today), today);
    if (remainingOf(quota, usage, today) === 0) throw new GatewayFailure('QUOTA_EXCEEDED');
  }
  countUse(call.store, meter, today);
}

function takeToken(call: Call, { table, key, burst, ratePerSecond }: Flow): void {
  const now = call.now();
  const bucket = call.store.get<Bucket>(table, key) ?? { tokens: burst, atMs: now };
  const flown = (Math.max(0, now - bucket.atMs) / 1000) * ratePerSecond;
  const tokens = Math.min(burst, bucket.tokens + flown);
  const passes = tokens >= 1 && ratePerSecond > 0;
  call.store.put(table, key, { tokens: passes ? tokens - 1 : tokens, atMs: now });
  if (!passes) throw new GatewayFailure('THROTTLED');
}
