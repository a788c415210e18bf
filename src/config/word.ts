import { z } from 'zod';
import { findNearest } from './nearest.js';

/** One of a few words; `rule` lists them, and a word that is near to one of them is answered with that. */
export function wordOf<const Words extends readonly [string, ...string[]]>(words: Words, rule: string) {
  return z.enum(words, { error: ({ input }) => `${rule}${didYouMean(input, words)}` });
}

/** What is added to a rule for a word that is near to an allowed one: ` (did you mean public?)`; else nothing. */
export function didYouMean(input: unknown, words: readonly string[]): string {
  // A word of two letters is near to too many others.
  const meant = typeof input === 'string' && input.length > 2 ? findNearest(input, words, 2) : undefined;
  return meant === undefined ? '' : ` (did you mean ${meant}?)`;
}
