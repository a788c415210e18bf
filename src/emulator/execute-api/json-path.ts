type Step = { readonly kind: 'child' | 'deep'; readonly name: string } | { readonly kind: 'all' };

const STEP = /^(?:\.\.([\w$-]+)|\.?\[['"]([^'"]*)['"]\]|\.?\[(\d+)\]|\.?\[\*\]|\.\*|\.([\w$@-]+))/;

/**
 * Reads a value with a JSONPath of `$`, `.name`, `['name']`, `[n]`, `[*]`, `.*` and `..name`.
 *
 * A path without wildcards answers its value, or undefined when it is not there; one with wildcards a list of what it found.
 *
 * @throws {SyntaxError} for any other path.
 */
export function readJsonPath(value: unknown, path: string): unknown {
  const steps = parseSteps(path);
  let found: unknown[] = [value];
  for (const step of steps) found = found.flatMap((item) => take(item, step));
  return steps.every((step) => step.kind === 'child') ? found[0] : found;
}

function parseSteps(path: string): Step[] {
  const steps: Step[] = [];
  let rest = path.trim().replace(/^\$/, '');
  if (rest !== '' && !/^[.[]/.test(rest)) rest = `.${rest}`;
  while (rest !== '') {
    const match = STEP.exec(rest);
    if (match === null) throw new SyntaxError(`Unsupported JSONPath: ${path}`);
    const [whole, deep, quoted, index, name] = match;
    const child = quoted ?? index ?? name;
    if (deep !== undefined) steps.push({ kind: 'deep', name: deep });
    else if (child !== undefined) steps.push({ kind: 'child', name: child });
    else steps.push({ kind: 'all' });
    rest = rest.slice(whole.length);
  }
  return steps;
}

function take(value: unknown, step: Step): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  if (step.kind === 'all') return Object.values(value);
  const own = Object.hasOwn(value, step.name) ? [(value as Record<string, unknown>)[step.name]] : [];
  if (step.kind === 'child') return own;
  return [...own, ...Object.values(value).flatMap((item) => take(item, step))];
}
