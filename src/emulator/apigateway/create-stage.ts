import type { Call } from '../operation.js';
import { CACHE_SIZE, changeCluster, NO_CLUSTER } from './cache-cluster.js';
import { type Compact, compact } from './compact.js';
import { badRequest, conflict } from './errors.js';
import { type Stage, TABLES } from './model.js';
import { operation } from './operation.js';
import { findRestApi } from './rest-api.js';
import { flag, leftOut, mapOf, required, text } from './shape.js';
import { hasDeployment, saveStage, stageAnswer } from './stage.js';

/** What a new stage may be given, by CreateStage or by CreateDeployment. */
export type NewStage = Pick<Stage, 'stageName' | 'deploymentId'> &
  Compact<{ [K in 'description' | 'variables' | 'tags' | 'cacheClusterSize']: Stage[K] | undefined }> & {
    readonly cacheClusterEnabled?: boolean;
    readonly tracingEnabled?: boolean;
  };

/** A new stage, not yet kept. @throws {Refusal} for a bad name or a bad variable. */
export function newStage(call: Call, given: NewStage): Stage {
  if (!/^[A-Za-z0-9_-]{1,128}$/.test(given.stageName)) throw badRequest('Stage name only allows a-zA-Z0-9_-');
  for (const [name, value] of Object.entries(given.variables ?? {})) checkVariable(name, value);
  const now = Math.floor(call.now() / 1000);
  const bare: Stage = {
    ...given,
    cacheClusterEnabled: false,
    cacheCluster: NO_CLUSTER,
    methodSettings: {},
    tracingEnabled: given.tracingEnabled ?? false,
    createdDate: now,
    lastUpdatedDate: now,
  };
  const stage: Stage = { ...bare, cacheClusterEnabled: given.cacheClusterEnabled ?? false };
  changeCluster(call, bare, stage);
  return stage;
}

/** Refuses a stage variable that AWS would refuse; lengths are AWS's quotas. */
export function checkVariable(name: string, value: string): void {
  if (!/^[A-Za-z0-9_]{1,64}$/.test(name) || !/^[A-Za-z0-9\-._~:/?#&=,]{0,512}$/.test(value))
    throw badRequest(`Invalid stage variable specified: ${name}`);
}

/** Makes a stage that serves a deployment. Method settings and access logs come with UpdateStage only. */
export const CreateStage = operation({
  name: 'CreateStage',
  route: 'POST /restapis/{restApiId}/stages',
  success: 201,
  fidelity: 'recorded',
  source:
    'LocalStack, recorded tests of stages (March 2024); the conflict from Terraform reports; cache clusters inferred from the documentation; refusals of names and variables are guesses',
  body: {
    stageName: required(text()),
    deploymentId: required(text()),
    description: text(),
    cacheClusterEnabled: flag,
    cacheClusterSize: CACHE_SIZE,
    variables: mapOf(text()),
    documentationVersion: leftOut('CreateStage documentationVersion'),
    canarySettings: leftOut('CreateStage canarySettings'),
    tracingEnabled: flag,
    tags: mapOf(text()),
  },
  run(call, { path, body }) {
    findRestApi(call, path.restApiId);
    if (!hasDeployment(call, path.restApiId, body.deploymentId)) throw badRequest('Deployment id does not exist');
    if (call.store.get(TABLES.stage, `${path.restApiId}/${body.stageName}`) !== undefined)
      throw conflict('Stage already exists');
    const { documentationVersion: _version, canarySettings: _canary, ...given } = body;
    const stage = newStage(call, compact(given));
    saveStage(call, path.restApiId, stage);
    return stageAnswer(call, stage);
  },
});
