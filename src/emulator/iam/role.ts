import type { QueryOperation } from '../wire/query-xml.js';
import { Refusal } from '../wire/refusal.js';
import { demand } from './authorize.js';
import { checkTrustPolicy } from './create-role.js';
import { IAM_TABLES, type Role, roleKey } from './model.js';
import { cutPage } from './paging.js';
import { getRoleFor, roleArn, saveRole, toRoleFields, toTagFields } from './role-document.js';

/** Reads one role. @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html */
export const GetRole: QueryOperation = {
  name: 'GetRole',
  mutating: false,
  fidelity: 'documented',
  source: 'IAM API Reference, GetRole',
  run(input, call) {
    const role = getRoleFor(call, input, 'GetRole');
    return { Role: { ...toRoleFields(role), Tags: toTagFields(role.tags), RoleLastUsed: {} } };
  },
};

/** Lists roles below a path, without tags. @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoles.html */
export const ListRoles: QueryOperation = {
  name: 'ListRoles',
  mutating: false,
  fidelity: 'documented',
  source: 'IAM API Reference, ListRoles',
  run(input, call) {
    const prefix = input.find('PathPrefix') ?? '/';
    demand(call, {
      action: 'iam:ListRoles',
      resource: roleArn(call, prefix, ''),
      resourceAccount: call.caller.accountId,
    });
    const all = call.store
      .list<Role>(IAM_TABLES.role, { prefix: `${call.caller.accountId}/` })
      .map((row) => row.value)
      .filter((role) => role.path.startsWith(prefix));
    const { items, rest } = cutPage(call, input, all, (role) => role.name.toLowerCase());
    return { Roles: items.map(toRoleFields), ...rest };
  },
};

/** Changes description and longest session. @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateRole.html */
export const UpdateRole: QueryOperation = {
  name: 'UpdateRole',
  mutating: true,
  fidelity: 'documented',
  source: 'IAM API Reference, UpdateRole',
  run(input, call) {
    const role = getRoleFor(call, input, 'UpdateRole');
    const description = input.find('Description');
    if (description !== undefined) role.description = description;
    role.maxSessionSeconds = input.findInteger('MaxSessionDuration', 3600, 43200) ?? role.maxSessionSeconds;
    saveRole(call, role);
    return {};
  },
};

/** Replaces a trust policy. @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAssumeRolePolicy.html */
export const UpdateAssumeRolePolicy: QueryOperation = {
  name: 'UpdateAssumeRolePolicy',
  mutating: true,
  fidelity: 'documented',
  source: 'IAM API Reference, UpdateAssumeRolePolicy',
  run(input, call) {
    const role = getRoleFor(call, input, 'UpdateAssumeRolePolicy');
    const text = input.get('PolicyDocument');
    checkTrustPolicy(text);
    role.trustPolicy = text;
    saveRole(call, role);
    return undefined;
  },
};

/** Removes a role that has no policies. @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html */
export const DeleteRole: QueryOperation = {
  name: 'DeleteRole',
  mutating: true,
  fidelity: 'documented',
  source: 'IAM API Reference, DeleteRole; the sentences of DeleteConflict as the SDKs report them',
  run(input, call) {
    const role = getRoleFor(call, input, 'DeleteRole');
    if (role.attached.length > 0)
      throw new Refusal('DeleteConflict', 409, 'Cannot delete entity, must detach all policies first.');
    if (Object.keys(role.policies).length > 0)
      throw new Refusal('DeleteConflict', 409, 'Cannot delete entity, must delete policies first.');
    call.store.delete(IAM_TABLES.role, roleKey(call.caller.accountId, role.name));
    return undefined;
  },
};
