import type { Call, Handled, OperationInfo, Service, WireRequest, WireResponse } from '../operation.js';
import { constraintMessage, notEmulated, Refusal } from './refusal.js';

/** What a text member must look like. */
export interface TextRule {
  /** Fewest characters. @default 0 */
  readonly min?: number;
  /** Most characters. @default no limit */
  readonly max?: number;
  /** What the whole of it must match, without anchors. */
  readonly pattern?: string;
}

/** The members of one call. Every reader refuses a value of another JSON type with SerializationException. */
export interface JsonInput {
  /** A text, or undefined when it is absent or null. */
  findText(name: string, rule?: TextRule): string | undefined;
  /** A text. @throws {Refusal} InvalidParameterException when it is absent. */
  getText(name: string, rule?: TextRule): string;
  /** A whole number from `min` to `max`, or undefined when it is absent. */
  findInteger(name: string, min: number, max: number): number | undefined;
  /** A yes or no; false when it is absent. */
  isTrue(name: string): boolean;
  /** A list of texts; [] when it is absent. */
  texts(name: string): string[];
  /** A map from text to text; {} when it is absent. */
  textMap(name: string): Record<string, string>;
  /** One structure; without members when it is absent. */
  structure(name: string): JsonInput;
  /** A list of structures; [] when it is absent. */
  structures(name: string): JsonInput[];
  /** Whether the member is there and not null. */
  has(name: string): boolean;
}

/** One operation of a service that speaks JSON 1.1. */
export interface JsonOperation extends OperationInfo {
  /** Does it, and answers its output; undefined when it has none, which is an empty body. */
  run(input: JsonInput, call: Call): Readonly<Record<string, unknown>> | undefined;
}

/** Names of one JSON service. */
export interface JsonDialect {
  /** 'logs'. */
  readonly signingName: string;
  /** What stands before the operation's name in `X-Amz-Target`, with the dot: 'Logs_20140328.'. */
  readonly targetPrefix: string;
}

/**
 * Makes a service of operations that speak AWS JSON 1.1: the operation's name in `X-Amz-Target`, JSON in and out.
 *
 * @see https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
 */
export function createJsonService(dialect: JsonDialect, operations: readonly JsonOperation[]): Service {
  const byName = new Map(operations.map((operation) => [operation.name, operation]));
  return {
    signingName: dialect.signingName,
    operations,
    handle(request: WireRequest, call: Call): Handled {
      const target = request.headers['x-amz-target'];
      const name = target?.startsWith(dialect.targetPrefix) ? target.slice(dialect.targetPrefix.length) : undefined;
      try {
        if (name === undefined) throw new Refusal('UnknownOperationException', 400, '');
        const operation = byName.get(name);
        if (operation === undefined) throw notEmulated(dialect.signingName, name);
        const output = operation.run(readJson(parseBody(request.body)), call);
        return { operation: name, response: jsonResponse(200, output, call.requestId) };
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        return { operation: name, response: toJsonError(error, call.requestId) };
      }
    },
  };
}

/** An error of a JSON 1.1 service, as it goes over the wire. */
export function toJsonError(refusal: Refusal, requestId: string): WireResponse {
  return jsonResponse(refusal.status, { __type: refusal.code, message: refusal.message }, requestId);
}

function jsonResponse(status: number, output: unknown, requestId: string): WireResponse {
  const body = Buffer.from(output === undefined ? '' : JSON.stringify(output));
  const headers = {
    'x-amzn-RequestId': requestId,
    'Content-Type': 'application/x-amz-json-1.1',
    'Content-Length': String(body.length),
  };
  return { status, headers, body };
}

function parseBody(body: Uint8Array): Record<string, unknown> {
  if (body.length === 0) return {};
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString());
    if (isRecord(value)) return value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw wrongShape();
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wrongShape(): Refusal {
  return new Refusal('SerializationException', 400, '');
}

function readJson(members: Record<string, unknown>): JsonInput {
  const find = (name: string): unknown => (Object.hasOwn(members, name) ? (members[name] ?? undefined) : undefined);
  const listOf = (name: string): unknown[] => {
    const value = find(name) ?? [];
    if (!Array.isArray(value)) throw wrongShape();
    return value;
  };
  const findText = (name: string, rule: TextRule = {}): string | undefined => {
    const value = find(name);
    if (value === undefined) return undefined;
    if (typeof value !== 'string') throw wrongShape();
    checkText(name, value, rule);
    return value;
  };
  return {
    findText,
    getText(name, rule) {
      const value = findText(name, rule);
      if (value === undefined) throw invalid(name, undefined, 'Member must not be null');
      return value;
    },
    findInteger(name, min, max) {
      const value = find(name);
      if (value === undefined) return undefined;
      if (typeof value !== 'number' || !Number.isInteger(value)) throw wrongShape();
      if (value < min) throw invalid(name, value, `Member must have value greater than or equal to ${min}`);
      if (value > max) throw invalid(name, value, `Member must have value less than or equal to ${max}`);
      return value;
    },
    isTrue(name) {
      const value = find(name) ?? false;
      if (typeof value !== 'boolean') throw wrongShape();
      return value;
    },
    texts: (name) => listOf(name).map(toText),
    textMap(name) {
      const value = find(name) ?? {};
      if (!isRecord(value)) throw wrongShape();
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toText(item)]));
    },
    structure(name) {
      const value = find(name) ?? {};
      if (!isRecord(value)) throw wrongShape();
      return readJson(value);
    },
    structures: (name) =>
      listOf(name).map((item) => {
        if (!isRecord(item)) throw wrongShape();
        return readJson(item);
      }),
    has: (name) => find(name) !== undefined,
  };
}

function toText(value: unknown): string {
  if (typeof value !== 'string') throw wrongShape();
  return value;
}

function checkText(name: string, value: string, { min = 0, max = Infinity, pattern }: TextRule): void {
  if (value.length < min) throw invalid(name, value, `Member must have length greater than or equal to ${min}`);
  if (value.length > max) throw invalid(name, value, `Member must have length less than or equal to ${max}`);
  if (pattern !== undefined && !new RegExp(`^(?:${pattern})$`, 'u').test(value))
    throw invalid(name, value, `Member must satisfy regular expression pattern: ${pattern}`);
}

function invalid(name: string, value: unknown, constraint: string): Refusal {
  return new Refusal('InvalidParameterException', 400, constraintMessage(name, value, constraint));
}
