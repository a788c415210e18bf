import { createHash } from 'node:crypto';
import type { Patch } from '../aws/api-gateway.js';
import type { Tags } from '../aws/iam.js';
import type { MethodSettings, StageReading } from '../aws/stage-reader.js';
import type { Config, MountConfig } from '../config/config.js';
import { AwsError, CancelledError, WaitError } from '../errors.js';
import type { Change } from '../model/plan.js';
import { OWN_POOL } from '../surface/access.js';
import { diffJson, surfaceDigest } from '../surface/diff.js';
import type { Surface } from '../surface/surface.js';
import { ACCESS_LOG_FORMAT } from './access-log.js';
import { type ApiHave, surfaceOf } from './api.js';
import { appear } from './appear.js';
import { isServed, type LoggingHave } from './logging.js';
import { accessLogGroup } from './names.js';
import { diffTags, ownTags } from './ownership.js';
import type { Environment, Resource, World } from './resource.js';

/** The stage as it is wanted. */
export interface StageWant {
  readonly apiId: string;
  readonly stageName: string;
  /** Description of the deployment that the stage must show: it holds the digest of the API, and of what its authorizers are. */
  readonly deployment: string;
  readonly settings: StageSettings;
  /** Whether API Gateway has a role to write logs with; without one the stage is made silent, and the difference stays. */
  readonly canLog: boolean;
  readonly tags: Tags;
}

/** What is set on the stage itself, and holds without a deployment. */
export interface StageSettings {
  readonly cache: { readonly sizeGb: string; readonly enabled: boolean };
  readonly tracingEnabled: boolean;
  readonly accessLogArn: string;
  readonly accessLogFormat: string;
  /** For all methods together. */
  readonly allMethods: MethodSettings;
  /** For single methods, by AWS's key. Each is a whole of its own: AWS copies the settings of all into it once, and never again. */
  readonly methods: Readonly<Record<string, MethodSettings>>;
}

/** The stage as it is. */
export interface StageHave {
  readonly apiId: string;
  readonly reading: StageReading;
  /** Description of the deployment it shows. */
  readonly deployment: string;
}

const ALL_METHODS = '*/*';
const DEPLOYMENT_MARK = 'pixgate ';

const POLL_MS = 15_000;
/** AWS: a cluster takes about four minutes; nearly four times that is a fault. */
const CACHE_BUDGET_MS = 15 * 60_000;

/** AWS's own names of the patch paths of a method setting. */
const SETTING_PATHS: { readonly [Name in keyof MethodSettings]: string } = {
  throttlingBurstLimit: 'throttling/burstLimit',
  throttlingRateLimit: 'throttling/rateLimit',
  cachingEnabled: 'caching/enabled',
  cacheTtlInSeconds: 'caching/ttlInSeconds',
  cacheDataEncrypted: 'caching/dataEncrypted',
  requireAuthorizationForCacheControl: 'caching/requireAuthorizationForCacheControl',
  unauthorizedCacheControlHeaderStrategy: 'caching/unauthorizedCacheControlHeaderStrategy',
  metricsEnabled: 'metrics/enabled',
  loggingLevel: 'logging/loglevel',
  dataTraceEnabled: 'logging/dataTrace',
};

/** The stage: owns the deployment, the cache cluster, throttling and logging. */
export function stageResource(environment: Environment): Resource<StageWant, StageHave> {
  return {
    address: 'stage',
    needs: ['api'],
    desire: (config, known) => ({
      apiId: (known.get('api') as ApiHave | undefined)?.id ?? '',
      stageName: config.stage,
      deployment: describeDeployment(surfaceOf(environment, config), known.get('api') as ApiHave | undefined),
      settings: wantedSettings(environment, config),
      canLog: isServed(known.get('logging') as LoggingHave | undefined),
      tags: config.tags,
    }),
    label: (want) => want.stageName,
    observe,
    diff,
    async converge(world, want, have) {
      const deploymentId = await ensureDeployment(world, want, have);
      if (have === undefined) await create(world, want, deploymentId);
      // AWS: while a cluster is being changed, by whomever, the stage takes no other change of it.
      if (have !== undefined) await waitForRest(world, want);
      const shown = await demand(world, want);
      const stale = shown.reading.deploymentId !== deploymentId;
      if (stale) await repoint(world, want, shown, deploymentId);
      // Caching that is off on a living cluster may be what a killed run left between its steps: empty it before it serves.
      else if (owesFlush(want, shown)) await flushCache(world, want.apiId, want.stageName);
      await syncSettings(world, want, stale ? await demand(world, want) : shown);
      await waitForCache(world, { ...want, cacheWanted: want.settings.cache.enabled });
      await dropOldDeployments(world, want, deploymentId);
      return demand(world, want);
    },
    async remove(world, have) {
      const { apiGateway } = world.aws;
      // Logging goes first, or requests still under way write to groups that are being deleted. The stage goes in any case.
      await apiGateway.patchStage(have.apiId, have.reading.name, silence(have.reading)).catch(letPass);
      await apiGateway.deleteStage(have.apiId, have.reading.name);
    },
    remember: (have) => ({ apiId: have.apiId, deploymentId: have.reading.deploymentId }),
  };
}

