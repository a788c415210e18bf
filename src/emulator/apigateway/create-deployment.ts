import type { Call } from '../operation.js';
import { CACHE_SIZE, changeCluster } from './cache-cluster.js';
import { compact } from './compact.js';
import { checkVariable, newStage } from './create-stage.js';
import { badRequest, notEmulated } from './errors.js';
import { type Deployment, readDraft, type Snapshot, type Stage, TABLES } from './model.js';
import { operation } from './operation.js';
import { findRestApi } from './rest-api.js';
import { fields, flag, mapOf, type Read, text } from './shape.js';
import { emptyStageCache, saveStage } from './stage.js';

const body = {
  stageName: text(),
  stageDescription: text(),
  description: text(),
  cacheClusterEnabled: flag,
  cacheClusterSize: CACHE_SIZE,
  variables: mapOf(text()),
  canarySettings: fields({}),
  tracingEnabled: flag,
};

type Body = Read<typeof body>;

/** Freezes the API as it stands now. With a stage name, that stage is made, or serves the new deployment. */
export const CreateDeployment = operation({
  name: 'CreateDeployment',
  route: 'POST /restapis/{restApiId}/deployments',
  success: 201,
  fidelity: 'recorded',
  source:
    'LocalStack, recorded tests of deployments (September 2023, May 2025); refusals of an API without methods or integrations from reports',
  body,
  run(call, { path, body }) {
    const { id: apiId } = findRestApi(call, path.restApiId);
    const stageName = body.stageName || undefined;
    const key = `${apiId}/${stageName}`;
    const served = stageName === undefined ? undefined : call.store.get<Stage>(TABLES.stage, key);
    if (body.canarySettings !== undefined) refuseCanary(stageName, served);
    const snapshot = checkDraft(readDraft(call.store, apiId));
    const deployment: Deployment = {
      id: call.newId(6),
      ...compact({ description: body.description }),
      createdDate: Math.floor(call.now() / 1000),
    };
    const stage = stageName === undefined ? undefined : stageFor(call, stageName, deployment.id, body, served);
    const lost = stage !== undefined && served !== undefined && changeCluster(call, served, stage);
    call.store.put(TABLES.deployment, `${apiId}/${deployment.id}`, deployment);
    call.store.put(TABLES.snapshot, `${apiId}/${deployment.id}`, snapshot);
    if (lost) emptyStageCache(call, apiId, served.stageName);
    if (stage !== undefined) saveStage(call, apiId, stage);
    return deployment;
  },
});

function refuseCanary(stageName: string | undefined, served: Stage | undefined): never {
  const invalid = 'Invalid deployment content specified.';
  if (stageName === undefined)
    throw badRequest(
      `${invalid}Non null and non empty stageName must be provided for canary deployment. Provided value is null`,
    );
  if (served === undefined)
    throw badRequest(`${invalid}Stage ${stageName} must already be created before making a canary release deployment`);
  throw notEmulated('CreateDeployment canarySettings');
}

function checkDraft(draft: Snapshot | undefined): Snapshot {
  const methods = draft?.resources.flatMap((resource) => Object.values(resource.methods)) ?? [];
  if (draft === undefined || methods.length === 0) throw badRequest("The REST API doesn't contain any methods");
  if (methods.some((method) => method.methodIntegration === undefined))
    throw badRequest('No integration defined for method');
  return draft;
}

function stageFor(call: Call, stageName: string, deploymentId: string, body: Body, served: Stage | undefined): Stage {
  const { stageDescription: description, variables, cacheClusterEnabled, cacheClusterSize, tracingEnabled } = body;
  const given = compact({ description, variables, cacheClusterEnabled, cacheClusterSize, tracingEnabled });
  if (served === undefined) return newStage(call, { ...given, stageName, deploymentId });
  for (const [name, value] of Object.entries(variables ?? {})) checkVariable(name, value);
  return { ...served, ...given, deploymentId, lastUpdatedDate: Math.floor(call.now() / 1000) };
}
