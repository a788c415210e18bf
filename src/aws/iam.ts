import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
  ListRoleTagsCommand,
  PutRolePolicyCommand,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { type AwsAccess, clientConfig, failOnFullQuota } from './access.js';
import { drain } from './pages.js';
import { createSend, sent } from './sender.js';

/** Tags by key. */
export type Tags = Readonly<Record<string, string>>;

/** A role as far as we care. */
export interface Role {
  readonly name: string;
  readonly arn: string;
  readonly path: string;
  /** Trust policy as JSON text. */
  readonly trust: string;
  readonly tags: Tags;
  /** Epoch milliseconds. */
  readonly createdAtMs: number;
}

/** The verbs of IAM. */
export interface Iam {
  findRole(name: string): Promise<Role | undefined>;
  /** Roles whose path begins with `path`, without their trust policies; tags are read one by one. */
  listRoles(path: string): Promise<readonly Role[]>;
  createRole(role: { name: string; path: string; description: string; trust: string; tags: Tags }): Promise<void>;
  putTrust(name: string, trust: string): Promise<void>;
  tagRole(name: string, tags: Tags): Promise<void>;
  /** A tag that is not there does no harm. */
  untagRole(name: string, key: string): Promise<void>;
  /** The inline policy as JSON text. */
  findRolePolicy(name: string, policyName: string): Promise<string | undefined>;
  putRolePolicy(name: string, policyName: string, policy: string): Promise<void>;
  listRolePolicies(name: string): Promise<{ readonly inline: readonly string[]; readonly attached: readonly string[] }>;
  deleteRolePolicy(name: string, policyName: string): Promise<void>;
  attachRolePolicy(name: string, policyArn: string): Promise<void>;
  detachRolePolicy(name: string, policyArn: string): Promise<void>;
  /** Removes the role with its policies; gone already is success. */
  deleteRole(name: string): Promise<void>;
}

const MISSING = ['NoSuchEntity', 'NoSuchEntityException'];

