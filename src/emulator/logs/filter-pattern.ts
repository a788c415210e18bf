import { notEmulated } from '../wire/refusal.js';
import { invalidParameter } from './input.js';

interface Term {
  readonly text: string;
  readonly kind: 'all' | 'any' | 'none';
}

/**
 * Reads a filter pattern of terms: every bare or quoted term must be in the message, no term with `-` may be, and one of those with `?`
 * must be. An empty pattern fits every message. Upper and lower case differ.
 *
 * @throws {Refusal} NotImplemented for JSON, space-delimited and `%regex%` patterns; InvalidParameterException for a bare term with a
 * character that has to be quoted.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export function parseFilterPattern(pattern: string): (message: string) => boolean {
  if (/^\s*[[{%]/.test(pattern)) throw notEmulated('logs', `filter pattern "${pattern}"`);
  const terms = [...pattern.matchAll(/([-?]?)(?:"((?:[^"\\]|\\.)*)"|(\S+))/g)].map(toTerm);
  const of = (kind: Term['kind']) => terms.filter((term) => term.kind === kind).map((term) => term.text);
  const [all, any, none] = [of('all'), of('any'), of('none')];
  return (message) =>
    all.every((text) => message.includes(text)) &&
    !none.some((text) => message.includes(text)) &&
    (any.length === 0 || any.some((text) => message.includes(text)));
}

function toTerm([, sign, quoted, bare]: RegExpMatchArray): Term {
  if (bare !== undefined && !/^[\p{L}\p{N}_]+$/u.test(bare))
    throw invalidParameter(`Invalid character(s) in term '${bare}'`);
  const text = quoted?.replace(/\\(.)/g, '$1') ?? bare ?? '';
  return { text, kind: sign === '-' ? 'none' : sign === '?' ? 'any' : 'all' };
}
