import type { MountConfig } from '../config/config.js';
import type { Listener } from '../model/event.js';
import type { StayingEntries } from '../model/result.js';
import { surfaceOf } from '../resources/api.js';
import { accessLogGroup } from '../resources/names.js';
import { flushCache, type StageHave } from '../resources/stage.js';
import type { ApiAnswer } from '../targets/target.js';
import { parseAccessLine } from './access-line.js';
import type { Context } from './context.js';
import type { FoundStage } from './find-stage.js';
import { jobOf } from './job.js';

/** How long a line of the access log is waited for, in milliseconds: CloudWatch mostly delivers within one minute. */
const PATIENCE_MS = 120_000;
/** Pause between two looks, in milliseconds. */
const PAUSE_MS = 3_000;
/** How far the clocks of AWS and of this machine may be apart, in milliseconds. */
const SKEW_MS = 60_000;

/** What the access log says of a request that was to expire an entry, and why that is no proof. */
export interface Proof {
  /** 'expired': S3 was asked. 'ignored': it was not. 'unverified': no line tells. */
  readonly outcome: 'expired' | 'unverified' | 'ignored';
  /** Half a sentence; absent when it expired. */
  readonly reason?: string;
}

/** Empties the whole cache of a stage and waits until it serves again. */
export async function emptyCache(
  context: Context,
  { api }: FoundStage,
  listener: Listener,
  signal: AbortSignal,
): Promise<void> {
  // Waits are told as those of the stage, whose step this would be in a plan.
  const hear: Listener = (event) => listener('address' in event ? { ...event, address: 'stage' } : event);
  const { world } = jobOf(context, { prune: false, readFolders: false, removing: false }, hear, signal);
  await flushCache(world, api.id, context.environment.stage);
}

/**
 * Asks for an address as its owner, with `Cache-Control: max-age=0`: AWS then asks S3 and keeps the new answer.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html
 * @throws {AwsError} when no credentials are found.
 */
export type AskAnew = (url: string) => Promise<ApiAnswer>;

/** Makes what expires entries. */
export function createAskAnew({ target, aws }: Context): AskAnew {
  return async (url) => {
    const request = { method: 'GET', url, headers: { 'Cache-Control': 'max-age=0' } };
    return target.ask({ ...request, headers: await aws.signInvoke(request) });
  };
}

/** The moment from which on the access log may hold what is asked from now on, in milliseconds since 1970. */
export function sinceNow({ target }: Context): number {
  return target.clock.now() - SKEW_MS;
}

/**
 * Finds a request in the access log: whether S3 was asked tells whether AWS let us expire the entry.
 *
 * `answer` is what it got, and `since` is from before it was sent.
 *
 * @throws {AwsError} when the log may not be read.
 */
export async function findProof(
  { config, environment, target, aws }: Context,
  { reading }: StageHave,
  { headers }: ApiAnswer,
  since: number,
  listener: Listener,
  signal: AbortSignal,
): Promise<Proof> {
  const id = headers['x-amz-apigw-id'];
  if (!config.logs.access || reading.accessLogArn === '')
    return { outcome: 'unverified', reason: 'there is no access log to tell' };
  if (id === undefined) return { outcome: 'unverified', reason: 'the answer does not say which request it was' };
  const start = target.clock.now();
  for (;;) {
    const events = await aws.logs.listEvents(accessLogGroup(environment), since, `"${id.replaceAll('"', '')}"`);
    const line = events.map(({ message }) => parseAccessLine(message)).find((is) => is?.extendedRequestId === id);
    if (line?.error !== undefined)
      return { outcome: 'ignored', reason: `API Gateway answered ${line.status} by itself (${line.error})` };
    if (line?.cached === true)
      return { outcome: 'ignored', reason: 'the answer came from the cache: these credentials may not expire it' };
    if (line !== undefined) return { outcome: 'expired' };
    const elapsedMs = target.clock.now() - start;
    signal.throwIfAborted();
    if (elapsedMs >= PATIENCE_MS)
      return { outcome: 'unverified', reason: `its line was not in the access log after ${PATIENCE_MS / 1000} s` };
    listener({ type: 'wait', address: 'stage', for: 'the access log', elapsedMs, expectedMs: 20_000 });
    await target.clock.sleep(PAUSE_MS);
  }
}

/** What a plain GET does not expire: every value of a header that is a cache key has an entry of its own. */
export function stayingEntries(
  { config, environment }: Context,
  mount: MountConfig,
  ttlSeconds: number,
): StayingEntries | undefined {
  const { routes } = surfaceOf(environment, config);
  const route = routes.find((is) => is.method === 'GET' && is.path.startsWith(`${mount.path}/`));
  const keys = route?.parameters.filter((is) => is.in === 'header' && is.cacheKey) ?? [];
  return keys.length === 0 ? undefined : { headers: keys.map(({ name }) => name), ttlSeconds };
}
