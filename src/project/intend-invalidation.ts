import type { MountConfig } from '../config/config.js';
import { PixgateError, RefusedError } from '../errors.js';
import type { Address, Phase, Step } from '../model/plan.js';
import type { StayingEntries } from '../model/result.js';
import { surfaceOf } from '../resources/api.js';
import type { Work } from '../resources/objects-work.js';
import { keptSeconds } from '../resources/stage.js';
import { surfaceDigest } from '../surface/diff.js';
import type { Context } from './context.js';
import { type FoundStage, findStage } from './find-stage.js';
import { stayingEntries } from './stage-cache.js';

/** How many changed images are expired one by one; above that the whole cache is emptied. */
const MOST = 200;
/** How long asking for all of them may take at the rate of the throttle, in seconds. */
const LONGEST_SECONDS = 30;

/** One changed image as the cache may hold it. */
export interface Entry {
  /** Percent-encoded path behind the stage. */
  readonly path: string;
  /** Size of the answer, in bytes; 0 for an image that is gone. */
  readonly sizeBytes: number;
}

/** What is to be done about the cache after an upload. */
export type Intent =
  /** 'nothing': there is no entry to expire. 'leave': the steps empty the cache themselves. */
  | { readonly act: 'nothing' | 'leave'; readonly reason: string }
  | { readonly act: 'empty'; readonly reason: string; readonly found: FoundStage }
  | {
      readonly act: 'expire';
      readonly found: FoundStage;
      /** One for each changed image. */
      readonly entries: readonly Entry[];
      /** Requests a second that the throttle lets through. */
      readonly rate: number;
      /** What stays although the entries expire. */
      readonly stays: StayingEntries | undefined;
    };

/** What was, or is to be, done to the objects of each address. */
export type Works = ReadonlyMap<Address, Work>;

/** Whether what changes expires in the cache afterwards. `up` looks at the result, and where nothing else is asked for, sees to it that it can be seen. */
export function expiresAfter(
  { config }: Context,
  phase: Phase,
  steps: readonly Step[],
  wanted: boolean | undefined,
): boolean {
  if (phase !== 'upload' && phase !== 'up') return false;
  if (wanted !== undefined || phase === 'upload') return wanted === true;
  const isThere = steps.every(({ address, action }) => address !== 'stage' || action !== 'create');
  return config.cache !== undefined && isThere && steps.some(replacesImages);
}

/** Whether a step changes what is online already. */
function replacesImages({ address, changes }: Step): boolean {
  if (!address.startsWith('objects/')) return false;
  return changes.some(
    ({ path, from }) => path.startsWith('headers ') || path.startsWith('remove ') || from !== undefined,
  );
}

/** Says in one sentence what becomes of the cache once these steps are done. Changes nothing. */
export async function foretellInvalidation(context: Context, steps: readonly Step[], works: Works): Promise<string> {
  try {
    const intent = await intendInvalidation(context, steps, works);
    switch (intent.act) {
      case 'nothing':
        return `There is nothing to expire in the stage's cache: ${intent.reason}.`;
      case 'leave':
        return `The stage's cache is emptied: ${intent.reason}.`;
      case 'empty':
        return `The stage's whole cache is emptied afterwards: ${intent.reason}.`;
      case 'expire':
        return `The stage's cache is asked to expire what changed, afterwards: ${intent.entries.length} by path.`;
    }
  } catch (error) {
    if (!(error instanceof PixgateError)) throw error;
    // The upload can do without; whoever asked for more is told before it begins.
    return `What changes will not expire in the stage's cache: ${error.message}`;
  }
}

/**
 * Finds out what a change of objects asks of the cache: nothing, each path, or all at once where that is too many or the
 * paths may not be all of it. Changes nothing.
 *
 * @throws {AwsError} when the stage may not be looked at.
 */