/** IAM, which is one for all Regions. */
export function createIam(access: AwsAccess): Iam {
  const client = failOnFullQuota(new IAMClient(clientConfig(access)));
  const send = createSend({ service: 'IAM', region: access.region, clock: access.clock });
  const tagsOf = async (name: string): Promise<Tags> => {
    const tags = await drain(async (from) => {
      const input = { RoleName: name, ...marker(from) };
      const page = await send('ListRoleTags', () => client.send(new ListRoleTagsCommand(input)), { missing: MISSING });
      return { items: page?.Tags ?? [], next: nextMarker(page) };
    });
    return fromList(tags);
  };
  const iam: Iam = {
    async findRole(name) {
      const found = await send('GetRole', () => client.send(new GetRoleCommand({ RoleName: name })), {
        missing: MISSING,
      });
      if (found?.Role === undefined) return undefined;
      const { Arn = '', Path = '/', AssumeRolePolicyDocument = '', CreateDate, Tags } = found.Role;
      const tags = Tags === undefined ? await tagsOf(name) : fromList(Tags);
      return {
        name,
        arn: Arn,
        path: Path,
        trust: decodeURIComponent(AssumeRolePolicyDocument),
        tags,
        createdAtMs: CreateDate?.getTime() ?? 0,
      };
    },
    async listRoles(path) {
      const found = await drain(async (from) => {
        const input = { PathPrefix: path, ...marker(from) };
        const page = await sent(send('ListRoles', () => client.send(new ListRolesCommand(input))));
        return { items: page.Roles ?? [], next: nextMarker(page) };
      });
      const roles: Role[] = [];
      for (const { RoleName = '', Arn = '', Path = '/', CreateDate } of found) {
        const createdAtMs = CreateDate?.getTime() ?? 0;
        roles.push({ name: RoleName, arn: Arn, path: Path, trust: '', tags: await tagsOf(RoleName), createdAtMs });
      }
      return roles;
    },
    async createRole({ name, path, description, trust, tags }) {
      const input = {
        RoleName: name,
        Path: path,
        Description: description,
        AssumeRolePolicyDocument: trust,
        Tags: toList(tags),
      };
      await send('CreateRole', () => client.send(new CreateRoleCommand(input)), {
        made: ['EntityAlreadyExists', 'EntityAlreadyExistsException'],
      });
    },
    async putTrust(name, trust) {
      await send('UpdateAssumeRolePolicy', () =>
        client.send(new UpdateAssumeRolePolicyCommand({ RoleName: name, PolicyDocument: trust })),
      );
    },
    async tagRole(name, tags) {
      await send('TagRole', () => client.send(new TagRoleCommand({ RoleName: name, Tags: toList(tags) })));
    },
    async untagRole(name, key) {
      await send('UntagRole', () => client.send(new UntagRoleCommand({ RoleName: name, TagKeys: [key] })));
    },
    async findRolePolicy(name, policyName) {
      const input = { RoleName: name, PolicyName: policyName };
      const found = await send('GetRolePolicy', () => client.send(new GetRolePolicyCommand(input)), {
        missing: MISSING,
      });
      return found?.PolicyDocument === undefined ? undefined : decodeURIComponent(found.PolicyDocument);
    },
    async putRolePolicy(name, policyName, policy) {
      const input = { RoleName: name, PolicyName: policyName, PolicyDocument: policy };
      await send('PutRolePolicy', () => client.send(new PutRolePolicyCommand(input)));
    },
    async listRolePolicies(name) {
      const inline = await drain(async (from) => {
        const input = { RoleName: name, ...marker(from) };
        const page = await send('ListRolePolicies', () => client.send(new ListRolePoliciesCommand(input)), {
          missing: MISSING,
        });
        return { items: page?.PolicyNames ?? [], next: nextMarker(page) };
      });
      const attached = await drain(async (from) => {
        const input = { RoleName: name, ...marker(from) };
        const page = await send(
          'ListAttachedRolePolicies',
          () => client.send(new ListAttachedRolePoliciesCommand(input)),
          { missing: MISSING },
        );
        return { items: page?.AttachedPolicies ?? [], next: nextMarker(page) };
      });
      return { inline, attached: attached.map((policy) => policy.PolicyArn ?? '') };
    },
    async deleteRolePolicy(name, policyName) {
      const input = { RoleName: name, PolicyName: policyName };
      await send('DeleteRolePolicy', () => client.send(new DeleteRolePolicyCommand(input)), { missing: MISSING });
    },
    async attachRolePolicy(name, policyArn) {
      await send('AttachRolePolicy', () =>
        client.send(new AttachRolePolicyCommand({ RoleName: name, PolicyArn: policyArn })),
      );
    },
    async detachRolePolicy(name, policyArn) {
      const input = { RoleName: name, PolicyArn: policyArn };
      await send('DetachRolePolicy', () => client.send(new DetachRolePolicyCommand(input)), { missing: MISSING });
    },
    async deleteRole(name) {
      const { inline, attached } = await iam.listRolePolicies(name);
      for (const policy of inline) await iam.deleteRolePolicy(name, policy);
      for (const policy of attached) await iam.detachRolePolicy(name, policy);
      await send('DeleteRole', () => client.send(new DeleteRoleCommand({ RoleName: name })), { missing: MISSING });
    },
  };
  return iam;
}

function toList(tags: Tags): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

function fromList(tags: readonly { Key?: string | undefined; Value?: string | undefined }[]): Tags {
  return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
}

function marker(from: string | undefined): { Marker?: string } {
  return from === undefined ? {} : { Marker: from };
}

function nextMarker(
  page: { IsTruncated?: boolean | undefined; Marker?: string | undefined } | undefined,
): string | undefined {
  return page?.IsTruncated === true ? page.Marker : undefined;
}
