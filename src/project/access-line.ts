import type { LoggedRequest } from '../model/result.js';

/** What one line of the access log tells, but for the time, which CloudWatch knows better. */
export type AccessLine = Omit<LoggedRequest, 'at' | 'text' | 'execution'>;

/**
 * Reads a line of the access log; undefined when it is not of our format, as from before a change of it.
 *
 * AWS: a variable that is not set prints as "-". On a cache hit that is so of the integration's (inferred; no published
 * recording shows it), and for an answer that API Gateway gives by itself, which also has an error type.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
 */
export function parseAccessLine(message: string): AccessLine | undefined {
  const fields = parseObject(message);
  if (fields === undefined) return undefined;
  const text = (name: string): string | undefined => {
    const value = fields[name];
    return typeof value === 'string' && value !== '-' && value !== '' ? value : undefined;
  };
  const number = (name: string): number | undefined => {
    const value = text(name);
    return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
  };
  const error = text('errorType');
  const method = text('httpMethod');
  const status = number('status');
  if (status === undefined) return undefined;
  // A preflight is answered without asking S3, and without a cache.
  const mayCache = error === undefined && method === 'GET' && fields['integrationStatus'] === '-';
  return withoutUndefined({
    extendedRequestId: text('extendedRequestId'),
    requestId: text('requestId'),
    status,
    method,
    resource: text('resourcePath'),
    ms: number('responseLatency'),
    bytes: number('responseLength'),
    ip: text('ip'),
    cached: mayCache,
    error,
  });
}

function parseObject(message: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const fields: unknown = JSON.parse(message);
    return typeof fields === 'object' && fields !== null ? (fields as Record<string, unknown>) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

type WithoutUndefined<T> = { [Name in keyof T]?: Exclude<T[Name], undefined> };

function withoutUndefined<T extends object>(fields: T): WithoutUndefined<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as WithoutUndefined<T>;
}
