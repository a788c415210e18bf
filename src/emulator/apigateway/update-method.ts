import { notFound } from './errors.js';
import { checkMethod, findMethod, needsAuthorizer } from './method.js';
import type { Method } from './model.js';
import { operation } from './operation.js';
import { applyPatch, dropEmpty, entryRule, PATCH_BODY, type PatchRules } from './patch.js';
import { saveResource } from './resource.js';

const isTrue = (value: string | undefined) => value?.toLowerCase() === 'true';

/** The scopes of a method without one of them. */
const without = ({ authorizationScopes = [] }: Method, scope: string) =>
  authorizationScopes.filter((each) => each !== scope);

const RULES: PatchRules<Method> = {
  '/authorizationScopes': {
    add(method, scope = '') {
      method.authorizationScopes = [...without(method, scope), scope];
    },
    remove(method, scope = '') {
      if (!method.authorizationScopes?.includes(scope)) throw notFound('Invalid authorization scope specified');
      method.authorizationScopes = without(method, scope);
    },
  },
  '/authorizationType': {
    replace(method, value = '') {
      method.authorizationType = value.toUpperCase();
    },
  },
  '/authorizerId': {
    replace(method, value) {
      if (value) method.authorizerId = value;
      else delete method.authorizerId;
    },
  },
  '/apiKeyRequired': {
    // AWS: what is not a boolean is kept as false. (LocalStack, recorded: test_update_method)
    replace(method, value) {
      method.apiKeyRequired = isTrue(value);
    },
  },
  '/operationName': {
    remove(method) {
      delete method.operationName;
    },
    replace(method, value) {
      if (value) method.operationName = value;
      else delete method.operationName;
    },
  },
  '/requestValidatorId': {
    replace(method, value) {
      if (value) method.requestValidatorId = value;
      else delete method.requestValidatorId;
    },
  },
  '/requestParameters/*': entryRule<Method, boolean>({
    pick: (method) => (method.requestParameters ??= {}),
    read: isTrue,
    missing: 'Invalid parameter name specified',
  }),
  '/requestModels/*': entryRule<Method, string>({
    pick: (method) => (method.requestModels ??= {}),
    read: (value = '') => value,
    missing: 'Content-Type specified was not found',
  }),
};

/** Changes a method. */
export const UpdateMethod = operation({
  name: 'UpdateMethod',
  route: 'PATCH /restapis/{restApiId}/resources/{resourceId}/methods/{httpMethod}',
  success: 200,
  fidelity: 'recorded',
  source: 'LocalStack, recorded: test_update_method; replacing or removing an entry that is not there is a guess',
  body: PATCH_BODY,
  run(call, { path, body }) {
    const { resource, method } = findMethod(call, path);
    applyPatch(method, body.patchOperations, RULES);
    // AWS: an authorizer is ignored by a method whose authorisation needs none. (LocalStack, recorded: test_update_method)
    if (!needsAuthorizer(method)) delete method.authorizerId;
    dropEmpty(method, ['authorizationScopes', 'requestParameters', 'requestModels']);
    checkMethod(call, path.restApiId, method);
    saveResource(call, path.restApiId, resource);
    return method;
  },
});
