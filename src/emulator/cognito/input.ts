import { demand } from '../iam/authorize.js';
import type { Call } from '../operation.js';
import type { JsonInput, TextRule } from '../wire/json-1-1.js';
import { constraintMessage, Refusal } from '../wire/refusal.js';
import { findPool, poolArn, type UserPool } from './model.js';

const POOL_ID_RULE: TextRule = { min: 1, max: 55, pattern: '[\\w-]+_[0-9a-zA-Z]+' };
const DENIED = { code: 'AccessDeniedException', status: 400 };

/** Refuses unless the caller may do `action` to a resource. @throws {Refusal} AccessDeniedException. */
export function demandAction(
  call: Call,
  action: string,
  resource: string,
  context: Readonly<Record<string, string>> = {},
): void {
  demand(call, { action: `cognito-idp:${action}`, resource, resourceAccount: call.caller.accountId, context }, DENIED);
}

/** Tags as condition keys: `aws:ResourceTag` or `aws:RequestTag`. */
export function tagKeys(kind: 'ResourceTag' | 'RequestTag', tags: Readonly<Record<string, string>> = {}) {
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:${kind}/${key}`, value]));
}

/**
 * The pool that a call names by `UserPoolId`, which its caller must be allowed to do `action` to.
 *
 * @throws {Refusal} AccessDeniedException, ResourceNotFoundException.
 */
export function openPool(input: JsonInput, call: Call, action: string): UserPool {
  return openPoolById(call, input.getText('UserPoolId', POOL_ID_RULE), action);
}

/** The same for an id found otherwise. @throws {Refusal} AccessDeniedException, ResourceNotFoundException. */
export function openPoolById(call: Call, poolId: string, action: string): UserPool {
  const found = findPool(call.store, poolId);
  const pool = found?.accountId === call.caller.accountId && found.region === call.region ? found : undefined;
  demandAction(call, action, poolArn(call, poolId), tagKeys('ResourceTag', pool?.tags));
  if (pool === undefined) throw notFound(`User pool ${poolId} does not exist.`);
  return pool;
}

/** One of some texts, or undefined when it is absent. @throws {Refusal} InvalidParameterException. */
export function findOneOf<T extends string>(input: JsonInput, name: string, values: readonly T[]): T | undefined {
  const text = input.findText(name);
  const value = values.find((each) => each === text);
  if (text !== undefined && value === undefined)
    throw invalidParameter(constraintMessage(name, text, `Member must satisfy enum value set: [${values.join(', ')}]`));
  return value;
}

/** A text that no answer repeats. @throws {Refusal} InvalidParameterException when it is absent. */
export function getSecret(input: JsonInput, name: string): string {
  const value = input.findText(name);
  if (value === undefined) throw invalidParameter(`Missing required parameter ${name}`);
  return value;
}

/** A parameter that breaks a rule. */
export function invalidParameter(message: string): Refusal {
  return new Refusal('InvalidParameterException', 400, message);
}

/** Something that is not there. */
export function notFound(message: string): Refusal {
  return new Refusal('ResourceNotFoundException', 400, message);
}

/** Somebody who may not do this. */
export function notAuthorized(message: string): Refusal {
  return new Refusal('NotAuthorizedException', 400, message);
}

/** Some rows of a table, and the token that the rest begins behind; undefined on the last page. */
export interface Page<T> {
  /** The values, by their keys. */
  readonly values: T[];
  /** Opaque token of the next page. */
  readonly next: string | undefined;
}

/** Cuts a page of at most `size` out of rows in order of their keys. @throws {Refusal} InvalidParameterException for a token that is not ours. */
export function toPage<T>(
  rows: readonly { readonly key: string; readonly value: T }[],
  size: number,
  token: string | undefined,
): Page<T> {
  const after = token === undefined ? undefined : Buffer.from(token, 'base64url').toString();
  if (after !== undefined && (after === '' || Buffer.from(after).toString('base64url') !== token))
    throw invalidParameter('Invalid pagination token.');
  const rest = after === undefined ? rows : rows.filter(({ key }) => key > after);
  const here = rest.slice(0, size);
  const last = here.at(-1);
  return {
    values: here.map(({ value }) => value),
    next: last === undefined || here.length === rest.length ? undefined : Buffer.from(last.key).toString('base64url'),
  };
}
