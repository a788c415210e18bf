import type { Patch } from '../aws/api-gateway.js';
import type { Tags } from '../aws/iam.js';
import type { MethodSettings, StageReading } from '../aws/stage-reader.js';
import type { Config } from '../config/config.js';
import { WaitError } from '../errors.js';
import type { Change } from '../model/plan.js';
import { diffJson, surfaceDigest } from '../surface/diff.js';
import { ACCESS_LOG_FORMAT } from './access-log.js';
import { type ApiHave, surfaceOf } from './api.js';
import { accessLogGroup } from './names.js';
import { diffTags, ownTags } from './ownership.js';
import type { Environment, Resource, World } from './resource.js';

/** The stage as it is wanted. */
export interface StageWant {
  readonly apiId: string;
  readonly stageName: string;
  /** Description of the deployment that the stage must show: it holds the digest of the API. */
  readonly deployment: string;
  readonly settings: StageSettings;
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
      deployment: `${DEPLOYMENT_MARK}${surfaceDigest(surfaceOf(environment, config))}`,
      settings: wantedSettings(environment, config),
      tags: config.tags,
    }),
    label: (want) => want.stageName,
    observe,
    diff,
    async converge(world, want, have) {
      const deploymentId = await ensureDeployment(world, want, have);
      if (have === undefined) await create(world, want, deploymentId);
      const now = have ?? (await demand(world, want));
      await repoint(world, want, now, deploymentId);
      await syncSettings(world, want, now);
      await waitForCache(world, { ...want, cacheWanted: want.settings.cache.enabled });
      await dropOldDeployments(world, want, deploymentId);
      return demand(world, want);
    },
    async remove(world, have) {
      const { apiGateway } = world.aws;
      // Logging goes first, or requests still under way write to groups that are being deleted.
      await apiGateway.patchStage(have.apiId, have.reading.name, silence(have.reading));
      await apiGateway.deleteStage(have.apiId, have.reading.name);
    },
    remember: (have) => ({ apiId: have.apiId, deploymentId: have.reading.deploymentId }),
  };
}

function wantedSettings(environment: Environment, config: Config): StageSettings {
  const { partition, region, account } = environment;
  const group = `arn:${partition}:logs:${region}:${account}:log-group:${accessLogGroup(environment)}`;
  const { cache, logs, throttle } = config;
  return {
    cache: { enabled: cache !== undefined, sizeGb: cache === undefined ? '' : String(cache.sizeGb) },
    tracingEnabled: config.tracing,
    accessLogArn: logs.access ? group : '',
    accessLogFormat: logs.access ? ACCESS_LOG_FORMAT : '',
    allMethods: {
      loggingLevel: logs.level.toUpperCase(),
      dataTraceEnabled: false,
      metricsEnabled: true,
      throttlingBurstLimit: throttle.burst,
      throttlingRateLimit: throttle.rate,
      cachingEnabled: cache !== undefined,
      cacheTtlInSeconds: cache?.ttlSeconds ?? 300,
      cacheDataEncrypted: cache !== undefined,
      requireAuthorizationForCacheControl: true,
      // Browsers send max-age=0 on every reload: a 403 would shut ordinary visitors out, and this protects as well.
      unauthorizedCacheControlHeaderStrategy: 'SUCCEED_WITHOUT_RESPONSE_HEADER',
    },
  };
}

