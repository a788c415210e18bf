import ignore from 'ignore';
import { matchGlob } from './glob.js';

/** Says which files of a folder count, by their keys. */
export interface KeyFilter {
  /** Whether the file under a key counts. */
  readonly takes: (key: string) => boolean;
  /** Whether anything below a folder may count; its key has no '/' at the end. */
  readonly enters: (folder: string) => boolean;
}

/** A filter that tells which of its globs were of no use. */
export interface RuleFilter extends KeyFilter {
  /** Globs that matched nothing of what was asked for until now, in the order they were given. */
  unmatched(): { readonly include: readonly string[]; readonly exclude: readonly string[] };
}

/** A glob, and whether anything was asked for that it matches. */
interface Rule {
  readonly glob: string;
  readonly matches: (key: string) => boolean;
  /** Whether it takes all of a folder; only for a glob that ends in '/**'. */
  readonly closes: (folder: string) => boolean;
  isUsed: boolean;
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
export function makeFilter({ include, exclude = [], ignoreText = '' }: FilterRules): RuleFilter {
  const included = include?.map(compile);
  const excluded = exclude.map(compile);
  const ignores = ignoreText.trim() === '' ? () => false : ignoredBy(ignoreText);
  return {
    takes(key) {
      const isIncluded = included === undefined || meets(included, (rule) => rule.matches(key));
      const isExcluded = meets(excluded, (rule) => rule.matches(key));
      return isIncluded && !isExcluded && !ignores(key);
    },
    enters: (folder) => !meets(excluded, (rule) => rule.closes(folder)) && !ignores(`${folder}/`),
    unmatched: () => ({ include: unusedOf(included), exclude: unusedOf(excluded) }),
  };
}

function compile(glob: string): Rule {
  const closes = glob.endsWith('/**') ? matchGlob(glob.slice(0, -3)) : () => false;
  return { glob, matches: matchGlob(glob), closes, isUsed: false };
}

/** Whether one of some rules matches. One that never did is tried even when another one does, to know whether it is of use. */
function meets(rules: readonly Rule[], matches: (rule: Rule) => boolean): boolean {
  let isMet = false;
  for (const rule of rules) {
    if ((isMet && rule.isUsed) || !matches(rule)) continue;
    rule.isUsed = true;
    isMet = true;
  }
  return isMet;
}

function unusedOf(rules: readonly Rule[] = []): string[] {
  return rules.filter(({ isUsed }) => !isUsed).map(({ glob }) => glob);
}

function ignoredBy(text: string): (path: string) => boolean {
  const begin = () => ignore({ ignoreCase: false }).add(text);
  let [rules, asked] = [begin(), 0];
  return (path) => {
    if (++asked % NAMES_A_LIFE === 0) rules = begin();
    return rules.ignores(path);
  };
}
