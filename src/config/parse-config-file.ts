import type { z } from 'zod';
import { ConfigError, type ConfigPlace } from '../errors.js';
import { findKnownFields } from './known-fields.js';
import { findNearest } from './nearest.js';
import { quoteValue } from './quote-value.js';
import { type ConfigFile, configFileSchema } from './schema.js';
import { type Position, readYaml, type YamlSource } from './yaml-source.js';

/** One broken rule, as the schema reports it. */
interface Fault {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  /** Set when the fault is a field that nobody knows. */
  readonly unknownField?: string;
}

/**
 * Checks the text of a config file against the schema.
 *
 * Of several faults the one that stands first in the file is reported, a wrong version before all others.
 *
 * @throws {ConfigError} with file, line, column, field, rule and value.
 */
export function parseConfigFile(text: string, file: string): ConfigFile {
  const source = readYaml(text, file);
  if (source.value === null || source.value === undefined) {
    const suggestions = [`remove ${file}, then: pixgate init`];
    throw new ConfigError(`Cannot read ${file}: it is empty.`, { file }, { suggestions });
  }
  const result = configFileSchema.safeParse(source.value);
  if (result.success) return result.data;
  const all = result.error.issues.flatMap((issue) => faultsOf(issue));
  const faults = all.filter((fault) => !isMisspelled(fault, all, source.value));
  const placed = faults.map((fault) => ({ fault, place: placeOf(fault, source) }));
  placed.sort(
    (a, b) => rank(a.fault) - rank(b.fault) || a.place.line - b.place.line || a.place.column - b.place.column,
  );
  const [first] = placed;
  if (first === undefined) throw result.error;
  throw toConfigError(file, first.fault, first.place, source.value);
}

type Issue = z.core.$ZodIssue;

/** Of a value that may have several shapes, the faults inside of the shape it was meant to have. */
function faultsOf(issue: Issue, above: readonly PropertyKey[] = []): Fault[] {
  const path = [...above, ...issue.path];
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((unknownField) => ({ path, message: 'is not a known field', unknownField }));
  const meant = issue.code === 'invalid_union' ? issue.errors.find((faults) => faults.some(isInside)) : undefined;
  return meant === undefined ? [{ path, message: issue.message }] : meant.flatMap((fault) => faultsOf(fault, path));
}

/** Whether a field is missing beside one that nobody knows, which is then what was meant to be it. */
function isMisspelled(fault: Fault, all: readonly Fault[], whole: unknown): boolean {
  if (fault.unknownField !== undefined || rank(fault) === 0 || valueAt(whole, fault.path) !== undefined) return false;
  const parent = renderField(fault.path.slice(0, -1));
  return all.some(({ path, unknownField }) => unknownField !== undefined && renderField(path) === parent);
}

function isInside({ path }: Issue): boolean {
  return path.length > 0;
}

function rank(fault: Fault): number {
  return fault.path[0] === 'version' ? 0 : 1;
}

function placeOf(fault: Fault, source: YamlSource): Position {
  return fault.unknownField === undefined
    ? source.locate(fault.path)
    : source.locateKey(fault.path, fault.unknownField);
}

function toConfigError(file: string, fault: Fault, position: Position, whole: unknown): ConfigError {
  const steps = fault.unknownField === undefined ? fault.path : [...fault.path, fault.unknownField];
  const field = steps.length === 0 ? 'the file' : renderField(steps);
  const place: ConfigPlace = { file, ...position, field, rule: fault.message };
  const start = `Cannot read ${file}: line ${position.line}, ${field} ${fault.message}`;
  if (fault.unknownField !== undefined) {
    // What stands there is not repeated: it may be a secret that somebody put into the wrong file.
    const known = findKnownFields(fault.path);
    const meant = findNearest(fault.unknownField, known, Math.max(2, Math.floor(fault.unknownField.length / 3)));
    const suggestion = meant === undefined ? `the fields known here are ${known.join(', ')}` : `did you mean ${meant}?`;
    return new ConfigError(`${start}.`, place, { suggestions: [suggestion] });
  }
  const value = valueAt(whole, fault.path);
  if (value === undefined) return new ConfigError(`${start}: it is missing.`, place);
  return new ConfigError(`${start}: got ${quoteValue(value)}.`, { ...place, value: quoteValue(value) });
}

/** Renders a path as people write it: `mounts[0].bucket.name`. */
export function renderField(path: readonly PropertyKey[]): string {
  return path
    .map((step) => {
      if (typeof step === 'number') return `[${step}]`;
      const name = String(step);
      return `.${/^[\w.-]+$/.test(name) ? name : quoteValue(name)}`;
    })
    .join('')
    .replace(/^\./, '');
}

/** Finds the value at a path of plain data; undefined where there is none. */
export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (node, step) =>
      typeof node === 'object' && node !== null && Object.hasOwn(node, step) ? Reflect.get(node, step) : undefined,
    value,
  );
}
