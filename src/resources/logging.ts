import type { Tags } from '../aws/iam.js';
import { AwsError } from '../errors.js';
import type { Change } from '../model/plan.js';
import { loggingRoleName, ROLE_PATH, roleArn } from './names.js';
import { API_GATEWAY_TRUST, isSamePolicy, loggingPolicy } from './policies.js';
import type { Environment, Resource, World } from './resource.js';

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
  /** Whether a stage outside this environment writes logs through our role. */
  readonly neededByOthers: boolean;
}

const POLICY_NAME = 'write-logs';
const MANAGED_POLICY = 'service-role/AmazonAPIGatewayPushToCloudWatchLogs';

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
    observe: (world, want) => observe(world, want),
    diff,
    async converge(world, want, have) {
      if (isServed(have)) return demand(world, want);
      await ensureOwnRole(world, want, have);
      await nameRole(world, want);
      return demand(world, want);
    },
    ending: (have) => (isBorrowed(have, ownArn) && !have.neededByOthers ? 'restore' : 'keep'),
    async remove(world, have) {
      if (have.accountRoleArn === ownArn) {
        if (have.neededByOthers) {
          world.say({ text: 'another API logs through this role, so the role and the setting stay' });
          return;
        }
        await world.aws.apiGateway.putAccountRole(await revivable(world, have.ownRole?.[TAG.previous]));
      }
      // AWS: whoever names a role gets the group, so beside the role of somebody else it is not ours to delete.
      const free = have.accountRoleArn === ownArn || have.accountRoleArn === undefined;
      if (free && have.ownRole?.[TAG.welcome] === 'absent') await world.aws.logs.deleteGroup(WELCOME_GROUP);
      // Last: its tags are all that tells of the group and of the role before it.
      await world.aws.iam.deleteRole(ownName);
    },
    remember: (have) => ({ accountRoleArn: have.accountRoleArn ?? null, alive: have.alive }),
  };
}

/** Whether there is anything of ours: the role, or the account's setting that names it. */
function isBorrowed({ accountRoleArn, ownRole }: LoggingHave, ownArn: string): boolean {
  return accountRoleArn === ownArn || ownRole !== undefined;
}

/** Whether the account's role is one that the engine must treat as there. */
function isServed(have: LoggingHave | undefined): boolean {
  return have?.accountRoleArn !== undefined && have.alive;
}

async function observe({ aws, environment, removing }: World, want: LoggingWant): Promise<LoggingHave | undefined> {
  if (!want.needed && !removing) return undefined;
  const accountRoleArn = await aws.apiGateway.findAccountRole();
  const ownRole = await aws.iam.findRole(want.roleName);
  const ownTags = ownRole?.tags[TAG.purpose] === undefined ? undefined : ownRole.tags;
  const borrowed = ownTags !== undefined || accountRoleArn === want.roleArn;
  if (!borrowed && removing) return undefined;
  const alive = accountRoleArn === want.roleArn ? ownRole?.arn === want.roleArn : await isAlive(aws, accountRoleArn);
  const neededByOthers = accountRoleArn === want.roleArn && (await othersLog(aws, environment));
  return { accountRoleArn, alive, ownRole: ownTags, neededByOthers };
}

async function othersLog({ apiGateway }: World['aws'], { token }: Environment): Promise<boolean> {
  for (const api of await apiGateway.listApis()) {
    if (api.tags['pixgate:token'] === token) continue;
    if ((await apiGateway.listStages(api.id)).some((stage) => stage.logs)) return true;
  }
  return false;
}

async function demand(world: World, want: LoggingWant): Promise<LoggingHave> {
  const none = { accountRoleArn: undefined, alive: false, ownRole: undefined, neededByOthers: false };
  return (await observe(world, want)) ?? none;
}

function diff(want: LoggingWant, have: LoggingHave | undefined): readonly Change[] {
  if (!want.needed || isServed(have)) return [];
  return [{ path: 'cloudwatchRoleArn', from: have?.accountRoleArn, to: want.roleArn }];
}

async function ensureOwnRole({ aws }: World, want: LoggingWant, have: LoggingHave | undefined): Promise<void> {
  if (have?.ownRole === undefined) {
    const welcome = (await aws.logs.findGroup(WELCOME_GROUP)) === undefined ? 'absent' : 'present';
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

/** The previous role if it still exists, else nothing. */
async function revivable({ aws }: World, previousArn: string | undefined): Promise<string> {
  return previousArn !== undefined && (await isAlive(aws, previousArn)) ? previousArn : '';
}

/** Whether the role of an ARN exists; one of the same name below another path is not it. */
async function isAlive({ iam }: World['aws'], arn: string | undefined): Promise<boolean> {
  const name = arn?.split('/').at(-1);
  return name !== undefined && (await iam.findRole(name))?.arn === arn;
}
