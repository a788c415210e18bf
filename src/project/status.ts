import type { Tags } from '../aws/iam.js';
import type { Change } from '../model/plan.js';
import type { Status, StatusThing } from '../model/status.js';
import { type ApiHave, gatewayOf } from '../resources/api.js';
import type { BucketHave } from '../resources/bucket.js';
import type { KeysHave } from '../resources/find-keys.js';
import { readLease } from '../resources/lease.js';
import { isServed, type LoggingHave } from '../resources/logging.js';
import type { LogsHave } from '../resources/logs.js';
import type { ObjectsHave } from '../resources/objects-work.js';
import { TAG } from '../resources/ownership.js';
import type { PoolHave } from '../resources/pool-sight.js';
import type { RoleHave } from '../resources/role.js';
import type { StageHave } from '../resources/stage.js';
import { surfaceDigest } from '../surface/diff.js';
import { fromGateway } from '../surface/gateway.js';
import type { Context } from './context.js';
import { OF_LOGS } from './facts.js';
import { urlOf } from './find-stage.js';
import { cacheUsdPerHour } from './prices.js';
import { type StatusSight, surveyStatus } from './status-survey.js';
import { excuseSilence, WAYS_TO_LOG } from './why-no-logs.js';

/** What a kind of thing adds to its status. */
type Particulars = Partial<Pick<StatusThing, 'state' | 'detail' | 'id' | 'images' | 'bytes'>> & {
  readonly tags?: Tags;
  readonly createdAtMs?: number | undefined;
};

/** Who of a pool's users shows a second factor. */
const MFA_WORDS: Readonly<Record<PoolHave['mfa']['mode'], string>> = {
  ON: 'MFA required',
  OPTIONAL: 'MFA as each user likes',
  OFF: 'no MFA',
};

/** What is known of a thing that exists, with what only this room needs. */
interface Finding {
  readonly thing: StatusThing;
  readonly tags: Tags;
}

/** Finds out how an environment stands. Needs no ledger; changes nothing, neither in the cloud nor on disk. */
export async function readStatus(context: Context): Promise<Status> {
  const { config, environment, target, foundByTags } = context;
  const { sights, known, strays, unread, refused } = await surveyStatus(context);
  const api = known.get('api') as ApiHave | undefined;
  const stage = known.get('stage') as StageHave | undefined;
  const excuse = excuseSilence(context, known.get('logging') as LoggingHave | undefined, stage);
  const deployment = deploymentOf(api, stage);
  const apiDrifted = sights.some(({ resource, changes }) => resource.address === 'api' && changes.length > 0);
  const counts = ({ path }: Change): boolean => {
    if (excuse !== undefined && OF_LOGS.test(path)) return false;
    // It follows from what is told elsewhere: of the API, or of edits that wait for a deployment.
    return path !== 'deployment' || deployment === 'unknown' || (deployment === 'current' && !apiDrifted);
  };
  const born = await findBirths(context, known);
  const findings = sights.flatMap((sight) => {
    const found = findingOf(sight, sight.changes.filter(counts), born);
    return found === undefined ? [] : [found];
  });
  const unused = strays.map(({ address, label }): StatusThing => ({ address, label, state: 'stray', drift: [] }));
  const things = [...findings.map(({ thing }) => thing), ...unused];
  const tags = findings.map((finding) => finding.tags);
  const lease = readLease(tags.map((is) => ({ label: '', tags: is })));
  const url = urlOf(context, known);
  const { account, region, name, stage: stageName } = environment;
  return {
    target: target.name,
    account,
    region,
    name,
    stage: stageName,
    // The account's logging role is shared, and says nothing of this environment.
    exists: things.some(({ address, state }) => address !== 'logging' && (state === 'present' || state === 'stray')),
    ...definedOnly({
      createdAt: earliest(things.filter(({ address }) => address !== 'logging')),
      createdBy: tags.map((is) => is[TAG.createdBy]).find((is) => is !== undefined),
      expiresAt: lease.unreadable.length > 0 ? undefined : lease.until,
      url,
    }),
    usdPerHour: cacheUsdPerHour(stage?.reading.cacheClusterSize),
    deployment,
    things,
    ...(refused.length === 0 ? {} : { refused }),
    ...(unread.length === 0 ? {} : { unread: unread.length }),
    drifted: things.filter(({ state, drift }) => state === 'missing' || state === 'refused' || drift.length > 0).length,
    notices: [
      ...(foundByTags ? ['There is no ledger here: the environment is found by its tags.'] : []),
      ...unread,
      ...lease.unreadable
        .slice(0, 1)
        .map(({ value }) => `The lease "${value}" cannot be read, so it never ends: --expires sets another.`),
      ...(excuse === undefined ? [] : [`${excuse}: ${WAYS_TO_LOG}.`]),
      ...(config.overrides ?? []).map((flag) => `${flag} is not in the config file, and is compared all the same.`),
    ],
  };
}

/**
 * Whether the stage shows the API as it is now: the digest in the deployment's description against the API's own.
 *
 * AWS: a deployment cannot be read back whole, so of one that somebody else made nothing can be told.
 */
function deploymentOf(api: ApiHave | undefined, stage: StageHave | undefined): Status['deployment'] {
  if (api === undefined || stage === undefined) return 'none';
  const shown = /^pixgate ([0-9a-f]{16})(?: [0-9a-f]{8})?$/.exec(stage.deployment)?.[1];
  if (shown === undefined) return 'unknown';
  return shown === surfaceDigest(fromGateway(gatewayOf(api))) ? 'current' : 'edited';
}

