import type { Role, Tags } from '../aws/iam.js';
import type { MountConfig } from '../config/config.js';
import type { Change } from '../model/plan.js';
import { appear } from './appear.js';
import { bucketName, bucketRegion, kmsKeyOf, ROLE_PATH, roleName } from './names.js';
import { demandOurs, diffTags, ownTags } from './ownership.js';
import { API_GATEWAY_TRUST, isSamePolicy, readPolicy } from './policies.js';
import type { Environment, Resource, World } from './resource.js';

/** The role that API Gateway takes on for a mount, as it is wanted. */
export interface RoleWant {
  readonly name: string;
  readonly trust: string;
  readonly policy: string;
  readonly tags: Tags;
}

/** The role as it is. */
export interface RoleHave {
  readonly role: Role;
  /** The inline policy of ours; undefined when it is missing. */
  readonly policy: string | undefined;
  /** Policies that are not ours. */
  readonly strangers: readonly string[];
}

/** Name of the inline policy that lets a mount's role read. */
export const READ_POLICY_NAME = 'read-images';

/** The role of a mount: taken on by API Gateway alone, reads one prefix of one bucket. */
export function roleResource(environment: Environment, mount: MountConfig): Resource<RoleWant, RoleHave> {
  const name = roleName(environment, mount);
  const kmsKey = kmsKeyOf(mount);
  return {
    address: `role/${mount.id}`,
    needs: [],
    desire: (config) => ({
      name,
      trust: API_GATEWAY_TRUST,
      policy: readPolicy({
        partition: environment.partition,
        account: environment.account,
        bucket: bucketName(environment, mount),
        prefix: mount.bucket.prefix,
        region: bucketRegion(environment, mount),
        ...(kmsKey === undefined ? {} : { kmsKey }),
      }),
      tags: config.tags,
    }),
    label: (want) => want.name,
    observe,
    diff,
    async converge(world, want, have) {
      const { iam } = world.aws;
      if (have === undefined) {
        const description = `Lets API Gateway read the images of ${environment.name}, stage ${environment.stage}.`;
        await iam.createRole({
          name,
          path: ROLE_PATH,
          description,
          trust: want.trust,
          tags: ownTags(environment, want.tags),
        });
        // A role of that name may have come from somebody else meanwhile: its tags tell, before it is given a policy.
        await demand(world, want);
      } else {
        if (!isSamePolicy(want.trust, have.role.trust)) await iam.putTrust(name, want.trust);
        if (diffTags(want.tags, have.role.tags).length > 0) await iam.tagRole(name, want.tags);
        for (const stranger of have.strangers) await removeStranger(world, name, stranger);
      }
      if (have?.policy === undefined || !isSamePolicy(want.policy, have.policy))
        await iam.putRolePolicy(name, READ_POLICY_NAME, want.policy);
      return demand(world, want);
    },
    remove: (world, have) => world.aws.iam.deleteRole(have.role.name),
    remember: (have) => ({ name: have.role.name }),
  };
}

function demand(world: World, want: RoleWant): Promise<RoleHave> {
  return appear(world, `role "${want.name}"`, () => observe(world, want));
}

async function observe({ aws, environment }: World, want: RoleWant): Promise<RoleHave | undefined> {
  const role = await aws.iam.findRole(want.name);
  if (role === undefined) return undefined;
  demandOurs('role', want.name, role.tags, environment);
  const { inline, attached } = await aws.iam.listRolePolicies(want.name);
  const policy = inline.includes(READ_POLICY_NAME)
    ? await aws.iam.findRolePolicy(want.name, READ_POLICY_NAME)
    : undefined;
  return { role, policy, strangers: [...inline.filter((is) => is !== READ_POLICY_NAME), ...attached] };
}

function diff(want: RoleWant, have: RoleHave | undefined): readonly Change[] {
  if (have === undefined) return [{ path: 'policy', from: undefined, to: want.policy }];
  const changes: Change[] = [];
  if (!isSamePolicy(want.trust, have.role.trust))
    changes.push({ path: 'trust', from: have.role.trust, to: want.trust });
  changes.push(...diffPolicy(want.policy, have.policy));
  for (const stranger of have.strangers) changes.push({ path: `policies.${stranger}`, from: stranger, to: undefined });
  return [...changes, ...diffTags(want.tags, have.role.tags)];
}

/** What differs, a change for each statement by the action it is about: that is what somebody has to know of a role. */
function diffPolicy(want: string, have: string | undefined): Change[] {
  if (have === undefined) return [{ path: 'policy', from: undefined, to: want }];
  if (isSamePolicy(want, have)) return [];
  const [wanted, there] = [statementsOf(want), statementsOf(have)];
  const names = [...new Set([...wanted.keys(), ...there.keys()])];
  const changes = names.flatMap((name): Change[] => {
    const [from, to] = [there.get(name), wanted.get(name)];
    const same = from === to || (from !== undefined && to !== undefined && isSamePolicy(from, to));
    return same ? [] : [{ path: `policy.${name}`, from, to }];
  });
  return changes.length > 0 ? changes : [{ path: 'policy', from: have, to: want }];
}

/** The statements of a policy as JSON text, by effect and action; one that says the same twice counts once. */
function statementsOf(policy: string): Map<string, string> {
  const { Statement = [] } = JSON.parse(policy) as { Statement?: Statement | readonly Statement[] };
  const statements: readonly Statement[] = Array.isArray(Statement) ? Statement : [Statement as Statement];
  return new Map(
    statements.map((statement) => {
      const about = [statement.Action ?? 'other'].flat().join(',');
      return [statement.Effect === 'Deny' ? `deny ${about}` : about, JSON.stringify(statement)];
    }),
  );
}

interface Statement {
  readonly Effect?: string;
  readonly Action?: string | readonly string[];
}

async function removeStranger({ aws }: World, role: string, policy: string): Promise<void> {
  if (policy.startsWith('arn:')) await aws.iam.detachRolePolicy(role, policy);
  else await aws.iam.deleteRolePolicy(role, policy);
}
