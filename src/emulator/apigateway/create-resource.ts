import type { Resource } from './model.js';
import { operation } from './operation.js';
import { checkPlace, findResource, joinPath, resourceAnswer, saveResource } from './resource.js';
import { required, text } from './shape.js';

/** Makes a resource below another. */
export const CreateResource = operation({
  name: 'CreateResource',
  route: 'POST /restapis/{restApiId}/resources/{parentId}',
  success: 201,
  fidelity: 'recorded',
  source: 'LocalStack, recorded tests of resources (April 2024); characters of a path part from reports',
  body: { pathPart: required(text()) },
  run(call, { path, body: { pathPart } }) {
    const parent = findResource(call, path.restApiId, path.parentId);
    checkPlace(call, path.restApiId, parent, pathPart);
    const made: Resource = {
      id: call.newId(6),
      parentId: parent.id,
      pathPart,
      path: joinPath(parent, pathPart),
      methods: {},
    };
    saveResource(call, path.restApiId, made);
    return resourceAnswer(made, false);
  },
});
