import type { Call } from '../operation.js';
import { hasLoggingRole } from './account.js';
import { CACHE_SIZES, changeCluster } from './cache-cluster.js';
import { checkVariable } from './create-stage.js';
import { badRequest, notEmulated } from './errors.js';
import { readSettingPath, setMethodSetting, settingKey, settingPaths } from './method-setting.js';
import type { Stage } from './model.js';
import { operation } from './operation.js';
import { PATCH_BODY, type PatchOperation, unescapeSegment } from './patch.js';
import { emptyStageCache, findStage, hasDeployment, saveStage, stageAnswer } from './stage.js';

/**
 * Changes a stage: what it serves, its variables, its method settings, its cache cluster, its logs.
 *
 * Changes apply in order, and all or none of them.
 */
export const UpdateStage = operation({
  name: 'UpdateStage',
  route: 'PATCH /restapis/{restApiId}/stages/{stageName}',
  success: 200,
  fidelity: 'recorded',
  source:
    'LocalStack, recorded tests of UpdateStage (March 2024, February 2026); logging without a role from Terraform and CDK reports; cache clusters inferred from the documentation',
  body: PATCH_BODY,
  run(call, { path, body }) {
    const before = findStage(call, path.restApiId, path.stageName);
    const stage = structuredClone(before);
    for (const change of body.patchOperations ?? []) apply(call, path.restApiId, stage, change);
    const lost = changeCluster(call, before, stage);
    stage.lastUpdatedDate = Math.floor(call.now() / 1000);
    if (lost) emptyStageCache(call, path.restApiId, stage.stageName);
    saveStage(call, path.restApiId, stage);
    return stageAnswer(call, stage);
  },
});

function apply(call: Call, apiId: string, stage: Stage, { op, path = 'null', value = '' }: PatchOperation): void {
  const foreign = ['/canarySettings', '/documentationVersion'].find((start) => path.startsWith(start));
  if (foreign !== undefined) throw notEmulated(`UpdateStage ${foreign}`);
  if (op === 'remove') {
    remove(stage, path);
    return;
  }
  if (op !== 'add' && op !== 'replace')
    throw badRequest('Invalid patch operation specified. Must be one of: [add, remove, replace]');
  const known =
    setAccessLog(call, stage, path, value) ||
    setVariable(stage, path, value) ||
    setMethod(call, stage, path, value) ||
    setPlain(call, apiId, stage, path, value);
  if (!known) throw badRequest(`Invalid method setting path: ${path}. Must be one of: [${PATHS}]`);
}

/** The variable that a path names, still escaped. */
const readVariable = (path: string) => /^\/variables\/([^/]+)$/.exec(path)?.[1];

/** Each of these sets what its kind of path names, and answers whether the path is of its kind. */
function setVariable(stage: Stage, path: string, value: string): boolean {
  const segment = readVariable(path);
  if (segment === undefined) return false;
  const name = unescapeSegment(segment);
  checkVariable(name, value);
  stage.variables = { ...stage.variables, [name]: value };
  return true;
}

function setMethod(call: Call, stage: Stage, path: string, value: string): boolean {
  const setting = readSettingPath(path);
  if (setting === undefined) return false;
  setMethodSetting(stage.methodSettings, setting, value);
  if (setting.field === 'logging/loglevel' && value !== 'OFF') requireLoggingRole(call);
  return true;
}

function setPlain(call: Call, apiId: string, stage: Stage, path: string, value: string): boolean {
  switch (path) {
    case '/deploymentId':
      if (!hasDeployment(call, apiId, value)) throw badRequest('Deployment id does not exist');
      stage.deploymentId = value;
      return true;
    case '/description':
      stage.description = value;
      return true;
    case '/tracingEnabled':
      stage.tracingEnabled = value.toLowerCase() === 'true';
      return true;
    case '/cacheClusterEnabled':
      stage.cacheClusterEnabled = value.toLowerCase() === 'true';
      return true;
    case '/cacheClusterSize':
      if (!CACHE_SIZES.some((size) => size === value)) throw badRequest(`Invalid cache cluster size: ${value}`);
      stage.cacheClusterSize = value;
      return true;
    case '/clientCertificateId':
      if (value !== '') throw badRequest(`Invalid client certificate identifier specified: ${value}`);
      delete stage.clientCertificateId;
      return true;
    default:
      return false;
  }
}

const LOG_GROUP = /^arn:[^:]+:logs:[^:]+:\d{12}:log-group:[^:]+$/;
const DELIVERY_STREAM = /^arn:[^:]+:firehose:[^:]+:\d{12}:deliverystream\/amazon-apigateway-.+$/;

/** AWS: the log group is not looked for, and either member may stand alone. (LocalStack, recorded, February 2026) */
function setAccessLog(call: Call, stage: Stage, path: string, value: string): boolean {
  if (!/^\/accessLogSettings(?:\/|$)/.test(path)) return false;
  const member = path.slice('/accessLogSettings/'.length);
  if (member !== 'destinationArn' && member !== 'format')
    throw badRequest(
      'Invalid accessLogSettings path. Must be one of : [/accessLogSettings/destinationArn, /accessLogSettings/format]',
    );
  if (value === '') throw badRequest('Access Log value must not be empty');
  if (member === 'destinationArn' && !LOG_GROUP.test(value) && !DELIVERY_STREAM.test(value))
    throw badRequest('Invalid ARN specified in the request');
  if (member === 'format' && !/\$context\.(?:requestId|extendedRequestId)\b/.test(value))
    throw badRequest('Access log format must contain $context.requestId or $context.extendedRequestId');
  requireLoggingRole(call);
  stage.accessLogSettings = { ...stage.accessLogSettings, [member]: value };
  return true;
}

/** AWS: whatever cannot be removed is taken for a method setting that is not there. (LocalStack, recorded) */
function remove(stage: Stage, path: string): void {
  const variable = unescapeSegment(readVariable(path) ?? '');
  const key = settingKey(path.slice(1));
  if (path === '/accessLogSettings' && stage.accessLogSettings !== undefined) delete stage.accessLogSettings;
  else if (stage.variables !== undefined && Object.hasOwn(stage.variables, variable)) delete stage.variables[variable];
  else if (Object.hasOwn(stage.methodSettings, key)) delete stage.methodSettings[key];
  else
    throw badRequest(
      `Cannot remove method setting ${path.slice(1)} because there is no method setting for this method `,
    );
}

function requireLoggingRole(call: Call): void {
  if (!hasLoggingRole(call))
    throw badRequest('CloudWatch Logs role ARN must be set in account settings to enable logging');
}

/** As AWS lists them; that the paths between the two ends stand in this order is remembered. */
const PATHS = [
  '/deploymentId',
  '/description',
  '/cacheClusterEnabled',
  '/cacheClusterSize',
  '/clientCertificateId',
  '/accessLogSettings',
  '/accessLogSettings/destinationArn',
  '/accessLogSettings/format',
  ...settingPaths('/{resourcePath}/{httpMethod}'),
  ...settingPaths('/*/*'),
  '/variables/{variable_name}',
  '/tracingEnabled',
].join(', ');
