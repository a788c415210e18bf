import type { JsonOperation } from '../wire/json-1-1.js';
import { Refusal } from '../wire/refusal.js';
import {
  demandGroup,
  fromToken,
  GROUP_RULE,
  getGroup,
  invalidParameter,
  readGroupName,
  STREAM_RULE,
  toToken,
} from './input.js';
import { groupArn, LOGS_TABLES, type LogStream, scopeOf } from './model.js';

/** Makes a log stream. @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogStream.html */
export const CreateLogStream: JsonOperation = {
  name: 'CreateLogStream',
  mutating: true,
  fidelity: 'documented',
  source: 'CloudWatch Logs API Reference, CreateLogStream',
  run(input, call) {
    const group = input.getText('logGroupName', GROUP_RULE);
    const name = input.getText('logStreamName', STREAM_RULE);
    demandGroup(call, 'CreateLogStream', group);
    getGroup(call, group);
    const key = scopeOf(call, group) + name;
    if (call.store.get(LOGS_TABLES.stream, key) !== undefined)
      throw new Refusal('ResourceAlreadyExistsException', 400, 'The specified log stream already exists');
    const stream: LogStream = {
      name,
      arn: `${groupArn(call, group)}:log-stream:${name}`,
      createdAtMs: call.now(),
    };
    call.store.put(LOGS_TABLES.stream, key, stream);
    return undefined;
  },
};

/** Lists log streams by name or by their last event. @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogStreams.html */
export const DescribeLogStreams: JsonOperation = {
  name: 'DescribeLogStreams',
  mutating: false,
  fidelity: 'documented',
  source: 'CloudWatch Logs API Reference, DescribeLogStreams',
  run(input, call) {
    const group = readGroupName(input);
    const prefix = input.findText('logStreamNamePrefix', STREAM_RULE);
    const orderBy = input.findText('orderBy', { pattern: 'LogStreamName|LastEventTime' }) ?? 'LogStreamName';
    const limit = input.findInteger('limit', 1, 50) ?? call.settings.pageSize;
    const after = fromToken(input.findText('nextToken'));
    if (orderBy === 'LastEventTime' && prefix !== undefined)
      throw invalidParameter('Cannot order by LastEventTime with a logStreamNamePrefix.');
    demandGroup(call, 'DescribeLogStreams', group);
    getGroup(call, group);
    const sortKey = (stream: LogStream) =>
      `${orderBy === 'LastEventTime' ? String(stream.lastEventMs ?? 0).padStart(15, '0') : ''}${stream.name}`;
    const all = call.store
      .list<LogStream>(LOGS_TABLES.stream, { prefix: scopeOf(call, group) + (prefix ?? '') })
      .map((row) => row.value)
      .sort((one, other) => (sortKey(one) < sortKey(other) ? -1 : 1));
    if (input.isTrue('descending')) all.reverse();
    const start = after === undefined ? 0 : all.findIndex((stream) => sortKey(stream) === after) + 1;
    const page = all.slice(start, start + limit);
    const last = page.at(-1);
    return {
      logStreams: page.map(toStreamFields),
      ...(start + limit < all.length && last !== undefined ? { nextToken: toToken(sortKey(last)) } : {}),
    };
  },
};

function toStreamFields(stream: LogStream): Record<string, unknown> {
  return {
    logStreamName: stream.name,
    creationTime: stream.createdAtMs,
    firstEventTimestamp: stream.firstEventMs,
    lastEventTimestamp: stream.lastEventMs,
    lastIngestionTime: stream.lastIngestionMs,
    arn: stream.arn,
    storedBytes: 0,
  };
}
