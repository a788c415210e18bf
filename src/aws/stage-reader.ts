import type { MethodSetting, Stage } from '@aws-sdk/client-api-gateway';
import type { Tags } from './iam.js';

/** Settings that hold for all methods of a stage, or for one. */
export interface MethodSettings {
  readonly loggingLevel: string;
  readonly dataTraceEnabled: boolean;
  readonly metricsEnabled: boolean;
  readonly throttlingBurstLimit: number;
  readonly throttlingRateLimit: number;
  readonly cachingEnabled: boolean;
  readonly cacheTtlInSeconds: number;
  readonly cacheDataEncrypted: boolean;
  readonly requireAuthorizationForCacheControl: boolean;
  readonly unauthorizedCacheControlHeaderStrategy: string;
}

/** A stage read back. */
export interface StageReading {
  readonly name: string;
  readonly deploymentId: string;
  readonly cacheClusterEnabled: boolean;
  /** '' while there is no cluster. */
  readonly cacheClusterSize: string;
  /** CREATE_IN_PROGRESS, AVAILABLE, DELETE_IN_PROGRESS, NOT_AVAILABLE or FLUSH_IN_PROGRESS. */
  readonly cacheClusterStatus: string;
  readonly tracingEnabled: boolean;
  /** By key: all methods together, or one as 'images~1{key+}/GET'. */
  readonly methodSettings: Readonly<Record<string, MethodSettings>>;
  readonly accessLogArn: string;
  readonly accessLogFormat: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly tags: Tags;
  /** Whether anything of it writes to CloudWatch Logs. */
  readonly writesLogs: boolean;
}

/** A stage as plain data, with AWS's defaults filled in. */
export function fromStage(stage: Stage): StageReading {
  const methodSettings = Object.fromEntries(
    Object.entries(stage.methodSettings ?? {}).map(([key, is]) => [plainKey(key), fromMethodSetting(is)]),
  );
  const logging = Object.values(methodSettings).some(({ loggingLevel }) => loggingLevel !== 'OFF');
  const accessLogArn = stage.accessLogSettings?.destinationArn ?? '';
  return {
    name: stage.stageName ?? '',
    deploymentId: stage.deploymentId ?? '',
    cacheClusterEnabled: stage.cacheClusterEnabled ?? false,
    cacheClusterSize: stage.cacheClusterEnabled === true ? (stage.cacheClusterSize ?? '') : '',
    cacheClusterStatus: stage.cacheClusterStatus ?? 'NOT_AVAILABLE',
    tracingEnabled: stage.tracingEnabled ?? false,
    methodSettings,
    accessLogArn,
    accessLogFormat: stage.accessLogSettings?.format ?? '',
    variables: stage.variables ?? {},
    tags: stage.tags ?? {},
    writesLogs: logging || accessLogArn !== '',
  };
}

/** AWS: keys come with or without the resource path's leading slash, which is escaped as ~1. */
function plainKey(key: string): string {
  return key.startsWith('~1') && key.length > 2 && key[2] !== '/' ? key.slice(2) : key;
}

function fromMethodSetting(is: MethodSetting): MethodSettings {
  return {
    loggingLevel: is.loggingLevel ?? 'OFF',
    dataTraceEnabled: is.dataTraceEnabled ?? false,
    metricsEnabled: is.metricsEnabled ?? false,
    throttlingBurstLimit: is.throttlingBurstLimit ?? 0,
    throttlingRateLimit: is.throttlingRateLimit ?? 0,
    cachingEnabled: is.cachingEnabled ?? false,
    cacheTtlInSeconds: is.cacheTtlInSeconds ?? 300,
    cacheDataEncrypted: is.cacheDataEncrypted ?? false,
    requireAuthorizationForCacheControl: is.requireAuthorizationForCacheControl ?? true,
    unauthorizedCacheControlHeaderStrategy: is.unauthorizedCacheControlHeaderStrategy ?? 'SUCCEED_WITH_RESPONSE_HEADER',
  };
}
