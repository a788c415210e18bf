import { z } from 'zod';
import { UsageError } from '../errors.js';
import { accessKindField } from './access-rules.js';
import type { Overrides } from './answers.js';
import * as rules from './field-rules.js';
import { type Given, type Inputs, readInput } from './input.js';
import { quoteValue } from './quote-value.js';

const CACHE_RULE = 'must be none or one of 0.5, 1.6, 6.1, 13.5, 28.4, 58.2, 118, 237';

const EXPIRES_RULE = 'must be never or a duration from 1m to 365d, such as 30m, 2h or 7d';

const fields = {
  name: rules.nameField,
  region: rules.regionField,
  stage: rules.stageField,
  endpoint: rules.endpointField,
  source: rules.sourceField,
  mount: rules.mountPathField,
  bucket: rules.bucketField,
  prefix: rules.prefixField,
  versioning: rules.switchField,
  access: accessKindField,
  cacheSizeGb: z.union([z.literal('none'), rules.cacheSizeField], CACHE_RULE),
  cacheTtlSeconds: rules.cacheTtlField,
  logLevel: rules.logLevelField,
  accessLog: rules.switchField,
  noLogs: rules.switchField,
  logRetentionDays: rules.retentionField,
  throttleRate: rules.rateField,
  throttleBurst: rules.burstField,
  cors: rules.originField,
  tracing: rules.switchField,
  concurrency: rules.concurrencyField,
  expires: z.union([z.literal('never'), rules.expiresField], EXPIRES_RULE),
  tags: rules.tagsField,
} satisfies Record<keyof Overrides, z.ZodType>;

type Key = keyof typeof fields;

/** What the text of a flag stands for. */
type Reading = 'text' | 'path' | 'number' | 'switch' | 'tags';

/** What each flag sets, and what its text stands for. */
const FLAGS: Readonly<Record<string, { readonly key: Key; readonly as: Reading }>> = {
  name: { key: 'name', as: 'text' },
  region: { key: 'region', as: 'text' },
  stage: { key: 'stage', as: 'text' },
  endpoint: { key: 'endpoint', as: 'text' },
  source: { key: 'source', as: 'text' },
  mount: { key: 'mount', as: 'path' },
  bucket: { key: 'bucket', as: 'text' },
  prefix: { key: 'prefix', as: 'text' },
  versioning: { key: 'versioning', as: 'switch' },
  access: { key: 'access', as: 'text' },
  'cache-size': { key: 'cacheSizeGb', as: 'number' },
  'cache-ttl': { key: 'cacheTtlSeconds', as: 'number' },
  'log-level': { key: 'logLevel', as: 'text' },
  'access-log': { key: 'accessLog', as: 'switch' },
  'no-logs': { key: 'noLogs', as: 'switch' },
  'log-retention': { key: 'logRetentionDays', as: 'number' },
  'throttle-rate': { key: 'throttleRate', as: 'number' },
  'throttle-burst': { key: 'throttleBurst', as: 'number' },
  cors: { key: 'cors', as: 'text' },
  tracing: { key: 'tracing', as: 'switch' },
  concurrency: { key: 'concurrency', as: 'number' },
  expires: { key: 'expires', as: 'text' },
  tag: { key: 'tags', as: 'tags' },
};

/**
 * Collects what flags and environment say about the config, each value checked; nothing is filled in.
 *
 * A flag beats its twin `PIXGATE_…`. Flags it does not know belong to somebody else and are passed over.
 *
 * @throws {UsageError} naming the flag or the variable, the rule and the value.
 */
export function readOverrides(inputs: Inputs): Overrides {
  const given: Record<string, unknown> = {};
  for (const [flag, { key, as }] of Object.entries(FLAGS)) {
    const input = readInput(inputs, flag);
    if (input === undefined) continue;
    const value = readAs(input, as);
    const verdict = checkAnswer(key, value);
    if (verdict !== true) throw new UsageError(`${input.origin} ${verdict}: got ${quoteValue(input.value)}.`);
    given[key] = value;
  }
  const overrides = given as Overrides;
  refuseLogsWithout(inputs, overrides);
  refuseTtlWithout(inputs, overrides);
  return overrides;
}

function readAs(input: Given, as: Reading): unknown {
  if (as === 'tags') return parseTags(input);
  // Only the slash is missing, and nothing else can be meant.
  if (as === 'path') return /^[\w.-]+$/.test(String(input.value)) ? `/${String(input.value)}` : input.value;
  return as === 'text' ? input.value : input[as]();
}

/** Nobody knows which of the two is meant. */
function refuseLogsWithout(inputs: Inputs, { noLogs, logLevel = 'off', accessLog = false }: Overrides): void {
  if (noLogs !== true || (logLevel === 'off' && !accessLog)) return;
  const other = findOrigin(inputs, logLevel === 'off' ? 'accessLog' : 'logLevel');
  throw new UsageError(`${findOrigin(inputs, 'noLogs')} must not be given together with ${other}.`, {
    suggestions: ['leave one of the two out'],
  });
}

function refuseTtlWithout(inputs: Inputs, { cacheSizeGb, cacheTtlSeconds }: Overrides): void {
  if (cacheSizeGb !== 'none' || cacheTtlSeconds === undefined) return;
  const [ttl, size] = [findOrigin(inputs, 'cacheTtlSeconds'), findOrigin(inputs, 'cacheSizeGb')];
  throw new UsageError(`${ttl} must not be given where ${size} is none: got ${quoteValue(cacheTtlSeconds)}.`, {
    suggestions: ['leave one of the two out'],
  });
}

/** Names the flag or variable that a value came from; undefined when neither gave it. */
export function findOrigin(inputs: Inputs, key: Key): string | undefined {
  const flag = Object.keys(FLAGS).find((name) => FLAGS[name]?.key === key);
  return flag === undefined ? undefined : readInput(inputs, flag)?.origin;
}

/** Judges one answer, already of its type: true, or the rule it breaks, as in 'must be …'. */
export function checkAnswer(key: Key, value: unknown): true | string {
  const result = fields[key].safeParse(value);
  return result.success || (result.error.issues[0]?.message ?? 'is not allowed');
}

/** A list of `name=value`, or one text of them with commas between, which tags cannot hold. */
function parseTags(input: Given): Record<string, string> {
  const parts = Array.isArray(input.value) ? input.value.map(String) : String(input.value).split(',');
  const pairs = parts.map((part): [string, string] => {
    const cut = part.indexOf('=');
    if (cut < 1 || part.startsWith('__proto__='))
      throw new UsageError(`${input.origin} must be name=value: got ${quoteValue(part)}.`);
    return [part.slice(0, cut), part.slice(cut + 1)];
  });
  return Object.fromEntries(pairs);
}
