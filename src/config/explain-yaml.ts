import { escapeText } from './quote-value.js';

/** What the parser's codes mean to somebody who writes a config; its own words are for those who write parsers. */
const MEANINGS: Readonly<Record<string, string>> = {
  BLOCK_AS_IMPLICIT_KEY: 'a ":" stands in text that needs quotes, or the line is indented too far',
  MISSING_CHAR: 'a quotation mark is missing at the end',
  MULTILINE_IMPLICIT_KEY: 'a ":" is missing',
  MULTIPLE_DOCS: 'a second document begins, and one is all there may be',
  NON_STRING_KEY: 'the name of a field must be text',
};

/** What is told of a token that stands where none may, by its name. */
const STRAYS: Readonly<Record<string, string>> = {
  'flow-seq-end': 'there is a "]" without a "["',
  'flow-map-end': 'there is a "}" without a "{"',
  scalar: 'there is text behind a value that has ended',
};

/** Says in words what is wrong in YAML, from the parser's code and message and the text from the fault on. */
export function explainYaml(code: string, message: string, rest: string): string {
  if (code === 'DUPLICATE_KEY') return `${/^[\w.-]+/.exec(rest)?.[0] ?? 'a field'} is written twice`;
  if (code === 'TAB_AS_INDENT') return 'a tab stands where YAML wants spaces';
  if (code === 'RESOURCE_EXHAUSTION') return 'the file is nested too deeply';
  return `the text is not YAML: ${meaningOf(code, message)}`;
}

function meaningOf(code: string, message: string): string {
  const [, end] = /end with a ([\]}])$/.exec(message) ?? [];
  if (end !== undefined) return `a "${end === ']' ? '[' : '{'}" has no "${end}"`;
  const [, begin] = /^Plain value cannot start with .* (\S)$/.exec(message) ?? [];
  if (begin !== undefined) return `text that begins with "${begin}" needs quotes`;
  const [, token = ''] = /^Unexpected ([a-z-]+) /.exec(message) ?? [];
  return MEANINGS[code] ?? STRAYS[token] ?? escapeText(message.replace(/[.:]$/, '').replace(/"/g, "'"));
}
