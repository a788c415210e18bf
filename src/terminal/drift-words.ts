import type { Json } from '../model/json.js';
import type { Change } from '../model/plan.js';
import { cutTo } from './page.js';
import { safeText } from './safe-text.js';

/** What a person calls a field, by kind of thing and path. */
const FIELDS: Readonly<Record<string, string>> = {
  'bucket settings.publicAccessBlocked': 'Block Public Access',
  'bucket settings.objectOwnership': 'object ownership',
  'bucket settings.encryption': 'encryption',
  'bucket settings.policy': 'bucket policy',
  'bucket settings.abortUploadsAfterDays': 'days until unfinished uploads are dropped',
  'bucket settings.versioning': 'versioning',
  'bucket settings.acceleration': 'Transfer Acceleration',
  'role trust': 'who may take the role on',
  'role policy': 'what the role may do',
  'logging cloudwatchRoleArn': "role in the account's settings",
  'pool name': 'name',
  'pool mfa': 'MFA',
  'pool settings.selfSignUp': 'accounts for whoever signs up',
  'pool settings.passwordLength': 'fewest characters of a password',
  'pool settings.passwordClasses': 'what a password must hold',
  'pool settings.temporaryPasswordDays': 'days a temporary password holds',
  'pool settings.recovery': 'ways to another password',
  'pool settings.deletionProtection': 'protection from being deleted',
  'pool client.flows': 'ways to sign in',
  'pool client.tellsUnknownUsers': 'strangers are told who has an account',
  'pool client.tokenRevocation': 'revoking of tokens',
  'pool client.idTokenMinutes': 'minutes an ID token holds',
  'pool client.accessTokenMinutes': 'minutes an access token holds',
  'pool client.refreshTokenMinutes': 'minutes a refresh token holds',
  'pool client.oauth': 'signing in by OAuth',
  'api binaryMediaTypes': 'binary media types',
  'api policy': 'resource policy',
  'api endpoint': 'endpoint type',
  'permission caller': 'who may call the function',
  'api twin': 'a second API of this environment',
  'logs access.retentionDays': 'days the access log is kept',
  'logs execution.retentionDays': 'days the execution log is kept',
  'logs execution.owner': 'owner of the execution log',
  'keys plan': 'usage plan',
  'keys plan.name': 'name of the usage plan',
  'keys plan.stage': 'stage in the usage plan',
  'keys plan.rate': 'requests a second, for each key',
  'keys plan.burst': 'requests at once, for each key',
  'keys plan.quota': 'requests of each key',
  'keys key': 'API key',
  'keys key.enabled': 'API key',
  'keys key.inPlan': 'API key in the usage plan',
  'stage deployment': 'deployment',
  'stage cache.sizeGb': 'cache size in GB',
  'stage cache.enabled': 'cache cluster',
  'stage tracingEnabled': 'tracing',
  'stage accessLogArn': 'access log goes to',
  'stage accessLogFormat': 'fields of the access log',
};

/** What a person calls a setting of all methods of a stage, or of one. */
const METHOD_SETTINGS: Readonly<Record<string, string>> = {
  throttlingRateLimit: 'requests a second',
  throttlingBurstLimit: 'requests at once',
  cachingEnabled: 'caching',
  cacheTtlInSeconds: 'seconds an answer is cached',
  cacheDataEncrypted: 'encryption of the cache',
  requireAuthorizationForCacheControl: 'strangers kept from evicting',
  unauthorizedCacheControlHeaderStrategy: 'answer to a stranger who evicts',
  loggingLevel: 'execution log level',
  dataTraceEnabled: 'bodies in the logs',
  metricsEnabled: 'metrics',
};

/** Widest value that is shown, in columns: an ARN is shown whole, a document never. */
const WIDEST_VALUE = 140;

/** Says one differing field in one line: `versioning: Enabled → Off`; first what is there, then what the config wants. */
export function describeDrift(kind: string, { path, from, to }: Change): string {
  const image = kind === 'objects' ? describeImage(path, from) : undefined;
  if (image !== undefined) return safeText(image);
  const field = fieldOf(kind, path);
  const [is, wanted] = [plain(from), plain(to)];
  if (isLong(is) && isLong(wanted)) return safeText(`${field}: not as configured`);
  return safeText(
    `${field}: ${field.endsWith(` ${String(is)}`) ? 'there' : textOf(is, false)} → ${textOf(wanted, true)}`,
  );
}

