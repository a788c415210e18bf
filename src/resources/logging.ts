import type { Tags } from '../aws/iam.js';
import { AwsError } from '../errors.js';
import type { Change } from '../model/plan.js';
import { loggingRoleName, ROLE_PATH, roleArn } from './names.js';
import { API_GATEWAY_TRUST, isSamePolicy, loggingPolicy } from './policies.js';
import type { Environment, Memo, Resource, World } from './resource.js';

/** Whether the stage logs at all, and the role that API Gateway then needs. */
export interface LoggingWant {
  readonly needed: boolean;
  readonly roleName: string;
  readonly roleArn: string;
  readonly policy: string;
}

/** The account's logging role in this Region: borrowed, not owned. */
export interface LoggingHave {
  /** The role that the account names; undefined when it names none. */
  readonly accountRoleArn: string | undefined;
  /** Whether that role exists. */
  readonly alive: boolean;
  /** Tags of the role that pixgate made in this account and Region; undefined when it made none. */
  readonly ownRole: Tags | undefined;
  /** Whether API Gateway's welcome group was there before our role, as the role's tag or the ledger tells. */
  readonly welcome: 'absent' | 'present' | undefined;
  /** Whether our role, where there is one, may do what it was given; undefined beside the role of somebody else. */
  readonly policyHolds: boolean | undefined;
  /** Whether a stage outside this environment writes logs through our role. */
  readonly neededByOthers: boolean;
}

const POLICY_NAME = 'write-logs';
const MANAGED_POLICY = 'service-role/AmazonAPIGatewayPushToCloudWatchLogs';

const STAYS = 'another API logs through this role, so the role and the setting stay';

/** API Gateway makes this group when it is given a role. */
const WELCOME_GROUP = '/aws/apigateway/welcome';

/** Tags of the logging role. It is shared by all environments of the Region, so it carries no token of one of them. */
const TAG = {
  purpose: 'pixgate:purpose',
  previous: 'pixgate:previous-role',
  welcome: 'pixgate:welcome-group',
} as const;

/**
 * The role with which API Gateway writes logs: one for the account and Region, shared with everybody.
 *
 * It is set only when there is none or a dead one. What was there before is kept in a tag of our role, and teardown puts
 * it back when the setting is still ours and nobody else logs through it.
 *
 * Where neither AWS nor the account's owner lets us set it, the work goes on without logs and with a warning; since the
 * setting then still differs, every later run tries again.
 */
export function loggingResource(environment: Environment): Resource<LoggingWant, LoggingHave> {
  const { account, partition, region } = environment;
  const ownName = loggingRoleName(region);
  const ownArn = roleArn(environment, ownName);
  return {
    address: 'logging',
    needs: [],
    desire: ({ logs }) => ({
      needed: logs.level !== 'off' || logs.access,
      roleName: ownName,
      roleArn: ownArn,
      policy: loggingPolicy(partition, account, region),
    }),
    label: () => `logging role of account ${account} in ${region}`,
    observe,
    diff,
    async converge(world, want, have) {
      if (have !== undefined && isServed(have) && have.policyHolds !== false) return have;
      try {
        await ensureOwnRole(world, want, have);
        await nameRole(world, want);
      } catch (error) {
        if (!isRefusal(error)) throw error;
        return goWithout(world, want, error);
      }
      // AWS took the role, whatever it tells of its settings in the next seconds.
      return { ...(await demand(world, want, have?.welcome)), accountRoleArn: want.roleArn, alive: true };
    },
    ending: (have) => (isBorrowed(have, ownArn) && !have.neededByOthers ? 'restore' : 'keep'),
    async remove(world, seen) {
      // Looked at again: it is shared by the whole account, and minutes may have passed since the plan.
      const want = { needed: true, roleName: ownName, roleArn: ownArn, policy: '' };
      const have = await observe(world, want);
      if (have === undefined) return;
      if (have.accountRoleArn === ownArn) {
        if (have.neededByOthers) return world.say({ text: STAYS });
        await world.aws.apiGateway.putAccountRole(await revivable(world, have.ownRole?.[TAG.previous]));
        if ((await world.aws.apiGateway.findAccountRole()) === ownArn) return world.say({ text: STAYS });
      }
      await dropOwnRole(world, { ...have, welcome: have.welcome ?? seen.welcome }, want);
    },
    remember: (have) => ({
      accountRoleArn: have.accountRoleArn ?? null,
      alive: have.alive,
      ...(have.welcome === undefined ? {} : { welcome: have.welcome }),
    }),
  };
}

