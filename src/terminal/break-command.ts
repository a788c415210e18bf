/** Breaks a command between its flags into lines of at most `columns`, which a shell joins again; a flag is never broken. */
export function breakCommand(parts: readonly string[], columns: number): string[] {
  const [first = '', ...rest] = parts;
  const lines = [`  ${first}`];
  for (const part of rest) {
    const line = lines.pop() ?? '';
    // The backslash and the space before it take two.
    if (line.length + 1 + part.length + 2 > columns) lines.push(`${line} \\`, `    ${part}`);
    else lines.push(`${line} ${part}`);
  }
  return lines;
}
