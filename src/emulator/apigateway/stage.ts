import type { Call } from '../operation.js';
import { isMapped } from './base-path-mapping.js';
import { badRequest, notFound } from './errors.js';
import { cacheClusterStatus, type Deployment, type Stage, TABLES } from './model.js';
import { operation } from './operation.js';
import { findRestApi } from './rest-api.js';
import { leaveUsagePlans } from './usage-plan.js';

/** Reads a stage. @throws {Refusal} NotFoundException. */
export function findStage(call: Call, apiId: string, stageName: string): Stage {
  findRestApi(call, apiId);
  const stage = call.store.get<Stage>(TABLES.stage, `${apiId}/${stageName}`);
  if (stage === undefined) throw notFound('Invalid stage identifier specified');
  return stage;
}

/** Writes a stage. */
export function saveStage(call: Call, apiId: string, stage: Stage): void {
  call.store.put(TABLES.stage, `${apiId}/${stage.stageName}`, stage);
}

/** All stages of an API, by name. */
export function listStages(call: Call, apiId: string): Stage[] {
  return call.store.list<Stage>(TABLES.stage, { prefix: `${apiId}/` }).map((row) => row.value);
}

/** Whether the API has this deployment. */
export function hasDeployment(call: Call, apiId: string, deploymentId: string): boolean {
  return call.store.get<Deployment>(TABLES.deployment, `${apiId}/${deploymentId}`) !== undefined;
}

/** A stage as it goes over the wire. */
export function stageAnswer(call: Call, stage: Stage): Record<string, unknown> {
  const { cacheCluster: _cluster, ...rest } = stage;
  return { ...rest, cacheClusterStatus: cacheClusterStatus(stage, call.now()) };
}

/** Forgets every answer that the stage has cached. */
export function emptyStageCache(call: Call, apiId: string, stageName: string): void {
  call.cloud.flushStageCache(call, { apiId, stageName });
  const table = 'execute-api/cache';
  for (const { key } of call.store.list(table, { prefix: `${apiId}/${stageName}/` })) call.store.delete(table, key);
}

/** Answers one stage. */
export const GetStage = operation({
  name: 'GetStage',
  route: 'GET /restapis/{restApiId}/stages/{stageName}',
  success: 200,
  fidelity: 'recorded',
  source: 'LocalStack, recorded tests of stages (March 2024); cache clusters from the API reference',
  run: (call, { path }) => stageAnswer(call, findStage(call, path.restApiId, path.stageName)),
});

/** Lists the stages of an API, or those of one deployment; all on one page. */
export const GetStages = operation({
  name: 'GetStages',
  route: 'GET /restapis/{restApiId}/stages',
  success: 200,
  fidelity: 'documented',
  source: 'API reference, GetStages',
  run(call, { path, query }) {
    const { id } = findRestApi(call, path.restApiId);
    const deploymentId = query.get('deploymentId');
    const stages = listStages(call, id).filter((stage) => !deploymentId || stage.deploymentId === deploymentId);
    return { item: stages.map((stage) => stageAnswer(call, stage)) };
  },
});

/** Removes a stage that no domain leads to; its cache cluster goes at once, usage plans forget it, its log groups stay. */
export const DeleteStage = operation({
  name: 'DeleteStage',
  route: 'DELETE /restapis/{restApiId}/stages/{stageName}',
  success: 202,
  fidelity: 'documented',
  source:
    'API reference, DeleteStage; that usage plans forget it is reported: hashicorp/terraform-provider-aws#14100; that a mapped one is refused is a guess',
  run(call, { path }) {
    const { stageName } = findStage(call, path.restApiId, path.stageName);
    if (isMapped(call, path.restApiId, stageName))
      throw badRequest(
        'Deleting stage failed. Please remove all base path mappings related to the stage in your domains.',
      );
    emptyStageCache(call, path.restApiId, stageName);
    call.cloud.flushAuthorizersCache(call, { apiId: path.restApiId, stageName });
    leaveUsagePlans(call, path.restApiId, stageName);
    call.store.delete(TABLES.stage, `${path.restApiId}/${stageName}`);
    return undefined;
  },
});
