import type { JsonOperation } from '../wire/json-1-1.js';
import { parseFilterPattern } from './filter-pattern.js';
import { demandGroup, fromToken, getGroup, invalidParameter, readGroupName, STREAM_RULE, toToken } from './input.js';
import { listEvents, toEventId } from './read-events.js';

/**
 * Reads the events of all or some streams of a group that fit a pattern, oldest first.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
 */
export const FilterLogEvents: JsonOperation = {
  name: 'FilterLogEvents',
  mutating: false,
  fidelity: 'documented',
  source: 'CloudWatch Logs API Reference, FilterLogEvents; filter pattern syntax of the User Guide, terms only',
  run(input, call) {
    const groupName = readGroupName(input);
    const startMs = input.findInteger('startTime', 0, Number.MAX_SAFE_INTEGER);
    const endMs = input.findInteger('endTime', 0, Number.MAX_SAFE_INTEGER);
    const limit = input.findInteger('limit', 1, 10_000) ?? call.settings.pageSize;
    const prefix = input.findText('logStreamNamePrefix', STREAM_RULE);
    const streams = input.texts('logStreamNames');
    const fits = parseFilterPattern(input.findText('filterPattern', { max: 1024 }) ?? '');
    const after = fromToken(input.findText('nextToken')) ?? '';
    if (prefix !== undefined && streams.length > 0)
      throw invalidParameter('logStreamNames and logStreamNamePrefix cannot both be given.');
    demandGroup(call, 'FilterLogEvents', groupName);
    const found = listEvents(call, getGroup(call, groupName), { startMs, endMs }).filter(
      (event) =>
        event.key > after &&
        event.stream.startsWith(prefix ?? '') &&
        (streams.length === 0 || streams.includes(event.stream)) &&
        fits(event.message),
    );
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return {
      events: page.map((event) => ({
        logStreamName: event.stream,
        timestamp: event.timestampMs,
        message: event.message,
        ingestionTime: event.ingestedMs,
        eventId: toEventId(event),
      })),
      searchedLogStreams: [],
      ...(found.length > limit && last !== undefined ? { nextToken: toToken(last.key) } : {}),
    };
  },
};
