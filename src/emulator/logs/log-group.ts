import { demand } from '../iam/authorize.js';
import type { JsonOperation } from '../wire/json-1-1.js';
import { notEmulated, Refusal } from '../wire/refusal.js';
import { demandGroup, fromToken, GROUP_RULE, getGroup, invalidParameter, toToken } from './input.js';
import {
  deleteUnder,
  findGroup,
  groupArn,
  groupsPrefix,
  LOGS_TABLES,
  type LogGroup,
  saveGroup,
  scopeOf,
} from './model.js';
import { checkTags } from './tags.js';

/** Makes a log group. @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html */
export const CreateLogGroup: JsonOperation = {
  name: 'CreateLogGroup',
  mutating: true,
  fidelity: 'documented',
  source:
    'CloudWatch Logs API Reference, CreateLogGroup; the sentence of ResourceAlreadyExistsException as the SDKs report it',
  run(input, call) {
    const name = input.getText('logGroupName', GROUP_RULE);
    for (const member of ['kmsKeyId', 'logGroupClass', 'deletionProtectionEnabled'])
      if (input.has(member)) throw notEmulated('logs', `CreateLogGroup with ${member}`);
    const tags = input.textMap('tags');
    demandGroup(call, 'CreateLogGroup', name);
    if (Object.keys(tags).length > 0) demandGroup(call, 'TagResource', name);
    checkTags(tags);
    if (findGroup(call, name) !== undefined)
      throw new Refusal('ResourceAlreadyExistsException', 400, 'The specified log group already exists');
    saveGroup(call, { name, arn: groupArn(call, name), createdAtMs: call.now(), tags, nextEvent: 0 });
    return undefined;
  },
};

/** Removes a log group with its streams and events. @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DeleteLogGroup.html */
export const DeleteLogGroup: JsonOperation = {
  name: 'DeleteLogGroup',
  mutating: true,
  fidelity: 'documented',
  source: 'CloudWatch Logs API Reference, DeleteLogGroup',
  run(input, call) {
    const name = input.getText('logGroupName', GROUP_RULE);
    demandGroup(call, 'DeleteLogGroup', name);
    getGroup(call, name);
    call.store.delete(LOGS_TABLES.group, groupsPrefix(call) + name);
    deleteUnder(call.store, LOGS_TABLES.stream, scopeOf(call, name));
    deleteUnder(call.store, LOGS_TABLES.event, scopeOf(call, name));
    return undefined;
  },
};

/** Lists log groups by name. @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogGroups.html */
export const DescribeLogGroups: JsonOperation = {
  name: 'DescribeLogGroups',
  mutating: false,
  fidelity: 'documented',
  source: 'CloudWatch Logs API Reference, DescribeLogGroups',
  run(input, call) {
    const prefix = input.findText('logGroupNamePrefix', GROUP_RULE);
    const pattern = input.findText('logGroupNamePattern');
    const limit = input.findInteger('limit', 1, 50) ?? call.settings.pageSize;
    const after = fromToken(input.findText('nextToken'));
    for (const member of ['logGroupIdentifiers', 'accountIdentifiers', 'includeLinkedAccounts', 'logGroupClass'])
      if (input.has(member)) throw notEmulated('logs', `DescribeLogGroups with ${member}`);
    if (prefix !== undefined && pattern !== undefined)
      throw invalidParameter('LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.');
    const resource = `${groupArn(call, '')}:log-stream:`;
    const denied = { code: 'AccessDeniedException', status: 400 };
    demand(call, { action: 'logs:DescribeLogGroups', resource, resourceAccount: call.caller.accountId }, denied);
    const wanted = pattern?.toLowerCase() ?? '';
    const found = call.store
      .list<LogGroup>(LOGS_TABLES.group, { prefix: groupsPrefix(call) + (prefix ?? '') })
      .map((row) => row.value)
      .filter((group) => group.name.toLowerCase().includes(wanted) && (after === undefined || group.name > after));
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return {
      logGroups: page.map(toGroupFields),
      ...(found.length > limit && last !== undefined ? { nextToken: toToken(last.name) } : {}),
    };
  },
};

function toGroupFields(group: LogGroup): Record<string, unknown> {
  return {
    logGroupName: group.name,
    creationTime: group.createdAtMs,
    retentionInDays: group.retentionDays,
    metricFilterCount: 0,
    arn: `${group.arn}:*`,
    storedBytes: 0,
    logGroupClass: 'STANDARD',
    logGroupArn: group.arn,
  };
}
