import type { QueryOperation } from '../wire/query-xml.js';
import { Refusal } from '../wire/refusal.js';
import { cutPage } from './paging.js';
import { encodeDocument, getRoleFor, readName, saveRole } from './role-document.js';
import { validatePolicy } from './validate-policy.js';

/** Most bytes of all inline policies of a role together, white space not counted. */
const POLICY_BYTES = 10_240;

/** Adds or replaces an inline policy. @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html */
export const PutRolePolicy: QueryOperation = {
  name: 'PutRolePolicy',
  mutating: true,
  fidelity: 'documented',
  source: 'IAM API Reference, PutRolePolicy; quota from the IAM quotas page',
  run(input, call) {
    const role = getRoleFor(call, input, 'PutRolePolicy');
    const name = readName(input, 'PolicyName');
    const text = input.get('PolicyDocument');
    validatePolicy(text, 'identity');
    role.policies = { ...role.policies, [name]: text };
    const size = Buffer.byteLength(Object.values(role.policies).join('').replace(/\s/g, ''));
    if (size > POLICY_BYTES) {
      const message = `Maximum policy size of ${POLICY_BYTES} bytes exceeded for role ${role.name}`;
      throw new Refusal('LimitExceeded', 409, message);
    }
    saveRole(call, role);
    return undefined;
  },
};

/** Reads an inline policy. @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRolePolicy.html */
export const GetRolePolicy: QueryOperation = {
  name: 'GetRolePolicy',
  mutating: false,
  fidelity: 'documented',
  source: 'IAM API Reference, GetRolePolicy',
  run(input, call) {
    const role = getRoleFor(call, input, 'GetRolePolicy');
    const name = readName(input, 'PolicyName');
    const text = Object.hasOwn(role.policies, name) ? role.policies[name] : undefined;
    if (text === undefined) throw noSuchPolicy(name);
    return { RoleName: role.name, PolicyName: name, PolicyDocument: encodeDocument(text) };
  },
};

/** Lists inline policies by name. @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRolePolicies.html */
export const ListRolePolicies: QueryOperation = {
  name: 'ListRolePolicies',
  mutating: false,
  fidelity: 'documented',
  source: 'IAM API Reference, ListRolePolicies',
  run(input, call) {
    const role = getRoleFor(call, input, 'ListRolePolicies');
    const { items, rest } = cutPage(call, input, Object.keys(role.policies).sort(), (name) => name);
    return { PolicyNames: items, ...rest };
  },
};

/** Removes an inline policy. @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRolePolicy.html */
export const DeleteRolePolicy: QueryOperation = {
  name: 'DeleteRolePolicy',
  mutating: true,
  fidelity: 'documented',
  source: 'IAM API Reference, DeleteRolePolicy',
  run(input, call) {
    const role = getRoleFor(call, input, 'DeleteRolePolicy');
    const name = readName(input, 'PolicyName');
    if (!Object.hasOwn(role.policies, name)) throw noSuchPolicy(name);
    role.policies = Object.fromEntries(Object.entries(role.policies).filter(([other]) => other !== name));
    saveRole(call, role);
    return undefined;
  },
};

function noSuchPolicy(name: string): Refusal {
  return new Refusal('NoSuchEntity', 404, `The role policy with name ${name} cannot be found.`);
}
