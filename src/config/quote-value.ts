/** Longest value that an error repeats, in characters. */
const LONGEST = 80;

/** What a terminal could act upon or hide, beyond what JSON escapes itself: C1 controls, invisible and bidirectional characters. */
const UNSAFE = /[\u007f-\u009f\u2028\u2029]|\p{Cf}/gu;

/** Renders a value for an error message: JSON on one line, cut after 80 characters, harmless to print. */
export function quoteValue(value: unknown): string {
  const text = (JSON.stringify(value) ?? String(value)).replace(UNSAFE, escapeCharacter);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

function escapeCharacter(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
