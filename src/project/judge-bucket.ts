import { setTimeout } from 'node:timers/promises';
import { createSts } from '../aws/sts.js';
import { openTarget } from '../targets/open-target.js';
import type { ListOptions } from './list-environments.js';

/** How long whoever answers a question waits for AWS, at most, in milliseconds. */
const PATIENCE_MS = 3_000;

/**
 * Looks whether a bucket can be used as it is: true, or a sentence that says why not. One that cannot be looked at in time
 * counts as usable: the plan will tell. Changes nothing.
 */
export async function judgeBucket(
  options: ListOptions & { readonly localPort: number },
  bucket: string,
): Promise<true | string> {
  const late = new AbortController();
  const patience = setTimeout(PATIENCE_MS, true as const, { signal: late.signal });
  try {
    return await Promise.race([look(options, bucket), patience]);
  } catch {
    return true;
  } finally {
    late.abort();
    patience.catch(() => undefined);
  }
}

async function look(options: ListOptions & { readonly localPort: number }, bucket: string): Promise<true | string> {
  const target = await openTarget({ ...options, target: options.target ?? 'aws' });
  try {
    const identity = await createSts(target.access).getIdentity();
    const { createS3 } = await import('../aws/s3.js');
    const sighting = await createS3(target.access, identity).lookAtBucket(bucket);
    switch (sighting.kind) {
      case 'absent':
        return 'There is no such bucket.';
      case 'forbidden':
        return 'This bucket belongs to another account, or its policy shuts you out.';
      case 'elsewhere':
        return `This bucket is in ${sighting.region}, not in ${options.region}.`;
      case 'present':
        return true;
    }
  } finally {
    await target.close();
  }
}
