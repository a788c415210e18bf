import { isMapped } from './base-path-mapping.js';
import { badRequest } from './errors.js';
import { TABLES } from './model.js';
import { operation } from './operation.js';
import { findRestApi } from './rest-api.js';
import { emptyStageCache, listStages } from './stage.js';
import { leaveUsagePlans } from './usage-plan.js';

/** Tables of the request chain whose keys begin with an API's id. */
const SERVED_TABLES = ['execute-api/authorizer', 'execute-api/cache', 'execute-api/metrics', 'execute-api/throttle'];

/** Removes an API that no domain leads to, and everything under it. */
export const DeleteRestApi = operation({
  name: 'DeleteRestApi',
  route: 'DELETE /restapis/{restApiId}',
  success: 202,
  fidelity: 'recorded',
  source:
    'LocalStack, recorded tests of RestApi (July 2025); the refusal of a mapped one and that usage plans forget its stages are guesses',
  run(call, { path }) {
    const { id } = findRestApi(call, path.restApiId);
    if (isMapped(call, id))
      throw badRequest(
        'Deleting ApiId failed. Please remove all base path mappings related to the API in your domains.',
      );
    leaveUsagePlans(call, id);
    for (const stage of listStages(call, id)) emptyStageCache(call, id, stage.stageName);
    for (const table of [...Object.values(TABLES), ...SERVED_TABLES])
      for (const { key } of call.store.list(table, { prefix: `${id}/` })) call.store.delete(table, key);
    call.store.delete(TABLES.restApi, id);
    return undefined;
  },
});
