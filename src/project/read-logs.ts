import type { LogEvent } from '../aws/logs.js';
import { RefusedError } from '../errors.js';
import type { LoggedRequest, LogsResult } from '../model/result.js';
import { accessLogGroup, executionLogGroup } from '../resources/names.js';
import { parseAccessLine } from './access-line.js';
import type { Context } from './context.js';
import { findStage } from './find-stage.js';
import type { LogsOptions } from './project.js';

/** How far back is looked unless told otherwise, in milliseconds. */
const LAST_MS = 600_000;

/** AWS: begins every line of the execution log. */
const REQUEST_ID = /^\(([^)]*)\) ?/;

/** What tells a failed request in an execution log that holds all of them. */
const FAILURE = /^(Execution failed|Gateway response type:|Method completed with status: [45])/m;

/** A request together with the moment it is sorted by. */
interface Timed {
  readonly atMs: number;
  readonly request: LoggedRequest;
}

/** The lines of one request in the execution log. */
interface Execution {
  readonly atMs: number;
  readonly lines: string[];
}

/** Reads both logs and puts them together by request. */
export async function readLogs(
  context: Context,
  { fromMs, lastMs = LAST_MS, errors = false }: LogsOptions,
): Promise<LogsResult> {
  const { config, environment, target, aws } = context;
  const { access, level } = config.logs;
  if (!access && level === 'off') {
    throw new RefusedError(`Cannot read logs of "${config.name}", stage "${config.stage}": nothing is logged.`, {
      code: 'NO_LOGS',
      suggestions: ['set logs: { access: true } in the config file, then pixgate wire'],
    });
  }
  const { api } = await findStage(context, 'Cannot read logs of');
  const now = target.clock.now();
  const since = Math.max(0, fromMs ?? now - lastMs);
  const read = (wanted: boolean, group: string): Promise<readonly LogEvent[]> =>
    wanted ? aws.logs.listEvents(group, since) : Promise.resolve([]);
  const [accessed, executed] = await Promise.all([
    read(access, accessLogGroup(environment)),
    read(level !== 'off', executionLogGroup(api.id, environment.stage)),
  ]);
  const executions = groupByRequest(executed);
  const told = accessed.map((event) => fromAccessLine(event, executions));
  // What is left has no line in the access log: it is off, or late. Then only failures are told, or all would be told twice.
  const rest = [...executions].filter(([, { lines }]) => !access || level === 'error' || hasFailed(lines));
  const untold = rest.map(([requestId, { atMs, lines }]) => ({
    atMs,
    request: { at: iso(atMs), requestId, execution: lines },
  }));
  const all: Timed[] = [...told, ...untold];
  const wanted = errors ? all.filter(({ request }) => isError(request, level)) : all;
  const requests = wanted.sort((a, b) => a.atMs - b.atMs).map(({ request }) => request);
  return { since: iso(since), until: iso(now), requests };
}

function groupByRequest(events: readonly LogEvent[]): Map<string, Execution> {
  const executions = new Map<string, Execution>();
  for (const { atMs, message } of events) {
    const id = REQUEST_ID.exec(message)?.[1] ?? '';
    const execution = executions.get(id) ?? { atMs, lines: [] };
    execution.lines.push(message.replace(REQUEST_ID, '').trimEnd());
    executions.set(id, execution);
  }
  return executions;
}

/** Takes the lines of the request out of `executions`: a client can choose its id, and nothing is told twice. */
function fromAccessLine({ atMs, message }: LogEvent, executions: Map<string, Execution>): Timed {
  const line = parseAccessLine(message);
  const at = iso(atMs);
  if (line === undefined) return { atMs, request: { at, text: message.trimEnd(), execution: [] } };
  const { requestId = '', status = 0 } = line;
  const lines = executions.get(requestId)?.lines ?? [];
  const failed = status >= 400;
  // The lines of a failure stay for the request that failed, when several bear one id.
  if (failed || !hasFailed(lines)) executions.delete(requestId);
  return { atMs, request: { at, ...line, execution: failed ? lines : [] } };
}

function hasFailed(lines: readonly string[]): boolean {
  return lines.some((line) => FAILURE.test(line));
}

function isError({ status, text, execution }: LoggedRequest, level: string): boolean {
  if (status !== undefined) return status >= 400;
  return text === undefined && (level === 'error' || hasFailed(execution));
}

function iso(atMs: number): string {
  return new Date(atMs).toISOString();
}
