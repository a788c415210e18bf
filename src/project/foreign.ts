import type { S3 } from '../aws/s3.js';
import { RefusedError } from '../errors.js';
import type { Step } from '../model/plan.js';
import { findForeignObjects } from '../resources/foreign-objects.js';
import { bucketName, bucketRegion } from '../resources/names.js';
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
    const foreign = await findForeignObjects(s3, bucket, context.environment);
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

/** S3 where a bucket lies: a mount's config tells, and of a bucket that no mount uses S3 itself. */
async function s3Of({ aws, config, environment }: Context, bucket: string): Promise<S3> {
  const mount = config.mounts.find((is) => bucketName(environment, is) === bucket);
  if (mount !== undefined) return aws.s3In(bucketRegion(environment, mount));
  const sighting = await aws.s3.lookAtBucket(bucket);
  return sighting.kind === 'elsewhere' ? aws.s3In(sighting.region) : aws.s3;
}
