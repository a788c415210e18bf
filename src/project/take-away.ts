import { applyRemoval } from '../engine/apply.js';
import { type Obstacle, surveyForRemoval } from '../engine/plan.js';
import type { Job } from '../engine/survey.js';
import { AwsError, type PixgateError, RefusedError, WaitError } from '../errors.js';
import type { Listener } from '../model/event.js';
import type { Plan, Step } from '../model/plan.js';
import type { Context } from './context.js';
import { refuseForeign } from './foreign.js';
import { removalJobOf } from './job.js';

/**
 * Takes away what a plan says, and looks again until nothing shows.
 *
 * @throws {AwsError | WaitError | RefusedError} naming what stays, once all the rest is gone.
 * @throws {CancelledError} when the signal was given.
 */
export async function takeAway(
  context: Context,
  plan: Plan,
  listener: Listener,
  signal: AbortSignal,
): Promise<{ changed: number; left: string[] }> {
  const job = await removalJobOf(context, listener, signal);
  // Looked at again, now that nobody else of ours works here: what came since the plan was approved is not deleted unasked.
  if (plan.includingForeign !== true) await refuseForeign(context, plan.steps);
  const { changed, obstacles } = await applyRemoval(job, plan.steps, job.listener);
  const keepsBucket = plan.keepBucket === true;
  const { left, blocked } = await takeCensus(job, {
    keepsBucket,
    stuck: new Set(obstacles.map(({ address }) => address)),
  });
  const staying = [...obstacles.filter(({ address }) => left.has(address)), ...blocked];
  const [first] = staying;
  const isBare = blocked.every(({ error }) => error instanceof RefusedError);
  if (left.size === 0 && isBare && !keepsBucket) await context.ledger.discard();
  // A thing of others that has our name is no fault where there was nothing of ours.
  if (first !== undefined && (changed > 0 || left.size > 0 || !isBare))
    throw toComplaint(changed, staying, first.error);
  return { changed, left: [...left].map(([address, label]) => `${address} ${label}`) };
}

/** When it is looked again for what still shows: AWS's listings and tags lag behind. Milliseconds. */
const LOOK_AGAIN_MS = [10_000, 60_000];

/**
 * Looks for what is left. What still shows is taken away again after a while: AWS may tell of things that are gone, what
 * others needed may be free by now. What was refused to us is not waited for.
 */
async function takeCensus(
  job: Job & { listener: Listener },
  { keepsBucket, stuck }: { keepsBucket: boolean; stuck: ReadonlySet<string> },
): Promise<{ left: ReadonlyMap<string, string>; blocked: readonly Obstacle[] }> {
  const { clock, signal } = job.world;
  for (const pauseMs of [...LOOK_AGAIN_MS, undefined]) {
    const { sights, obstacles } = await surveyForRemoval(job);
    const left = new Map<string, string>();
    for (const [address, { resource, want, have }] of sights) {
      const meant = !keepsBucket || !/^(bucket|objects)\//.test(address);
      if (meant && resource.ending?.(have) !== 'keep') left.set(address, resource.label(want));
    }
    const isSettled = [...left.keys()].every((address) => stuck.has(address));
    if (isSettled || pauseMs === undefined || signal.aborted) return { left, blocked: obstacles };
    const why = `${[...left.keys()].join(', ')}, which still shows`;
    job.listener({ type: 'wait', address: '', for: why, elapsedMs: 0, expectedMs: pauseMs });
    await clock.sleep(pauseMs);
    const again = [...left].filter(([address]) => !stuck.has(address));
    const steps = again.map(([address, label]): Step => ({ address, action: 'remove', label, changes: [] }));
    await applyRemoval(job, steps, job.listener);
  }
  throw new Error('the last look answers');
}

/** One complaint for all that could not be taken away; of the kind of the first. */
function toComplaint(changed: number, staying: readonly Obstacle[], first: PixgateError): PixgateError {
  const names = staying.map(({ address }) => address).join(', ');
  const message = `Cannot delete ${names}: ${first.message} (${changed} of ${changed + staying.length} things are deleted.)`;
  const options = { code: first.code, suggestions: first.suggestions, cause: first };
  if (first instanceof AwsError) return new AwsError(message, first.failure, options);
  return first instanceof WaitError ? new WaitError(message, options) : new RefusedError(message, options);
}