function currentSettings(reading: StageReading): StageSettings {
  return {
    cache: { enabled: reading.cacheClusterEnabled, sizeGb: reading.cacheClusterSize },
    tracingEnabled: reading.tracingEnabled,
    accessLogArn: reading.accessLogArn,
    accessLogFormat: reading.accessLogFormat,
    allMethods: reading.methodSettings[ALL_METHODS] ?? NOTHING_SET,
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
  if (have === undefined)
    return [
      { path: 'settings', from: undefined, to: { ...want.settings, allMethods: { ...want.settings.allMethods } } },
    ];
  const stale =
    have.deployment === want.deployment ? [] : [{ path: 'deployment', from: have.deployment, to: want.deployment }];
  const current = currentSettings(have.reading);
  return [
    ...stale,
    ...diffJson(asJson(current), asJson(want.settings)),
    ...overrides(have.reading).map((key) => ({ path: `methodSettings.${key}`, from: 'set', to: undefined })),
    ...diffTags(want.tags, have.reading.tags),
  ];
}

function asJson(settings: StageSettings) {
  return { ...settings, allMethods: { ...settings.allMethods } };
}

/** Settings of single methods: AWS makes each a copy of what held at that time, so none may stay behind. */
function overrides(reading: StageReading): string[] {
  return Object.keys(reading.methodSettings).filter((key) => key !== ALL_METHODS);
}

/** The deployment to show: the one that stands for this API already, or a new photograph of it. */
async function ensureDeployment({ aws }: World, want: StageWant, have: StageHave | undefined): Promise<string> {
  if (have?.deployment === want.deployment) return have.reading.deploymentId;
  return aws.apiGateway.createDeployment(want.apiId, want.deployment);
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

async function repoint({ aws }: World, want: StageWant, have: StageHave, deploymentId: string): Promise<void> {
  if (have.reading.deploymentId === deploymentId) return;
  await aws.apiGateway.patchStage(want.apiId, want.stageName, [
    { op: 'replace', path: '/deploymentId', value: deploymentId },
  ]);
  // What the old API answered must not be served by the new one.
  if (have.reading.cacheClusterEnabled) await aws.apiGateway.flushStageCache(want.apiId, want.stageName);
}

/** Cache and throttle first; logging after it, since AWS may refuse that for a while when its role is new. */
async function syncSettings(world: World, want: StageWant, have: StageHave): Promise<void> {
  const { apiGateway } = world.aws;
  const current = currentSettings(have.reading);
  const { settings } = want;
  const patch = async (patches: readonly Patch[]): Promise<void> => {
    if (patches.length > 0) await apiGateway.patchStage(want.apiId, want.stageName, patches);
  };
  await patch(clusterPatches(settings, current));
  await waitForCache(world, { ...want, cacheWanted: want.settings.cache.enabled });
  const isLogging = (name: keyof MethodSettings): boolean => name === 'loggingLevel' || name === 'dataTraceEnabled';
  await patch([
    ...overrides(have.reading).map((key): Patch => ({ op: 'remove', path: `/${key}` })),
    ...methodPatches(settings, current, (name) => !isLogging(name)),
    ...(settings.tracingEnabled === current.tracingEnabled
      ? []
      : [replace('/tracingEnabled', settings.tracingEnabled)]),
  ]);
  await patch([...methodPatches(settings, current, isLogging), ...accessLogPatches(settings, current)]);
  if (diffTags(want.tags, have.reading.tags).length > 0)
    await apiGateway.tagStage(want.apiId, want.stageName, want.tags);
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

function methodPatches(
  want: StageSettings,
  have: StageSettings,
  filter: (name: keyof MethodSettings) => boolean,
): Patch[] {
  const names = (Object.keys(SETTING_PATHS) as (keyof MethodSettings)[]).filter(filter);
  const differing = names.filter((name) => want.allMethods[name] !== have.allMethods[name]);
  return differing.map((name) => replace(`/${ALL_METHODS}/${SETTING_PATHS[name]}`, want.allMethods[name]));
}

function accessLogPatches(want: StageSettings, have: StageSettings): Patch[] {
  if (want.accessLogArn === have.accessLogArn && want.accessLogFormat === have.accessLogFormat) return [];
  if (want.accessLogArn === '') return [{ op: 'remove', path: '/accessLogSettings' }];
  return [
    replace('/accessLogSettings/destinationArn', want.accessLogArn),
    replace('/accessLogSettings/format', want.accessLogFormat),
  ];
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
async function waitForCache(
  { aws, clock, say, signal }: World,
  want: { apiId: string; stageName: string; cacheWanted: boolean },
): Promise<void> {
  const start = clock.now();
  const goal = want.cacheWanted ? 'AVAILABLE' : 'NOT_AVAILABLE';
  for (;;) {
    const status = (await aws.apiGateway.findStage(want.apiId, want.stageName))?.cacheClusterStatus ?? goal;
    const elapsedMs = clock.now() - start;
    if (status === goal || signal.aborted) return;
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

/** Removes photographs of ours that no stage shows any more; those of others stay. */
async function dropOldDeployments({ aws }: World, want: StageWant, shown: string): Promise<void> {
  for (const { id, description } of await aws.apiGateway.listDeployments(want.apiId)) {
    if (id !== shown && description.startsWith(DEPLOYMENT_MARK)) await aws.apiGateway.deleteDeployment(want.apiId, id);
  }
}

async function demand(world: World, want: StageWant): Promise<StageHave> {
  const have = await observe(world, want);
  if (have === undefined)
    throw new WaitError(`Cannot find stage "${want.stageName}" right after it was made.`, {
      suggestions: ['run the same command again'],
    });
  return have;
}
