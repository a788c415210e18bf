import { createInvokeSigner } from '../aws/execute-api.js';
import type { Config, MountConfig } from '../config/config.js';
import { RefusedError, UsageError } from '../errors.js';
import type { Listener } from '../model/event.js';
import type { FlushResult, StayingEntries } from '../model/result.js';
import { surfaceOf } from '../resources/api.js';
import { accessLogGroup } from '../resources/names.js';
import { flushCache } from '../resources/stage.js';
import type { ApiAnswer } from '../targets/target.js';
import { parseAccessLine } from './access-line.js';
import type { Context } from './context.js';
import { type FoundStage, findStage } from './find-stage.js';
import { jobOf } from './job.js';
import type { FlushOptions } from './project.js';

/** How long a line of the access log is waited for, in milliseconds: CloudWatch mostly delivers within one minute. */
const PATIENCE_MS = 120_000;
/** Pause between two looks, in milliseconds. */
const PAUSE_MS = 3_000;
/** How far the clocks of AWS and of this machine may be apart, in milliseconds. */
const SKEW_MS = 60_000;

const ADD_CACHE = 'set cache: { sizeGb: 0.5 } in the config file, then pixgate wire';

type Found = Pick<FlushResult, 'outcome' | 'reason'>;

/** Empties the stage's cache, or expires the entry of one path. */
export async function flush(
  context: Context,
  { path }: FlushOptions,
  listener: Listener,
  signal: AbortSignal,
): Promise<FlushResult> {
  const { config, environment, target } = context;
  const start = target.clock.now();
  if (config.cache === undefined) throw noCache(config, 'the config asks for no cache', ADD_CACHE);
  const found = await findStage(context, 'Cannot flush');
  if (!found.stage.reading.cacheClusterEnabled) throw noCache(config, 'its stage has no cache', 'pixgate wire');
  const outcome =
    path === undefined
      ? await flushAll(context, found, listener, signal)
      : await flushPath(context, found, path, listener, signal);
  const { account, region, name, stage } = environment;
  const place = { target: target.name, account, region, name, stage, url: found.url };
  return { ...place, ...outcome, tookMs: target.clock.now() - start };
}

async function flushAll(
  context: Context,
  { api }: FoundStage,
  listener: Listener,
  signal: AbortSignal,
): Promise<Pick<FlushResult, 'outcome'>> {
  // Waits are told as those of the stage, whose step this would be in a plan.
  const hear: Listener = (event) => listener('address' in event ? { ...event, address: 'stage' } : event);
  const { world } = jobOf(context, { prune: false, readFolders: false, removing: false }, hear, signal);
  await flushCache(world, api.id, context.environment.stage);
  return { outcome: 'emptied' };
}

/**
 * Asks for a path as its owner, with `Cache-Control: max-age=0`: AWS then asks S3 and keeps the new answer.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html
 */
async function flushPath(
  context: Context,
  { url }: FoundStage,
  given: string,
  listener: Listener,
  signal: AbortSignal,
): Promise<Pick<FlushResult, 'path' | 'outcome' | 'reason' | 'status' | 'stays'>> {
  const { config, target } = context;
  const { path, mount } = readPath(config, given.startsWith(`${url}/`) ? given.slice(url.length) : given);
  const ttlSeconds = mount.cache?.ttlSeconds ?? config.cache?.ttlSeconds ?? 0;
  if (ttlSeconds === 0) throw noCache(config, `nothing below ${mount.path} is kept`, 'pixgate flush');
  const since = target.clock.now() - SKEW_MS;
  const request = { method: 'GET', url: url + path, headers: { 'Cache-Control': 'max-age=0' } };
  const headers = await createInvokeSigner(target.access)(request);
  const answer = await target.ask({ ...request, headers });
  const found = await findOutcome(context, answer, since, listener, signal);
  const stays = stayingEntries(context, mount, ttlSeconds);
  return { path, ...found, status: answer.status, ...(stays === undefined ? {} : { stays }) };
}

/** Finds the request in the access log: whether S3 was asked tells whether AWS let us expire the entry. */
async function findOutcome(
  { config, environment, target, aws }: Context,
  { headers }: ApiAnswer,
  since: number,
  listener: Listener,
  signal: AbortSignal,
): Promise<Found> {
  const id = headers['x-amz-apigw-id'];
  if (!config.logs.access) return { outcome: 'unverified', reason: 'there is no access log to tell' };
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
function stayingEntries(
  { config, environment }: Context,
  mount: MountConfig,
  ttlSeconds: number,
): StayingEntries | undefined {
  const { routes } = surfaceOf(environment, config);
  const route = routes.find((is) => is.method === 'GET' && is.path.startsWith(`${mount.path}/`));
  const keys = route?.parameters.filter((is) => is.in === 'header' && is.cacheKey) ?? [];
  return keys.length === 0 ? undefined : { headers: keys.map(({ name }) => name), ttlSeconds };
}

/** The path as a browser would send it, and the mount it lies in. */
function readPath({ mounts }: Config, given: string): { path: string; mount: MountConfig } {
  const mount = mounts.find((is) => given.startsWith(`${is.path}/`) && given.length > is.path.length + 1);
  if (mount === undefined) {
    const paths = mounts.map((is) => `${is.path}/`).join(', ');
    throw new UsageError(`PATH must name an image below ${paths}: got ${JSON.stringify(given)}.`, {
      suggestions: [
        `pixgate flush ${mounts[0]?.path ?? ''}/a.png`,
        'without PATH everything is flushed: pixgate flush',
      ],
    });
  }
  if (given.includes('?')) {
    throw new UsageError(`PATH must be without a query: got ${JSON.stringify(given)}.`, {
      suggestions: ['leave out "?" and what follows: the cache keeps no answers apart by it'],
    });
  }
  return { path: given.split('/').map(encodeSegment).join('/'), mount };
}

/** Percent-encodes what is not encoded yet; a `%` that begins no escape is encoded too. */
function encodeSegment(segment: string): string {
  return segment
    .split(/(%[0-9a-f]{2})/i)
    .map((part, index) => (index % 2 === 1 ? part : encodeURIComponent(Buffer.from(part).toString())))
    .join('');
}

function noCache({ name, stage }: Config, why: string, suggestion: string): RefusedError {
  return new RefusedError(`Cannot flush "${name}", stage "${stage}": ${why}, so there is nothing to flush.`, {
    code: 'NO_CACHE',
    suggestions: [suggestion],
  });
}
