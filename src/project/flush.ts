import type { Config, MountConfig } from '../config/config.js';
import { RefusedError, UsageError } from '../errors.js';
import type { Listener } from '../model/event.js';
import type { FlushResult } from '../model/result.js';
import type { Context } from './context.js';
import { type FoundStage, findStage } from './find-stage.js';
import type { FlushOptions } from './project.js';
import { createAskAnew, emptyCache, findProof, sinceNow, stayingEntries } from './stage-cache.js';

const ADD_CACHE = 'set cache: { sizeGb: 0.5 } in the config file, then pixgate wire';

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
      ? await emptyCache(context, found, listener, signal).then(() => ({ outcome: 'emptied' as const }))
      : await flushPath(context, found, path, listener, signal);
  const { account, region, name, stage } = environment;
  const place = { target: target.name, account, region, name, stage, url: found.url };
  return { ...place, ...outcome, tookMs: target.clock.now() - start };
}

/** Asks for a path anew, and finds in the access log whether AWS let us. */
async function flushPath(
  context: Context,
  { url, stage }: FoundStage,
  given: string,
  listener: Listener,
  signal: AbortSignal,
): Promise<Pick<FlushResult, 'path' | 'outcome' | 'reason' | 'status' | 'stays'>> {
  const { config } = context;
  const { path, mount } = readPath(config, given.startsWith(`${url}/`) ? given.slice(url.length) : given);
  if (mount.access.kind !== 'public' && mount.access.kind !== 'iam') {
    throw new RefusedError(
      `Cannot flush ${path} by itself: requests for ${mount.path} carry a token or a key in place of the signature that expiring takes.`,
      { code: 'CANNOT_SIGN', suggestions: ['flush everything: pixgate flush'] },
    );
  }
  const ttlSeconds = mount.cache?.ttlSeconds ?? config.cache?.ttlSeconds ?? 0;
  if (ttlSeconds === 0) throw noCache(config, `nothing below ${mount.path} is kept`, 'pixgate flush');
  const since = sinceNow(context);
  const answer = await createAskAnew(context)(url + path);
  const proof = await findProof(context, stage, answer, since, listener, signal);
  const stays = stayingEntries(context, mount, ttlSeconds);
  return { path, ...proof, status: answer.status, ...(stays === undefined ? {} : { stays }) };
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
