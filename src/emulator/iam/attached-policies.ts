import type { QueryOperation } from '../wire/query-xml.js';
import { Refusal } from '../wire/refusal.js';
import { findManagedPolicy } from './managed-policies.js';
import { cutPage } from './paging.js';
import { getRoleFor, saveRole } from './role-document.js';

/** Attaches a managed policy; again does no harm. @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachRolePolicy.html */
export const AttachRolePolicy: QueryOperation = {
  name: 'AttachRolePolicy',
  mutating: true,
  fidelity: 'documented',
  source: 'IAM API Reference, AttachRolePolicy; the sentence of NoSuchEntity as the SDKs report it',
  run(input, call) {
    const arn = input.get('PolicyArn');
    const role = getRoleFor(call, input, 'AttachRolePolicy', { 'iam:PolicyARN': arn });
    if (findManagedPolicy(arn) === undefined)
      throw new Refusal('NoSuchEntity', 404, `Policy ${arn} does not exist or is not attachable.`);
    if (!role.attached.includes(arn)) role.attached.push(arn);
    saveRole(call, role);
    return undefined;
  },
};

/** Detaches a managed policy. @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_DetachRolePolicy.html */
export const DetachRolePolicy: QueryOperation = {
  name: 'DetachRolePolicy',
  mutating: true,
  fidelity: 'documented',
  source: 'IAM API Reference, DetachRolePolicy; the sentence of NoSuchEntity as the SDKs report it',
  run(input, call) {
    const arn = input.get('PolicyArn');
    const role = getRoleFor(call, input, 'DetachRolePolicy', { 'iam:PolicyARN': arn });
    if (!role.attached.includes(arn)) throw new Refusal('NoSuchEntity', 404, `Policy ${arn} was not found.`);
    role.attached = role.attached.filter((other) => other !== arn);
    saveRole(call, role);
    return undefined;
  },
};

/** Lists attached policies below a path. @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAttachedRolePolicies.html */
export const ListAttachedRolePolicies: QueryOperation = {
  name: 'ListAttachedRolePolicies',
  mutating: false,
  fidelity: 'documented',
  source: 'IAM API Reference, ListAttachedRolePolicies',
  run(input, call) {
    const role = getRoleFor(call, input, 'ListAttachedRolePolicies');
    const prefix = input.find('PathPrefix') ?? '/';
    const all = role.attached.filter((arn) => pathOf(arn).startsWith(prefix)).sort();
    const { items, rest } = cutPage(call, input, all, (arn) => arn);
    const policies = items.map((arn) => ({ PolicyName: arn.slice(arn.lastIndexOf('/') + 1), PolicyArn: arn }));
    return { AttachedPolicies: policies, ...rest };
  },
};

/** '/service-role/' of `arn:aws:iam::aws:policy/service-role/Name`. */
function pathOf(arn: string): string {
  return arn.slice(arn.indexOf('/'), arn.lastIndexOf('/') + 1);
}
