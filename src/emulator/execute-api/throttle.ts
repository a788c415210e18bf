import type { Exchange } from './context.js';
import { GatewayFailure } from './gateway-failure.js';

const TABLE = 'execute-api/throttle';

interface Bucket {
  readonly tokens: number;
  readonly atMs: number;
}

/**
 * Takes one token from the bucket of the method's setting: the burst limit is its size, the rate limit what flows in each second.
 *
 * A stage without settings is not limited, nor is a setting with a negative limit.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
 * @throws {GatewayFailure} THROTTLED when the bucket is empty.
 */
export function throttle({ call, setting, snapshot, stageName }: Exchange): void {
  if (setting === undefined) return;
  const { throttlingBurstLimit: burst, throttlingRateLimit: ratePerSecond } = setting.value;
  if (burst < 0 || ratePerSecond < 0) return;
  const key = `${snapshot.api.id}/${stageName}/${setting.key}`;
  const now = call.now();
  const bucket = call.store.get<Bucket>(TABLE, key) ?? { tokens: burst, atMs: now };
  const flown = (Math.max(0, now - bucket.atMs) / 1000) * ratePerSecond;
  const tokens = Math.min(burst, bucket.tokens + flown);
  const passes = tokens >= 1 && ratePerSecond > 0;
  call.store.put(TABLE, key, { tokens: passes ? tokens - 1 : tokens, atMs: now });
  if (!passes) throw new GatewayFailure('THROTTLED');
}
