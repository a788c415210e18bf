import { WaitError } from '../errors.js';
import type { World } from './resource.js';

/** How long a new thing may take to be seen, and how often it is looked for, in milliseconds. */
const WITHIN_MS = 120_000;
const POLL_MS = 5_000;

/**
 * Looks for what was just made until it shows. AWS: it may not be known everywhere at once.
 *
 * @throws {WaitError} when it does not show in two minutes, or somebody asked to stop meanwhile.
 */
export async function appear<T>(world: World, what: string, look: () => Promise<T | undefined>): Promise<T> {
  for (let waitedMs = 0; waitedMs <= WITHIN_MS; waitedMs += POLL_MS) {
    const found = await look();
    if (found !== undefined) return found;
    if (world.signal.aborted) break;
    await world.clock.sleep(POLL_MS);
  }
  throw new WaitError(`Cannot find ${what} yet, which was just made.`, { suggestions: ['run the same command again'] });
}