/** When APIs and buckets were made, by address, in milliseconds since 1970; what a reading of them does not tell. */
async function findBirths({ aws }: Context, known: ReadonlyMap<string, unknown>): Promise<Map<string, number>> {
  const births = new Map<string, number>();
  for (const [address, have] of known) {
    if (address === 'api') {
      const { id } = have as ApiHave;
      const listed = (await aws.apiGateway.listApis()).find((api) => api.id === id);
      if (listed !== undefined) births.set(address, listed.createdAtMs);
    } else if (address.startsWith('bucket/') && !(have as BucketHave).adopted) {
      const { name, region } = have as BucketHave;
      const listed = (await aws.s3In(region).listBuckets(name)).find((bucket) => bucket.name === name);
      if (listed !== undefined) births.set(address, listed.createdAtMs);
    }
  }
  return births;
}

/** What a sight says of one thing; undefined when it neither is nor is wanted. */
function findingOf(
  { resource: { address }, have, label, refusal }: StatusSight,
  changes: readonly Change[],
  born: ReadonlyMap<string, number>,
): Finding | undefined {
  const kind = address.split('/')[0] ?? '';
  if (refusal !== undefined) {
    return { thing: { address, label, state: 'refused', detail: refusal, drift: [] }, tags: {} };
  }
  const { tags = {}, createdAtMs = born.get(address), state = 'present', ...rest } = particularsOf(kind, have);
  if (have === undefined && changes.length === 0) return undefined;
  // A role that the account should name and does not, with an excuse for it.
  if (state === 'missing' && changes.length === 0) return undefined;
  const missing = have === undefined || state === 'missing';
  const fix = kind === 'bucket' ? 'init' : kind === 'objects' ? 'upload' : 'wire';
  return {
    thing: {
      address,
      label,
      state: missing ? 'missing' : state,
      ...rest,
      ...(createdAtMs === undefined ? {} : { createdAt: new Date(createdAtMs).toISOString() }),
      ...(missing && kind === 'objects' ? { detail: `${changes.length} images to be sent` } : {}),
      // What is missing differs in everything; of the account's setting it says what is there instead.
      drift: missing && kind !== 'logging' ? [] : changes,
      ...(changes.length === 0 ? {} : { fix: `pixgate ${fix}` }),
    },
    tags,
  };
}

function particularsOf(kind: string, have: unknown): Particulars {
  if (have === undefined) return {};
  switch (kind) {
    case 'bucket': {
      const { adopted, tags, region } = have as BucketHave;
      return { state: adopted ? 'adopted' : 'present', tags: adopted ? {} : tags, detail: region };
    }
    case 'objects':
      return imagesOf(have as ObjectsHave);
    case 'role': {
      const { arn, tags, createdAtMs } = (have as RoleHave).role;
      return { id: arn, tags, createdAtMs };
    }
    case 'logging':
      return loggingOf(have as LoggingHave);
    case 'api': {
      const { id, reading } = have as ApiHave;
      return { id, tags: reading.tags };
    }
    case 'logs':
      return groupsOf(have as LogsHave);
    case 'keys':
      return keysOf(have as KeysHave);
    case 'pool': {
      const { pool, mfa } = have as PoolHave;
      return { id: pool.id, tags: pool.tags, createdAtMs: pool.createdAtMs, detail: MFA_WORDS[mfa.mode] };
    }
    case 'stage': {
      const { cacheClusterSize, tags } = (have as StageHave).reading;
      return { tags, detail: cacheClusterSize === '' ? 'no cache' : `cache of ${cacheClusterSize} GB` };
    }
    default:
      // What carries no tags: a statement in the policy of a function.
      return {};
  }
}

function imagesOf({ list, online, strange }: ObjectsHave): Particulars {
  if (list === undefined) return { state: 'missing' };
  const remarks = [
    ...(list.complete ? [] : ['an upload did not end']),
    ...(strange === 0 ? [] : [`${strange} more that pixgate did not send`]),
  ];
  return {
    images: online.count,
    bytes: online.bytes,
    ...(remarks.length === 0 ? {} : { detail: remarks.join(', ') }),
  };
}

function loggingOf(have: LoggingHave): Particulars {
  if (!isServed(have)) return { state: 'missing' };
  const id = have.accountRoleArn ?? '';
  return have.ownRole === undefined || !id.includes(':role/pixgate/')
    ? { state: 'adopted', id, detail: "the account's own role, used as it is" }
    : { id, detail: 'role set by pixgate, given back by teardown' };
}

function groupsOf({ access, execution }: LogsHave): Particulars {
  const groups = [access, execution].filter((group) => group !== undefined);
  const kinds = [...(access === undefined ? [] : ['access']), ...(execution === undefined ? [] : ['execution'])];
  const [tags = {}] = groups.map((group) => group.tags);
  return {
    tags,
    detail: `${kinds.join(' and ')} log`,
    ...(execution === undefined ? {} : { id: execution.name }),
  };
}

function keysOf({ plan, key, others }: KeysHave): Particulars {
  const own = [...(key === undefined ? [] : [key]), ...others];
  const closed = own.filter(({ enabled, inPlan }) => !enabled || !inPlan).length;
  const [first] = own;
  return {
    tags: plan?.tags ?? first?.tags ?? {},
    detail: `${own.length} API key${own.length === 1 ? '' : 's'}${closed === 0 ? '' : `, ${closed} of them closed`}`,
    ...(plan === undefined ? {} : { id: plan.id }),
    createdAtMs: first?.createdAtMs,
  };
}

function earliest(things: readonly StatusThing[]): string | undefined {
  return things.flatMap(({ createdAt }) => (createdAt === undefined ? [] : [createdAt])).sort()[0];
}

function definedOnly<T extends Readonly<Record<string, string | undefined>>>(
  fields: T,
): { [Name in keyof T]?: string } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Name in keyof T]?: string;
  };
}
