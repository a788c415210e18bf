import { printable } from './printable.js';

/** What in the text of an SVG is more than a picture, and what it is called. */
const PARTS: readonly (readonly [pattern: RegExp, what: string])[] = [
  [tag('script|handler'), 'a script'],
  [/[\s"'/]on[a-z]+\s*=/i, 'an event handler'],
  [/(?:java|vb)script:/i, 'a script in an address'],
  [/data:\s*(?:text\/html|application\/xhtml|text\/xml|application\/xml)/i, 'a page in an address'],
  [tag('foreignobject'), 'a foreignObject'],
  [tag('iframe|frame|embed|object|applet|meta|base|form'), 'parts of a web page'],
  [/<!entity/i, 'an entity declaration'],
  [/<!attlist/i, 'a declaration of attributes'],
  [/\ssystem\s*["']/i, 'a document type of its own'],
  [/<\?xml-stylesheet/i, 'a style sheet instruction'],
  [/@import/i, 'an imported style sheet'],
];

/** Attributes and functions that name an address; browsers take a backslash for a slash. */
const LINK =
  /(?:[\s"':](?:href|src|data|action|to|from|by|values)\s*=\s*["']\s*|\b(?:url|src|image|image-set)\(\s*(?:["']\s*)?)((?:https?:|ftp:|wss?:)?[\\/]{2}[^\\/?#\s"'<>()]{0,100}|https?:[^\\/?#\s"'<>()]{1,100})/gi;

/** So many links are named, then no more. */
const MOST_LINKS = 3;

/**
 * Finds what in an SVG a browser could run or fetch: short phrases such as 'a script', 'a link to https://example.com'.
 *
 * The text is searched, not parsed, so nothing hides in a comment, behind a namespace or in escaped characters; a word of it in
 * a comment or a caption counts too.
 */
export function findActiveParts(svg: Buffer): readonly string[] {
  const text = svg.toString('utf8').replace(/[\t\n\r]/g, ' ');
  const decoded = decodeReferences(text);
  const readings = [text, decoded, decodeEscapes(decoded)];
  const parts = PARTS.filter(([pattern]) => readings.some((is) => pattern.test(is))).map(([, what]) => what);
  const links = new Set<string>();
  for (const reading of readings) {
    for (const [, address = ''] of reading.matchAll(LINK)) {
      links.add(`a link to ${printable(address)}`);
      if (links.size > MOST_LINKS) break;
    }
  }
  const named = [...links].slice(0, MOST_LINKS);
  return [...parts, ...named, ...(links.size > MOST_LINKS ? ['more links'] : [])];
}

/** A start tag of one of these elements, whatever stands for its namespace. */
function tag(names: string): RegExp {
  return new RegExp(`<(?:[^\\s<>/:]*:)?(?:${names})[\\s/>]`, 'i');
}

/** XML's references, spelled out. */
function decodeReferences(text: string): string {
  return text
    .replace(/&#(?:x([0-9a-f]+)|([0-9]+));/gi, (_, hex?: string, decimal?: string) =>
      character(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)),
    )
    .replace(/&(lt|gt|amp|quot|apos);/g, (_, name: string) => NAMED[name] ?? '');
}

/** The escapes of style sheets, spelled out. */
function decodeEscapes(text: string): string {
  return text.replace(/\\([0-9a-f]{1,6}) ?/gi, (_, hex: string) => character(Number.parseInt(hex, 16)));
}

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Nothing for tabs and line breaks, which browsers drop from addresses. */
function character(code: number): string {
  if (code === 9 || code === 10 || code === 13 || code > 0x10ffff) return '';
  return String.fromCodePoint(code);
}
