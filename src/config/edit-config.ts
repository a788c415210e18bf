import { isDeepStrictEqual } from 'node:util';
import { type Document, isMap, isNode, isScalar, parseDocument, stringify } from 'yaml';
import { ConfigError } from '../errors.js';
import type { ConfigAnswers } from './answers.js';
import { applyOverrides } from './apply-overrides.js';
import { parseConfigFile, renderField, valueAt } from './parse-config-file.js';

/** A config file's text, and answers that are no longer what it says. */
export interface ConfigEdit {
  /** YAML that is a valid config file. */
  readonly text: string;
  /** Path of the file, for messages. */
  readonly file: string;
  /** What is to be said instead; what concerns a mount goes to the first one. */
  readonly answers: Partial<
    Pick<ConfigAnswers, 'name' | 'region' | 'source' | 'access' | 'mount' | 'bucket' | 'create' | 'cacheSizeGb'>
  >;
}

type Path = readonly (string | number)[];

/** The places that answers can change. */
const PLACES: readonly Path[] = [
  ['name'],
  ['region'],
  ['cache'],
  ...['path', 'source', 'access'].map((field) => ['mounts', 0, field]),
  ['mounts', 0, 'bucket'],
];

/**
 * Writes answers into the text of a config file. What they do not concern stays, comments too; a value that stands where
 * it can be replaced by itself changes nothing around it.
 *
 * @throws {ConfigError} when the text is no config file, or says it in a way that cannot be changed in one place.
 */
export function editConfig({ text, file, answers }: ConfigEdit): string {
  const before = parseConfigFile(text, file);
  const wanted = applyOverrides(before, answers);
  const changed = PLACES.filter((path) => !isDeepStrictEqual(valueAt(before, path), valueAt(wanted, path)));
  const after = changed.reduce((now, path) => put(now, path, valueAt(wanted, path)), text);
  // Aliases and merges can make one place stand for several: then the file would say more than was asked for.
  if (isDeepStrictEqual(parseConfigFile(after, file), wanted)) return after;
  const field = changed.map(renderField).join(', ');
  throw new ConfigError(
    `Cannot change ${file}: ${field} cannot be changed in one place.`,
    { file, field },
    { code: 'CONFIG_NOT_CHANGED', suggestions: [`edit ${file}`] },
  );
}

function put(text: string, path: Path, value: unknown): string {
  const document = parseDocument(text, { stringKeys: true });
  const node = document.getIn(path, true);
  const plain = isNode(node) && node.range && !(isMap(node) && !node.flow) && !node.anchor;
  if (plain && node.range && value !== undefined) {
    return text.slice(0, node.range[0]) + flow(value) + text.slice(node.range[1]);
  }
  const key = keyOf(document, path);
  if (value !== undefined && isMap(node) && node.range && !node.anchor && key?.range) {
    const end = text.slice(0, node.range[1]).trimEnd().length;
    return `${text.slice(0, key.range[1])}: ${flow(value)}${text.slice(end)}`;
  }
  const added = value !== undefined && node === undefined ? addLine(text, document, path, value) : undefined;
  if (added !== undefined) return added;
  if (value === undefined) return removeLine(text, document, path) ?? restate(document, path, value);
  return restate(document, path, value);
}

function keyOf(document: Document, path: Path) {
  const map = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (!isMap(map)) return undefined;
  const key = map.items.map((pair) => pair.key).find((one) => isScalar(one) && one.value === path.at(-1));
  return isNode(key) ? key : undefined;
}

function flow(value: unknown): string {
  return stringify(value, { collectionStyle: 'flow', lineWidth: 0, singleQuote: true, blockQuote: false }).trimEnd();
}

/** A field of a map in lines comes before the map's first one, and takes its indentation. */
function addLine(text: string, document: Document, path: Path, value: unknown): string | undefined {
  const start = startOf(document, path.slice(0, -1));
  if (start === undefined) return undefined;
  const indent = ' '.repeat(start - (text.lastIndexOf('\n', start - 1) + 1));
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  const line = `${String(path.at(-1))}: ${flow(value)}`;
  // Below the first field, where that has one line, so that the file still begins with what it is.
  const next = endOfLine(text, start) + 1;
  const isWhole = /^[^\s:]+: *[^\s#|>&].*\r?\n$/.test(text.slice(start, next));
  return isWhole
    ? `${text.slice(0, next)}${indent}${line}${lineEnd}${text.slice(next)}`
    : `${text.slice(0, start)}${line}${lineEnd}${indent}${text.slice(start)}`;
}

/** A field that has a line to itself goes with it. */
function removeLine(text: string, document: Document, path: Path): string | undefined {
  const node = document.getIn(path, true);
  if (path.length > 1 || !isNode(node) || !node.range || (isMap(node) && !node.flow)) return undefined;
  const start = text.lastIndexOf('\n', node.range[0] - 1) + 1;
  const next = endOfLine(text, node.range[1]) + 1;
  return text.slice(start).startsWith(`${String(path[0])}:`) ? text.slice(0, start) + text.slice(next) : undefined;
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}

/** Where the first field of a map in lines begins. */
function startOf(document: Document, path: Path): number | undefined {
  const map = path.length === 0 ? document.contents : document.getIn(path, true);
  if (!isMap(map) || map.flow) return undefined;
  const [first] = map.items;
  return isNode(first?.key) ? first.key.range?.[0] : undefined;
}

/** Has the whole file written anew, comments and all; only the spaces before them may change. */
function restate(document: Document, path: Path, value: unknown): string {
  if (value === undefined) document.deleteIn(path);
  else document.setIn(path, document.createNode(value, { flow: true }));
  return document.toString({ lineWidth: 0 });
}
