import type { Clock } from '../clock.js';

/** How often one call may be sent: `burst` at once, then one every `everyMs` milliseconds. */
interface Quota {
  readonly burst: number;
  readonly everyMs: number;
}

/**
 * API Gateway's own limits on its control plane, per account and Region. They cannot be raised, and the SDK gives up
 * long before the slow ones pass.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
 */
const QUOTAS: Readonly<Record<string, Quota>> = {
  CreateDeployment: { burst: 1, everyMs: 5_100 },
  CreateResource: { burst: 5, everyMs: 210 },
  CreateRestApi: { burst: 1, everyMs: 3_100 },
  DeleteResource: { burst: 5, everyMs: 210 },
  DeleteRestApi: { burst: 1, everyMs: 31_000 },
  GetResources: { burst: 5, everyMs: 410 },
  UpdateAccount: { burst: 1, everyMs: 20_500 },
};

/** All operations together: AWS allows a burst of 40, then 10 a second; others in the account need some of it too. */
const ALL: Quota = { burst: 30, everyMs: 125 };

/** Sends calls no faster than their quota allows. */
export interface Pacer {
  /** Resolves when the operation may be sent. `waiting` hears of waits of a second and more, in milliseconds. */
  turn(operation: string, waiting?: (ms: number) => void): Promise<void>;
}

/** A pacer on API Gateway's quotas, by the given clock. */
export function createPacer(clock: Clock): Pacer {
  const buckets = new Map<string, { tokens: number; at: number }>();
  const take = (name: string, { burst, everyMs }: Quota): number => {
    const now = clock.now();
    const bucket = buckets.get(name) ?? { tokens: burst, at: now };
    const tokens = Math.min(burst, bucket.tokens + Math.max(0, now - bucket.at) / everyMs) - 1;
    buckets.set(name, { tokens, at: now });
    return tokens >= 0 ? 0 : Math.ceil(-tokens * everyMs);
  };
  const pause = async (ms: number, waiting: ((ms: number) => void) | undefined): Promise<void> => {
    if (ms === 0) return;
    if (ms >= 1_000) waiting?.(ms);
    await clock.sleep(ms);
  };
  return {
    async turn(operation, waiting) {
      // The wait for the common quota comes first, and only then the operation's own bucket counts from.
      await pause(take('', ALL), waiting);
      const own = QUOTAS[operation];
      if (own !== undefined) await pause(take(operation, own), waiting);
    },
  };
}
