import type { Call } from '../operation.js';
import type { Store } from '../store.js';

/** A log group as the account keeps it. */
export interface LogGroup {
  /** Name, unique where it lies. */
  readonly name: string;
  /** ARN without a trailing `:*`. */
  readonly arn: string;
  /** Milliseconds since 1970. */
  readonly createdAtMs: number;
  /** How long events are kept, in days; absent: for ever. */
  retentionDays?: number;
  /** Tags by key. */
  tags: Record<string, string>;
  /** Number of the next event, which makes ids unique and keeps the order of arrival. */
  nextEvent: number;
}

/** A log stream as the account keeps it. */
export interface LogStream {
  /** Name, unique where it lies. */
  readonly name: string;
  /** ARN, the group's name included. */
  readonly arn: string;
  /** Milliseconds since 1970. */
  readonly createdAtMs: number;
  /** Time of the oldest event; absent while there is none. */
  firstEventMs?: number;
  /** Time of the newest event; absent while there is none. */
  lastEventMs?: number;
  /** When the last event came in; absent while there is none. */
  lastIngestionMs?: number;
}

/** One event of a log group. */
export interface LogEvent {
  /** Name of the stream it came in by. */
  readonly stream: string;
  /** Milliseconds since 1970, as the sender says. */
  readonly timestampMs: number;
  /** Milliseconds since 1970, when it came in. */
  readonly ingestedMs: number;
  /** Text of the event. */
  readonly message: string;
}

/** Tables of the store, and what lies in them under which key. A scope is accountId/region/ and the group's name, a colon behind it. */
export const LOGS_TABLES = {
  /** accountId/region/group → LogGroup */
  group: 'logs/group',
  /** scope, stream → LogStream */
  stream: 'logs/stream',
  /** scope, timestamp, number of the event → LogEvent: keys sort as FilterLogEvents answers */
  event: 'logs/event',
} as const;

/** Where the groups of the caller's account and Region lie. */
export function groupsPrefix(call: Call): string {
  return `${call.caller.accountId}/${call.region}/`;
}

/** What the keys of a group's streams and events begin with. Neither groups nor streams may have a colon in their names. */
export function scopeOf(call: Call, group: string): string {
  return `${groupsPrefix(call)}${group}:`;
}

/** The sortable part of an event's key. @param number position in the group, from 0 */
export function eventKey(timestampMs: number, number: number): string {
  return `${String(timestampMs).padStart(15, '0')}${String(number).padStart(12, '0')}`;
}

/** The ARN of a log group, without a trailing `:*`. */
export function groupArn(call: Call, name: string): string {
  return `arn:${call.settings.partition}:logs:${call.region}:${call.caller.accountId}:log-group:${name}`;
}

/** Looks up a log group of the caller's account and Region. */
export function findGroup(call: Call, name: string): LogGroup | undefined {
  return call.store.get<LogGroup>(LOGS_TABLES.group, groupsPrefix(call) + name);
}

/** Writes a log group back. */
export function saveGroup(call: Call, group: LogGroup): void {
  call.store.put(LOGS_TABLES.group, groupsPrefix(call) + group.name, group);
}

/** Removes every row of a table whose key begins with `prefix`. */
export function deleteUnder(store: Store, table: string, prefix: string): void {
  for (const { key } of store.list(table, { prefix })) store.delete(table, key);
}
