import { basename, dirname, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { ConfigError, UsageError } from '../errors.js';
import { accessKind, completeAccess } from './access-rules.js';
import type { Overrides } from './answers.js';
import { applyOverrides, fileFromAnswers } from './apply-overrides.js';
import { findRegionOfBucketName } from './bucket-name.js';
import type { BucketConfig, Config, MountConfig } from './config.js';
import { type Inputs, readInput } from './input.js';
import { checkAnswer, findOrigin, readOverrides } from './overrides.js';
import { parseConfigFile, renderField, valueAt } from './parse-config-file.js';
import { quoteValue } from './quote-value.js';
import { findConfigText } from './read-config-text.js';
import { type ConfigFile, configFileSchema, type MountFile, mountId, mountPrefix } from './schema.js';

export type { ConfigAnswers } from './answers.js';

/** What a config is made of. */
export interface ConfigAsk extends Inputs {
  /** The working folder, absolute: where `pixgate.yaml` is looked for. */
  readonly cwd: string;
  /** The profile of the AWS config files that is in use, and the Region that it names, if any. @default nobody looked */
  readonly profile?: { readonly name: string; readonly region?: string };
}

/** Where the config file lies, or would lie. */
export interface ConfigPath {
  /** Absolute. */
  readonly path: string;
  /** As the person gave it, for messages; 'pixgate.yaml' when nobody did. */
  readonly shown: string;
  /** A flag or variable names it, so it has to be there. */
  readonly named: boolean;
}

/** Finds where the config file lies, or would lie: `--config`, PIXGATE_CONFIG, or `pixgate.yaml` in the working folder. */
export function findConfigPath(ask: ConfigAsk): ConfigPath {
  const input = readInput(ask, 'config');
  const shown = input === undefined ? 'pixgate.yaml' : String(input.value);
  if (shown === '') throw new UsageError(`${input?.origin} must be a file such as pixgate.yaml: got "".`);
  return { path: resolve(ask.cwd, shown), shown, named: input !== undefined };
}

/**
 * Puts the config together: flags beat environment, environment beats the file, the file beats the defaults.
 *
 * Without a file, flags and environment must give at least `source` and `access`. The Region comes from AWS_REGION or
 * AWS_DEFAULT_REGION where nothing else names one, and then from the profile; the local target then takes us-east-1. Reads one file, changes nothing.
 *
 * @throws {ConfigError} when the file is missing, unreadable or breaks a rule.
 * @throws {UsageError} when a flag or variable breaks a rule or something is missing.
 */
export async function loadConfig(ask: ConfigAsk): Promise<Config> {
  const at = findConfigPath(ask);
  const overrides = readOverrides(ask);
  const text = await findConfigText(at.path, at.shown);
  if (text === undefined) {
    if (at.named || overrides.source === undefined) throw missingFile(ask, at);
    if (overrides.access === undefined) throw missingAccess();
    return completeConfig(check(fileFromAnswers(overrides), ask), ask, resolve(ask.cwd));
  }
  const file = parseConfigFile(text, at.shown);
  if (file.mounts.length > 1) refuseMountFlags(ask, overrides, at.shown, file.mounts.length);
  const fromHere =
    overrides.source === undefined ? overrides : { ...overrides, source: resolve(ask.cwd, overrides.source) };
  const config = completeConfig(check(applyOverrides(file, fromHere), ask), ask, dirname(at.path), at.path);
  const differing = (Object.keys(fromHere) as (keyof Overrides)[]).filter(
    (key) =>
      !PASSING.has(key) &&
      !isDeepStrictEqual(resolved(applyOverrides(file, { [key]: fromHere[key] }), at), resolved(file, at)),
  );
  if (differing.length === 0) return config;
  return deepFreeze({ ...config, overrides: differing.map((key) => findOrigin(ask, key) ?? key) });
}

/** What may differ from run to run without the next run undoing it. */
const PASSING: ReadonlySet<string> = new Set(['name', 'stage', 'region', 'concurrency', 'expires']);

/** The same file with absolute sources, since './images' and its absolute path say the same. */
function resolved(file: ConfigFile, at: ConfigPath): ConfigFile {
  const mounts = file.mounts.map((mount) => ({ ...mount, source: resolve(dirname(at.path), mount.source) }));
  return { ...file, mounts };
}

/**
 * A config that knows an environment by its name alone, for taking it away when the file is lost: whatever carries its
 * tags is found without mounts. Undefined unless name, stage and Region are all given by flag or variable.
 */
export function bareConfig(ask: ConfigAsk): Config | undefined {
  const { name, stage, region } = readOverrides(ask);
  if (name === undefined || stage === undefined || region === undefined) return undefined;
  const file = { version: 1 as const, name, stage, region, mounts: [] };
  return completeConfig(file, ask, ask.cwd);
}

function missingFile(ask: ConfigAsk, at: ConfigPath): ConfigError {
  const folder = at.named ? '' : ` in ${quoteValue(ask.cwd)}`;
  return new ConfigError(
    `Cannot read ${at.shown}: there is no such file${folder}.`,
    { file: at.shown },
    { code: 'CONFIG_MISSING', suggestions: ['pixgate init', 'pixgate up --source ./images --access public'] },
  );
}

function missingAccess(): UsageError {
  return new UsageError(
    '--access must be written out: public, and everybody who knows an address can read the image, or iam, api-key or cognito.',
    {
      suggestions: ['add --access public', 'pixgate init'],
    },
  );
}

function refuseMountFlags(ask: ConfigAsk, overrides: Overrides, file: string, count: number): void {
  for (const key of ['source', 'mount', 'bucket', 'prefix', 'versioning', 'access'] as const) {
    if (overrides[key] === undefined) continue;
    throw new UsageError(
      `${findOrigin(ask, key)} must not be given where ${file} has ${count} mounts: got ${quoteValue(overrides[key])}.`,
      { suggestions: [`edit ${file}`] },
    );
  }
}

/** Looks again at what fields mean to each other, now that flags have changed some. */
function check(file: ConfigFile, ask: ConfigAsk): ConfigFile {
  if (file.cache !== undefined && file.cache.sizeGb === undefined) {
    const given = quoteValue(file.cache.ttlSeconds);
    throw new UsageError(
      `${findOrigin(ask, 'cacheTtlSeconds')} must come with --cache-size, which makes a cache: got ${given}.`,
      {
        suggestions: ['add --cache-size 0.5'],
      },
    );
  }
  const result = configFileSchema.safeParse(file);
  if (result.success) return result.data;
  const { path = [], message = '' } = result.error.issues[0] ?? {};
  const value = quoteValue(valueAt(file, path));
  throw new UsageError(`Cannot use these flags together: ${renderField(path)} ${message}: got ${value}.`);
}

function completeConfig(file: ConfigFile, ask: ConfigAsk, directory: string, path?: string): Config {
  const { cache, cors = { origin: '*' } } = file;
  const region = file.region ?? fallbackRegion(ask);
  const { expires: renewal } = readOverrides(ask);
  // What buckets and keys say of a Region can be held against the API's only now.
  if (file.region === undefined) check({ ...file, region }, ask);
  return deepFreeze({
    version: 1,
    name: file.name ?? nameFrom(directory),
    region,
    stage: file.stage ?? 'dev',
    endpoint: file.endpoint ?? 'regional',
    ...(file.securityPolicy === undefined ? {} : { securityPolicy: file.securityPolicy }),
    ...(cache === undefined ? {} : { cache: { ttlSeconds: 300, ...cache } }),
    logs: { level: 'error', access: true, retentionDays: 30, ...file.logs },
    throttle: { rate: 500, burst: 1000, ...file.throttle },
    ...(cors.origin === 'none' ? {} : { cors }),
    tracing: file.tracing ?? false,
    ...(file.metrics === undefined ? {} : { metrics: file.metrics }),
    tags: file.tags ?? {},
    ...(file.expires === undefined ? {} : { expires: file.expires }),
    ...(renewal === undefined ? {} : { renewal }),
    mounts: file.mounts.map((mount) => completeMount(mount, directory)),
    concurrency: file.concurrency ?? 256,
    ...(path === undefined ? {} : { file: path }),
    directory,
  });
}

function completeMount(mount: MountFile, directory: string): MountConfig {
  return {
    id: mountId(mount.path),
    path: mount.path,
    bucket: completeBucket(mount),
    source: resolve(directory, mount.source),
    access: completeAccess(mount.access, directory),
    ...(mount.cache === undefined ? {} : { cache: mount.cache }),
    ...(mount.throttle === undefined ? {} : { throttle: mount.throttle }),
    headers: mount.headers ?? {},
    ...(mount.include === undefined ? {} : { include: mount.include }),
    ...(mount.exclude === undefined ? {} : { exclude: mount.exclude }),
    ...(mount.svg === undefined ? {} : { svg: mount.svg }),
    ...(mount.links === undefined ? {} : { links: mount.links }),
    upload: (mount.upload ?? [defaultRule(mount)]).map((rule) => ({
      match: rule.match,
      headers: { ...rule.headers, ...metadataHeaders(rule.metadata) },
    })),
  };
}

/** Five minutes: in every cache on the way where everybody may read, else in the caller's own only. */
function defaultRule(mount: MountFile): NonNullable<MountFile['upload']>[number] {
  const whose = accessKind(mount.access) === 'public' ? 'public' : 'private';
  return { match: '**/*', headers: { 'Cache-Control': `${whose}, max-age=300` } };
}

function metadataHeaders(metadata: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(metadata).map(([name, value]) => [`x-amz-meta-${name}`, value]));
}

