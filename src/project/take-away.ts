import { applyRemoval } from '../engine/apply.js';
import { type Obstacle, surveyForRemoval } from '../engine/plan.js';
import type { Job } from '../engine/survey.js';
import { AwsError, type PixgateError, RefusedError, WaitError } from '../errors.js';
import type { Listener } from '../model/event.js';
import type { Address, Plan, Step } from '../model/plan.js';
import type { Context } from './context.js';
import { refuseForeign, releaseForeign } from './foreign.js';
import { removalJobOf } from './job.js';
import { findLeasedKept, keptAmong } from './kept.js';

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
  else await releaseForeign(context, plan.steps, job.listener);
  const keepsBucket = plan.keepBucket === true;
  // First: a run that is broken off would leave to the next sweep what is meant to stay.
  if (keepsBucket) await releaseKept(context, job);
  const { changed, obstacles } = await applyRemoval(job, plan.steps, job.listener);
  const stuck = new Set(obstacles.map(({ address }) => address));
  const { left, blocked } = await takeCensus(context, job, plan, stuck);
  const staying = [...obstacles.filter(({ address }) => left.has(address)), ...blocked];
  const [first] = staying;
  const isBare = blocked.every(({ error }) => error.code === 'NOT_OURS');
  if (left.size === 0 && isBare && !keepsBucket) await context.ledger.discard();
  // A thing of others that has our name is no fault where there was nothing of ours.
  if (first !== undefined && (changed > 0 || left.size > 0 || !isBare))
    throw toComplaint(changed, staying, first.error);
  return { changed, left: [...left].map(([address, label]) => `${address} ${label}`) };
}

async function releaseKept(context: Context, job: Job & { listener: Listener }): Promise<void> {
  for (const { address, release } of await findLeasedKept(context, job)) {
    await release();
    job.listener({ type: 'note', address, text: `${address} is kept, and has no end any more` });
  }
}

/** When it is looked again for what still shows: AWS's listings and tags lag behind. Milliseconds. */
const LOOK_AGAIN_MS = [10_000, 60_000];

/**
 * Looks for what is left. What was approved and still shows is taken away again after a while: AWS may tell of things that
 * are gone, what others needed may be free by now. What was refused to us is not waited for, and what came since is left.
 */
async function takeCensus(
  context: Context,
  job: Job & { listener: Listener },
  plan: Plan,
  stuck: ReadonlySet<Address>,
): Promise<{ left: ReadonlyMap<Address, string>; blocked: readonly Obstacle[] }> {
  const { clock, signal } = job.world;
  const approved = plan.steps.filter(({ action }) => action !== 'keep').map(({ address }) => address);
  // The logging role is the account's: it gets free when the last API that logs through it is gone.
  const ours = new Set([...approved, 'logging'].filter((address) => !stuck.has(address)));
  for (const pauseMs of [...LOOK_AGAIN_MS, undefined]) {
    const { sights, obstacles } = await surveyForRemoval(job);
    const seen = [...sights.keys(), ...obstacles.map(({ address }) => address)];
    const kept = plan.keepBucket === true ? keptAmong(context, seen) : new Set<Address>();
    const left = new Map<Address, string>();
    for (const [address, { resource, want, have }] of sights)
      if (!kept.has(address) && resource.ending?.(have) !== 'keep') left.set(address, resource.label(want));
    const again = [...left].filter(([address]) => ours.has(address));
    if (again.length === 0 || pauseMs === undefined || signal.aborted)
      return { left, blocked: obstacles.filter(({ address }) => !kept.has(address)) };
    const why = `${[...left.keys()].join(', ')}, which still shows`;
    job.listener({ type: 'wait', address: '', for: why, elapsedMs: 0, expectedMs: pauseMs });
    await clock.sleep(pauseMs);
    const steps = again.map(([address, label]): Step => ({ address, action: 'remove', label, changes: [] }));
    if (plan.includingForeign !== true) await refuseForeign(context, steps);
    else await releaseForeign(context, steps, job.listener);
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
