import { XMLParser, XMLValidator } from 'fast-xml-parser';

/** What an XML document can be made of; `undefined` leaves the element out, an array repeats it. */
export type XmlSource =
  | string
  | number
  | boolean
  | undefined
  | readonly XmlSource[]
  | { readonly [element: string]: XmlSource };

/** What reading an XML element gives: its text, its children by name, or several elements of one name. */
export type XmlValue = string | XmlNode | XmlValue[];

/** An element with children; without a prototype, so that no element name means anything special. */
export interface XmlNode {
  /** Children of one name; an array when there are several. */
  [element: string]: XmlValue;
}

/** One XML document after reading. */
export interface XmlDocument {
  /** Name of the outermost element, without its namespace prefix. */
  readonly root: string;
  /** What the outermost element holds. */
  readonly value: XmlValue;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const ESCAPED: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

const parser = new XMLParser({
  ignoreAttributes: true,
  ignorePiTags: true,
  parseTagValue: false,
  trimValues: false,
  removeNSPrefix: true,
  processEntities: false,
  cdataPropName: '#cdata',
});

/** An XML document as UTF-8 bytes, with its declaration; `namespace` becomes the root's xmlns. */
export function encodeXml(root: string, value: XmlSource, namespace?: string): Buffer {
  const attribute = namespace === undefined ? '' : ` xmlns="${namespace}"`;
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n<${root}${attribute}>${content(value)}</${root}>`);
}

/** Reads an XML document. Answers undefined when it is not well-formed, has a DOCTYPE, or is not UTF-8. */
export function decodeXml(body: Uint8Array): XmlDocument | undefined {
  const text = utf8(body);
  if (text === undefined || text.includes('<!DOCTYPE') || XMLValidator.validate(text) !== true) return undefined;
  try {
    const roots = Object.entries(parser.parse(text) as XmlNode).filter(([name]) => !/^[?#]/.test(name));
    const [only] = roots;
    return roots.length === 1 && only !== undefined ? { root: only[0], value: clean(only[1]) } : undefined;
  } catch {
    return undefined;
  }
}

/** The child elements of one name, however many there are. */
export function childrenOf(value: XmlValue | undefined, name: string): XmlValue[] {
  if (typeof value !== 'object' || Array.isArray(value)) return [];
  const found = Object.hasOwn(value, name) ? value[name] : undefined;
  if (found === undefined) return [];
  return Array.isArray(found) ? found : [found];
}

/** The first child element of one name. */
export function childOf(value: XmlValue | undefined, name: string): XmlValue | undefined {
  return childrenOf(value, name)[0];
}

/** The text of the first child element of one name; undefined when it is missing or has children of its own. */
export function childText(value: XmlValue | undefined, name: string): string | undefined {
  const child = childOf(value, name);
  return typeof child === 'string' ? child : undefined;
}

function content(value: XmlSource): string {
  if (value === undefined) return '';
  if (typeof value !== 'object') return escapeText(String(value));
  if (Array.isArray(value)) return value.map(content).join('');
  return Object.entries(value)
    .map(([name, child]) => element(name, child))
    .join('');
}

function element(name: string, value: XmlSource): string {
  if (value === undefined) return '';
  if (Array.isArray(value)) return value.map((item) => element(name, item)).join('');
  return `<${name}>${content(value)}</${name}>`;
}

function escapeText(text: string): string {
  // Tab and newline survive an XML reader; other control characters and the carriage return need a reference.
  return text.replace(/[&<>"\0-\x08\x0b-\x1f]/g, (char) => ESCAPED[char] ?? `&#x${char.charCodeAt(0).toString(16)};`);
}

function utf8(body: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return undefined;
  }
}

/** Resolves references, joins text with CDATA, and drops the white space between elements. */
function clean(value: XmlValue): XmlValue {
  if (typeof value === 'string') return resolveReferences(value);
  if (Array.isArray(value)) return value.map(clean);
  const names = Object.keys(value).filter((name) => !name.startsWith('#'));
  if (names.length === 0) return resolveReferences(rawText(value['#text'])) + rawText(value['#cdata']);
  const node: XmlNode = Object.create(null);
  for (const name of names) node[name] = clean(value[name] ?? '');
  return node;
}

function rawText(value: XmlValue | undefined): string {
  if (Array.isArray(value)) return value.map(rawText).join('');
  return typeof value === 'string' ? value : '';
}

function resolveReferences(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex?: string, decimal?: string, name?: string) => {
    if (name !== undefined) return ENTITIES[name] ?? whole;
    const point = hex === undefined ? Number.parseInt(decimal ?? '', 10) : Number.parseInt(hex, 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}
