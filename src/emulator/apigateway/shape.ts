import { notEmulated, serialization } from './errors.js';

/** How one member of a request is read, and what it must look like. */
export interface Shape<T> {
  /** Answers the value. A broken constraint is added to `problems`. @throws {Refusal} when the JSON type is wrong. */
  read(value: unknown, path: string, problems: string[]): T;
}

/** A member that must be there. */
export interface RequiredShape<T> extends Shape<T> {
  /** Marks it. */
  readonly required: true;
}

/** Members of a structure, by wire name. */
export type Fields = Readonly<Record<string, Shape<unknown>>>;

/** What a structure with these members reads as. */
export type Read<F extends Fields> = {
  readonly [K in keyof F]: F[K] extends RequiredShape<infer T>
    ? T
    : F[K] extends Shape<infer T>
      ? T | undefined
      : never;
};

/** One line of a validation message. */
export function problem(path: string, value: unknown, constraint: string): string {
  const shown = value === undefined || value === null ? 'Value null' : `Value '${String(value)}'`;
  return `${shown} at '${path}' failed to satisfy constraint: ${constraint}`;
}

/** Makes a member one that must be there. */
export function required<T>(shape: Shape<T>): RequiredShape<T> {
  return { required: true, read: shape.read };
}

/** A text; `pattern` is a regular expression for the whole of it, as AWS prints it. */
export function text(pattern?: string): Shape<string> {
  const whole = pattern === undefined ? undefined : new RegExp(`^(?:${pattern})$`);
  return {
    read(value, path, problems) {
      const read = toText(value);
      if (whole?.test(read) === false)
        problems.push(problem(path, read, `Member must satisfy regular expression pattern: ${pattern}`));
      return read;
    },
  };
}

/** One of a few texts. */
export function oneOf<const V extends readonly string[]>(values: V): Shape<V[number]> {
  return {
    read(value, path, problems) {
      const read = toText(value);
      if (!values.includes(read)) problems.push(problem(path, read, enumeration(values)));
      return read;
    },
  };
}

/** A list of a few texts; one wrong text is told of the whole list. */
export function someOf<const V extends readonly string[]>(values: V): Shape<V[number][]> {
  return {
    read(value, path, problems) {
      const read = toList(value).map(toText);
      if (!read.every((item) => values.includes(item)))
        problems.push(
          problem(path, `[${read.join(', ')}]`, `Member must satisfy constraint: [${enumeration(values)}]`),
        );
      return read;
    },
  };
}

/** Yes or no. */
export const flag: Shape<boolean> = {
  read(value) {
    if (typeof value !== 'boolean') throw serialization(`${javaClass(value)} can not be converted to an Boolean`);
    return value;
  },
};

/** A whole number. */
export const integer: Shape<number> = {
  read(value) {
    if (typeof value !== 'number') throw serialization(`${javaClass(value)} can not be converted to an Integer`);
    return Math.trunc(value);
  },
};

/** Any number. */
export const double: Shape<number> = {
  read(value) {
    if (typeof value !== 'number') throw serialization(`${javaClass(value)} can not be converted to an Double`);
    return value;
  },
};

/** A list; members are numbered from 1 in messages. */
export function listOf<T>(member: Shape<T>): Shape<T[]> {
  return {
    read: (value, path, problems) =>
      toList(value).map((item, index) => member.read(item, `${path}.${index + 1}.member`, problems)),
  };
}

/** A map from text to something. */
export function mapOf<T>(member: Shape<T>): Shape<Record<string, T>> {
  return {
    read(value, path, problems) {
      const entries = Object.entries(toRecord(value));
      return Object.fromEntries(
        entries.map(([key, item]) => [key, member.read(item, `${path}.${key}.member`, problems)]),
      );
    },
  };
}

/** A structure. Members it does not know are ignored, and null is the same as absent. */
export function fields<F extends Fields>(members: F): Shape<Read<F>> {
  return {
    read(value, path, problems) {
      const record = toRecord(value);
      const read: Record<string, unknown> = {};
      for (const [name, shape] of Object.entries(members)) {
        const inner = `${path}.${name}`;
        const item = Object.hasOwn(record, name) ? (record[name] ?? undefined) : undefined;
        if (item !== undefined) read[name] = shape.read(item, inner, problems);
        else if ('required' in shape) problems.push(problem(inner, undefined, 'Member must not be null'));
      }
      return read as Read<F>;
    },
  };
}

/** A member of AWS's that the local cloud does not emulate; asking for it is refused by name. */
export function leftOut(name: string): Shape<undefined> {
  return {
    read() {
      throw notEmulated(name);
    },
  };
}

const enumeration = (values: readonly string[]) => `Member must satisfy enum value set: [${values.join(', ')}]`;

function toText(value: unknown): string {
  if (typeof value === 'string') return value;
  throw serialization(`${javaClass(value)} can not be converted to an String`);
}

function toList(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  throw serialization('Unexpected field type');
}

function toRecord(value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw serialization('Unexpected field type');
}

/** The class that AWS's own JSON reader names in its messages. */
function javaClass(value: unknown): string {
  if (typeof value === 'number') return 'class com.amazon.coral.value.json.numbers.TruncatingBigNumber';
  if (typeof value === 'boolean') return 'class java.lang.Boolean';
  if (typeof value === 'string') return 'class java.lang.String';
  return Array.isArray(value) ? 'class java.util.ArrayList' : 'class java.util.LinkedHashMap';
}
