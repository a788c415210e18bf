type Method = (self: never, args: readonly unknown[]) => unknown;

const text = (value: unknown): string => (value === undefined || value === null ? '' : String(value));

const STRING: Readonly<Record<string, (self: string, args: readonly unknown[]) => unknown>> = {
  charAt: (self, [index]) => self.charAt(Number(index)),
  concat: (self, [other]) => self + text(other),
  contains: (self, [other]) => self.includes(text(other)),
  endsWith: (self, [other]) => self.endsWith(text(other)),
  equals: (self, [other]) => self === other,
  equalsIgnoreCase: (self, [other]) => self.toLowerCase() === text(other).toLowerCase(),
  indexOf: (self, [other, from]) => self.indexOf(text(other), Number(from ?? 0)),
  isEmpty: (self) => self === '',
  lastIndexOf: (self, [other]) => self.lastIndexOf(text(other)),
  length: (self) => self.length,
  matches: (self, [pattern]) => new RegExp(`^(?:${text(pattern)})$`).test(self),
  replace: (self, [old, fresh]) => self.split(text(old)).join(text(fresh)),
  replaceAll: (self, [pattern, fresh]) => self.replace(new RegExp(text(pattern), 'g'), replacement(fresh)),
  replaceFirst: (self, [pattern, fresh]) => self.replace(new RegExp(text(pattern)), replacement(fresh)),
  split: (self, [pattern]) => dropEmptyEnd(self.split(new RegExp(text(pattern)))),
  startsWith: (self, [other]) => self.startsWith(text(other)),
  substring: (self, [from, to]) => self.substring(Number(from), to === undefined ? self.length : Number(to)),
  toLowerCase: (self) => self.toLowerCase(),
  toString: (self: string) => self,
  toUpperCase: (self) => self.toUpperCase(),
  trim: (self) => self.trim(),
};

const LIST: Readonly<Record<string, (self: unknown[], args: readonly unknown[]) => unknown>> = {
  add: (self, [item]) => self.push(item) > 0,
  contains: (self, [item]) => self.includes(item),
  get: (self, [index]) => self[Number(index)],
  isEmpty: (self) => self.length === 0,
  size: (self) => self.length,
};

const MAP: Readonly<Record<string, (self: Record<string, unknown>, args: readonly unknown[]) => unknown>> = {
  containsKey: (self, [key]) => Object.hasOwn(self, text(key)),
  entrySet: (self) => Object.entries(self).map(([key, value]) => ({ key, value })),
  get: (self, [key]) => (Object.hasOwn(self, text(key)) ? self[text(key)] : undefined),
  getKey: (self) => self['key'],
  getValue: (self) => self['value'],
  isEmpty: (self) => Object.keys(self).length === 0,
  keySet: (self) => Object.keys(self),
  put: putInto,
  putAll: (self, [other]) => Object.entries(other ?? {}).map((entry) => putInto(self, entry)).length,
  remove: (self, [key]) => Reflect.deleteProperty(self, text(key)),
  size: (self) => Object.keys(self).length,
  values: (self) => Object.values(self),
};

/**
 * Calls a method of a template's value as Java would: Strings, Lists and Maps have those methods that AWS's documentation uses, and an
 * object its own functions. Undefined for a method that is not there, which Velocity prints as nothing.
 *
 * @see https://docs.oracle.com/javase/8/docs/api/java/lang/String.html
 */
export function callJavaMethod(self: unknown, name: string, args: readonly unknown[]): unknown {
  if (typeof self === 'string') return call(STRING, name, self, args);
  if (typeof self === 'number' || typeof self === 'boolean') return call(STRING, name, String(self), args);
  if (Array.isArray(self)) return call(LIST, name, self, args);
  if (typeof self !== 'object' || self === null) return undefined;
  const own = Object.hasOwn(self, name) ? (self as Record<string, unknown>)[name] : undefined;
  return typeof own === 'function' ? own(...args) : call(MAP, name, self, args);
}

function call(
  methods: Readonly<Record<string, Method>>,
  name: string,
  self: unknown,
  args: readonly unknown[],
): unknown {
  return Object.hasOwn(methods, name) ? methods[name]?.(self as never, args) : undefined;
}

/** A Java replacement in JavaScript's terms: `$1` is a group in both, but `\x` is a plain x, and `$` has no other meaning. */
function replacement(fresh: unknown): string {
  return text(fresh).replace(/\\(.)|\$(?!\d)/gs, (_, char: string | undefined) =>
    (char ?? '$').replaceAll('$', '$$$$'),
  );
}

function dropEmptyEnd(parts: string[]): string[] {
  return parts.slice(0, parts.findLastIndex((part) => part !== '') + 1);
}

function putInto(self: Record<string, unknown>, [key, value]: readonly unknown[]): unknown {
  const before = Object.hasOwn(self, text(key)) ? self[text(key)] : undefined;
  Object.defineProperty(self, text(key), { value, configurable: true, enumerable: true, writable: true });
  return before;
}
