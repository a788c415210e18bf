import { demand } from '../iam/authorize.js';
import type { Call, OperationInfo } from '../operation.js';
import { notEmulated as notEmulatedBy, Refusal } from '../wire/refusal.js';
import { findFunction, type LambdaFunction } from './model.js';

/** What an operation is asked. */
export interface LambdaInput {
  /** Decoded path segments by their name in the route. */
  readonly path: Readonly<Record<string, string>>;
  /** The query, decoded. */
  readonly query: URLSearchParams;
  /** The JSON body. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** One operation of Lambda. All of them are about one function. */
export interface LambdaOperation extends OperationInfo {
  /** Verb and path: 'GET /2015-03-31/functions/{FunctionName}'. */
  readonly route: string;
  /** HTTP status of success. */
  readonly success: number;
  /** Does it, and answers the output; undefined for an empty body. */
  run(call: Call, input: LambdaInput): unknown;
}

const NAME = /^(?:(?:arn:[^:]+:lambda:([^:]+):)?(\d{12}):function:)?([A-Za-z0-9_-]{1,64})(?::(.+))?$/;

/** Something that is not there: 404. */
export function notFound(message: string): Refusal {
  return new Refusal('ResourceNotFoundException', 404, message);
}

/** A member with a value that does not fit: 400. */
export function invalidParameter(message: string): Refusal {
  return new Refusal('InvalidParameterValueException', 400, message);
}

/** What this local cloud leaves out of an operation it has otherwise: 501, by name. */
export function notEmulated(operation: string): Refusal {
  return notEmulatedBy('lambda', operation);
}

/**
 * Finds the function that a call is about, and asks whether the caller may do that. A name may be short, partial or an ARN.
 *
 * @throws {Refusal} ValidationException, AccessDeniedException, ResourceNotFoundException; 501 for versions and aliases.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html
 */
export function demandFunction(call: Call, operation: string, { path, query }: LambdaInput): LambdaFunction {
  const named = path['FunctionName'] ?? '';
  const match = NAME.exec(named);
  if (match === null)
    throw new Refusal(
      'ValidationException',
      400,
      `1 validation error detected: Value '${named}' at 'functionName' failed to satisfy constraint: Member must satisfy regular expression pattern: ${NAME.source}`,
    );
  const { accountId: own, partition } = call.settings;
  const [, region = call.region, accountId = own, name = '', suffix] = match;
  if (suffix ?? query.get('Qualifier')) throw notEmulated(`${operation} Qualifier`);
  const arn = `arn:${partition}:lambda:${region}:${accountId}:function:${name}`;
  demand(call, { action: `lambda:${operation}`, resource: arn }, { code: 'AccessDeniedException', status: 403 });
  const found = region === call.region && accountId === own ? findFunction(call.store, region, name) : undefined;
  if (found === undefined) throw notFound(`Function not found: ${arn}`);
  return found;
}
