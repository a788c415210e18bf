import type { ListedApi, Mapping } from '../aws/api-gateway.js';
import type { Tags } from '../aws/iam.js';
import type { S3 } from '../aws/s3.js';
import { AwsError, RefusedError } from '../errors.js';
import type { Listener } from '../model/event.js';
import type { Step } from '../model/plan.js';
import { findForeignObjects } from '../resources/foreign-objects.js';
import { bucketName, bucketRegion } from '../resources/names.js';
import { isOurs } from '../resources/ownership.js';
import { isOwnPolicy } from '../surface/resource-policy.js';
import type { Context } from './context.js';

/** How many objects a refusal names. */
const NAMED = 3;

/**
 * Looks for what others put into things of ours that are about to go: objects in a bucket, a resource policy or stages of
 * the API, a web ACL before one, usage plans and custom domains that name the API, keys and stages in our usage plan.
 *
 * @throws {RefusedError} naming some of them.
 */
export async function refuseForeign(context: Context, steps: readonly Step[]): Promise<void> {
  const going = steps.filter(({ action }) => action === 'remove');
  const apis = await apisGoing(context, steps);
  refuseForeignPolicy(apis);
  await refuseForeignStages(context, apis);
  await refuseForeignNamers(context, apis);
  if (going.some(({ address }) => address === 'keys')) await refuseForeignInPlans(context);
  // The label of a bucket's step begins with its name.
  const buckets = going
    .filter(({ address }) => address.startsWith('bucket/'))
    .map(({ label }) => label.split(',')[0] ?? label);
  await refuseForeignObjects(context, buckets);
}

/**
 * Takes away the mappings of custom domains that lead to an API of ours that is about to go: API Gateway deletes none that
 * is mapped. The domains stay, and usage plans forget a stage by themselves.
 */
export async function releaseForeign(context: Context, steps: readonly Step[], listener: Listener): Promise<void> {
  const apis = await apisGoing(context, steps);
  for (const { domain, basePath } of await findMappings(context, apis)) {
    await context.aws.apiGateway.deleteMapping(domain, basePath);
    listener({
      type: 'note',
      address: 'api',
      text: `domain ${domain} does not lead to it any more (base path ${basePath})`,
    });
  }
}

/** The APIs of ours, when they are about to go. */
async function apisGoing({ aws, environment }: Context, steps: readonly Step[]): Promise<readonly ListedApi[]> {
  if (!steps.some(({ address, action }) => address === 'api' && action === 'remove')) return [];
  return (await aws.apiGateway.listApis()).filter(({ tags }) => isOurs(tags, environment));
}

async function findMappings({ aws }: Context, apis: readonly ListedApi[]): Promise<readonly Mapping[]> {
  if (apis.length === 0) return [];
  const mappings = await unlessDenied(aws.apiGateway.listMappings());
  return mappings.filter(({ apiId }) => apis.some(({ id }) => id === apiId));
}

/** What may not be read is taken as not there: whoever may not see domains and plans can still clear up. */
async function unlessDenied<T>(reading: Promise<readonly T[]>): Promise<readonly T[]> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof AwsError && error.code === 'ACCESS_DENIED') return [];
    throw error;
  }
}

async function refuseForeignNamers(context: Context, apis: readonly ListedApi[]): Promise<void> {
  if (apis.length === 0) return;
  const suggestions = ['pixgate teardown --including-foreign'];
  const nameOf = (id: string): string | undefined => apis.find((api) => api.id === id)?.name;
  for (const { name, id, apiStages, tags } of await unlessDenied(context.aws.usagePlans.listPlans())) {
    if (isOurs(tags, context.environment)) continue;
    const named = apiStages.find(({ apiId }) => nameOf(apiId) !== undefined);
    if (named === undefined) continue;
    throw new RefusedError(
      `Cannot delete API "${nameOf(named.apiId)}": somebody's usage plan "${name}" (${id}) counts its stage "${named.stage}".`,
      { code: 'FOREIGN_USAGE_PLAN', suggestions },
    );
  }
  const [mapping] = await findMappings(context, apis);
  if (mapping === undefined) return;
  throw new RefusedError(
    `Cannot delete API "${nameOf(mapping.apiId)}": somebody's domain ${mapping.domain} leads to it (base path ${mapping.basePath}).`,
    { code: 'FOREIGN_DOMAIN', suggestions },
  );
}

/** A key of others stays whatever becomes of our plan, and opens nothing without it. */
async function refuseForeignInPlans({ aws, environment }: Context): Promise<void> {
  const suggestions = ['pixgate teardown --including-foreign'];
  const isOwn = ({ tags }: { readonly tags: Tags }): boolean => isOurs(tags, environment);
  const ownKeys = new Set((await aws.usagePlans.listKeys()).filter(isOwn).map(({ id }) => id));
  const otherApis = new Set((await aws.apiGateway.listApis()).filter((api) => !isOwn(api)).map(({ id }) => id));
  for (const { id, name, apiStages } of (await aws.usagePlans.listPlans()).filter(isOwn)) {
    const key = (await aws.usagePlans.listPlanKeys(id)).find((is) => !ownKeys.has(is.id));
    if (key !== undefined)
      throw new RefusedError(
        `Cannot delete usage plan "${name}" (${id}): somebody's API key "${key.name}" (${key.id}) is in it.`,
        { code: 'FOREIGN_KEY', suggestions },
      );
    const other = apiStages.find(({ apiId }) => otherApis.has(apiId));
    if (other === undefined) continue;
    throw new RefusedError(
      `Cannot delete usage plan "${name}" (${id}): it counts stage "${other.stage}" of somebody's API ${other.apiId}.`,
      { code: 'FOREIGN_PLAN_STAGE', suggestions },
    );
  }
}

/** An API without a policy is one that was being made, or that lost it: nothing of anybody's is in it. */
function refuseForeignPolicy(apis: readonly ListedApi[]): void {
  const edited = apis.find(({ policy }) => policy !== '' && !isOwnPolicy(policy));
  if (edited === undefined) return;
  throw new RefusedError(`Cannot delete API "${edited.name}": somebody gave it a resource policy of their own.`, {
    code: 'FOREIGN_POLICY',
    suggestions: [
      `aws apigateway get-rest-api --rest-api-id ${edited.id} --query policy`,
      'pixgate teardown --including-foreign',
    ],
  });
}

async function refuseForeignStages({ aws, environment }: Context, apis: readonly ListedApi[]): Promise<void> {
  for (const api of apis) {
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
