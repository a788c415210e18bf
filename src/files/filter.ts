import ignore from 'ignore';
import { matchGlob } from './glob.js';

/** Says which files of a folder count, by their keys. */
export interface KeyFilter {
  /** Whether the file under a key counts. */
  readonly takes: (key: string) => boolean;
  /** Whether anything below a folder may count; its key has no '/' at the end. */
  readonly enters: (folder: string) => boolean;
}

/** The library remembers every name that it was asked for: after so many it is begun anew. */
const NAMES_A_LIFE = 10_000;

/** What a filter is made from; what is absent rules nothing out. */
export interface FilterRules {
  /** Globs: a file must match one of them. */
  readonly include?: readonly string[] | undefined;
  /** Globs: a file must match none of them. */
  readonly exclude?: readonly string[] | undefined;
  /** Text of an ignore file, in gitignore syntax. @see https://git-scm.com/docs/gitignore */
  readonly ignoreText?: string | undefined;
}

/**
 * Makes a filter: a file counts when an include glob matches, no exclude glob does, and the ignore file does not rule it out.
 *
 * A folder is not entered when the ignore file rules it out, so that nothing below can be taken back in, nor when an
 * exclude glob that ends in '/**' takes all of it. Upper and lower case are told apart on every system.
 */
export function makeFilter({ include, exclude = [], ignoreText = '' }: FilterRules): KeyFilter {
  const included = include?.map(matchGlob);
  const excluded = exclude.map(matchGlob);
  const closed = exclude.flatMap((glob) => (glob.endsWith('/**') ? [matchGlob(glob.slice(0, -3))] : []));
  const ignores = ignoreText.trim() === '' ? () => false : ignoredBy(ignoreText);
  const isOneOf = (globs: typeof excluded, key: string): boolean => globs.some((matches) => matches(key));
  return {
    takes: (key) => (included === undefined || isOneOf(included, key)) && !isOneOf(excluded, key) && !ignores(key),
    enters: (folder) => !isOneOf(closed, folder) && !ignores(`${folder}/`),
  };
}

function ignoredBy(text: string): (path: string) => boolean {
  const begin = () => ignore({ ignoreCase: false }).add(text);
  let [rules, asked] = [begin(), 0];
  return (path) => {
    if (++asked % NAMES_A_LIFE === 0) rules = begin();
    return rules.ignores(path);
  };
}