function completeBucket(mount: MountFile): BucketConfig {
  const bucket = { name: 'auto', create: true, versioning: false, ...mount.bucket, prefix: mountPrefix(mount) };
  if (!bucket.create || bucket.namespace !== undefined) return bucket;
  return findRegionOfBucketName(bucket.name) === undefined ? bucket : { ...bucket, namespace: 'account-regional' };
}

function fallbackRegion({ env, flags, profile }: ConfigAsk): string {
  const candidates = [
    ...['AWS_REGION', 'AWS_DEFAULT_REGION'].map((variable) => [variable, env[variable]] as const),
    [`The region of profile "${profile?.name}"`, profile?.region] as const,
  ];
  for (const [origin, value] of candidates) {
    if (value === undefined || value === '') continue;
    const verdict = checkAnswer('region', value);
    if (verdict !== true) throw new UsageError(`${origin} ${verdict}: got ${quoteValue(value)}.`);
    return value;
  }
  if (readInput({ env, flags }, 'target')?.value === 'local') return 'us-east-1';
  throw new UsageError(
    `--region must be given, since neither the config file${profile === undefined ? ' nor AWS_REGION' : `, AWS_REGION nor profile "${profile.name}"`} names one: it is missing.`,
    {
      suggestions: ['add --region eu-west-1'],
    },
  );
}

/** Turns a folder's name into a project's: 'Été 2026' gives 'ete-2026', and what gives nothing is called 'images'. */
function nameFrom(directory: string): string {
  const plain = basename(directory).normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const name = plain
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-/, '')
    .slice(0, 32)
    .replace(/-$/, '');
  return name.length < 2 ? 'images' : name;
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(deepFreeze);
  return Object.freeze(value);
}
