import picomatch from 'picomatch';

/** A test for keys that a glob matches: '*' stays within a folder, '**' does not, hidden names are matched too. */
export function matchGlob(pattern: string): (key: string) => boolean {
  const matches = picomatch(pattern, { dot: true });
  return (key) => matches(key);
}
