import pLimit from 'p-limit';
import type { Aws } from '../aws/aws.js';
import type { Tags } from '../aws/iam.js';
import type { S3 } from '../aws/s3.js';
import type { PlanThing, UsagePlans } from '../aws/usage-plans.js';
import { AwsError } from '../errors.js';
import { BUCKET_PREFIX, EXECUTION_LOG_PREFIX, LOG_GROUP_PREFIX, POOL_PREFIX, ROLE_PATH } from './names.js';
import { TAG } from './ownership.js';

/** How many buckets are asked for their tags at once. */
const READERS = 8;

/** A thing in the account that carries the tags of an environment. */
export interface Thing {
  readonly kind: 'api' | 'stage' | 'bucket' | 'role' | 'log group' | 'user pool' | 'usage plan' | 'API key';
  /** 'api holiday-dev (a1b2c3)', 'bucket pixgate-…'. */
  readonly label: string;
  /** Installation, name and stage of its environment; of a stage, its API's. */
  readonly token: string;
  readonly name: string;
  readonly stage: string;
  /** All of its tags. */
  readonly tags: Tags;
  /** Milliseconds since 1970; absent where AWS does not tell. */
  readonly createdAtMs?: number;
  /** Of an API and its stage: the API's id. */
  readonly apiId?: string;
  /** Of a bucket, role, log group or user pool: what AWS calls it. */
  readonly resourceName?: string;
  /** Of a stage: size of its cache cluster in GB, '' without one. */
  readonly cacheSizeGb?: string;
  /** Reads its tags again; undefined when it is gone. */
  reread(): Promise<Tags | undefined>;
  /** Sets one tag and leaves the others; undefined takes it away. */
  retag(key: string, value: string | undefined): Promise<void>;
}

/** What a survey may pass over. */
export interface ThingsOptions {
  /** Kinds of things that may not be listed are passed over. @default false */
  readonly lenient?: boolean;
  /** Judges by the tags whether a thing is looked for; spares the calls for the stages of the others. @default everything */
  readonly only?: (tags: Tags) => boolean;
  /** Reads the tags of buckets of every name, one call each: a config may choose the name of an own bucket. @default false */
  readonly allBuckets?: boolean;
  /** Looks for usage plans and API keys, too. @default true */
  readonly withKeys?: boolean;
  /** Hears of each bucket whose name is like ours and whose tags may not be read: it may be anybody's. @default nobody hears */
  readonly onHidden?: (bucket: string) => void;
  /** Looks for user pools, which few environments have. @default true */
  readonly pools?: boolean;
}

/**
 * Finds everything in a Region that carries the tags of an environment of pixgate, whichever installation made it.
 * A thing whose tags may not be read is nobody's as far as anyone can tell, and is passed over.
 */
export async function findThings(
  aws: Aws,
  region: string,
  {
    lenient = false,
    only = () => true,
    allBuckets = false,
    withKeys = true,
    onHidden = () => {},
    pools = true,
  }: ThingsOptions = {},
): Promise<readonly Thing[]> {
  const search: Search = { aws, region, only, bucketPrefix: allBuckets ? '' : BUCKET_PREFIX, onHidden };
  const things: Thing[] = [];
  for (const find of [findApis, findBuckets, findRoles, findGroups, ...(pools ? [findPools] : [])]) {
    things.push(...((await (lenient ? unlessDenied(find(search)) : find(search))) ?? []));
  }
  // Who may not see usage plans made none.
  for (const find of withKeys ? [findPlans, findKeys] : []) things.push(...((await unlessDenied(find(search))) ?? []));
  return things.filter(({ tags }) => only(tags));
}

/** What each search for one kind of things is told. */
interface Search {
  readonly aws: Aws;
  readonly region: string;
  readonly only: (tags: Tags) => boolean;
  readonly bucketPrefix: string;
  readonly onHidden: (bucket: string) => void;
}

type Findable = Omit<Thing, 'token' | 'name' | 'stage'>;

/** The thing with its environment; nothing when its tags name none. */
function marked(thing: Findable, owner: Tags = thing.tags): Thing[] {
  const { [TAG.token]: token, [TAG.name]: name, [TAG.stage]: stage } = owner;
  return token === undefined || name === undefined || stage === undefined ? [] : [{ ...thing, token, name, stage }];
}

async function findApis({ aws: { apiGateway }, only }: Search): Promise<Thing[]> {
  const things: Thing[] = [];
  for (const { id, name, tags, createdAtMs } of await apiGateway.listApis()) {
    if (!only(tags)) continue;
    const [api] = marked({
      kind: 'api',
      label: `api ${name} (${id})`,
      tags,
      createdAtMs,
      apiId: id,
      reread: async () => (await apiGateway.listApis()).find((is) => is.id === id)?.tags,
      retag: (key, value) =>
        value === undefined ? apiGateway.untag({ apiId: id }, key) : apiGateway.tagApi(id, { [key]: value }),
    });
    if (api === undefined) continue;
    things.push(api);
    const stage = await apiGateway.findStage(id, api.stage);
    if (stage === undefined) continue;
    const place = { apiId: id, stageName: stage.name };
    const found: Findable = {
      kind: 'stage',
      label: `stage ${stage.name}`,
      tags: stage.tags,
      apiId: id,
      cacheSizeGb: stage.cacheClusterSize,
      reread: async () => (await apiGateway.findStage(id, stage.name))?.tags,
      retag: (key, value) =>
        value === undefined ? apiGateway.untag(place, key) : apiGateway.tagStage(id, stage.name, { [key]: value }),
    };
    things.push(...marked(found, api.tags));
  }
  return things;
}

