import type { Call, OperationInfo } from '../operation.js';
import { parseJsonObject } from '../wire/rest-json.js';
import { serialization, validation } from './errors.js';
import { type Fields, fields, type Read, type Shape } from './shape.js';

/** The names in braces of a route. */
export type Labels<R extends string> = R extends `${string}{${infer Name}}${infer Rest}` ? Name | Labels<Rest> : never;

/** What an operation is asked. */
export interface Input<R extends string, F extends Fields> {
  /** Decoded path segments by their name in the route. */
  readonly path: Readonly<Record<Labels<R>, string>>;
  /** The query, decoded. */
  readonly query: URLSearchParams;
  /** The members of the JSON body that the operation knows. */
  readonly body: Read<F>;
}

/** One operation as its file writes it down. */
export interface Definition<R extends string, F extends Fields> extends Omit<OperationInfo, 'mutating'> {
  /** Verb and path: 'GET /restapis/{restApiId}'. */
  readonly route: R;
  /** HTTP status of success. */
  readonly success: number;
  /** Whether a call can change the account. @default every verb but GET */
  readonly mutating?: boolean;
  /** Constraints on path segments. */
  readonly labels?: Partial<Record<Labels<R>, Shape<string>>>;
  /** Members of the body. @default none */
  readonly body?: F;
  /** Does it, and answers the output; undefined for an empty body. All checks come before the first write. */
  run(call: Call, input: Input<R, F>): unknown;
}

/** One request that has been matched with its operation, not yet decoded. */
export interface RawInput {
  /** Decoded path segments by their name in the route. */
  readonly path: Readonly<Record<string, string>>;
  /** The query, decoded. */
  readonly query: URLSearchParams;
  /** The bytes of the body. */
  readonly body: Uint8Array;
}

/** One operation, ready to be called. */
export interface Operation extends OperationInfo {
  /** Verb and path: 'GET /restapis/{restApiId}'. */
  readonly route: string;
  /** HTTP status of success. */
  readonly success: number;
  /** Decodes, checks shapes and runs. @throws {Refusal} what AWS would refuse. */
  run(call: Call, input: RawInput): unknown;
}

/** Makes an operation of its definition. */
export function operation<R extends string, F extends Fields = Record<never, never>>(
  definition: Definition<R, F>,
): Operation {
  const { name, fidelity, source, route, success, labels = {}, body = {} as F, run } = definition;
  const shape = fields(body);
  const inputName = `${name.charAt(0).toLowerCase()}${name.slice(1)}Input`;
  return {
    name,
    fidelity,
    source,
    route,
    success,
    mutating: definition.mutating ?? !route.startsWith('GET '),
    run(call, raw) {
      const members = parseJsonObject(raw.body);
      if (members === undefined) throw serialization('Unexpected field type');
      const problems: string[] = [];
      for (const [label, constraint] of Object.entries<Shape<string> | undefined>(labels))
        constraint?.read(raw.path[label], label, problems);
      const read = shape.read(members, inputName, problems);
      if (problems.length > 0) throw validation(problems);
      return run(call, { path: raw.path as Input<R, F>['path'], query: raw.query, body: read });
    },
  };
}
