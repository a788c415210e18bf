import { demand } from '../iam/authorize.js';
import type { Call } from '../operation.js';
import type { JsonInput, TextRule } from '../wire/json-1-1.js';
import { Refusal } from '../wire/refusal.js';
import { findGroup, groupArn, type LogGroup } from './model.js';

/** What a log group may be called. */
export const GROUP_RULE: TextRule = { min: 1, max: 512, pattern: '[\\.\\-_/#A-Za-z0-9]+' };
/** What a log stream may be called. */
export const STREAM_RULE: TextRule = { min: 1, max: 512, pattern: '[^:*]*' };

const DENIED = { code: 'AccessDeniedException', status: 400 };

/**
 * Refuses unless the caller may do `action` to a log group.
 *
 * AWS: all but the tag operations judge `…:log-group:NAME:log-stream:STREAM`, so a policy needs `…:log-group:NAME:*`; the tag operations
 * judge the group's ARN as it is. (CloudWatch Logs User Guide, "Logs resources and operations"; denials as people paste them)
 *
 * @throws {Refusal} AccessDeniedException.
 */
export function demandGroup(call: Call, action: string, group: string, stream = ''): void {
  const resource = `${groupArn(call, group)}:log-stream:${stream}`;
  demand(call, { action: `logs:${action}`, resource, resourceAccount: call.caller.accountId }, DENIED);
}

/** Refuses unless the caller may do a tag operation to a log group. @throws {Refusal} AccessDeniedException. */
export function demandGroupTags(call: Call, action: string, group: string): void {
  const resource = groupArn(call, group);
  demand(call, { action: `logs:${action}`, resource, resourceAccount: call.caller.accountId }, DENIED);
}

/** Finds a log group. @throws {Refusal} ResourceNotFoundException. */
export function getGroup(call: Call, name: string): LogGroup {
  const group = findGroup(call, name);
  if (group === undefined) throw notFound('group');
  return group;
}

/** What is said of a group or stream that is not there. */
export function notFound(kind: 'group' | 'stream'): Refusal {
  return new Refusal('ResourceNotFoundException', 400, `The specified log ${kind} does not exist.`);
}

/** A parameter that breaks a rule which is no mere constraint. */
export function invalidParameter(message: string): Refusal {
  return new Refusal('InvalidParameterException', 400, message);
}

/** The name of a log group that a request gives by name or, as `logGroupIdentifier`, by name or ARN. */
export function readGroupName(input: JsonInput): string {
  const identifier = input.findText('logGroupIdentifier');
  if (identifier === undefined) return input.getText('logGroupName', GROUP_RULE);
  if (input.has('logGroupName'))
    throw invalidParameter('LogGroup name and LogGroup identifier are mutually exclusive parameters.');
  return identifier.startsWith('arn:') ? (identifier.split(':')[6] ?? '') : identifier;
}

/** The opaque token behind which a list goes on. */
export function toToken(key: string): string {
  return Buffer.from(key).toString('base64url');
}

/** The key in a token of ours. @throws {Refusal} InvalidParameterException for any other text. */
export function fromToken(token: string | undefined): string | undefined {
  if (token === undefined) return undefined;
  const key = Buffer.from(token, 'base64url').toString();
  if (key === '' || toToken(key) !== token) throw invalidParameter('The specified nextToken is invalid.');
  return key;
}
