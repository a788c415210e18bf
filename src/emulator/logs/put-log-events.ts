import type { JsonInput, JsonOperation } from '../wire/json-1-1.js';
import { appendEvents } from './append-events.js';
import { demandGroup, GROUP_RULE, getGroup, invalidParameter, notFound, STREAM_RULE } from './input.js';
import { LOGS_TABLES, type LogStream, scopeOf } from './model.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** How old an event may be, and how far ahead of now. */
const OLDEST_MS = 14 * DAY_MS;
const NEWEST_MS = 2 * HOUR_MS;
/** Most events in one call, and most bytes with 26 for each event. */
const BATCH_EVENTS = 10_000;
const BATCH_BYTES = 1_048_576;

/** Adds events to a stream. @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html */
export const PutLogEvents: JsonOperation = {
  name: 'PutLogEvents',
  mutating: true,
  fidelity: 'documented',
  source: 'CloudWatch Logs API Reference, PutLogEvents',
  run(input, call) {
    const groupName = input.getText('logGroupName', GROUP_RULE);
    const streamName = input.getText('logStreamName', STREAM_RULE);
    const events = readEvents(input);
    demandGroup(call, 'PutLogEvents', groupName, streamName);
    const group = getGroup(call, groupName);
    const stream = call.store.get<LogStream>(LOGS_TABLES.stream, scopeOf(call, groupName) + streamName);
    if (stream === undefined) throw notFound('stream');
    const now = call.now();
    const expired = now - (group.retentionDays ?? Infinity) * DAY_MS;
    const tooOld = events.filter((event) => event.timestampMs < now - OLDEST_MS).length;
    const gone = events.filter((event) => event.timestampMs < expired).length;
    const tooNew = events.findIndex((event) => event.timestampMs > now + NEWEST_MS);
    appendEvents(call, group, stream, events.slice(Math.max(tooOld, gone), tooNew < 0 ? undefined : tooNew));
    const rejected = {
      ...(tooNew < 0 ? {} : { tooNewLogEventStartIndex: tooNew }),
      ...(tooOld === 0 ? {} : { tooOldLogEventEndIndex: tooOld }),
      ...(gone === 0 ? {} : { expiredLogEventEndIndex: gone }),
    };
    return {
      nextSequenceToken: call.newId(56),
      ...(Object.keys(rejected).length === 0 ? {} : { rejectedLogEventsInfo: rejected }),
    };
  },
};

function readEvents(input: JsonInput): { timestampMs: number; message: string }[] {
  const events = input.structures('logEvents').map((event) => ({
    timestampMs: event.findInteger('timestamp', 0, Number.MAX_SAFE_INTEGER) ?? 0,
    message: event.getText('message', { min: 1 }),
  }));
  if (events.length === 0 || events.length > BATCH_EVENTS)
    throw invalidParameter(`A batch holds 1 to ${BATCH_EVENTS} log events: got ${events.length}.`);
  if (events.some(({ timestampMs }, n) => timestampMs < (events[n - 1]?.timestampMs ?? 0)))
    throw invalidParameter('Log events in a single PutLogEvents request must be in chronological order.');
  const size = events.reduce((sum, { message }) => sum + Buffer.byteLength(message) + 26, 0);
  if (size > BATCH_BYTES) throw invalidParameter(`Upload too large: ${size} bytes exceeds limit of ${BATCH_BYTES}`);
  return events;
}