/**
 * What a deployment is described by: the digest of the drawing, and of what its authorizers turned out to be.
 *
 * AWS: a deployment keeps authorizers as they were. One that was made anew, or asks another pool, has the drawing of the one
 * before, and nobody gets in until it is deployed. (source: API Gateway Developer Guide, "Redeploying a REST API to a stage")
 */
function describeDeployment(surface: Surface, api: ApiHave | undefined): string {
  const digest = `${DEPLOYMENT_MARK}${surfaceDigest(surface)}`;
  const names = Object.keys(surface.authorizers).sort();
  if (names.length === 0) return digest;
  const wantsPool = Object.values(surface.authorizers).some(({ providerArns }) => providerArns.includes(OWN_POOL));
  const ids = names.map((name) => api?.reading.authorizerIds[name]);
  const parts = wantsPool ? [...ids, api?.pool] : ids;
  // What is not there yet is none that any stage shows.
  if (parts.includes(undefined)) return `${digest} pending`;
  return `${digest} ${createHash('sha256').update(parts.join(' ')).digest('hex').slice(0, 8)}`;
}

/** The part of a description that follows from the config alone, which a plan can name before anything is made. */
function digestOf(description: string): string {
  return description.split(' ').slice(0, 2).join(' ');
}

/** What a stage shows in place of what is wanted. */
function shownAs(description: string, wanted: string): string {
  return digestOf(description) === digestOf(wanted) ? 'with other authorizers' : description;
}

function wantedSettings(environment: Environment, config: Config): StageSettings {
  const { partition, region, account } = environment;
  const group = `arn:${partition}:logs:${region}:${account}:log-group:${accessLogGroup(environment)}`;
  const { cache, logs } = config;
  const allMethods = wantedMethodSettings(config, {});
  const special = config.mounts.filter((mount) => mount.cache !== undefined || mount.throttle !== undefined);
  const methods = special.flatMap((mount) => {
    const own = wantedMethodSettings(config, mount);
    // AWS: only GET is cached unless another verb is told to be, so HEAD is told not to.
    return [
      [methodKey(mount.path, 'GET'), own] as const,
      [methodKey(mount.path, 'HEAD'), { ...own, cachingEnabled: false }] as const,
    ];
  });
  return {
    cache: { enabled: cache !== undefined, sizeGb: cache === undefined ? '' : String(cache.sizeGb) },
    tracingEnabled: config.tracing,
    accessLogArn: logs.access ? group : '',
    accessLogFormat: logs.access ? ACCESS_LOG_FORMAT : '',
    allMethods,
    methods: Object.fromEntries(methods),
  };
}

/** AWS: the resource path without its leading slash, inner slashes as ~1, then the verb. */
function methodKey(mountPath: string, verb: string): string {
  return `${`${mountPath}/{key+}`.slice(1).replaceAll('/', '~1')}/${verb}`;
}

function wantedMethodSettings(config: Config, mount: Pick<MountConfig, 'cache' | 'throttle'>): MethodSettings {
  const { cache, logs, throttle, metrics = true } = config;
  const ttlSeconds = mount.cache?.ttlSeconds ?? cache?.ttlSeconds ?? 300;
  const caching = cache !== undefined && ttlSeconds > 0;
  return {
    loggingLevel: logs.level.toUpperCase(),
    dataTraceEnabled: false,
    metricsEnabled: metrics,
    throttlingBurstLimit: mount.throttle?.burst ?? throttle.burst,
    throttlingRateLimit: mount.throttle?.rate ?? throttle.rate,
    cachingEnabled: caching,
    cacheTtlInSeconds: ttlSeconds,
    cacheDataEncrypted: cache !== undefined,
    requireAuthorizationForCacheControl: true,
    // Browsers send max-age=0 on every reload: a 403 would shut ordinary visitors out, and silence protects as well.
    unauthorizedCacheControlHeaderStrategy:
      cache?.reload === 'forbid' ? 'FAIL_WITH_403' : 'SUCCEED_WITHOUT_RESPONSE_HEADER',
  };
}

