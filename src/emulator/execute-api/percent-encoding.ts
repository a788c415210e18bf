import { decodeUtf8 } from './utf8.js';

/** Undoes one layer of percent-encoding; broken UTF-8 becomes U+FFFD, and a `%` without two digits stays. */
export function decodePercent(text: string): string {
  const latin1 = Buffer.from(text)
    .toString('latin1')
    .replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return decodeUtf8(Buffer.from(latin1, 'latin1'));
}

/** Undoes the encoding of HTML forms, where `+` stands for a space. */
export function decodeForm(text: string): string {
  return decodePercent(text.replaceAll('+', ' '));
}

/** Encodes as HTML forms do: a space becomes `+`, and only letters, digits and `.-*_` stay. */
export function encodeForm(text: string): string {
  return encodeURIComponent(wellFormed(text))
    .replace(/[!'()~]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
}

/** Percent-encodes what may not stand in a uri, and `%` and `#`; `?`, `/` and `+` stay as they are. */
export function encodeIllegal(text: string): string {
  return wellFormed(text).replace(/[^A-Za-z0-9\-._~:/?@!$&'()*+,;=]/gu, (char) => encodeURIComponent(char));
}

/** The text with U+FFFD for halves of characters, which no encoding can carry. */
function wellFormed(text: string): string {
  return Buffer.from(text).toString();
}
