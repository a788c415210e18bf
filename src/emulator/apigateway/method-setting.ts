import { badRequest } from './errors.js';
import type { MethodSetting } from './model.js';

/** What AWS fills in when the settings of all methods are first touched; 5000 and 10000 are the account's own limits. */
const DEFAULTS: MethodSetting = {
  metricsEnabled: false,
  dataTraceEnabled: false,
  throttlingBurstLimit: 5000,
  throttlingRateLimit: 10_000,
  cachingEnabled: false,
  cacheTtlInSeconds: 300,
  cacheDataEncrypted: false,
  requireAuthorizationForCacheControl: true,
  unauthorizedCacheControlHeaderStrategy: 'SUCCEED_WITH_RESPONSE_HEADER',
};

/** The settings of all methods. */
const ALL = '*/*';

type Setter = (setting: MethodSetting, value: string) => void;

type FlagMember = { [K in keyof MethodSetting]-?: MethodSetting[K] extends boolean ? K : never }[keyof MethodSetting];

const setFlag =
  (member: FlagMember): Setter =>
  (setting, value) => {
    setting[member] = value.toLowerCase() === 'true';
  };

const setNumber =
  (
    member: 'throttlingBurstLimit' | 'throttlingRateLimit' | 'cacheTtlInSeconds',
    pattern: RegExp,
    most: number,
  ): Setter =>
  (setting, value) => {
    if (!pattern.test(value) || Number(value) > most) throw invalidValue(member, value);
    setting[member] = Number(value);
  };

function invalidValue(member: string, value: string) {
  return badRequest(`Invalid value specified for method setting ${member}: ${value}`);
}

function pick<const V extends readonly string[]>(known: V, member: string, value: string): V[number] {
  const found = known.find((item) => item === value);
  if (found === undefined) throw invalidValue(member, value);
  return found;
}

const WHOLE = /^\d{1,9}$/;

/** By the tail of the patch path, in the order in which AWS's refusal lists them. */
const SETTERS: Readonly<Record<string, Setter>> = {
  'metrics/enabled': setFlag('metricsEnabled'),
  'logging/dataTrace': setFlag('dataTraceEnabled'),
  'logging/loglevel': (setting, value) => {
    setting.loggingLevel = pick(['OFF', 'ERROR', 'INFO'], 'loggingLevel', value);
  },
  'throttling/burstLimit': setNumber('throttlingBurstLimit', WHOLE, Number.MAX_SAFE_INTEGER),
  'throttling/rateLimit': setNumber('throttlingRateLimit', /^\d{1,9}(?:\.\d+)?$/, Number.MAX_SAFE_INTEGER),
  'caching/ttlInSeconds': setNumber('cacheTtlInSeconds', WHOLE, 3600),
  'caching/enabled': setFlag('cachingEnabled'),
  'caching/dataEncrypted': setFlag('cacheDataEncrypted'),
  'caching/requireAuthorizationForCacheControl': setFlag('requireAuthorizationForCacheControl'),
  'caching/unauthorizedCacheControlHeaderStrategy': (setting, value) => {
    setting.unauthorizedCacheControlHeaderStrategy = pick(
      ['FAIL_WITH_403', 'SUCCEED_WITH_RESPONSE_HEADER', 'SUCCEED_WITHOUT_RESPONSE_HEADER'],
      'unauthorizedCacheControlHeaderStrategy',
      value,
    );
  },
};

const KEY = /^(?:[^/*]+\/(?:GET|PUT|POST|DELETE|PATCH|OPTIONS|HEAD|ANY)|\*\/\*)$/;

/** A patch path that names one field of one method's settings. */
export interface SettingPath {
  /** As AWS keeps it: 'a~1b/GET', '~1/GET' for the root, or '*' + '/*'. */
  readonly key: string;
  /** 'caching/enabled'. */
  readonly field: string;
}

/** Reads a patch path such as `/a~1b/GET/caching/enabled`; undefined when it names no setting. */
export function readSettingPath(path: string): SettingPath | undefined {
  const [empty, resource, verb, ...tail] = path.split('/');
  const key = settingKey(`${resource}/${verb}`);
  const field = tail.join('/');
  return empty === '' && KEY.test(key) && Object.hasOwn(SETTERS, field) ? { key, field } : undefined;
}

/**
 * The key under which AWS keeps the settings of a resource and verb.
 *
 * CloudFormation writes the leading slash of a resource as `~1`; that it means the same is a guess. The root is `~1`.
 */
export function settingKey(segments: string): string {
  return segments.replace(/^~1(?!\/)/, '');
}

/**
 * Sets one field. A method without settings of its own first gets a copy of those of all methods.
 *
 * AWS: the copy is independent from then on. (LocalStack, recorded: test_update_stage, March 2024)
 *
 * @throws {Refusal} for a value that does not fit the field; its text is a guess.
 */
export function setMethodSetting(settings: Record<string, MethodSetting>, path: SettingPath, value: string): void {
  const setting = settings[path.key] ?? { ...(settings[ALL] ?? DEFAULTS) };
  SETTERS[path.field]?.(setting, value);
  settings[path.key] = setting;
}

/** The patch paths of all fields below `prefix`, as AWS's refusal lists them. */
export function settingPaths(prefix: string): string[] {
  return Object.keys(SETTERS).map((field) => `${prefix}/${field}`);
}
