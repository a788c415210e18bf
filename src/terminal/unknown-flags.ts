import { UsageError } from '../errors.js';
import type { FlagShape } from './invocation.js';
import { findNearestWord } from './nearest.js';

/** What other tools call a flag of ours. */
const SYNONYMS: Readonly<Record<string, string>> = { 'dry-run': 'plan', dryrun: 'plan', approve: 'yes' };

/** Complains of flags that a command does not have, and of the first says which was meant. A value behind `=` is not repeated. */
export function complainOfUnknownFlags(
  words: readonly string[],
  flags: Readonly<Record<string, FlagShape>>,
  cause: unknown,
): UsageError {
  const names = words.map((word) => word.replace(/=.*$/s, ''));
  const meant = findMeant(names[0] ?? '', flags);
  return new UsageError(`There is no flag ${names.join(', ')}.`, {
    suggestions: [...(meant === undefined ? [] : [`did you mean ${meant}?`]), 'add --help to see what there is'],
    cause,
  });
}

function findMeant(word: string, flags: Readonly<Record<string, FlagShape>>): string | undefined {
  const name = word.toLowerCase().replace(/^--?/, '');
  // One letter is near to every other.
  if (name.length < 3) return undefined;
  const synonym = Object.hasOwn(SYNONYMS, name) ? SYNONYMS[name] : undefined;
  const known = Object.entries(flags).flatMap(([flag, { allowNo, aliases = [] }]) => [
    flag,
    ...(allowNo === true ? [`no-${flag}`] : []),
    ...aliases,
  ]);
  const meant = synonym !== undefined && known.includes(synonym) ? synonym : findNearestWord(name, known);
  return meant === undefined ? undefined : `--${meant}`;
}
