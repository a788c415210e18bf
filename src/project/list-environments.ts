import { openAws, openSts } from '../aws/aws.js';
import type { Tags } from '../aws/iam.js';
import type { EnvironmentSummary } from '../model/result.js';
import { BUCKET_PREFIX, EXECUTION_LOG_PREFIX, LOG_GROUP_PREFIX, ROLE_PATH } from '../resources/names.js';
import { TAG } from '../resources/ownership.js';
import { openTarget } from '../targets/open-target.js';
import { DEFAULT_LOCAL_PORT } from './open-project.js';
import { cacheUsdPerHour } from './prices.js';
import type { OpenOptions } from './project.js';

/** Whose environments are looked for. */
export interface ListOptions extends Omit<OpenOptions, 'config'> {
  readonly region: string;
  /** Folder below which `.pixgate/local` lies, for the local target. */
  readonly directory: string;
}

interface Found {
  readonly token: string;
  readonly name: string;
  readonly stage: string;
  readonly things: string[];
  createdAtMs: number | undefined;
  url: string | undefined;
  usdPerHour: number;
}

/** Finds every environment of pixgate in one account and Region by its tags; needs no ledger. Changes nothing. */
export async function listEnvironments(options: ListOptions): Promise<readonly EnvironmentSummary[]> {
  const target = await openTarget({
    ...options,
    target: options.target ?? 'aws',
    localPort: options.localPort ?? DEFAULT_LOCAL_PORT,
  });
  try {
    const identity = await openSts(target.access).getIdentity();
    const aws = openAws(target.access, identity);
    const { region } = options;
    const found = new Map<string, Found>();
    const note = (tags: Tags | undefined, thing: string, createdAtMs?: number): Found | undefined => {
      const { [TAG.token]: token, [TAG.name]: name, [TAG.stage]: stage } = tags ?? {};
      if (token === undefined || name === undefined || stage === undefined) return undefined;
      const key = JSON.stringify([token, name, stage]);
      const entry = found.get(key) ?? {
        token,
        name,
        stage,
        things: [],
        createdAtMs: undefined,
        url: undefined,
        usdPerHour: 0,
      };
      found.set(key, entry);
      entry.things.push(thing);
      if (createdAtMs !== undefined) entry.createdAtMs = Math.min(entry.createdAtMs ?? createdAtMs, createdAtMs);
      return entry;
    };
    for (const api of await aws.apiGateway.listApis()) {
      const entry = note(api.tags, `api ${api.name} (${api.id})`, api.createdAtMs);
      const stage = entry === undefined ? undefined : await aws.apiGateway.findStage(api.id, entry.stage);
      if (entry === undefined || stage === undefined) continue;
      entry.things.push(`stage ${stage.name}`);
      entry.url = target.stageUrl({ apiId: api.id, region, partition: identity.partition, stage: stage.name });
      entry.usdPerHour += cacheUsdPerHour(stage.cacheClusterSize);
    }
    for (const bucket of await aws.s3.listBuckets(BUCKET_PREFIX)) {
      const tags = await aws.s3In(bucket.region).findBucketTags(bucket.name);
      // A bucket may lie in another Region than the API it belongs to.
      if (tags?.[TAG.region] === region) note(tags, `bucket ${bucket.name}`, bucket.createdAtMs);
    }
    const roles = await aws.iam.listRoles(ROLE_PATH);
    for (const role of roles.filter(({ tags }) => tags[TAG.region] === region))
      note(role.tags, `role ${role.name}`, role.createdAtMs);
    for (const prefix of [LOG_GROUP_PREFIX, EXECUTION_LOG_PREFIX]) {
      for (const group of await aws.logs.listGroups(prefix))
        note(await aws.logs.findGroupTags(group.arn), `log group ${group.name}`);
    }
    return [...found.values()].map(({ createdAtMs, url, ...entry }) => ({
      target: target.name,
      account: identity.account,
      region,
      ...entry,
      ...(createdAtMs === undefined ? {} : { createdAt: new Date(createdAtMs).toISOString() }),
      ...(url === undefined ? {} : { url }),
    }));
  } finally {
    await target.close();
  }
}
