/** Longest value that an error repeats, in characters. */
const LONGEST = 80;

/** What a terminal could act upon or hide, beyond what JSON escapes itself: C1 controls, invisible and bidirectional characters. */
const UNSAFE = /[\u007f-\u009f\u2028\u2029]|\p{Cf}/gu;

/** Renders a value for an error message: JSON on one line, cut after 80 characters, harmless to print. */
export function quoteValue(value: unknown): string {
  // JSON would have null for what is no number.
  const text = escapeUnsafe(typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value)));
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** Makes text harmless to print on one line. */
export function escapeText(text: string): string {
  return escapeUnsafe(JSON.stringify(text).slice(1, -1));
}

function escapeUnsafe(json: string): string {
  return json.replace(UNSAFE, escapeCharacter);
}

function escapeCharacter(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
