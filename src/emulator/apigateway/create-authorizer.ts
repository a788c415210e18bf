import { checkAuthorizer } from './authorizer-check.js';
import type { Authorizer } from './authorizer-model.js';
import { compact } from './compact.js';
import { conflict } from './errors.js';
import { type RestApi, TABLES } from './model.js';
import { operation } from './operation.js';
import { integer, listOf, oneOf, required, text } from './shape.js';

/** Makes an authorizer. */
export const CreateAuthorizer = operation({
  name: 'CreateAuthorizer',
  route: 'POST /restapis/{restApiId}/authorizers',
  success: 201,
  fidelity: 'recorded',
  source: 'LocalStack, recorded tests of authorizers; all refusals but that of a missing API are remembered or guessed',
  body: {
    name: required(text()),
    type: required(oneOf(['TOKEN', 'REQUEST', 'COGNITO_USER_POOLS'])),
    providerARNs: listOf(text()),
    authType: text(),
    authorizerUri: text(),
    authorizerCredentials: text(),
    identitySource: text(),
    identityValidationExpression: text(),
    authorizerResultTtlInSeconds: integer,
  },
  run(call, { path, body }) {
    // AWS: here an API that is not there is a conflict. (LocalStack, recorded)
    if (call.store.get<RestApi>(TABLES.restApi, path.restApiId)?.region !== call.region)
      throw conflict('Unable to complete operation due to concurrent modification. Please try again later.');
    const authorizer: Authorizer = {
      id: call.newId(6),
      authType: body.type === 'COGNITO_USER_POOLS' ? 'cognito_user_pools' : 'custom',
      ...compact(body),
    };
    checkAuthorizer(call, path.restApiId, authorizer);
    call.store.put(TABLES.authorizer, `${path.restApiId}/${authorizer.id}`, authorizer);
    return authorizer;
  },
});
