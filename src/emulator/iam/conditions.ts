import { BlockList, isIP } from 'node:net';
import { matchesPattern, type Resolve, substitute } from './pattern.js';
import type { Condition } from './policy-document.js';

/** The condition keys of one request; names in lower case. */
export type Context = ReadonlyMap<string, string | readonly string[]>;

/** Compares one value of the request with one value of the policy. */
type Compare = (have: string, want: string, resolve: Resolve | undefined) => boolean;

interface Operator {
  readonly compare: Compare;
  readonly negated: boolean;
}

const equals: Compare = (have, want, resolve) => have === substitute(want, resolve);
const equalsIgnoreCase: Compare = (have, want, resolve) =>
  have.toLowerCase() === substitute(want, resolve)?.toLowerCase();
const like: Compare = (have, want, resolve) => matchesPattern(want, have, resolve);
const bool: Compare = (have, want) => have.toLowerCase() === want.toLowerCase();

function number(holds: (have: number, want: number) => boolean): Compare {
  return (have, want) => have !== '' && want !== '' && holds(Number(have), Number(want));
}

function date(holds: (have: number, want: number) => boolean): Compare {
  return (have, want) => holds(toMs(have), toMs(want));
}

/** A date in ISO 8601 or in seconds since 1970, as milliseconds; NaN, which compares with nothing, when it is neither. */
function toMs(text: string): number {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text);
}

/** AWS compares the six parts of an ARN one by one, so a `*` does not reach over a colon but in the last. */
const arn: Compare = (have, want, resolve) => {
  const wanted = arnParts(substitute(want, resolve) ?? '');
  const had = arnParts(have);
  return wanted.length === had.length && wanted.every((part, n) => matchesPattern(part, had[n] ?? ''));
};

function arnParts(text: string): string[] {
  const parts = text.split(':');
  return parts.length < 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')];
}

const ipAddress: Compare = (have, want) => {
  const [address = '', bits] = want.split('/');
  const family = isIP(address);
  if (family === 0 || isIP(have) !== family) return false;
  const kind = family === 4 ? 'ipv4' : 'ipv6';
  const whole = family === 4 ? 32 : 128;
  const prefix = bits === undefined ? whole : Number(bits);
  if (!(Number.isInteger(prefix) && prefix >= 0 && prefix <= whole)) return false;
  const list = new BlockList();
  list.addSubnet(address, prefix, kind);
  return list.check(have, kind);
};

const COMPARES: Readonly<Record<string, Compare>> = {
  StringEquals: equals,
  StringEqualsIgnoreCase: equalsIgnoreCase,
  StringLike: like,
  ArnEquals: arn,
  ArnLike: arn,
  Bool: bool,
  BinaryEquals: equals,
  NumericEquals: number((have, want) => have === want),
  NumericLessThan: number((have, want) => have < want),
  NumericLessThanEquals: number((have, want) => have <= want),
  NumericGreaterThan: number((have, want) => have > want),
  NumericGreaterThanEquals: number((have, want) => have >= want),
  DateEquals: date((have, want) => have === want),
  DateLessThan: date((have, want) => have < want),
  DateLessThanEquals: date((have, want) => have <= want),
  DateGreaterThan: date((have, want) => have > want),
  DateGreaterThanEquals: date((have, want) => have >= want),
  IpAddress: ipAddress,
};

/** The positive operator behind each negated one. */
const NEGATED: Readonly<Record<string, string>> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
  NumericNotEquals: 'NumericEquals',
  DateNotEquals: 'DateEquals',
  NotIpAddress: 'IpAddress',
};

interface ParsedOperator {
  readonly set: string | undefined;
  readonly base: string;
  readonly ifExists: boolean;
}

function parseOperator(text: string): ParsedOperator {
  const [, set, base = '', ifExists] = /^(?:(ForAnyValue|ForAllValues):)?(\w+?)(IfExists)?$/.exec(text) ?? [];
  return { set, base, ifExists: ifExists !== undefined };
}

function findOperator(base: string): Operator | undefined {
  const positive = Object.hasOwn(NEGATED, base) ? NEGATED[base] : undefined;
  const name = positive ?? base;
  const compare = Object.hasOwn(COMPARES, name) ? COMPARES[name] : undefined;
  return compare === undefined ? undefined : { compare, negated: positive !== undefined };
}

/** Whether IAM knows a condition operator by this name, with its set prefix and IfExists. */
export function isConditionOperator(text: string): boolean {
  const { base, ifExists } = parseOperator(text);
  return base === 'Null' ? !ifExists : findOperator(base) !== undefined;
}

/**
 * Whether one line of a Condition element is true of a request.
 *
 * A key that the request does not have makes a positive operator false, a negated one true, and any `…IfExists` true.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export function conditionHolds(condition: Condition, context: Context, resolve: Resolve | undefined): boolean {
  const { set, base, ifExists } = parseOperator(condition.operator);
  const have = context.get(condition.key.toLowerCase());
  const values = have === undefined ? [] : typeof have === 'string' ? [have] : have;
  if (base === 'Null')
    return condition.values.some((want) => (want.toLowerCase() === 'true') === (values.length === 0));
  const operator = findOperator(base);
  if (operator === undefined) return false;
  const { compare, negated } = operator;
  const fitsOne = (value: string) => condition.values.some((want) => compare(value, want, resolve)) !== negated;
  if (set === 'ForAllValues') return values.every(fitsOne);
  if (values.length === 0) return ifExists || (negated && set === undefined);
  if (set === 'ForAnyValue') return values.some(fitsOne);
  return negated ? values.every(fitsOne) : values.some(fitsOne);
}
