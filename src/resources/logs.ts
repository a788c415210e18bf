import type { Tags } from '../aws/iam.js';
import type { LogGroup } from '../aws/logs.js';
import type { Json } from '../model/json.js';
import type { Change } from '../model/plan.js';
import type { ApiHave } from './api.js';
import { accessLogGroup, EXECUTION_LOG_PREFIX, executionLogGroup } from './names.js';
import { demandOurs, diffTags, isOurs, ownTags, TAG } from './ownership.js';
import type { Environment, Memo, Resource, World } from './resource.js';

/** The log groups of a stage as they are wanted. */
export interface LogsWant {
  /** Undefined: no access log. */
  readonly access: string | undefined;
  /** Undefined: no execution log, or the API does not exist yet, whose id is part of the name. */
  readonly execution: string | undefined;
  /** Whether the execution log is wanted at all. */
  readonly executionWanted: boolean;
  readonly retentionDays: number;
  readonly tags: Tags;
}

/** A log group with its tags. */
export type TaggedGroup = LogGroup & { readonly tags: Tags };

/** The groups that are there, by what they are for. */
export interface LogsHave {
  readonly access: TaggedGroup | undefined;
  readonly execution: TaggedGroup | undefined;
  /** Execution logs of APIs of ours that are gone. Looked for only when everything is to go. */
  readonly strays: readonly LogGroup[];
}

/** When API Gateway may still write to a group that was deleted, and make it again. In milliseconds. */
const LOOK_AGAIN_MS = [10_000, 50_000];

/** The log groups, made before API Gateway would make them: with retention and with our tags. */
export function logsResource(environment: Environment): Resource<LogsWant, LogsHave> {
  return {
    address: 'logs',
    needs: [],
    desire: ({ logs, tags, stage }, known) => {
      const api = known.get('api') as ApiHave | undefined;
      const execution = logs.level === 'off' || api === undefined ? undefined : executionLogGroup(api.id, stage);
      return {
        access: logs.access ? accessLogGroup(environment) : undefined,
        execution,
        executionWanted: logs.level !== 'off',
        retentionDays: logs.retentionDays,
        tags,
      };
    },
    label: () => accessLogGroup(environment),
    observe,
    diff,
    async converge(world, want, have) {
      if (want.access !== undefined) await ensure(world, want.access, want, have?.access);
      if (want.execution !== undefined) await ensure(world, want.execution, want, have?.execution);
      return (await observe(world, want)) ?? { access: undefined, execution: undefined, strays: [] };
    },
    async remove(world, have) {
      const groups = [have.access, have.execution, ...have.strays];
      const names = groups.flatMap((group) => (group === undefined ? [] : [group.name]));
      for (const name of names) await world.aws.logs.deleteGroup(name);
      // AWS: requests that were still under way write their log and so make the group again.
      for (const pauseMs of LOOK_AGAIN_MS) {
        world.say({ type: 'wait', for: 'log groups that API Gateway makes again', elapsedMs: 0, expectedMs: pauseMs });
        await world.clock.sleep(pauseMs);
        for (const name of names) {
          if ((await world.aws.logs.findGroup(name)) !== undefined) await world.aws.logs.deleteGroup(name);
        }
      }
    },
    remember: (have): Json => ({ access: have.access?.name ?? null, execution: have.execution?.name ?? null }),
  };
}

async function observe(world: World, want: LogsWant, memo?: Memo): Promise<LogsHave | undefined> {
  const access = await findOwn(world, want.access ?? accessLogGroup(world.environment));
  const name = want.execution ?? (world.removing ? remembered(memo) : undefined);
  const execution = name === undefined ? undefined : await findExecution(world, name);
  const strays = world.removing ? await findStrays(world, execution?.name) : [];
  return access === undefined && execution === undefined && strays.length === 0
    ? undefined
    : { access, execution, strays };
}

/** AWS names an execution log after the API. When that is gone, the ledger knows the name. */
function remembered(memo: Memo | undefined): string | undefined {
  return (memo?.settled as { execution?: string | null } | undefined)?.execution ?? undefined;
}

async function findTagged({ aws }: World, name: string): Promise<TaggedGroup | undefined> {
  const group = await aws.logs.findGroup(name);
  // AWS: a listing may still name a group that is gone, and that has no tags to tell of.
  const tags = group === undefined ? undefined : await aws.logs.findGroupTags(group.arn);
  return group === undefined || tags === undefined ? undefined : { ...group, tags };
}

async function findOwn(world: World, name: string): Promise<TaggedGroup | undefined> {
  const group = await findTagged(world, name);
  if (group !== undefined) demandOurs('log group', name, group.tags, world.environment);
  return group;
}

/** AWS: API Gateway may have made the group itself. Its name holds the id of our API, so only another token makes it strange. */
async function findExecution(world: World, name: string): Promise<TaggedGroup | undefined> {
  const group = await findTagged(world, name);
  if (group?.tags[TAG.token] !== undefined) demandOurs('log group', name, group.tags, world.environment);
  return group;
}

/** Without the name, the tags tell. */
async function findStrays({ aws, environment }: World, known: string | undefined): Promise<LogGroup[]> {
  const strays: LogGroup[] = [];
  for (const group of await aws.logs.listGroups(EXECUTION_LOG_PREFIX)) {
    if (group.name === known) continue;
    if (isOurs((await aws.logs.findGroupTags(group.arn)) ?? {}, environment)) strays.push(group);
  }
  return strays;
}

function diff(want: LogsWant, have: LogsHave | undefined): readonly Change[] {
  const kinds = [
    { kind: 'access', wanted: want.access !== undefined, group: have?.access },
    { kind: 'execution', wanted: want.executionWanted, group: have?.execution },
  ];
  return kinds.flatMap(({ kind, wanted, group }): Change[] => {
    if (!wanted) return [];
    const path = `${kind}.retentionDays`;
    const retention =
      group?.retentionDays === want.retentionDays ? [] : [{ path, from: group?.retentionDays, to: want.retentionDays }];
    if (group === undefined) return retention;
    const owner =
      group.tags[TAG.token] === undefined ? [{ path: `${kind}.owner`, from: 'nobody', to: 'this environment' }] : [];
    const tags = diffTags(want.tags, group.tags).map((change) => ({ ...change, path: `${kind}.${change.path}` }));
    return [...retention, ...owner, ...tags];
  });
}

async function ensure(
  { aws, environment }: World,
  name: string,
  want: LogsWant,
  have: TaggedGroup | undefined,
): Promise<void> {
  const tags = ownTags(environment, want.tags);
  if (have === undefined) await aws.logs.ensureGroup(name, tags);
  else if (have.tags[TAG.token] === undefined || diffTags(want.tags, have.tags).length > 0)
    await aws.logs.tagGroup(have.arn, tags);
  if (have?.retentionDays !== want.retentionDays) await aws.logs.putRetention(name, want.retentionDays);
}