/** AWS: a stage cannot be told to log while the account names no role, and without a living one nothing would be written. */
function withoutLogs(settings: StageSettings): StageSettings {
  const mute = (own: MethodSettings): MethodSettings => ({ ...own, loggingLevel: 'OFF', dataTraceEnabled: false });
  return {
    ...settings,
    accessLogArn: '',
    accessLogFormat: '',
    allMethods: mute(settings.allMethods),
    methods: Object.fromEntries(Object.entries(settings.methods).map(([key, own]) => [key, mute(own)])),
  };
}

/** Whether a stage writes neither an access log nor an execution log. */
export function isSilent({ reading }: StageHave): boolean {
  return reading.accessLogArn === '' && (reading.methodSettings[ALL_METHODS] ?? NOTHING_SET).loggingLevel === 'OFF';
}

/** How long a stage as it is keeps an answer to a GET below a mount's path, in seconds; 0 when it keeps none. */
export function keptSeconds({ reading }: StageHave, mountPath: string): number {
  const { cacheClusterEnabled, methodSettings } = reading;
  const is = methodSettings[methodKey(mountPath, 'GET')] ?? methodSettings[ALL_METHODS] ?? NOTHING_SET;
  return cacheClusterEnabled && is.cachingEnabled ? is.cacheTtlInSeconds : 0;
}

function currentSettings(reading: StageReading): StageSettings {
  return {
    cache: { enabled: reading.cacheClusterEnabled, sizeGb: reading.cacheClusterSize },
    tracingEnabled: reading.tracingEnabled,
    accessLogArn: reading.accessLogArn,
    accessLogFormat: reading.accessLogFormat,
    allMethods: reading.methodSettings[ALL_METHODS] ?? NOTHING_SET,
    methods: Object.fromEntries(Object.entries(reading.methodSettings).filter(([key]) => key !== ALL_METHODS)),
  };
}

/** What a stage does that nobody gave method settings: it logs nothing, caches nothing and has no throttle of its own. */
const NOTHING_SET: MethodSettings = {
  loggingLevel: 'OFF',
  dataTraceEnabled: false,
  metricsEnabled: false,
  throttlingBurstLimit: 0,
  throttlingRateLimit: 0,
  cachingEnabled: false,
  cacheTtlInSeconds: 300,
  cacheDataEncrypted: false,
  requireAuthorizationForCacheControl: true,
  unauthorizedCacheControlHeaderStrategy: 'SUCCEED_WITH_RESPONSE_HEADER',
};

async function observe({ aws }: World, want: StageWant): Promise<StageHave | undefined> {
  if (want.apiId === '') return undefined;
  const reading = await aws.apiGateway.findStage(want.apiId, want.stageName);
  if (reading === undefined) return undefined;
  const deployments = await aws.apiGateway.listDeployments(want.apiId);
  const deployment = deployments.find(({ id }) => id === reading.deploymentId)?.description ?? '';
  return { apiId: want.apiId, reading, deployment };
}

function diff(want: StageWant, have: StageHave | undefined): readonly Change[] {
  if (have === undefined) return [{ path: 'settings', from: undefined, to: asJson(want.settings) }];
  const stale =
    have.deployment === want.deployment
      ? []
      : [{ path: 'deployment', from: shownAs(have.deployment, want.deployment), to: digestOf(want.deployment) }];
  const current = currentSettings(have.reading);
  return [...stale, ...diffJson(asJson(current), asJson(want.settings)), ...diffTags(want.tags, have.reading.tags)];
}

function asJson(settings: StageSettings) {
  const methods = Object.fromEntries(Object.entries(settings.methods).map(([key, is]) => [key, { ...is }]));
  return { ...settings, allMethods: { ...settings.allMethods }, methods };
}

