import type { Clock } from '../clock.js';

/** How often we send one call: `burst` at once, then one every `everyMs` milliseconds. */
interface Quota {
  readonly burst: number;
  readonly everyMs: number;
  /** What AWS allows, in words. */
  readonly allows: string;
}

/** A quota of one call at a time, which cannot be halved: a second is left for clocks that differ. */
const oneIn = (seconds: number, operation: string): Quota => ({
  burst: 1,
  everyMs: (seconds + 1) * 1000,
  allows: `one ${operation} per ${seconds} s`,
});

/**
 * API Gateway's own limits on its control plane. They cannot be raised, and the SDK gives up long before the slow ones
 * pass. They are shared with everybody in the account and Region, so of a quota of several calls we use half.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
 */
const QUOTAS: Readonly<Record<string, Quota>> = {
  CreateApiKey: { burst: 2, everyMs: 400, allows: '5 CreateApiKey per second' },
  CreateDeployment: { burst: 1, everyMs: 10_000, allows: 'one CreateDeployment per 5 s' },
  CreateResource: { burst: 2, everyMs: 400, allows: '5 CreateResource per second' },
  // AWS: this is the quota of edge-optimized APIs. Others have 3 s, but nobody makes two APIs in one run.
  CreateRestApi: oneIn(30, 'CreateRestApi'),
  DeleteApiKey: { burst: 2, everyMs: 400, allows: '5 DeleteApiKey per second' },
  DeleteResource: { burst: 2, everyMs: 400, allows: '5 DeleteResource per second' },
  DeleteRestApi: oneIn(30, 'DeleteRestApi'),
  GetResources: { burst: 2, everyMs: 800, allows: '5 GetResources per 2 s' },
  UpdateAccount: oneIn(20, 'UpdateAccount'),
  UpdateUsagePlan: oneIn(20, 'UpdateUsagePlan'),
};

/** All operations together: AWS allows a burst of 40, then 10 a second. */
const ALL: Quota = { burst: 20, everyMs: 200, allows: '10 calls of API Gateway per second' };

/** Shorter waits are not worth a word, in milliseconds. */
const WORTH_SAYING_MS = 3_000;

/** Hears why there is a wait, as the end of a sentence, and how long it takes in milliseconds. */
export type HearWait = (why: string, ms: number) => void;

/** Sends calls no faster than their quota allows. */
export interface Pacer {
  /** Resolves when the operation may be sent; '' takes a turn in the common quota alone. `waiting` hears of waits of three seconds and more. */
  turn(operation: string, waiting?: HearWait): Promise<void>;
}

/** A pacer on API Gateway's quotas, by the given clock. */
export function createPacer(clock: Clock): Pacer {
  // Of each quota one moment is kept: when the last of the calls so far would go out, were they sent evenly.
  const moments = new Map<string, number>();
  const take = async (name: string, { burst, everyMs, allows }: Quota, waiting?: HearWait): Promise<void> => {
    const now = clock.now();
    const evenMs = Math.max(now, moments.get(name) ?? 0);
    moments.set(name, evenMs + everyMs);
    const waitMs = evenMs - (burst - 1) * everyMs - now;
    if (waitMs <= 0) return;
    if (waitMs >= WORTH_SAYING_MS) waiting?.(`AWS allows ${allows}`, waitMs);
    await clock.sleep(waitMs);
  };
  return {
    async turn(operation, waiting) {
      // The wait for the common quota comes first, and only then the operation's own counts from.
      await take('', ALL, waiting);
      const own = QUOTAS[operation];
      if (own !== undefined) await take(operation, own, waiting);
    },
  };
}
