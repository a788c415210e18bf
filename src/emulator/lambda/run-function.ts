import { stat } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import type { FunctionOutcome } from '../operation.js';
import type { NeededFunction } from './function-needed.js';
import { importModule } from './import-module.js';

/** Lambda's default, in milliseconds. @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html */
const TIMEOUT_MS = 3000;

type Callback = (error: unknown, value?: unknown) => void;
type FunctionHandler = (event: unknown, context: Readonly<Record<string, unknown>>, callback: Callback) => unknown;

/** How a function is run. */
export interface RunOptions {
  /** Id of the request that it is run for. */
  readonly requestId: string;
  /** Most time that it may take, in milliseconds of the world. @default 3000 */
  readonly timeoutMs?: number | undefined;
}

/**
 * Runs a function in this process, on a copy of the event. Its module is loaded anew once the file has changed.
 *
 * A function that has run out of time is not stopped, but nobody waits for it; one that never yields cannot be left.
 */
export async function runFunction(
  { event, file, functionArn }: NeededFunction,
  { requestId, timeoutMs = TIMEOUT_MS }: RunOptions,
): Promise<FunctionOutcome> {
  const endsAtMs = performance.now() + timeoutMs;
  const context = {
    functionName: functionArn.split(':').at(-1),
    functionVersion: '$LATEST',
    invokedFunctionArn: functionArn,
    awsRequestId: requestId,
    getRemainingTimeInMillis: () => Math.max(0, endsAtMs - performance.now()),
  };
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<FunctionOutcome>((resolve) => {
    timer = setTimeout(() => resolve({ kind: 'timeout' }), timeoutMs);
  });
  try {
    return await Promise.race([answer(file, structuredClone(event), context), timeout]);
  } finally {
    clearTimeout(timer);
  }
}

async function answer(
  file: string,
  event: unknown,
  context: Readonly<Record<string, unknown>>,
): Promise<FunctionOutcome> {
  try {
    const handler = await loadHandler(file);
    const value =
      handler.length < 3 ? await handler(event, context, () => undefined) : await callBack(handler, event, context);
    return { kind: 'answer', value: JSON.parse(JSON.stringify(value ?? null)) };
  } catch (error) {
    return { kind: 'error', message: error instanceof Error ? error.message : String(error) };
  }
}

/** A function with three parameters may answer by the third, or as others do. */
function callBack(
  handler: FunctionHandler,
  event: unknown,
  context: Readonly<Record<string, unknown>>,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const done: Callback = (error, value) => (error ? reject(error) : resolve(value));
    Promise.resolve(handler(event, context, done)).then((value) => value !== undefined && resolve(value), reject);
  });
}

async function loadHandler(file: string): Promise<FunctionHandler> {
  const url = pathToFileURL(file);
  url.searchParams.set('mtime', String((await stat(file)).mtimeMs));
  const module = await importModule(url.href);
  const handler = [module['default'], module['handler']].find((each) => typeof each === 'function');
  if (handler === undefined) throw new Error('The module exports no function.');
  return handler as FunctionHandler;
}