/** The deployment to show: the one that stands for this API already, or a new photograph of it. */
async function ensureDeployment({ aws }: World, want: StageWant, have: StageHave | undefined): Promise<string> {
  const { apiGateway } = aws;
  if (have?.deployment === want.deployment) return have.reading.deploymentId;
  try {
    return await apiGateway.createDeployment(want.apiId, want.deployment);
  } catch (error) {
    // The call is sent once; when its reply was lost, the description tells whether it was heard.
    const made = (await apiGateway.listDeployments(want.apiId)).find((is) => is.description === want.deployment);
    if (!(error instanceof AwsError) || made === undefined) throw error;
    return made.id;
  }
}

async function create(world: World, want: StageWant, deploymentId: string): Promise<void> {
  const { cache, tracingEnabled } = want.settings;
  await world.aws.apiGateway.createStage({
    apiId: want.apiId,
    stageName: want.stageName,
    deploymentId,
    cacheSizeGb: cache.enabled ? Number(cache.sizeGb) : undefined,
    tracingEnabled,
    tags: ownTags(world.environment, want.tags),
  });
}

/**
 * Shows another deployment. What the old API answered must not be served by the new one, and while the keys of the cache
 * change it could serve one image for another: so caching is off meanwhile, and is turned on by the settings behind it.
 */
async function repoint(world: World, want: StageWant, have: StageHave, deploymentId: string): Promise<void> {
  const { apiGateway } = world.aws;
  const cached = Object.entries(have.reading.methodSettings).filter(([, settings]) => settings.cachingEnabled);
  const off = cached.map(([key]) => replace(`/${key}/${SETTING_PATHS.cachingEnabled}`, false));
  if (off.length > 0) await apiGateway.patchStage(want.apiId, want.stageName, off);
  await apiGateway.patchStage(want.apiId, want.stageName, [replace('/deploymentId', deploymentId)]);
  if (have.reading.cacheClusterEnabled) await flushCache(world, want.apiId, want.stageName);
}

function owesFlush({ settings }: StageWant, { reading }: StageHave): boolean {
  const caching = reading.methodSettings[ALL_METHODS]?.cachingEnabled ?? false;
  return reading.cacheClusterEnabled && settings.allMethods.cachingEnabled && !caching;
}

/** Cache and throttle first; logging after it, since AWS may refuse that for a while when its role is new; single methods last. */
async function syncSettings(world: World, want: StageWant, have: StageHave): Promise<void> {
  const { apiGateway } = world.aws;
  const current = currentSettings(have.reading);
  const settings = want.canLog ? want.settings : withoutLogs(want.settings);
  const patch = async (patches: readonly Patch[]): Promise<void> => {
    if (patches.length > 0) await apiGateway.patchStage(want.apiId, want.stageName, patches);
  };
  await patch(clusterPatches(settings, current));
  await waitForCache(world, { ...want, cacheWanted: settings.cache.enabled });
  const isLogging = (name: keyof MethodSettings): boolean => name === 'loggingLevel' || name === 'dataTraceEnabled';
  const all = fieldPatches(ALL_METHODS, settings.allMethods, current.allMethods);
  const strangers = Object.keys(current.methods).filter((key) => settings.methods[key] === undefined);
  await patch([
    ...strangers.map((key): Patch => ({ op: 'remove', path: `/${key}` })),
    ...all.filter(({ name }) => !isLogging(name)).map(({ change }) => change),
    ...(settings.tracingEnabled === current.tracingEnabled
      ? []
      : [replace('/tracingEnabled', settings.tracingEnabled)]),
  ]);
  await patch([
    ...all.filter(({ name }) => isLogging(name)).map(({ change }) => change),
    ...accessLogPatches(settings, current),
  ]);
  await patch(
    Object.entries(settings.methods).flatMap(([key, own]) =>
      fieldPatches(key, own, current.methods[key]).map(({ change }) => change),
    ),
  );
  if (diffTags(want.tags, have.reading.tags).length > 0) {
    await apiGateway.tagStage(want.apiId, want.stageName, want.tags);
  }
}

function replace(path: string, value: string | number | boolean): Patch {
  return { op: 'replace', path, value: String(value) };
}

function clusterPatches(want: StageSettings, have: StageSettings): Patch[] {
  if (!want.cache.enabled) return have.cache.enabled ? [replace('/cacheClusterEnabled', false)] : [];
  const size = want.cache.sizeGb === have.cache.sizeGb ? [] : [replace('/cacheClusterSize', want.cache.sizeGb)];
  return have.cache.enabled
    ? size
    : [replace('/cacheClusterEnabled', true), replace('/cacheClusterSize', want.cache.sizeGb)];
}

