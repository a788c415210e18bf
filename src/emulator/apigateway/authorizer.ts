import type { Call } from '../operation.js';
import type { Authorizer } from './authorizer-model.js';
import { conflict, notFound } from './errors.js';
import { needsAuthorizer } from './method.js';
import { TABLES } from './model.js';
import { operation } from './operation.js';
import { page } from './page.js';
import { listResources } from './resource.js';
import { findRestApi } from './rest-api.js';

const path = '/restapis/{restApiId}/authorizers/{authorizerId}';
const source = 'API reference, authorizers';

/** Reads an authorizer. @throws {Refusal} NotFoundException. */
export function findAuthorizer(call: Call, apiId: string, id: string): Authorizer {
  findRestApi(call, apiId);
  const authorizer = call.store.get<Authorizer>(TABLES.authorizer, `${apiId}/${id}`);
  if (authorizer === undefined) throw notFound('Invalid Authorizer identifier specified');
  return authorizer;
}

/** Answers one authorizer. */
export const GetAuthorizer = operation({
  name: 'GetAuthorizer',
  route: `GET ${path}`,
  success: 200,
  fidelity: 'documented',
  source,
  run: (call, { path }) => findAuthorizer(call, path.restApiId, path.authorizerId),
});

/** Lists the authorizers by id. */
export const GetAuthorizers = operation({
  name: 'GetAuthorizers',
  route: 'GET /restapis/{restApiId}/authorizers',
  success: 200,
  fidelity: 'documented',
  source,
  run(call, { path, query }) {
    const { id } = findRestApi(call, path.restApiId);
    return page(call.store.list<Authorizer>(TABLES.authorizer, { prefix: `${id}/` }), query, call.settings.pageSize);
  },
});

/** Removes an authorizer that no method of the draft uses; deployments keep it. */
export const DeleteAuthorizer = operation({
  name: 'DeleteAuthorizer',
  route: `DELETE ${path}`,
  success: 202,
  fidelity: 'documented',
  source: 'API reference, DeleteAuthorizer; that one in use is refused is a guess',
  run(call, { path }) {
    const { id } = findAuthorizer(call, path.restApiId, path.authorizerId);
    for (const resource of listResources(call, path.restApiId))
      for (const method of Object.values(resource.methods))
        if (needsAuthorizer(method) && method.authorizerId === id)
          throw conflict(
            `Cannot delete authorizer '${id}', is referenced in method: ${resource.path}/${method.httpMethod}`,
          );
    call.store.delete(TABLES.authorizer, `${path.restApiId}/${id}`);
    return undefined;
  },
});
