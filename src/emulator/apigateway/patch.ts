import type { Refusal } from '../wire/refusal.js';
import { badRequest, notFound } from './errors.js';
import { fields, listOf, oneOf, required, text } from './shape.js';

/** One change of an Update operation: like JSON Patch, but its values are always texts. */
export interface PatchOperation {
  /** What is done: add, remove and replace are known to most paths. */
  readonly op: string;
  /** A JSON pointer: `~1` stands for a slash and `~0` for a tilde. */
  readonly path: string | undefined;
  /** The new value; absent for remove, and for a list's entries, whose path is their value. */
  readonly value: string | undefined;
}

/** The body of every Update operation. */
export const PATCH_BODY = {
  patchOperations: listOf(
    fields({
      op: required(oneOf(['add', 'remove', 'move', 'test', 'replace', 'copy'])),
      path: text(),
      value: text(),
      from: text(),
    }),
  ),
};

/** Changes `document`; `name` is the last, unescaped segment where the rule's path ends in `*`. */
export type Change<T> = (document: T, value: string | undefined, name: string) => void;

/** What may be done to one path. */
export interface PatchRule<T> {
  /** Adds an entry. */
  readonly add?: Change<T>;
  /** Takes an entry away. */
  readonly remove?: Change<T>;
  /** Gives something another value. */
  readonly replace?: Change<T>;
}

/** By path: '/name', or '/requestParameters/*' for the entries of a map. */
export type PatchRules<T> = Readonly<Record<string, PatchRule<T>>>;

/** How one kind of resource refuses a patch. */
export interface PatchRefusals {
  /** A path that is not there at all. */
  unknownPath(op: string, path: string, paths: readonly string[]): Refusal;
  /** A path that is there, but not for this operation. */
  unknownOp(op: string, path: string, ops: readonly string[]): Refusal;
}

/** The refusals of most kinds. */
export const PLAIN_REFUSALS: PatchRefusals = {
  unknownPath: (_op, path) => badRequest(`Invalid patch path ${path}`),
  unknownOp: (_op, _path, ops) => badRequest(`Invalid patch operation specified. Must be one of: [${ops.join(', ')}]`),
};

/** The refusals that list the paths; AWS writes two blanks behind "path" (recorded for UpdateResource). */
export const LISTING_REFUSALS: PatchRefusals = {
  unknownPath: (op, path, paths) =>
    badRequest(`Invalid patch path  '${path}' specified for op '${op}'. Must be one of: [${paths.join(', ')}]`),
  unknownOp: (op, path) =>
    badRequest(`Invalid patch path  '${path}' specified for op '${op}'. Please choose supported operations`),
};

/**
 * Applies changes to `document`, in order.
 *
 * @throws {Refusal} at the first change that no rule allows; earlier changes are in `document`, so do not keep it then.
 */
export function applyPatch<T>(
  document: T,
  operations: readonly PatchOperation[] | undefined,
  rules: PatchRules<T>,
  refusals: PatchRefusals = PLAIN_REFUSALS,
): void {
  for (const { op, path = 'null', value } of operations ?? []) {
    const { rule, name } = findRule(rules, path);
    if (rule === undefined) throw refusals.unknownPath(op, path, Object.keys(rules));
    const change = rule[op as keyof PatchRule<T>];
    if (change === undefined) throw refusals.unknownOp(op, path, Object.keys(rule));
    change(document, value, name);
  }
}

function findRule<T>(rules: PatchRules<T>, path: string): { rule: PatchRule<T> | undefined; name: string } {
  // A path may end in a literal `/*`, which is then the name of an entry.
  if (Object.hasOwn(rules, path) && !path.endsWith('/*')) return { rule: rules[path], name: '' };
  const [empty, field, name, ...more] = path.split('/');
  if (empty !== '' || name === undefined || name === '' || more.length > 0) return { rule: undefined, name: '' };
  return { rule: rules[`/${field}/*`], name: unescapeSegment(name) };
}

/** One segment of a JSON pointer as plain text. */
export function unescapeSegment(segment: string): string {
  return segment.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** What `entryRule` needs to know of a map. */
export interface EntryRule<T, V> {
  /** The map, made if it is not there. */
  pick(document: T): Record<string, V>;
  /** The entry that a value stands for. @throws {Refusal} when it stands for none. */
  read(value: string | undefined, name: string): V;
  /** What is said of an entry that is not there: 404. */
  readonly missing: string;
}

/** Rules for the entries of a map: added, replaced and removed by name. */
export function entryRule<T, V>({ pick, read, missing }: EntryRule<T, V>): Required<PatchRule<T>> {
  const mustHave = (document: T, name: string) => {
    if (!Object.hasOwn(pick(document), name)) throw notFound(missing);
  };
  const add: Change<T> = (document, value, name) => {
    pick(document)[name] = read(value, name);
  };
  return {
    add,
    replace(document, value, name) {
      mustHave(document, name);
      add(document, value, name);
    },
    remove(document, _value, name) {
      mustHave(document, name);
      delete pick(document)[name];
    },
  };
}

/** Removes the members of `names` that are empty maps: AWS leaves those out of its answers. */
export function dropEmpty<T extends object>(document: T, names: readonly (keyof T)[]): void {
  for (const name of names) {
    const value = document[name];
    if (typeof value === 'object' && value !== null && Object.keys(value).length === 0) delete document[name];
  }
}
