import pLimit from 'p-limit';
import type { ListedObject, S3 } from '../aws/s3.js';
import { readListedKeys } from './manifest.js';
import { MANIFEST_FOLDER, manifestStart } from './names.js';
import type { Environment } from './resource.js';

/** How many objects are asked for our digest at once. */
const ASKED_AT_ONCE = 16;

/**
 * The keys of what others put into a bucket of ours, in place of something of ours, too. Where our lists do not tell, because
 * they are gone or of a run that was broken off, the digest does that each object of ours carries.
 */
export async function findForeignObjects(s3: S3, bucket: string, environment: Environment): Promise<string[]> {
  const { ours, others, lists } = await readListedKeys(s3, bucket, environment);
  const limit = pLimit(ASKED_AT_ONCE);
  const isForeign = async ({ key, etag }: ListedObject): Promise<boolean> => {
    if (others.has(key)) return true;
    if (key.startsWith(MANIFEST_FOLDER)) return !key.startsWith(manifestStart(environment));
    if (ours.get(key) === etag) return false;
    if (lists > 0 && !ours.has(key)) return true;
    return (await limit(() => s3.findObjectHeaders(bucket, key)))?.sha256 === undefined;
  };
  const objects = await s3.listObjects(bucket, '');
  const verdicts = await Promise.all(objects.map(isForeign));
  return objects.filter((_, index) => verdicts[index] === true).map(({ key }) => key);
}
