import type { Job } from '../engine/survey.js';
import type { Event, Listener } from '../model/event.js';
import { formerPermission } from '../resources/permission.js';
import type { AnyResource, World } from '../resources/resource.js';
import { findStrays, guardRoles } from '../resources/strays.js';
import type { Context } from './context.js';
import { type AssemblyOptions, assemble } from './phases.js';
import { wakefulClock } from './stoppable-clock.js';

/** The engine's view of an environment. What resources say while they work goes to `listener`, with the address of the step. */
export function jobOf(
  context: Context,
  options: AssemblyOptions & { removing: boolean },
  listener: Listener = () => {},
  signal = new AbortController().signal,
): Job & { listener: Listener } {
  const { config, aws, target, ledger, digests } = context;
  const { expires } = options;
  const environment = { ...context.environment, ...(expires === undefined ? {} : { expires }) };
  let address = '';
  const narrate = (event: Event): void => {
    if (event.type === 'begin') address = event.step.address;
    listener(event);
  };
  const say: World['say'] = (talk) =>
    narrate('type' in talk ? { ...talk, address } : { type: 'note', address, text: talk.text });
  const world: World = {
    aws,
    clock: wakefulClock(target.clock, signal),
    environment,
    say,
    signal,
    removing: options.removing,
  };
  return {
    config,
    world,
    ledger,
    resources: assemble(environment, config, { ...options, digests }),
    listener: narrate,
  };
}

/**
 * The engine's view for taking everything away: also what carries our token and belongs to no mount of the config any
 * more, so that a renamed mount or a lost config leaves nothing behind.
 */
export async function removalJobOf(
  context: Context,
  listener?: Listener,
  signal?: AbortSignal,
): Promise<Job & { listener: Listener }> {
  const job = jobOf(context, { prune: false, readFolders: false, removing: true }, listener, signal);
  const strays = await findStrays(job.world, context.config);
  const known = new Set(job.resources.map(({ address }) => address));
  const former = context.ledger
    .addresses()
    .filter((address) => address.startsWith('permission/') && !known.has(address))
    .flatMap((address) => formerPermission(address, context.ledger.memo(address)) ?? []) as readonly AnyResource[];
  return { ...job, resources: [...guardRoles(job.world, context.config, job.resources), ...former, ...strays] };
}
