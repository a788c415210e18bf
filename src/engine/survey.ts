import type { Config } from '../config/config.js';
import { RefusedError } from '../errors.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Address, Change } from '../model/plan.js';
import type { AnyResource, World } from '../resources/resource.js';

/** What one look at the cloud found out about one resource. */
export interface Sight {
  readonly resource: AnyResource;
  readonly want: unknown;
  readonly have: unknown;
  readonly changes: readonly Change[];
}

/** Everything the engine is given. */
export interface Job {
  readonly config: Config;
  readonly world: World;
  readonly ledger: Ledger;
  /** All resources of the environment, needed ones first. */
  readonly resources: readonly AnyResource[];
}

/** Looks at one resource. A child of something absent is absent: it is not even asked for. */
export async function look(job: Job, resource: AnyResource, known: ReadonlyMap<Address, unknown>): Promise<Sight> {
  const want = await resource.desire(job.config, known);
  const orphan = resource.needs.some((need) => !known.has(need));
  const have = orphan ? undefined : await resource.observe(job.world, want, job.ledger.memo(resource.address));
  return { resource, want, have, changes: resource.diff(want, have) };
}

/** The resources that a phase acts on, and before them those it needs to know about. */
export function closure(resources: readonly AnyResource[], acts: ReadonlySet<Address>): readonly AnyResource[] {
  const wanted = new Set<Address>();
  for (const resource of [...resources].reverse()) {
    if (!acts.has(resource.address) && !wanted.has(resource.address)) continue;
    wanted.add(resource.address);
    for (const need of resource.needs) wanted.add(need);
  }
  return resources.filter(({ address }) => wanted.has(address));
}

/** Refuses when a phase builds on something that neither exists nor is part of the phase. */
export function demandNeeds(
  resource: AnyResource,
  acts: ReadonlySet<Address>,
  known: ReadonlyMap<Address, unknown>,
): void {
  const missing = resource.needs.find((need) => !known.has(need) && !acts.has(need));
  if (missing === undefined) return;
  throw new RefusedError(`Cannot plan ${resource.address}: ${missing} does not exist yet.`, {
    code: 'NEEDED_THING_MISSING',
    suggestions: ['pixgate init', 'pixgate up'],
  });
}