/** Whether there is anything of ours: the role, or the account's setting that names it. */
function isBorrowed({ accountRoleArn, ownRole }: LoggingHave, ownArn: string): boolean {
  return accountRoleArn === ownArn || ownRole !== undefined;
}

/** Whether API Gateway has a role to write logs with: the account names one, and it exists. */
export function isServed(have: LoggingHave | undefined): boolean {
  return have?.accountRoleArn !== undefined && have.alive;
}

async function observe(
  { aws, environment, removing }: World,
  want: LoggingWant,
  memo?: Memo,
): Promise<LoggingHave | undefined> {
  if (!want.needed && !removing) return undefined;
  const accountRoleArn = await aws.apiGateway.findAccountRole();
  const ownRole = await aws.iam.findRole(want.roleName);
  const ownTags = ownRole?.tags[TAG.purpose] === undefined ? undefined : ownRole.tags;
  const borrowed = ownTags !== undefined || accountRoleArn === want.roleArn;
  if (!borrowed && removing) return undefined;
  const alive = accountRoleArn === want.roleArn ? ownRole?.arn === want.roleArn : await isAlive(aws, accountRoleArn);
  const neededByOthers = accountRoleArn === want.roleArn && (await othersLog(aws, environment));
  const known = ownTags?.[TAG.welcome] ?? (memo?.settled as { welcome?: string } | undefined)?.welcome;
  const welcome = known === 'absent' || known === 'present' ? known : undefined;
  const isOwn = alive && accountRoleArn === want.roleArn;
  const policyHolds = isOwn ? await holdsPolicy(aws, want) : undefined;
  return { accountRoleArn, alive, ownRole: ownTags, welcome, policyHolds, neededByOthers };
}

/** Whether our role has its own policy, or the one of AWS that took its place. */
async function holdsPolicy({ iam }: World['aws'], { roleName, policy }: LoggingWant): Promise<boolean> {
  const have = await iam.findRolePolicy(roleName, POLICY_NAME);
  return have !== undefined && isSamePolicy(have, policy);
}

async function othersLog({ apiGateway }: World['aws'], { token }: Environment): Promise<boolean> {
  for (const api of await apiGateway.listApis()) {
    if (api.tags['pixgate:token'] === token) continue;
    if ((await apiGateway.listStages(api.id)).some((stage) => stage.logs)) return true;
  }
  return false;
}

async function demand(
  world: World,
  want: LoggingWant,
  welcome: LoggingHave['welcome'] = undefined,
): Promise<LoggingHave> {
  const none = { accountRoleArn: undefined, alive: false, ownRole: undefined, neededByOthers: false };
  const have = (await observe(world, want)) ?? { ...none, welcome, policyHolds: undefined };
  return { ...have, welcome: have.welcome ?? welcome };
}

function diff(want: LoggingWant, have: LoggingHave | undefined): readonly Change[] {
  if (!want.needed) return [];
  if (isServed(have)) {
    const isStripped = have?.policyHolds === false;
    return isStripped ? [{ path: 'policy', from: 'not what pixgate gave it', to: want.policy }] : [];
  }
  return [{ path: 'cloudwatchRoleArn', from: have?.accountRoleArn, to: want.roleArn }];
}

