import type { UploadRule } from '../config/config.js';
import { matchGlob } from '../files/glob.js';
import type { ManifestEntry } from './manifest.js';

/** Upload rules, ready for use. */
export interface HeaderRules {
  /** The stored headers of a key: every matching rule in order, later ones winning. Keys of the same headers share them. */
  headersOf(key: string): ManifestEntry['headers'];
  /** Globs that matched no key until now. */
  unmatched(): string[];
}

/** Makes upload rules ready for use. */
export function headerRules(rules: readonly UploadRule[]): HeaderRules {
  const compiled = rules.map(({ match, headers }) => ({ matches: matchGlob(match), headers: normalise(headers) }));
  const shared = new Map<string, ManifestEntry['headers']>();
  const used = new Set<number>();
  return {
    headersOf(key) {
      const fitting = compiled.flatMap(({ matches }, number) => (matches(key) ? [number] : []));
      const name = fitting.join();
      let headers = shared.get(name);
      if (headers === undefined) {
        headers = Object.assign({}, ...fitting.map((number) => compiled[number]?.headers)) as ManifestEntry['headers'];
        shared.set(name, headers);
        for (const number of fitting) used.add(number);
      }
      return headers;
    },
    unmatched: () => rules.flatMap(({ match }, number) => (used.has(number) ? [] : [match])),
  };
}

/** AWS: S3 keeps Expires as a date and writes it in its own form. */
function normalise(headers: UploadRule['headers']): UploadRule['headers'] {
  const { Expires: expires, ...others } = headers;
  return expires === undefined ? others : { ...others, Expires: new Date(expires).toUTCString() };
}
