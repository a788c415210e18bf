import { findAuthorizer } from './authorizer.js';
import { checkAuthorizer } from './authorizer-check.js';
import type { Authorizer } from './authorizer-model.js';
import { badRequest, notFound } from './errors.js';
import { TABLES } from './model.js';
import { operation } from './operation.js';
import { applyPatch, dropEmpty, LISTING_REFUSALS, PATCH_BODY, type PatchRule, type PatchRules } from './patch.js';

type Optional = 'authorizerUri' | 'authorizerCredentials' | 'identitySource' | 'identityValidationExpression';

/** An empty value takes a member away. */
const optional = (member: Optional): PatchRule<Authorizer> => ({
  replace(authorizer, value) {
    if (value) authorizer[member] = value;
    else delete authorizer[member];
  },
});

const TYPES: readonly Authorizer['type'][] = ['TOKEN', 'REQUEST', 'COGNITO_USER_POOLS'];

const RULES: PatchRules<Authorizer> = {
  '/authType': {
    replace(authorizer, value = '') {
      authorizer.authType = value;
    },
  },
  '/authorizerCredentials': optional('authorizerCredentials'),
  '/authorizerResultTtlInSeconds': {
    replace(authorizer, value = '') {
      authorizer.authorizerResultTtlInSeconds = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
    },
  },
  '/authorizerUri': optional('authorizerUri'),
  '/identitySource': optional('identitySource'),
  '/identityValidationExpression': optional('identityValidationExpression'),
  '/name': {
    replace(authorizer, value) {
      if (!value) throw badRequest('Authorizer name cannot be empty');
      authorizer.name = value;
    },
  },
  '/providerARNs': {
    add(authorizer, value = '') {
      authorizer.providerARNs = [...(authorizer.providerARNs ?? []).filter((arn) => arn !== value), value];
    },
    remove(authorizer, value = '') {
      const before = authorizer.providerARNs ?? [];
      if (!before.includes(value)) throw notFound('Invalid Cognito User Pool ARN specified');
      authorizer.providerARNs = before.filter((arn) => arn !== value);
    },
  },
  '/type': {
    replace(authorizer, value) {
      const type = TYPES.find((known) => known === value);
      if (type === undefined)
        throw badRequest(`Invalid authorizer type specified. Valid options are ${TYPES.join(',')}`);
      authorizer.type = type;
    },
  },
};

/** Changes an authorizer. What it has answered stays in the caches of the stages. */
export const UpdateAuthorizer = operation({
  name: 'UpdateAuthorizer',
  route: 'PATCH /restapis/{restApiId}/authorizers/{authorizerId}',
  success: 200,
  fidelity: 'documented',
  source: 'Developer guide, patch operations; the refusals are guesses',
  body: PATCH_BODY,
  run(call, { path, body }) {
    const authorizer = findAuthorizer(call, path.restApiId, path.authorizerId);
    applyPatch(authorizer, body.patchOperations, RULES, LISTING_REFUSALS);
    dropEmpty(authorizer, ['providerARNs']);
    checkAuthorizer(call, path.restApiId, authorizer);
    call.store.put(TABLES.authorizer, `${path.restApiId}/${authorizer.id}`, authorizer);
    return authorizer;
  },
});
