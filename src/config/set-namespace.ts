import { isDeepStrictEqual } from 'node:util';
import { isMap, isScalar, isSeq, type Node, type Pair, parseDocument, type YAMLMap } from 'yaml';
import { ConfigError } from '../errors.js';
import { parseConfigFile } from './parse-config-file.js';
import type { ConfigFile } from './schema.js';

/** A config file's text, in which the bucket of one mount is to have a global name. */
export interface GlobalName {
  /** YAML that is a valid config file. */
  readonly text: string;
  /** Path of the file, for messages. */
  readonly file: string;
  /** Which mount, counted from 0. */
  readonly mount: number;
}

/** A piece of the text and what takes its place. */
interface Edit {
  readonly from: number;
  readonly to: number;
  readonly put: string;
}

type Field = Pair<Node, Node | null>;

/**
 * Writes `namespace: global` at the bucket of a mount, and keeps every other character: comments, order, line ends.
 *
 * @throws {ConfigError} when the text is no config file, or says it in a way that cannot be changed in one place.
 */
export function setGlobalName({ text, file, mount }: GlobalName): string {
  const before = parseConfigFile(text, file);
  const edit = findEdit(text, mount);
  if (edit === undefined) throw byHand(file, mount);
  const after = text.slice(0, edit.from) + edit.put + text.slice(edit.to);
  // Aliases and merges can make one place stand for several: then the file would say more than was asked for.
  if (!isDeepStrictEqual(parseConfigFile(after, file), expected(before, mount))) throw byHand(file, mount);
  return after;
}

function expected(file: ConfigFile, index: number): ConfigFile {
  const mounts = file.mounts.map((mount, at) =>
    at === index ? { ...mount, bucket: { ...mount.bucket, namespace: 'global' as const } } : mount,
  );
  return { ...file, mounts };
}

function byHand(file: string, mount: number): ConfigError {
  const field = `mounts[${mount}].bucket.namespace`;
  return new ConfigError(
    `Cannot change ${file}: ${field} is shared with other parts of the file.`,
    { file, field },
    { code: 'CONFIG_NOT_CHANGED', suggestions: [`set ${field} to global in ${file}`] },
  );
}

function findEdit(text: string, index: number): Edit | undefined {
  const root = parseDocument(text, { stringKeys: true }).contents;
  const mounts = isMap(root) ? fieldOf(root, 'mounts') : undefined;
  const mount = isSeq(mounts) ? mounts.items[index] : undefined;
  if (!isMap(mount)) return undefined;
  const bucket = fieldOf(mount, 'bucket');
  if (bucket === undefined) return addField(text, mount, 'bucket: { namespace: global }', 'path');
  if (!isMap(bucket)) return undefined;
  const namespace = fieldOf(bucket, 'namespace');
  if (namespace === undefined) return addField(text, bucket, 'namespace: global', 'name');
  if (!isScalar(namespace) || !namespace.range) return undefined;
  return { from: namespace.range[0], to: namespace.range[1], put: 'global' };
}

function fieldsOf(map: YAMLMap): Field[] {
  return map.items as Field[];
}

function nameOf({ key }: Field): unknown {
  return isScalar(key) ? key.value : undefined;
}

function fieldOf(map: YAMLMap, name: string): Node | null | undefined {
  return fieldsOf(map).find((field) => nameOf(field) === name)?.value;
}

/** Adds a field: in braces behind the last one, else on a line of its own, below the neighbour where that has one line. */
function addField(text: string, map: YAMLMap, field: string, neighbour: string): Edit | undefined {
  const fields = fieldsOf(map);
  const [first] = fields;
  if (map.flow) {
    const end = first === undefined ? undefined : fields.at(-1)?.value?.range?.[1];
    if (end !== undefined) return insertion(end, `, ${field}`);
    return map.range && first === undefined ? insertion(map.range[0] + 1, ` ${field} `) : undefined;
  }
  const start = first?.key.range?.[0];
  if (start === undefined) return undefined;
  const indent = ' '.repeat(start - (text.lastIndexOf('\n', start - 1) + 1));
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  const below = [...fields].sort((one, two) => rank(one, neighbour) - rank(two, neighbour)).find(endsOnItsLine);
  const end = below?.value?.range?.[1];
  if (end === undefined) return insertion(start, `${field}${lineEnd}${indent}`);
  const next = text.indexOf('\n', end) + 1;
  if (next === 0) return insertion(text.length, `${lineEnd}${indent}${field}`);
  return insertion(next, `${indent}${field}${lineEnd}`);
}

function rank(field: Field, first: string): number {
  return nameOf(field) === first ? 0 : 1;
}

/** Texts in blocks, and fields below a field, end nobody knows where. */
function endsOnItsLine({ value }: Field): boolean {
  if (isScalar(value)) return value.type !== 'BLOCK_FOLDED' && value.type !== 'BLOCK_LITERAL';
  return (isMap(value) || isSeq(value)) && value.flow === true;
}

function insertion(at: number, put: string): Edit {
  return { from: at, to: at, put };
}
