/** Control characters, and those that turn or hide text: they could make a terminal lie. */
const unsafe =
  /[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/gu;

/** Shows characters that a terminal would obey, instead of obeying them: a newline becomes `\n`, ESC `\x1b`, a bidi mark `\u202e`. */
export function safeText(text: string): string {
  return text.replace(unsafe, (character) => {
    const known = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }[character];
    if (known !== undefined) return known;
    const code = character.charCodeAt(0);
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}
