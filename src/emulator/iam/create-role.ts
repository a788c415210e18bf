import type { QueryOperation } from '../wire/query-xml.js';
import { constraintMessage, notEmulated, Refusal } from '../wire/refusal.js';
import { demand } from './authorize.js';
import { IAM_TABLES, type Role, roleKey, toIamTime } from './model.js';
import { readName, readTags, roleArn, saveRole, tagContext, toRoleFields, toTagFields } from './role-document.js';
import { validatePolicy } from './validate-policy.js';

/** Most bytes of a trust policy, white space not counted; the default quota. */
const TRUST_POLICY_BYTES = 2048;

/** Refuses a trust policy that is malformed or above the quota. @throws {Refusal} MalformedPolicyDocument or LimitExceeded. */
export function checkTrustPolicy(text: string): void {
  validatePolicy(text, 'trust');
  if (Buffer.byteLength(text.replace(/\s/g, '')) > TRUST_POLICY_BYTES)
    throw new Refusal('LimitExceeded', 409, `Cannot exceed quota for ACLSizePerRole: ${TRUST_POLICY_BYTES}`);
}

/**
 * Makes a role. Names are told apart without regard to case.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
 */
export const CreateRole: QueryOperation = {
  name: 'CreateRole',
  mutating: true,
  fidelity: 'documented',
  source: 'IAM API Reference, CreateRole; the sentences of its errors as the SDKs report them',
  run(input, call) {
    const name = readName(input, 'RoleName');
    const path = input.find('Path') ?? '/';
    if (!/^\/([!-~]{0,510}\/)?$/.test(path))
      throw new Refusal(
        'ValidationError',
        400,
        'The specified value for path is invalid. It must begin and end with /',
      );
    if (input.has('PermissionsBoundary')) throw notEmulated('iam', 'CreateRole with PermissionsBoundary');
    const trustPolicy = input.get('AssumeRolePolicyDocument');
    const description = input.find('Description');
    const maxSessionSeconds = input.findInteger('MaxSessionDuration', 3600, 43200) ?? 3600;
    const tags = readTags(input);
    const arn = roleArn(call, path, name);
    demand(call, {
      action: 'iam:CreateRole',
      resource: arn,
      resourceAccount: call.caller.accountId,
      context: tagContext(tags),
    });
    if (description !== undefined && description.length > 1000) {
      const rule = 'Member must have length less than or equal to 1000';
      throw new Refusal('ValidationError', 400, constraintMessage('description', description, rule));
    }
    checkTrustPolicy(trustPolicy);
    if (call.store.get<Role>(IAM_TABLES.role, roleKey(call.caller.accountId, name)) !== undefined)
      throw new Refusal('EntityAlreadyExists', 409, `Role with name ${name} already exists.`);
    const role: Role = {
      name,
      path,
      id: `AROA${call.newId(17).toUpperCase()}`,
      arn,
      createdAt: toIamTime(call.now()),
      trustPolicy,
      ...(description === undefined ? {} : { description }),
      maxSessionSeconds,
      tags,
      policies: {},
      attached: [],
    };
    saveRole(call, role);
    const { MaxSessionDuration, ...fields } = toRoleFields(role);
    const asked = input.has('MaxSessionDuration') ? { MaxSessionDuration } : {};
    return { Role: { ...fields, ...asked, Tags: toTagFields(tags) } };
  },
};
