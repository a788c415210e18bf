import type { Address, Plan } from '../model/plan.js';

/** What a plan was made of. */
export interface Sight {
  /** What each resource turned out to be. */
  readonly known: ReadonlyMap<Address, unknown>;
  /** What was wanted of each. */
  readonly wants: ReadonlyMap<Address, unknown>;
}

const sights = new WeakMap<Plan, Sight>();

/** Keeps what a plan that changes nothing was made of: to say so, nothing has to be looked at again. */
export function keepSight(plan: Plan, { known, wants }: Sight): void {
  if (plan.steps.every(({ action }) => action === 'keep')) sights.set(plan, { known, wants });
}

/** What a plan of this process that changes nothing was made of; undefined for any other. */
export function sightOf(plan: Plan): Sight | undefined {
  return sights.get(plan);
}
