import type { Call } from '../operation.js';
import { LOGS_TABLES, type LogEvent, type LogGroup, scopeOf } from './model.js';

const DAY_MS = 86_400_000;

/** An event and the sortable part of its key. */
export interface StoredEvent extends LogEvent {
  /** Timestamp and number, as in the table's key. */
  readonly key: string;
}

/** Which events to read. */
export interface EventRange {
  /** From here on, in milliseconds since 1970. */
  readonly startMs: number | undefined;
  /** Up to, and without, this moment, in milliseconds since 1970. */
  readonly endMs: number | undefined;
}

/** Events of a group that are not past its retention, oldest first, those of one moment as they came in. */
export function listEvents(call: Call, group: LogGroup, range: EventRange): StoredEvent[] {
  const scope = scopeOf(call, group.name);
  const oldest = call.now() - (group.retentionDays ?? Infinity) * DAY_MS;
  const startMs = Math.max(0, oldest, range.startMs ?? 0);
  return call.store
    .list<LogEvent>(LOGS_TABLES.event, { prefix: scope, after: scope + String(startMs).padStart(15, '0') })
    .map((row) => ({ ...row.value, key: row.key.slice(scope.length) }))
    .filter((event) => event.timestampMs < (range.endMs ?? Infinity));
}

/** The id by which CloudWatch Logs names an event: 56 digits, rising. */
export function toEventId(event: StoredEvent): string {
  return event.key.padStart(56, '3');
}
