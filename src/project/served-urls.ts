import type { ApplyResult, FailedFile, ServedUrl } from '../model/result.js';
import { BrokenManifest, type OpenList, openList } from '../resources/manifest.js';
import { bucketName, bucketRegion, manifestKey } from '../resources/names.js';
import type { Context } from './context.js';

/** Which served images are named. */
export interface ServedOptions {
  /** How many at most. @default 20 */
  readonly limit?: number;
  /** Files that are not there as they should be; left out. */
  readonly failed?: readonly FailedFile[];
}

/** Names images that the stage at `url` serves, by our lists of what was sent, and counts them all. */
export async function servedUrls(
  { config, environment, aws }: Context,
  url: string,
  { limit = 20, failed = [] }: ServedOptions = {},
): Promise<Required<Pick<ApplyResult, 'urls' | 'served'>>> {
  const missing = new Set(failed.map(({ file }) => file));
  const urls: ServedUrl[] = [];
  let served = 0;
  for (const mount of config.mounts) {
    const s3 = aws.s3In(bucketRegion(environment, mount));
    const list = await openList(s3, bucketName(environment, mount), manifestKey(environment, mount));
    for await (const key of sentKeys(list)) {
      if (missing.has(key)) continue;
      served += 1;
      if (urls.length >= limit) continue;
      const path = key.split('/').map(encodeURIComponent).join('/');
      urls.push({ mount: mount.path, key, url: `${url}${mount.path}/${path}` });
    }
  }
  return { urls, served };
}

/** The keys that a list names, as far as it can be understood. */
async function* sentKeys(list: OpenList | undefined): AsyncGenerator<string> {
  try {
    for await (const batch of list?.manifest?.entries() ?? []) for (const [key] of batch) yield key;
  } catch (error) {
    if (!(error instanceof BrokenManifest)) throw error;
  }
}