function describeImage(path: string, from: Json | undefined): string | undefined {
  const [, verb, key = ''] = /^(\w+) (.*)$/s.exec(path) ?? [];
  switch (verb) {
    case 'put':
      return from === undefined ? `${key}: not online → to be sent` : `${key}: other bytes online → those of the file`;
    case 'headers':
      return `${key}: other headers online → those of the config`;
    case 'former':
      return `${key}: below a former prefix → should not be there`;
    default:
      return path === 'manifest' ? `list of what was sent: ${String(from)} → complete` : undefined;
  }
}

function fieldOf(kind: string, path: string): string {
  const known = FIELDS[`${kind} ${path}`];
  if (known !== undefined) return known;
  if (path.startsWith('tags.')) return `tag ${path.slice('tags.'.length)}`;
  if (kind === 'role') return fieldOfRole(path);
  if (kind === 'api') return fieldOfApi(path);
  if (kind === 'stage') return fieldOfStage(path);
  if (kind === 'pool') return path.replace(/^twin /, 'second user pool ').replace(/^clientTwin /, 'second app client ');
  if (kind === 'keys') return fieldOfKeys(path);
  return path.replace('.tags.', ' log, tag ');
}

function fieldOfRole(path: string): string {
  if (path.startsWith('policies.')) return `policy ${path.slice('policies.'.length)}`;
  return path.startsWith('policy.') ? `right to ${path.slice('policy.'.length)}` : path;
}

function fieldOfApi(path: string): string {
  const [, part, rest = ''] = /^(routes|errors|validators|foreign)\.(.*)$/s.exec(path) ?? [];
  // '.replies.404.headers.ETag' reads as ', replies 404 headers ETag'; a path may hold dots, and keeps them.
  const inside = rest.replace(/\.(access|validator|backend|parameters|replies)(\.|$)(.*)$/s, (_all, what, _dot, deep) =>
    `, ${what} ${String(deep).replaceAll('.', ' ')}`.trimEnd(),
  );
  switch (part) {
    case 'routes':
      return inside;
    case 'errors':
      return `own answer ${rest.replaceAll('.', ' ')}`;
    case 'validators':
      return `validator ${rest.replaceAll('.', ' ')}`;
    case 'foreign':
      return rest;
    default:
      return path;
  }
}

function fieldOfStage(path: string): string {
  const all = /^allMethods\.(\w+)$/.exec(path)?.[1];
  if (all !== undefined) return METHOD_SETTINGS[all] ?? all;
  const [, method, setting] = /^methods\.(.+?\/[A-Z*]+)(?:\.(\w+))?$/.exec(path) ?? [];
  if (method === undefined) return path;
  const verb = method.slice(method.lastIndexOf('/') + 1);
  const place = `${verb} /${method.slice(0, method.lastIndexOf('/')).replaceAll('~1', '/')}`;
  return setting === undefined ? `settings of ${place} alone` : `${place}, ${METHOD_SETTINGS[setting] ?? setting}`;
}

function fieldOfKeys(path: string): string {
  if (path.startsWith('twin ')) return `a second ${path.slice('twin '.length)}`;
  return path.replace(/^plan\.tags\./, 'usage plan, tag ').replace(/^key\.tags\./, 'API key, tag ');
}

/** What stands at one end of the arrow; `wanted` at the right one. */
function textOf(value: Json | undefined, wanted: boolean): string {
  if (value === undefined || value === '') return wanted ? 'should not be there' : 'none';
  if (value === true) return 'on';
  if (value === false) return 'off';
  if (isLong(value)) return wanted ? 'as configured' : 'there';
  if (typeof value !== 'string') return JSON.stringify(value);
  return /^pixgate [0-9a-f]{16}$/.test(value) ? 'the API as configured' : value;
}

/** An encryption by its name and key; everything else as it is. */
function plain(value: Json | undefined): Json | undefined {
  if (typeof value !== 'object' || value === null || !('algorithm' in value)) return value;
  return [value['algorithm'], value['kmsKey']].filter((part) => typeof part === 'string' && part !== '').join(' ');
}

/** Whether a value is a document that no line can hold. */
function isLong(value: Json | undefined): boolean {
  if (value === undefined) return false;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.startsWith('{"') || cutTo(text, WIDEST_VALUE) !== text;
}
