import type { Address, Plan } from '../model/plan.js';

/** What a plan was made of. */
export interface Sight {
  /** What each resource turned out to be. */
  readonly known: ReadonlyMap<Address, unknown>;
  /** What was wanted of each. */
  readonly wants: ReadonlyMap<Address, unknown>;
}

const sights = new WeakMap<Plan, Sight>();

/** Keeps what a plan was made of, for as long as there is the plan. */
export function keepSight(plan: Plan, { known, wants }: Sight): void {
  sights.set(plan, { known, wants });
}

/** What a plan of this process was made of, once: it may be large. Undefined for any other plan. */
export function takeSight(plan: Plan): Sight | undefined {
  const sight = sights.get(plan);
  sights.delete(plan);
  return sight;
}