async function ensureOwnRole({ aws }: World, want: LoggingWant, have: LoggingHave | undefined): Promise<void> {
  if (have?.ownRole === undefined) {
    // A role of ours that was deleted behind our back has left the group.
    const seen = async () => ((await aws.logs.findGroup(WELCOME_GROUP)) === undefined ? 'absent' : 'present');
    const welcome = have?.welcome ?? (await seen());
    // A setting that names our role already is one whose role was deleted behind our back: nobody's to give back.
    const named = have?.accountRoleArn;
    const previous = named === undefined || named === want.roleArn ? {} : { [TAG.previous]: named };
    await aws.iam.createRole({
      name: want.roleName,
      path: ROLE_PATH,
      description: 'Lets API Gateway write logs in this account and Region.',
      trust: API_GATEWAY_TRUST,
      tags: { [TAG.purpose]: 'api-gateway-logging', [TAG.welcome]: welcome, ...previous },
    });
  }
  const policy = await aws.iam.findRolePolicy(want.roleName, POLICY_NAME);
  if (policy === undefined || !isSamePolicy(policy, want.policy))
    await aws.iam.putRolePolicy(want.roleName, POLICY_NAME, want.policy);
}

/** Names the role in the account's settings; falls back to AWS's own policy when ours is not accepted. */
async function nameRole(world: World, want: LoggingWant): Promise<void> {
  const { aws, environment } = world;
  try {
    await aws.apiGateway.putAccountRole(want.roleArn);
  } catch (error) {
    if (!(error instanceof AwsError) || error.failure.awsCode !== 'BadRequestException') throw error;
    world.say({ text: `API Gateway does not accept the role's own policy, so AWS's ${MANAGED_POLICY} is attached` });
    await aws.iam.attachRolePolicy(want.roleName, `arn:${environment.partition}:iam::aws:policy/${MANAGED_POLICY}`);
    await aws.apiGateway.putAccountRole(want.roleArn);
  }
}

/** Whether we may not set the role, or AWS does not take it: no fault that passes. */
function isRefusal(error: unknown): error is AwsError {
  if (!(error instanceof AwsError)) return false;
  const { operation, awsCode } = error.failure;
  return error.code === 'ACCESS_DENIED' || (operation === 'UpdateAccount' && awsCode === 'BadRequestException');
}

/** Leaves nothing behind of what was tried, and says what is missing now and who can help. */
async function goWithout(world: World, want: LoggingWant, reason: AwsError): Promise<LoggingHave> {
  const have = await demand(world, want);
  if (isServed(have)) {
    // The setting had outlived its role, which is there again.
    world.say({ text: `the account names this role already, so logs stay on: ${reason.message}` });
    return have;
  }
  const leftover = have.ownRole === undefined ? '' : await tryToDrop(world, want, have);
  world.say({
    type: 'warning',
    text:
      `The stage goes without logs: ${reason.message}${leftover} An administrator can name a role for API Gateway's logs ` +
      'in this account and Region; pixgate wire then turns them on. To do without: --no-logs, or ' +
      'logs: { level: off, access: false } in the config file.',
  });
  return demand(world, want);
}

/** Deletes the role that serves nobody; a sentence about it when that is refused too. */
async function tryToDrop(world: World, want: LoggingWant, have: LoggingHave): Promise<string> {
  try {
    await dropOwnRole(world, have, want);
    return '';
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return ` The role ${want.roleName} stays until teardown: ${error.message}`;
  }
}

/** Deletes our role, and the welcome group that came with it. */
async function dropOwnRole(
  { aws }: World,
  { accountRoleArn, welcome }: LoggingHave,
  { roleName, roleArn }: Pick<LoggingWant, 'roleName' | 'roleArn'>,
): Promise<void> {
  // AWS: whoever names a role gets the group, so beside the role of somebody else it is not ours to delete.
  const free = accountRoleArn === roleArn || accountRoleArn === undefined;
  if (free && welcome === 'absent') await aws.logs.deleteGroup(WELCOME_GROUP);
  // Last: its tags are all that tells of the group and of the role before it.
  await aws.iam.deleteRole(roleName);
}

/** The previous role if it still exists, else nothing. */
async function revivable({ aws }: World, previousArn: string | undefined): Promise<string> {
  return previousArn !== undefined && (await isAlive(aws, previousArn)) ? previousArn : '';
}

/** Whether the role of an ARN exists; one of the same name below another path is not it. */
async function isAlive({ iam }: World['aws'], arn: string | undefined): Promise<boolean> {
  const name = arn?.split('/').at(-1);
  return name !== undefined && (await iam.findRole(name))?.arn === arn;
}