async function findBuckets({ aws, region, bucketPrefix, onHidden }: Search): Promise<Thing[]> {
  const limit = pLimit(READERS);
  const things = (await aws.s3.listBuckets(bucketPrefix)).map((bucket) =>
    limit(async () => {
      const s3 = aws.s3In(bucket.region);
      const seen = await unlessDenied(s3.findBucketTags(bucket.name).then((tags) => ({ tags })));
      if (seen === undefined && bucket.name.startsWith(BUCKET_PREFIX)) onHidden(bucket.name);
      const tags = seen?.tags;
      // A bucket may lie in another Region than the API it belongs to.
      if (tags?.[TAG.region] !== region) return [];
      return marked({
        kind: 'bucket',
        label: `bucket ${bucket.name}`,
        tags,
        createdAtMs: bucket.createdAtMs,
        resourceName: bucket.name,
        reread: () => s3.findBucketTags(bucket.name),
        retag: (key, value) => retagBucket(s3, bucket.name, key, value),
      });
    }),
  );
  return (await Promise.all(things)).flat();
}

/** Sets one tag of a bucket and leaves the others; undefined takes it away. */
export async function retagBucket(s3: S3, name: string, key: string, value: string | undefined): Promise<void> {
  const { [key]: former, ...others } = (await s3.findBucketTags(name)) ?? {};
  // AWS: a bucket's tags are written all at once.
  if (former !== value) await s3.putBucketTags(name, value === undefined ? others : { ...others, [key]: value });
}

async function findRoles({ aws: { iam }, region }: Search): Promise<Thing[]> {
  const roles = (await iam.listRoles(ROLE_PATH)).filter(({ tags }) => tags[TAG.region] === region);
  return roles.flatMap(({ name, tags, createdAtMs }) =>
    marked({
      kind: 'role',
      label: `role ${name}`,
      tags,
      resourceName: name,
      createdAtMs,
      reread: async () => (await iam.findRole(name))?.tags,
      retag: (key, value) => (value === undefined ? iam.untagRole(name, key) : iam.tagRole(name, { [key]: value })),
    }),
  );
}

async function findGroups({ aws: { logs } }: Search): Promise<Thing[]> {
  const things: Thing[] = [];
  for (const prefix of [LOG_GROUP_PREFIX, EXECUTION_LOG_PREFIX]) {
    for (const { name, arn } of await logs.listGroups(prefix)) {
      const tags = await unlessDenied(logs.findGroupTags(arn));
      if (tags === undefined) continue;
      const found: Findable = {
        kind: 'log group',
        label: `log group ${name}`,
        tags,
        resourceName: name,
        reread: () => logs.findGroupTags(arn),
        retag: (key, value) => (value === undefined ? logs.untagGroup(arn, key) : logs.tagGroup(arn, { [key]: value })),
      };
      things.push(...marked(found));
    }
  }
  return things;
}

/** Whoever may not see pools, or is where there are none, has none. */
async function findPools({ aws: { userPools } }: Search): Promise<Thing[]> {
  const things: Thing[] = [];
  for (const { id, name } of (await unlessOutOfReach(userPools.listPools())) ?? []) {
    if (!name.startsWith(POOL_PREFIX)) continue;
    const pool = await unlessDenied(userPools.findPool(id));
    if (pool === undefined) continue;
    const { arn, tags, createdAtMs } = pool;
    const found: Findable = {
      kind: 'user pool',
      label: `user pool ${name} (${id})`,
      tags,
      createdAtMs,
      resourceName: id,
      reread: async () => (await userPools.findPool(id))?.tags,
      retag: (key, value) =>
        value === undefined ? userPools.untagPool(arn, key) : userPools.tagPool(arn, { [key]: value }),
    };
    things.push(...marked(found));
  }
  return things;
}

/** What a call answers; undefined when we may not make it, or when the Region has no such service. */
export async function unlessOutOfReach<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await unlessDenied(call);
  } catch (error) {
    if (error instanceof AwsError && error.code === 'REGION_UNREACHABLE') return undefined;
    throw error;
  }
}

async function findPlans({ aws: { usagePlans } }: Search): Promise<Thing[]> {
  return (await usagePlans.listPlans()).flatMap(({ id, name, tags }) =>
    marked({
      kind: 'usage plan',
      label: `usage plan ${name} (${id})`,
      tags,
      reread: async () => (await usagePlans.listPlans()).find((is) => is.id === id)?.tags,
      retag: (key, value) => retagIn(usagePlans, { planId: id }, key, value),
    }),
  );
}

async function findKeys({ aws: { usagePlans } }: Search): Promise<Thing[]> {
  return (await usagePlans.listKeys()).flatMap(({ id, name, tags, createdAtMs }) =>
    marked({
      kind: 'API key',
      label: `API key ${name} (${id})`,
      tags,
      createdAtMs,
      reread: async () => (await usagePlans.listKeys()).find((is) => is.id === id)?.tags,
      retag: (key, value) => retagIn(usagePlans, { keyId: id }, key, value),
    }),
  );
}

function retagIn(usagePlans: UsagePlans, thing: PlanThing, key: string, value: string | undefined): Promise<void> {
  return value === undefined ? usagePlans.untag(thing, key) : usagePlans.tag(thing, { [key]: value });
}

/** What a call answers; undefined when we may not make it. */
export async function unlessDenied<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof AwsError && error.code === 'ACCESS_DENIED') return undefined;
    throw error;
  }
}
