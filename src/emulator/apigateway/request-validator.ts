import type { Call } from '../operation.js';
import { badRequest, conflict, notFound } from './errors.js';
import { type RequestValidator, type RestApi, TABLES } from './model.js';
import { operation } from './operation.js';
import { page } from './page.js';
import { applyPatch, LISTING_REFUSALS, PATCH_BODY, type PatchRule } from './patch.js';
import { listResources } from './resource.js';
import { findRestApi } from './rest-api.js';
import { flag, required, text } from './shape.js';

const path = '/restapis/{restApiId}/requestvalidators/{requestValidatorId}';
const source = 'API reference, request validators';

function findValidator(call: Call, apiId: string, id: string): RequestValidator {
  findRestApi(call, apiId);
  const validator = call.store.get<RequestValidator>(TABLES.validator, `${apiId}/${id}`);
  if (validator === undefined) throw notFound('Invalid Request Validator identifier specified');
  return validator;
}

/** Makes a validator. */
export const CreateRequestValidator = operation({
  name: 'CreateRequestValidator',
  route: 'POST /restapis/{restApiId}/requestvalidators',
  success: 201,
  fidelity: 'recorded',
  source: 'LocalStack, recorded tests of request validators',
  body: { name: required(text()), validateRequestBody: flag, validateRequestParameters: flag },
  run(call, { path, body }) {
    // AWS: here an API that is not there is a bad request. (LocalStack, recorded)
    if (call.store.get<RestApi>(TABLES.restApi, path.restApiId)?.region !== call.region)
      throw badRequest('Invalid REST API identifier specified');
    const validator: RequestValidator = {
      id: call.newId(6),
      name: body.name,
      validateRequestBody: body.validateRequestBody ?? false,
      validateRequestParameters: body.validateRequestParameters ?? false,
    };
    call.store.put(TABLES.validator, `${path.restApiId}/${validator.id}`, validator);
    return validator;
  },
});

/** Answers one validator. */
export const GetRequestValidator = operation({
  name: 'GetRequestValidator',
  route: `GET ${path}`,
  success: 200,
  fidelity: 'documented',
  source,
  run: (call, { path }) => findValidator(call, path.restApiId, path.requestValidatorId),
});

/** Lists the validators by id. */
export const GetRequestValidators = operation({
  name: 'GetRequestValidators',
  route: 'GET /restapis/{restApiId}/requestvalidators',
  success: 200,
  fidelity: 'documented',
  source,
  run(call, { path, query }) {
    const { id } = findRestApi(call, path.restApiId);
    return page(
      call.store.list<RequestValidator>(TABLES.validator, { prefix: `${id}/` }),
      query,
      call.settings.pageSize,
    );
  },
});

const flagRule = (member: 'validateRequestBody' | 'validateRequestParameters'): PatchRule<RequestValidator> => ({
  replace(validator, value) {
    validator[member] = value?.toLowerCase() === 'true';
  },
});

function rename(validator: RequestValidator, value = ''): void {
  validator.name = value;
}

/** Changes a validator. */
export const UpdateRequestValidator = operation({
  name: 'UpdateRequestValidator',
  route: `PATCH ${path}`,
  success: 200,
  fidelity: 'documented',
  source: 'Developer guide, patch operations; the refusals are those of resources, which is a guess',
  body: PATCH_BODY,
  run(call, { path, body }) {
    const validator = findValidator(call, path.restApiId, path.requestValidatorId);
    const rules = {
      '/name': { replace: rename },
      '/validateRequestParameters': flagRule('validateRequestParameters'),
      '/validateRequestBody': flagRule('validateRequestBody'),
    };
    applyPatch(validator, body.patchOperations, rules, LISTING_REFUSALS);
    call.store.put(TABLES.validator, `${path.restApiId}/${validator.id}`, validator);
    return validator;
  },
});

/** Removes a validator. One that a method uses is refused, which is a guess. */
export const DeleteRequestValidator = operation({
  name: 'DeleteRequestValidator',
  route: `DELETE ${path}`,
  success: 202,
  fidelity: 'documented',
  source: 'API reference, DeleteRequestValidator; that one in use is refused is a guess',
  run(call, { path }) {
    const { id } = findValidator(call, path.restApiId, path.requestValidatorId);
    for (const resource of listResources(call, path.restApiId))
      for (const method of Object.values(resource.methods))
        if (method.requestValidatorId === id)
          throw conflict(
            `Cannot delete validator '${id}', is referenced in method: ${resource.path}/${method.httpMethod}`,
          );
    call.store.delete(TABLES.validator, `${path.restApiId}/${id}`);
    return undefined;
  },
});
