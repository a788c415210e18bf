import { runInOrder } from '../checks/pool.js';
import { AwsError, CancelledError, PixgateError } from '../errors.js';
import type { Listener } from '../model/event.js';
import type { Step } from '../model/plan.js';
import type { InvalidationResult } from '../model/result.js';
import type { ApiAnswer } from '../targets/target.js';
import type { Context } from './context.js';
import { type Entry, type Intent, intendInvalidation, type Works } from './intend-invalidation.js';
import { createAskAnew, emptyCache, findProof, sinceNow } from './stage-cache.js';
import { wakefulClock } from './stoppable-clock.js';

/** How many paths are asked for at once. */
const WIDTH = 8;
/** How often a path is asked for while its answer is none to keep. */
const TRIES = 4;
/** Grows with each try, in milliseconds. */
const PAUSE_MS = 500;
/** AWS keeps no answer above 1,048,576 bytes, and encryption adds to its size: so many bytes are surely kept. */
const SURELY_KEPT_BYTES = 1_000_000;

type Expiring = Extract<Intent, { readonly act: 'expire' }>;

/** Sends a request that expires an entry; undefined when it got no answer, or none to keep. */
type Ask = (path: string) => Promise<ApiAnswer | undefined>;

/**
 * Expires in the stage's cache what an upload changed: path by path, and one of them is looked up in the access log; or
 * all at once, where that is too many or the paths may not be all of it.
 *
 * What AWS does not do is a warning and no failure: the upload is done, and every entry ends by itself.
 *
 * @throws {CancelledError} when the signal was given.
 */
export async function invalidate(
  context: Context,
  steps: readonly Step[],
  works: Works,
  listener: Listener,
  signal: AbortSignal,
): Promise<InvalidationResult> {
  const result = await carryOut(context, steps, works, listener, signal).catch((error: unknown): InvalidationResult => {
    if (signal.aborted) throw stopped(error);
    if (!(error instanceof PixgateError)) throw error;
    return { outcome: 'ignored', paths: 0, reason: error.message.replace(/\.$/, '') };
  });
  if (result.outcome === 'ignored') {
    const text = `What changed may be served from the cache as it was: ${result.reason}. pixgate flush empties the cache; to expire single paths takes execute-api:InvalidateCache.`;
    listener({ type: 'warning', address: 'stage', text });
  }
  return result;
}

async function carryOut(
  context: Context,
  steps: readonly Step[],
  works: Works,
  listener: Listener,
  signal: AbortSignal,
): Promise<InvalidationResult> {
  const intent = await intendInvalidation(context, steps, works);
  switch (intent.act) {
    case 'nothing':
      return { outcome: 'nothing', paths: 0, reason: intent.reason };
    case 'leave':
      return { outcome: 'emptied', paths: 0, reason: intent.reason };
    case 'empty':
      await emptyCache(context, intent.found, listener, signal);
      return { outcome: 'emptied', paths: 0, reason: intent.reason };
    case 'expire':
      return expire(context, intent, listener, signal);
  }
}

async function expire(
  context: Context,
  intent: Expiring,
  listener: Listener,
  signal: AbortSignal,
): Promise<InvalidationResult> {
  const { found, entries, stays } = intent;
  const ask = asker(context, intent, signal);
  const failed = await expireEach(entries, ask, listener);
  if (failed !== undefined) {
    // What such an answer left in the cache is worse than what was there.
    await emptyCache(context, found, listener, signal);
    return { outcome: 'emptied', paths: 0, reason: `${failed} got no good answer` };
  }
  const proof = await prove(context, intent, ask, listener, signal);
  const staying = stays === undefined || proof.outcome === 'ignored' ? {} : { stays };
  return { ...proof, paths: entries.length, ...staying };
}

/** Asks for every path until one gets no answer to keep, and gives that one; undefined when all did. */
async function expireEach(entries: readonly Entry[], ask: Ask, listener: Listener): Promise<string | undefined> {
  let failed: string | undefined;
  let done = 0;
  const expireOne = async ({ path }: Entry): Promise<void> => {
    for (const spelled of spellings(path)) {
      if (failed !== undefined) return;
      if ((await ask(spelled)) === undefined) failed = path;
    }
  };
  await runInOrder(entries, WIDTH, expireOne, () => {
    done += 1;
    listener({ type: 'progress', address: 'stage', done, total: entries.length, unit: 'calls' });
  });
  return failed;
}

/** A path as it is encoded in full, and as browsers send it: whether the cache takes both for one is not established. */
function spellings(path: string): ReadonlySet<string> {
  return new Set([path, path.replaceAll(/%(?:24|2C|3A|3D|40)/g, decodeURIComponent)]);
}

/** Asks no faster than the throttle lets through. An answer that says "later" is kept as any other, so it is asked again. */
function asker(context: Context, { found, rate }: Expiring, signal: AbortSignal): Ask {
  const clock = wakefulClock(context.target.clock, signal);
  const askAnew = createAskAnew(context);
  let free = 0;
  const takeTurn = async (): Promise<void> => {
    const now = clock.now();
    const turn = Math.max(now, free);
    free = turn + 1000 / rate;
    if (turn > now) await clock.sleep(turn - now);
  };
  return async (path) => {
    for (let nth = 1; nth <= TRIES; nth++) {
      if (nth > 1) await clock.sleep(nth * PAUSE_MS);
      await takeTurn();
      signal.throwIfAborted();
      const answer = await askAnew(found.url + path).catch(passBrokenConnection);
      if (answer !== undefined && answer.status < 500 && answer.status !== 429) return answer;
    }
    return undefined;
  };
}

function passBrokenConnection(error: unknown): undefined {
  if (error instanceof PixgateError) throw error;
}

/**
 * Asks for the smallest of the images a second time: its entry is in the cache now, so that S3 is asked only if these
 * credentials may expire it. The first time shows nothing, since there may have been no entry.
 */
async function prove(
  context: Context,
  { found, entries }: Expiring,
  ask: Ask,
  listener: Listener,
  signal: AbortSignal,
): Promise<Pick<InvalidationResult, 'outcome' | 'verified' | 'reason'>> {
  const [smallest] = entries.toSorted((one, two) => one.sizeBytes - two.sizeBytes);
  if (smallest === undefined || smallest.sizeBytes > SURELY_KEPT_BYTES)
    return { outcome: 'unverified', reason: 'no entry is small enough for the cache to keep' };
  const since = sinceNow(context);
  const answer = await ask(smallest.path);
  if (answer === undefined) return { outcome: 'unverified', reason: `${smallest.path} got no good answer` };
  const unreadable = (error: unknown) => {
    if (!(error instanceof AwsError)) throw error;
    return { outcome: 'unverified' as const, reason: error.message.replace(/\.$/, '') };
  };
  const proof = await findProof(context, found.stage, answer, since, listener, signal).catch(unreadable);
  return proof.outcome === 'unverified' ? proof : { ...proof, verified: smallest.path };
}

function stopped(cause: unknown): CancelledError {
  return new CancelledError('Stopped as asked: the images are uploaded, and the cache may hold some as they were.', {
    suggestions: ['pixgate flush'],
    cause,
  });
}
