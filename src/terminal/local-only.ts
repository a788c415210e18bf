import { UsageError } from '../errors.js';
import type { GivenFlags } from './setup.js';

/**
 * Refuses flags that would have a command go elsewhere that knows the local cloud alone.
 *
 * @throws {UsageError} naming the flag and its value
 */
export function requireLocal(command: 'demo' | 'local', flags: GivenFlags): void {
  const { target = 'local', 'endpoint-url': endpointUrl } = flags;
  if (target !== 'local')
    throw new UsageError(`--target must be local for pixgate ${command}: got ${JSON.stringify(target)}.`);
  if (endpointUrl === undefined) return;
  throw new UsageError(
    `--endpoint-url must not be given to pixgate ${command}, which asks its own local cloud: got ${JSON.stringify(endpointUrl)}.`,
    { suggestions: ['leave --endpoint-url out'] },
  );
}
