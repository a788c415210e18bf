import type { Call } from '../operation.js';
import { badRequest } from './errors.js';
import type { Resource } from './model.js';
import { operation } from './operation.js';
import { applyPatch, LISTING_REFUSALS, PATCH_BODY } from './patch.js';
import { checkPlace, findResource, joinPath, resourceAnswer, saveResource, subtree } from './resource.js';

/** Renames or moves a resource; everything below moves with it. */
export const UpdateResource = operation({
  name: 'UpdateResource',
  route: 'PATCH /restapis/{restApiId}/resources/{resourceId}',
  success: 200,
  fidelity: 'recorded',
  source: 'LocalStack, recorded tests of resources (April 2024); that a parent cannot become greedy is a guess',
  body: PATCH_BODY,
  run(call, { path, body }) {
    const apiId = path.restApiId;
    const resource = findResource(call, apiId, path.resourceId);
    const before = { ...resource };
    applyPatch(
      resource,
      body.patchOperations,
      { '/parentId': { replace: move }, '/pathPart': { replace: rename } },
      LISTING_REFUSALS,
    );
    place(call, apiId, before, resource);
    return resourceAnswer(findResource(call, apiId, resource.id), false);
  },
});

function move(resource: Resource, value = ''): void {
  if (resource.parentId === undefined) throw badRequest('Root resource cannot update its parentId.');
  resource.parentId = value;
}

function rename(resource: Resource, value = ''): void {
  if (resource.parentId === undefined) throw badRequest('Root resource cannot update its pathPart.');
  resource.pathPart = value;
}

function place(call: Call, apiId: string, before: Resource, { parentId, pathPart = '' }: Resource): void {
  if (parentId === undefined) return;
  const parent = findResource(call, apiId, parentId);
  const tree = subtree(call, apiId, before);
  if (tree.some(({ id }) => id === parentId)) throw badRequest('Resources cannot be cyclical.');
  checkPlace(call, apiId, parent, pathPart, before);
  if (pathPart.endsWith('+}') && tree.length > 1)
    throw badRequest(`Cannot create a child of a resource with a greedy path variable: ${pathPart}`);
  const path = joinPath(parent, pathPart);
  for (const below of tree) {
    const own = below.id === before.id ? { parentId, pathPart } : {};
    saveResource(call, apiId, { ...below, ...own, path: path + below.path.slice(before.path.length) });
  }
}
