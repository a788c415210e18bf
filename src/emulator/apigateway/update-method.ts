import { notEmulated } from './errors.js';
import { checkMethod, findMethod } from './method.js';
import type { Method } from './model.js';
import { operation } from './operation.js';
import { applyPatch, dropEmpty, entryRule, PATCH_BODY, type PatchRules } from './patch.js';
import { saveResource } from './resource.js';

const isTrue = (value: string | undefined) => value?.toLowerCase() === 'true';

/** Scopes mean something to user pools only. */
const refuseScopes = () => {
  throw notEmulated('UpdateMethod /authorizationScopes');
};

const RULES: PatchRules<Method> = {
  '/authorizationScopes': { add: refuseScopes, remove: refuseScopes, replace: refuseScopes },
  '/authorizationType': {
    replace(method, value = '') {
      method.authorizationType = value.toUpperCase();
    },
  },
  // AWS: an authorizer is ignored by a method whose authorisation needs none. (LocalStack, recorded: test_update_method)
  '/authorizerId': { replace() {} },
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
    dropEmpty(method, ['requestParameters', 'requestModels']);
    checkMethod(call, path.restApiId, method);
    saveResource(call, path.restApiId, resource);
    return method;
  },
});
