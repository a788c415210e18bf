import { createHash } from 'node:crypto';
import type { Address, Step } from '../model/plan.js';
import type { AnyResource } from '../resources/resource.js';
import { closure, demandNeeds, type Job, look } from './survey.js';

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

/** Finds out what there is to take away, in the order given by `order`. Changes nothing. */
export async function planRemoval(job: Job, order: readonly Address[]): Promise<Step[]> {
  const sights = await surveyForRemoval(job);
  return order.flatMap((address) => {
    const sight = sights.get(address);
    if (sight === undefined) return [];
    const action = sight.resource.ending?.(sight.have) ?? 'remove';
    return [{ address, action, label: sight.resource.label(sight.want), changes: [] }];
  });
}

/** What there is of each resource; those that are absent are left out. A child is looked for even when its parent is gone. */
export async function surveyForRemoval(
  job: Job,
): Promise<Map<Address, { resource: AnyResource; want: unknown; have: unknown }>> {
  const known = new Map<Address, unknown>();
  const sights = new Map<Address, { resource: AnyResource; want: unknown; have: unknown }>();
  for (const resource of job.resources) {
    const want = await resource.desire(job.config, known);
    const have = await resource.observe(job.world, want, job.ledger.memo(resource.address));
    if (have === undefined) continue;
    known.set(resource.address, have);
    sights.set(resource.address, { resource, want, have });
  }
  return sights;
}

/** SHA-256 of steps, as lower-case hex: what an approval is good for. */
export function digestSteps(steps: readonly Step[]): string {
  return createHash('sha256').update(JSON.stringify(steps)).digest('hex');
}
