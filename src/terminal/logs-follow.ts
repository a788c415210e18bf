import type { LoggedRequest, LogsOptions, LogsResult } from '../index.js';

/** Pause between two looks into the logs, in milliseconds. */
const PAUSE_MS = 2_000;

/** How late a line may come and still be told, in milliseconds: CloudWatch delivers some after others that are younger. */
const LATE_MS = 60_000;

/** How logs are followed. */
export interface FollowOptions {
  /** Reads the logs once. */
  readonly read: (options: LogsOptions) => Promise<LogsResult>;
  /** Where the first look begins, and which requests are wanted. */
  readonly options: LogsOptions;
  /** Hears each request once, oldest first; again, with its new lines alone, when its execution log comes later. */
  readonly heard: (request: LoggedRequest) => void;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Waits for so many milliseconds of the world's time, or until the signal. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Tells requests as they come, until the signal.
 *
 * Waits by the world's time even for a local cloud: its clock would not wait but skip ahead, while the requests come from
 * another process that lives in the world.
 */
export async function followLogs({ read, options, heard, signal, pause }: FollowOptions): Promise<void> {
  let next = options;
  let begin: number | undefined;
  let known: ReadonlySet<string> = new Set();
  while (!signal.aborted) {
    const { since, until, requests } = await read(next);
    if (signal.aborted) return;
    for (const request of requests) {
      const news = whatIsNew(request, known);
      if (news !== undefined) heard(news);
    }
    // What was read before the window of the next look cannot come back.
    known = new Set(requests.flatMap(keysOf));
    begin ??= Date.parse(since);
    next = { ...options, fromMs: Math.max(begin, Date.parse(until) - LATE_MS) };
    await pause(PAUSE_MS, signal);
  }
}

/** Aborts when nobody reads a stream any more, as behind `| head`. */
export function signalOfLeaving(stream: NodeJS.WriteStream = process.stdout): AbortSignal {
  const controller = new AbortController();
  stream.once('error', () => controller.abort());
  return controller.signal;
}

function whatIsNew(request: LoggedRequest, known: ReadonlySet<string>): LoggedRequest | undefined {
  const { at, requestId, execution } = request;
  const lines = execution.filter((line) => !known.has(lineKey(request, line)));
  if (!known.has(requestKey(request))) return { ...request, execution: lines };
  if (lines.length === 0) return undefined;
  return { at, ...(requestId === undefined ? {} : { requestId }), execution: lines };
}

function keysOf(request: LoggedRequest): string[] {
  return [requestKey(request), ...request.execution.map((line) => lineKey(request, line))];
}

function requestKey({ at, extendedRequestId, requestId, text }: LoggedRequest): string {
  return JSON.stringify(extendedRequestId ?? [at, text ?? requestId]);
}

function lineKey({ requestId = '' }: LoggedRequest, line: string): string {
  return JSON.stringify([requestId, line, 'line']);
}
