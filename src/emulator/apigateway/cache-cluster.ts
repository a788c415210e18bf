import type { Call } from '../operation.js';
import { badRequest } from './errors.js';
import { cacheClusterStatus, type Stage } from './model.js';
import { oneOf } from './shape.js';

/** Sizes of a cache cluster, in gigabytes. */
export const CACHE_SIZES = ['0.5', '1.6', '6.1', '13.5', '28.4', '58.2', '118', '237'] as const;

/** The size of a cache cluster in a body. */
export const CACHE_SIZE = oneOf(CACHE_SIZES);

/** The smallest, which a cluster has when none is asked for. */
const SMALLEST = '0.5';

/** A stage that has never had a cluster. */
export const NO_CLUSTER: Stage['cacheCluster'] = {
  settled: 'NOT_AVAILABLE',
  settledAtMs: 0,
  meanwhile: 'DELETE_IN_PROGRESS',
};

/** A cluster on its way to `settled`; it takes as long as the local cloud is set to. */
export function clusterOnItsWay(
  call: Call,
  settled: Stage['cacheCluster']['settled'],
  meanwhile: Stage['cacheCluster']['meanwhile'],
): Stage['cacheCluster'] {
  return { settled, settledAtMs: call.now() + call.settings.cacheClusterMs, meanwhile };
}

/**
 * Starts, stops or resizes the cluster of a stage that has been changed. Answers whether the cluster's content is lost.
 *
 * The sequence of states is inferred from the documentation; nobody has recorded it.
 *
 * @param before The stage as it was.
 * @param stage The stage as asked for; gets its cluster's new state.
 * @throws {Refusal} while an earlier change is under way (a guess).
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html
 */
export function changeCluster(call: Call, before: Stage, stage: Stage): boolean {
  if (stage.cacheClusterEnabled) stage.cacheClusterSize ??= SMALLEST;
  const switched = before.cacheClusterEnabled !== stage.cacheClusterEnabled;
  const resized = stage.cacheClusterEnabled && before.cacheClusterSize !== stage.cacheClusterSize;
  if (!switched && !resized) return false;
  if (cacheClusterStatus(before, call.now()).endsWith('_IN_PROGRESS'))
    throw badRequest('The cache cluster of this stage is being changed. Please try again later.');
  stage.cacheCluster = stage.cacheClusterEnabled
    ? clusterOnItsWay(call, 'AVAILABLE', 'CREATE_IN_PROGRESS')
    : clusterOnItsWay(call, 'NOT_AVAILABLE', 'DELETE_IN_PROGRESS');
  return true;
}
