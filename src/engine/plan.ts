import { createHash } from 'node:crypto';
import { AwsError, type PixgateError, RefusedError } from '../errors.js';
import type { Address, Step } from '../model/plan.js';
import { closure, demandNeeds, type Job, look, type Sight } from './survey.js';

/** Finds out what has to be done to the resources named by `acts`. Changes nothing, neither in the cloud nor on disk. */
export async function planSteps(
  job: Job,
  acts: ReadonlySet<Address>,
): Promise<{ steps: Step[]; wants: Map<Address, unknown>; known: Map<Address, unknown> }> {
  const known = new Map<Address, unknown>();
  const wants = new Map<Address, unknown>();
  const steps: Step[] = [];
  for (const resource of closure(job.resources, acts)) {
    if (acts.has(resource.address)) demandNeeds(resource, acts, known);
    const { want, have, changes } = await look(job, resource, known);
    if (have !== undefined) known.set(resource.address, have);
    if (!acts.has(resource.address)) continue;
    wants.set(resource.address, want);
    const action = have === undefined ? 'create' : changes.length > 0 ? 'update' : 'keep';
    if (action === 'create' && changes.length === 0) continue;
    steps.push({ address: resource.address, action, label: resource.label(want), changes });
  }
  return { steps, wants, known };
}

/** Finds out what there is to take away, in the order given by `order`, and what stands in the way. Changes nothing. */
export async function planRemoval(
  job: Job,
  order: readonly Address[],
): Promise<{ steps: Step[]; obstacles: readonly Obstacle[] }> {
  const { sights, obstacles } = await surveyForRemoval(job);
  const steps = order.flatMap((address) => {
    const sight = sights.get(address);
    if (sight === undefined) return [];
    const action = sight.resource.ending?.(sight.have) ?? 'remove';
    return [{ address, action, label: sight.resource.label(sight.want), changes: [] }];
  });
  return { steps, obstacles };
}

/** What there is to take away. */
export interface RemovalSurvey {
  /** By address; what is absent is left out. */
  readonly sights: ReadonlyMap<Address, Pick<Sight, 'resource' | 'want' | 'have'>>;
  /** What may not be looked at or is not ours, and so stays. */
  readonly obstacles: readonly Obstacle[];
}

/** Something that cannot be taken away, and why. */
export interface Obstacle {
  readonly address: Address;
  readonly error: PixgateError;
}

/**
 * What there is of each resource. A child is looked for even when its parent is gone, and what cannot be looked at keeps
 * nothing else from going.
 */
export async function surveyForRemoval(job: Job): Promise<RemovalSurvey> {
  const known = new Map<Address, unknown>();
  const sights = new Map<Address, Pick<Sight, 'resource' | 'want' | 'have'>>();
  const obstacles: Obstacle[] = [];
  for (const resource of job.resources) {
    const { address } = resource;
    // What lies in something that stays is not touched either: it may be somebody else's now.
    if (resource.needs.some((need) => obstacles.some((is) => is.address === need))) continue;
    const want = await resource.desire(job.config, known);
    try {
      const have = await resource.observe(job.world, want, job.ledger.memo(address));
      if (have === undefined) continue;
      known.set(address, have);
      sights.set(address, { resource, want, have });
    } catch (error) {
      if (!isObstacle(error)) throw error;
      obstacles.push({ address, error });
    }
  }
  return { sights, obstacles };
}

/** Whether an error is about one thing alone: it belongs to others, or may not be touched. */
export function isObstacle(error: unknown): error is PixgateError {
  return error instanceof RefusedError || (error instanceof AwsError && error.code === 'ACCESS_DENIED');
}

/** SHA-256 of steps, as lower-case hex: what an approval is good for. */
export function digestSteps(steps: readonly Step[]): string {
  const hash = createHash('sha256');
  // Change by change: all of them as one text would be as large as the plan once more.
  for (const { changes, ...step } of steps) {
    hash.update(`${JSON.stringify(step)}\n`);
    for (const change of changes) hash.update(`${JSON.stringify(change)}\n`);
  }
  return hash.digest('hex');
}