export async function intendInvalidation(context: Context, steps: readonly Step[], works: Works): Promise<Intent> {
  const { config } = context;
  const changed = config.mounts.flatMap((mount) => {
    const work = works.get(`objects/${mount.id}`);
    return work === undefined || !changesAny(work) ? [] : [{ mount, work }];
  });
  if (changed.length === 0) return { act: 'nothing', reason: 'no image changed' };
  const stage = steps.find(({ address }) => address === 'stage');
  if (stage?.action === 'create') return { act: 'nothing', reason: 'the stage is new' };
  const found = await findStage(context, 'Cannot expire').catch(passUnwired);
  if (found === undefined) return { act: 'nothing', reason: 'nothing is wired yet' };
  if (!found.stage.reading.cacheClusterEnabled) return { act: 'nothing', reason: 'the stage has no cache' };
  const kept = changed.filter(({ mount }) => keptSeconds(found.stage, mount.path) > 0);
  if (kept.length === 0) return { act: 'nothing', reason: 'the cache keeps none of these images' };
  // Showing another deployment empties the cache, and comes after the upload.
  if (stage?.changes.some(({ path }) => path === 'deployment'))
    return { act: 'leave', reason: 'the API is deployed anew' };
  const entries = kept.flatMap(({ mount, work }) => entriesOf(mount, work));
  const rate = Math.min(...kept.map(({ mount }) => mount.throttle?.rate ?? config.throttle.rate));
  const doubt =
    untouchable(kept.map(({ mount }) => mount)) ??
    doubtIn(
      context,
      found,
      kept.map(({ work }) => work),
    ) ??
    tooMany(entries.length, rate);
  if (doubt !== undefined) return { act: 'empty', reason: doubt, found };
  const mounts = kept.map(({ mount }) => mount);
  return { act: 'expire', found, entries, rate, stays: allStaying(context, found, mounts) };
}

function changesAny({ put, headers, remove, former, resumes }: Work): boolean {
  return resumes || put.length + headers.length + remove.length + former.size > 0;
}

function passUnwired(error: unknown): undefined {
  if (!(error instanceof RefusedError) || error.code !== 'NOT_WIRED') throw error;
}

/**
 * Why entries cannot be expired one by one: whoever asks for that signs the request, and where another credential goes
 * into the same header, or comes beside it, nobody can do both. Undefined when all can.
 */
function untouchable(mounts: readonly MountConfig[]): string | undefined {
  const mount = mounts.find(({ access }) => access.kind !== 'public' && access.kind !== 'iam');
  return mount === undefined ? undefined : `requests for ${mount.path} carry a token or a key in place of a signature`;
}

/** Why the paths of what changed may not be all that is stale; undefined when they are. */
function doubtIn({ config, environment }: Context, { stage }: FoundStage, works: readonly Work[]): string | undefined {
  if (works.some(({ resumes }) => resumes)) return 'an earlier upload was not finished, so more may have changed';
  if (works.some(({ former }) => former.size > 0)) return 'images of a former prefix are removed, too';
  // Cache keys are part of the drawing, and a deployment carries its digest.
  if (!stage.deployment.includes(surfaceDigest(surfaceOf(environment, config))))
    return 'the stage shows another API than the config draws, so its cache keys are not known';
  return undefined;
}

function tooMany(count: number, rate: number): string | undefined {
  const most = Math.min(MOST, Math.floor(rate * LONGEST_SECONDS));
  if (count <= most) return undefined;
  const why = most < MOST ? `, at ${rate} requests a second` : '';
  return `${count} images changed, and at most ${most} are expired one by one${why}`;
}

/** What failed is among them: a call whose answer was lost may have been heard. */
function entriesOf({ path }: MountConfig, { put, headers, remove }: Work): Entry[] {
  const present = [...put, ...headers].map(({ key, sizeBytes }) => ({ key, sizeBytes }));
  const gone = remove.map((key) => ({ key, sizeBytes: 0 }));
  const encode = (key: string): string => key.split('/').map(encodeURIComponent).join('/');
  return [...present, ...gone].map(({ key, sizeBytes }) => ({ path: `${path}/${encode(key)}`, sizeBytes }));
}

function allStaying(
  context: Context,
  { stage }: FoundStage,
  mounts: readonly MountConfig[],
): StayingEntries | undefined {
  const each = mounts.flatMap((mount) => stayingEntries(context, mount, keptSeconds(stage, mount.path)) ?? []);
  if (each.length === 0) return undefined;
  const ttlSeconds = Math.max(...each.map((is) => is.ttlSeconds));
  return { headers: [...new Set(each.flatMap(({ headers }) => headers))], ttlSeconds };
}
