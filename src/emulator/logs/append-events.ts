import type { Call } from '../operation.js';
import {
  eventKey,
  findGroup,
  groupArn,
  LOGS_TABLES,
  type LogEvent,
  type LogGroup,
  type LogStream,
  saveGroup,
  scopeOf,
} from './model.js';

/** Longest event that API Gateway writes, in bytes of UTF-8. */
const GATEWAY_EVENT_BYTES = 1024;

/** Adds events to a stream, which has to be there. */
export function appendEvents(
  call: Call,
  group: LogGroup,
  stream: LogStream,
  events: readonly { readonly timestampMs: number; readonly message: string }[],
): void {
  const first = events[0];
  const last = events.at(-1);
  if (first === undefined || last === undefined) return;
  const scope = scopeOf(call, group.name);
  const now = call.now();
  events.forEach(({ timestampMs, message }, n) => {
    const event: LogEvent = { stream: stream.name, timestampMs, ingestedMs: now, message };
    call.store.put(LOGS_TABLES.event, scope + eventKey(timestampMs, group.nextEvent + n), event);
  });
  saveGroup(call, { ...group, nextEvent: group.nextEvent + events.length });
  const changed: LogStream = {
    ...stream,
    firstEventMs: Math.min(stream.firstEventMs ?? Infinity, first.timestampMs),
    lastEventMs: Math.max(stream.lastEventMs ?? 0, last.timestampMs),
    lastIngestionMs: now,
  };
  call.store.put(LOGS_TABLES.stream, scope + stream.name, changed);
}

/**
 * Writes what a service of the local cloud logs, each message cut to 1,024 bytes as API Gateway does.
 *
 * Makes the stream, and the group too when `createGroup`; does nothing when the group is missing.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
 */
export function appendServiceLog(
  call: Call,
  ask: {
    readonly group: string;
    readonly stream: string;
    readonly messages: readonly string[];
    readonly createGroup: boolean;
  },
): void {
  const now = call.now();
  let group = findGroup(call, ask.group);
  if (group === undefined) {
    if (!ask.createGroup) return;
    group = { name: ask.group, arn: groupArn(call, ask.group), createdAtMs: now, tags: {}, nextEvent: 0 };
    saveGroup(call, group);
  }
  const key = scopeOf(call, ask.group) + ask.stream;
  let stream = call.store.get<LogStream>(LOGS_TABLES.stream, key);
  if (stream === undefined) {
    stream = { name: ask.stream, arn: `${group.arn}:log-stream:${ask.stream}`, createdAtMs: now };
    call.store.put(LOGS_TABLES.stream, key, stream);
  }
  const events = ask.messages.map((message) => ({ timestampMs: now, message: cut(message) }));
  appendEvents(call, group, stream, events);
}

/** The longest beginning that fits, never half a character. */
function cut(message: string): string {
  const bytes = Buffer.from(message);
  if (bytes.length <= GATEWAY_EVENT_BYTES) return message;
  let end = GATEWAY_EVENT_BYTES;
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return bytes.subarray(0, end).toString();
}
