import { createSts, type Identity } from '../aws/sts.js';
import { openTarget } from '../targets/open-target.js';
import type { ListOptions } from './list-environments.js';

export { findProfile } from '../aws/profile.js';

/**
 * Finds out whose credentials these are. Changes nothing.
 *
 * @throws {AwsError} when there are none, or they are not valid.
 * @throws {UsageError} when the profile, or one that it leads to, does not exist.
 */
export async function identify(options: ListOptions & { readonly localPort: number }): Promise<Identity> {
  const target = await openTarget({ ...options, target: options.target ?? 'aws' });
  try {
    return await createSts(target.access).getIdentity();
  } finally {
    await target.close();
  }
}
