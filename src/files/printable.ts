/** Controls, line breaks, what is invisible or turns the writing direction, and halves of characters. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Renders a name so that no terminal acts upon it: what is invisible or a control comes out as `\x1b` or `\u{202e}`. */
export function printable(name: string): string {
  return name.replace(UNSAFE, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
  });
}
