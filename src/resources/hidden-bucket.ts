import type { ListedBucket } from '../aws/s3.js';
import { BUCKET_PREFIX } from './names.js';
import type { Environment } from './resource.js';

/** Length from which a name may be cut off: the 63 characters of S3, less the dashes that are dropped where it is cut. */
const CUT_FROM = 60;

/**
 * Whether a bucket whose tags nobody may read has a name as one of the environment's would: what a name is too long for is
 * cut off, so another environment whose name begins alike may have it as well.
 */
export function mayBeBucketOf(
  { name, region }: Pick<ListedBucket, 'name' | 'region'>,
  environment: Pick<Environment, 'account' | 'name' | 'stage'>,
): boolean {
  if (!name.startsWith(BUCKET_PREFIX)) return false;
  const end = `-${environment.account}-${region}-an`;
  const wish = (name.endsWith(end) ? name.slice(0, -end.length) : name).replace(/-[0-9a-f]{6}$/, '');
  const start = `${BUCKET_PREFIX}${environment.name}-${environment.stage}-`.toLowerCase().replace(/[^a-z0-9-]+/g, '-');
  return wish.startsWith(start) || (name.length >= CUT_FROM && start.startsWith(wish));
}
