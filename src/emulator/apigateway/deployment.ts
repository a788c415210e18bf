import type { Call } from '../operation.js';
import { badRequest, notFound } from './errors.js';
import { type Deployment, type Snapshot, TABLES } from './model.js';
import { operation } from './operation.js';
import { page } from './page.js';
import { applyPatch, PATCH_BODY } from './patch.js';
import { findRestApi } from './rest-api.js';
import { listStages } from './stage.js';

const path = '/restapis/{restApiId}/deployments/{deploymentId}';
const source = 'LocalStack, recorded tests of deployments (September 2023, May 2025)';

function findDeployment(call: Call, apiId: string, id: string): Deployment {
  findRestApi(call, apiId);
  const deployment = call.store.get<Deployment>(TABLES.deployment, `${apiId}/${id}`);
  if (deployment === undefined) throw notFound('Invalid Deployment identifier specified');
  return deployment;
}

/** Path → verb → how it is guarded. */
function summary(call: Call, apiId: string, id: string): Record<string, unknown> {
  const resources = call.store.get<Snapshot>(TABLES.snapshot, `${apiId}/${id}`)?.resources ?? [];
  const guards = resources.map(({ path, methods }) => [
    path,
    Object.fromEntries(
      Object.values(methods).map(({ httpMethod, authorizationType, apiKeyRequired }) => [
        httpMethod,
        { authorizationType, apiKeyRequired },
      ]),
    ),
  ]);
  return Object.fromEntries(guards.filter(([, verbs]) => Object.keys(verbs ?? {}).length > 0));
}

/** Answers one deployment, with a summary of its methods when asked to embed it. */
export const GetDeployment = operation({
  name: 'GetDeployment',
  route: `GET ${path}`,
  success: 200,
  fidelity: 'recorded',
  source,
  run(call, { path, query }) {
    const deployment = findDeployment(call, path.restApiId, path.deploymentId);
    const embed = query.getAll('embed').some((value) => value.split(',').includes('apisummary'));
    return embed ? { ...deployment, apiSummary: summary(call, path.restApiId, deployment.id) } : deployment;
  },
});

/** Lists the deployments of an API by id; AWS's own order is not known. */
export const GetDeployments = operation({
  name: 'GetDeployments',
  route: 'GET /restapis/{restApiId}/deployments',
  success: 200,
  fidelity: 'recorded',
  source,
  run(call, { path, query }) {
    const { id } = findRestApi(call, path.restApiId);
    return page(call.store.list<Deployment>(TABLES.deployment, { prefix: `${id}/` }), query, call.settings.pageSize);
  },
});

/** Changes the description of a deployment. */
export const UpdateDeployment = operation({
  name: 'UpdateDeployment',
  route: `PATCH ${path}`,
  success: 200,
  fidelity: 'documented',
  source: 'Developer guide, patch operations',
  body: PATCH_BODY,
  run(call, { path, body }) {
    const deployment = findDeployment(call, path.restApiId, path.deploymentId);
    applyPatch(deployment, body.patchOperations, { '/description': { replace: describe } });
    call.store.put(TABLES.deployment, `${path.restApiId}/${deployment.id}`, deployment);
    return deployment;
  },
});

function describe(deployment: Deployment, value = ''): void {
  deployment.description = value;
}

/** Removes a deployment that no stage serves. */
export const DeleteDeployment = operation({
  name: 'DeleteDeployment',
  route: `DELETE ${path}`,
  success: 202,
  fidelity: 'recorded',
  source,
  run(call, { path }) {
    const { id } = findDeployment(call, path.restApiId, path.deploymentId);
    if (listStages(call, path.restApiId).some((stage) => stage.deploymentId === id))
      throw badRequest('Active stages pointing to this deployment must be moved or deleted');
    call.store.delete(TABLES.deployment, `${path.restApiId}/${id}`);
    call.store.delete(TABLES.snapshot, `${path.restApiId}/${id}`);
    return undefined;
  },
});
