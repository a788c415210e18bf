import { compact } from './compact.js';
import { conflict } from './errors.js';
import { checkMethod, checkVerb } from './method.js';
import type { Method } from './model.js';
import { operation } from './operation.js';
import { findResource, saveResource } from './resource.js';
import { flag, listOf, mapOf, required, text } from './shape.js';

/** Makes a method. */
export const PutMethod = operation({
  name: 'PutMethod',
  route: 'PUT /restapis/{restApiId}/resources/{resourceId}/methods/{httpMethod}',
  success: 201,
  fidelity: 'recorded',
  source: 'LocalStack, recorded tests of methods (April 2024); the text for a method that is there is remembered',
  body: {
    authorizationType: required(text()),
    authorizerId: text(),
    authorizationScopes: listOf(text()),
    apiKeyRequired: flag,
    operationName: text(),
    requestParameters: mapOf(flag),
    requestModels: mapOf(text()),
    requestValidatorId: text(),
  },
  run(call, { path, body }) {
    const resource = findResource(call, path.restApiId, path.resourceId);
    checkVerb(path.httpMethod);
    if (Object.hasOwn(resource.methods, path.httpMethod)) throw conflict('Method already exists for this resource');
    const method: Method = {
      ...compact(body),
      httpMethod: path.httpMethod,
      authorizationType: body.authorizationType.toUpperCase(),
      apiKeyRequired: body.apiKeyRequired ?? false,
    };
    checkMethod(call, path.restApiId, method);
    resource.methods[path.httpMethod] = method;
    saveResource(call, path.restApiId, resource);
    return method;
  },
});
