import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from 'yaml';
import { ConfigError } from '../errors.js';
import { explainYaml } from './explain-yaml.js';
import { escapeText } from './quote-value.js';

/** A position in a file, both 1-based. */
export interface Position {
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 units. */
  readonly column: number;
}

/** What a YAML text says, and where it says it. */
export interface YamlSource {
  /** Plain data; null for a text that says nothing. */
  readonly value: unknown;
  /** Locates the value at a path, or what comes nearest to it: for a missing field the object that lacks it. */
  locate(path: readonly PropertyKey[]): Position;
  /** Locates the name of a field; for a missing one the object that lacks it. */
  locateKey(path: readonly PropertyKey[], key: string): Position;
}

/**
 * Reads YAML 1.2 text.
 *
 * Refuses duplicate fields, tags of other languages, aliases that multiply beyond 100 and the name `__proto__`.
 *
 * @throws {ConfigError} naming file and line.
 */
export function readYaml(text: string, file: string): YamlSource {
  const lineCounter = new LineCounter();
  const at = (offset: number): Position => {
    const { line, col } = lineCounter.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const refuse = (offset: number, complaint: string): never => {
    const place = at(offset);
    throw new ConfigError(`Cannot read ${file}: line ${place.line}, ${complaint}.`, { file, ...place });
  };
  try {
    const document = parseDocument(text, { lineCounter, prettyErrors: false, stringKeys: true });
    const fault = document.errors[0] ?? document.warnings[0];
    if (fault !== undefined) refuse(fault.pos[0], explainYaml(fault.code, fault.message, text.slice(fault.pos[0])));
    visit(document, {
      Pair: (_, { key }) => {
        // The one name that the schema would pass over in silence, since it is not a field but the object's parent.
        if (isScalar(key) && key.value === '__proto__') refuse(key.range?.[0] ?? 0, '__proto__ is not a known field');
      },
    });
    return {
      value: document.toJS({ maxAliasCount: 100 }),
      locate: (path) => at(findOffset(document, path)),
      locateKey: (path, key) => at(findOffset(document, path, key)),
    };
  } catch (error) {
    const lost = error instanceof ReferenceError ? /^Unresolved alias .*: (.+)$/.exec(error.message)?.[1] : undefined;
    if (lost !== undefined) refuse(text.indexOf(`*${lost}`), `there is no anchor for the alias *${escapeText(lost)}`);
    if (error instanceof ReferenceError) refuse(0, 'the aliases (*) of the file multiply beyond measure');
    if (error instanceof RangeError) refuse(0, 'the file is nested too deeply');
    throw error;
  }
}

/** Follows a path as far as it goes; with a key, the offset is that of the key's own text. */
function findOffset(document: Document, path: readonly PropertyKey[], key?: string): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const step of key === undefined ? path : [...path, key]) {
    const holder = isAlias(node) ? node.resolve(document) : node;
    if (isSeq(holder) && typeof step === 'number') {
      node = holder.items[step];
    } else if (isMap(holder)) {
      const pair = holder.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step));
      if (pair === undefined) break;
      if (key !== undefined && step === key) return startOf(pair.key) ?? offset;
      node = pair.value;
      offset = startOf(pair.key) ?? offset;
    } else break;
    offset = startOf(node) ?? offset;
  }
  return offset;
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}
