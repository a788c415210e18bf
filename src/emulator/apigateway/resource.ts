import type { Call } from '../operation.js';
import { badRequest, conflict, notFound } from './errors.js';
import { type Resource, TABLES } from './model.js';
import { operation } from './operation.js';
import { page } from './page.js';
import { findRestApi } from './rest-api.js';

/**
 * Reads a resource.
 *
 * AWS: the resource is looked at before the API, so a wrong API id is told as a wrong resource too. (LocalStack, recorded)
 *
 * @throws {Refusal} NotFoundException.
 */
export function findResource(call: Call, apiId: string, id: string): Resource {
  const resource = call.store.get<Resource>(TABLES.resource, `${apiId}/${id}`);
  if (resource === undefined) throw notFound('Invalid Resource identifier specified');
  findRestApi(call, apiId);
  return resource;
}

/** Writes a resource, with its methods. */
export function saveResource(call: Call, apiId: string, resource: Resource): void {
  call.store.put(TABLES.resource, `${apiId}/${resource.id}`, resource);
}

/** All resources of an API, by id. */
export function listResources(call: Call, apiId: string): Resource[] {
  return call.store.list<Resource>(TABLES.resource, { prefix: `${apiId}/` }).map((row) => row.value);
}

/** The resource and everything below it. */
export function subtree(call: Call, apiId: string, top: Resource): Resource[] {
  const below = top.path === '/' ? '/' : `${top.path}/`;
  return listResources(call, apiId).filter(({ id, path }) => id === top.id || path.startsWith(below));
}

const SEGMENT = /^(?:[a-zA-Z0-9._\-:,]+|\{[a-zA-Z0-9._\-:,]+\+?\})$/;

/**
 * Refuses a place in the tree that AWS would refuse.
 *
 * @param moved The resource that takes the place, when it is there already.
 * @throws {Refusal} for bad characters, a greedy parent, a second variable beside the first, or a name that is taken.
 */
export function checkPlace(call: Call, apiId: string, parent: Resource, pathPart: string, moved?: Resource): void {
  if (!SEGMENT.test(pathPart))
    throw badRequest(
      "Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the beginning and the end",
    );
  if (parent.pathPart?.endsWith('+}'))
    throw badRequest(`Cannot create a child of a resource with a greedy path variable: ${parent.pathPart}`);
  const siblings = listResources(call, apiId).filter(({ id, parentId }) => parentId === parent.id && id !== moved?.id);
  if (siblings.some((sibling) => sibling.pathPart === pathPart))
    throw conflict(`Another resource with the same parent already has this name: ${pathPart}`);
  const variable = siblings.find((sibling) => sibling.pathPart?.startsWith('{'));
  if (pathPart.startsWith('{') && variable !== undefined)
    throw badRequest(
      `A sibling (${variable.pathPart}) of this resource already has a variable path part -- only one is allowed`,
    );
}

/** The path of a child. */
export function joinPath(parent: Resource, pathPart: string): string {
  return parent.path === '/' ? `/${pathPart}` : `${parent.path}/${pathPart}`;
}

/** A resource as it goes over the wire; `embed` nests its methods in full. */
export function resourceAnswer({ methods, ...resource }: Resource, embed: boolean): Record<string, unknown> {
  const verbs = Object.entries(methods).map(([verb, method]) => [verb, embed ? method : {}]);
  return { ...resource, ...(verbs.length > 0 && { resourceMethods: Object.fromEntries(verbs) }) };
}

function embedsMethods(query: URLSearchParams): boolean {
  return query.getAll('embed').some((value) => value.split(',').includes('methods'));
}

/** Answers one resource. */
export const GetResource = operation({
  name: 'GetResource',
  route: 'GET /restapis/{restApiId}/resources/{resourceId}',
  success: 200,
  fidelity: 'recorded',
  source: 'LocalStack, recorded tests of resources (April 2024)',
  run: (call, { path, query }) =>
    resourceAnswer(findResource(call, path.restApiId, path.resourceId), embedsMethods(query)),
});

/** Lists the resources of an API by id; AWS's own order is not known. */
export const GetResources = operation({
  name: 'GetResources',
  route: 'GET /restapis/{restApiId}/resources',
  success: 200,
  fidelity: 'recorded',
  source: 'LocalStack, recorded tests of resources (April 2024)',
  run(call, { path, query }) {
    const { id } = findRestApi(call, path.restApiId);
    const rows = call.store.list<Resource>(TABLES.resource, { prefix: `${id}/` });
    const { item, ...rest } = page(rows, query, call.settings.pageSize);
    const embed = embedsMethods(query);
    return { item: item.map((resource) => resourceAnswer(resource, embed)), ...rest };
  },
});

/** Removes a resource and everything below it. */
export const DeleteResource = operation({
  name: 'DeleteResource',
  route: 'DELETE /restapis/{restApiId}/resources/{resourceId}',
  success: 202,
  fidelity: 'recorded',
  source: 'LocalStack, recorded tests of resources (April 2024); that the root is refused is a guess',
  run(call, { path }) {
    const top = findResource(call, path.restApiId, path.resourceId);
    if (top.parentId === undefined) throw badRequest('Root resource cannot be deleted.');
    for (const { id } of subtree(call, path.restApiId, top))
      call.store.delete(TABLES.resource, `${path.restApiId}/${id}`);
    return undefined;
  },
});
