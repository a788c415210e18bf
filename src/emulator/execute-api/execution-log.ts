import { createHash } from 'node:crypto';
import { TABLES } from '../apigateway/model.js';
import type { Call } from '../operation.js';
import type { Exchange, Payload } from './context.js';
import { decodeUtf8 } from './utf8.js';

/** AWS: a log event is cut at 1,024 bytes. (source: Developer Guide, "Amazon API Gateway quotas") */
const MAX_EVENT_BYTES = 1024;

/** What stands in a log for something that it may not show. */
export const CONCEALED = '*'.repeat(40);

/** One line of the execution log. */
export interface LogLine {
  /** Milliseconds since 1970. */
  readonly atMs: number;
  /** The text without time or request id. */
  readonly text: string;
  /** Whether it shows a body, which only a data trace does. */
  readonly showsBody: boolean;
}

/** The execution log of one request, written by the chain as it goes. */
export class ExecutionLog {
  /** What was written so far. */
  readonly lines: LogLine[] = [];
  readonly #now: () => number;
  readonly #secrets: string[] = [];

  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * From here on shows asterisks for `secret`, wherever it stands in a line.
   *
   * AWS: values of API keys are redacted. (source: Developer Guide, set-up-logging)
   */
  conceal(secret: string): void {
    this.#secrets.push(secret);
  }

  /** A text without what is concealed. */
  redact(text: string): string {
    return this.#secrets.reduce((shown, secret) => shown.replaceAll(secret, CONCEALED), text);
  }

  /** Adds a line. */
  add(text: string): void {
    this.lines.push({ atMs: this.#now(), text: this.redact(text), showsBody: false });
  }

  /** Adds a line that shows a body. */
  addBody(text: string): void {
    this.lines.push({ atMs: this.#now(), text: this.redact(text), showsBody: true });
  }
}

/** Prints a map as Java does: `{a=1, b=2}`. */
export function printMap(entries: Iterable<readonly [string, string]>): string {
  return `{${Array.from(entries, ([name, value]) => `${name}=${value}`).join(', ')}}`;
}

/** Prints a body; bytes never show. */
export function printBody({ bytes, binary }: Payload): string {
  return binary && bytes.byteLength > 0 ? '[Binary Data]' : decodeUtf8(bytes);
}

/** Whether API Gateway may write logs in this Region: its account setting names a role. */
export function mayLog(call: Call): boolean {
  const account = call.store.get<{ cloudwatchRoleArn?: string }>(TABLES.account, call.region);
  return (account?.cloudwatchRoleArn ?? '') !== '';
}

/** Name of a log stream: 32 hexadecimal digits that stay the same for one stage. */
export function streamName(apiId: string, stageName: string): string {
  return createHash('md5').update(`${apiId}/${stageName}`).digest('hex');
}

/**
 * Writes the execution log to the stage's group, making the group when it is missing.
 *
 * Level INFO writes every request, ERROR those that failed; bodies only with a data trace. Without the account's role nothing is written.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
 */
export function writeExecutionLog(exchange: Exchange): void {
  const { call, failure, log, requestId, setting, snapshot, stageName } = exchange;
  const level = setting?.value.loggingLevel ?? 'OFF';
  if (setting === undefined || level === 'OFF' || (level === 'ERROR' && failure === undefined) || !mayLog(call)) return;
  const messages = log.lines
    .filter((line) => setting.value.dataTraceEnabled || !line.showsBody)
    .map((line) => cut(`(${requestId}) ${line.text}`));
  if (messages.length === 0) return;
  call.cloud.putLogEvents(call, {
    group: `API-Gateway-Execution-Logs_${snapshot.api.id}/${stageName}`,
    stream: streamName(snapshot.api.id, stageName),
    messages,
    createGroup: true,
  });
}

function cut(text: string): string {
  const bytes = Buffer.from(text);
  return bytes.byteLength <= MAX_EVENT_BYTES ? text : bytes.subarray(0, MAX_EVENT_BYTES).toString();
}