/** Patches for the fields that differ; all of them for an entry that is not there yet, since AWS fills it with a copy. */
function fieldPatches(
  key: string,
  want: MethodSettings,
  have: MethodSettings | undefined,
): { name: keyof MethodSettings; change: Patch }[] {
  const names = Object.keys(SETTING_PATHS) as (keyof MethodSettings)[];
  return names
    .filter((name) => want[name] !== have?.[name])
    .map((name) => ({ name, change: replace(`/${key}/${SETTING_PATHS[name]}`, want[name]) }));
}

function accessLogPatches(want: StageSettings, have: StageSettings): Patch[] {
  if (want.accessLogArn === have.accessLogArn && want.accessLogFormat === have.accessLogFormat) return [];
  if (want.accessLogArn === '') return [{ op: 'remove', path: '/accessLogSettings' }];
  return [
    replace('/accessLogSettings/destinationArn', want.accessLogArn),
    replace('/accessLogSettings/format', want.accessLogFormat),
  ];
}

/** AWS may refuse the patch while the cluster changes, or when its first try was heard and its reply lost. */
function letPass(error: unknown): void {
  if (!(error instanceof AwsError)) throw error;
}

function silence(reading: StageReading): Patch[] {
  const access: Patch[] = reading.accessLogArn === '' ? [] : [{ op: 'remove', path: '/accessLogSettings' }];
  return [replace(`/${ALL_METHODS}/${SETTING_PATHS.loggingLevel}`, 'OFF'), ...access];
}

/** Empties the stage's cache and waits until it serves again. */
export async function flushCache(world: World, apiId: string, stageName: string): Promise<void> {
  await world.aws.apiGateway.flushStageCache(apiId, stageName);
  await waitForCache(world, { apiId, stageName, cacheWanted: true });
}

/** Waits until the cache cluster is what was asked for: usable, or gone. */
function waitForCache(world: World, want: StagePlace & { cacheWanted: boolean }): Promise<void> {
  return waitForCluster(world, want, [want.cacheWanted ? 'AVAILABLE' : 'NOT_AVAILABLE']);
}

/** Waits until the cache cluster is not being changed any more. */
function waitForRest(world: World, want: StagePlace): Promise<void> {
  return waitForCluster(world, want, ['AVAILABLE', 'NOT_AVAILABLE']);
}

interface StagePlace {
  readonly apiId: string;
  readonly stageName: string;
}

async function waitForCluster(
  { aws, clock, say, signal }: World,
  want: StagePlace,
  goals: readonly string[],
): Promise<void> {
  const start = clock.now();
  for (;;) {
    const status = (await aws.apiGateway.findStage(want.apiId, want.stageName))?.cacheClusterStatus;
    const elapsedMs = clock.now() - start;
    if (status === undefined || goals.includes(status)) return;
    if (signal.aborted) throw stopped(status);
    if (elapsedMs > CACHE_BUDGET_MS) {
      throw new WaitError(
        `Cannot use the cache of stage "${want.stageName}" yet: its cluster is ${status} after 15 minutes.`,
        {
          suggestions: ['run the same command again in a few minutes; nothing needs undoing'],
        },
      );
    }
    say({ type: 'wait', for: `cache cluster, ${status}`, elapsedMs, expectedMs: 240_000 });
    await clock.sleep(POLL_MS);
  }
}

function stopped(status: string): CancelledError {
  return new CancelledError(`Stopped as asked: the cache cluster is ${status}, and AWS goes on with it.`, {
    suggestions: ['run the same command again to go on', 'pixgate teardown'],
  });
}

/** Removes photographs of ours that no stage shows any more; those of others stay. */
async function dropOldDeployments({ aws }: World, want: StageWant, shown: string): Promise<void> {
  const { apiGateway } = aws;
  const old = (await apiGateway.listDeployments(want.apiId)).filter(
    ({ id, description }) => id !== shown && description.startsWith(DEPLOYMENT_MARK),
  );
  if (old.length === 0) return;
  const inUse = new Set((await apiGateway.listStages(want.apiId)).map(({ deploymentId }) => deploymentId));
  for (const { id } of old) if (!inUse.has(id)) await apiGateway.deleteDeployment(want.apiId, id);
}

function demand(world: World, want: StageWant): Promise<StageHave> {
  return appear(world, `stage "${want.stageName}"`, () => observe(world, want));
}
