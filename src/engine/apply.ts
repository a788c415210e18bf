import { AwsError, CancelledError, PixgateError, RefusedError, WaitError } from '../errors.js';
import type { Listener } from '../model/event.js';
import type { Address, Change, Step } from '../model/plan.js';
import type { AnyResource } from '../resources/resource.js';
import { isObstacle, type Obstacle, surveyForRemoval } from './plan.js';
import { closure, type Job, look } from './survey.js';

/** What the engine answers when all steps are done. */
export interface Applied {
  /** What each resource turned out to be. */
  readonly known: ReadonlyMap<Address, unknown>;
  /** What was wanted of each. */
  readonly wants: ReadonlyMap<Address, unknown>;
  /** Steps that changed something. */
  readonly changed: number;
}

/**
 * Does what a plan says, one step after the other. Each step looks again first; one that no longer finds what was
 * approved stops everything. What the plan has just seen, `seen`, serves for a guarded step and all that only such steps need.
 *
 * @throws {RefusedError} when the world changed since the plan was made.
 * @throws {CancelledError} when the signal was given; what is done stays done, and running again goes on.
 */
export async function applySteps(
  job: Job,
  steps: readonly Step[],
  listener: Listener,
  seen?: Omit<Applied, 'changed'>,
): Promise<Applied> {
  const known = new Map<Address, unknown>();
  const wants = new Map<Address, unknown>();
  const planned = new Map(steps.map((step) => [step.address, step]));
  const acting = job.resources.filter(({ address }) => planned.has(address));
  const serves = (resource: AnyResource): boolean =>
    seen !== undefined &&
    (planned.has(resource.address) ? resource.guarded === true : acting.every((is) => is.guarded === true));
  const progress = { done: 0, total: countActing(steps) };
  for (const resource of closure(job.resources, new Set(planned.keys()))) {
    stopWhenAsked(job, progress.done);
    const step = planned.get(resource.address);
    const { want, have, changes } = serves(resource)
      ? recall(resource, seen, step)
      : await look(job, resource, known).catch((error: unknown) => {
          throw tellHowFar(error, progress);
        });
    if (have !== undefined) known.set(resource.address, have);
    wants.set(resource.address, want);
    if (step === undefined) continue;
    // By what JSON keeps, since an approved plan may come back from a file.
    if (!sameChanges(changes, step.changes)) throw stale(step);
    if (step.action === 'keep') continue;
    await narrated(job, step, progress, listener, async () => {
      await job.ledger.begin(resource.address, have === undefined ? undefined : resource.remember(have));
      const settled = await resource.converge(job.world, want, have);
      await job.ledger.settle(resource.address, resource.remember(settled));
      known.set(resource.address, settled);
    });
    progress.done += 1;
  }
  return { known, wants, changed: progress.done };
}

/** What the plan saw of a resource. */
function recall({ address }: AnyResource, seen: Omit<Applied, 'changed'> | undefined, step: Step | undefined) {
  return { want: seen?.wants.get(address), have: seen?.known.get(address), changes: step?.changes ?? [] };
}

function sameChanges(now: readonly Change[], then: readonly Change[]): boolean {
  const isSame = (one: Change, two: Change | undefined): boolean =>
    one === two || JSON.stringify(one) === JSON.stringify(two);
  return now.length === then.length && now.every((change, at) => isSame(change, then[at]));
}

/** What came of a removal. */
export interface Removed {
  /** Steps that took something away. */
  readonly changed: number;
  /** What could not be taken away. */
  readonly obstacles: readonly Obstacle[];
}

/**
 * Takes away what a plan says, in its order. Everything is looked at once before the first removal, since what a
 * child is called may be known only from its parent. What cannot be taken away keeps nothing else from going.
 *
 * @throws {CancelledError} when the signal was given; running again goes on.
 */
export async function applyRemoval(job: Job, steps: readonly Step[], listener: Listener): Promise<Removed> {
  if (steps.every((step) => step.action === 'keep')) return { changed: 0, obstacles: [] };
  const { sights } = await surveyForRemoval(job);
  // Remembered before anything goes: a crash half way must still find the children of what is gone.
  for (const [address, { resource, have }] of sights) await job.ledger.settle(address, resource.remember(have));
  const progress = { done: 0, total: countActing(steps) };
  const obstacles: Obstacle[] = [];
  for (const step of steps) {
    stopWhenAsked(job, progress.done);
    const sight = sights.get(step.address);
    if (sight === undefined || step.action === 'keep') continue;
    try {
      await narrated(job, step, progress, listener, () => sight.resource.remove(job.world, sight.have));
      progress.done += 1;
    } catch (error) {
      if (!staysAlone(error)) throw error;
      obstacles.push({ address: step.address, error });
    }
  }
  return { changed: progress.done, obstacles };
}

/** Whether the rest may go all the same: not when somebody asked to stop, and not when no call can succeed any more. */
function staysAlone(error: unknown): error is PixgateError {
  if (isObstacle(error) || error instanceof WaitError) return true;
  return error instanceof AwsError && error.failure.status !== undefined && error.code === 'AWS';
}

async function narrated(
  job: Job,
  step: Step,
  progress: Progress,
  listener: Listener,
  work: () => Promise<void>,
): Promise<void> {
  const { clock } = job.world;
  const start = clock.now();
  listener({ type: 'begin', step });
  try {
    await work();
  } catch (cause) {
    const error = cause instanceof Error ? cause : new Error(String(cause));
    tellHowFar(error, progress);
    listener({ type: 'fail', step, error });
    throw error;
  }
  listener({ type: 'done', step, tookMs: clock.now() - start });
}

/** How far a run came, in steps that change something. */
interface Progress {
  done: number;
  readonly total: number;
}

function countActing(steps: readonly Step[]): number {
  return steps.filter(({ action }) => action !== 'keep').length;
}

/** What has to be renewed before any call can succeed again. */
const OVER = new Set(['CREDENTIALS_EXPIRED', 'SSO_SESSION_OVER', 'NO_CREDENTIALS']);

/** Has an error say, once something is done, that it stays done. */
function tellHowFar(error: unknown, { done, total }: Progress): unknown {
  if (!(error instanceof PixgateError) || done === 0 || error instanceof CancelledError) return error;
  if (OVER.has(error.code)) error.message += ` Stopped after step ${done} of ${total}; nothing is lost.`;
  else error.suggestions.push(`what is done stays done (${count(done)}): run the same command again to go on`);
  return error;
}

function stopWhenAsked(job: Job, done: number): void {
  if (!job.world.signal.aborted) return;
  throw new CancelledError(`Stopped as asked: ${count(done)} done, nothing is half made.`, {
    suggestions: ['run the same command again to go on', 'pixgate teardown  takes away what was made'],
  });
}

function count(steps: number): string {
  return steps === 1 ? '1 step' : `${steps} steps`;
}

function stale(step: Step): RefusedError {
  return new RefusedError(`Cannot go on with ${step.address}: it changed since the plan was made.`, {
    code: 'PLAN_STALE',
    suggestions: ['run the same command again and look at the new plan'],
  });
}
