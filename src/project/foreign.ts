import type { S3 } from '../aws/s3.js';
import { RefusedError } from '../errors.js';
import type { Step } from '../model/plan.js';
import { findManifest } from '../resources/manifest.js';
import { bucketName, bucketRegion, MANIFEST_FOLDER } from '../resources/names.js';
import { isOurs } from '../resources/ownership.js';
import type { Context } from './context.js';

/** How many objects a refusal names. */
const NAMED = 3;

/**
 * Looks for what others put into things of ours that are about to go: objects in a bucket, stages of the API, a web ACL before one.
 *
 * @throws {RefusedError} naming some of them.
 */
export async function refuseForeign(context: Context, steps: readonly Step[]): Promise<void> {
  const going = steps.filter(({ action }) => action === 'remove');
  if (going.some(({ address }) => address === 'api')) await refuseForeignStages(context);
  // The label of a bucket's step begins with its name.
  const buckets = going
    .filter(({ address }) => address.startsWith('bucket/'))
    .map(({ label }) => label.split(',')[0] ?? label);
  await refuseForeignObjects(context, buckets);
}

async function refuseForeignStages({ aws, environment }: Context): Promise<void> {
  for (const api of (await aws.apiGateway.listApis()).filter(({ tags }) => isOurs(tags, environment))) {
    const stages = await aws.apiGateway.listStages(api.id);
    const guarded = stages.find(({ webAclArn }) => webAclArn !== '');
    if (guarded !== undefined) {
      throw new RefusedError(
        `Cannot delete stage "${guarded.name}": somebody put a web ACL in front of it (${guarded.webAclArn}).`,
        { code: 'FOREIGN_WEB_ACL', suggestions: ['pixgate teardown --including-foreign'] },
      );
    }
    const foreign = stages.map(({ name }) => name).filter((name) => name !== environment.stage);
    if (foreign.length === 0) continue;
    throw new RefusedError(`Cannot delete API "${api.name}": somebody gave it another stage (${foreign.join(', ')}).`, {
      code: 'FOREIGN_STAGE',
      suggestions: ['pixgate teardown --including-foreign'],
    });
  }
}

async function refuseForeignObjects(context: Context, buckets: readonly string[]): Promise<void> {
  for (const bucket of buckets) {
    const s3 = await s3Of(context, bucket);
    const keys = (await s3.listObjects(bucket, '')).map(({ key }) => key);
    const lists = keys.filter((key) => key.startsWith(MANIFEST_FOLDER) && key.endsWith('.json'));
    const manifests = await Promise.all(lists.map((key) => findManifest(s3, bucket, key)));
    // A list of what we sent knows keys below the prefix only, and the mount that knows the prefix may be gone.
    const sent = manifests.flatMap((manifest) => Object.keys(manifest?.objects ?? {}));
    const ours = new Set(sent.map(lastPart));
    const isSent = (key: string): boolean => ours.has(lastPart(key)) && sent.some((name) => key.endsWith(name));
    const unknown = keys.filter((key) => !key.startsWith(MANIFEST_FOLDER) && !isSent(key));
    const foreign = lists.length === 0 ? await withoutDigest(s3, bucket, unknown) : unknown;
    if (foreign.length === 0) continue;
    const some = foreign.slice(0, NAMED).map((key) => JSON.stringify(key));
    throw new RefusedError(
      `Cannot delete bucket "${bucket}": pixgate did not send ${foreign.length} of its objects (${some.join(', ')}).`,
      {
        code: 'FOREIGN_OBJECTS',
        suggestions: ['pixgate teardown --keep-bucket', 'pixgate teardown --including-foreign'],
      },
    );
  }
}

/** Where the lists of what we sent are gone, the digest that each object of ours carries tells. */
async function withoutDigest(s3: S3, bucket: string, keys: readonly string[]): Promise<string[]> {
  const strange: string[] = [];
  for (const key of keys) if ((await s3.findObjectHeaders(bucket, key))?.sha256 === undefined) strange.push(key);
  return strange;
}

/** S3 where a bucket lies: a mount's config tells, and of a bucket that no mount uses S3 itself. */
async function s3Of({ aws, config, environment }: Context, bucket: string): Promise<S3> {
  const mount = config.mounts.find((is) => bucketName(environment, is) === bucket);
  if (mount !== undefined) return aws.s3In(bucketRegion(environment, mount));
  const sighting = await aws.s3.lookAtBucket(bucket);
  return sighting.kind === 'elsewhere' ? aws.s3In(sighting.region) : aws.s3;
}

function lastPart(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1);
}
