/** Finds the word that takes the fewest changes of one letter, if that are at most two and half of the word; undefined when none is that near. */
export function findNearestWord(word: string, words: readonly string[]): string | undefined {
  const [best] = words.map((each) => ({ each, changes: distance(word, each) })).sort((a, b) => a.changes - b.changes);
  return best !== undefined && best.changes <= Math.min(2, word.length / 2) ? best.each : undefined;
}

/** How many letters must be changed, added or left out to make one word of the other. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const changed = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
