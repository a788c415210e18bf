import { clusterOnItsWay } from './cache-cluster.js';
import { cacheClusterStatus } from './model.js';
import { operation } from './operation.js';
import { emptyStageCache, findStage, saveStage } from './stage.js';

/** Empties the cache of a stage. Without a cluster in use it changes nothing, which is a guess. */
export const FlushStageCache = operation({
  name: 'FlushStageCache',
  route: 'DELETE /restapis/{restApiId}/stages/{stageName}/cache/data',
  success: 202,
  fidelity: 'documented',
  source: 'API reference, FlushStageCache; the state in between is inferred from its name',
  run(call, { path }) {
    const stage = findStage(call, path.restApiId, path.stageName);
    emptyStageCache(call, path.restApiId, stage.stageName);
    if (cacheClusterStatus(stage, call.now()) === 'AVAILABLE') {
      stage.cacheCluster = clusterOnItsWay(call, 'AVAILABLE', 'FLUSH_IN_PROGRESS');
      saveStage(call, path.restApiId, stage);
    }
    return undefined;
  },
});

/** Forgets what the authorizers of a stage have answered. */
export const FlushStageAuthorizersCache = operation({
  name: 'FlushStageAuthorizersCache',
  route: 'DELETE /restapis/{restApiId}/stages/{stageName}/cache/authorizers',
  success: 202,
  fidelity: 'documented',
  source: 'API reference, FlushStageAuthorizersCache',
  run(call, { path }) {
    const { stageName } = findStage(call, path.restApiId, path.stageName);
    call.cloud.flushAuthorizersCache(call, { apiId: path.restApiId, stageName });
    return undefined;
  },
});
