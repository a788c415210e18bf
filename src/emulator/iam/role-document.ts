import type { Call } from '../operation.js';
import type { QueryInput, XmlValue } from '../wire/query-xml.js';
import { constraintMessage, Refusal } from '../wire/refusal.js';
import { demand } from './authorize.js';
import { findRole, IAM_TABLES, type Role, roleKey } from './model.js';

/** Most characters in the name of a role or an inline policy. */
const NAME_LENGTHS: Readonly<Record<string, number>> = { RoleName: 64, PolicyName: 128 };

/**
 * Reads a name of IAM's from a request.
 *
 * @throws {Refusal} ValidationError when it is missing, too long or has a character that names may not have.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export function readName(input: QueryInput, member: 'RoleName' | 'PolicyName'): string {
  const name = input.get(member);
  const field = member.charAt(0).toLowerCase() + member.slice(1);
  const longest = NAME_LENGTHS[member] ?? 0;
  if (name.length > longest) {
    const rule = `Member must have length less than or equal to ${longest}`;
    throw new Refusal('ValidationError', 400, constraintMessage(field, name, rule));
  }
  if (!/^[\w+=,.@-]+$/.test(name)) {
    const rule = 'It must contain only alphanumeric characters and/or the following: +=,.@_-';
    throw new Refusal('ValidationError', 400, `The specified value for ${field} is invalid. ${rule}`);
  }
  return name;
}

/**
 * Finds the role a request names, for a caller who may do `action` to it.
 *
 * @throws {Refusal} AccessDenied, or NoSuchEntity when there is no such role.
 */
export function getRoleFor(
  call: Call,
  input: QueryInput,
  action: string,
  context: Readonly<Record<string, string | readonly string[]>> = {},
): Role {
  const name = readName(input, 'RoleName');
  const role = findRole(call.store, call.caller.accountId, name);
  const tags = Object.entries(role?.tags ?? {}).map(([key, value]) => [`aws:ResourceTag/${key}`, value]);
  demand(call, {
    action: `iam:${action}`,
    resource: role?.arn ?? roleArn(call, '/', name),
    resourceAccount: call.caller.accountId,
    context: { ...Object.fromEntries(tags), ...context },
  });
  if (role === undefined) throw new Refusal('NoSuchEntity', 404, `The role with name ${name} cannot be found.`);
  return role;
}

/** The ARN of a role of the caller's account. */
export function roleArn(call: Call, path: string, name: string): string {
  return `arn:${call.settings.partition}:iam::${call.caller.accountId}:role${path}${name}`;
}

/** Writes a role back. */
export function saveRole(call: Call, role: Role): void {
  call.store.put(IAM_TABLES.role, roleKey(call.caller.accountId, role.name), role);
}

/** A policy document as IAM answers it: percent-encoded after RFC 3986. */
export function encodeDocument(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** A role as IAM answers it, without what only some operations tell. */
export function toRoleFields(role: Role): Record<string, XmlValue | undefined> {
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: role.arn,
    CreateDate: role.createdAt,
    AssumeRolePolicyDocument: encodeDocument(role.trustPolicy),
    Description: role.description,
    MaxSessionDuration: role.maxSessionSeconds,
  };
}

/** Tags as IAM answers them; undefined when there are none. */
export function toTagFields(tags: Readonly<Record<string, string>>): XmlValue | undefined {
  const fields = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  return fields.length === 0 ? undefined : fields;
}

/**
 * Reads the Tags of a request.
 *
 * @throws {Refusal} ValidationError or InvalidInput for a key or value outside IAM's rules, or a key given twice.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html
 */
export function readTags(input: QueryInput): Record<string, string> {
  const tags = new Map<string, string>();
  for (const { Key = '', Value = '' } of input.records('Tags')) {
    if (!/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u.test(Key) || !/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u.test(Value))
      throw new Refusal('ValidationError', 400, `The tag '${Key}' breaks the rules for tag keys and values.`);
    if (/^aws:/i.test(Key))
      throw new Refusal('InvalidInput', 400, `Tag key ${Key} begins with aws:, which is reserved.`);
    if ([...tags.keys()].some((other) => other.toLowerCase() === Key.toLowerCase()))
      throw new Refusal(
        'InvalidInput',
        400,
        'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
      );
    tags.set(Key, Value);
  }
  return Object.fromEntries(tags);
}

/** Condition keys that a request with tags carries. */
export function tagContext(tags: Readonly<Record<string, string>>): Record<string, string | readonly string[]> {
  const entries = Object.entries(tags).map(([key, value]) => [`aws:RequestTag/${key}`, value]);
  return Object.keys(tags).length === 0 ? {} : { ...Object.fromEntries(entries), 'aws:TagKeys': Object.keys(tags) };
}
