import type { Call } from '../operation.js';
import { compact } from './compact.js';
import { badRequest, conflict, notFound } from './errors.js';
import { type Model, TABLES } from './model.js';
import { operation } from './operation.js';
import { page } from './page.js';
import { listResources } from './resource.js';
import { findRestApi } from './rest-api.js';
import { required, text } from './shape.js';

const RECORDED = 'LocalStack, recorded tests of models; contents of Empty and Error as the console shows them';

const EMPTY_SCHEMA = {
  $schema: 'http://json-schema.org/draft-04/schema#',
  title: 'Empty Schema',
  type: 'object',
};
const ERROR_SCHEMA = {
  $schema: 'http://json-schema.org/draft-04/schema#',
  title: 'Error Schema',
  type: 'object',
  properties: { message: { type: 'string' } },
};

/** The two models that every API has from the start. */
export function defaultModels(call: Call): Model[] {
  return [
    {
      id: call.newId(6),
      name: 'Empty',
      description: 'This is a default empty schema model',
      schema: JSON.stringify(EMPTY_SCHEMA, undefined, 2),
      contentType: 'application/json',
    },
    {
      id: call.newId(6),
      name: 'Error',
      description: 'This is a default error schema model',
      schema: JSON.stringify(ERROR_SCHEMA, undefined, 2),
      contentType: 'application/json',
    },
  ];
}

/** Refuses the first of `models` (by content type) that the API does not have. */
export function checkModels(call: Call, apiId: string, models: Readonly<Record<string, string>> = {}): void {
  for (const name of Object.values(models))
    if (call.store.get(TABLES.model, `${apiId}/${name}`) === undefined)
      throw badRequest(`Invalid model identifier specified: ${name}`);
}

function findModel(call: Call, apiId: string, name: string): Model {
  findRestApi(call, apiId);
  const model = call.store.get<Model>(TABLES.model, `${apiId}/${name}`);
  if (model === undefined) throw notFound(`Invalid model name specified: ${name}`);
  return model;
}

/** Makes a model. */
export const CreateModel = operation({
  name: 'CreateModel',
  route: 'POST /restapis/{restApiId}/models',
  success: 201,
  fidelity: 'guessed',
  source: 'API reference, CreateModel, for the shape; the refusals are remembered texts',
  body: { name: required(text()), contentType: required(text()), description: text(), schema: text() },
  run(call, { path, body }) {
    findRestApi(call, path.restApiId);
    if (!/^[a-zA-Z0-9]+$/.test(body.name)) throw badRequest(`Model name must be alphanumeric: ${body.name}`);
    if (!body.schema) throw badRequest('Model schema must have at least 1 property or array items defined');
    const key = `${path.restApiId}/${body.name}`;
    if (call.store.get(TABLES.model, key) !== undefined) throw conflict('Model name already exists for this REST API');
    const model: Model = { id: call.newId(6), ...compact(body) };
    call.store.put(TABLES.model, key, model);
    return model;
  },
});

/** Answers one model. */
export const GetModel = operation({
  name: 'GetModel',
  route: 'GET /restapis/{restApiId}/models/{modelName}',
  success: 200,
  fidelity: 'recorded',
  source: RECORDED,
  run: (call, { path }) => findModel(call, path.restApiId, path.modelName),
});

/** Lists the models by name. */
export const GetModels = operation({
  name: 'GetModels',
  route: 'GET /restapis/{restApiId}/models',
  success: 200,
  fidelity: 'recorded',
  source: RECORDED,
  run(call, { path, query }) {
    findRestApi(call, path.restApiId);
    return page(call.store.list<Model>(TABLES.model, { prefix: `${path.restApiId}/` }), query, call.settings.pageSize);
  },
});

/** Removes a model that no method uses. */
export const DeleteModel = operation({
  name: 'DeleteModel',
  route: 'DELETE /restapis/{restApiId}/models/{modelName}',
  success: 202,
  fidelity: 'recorded',
  source: RECORDED,
  run(call, { path }) {
    const { name } = findModel(call, path.restApiId, path.modelName);
    const user = findUser(call, path.restApiId, name);
    if (user !== undefined) throw conflict(`Cannot delete model '${name}', is referenced in method ${user}`);
    call.store.delete(TABLES.model, `${path.restApiId}/${name}`);
    return undefined;
  },
});

function findUser(call: Call, apiId: string, model: string): string | undefined {
  for (const resource of listResources(call, apiId))
    for (const method of Object.values(resource.methods)) {
      // AWS: the root reads as '//ANY': its path, a slash, the verb. (LocalStack, recorded)
      const place = `${resource.path}/${method.httpMethod}`;
      if (Object.values(method.requestModels ?? {}).includes(model)) return `request: ${place}`;
      for (const response of Object.values(method.methodResponses ?? {}))
        if (Object.values(response.responseModels ?? {}).includes(model)) return `response: ${place}`;
    }
  return undefined;
}
