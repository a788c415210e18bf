import type { JsonOperation } from '../wire/json-1-1.js';
import { demandGroup, getGroup, invalidParameter, notFound, readGroupName, STREAM_RULE } from './input.js';
import { LOGS_TABLES, scopeOf } from './model.js';
import { listEvents, type StoredEvent } from './read-events.js';

/**
 * Reads one stream, the newest page first unless `startFromHead`. At either end the token that was sent comes back.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html
 */
export const GetLogEvents: JsonOperation = {
  name: 'GetLogEvents',
  mutating: false,
  fidelity: 'documented',
  source: 'CloudWatch Logs API Reference, GetLogEvents',
  run(input, call) {
    const groupName = readGroupName(input);
    const streamName = input.getText('logStreamName', STREAM_RULE);
    const startMs = input.findInteger('startTime', 0, Number.MAX_SAFE_INTEGER);
    const endMs = input.findInteger('endTime', 0, Number.MAX_SAFE_INTEGER);
    const limit = input.findInteger('limit', 1, 10_000) ?? call.settings.pageSize;
    const token = input.findText('nextToken');
    demandGroup(call, 'GetLogEvents', groupName, streamName);
    const group = getGroup(call, groupName);
    if (call.store.get(LOGS_TABLES.stream, scopeOf(call, groupName) + streamName) === undefined)
      throw notFound('stream');
    const all = listEvents(call, group, { startMs, endMs }).filter((event) => event.stream === streamName);
    const page = cutEvents(all, token ?? (input.isTrue('startFromHead') ? 'f/' : 'b/~'), limit);
    const [first, last] = [page[0], page.at(-1)];
    return {
      events: page.map(({ timestampMs: timestamp, message, ingestedMs: ingestionTime }) => ({
        timestamp,
        message,
        ingestionTime,
      })),
      nextForwardToken: last === undefined ? (token?.replace(/^b.*/, 'f/') ?? 'f/') : `f/${last.key}`,
      nextBackwardToken: first === undefined ? (token?.replace(/^f.*/, 'b/~') ?? 'b/~') : `b/${first.key}`,
    };
  },
};

/** The page in front of (`b/key`) or behind (`f/key`) an event; '~' sorts behind every key. */
function cutEvents(all: readonly StoredEvent[], token: string, limit: number): StoredEvent[] {
  const [, way, key = ''] = /^([fb])\/(\d*|~)$/.exec(token) ?? [];
  if (way === undefined) throw invalidParameter('The specified nextToken is invalid.');
  if (way === 'f') return all.filter((event) => event.key > key).slice(0, limit);
  return all.filter((event) => event.key < key).slice(-limit);
}
