import type { Service } from '../operation.js';
import { createQueryService, type QueryDialect, type QueryOperation, toXmlError } from '../wire/query-xml.js';
import { Refusal } from '../wire/refusal.js';
import { AttachRolePolicy, DetachRolePolicy, ListAttachedRolePolicies } from './attached-policies.js';
import { CreateRole } from './create-role.js';
import { GetUser } from './get-user.js';
import { DeleteRole, GetRole, ListRoles, UpdateAssumeRolePolicy, UpdateRole } from './role.js';
import { DeleteRolePolicy, GetRolePolicy, ListRolePolicies, PutRolePolicy } from './role-policies.js';
import { ListRoleTags, TagRole, UntagRole } from './role-tags.js';

/** How IAM speaks. */
export const IAM_DIALECT: QueryDialect = {
  signingName: 'iam',
  xmlns: 'https://iam.amazonaws.com/doc/2010-05-08/',
};

const OPERATIONS: readonly QueryOperation[] = [
  AttachRolePolicy,
  CreateRole,
  DeleteRole,
  DeleteRolePolicy,
  DetachRolePolicy,
  GetRole,
  GetRolePolicy,
  GetUser,
  ListAttachedRolePolicies,
  ListRolePolicies,
  ListRoles,
  ListRoleTags,
  PutRolePolicy,
  TagRole,
  UntagRole,
  UpdateAssumeRolePolicy,
  UpdateRole,
];

const operations = createQueryService(IAM_DIALECT, OPERATIONS);

/** Roles and their policies; users only as callers. One for all Regions. */
export const iamService: Service = {
  ...operations,
  handle(request, call) {
    // AWS: keys of GetSessionToken cannot call IAM unless MFA was given. (STS API Reference, GetSessionToken)
    const mfa = call.caller.context?.['aws:MultiFactorAuthPresent'];
    if (call.caller.kind === 'user' && mfa === 'false') {
      const refusal = new Refusal('InvalidClientTokenId', 403, 'The security token included in the request is invalid');
      return { operation: undefined, response: toXmlError(IAM_DIALECT, refusal, call.requestId) };
    }
    return operations.handle(request, call);
  },
};
