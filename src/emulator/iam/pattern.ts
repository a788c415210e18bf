/** Looks up the value of a policy variable; undefined when the request has none. */
export type Resolve = (variable: string) => string | undefined;

const ANY = Symbol('*');
const ONE = Symbol('?');
type Token = string | typeof ANY | typeof ONE;

/** Variables that stand for their own sign: `${*}`, `${?}` and `${$}`. */
const ESCAPES: readonly string[] = ['*', '?', '$'];

/**
 * Whether `value` fits `pattern`, in which `*` stands for any run of characters and `?` for one.
 *
 * With `resolve`, `${name}` and `${name, 'default'}` are replaced first, and what they stand for is taken literally. A variable without
 * a value makes the pattern fit nothing.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function matchesPattern(pattern: string, value: string, resolve?: Resolve): boolean {
  const tokens = tokenize(pattern, resolve);
  return tokens !== undefined && fits(tokens, [...value]);
}

/** The pattern's text with its variables replaced and `*`, `?` left as they are; undefined when one has no value. */
export function substitute(pattern: string, resolve?: Resolve): string | undefined {
  const tokens = tokenize(pattern, resolve);
  return tokens?.map((token) => (token === ANY ? '*' : token === ONE ? '?' : token)).join('');
}

function tokenize(pattern: string, resolve: Resolve | undefined): Token[] | undefined {
  const tokens: Token[] = [];
  for (const part of resolve === undefined ? [pattern] : pattern.split(/(\$\{[^}]*\})/)) {
    if (resolve !== undefined && /^\$\{[^}]*\}$/.test(part)) {
      const value = replacementOf(part.slice(2, -1), resolve);
      if (value === undefined) return undefined;
      tokens.push(...value);
    } else {
      for (const character of part) tokens.push(character === '*' ? ANY : character === '?' ? ONE : character);
    }
  }
  return tokens;
}

function replacementOf(variable: string, resolve: Resolve): string | undefined {
  if (ESCAPES.includes(variable)) return variable;
  const [, name = variable, fallback] = /^([^,]+?)\s*(?:,\s*'([^']*)')?$/.exec(variable) ?? [];
  return resolve(name) ?? fallback;
}

/** Walks both once, going back to the last `*` only: no pattern makes it slow. */
function fits(tokens: readonly Token[], characters: readonly string[]): boolean {
  let t = 0;
  let c = 0;
  let star = -1;
  let starAt = 0;
  while (c < characters.length) {
    const token = tokens[t];
    if (token === ANY) {
      star = t++;
      starAt = c;
    } else if (token === ONE || (token !== undefined && token === characters[c])) {
      t++;
      c++;
    } else if (star >= 0) {
      t = star + 1;
      c = ++starAt;
    } else return false;
  }
  while (tokens[t] === ANY) t++;
  return t === tokens.length;
}
