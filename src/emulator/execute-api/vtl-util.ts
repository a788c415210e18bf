import { decodeForm, encodeForm } from './percent-encoding.js';
import { decodeUtf8 } from './utf8.js';

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '\b': '\\b',
  '\n': '\\n',
  '\t': '\\t',
  '\f': '\\f',
  '\r': '\\r',
};

/**
 * `$util` of mapping templates.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
 */
export const UTIL = {
  /** Escapes as Apache Commons does for JavaScript: quotes, `\`, `/`, control characters and all that is not ASCII. */
  escapeJavaScript: (text: unknown): string => String(text ?? '').replace(/['"\\/]|[^ -~]/g, escapeUnit),
  /** JSON text as a value. */
  parseJson: (text: unknown): unknown => JSON.parse(String(text)),
  /** Form style: a space becomes `+`. */
  urlEncode: (text: unknown): string => encodeForm(String(text ?? '')),
  /** Form style: `+` becomes a space. */
  urlDecode: (text: unknown): string => decodeForm(String(text ?? '')),
  /** Base64 of the UTF-8 of a text. */
  base64Encode: (text: unknown): string => Buffer.from(String(text ?? '')).toString('base64'),
  /** The text whose UTF-8 a base64 is of. */
  base64Decode: (text: unknown): string => decodeUtf8(Buffer.from(String(text ?? ''), 'base64')),
};

function escapeUnit(unit: string): string {
  if (/['"\\/]/.test(unit)) return `\\${unit}`;
  return SHORT_ESCAPES[unit] ?? `\\u${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}
