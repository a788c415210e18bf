import { badRequest } from './errors.js';
import { checkIntegration, findIntegration } from './integration.js';
import type { Integration } from './model.js';
import { operation } from './operation.js';
import { applyPatch, type Change, dropEmpty, entryRule, PATCH_BODY, type PatchRule, type PatchRules } from './patch.js';
import { saveResource } from './resource.js';

/** Members that are plain texts; an empty value takes one away. */
type TextMember = 'uri' | 'httpMethod' | 'credentials';

const textRule = (member: TextMember): PatchRule<Integration> => ({
  replace(integration, value) {
    if (value) integration[member] = value;
    else delete integration[member];
  },
});

const addKey: Change<Integration> = (integration, _value, name) => {
  if (!integration.cacheKeyParameters.includes(name)) integration.cacheKeyParameters.push(name);
};

const RULES: PatchRules<Integration> = {
  '/uri': textRule('uri'),
  '/httpMethod': textRule('httpMethod'),
  '/credentials': textRule('credentials'),
  '/passthroughBehavior': {
    replace(integration, value) {
      const behaviors = ['WHEN_NO_MATCH', 'WHEN_NO_TEMPLATES', 'NEVER'] as const;
      const behavior = behaviors.find((known) => known === value);
      if (behavior === undefined) throw badRequest(`Invalid passthrough behavior specified: ${value}`);
      integration.passthroughBehavior = behavior;
    },
  },
  '/contentHandling': {
    replace(integration, value) {
      setContentHandling(integration, value);
    },
    remove(integration) {
      delete integration.contentHandling;
    },
  },
  '/timeoutInMillis': {
    replace(integration, value) {
      integration.timeoutInMillis = /^\d{1,9}$/.test(value ?? '') ? Number(value) : 0;
    },
  },
  '/cacheNamespace': {
    replace(integration, value = '') {
      integration.cacheNamespace = value;
    },
  },
  '/requestParameters/*': entryRule<Integration, string>({
    pick: (integration) => (integration.requestParameters ??= {}),
    read: (value = '') => value,
    missing: 'Invalid parameter name specified',
  }),
  '/requestTemplates/*': entryRule<Integration, string>({
    pick: (integration) => (integration.requestTemplates ??= {}),
    read: (value = '') => value,
    missing: 'Content-Type specified was not found',
  }),
  '/cacheKeyParameters/*': {
    add: addKey,
    remove(integration, _value, name) {
      integration.cacheKeyParameters = integration.cacheKeyParameters.filter((key) => key !== name);
    },
  },
};

/** Sets how bodies are converted; an empty value stops converting. @throws {Refusal} for an unknown way. */
export function setContentHandling(
  target: { contentHandling?: 'CONVERT_TO_BINARY' | 'CONVERT_TO_TEXT' },
  value: string | undefined,
): void {
  if (value === 'CONVERT_TO_BINARY' || value === 'CONVERT_TO_TEXT') target.contentHandling = value;
  else if (value) throw badRequest(`Invalid content handling specified: ${value}`);
  else delete target.contentHandling;
}

/** Changes the integration of a method; the result must be one that PutIntegration would take. */
export const UpdateIntegration = operation({
  name: 'UpdateIntegration',
  route: 'PATCH /restapis/{restApiId}/resources/{resourceId}/methods/{httpMethod}/integration',
  success: 200,
  fidelity: 'documented',
  source: 'Developer guide, patch operations; refusals of single values are guesses',
  body: PATCH_BODY,
  run(call, { path, body }) {
    const { resource, method, integration } = findIntegration(call, path);
    applyPatch(integration, body.patchOperations, RULES);
    dropEmpty(integration, ['requestParameters', 'requestTemplates']);
    checkIntegration(call, method, integration);
    saveResource(call, path.restApiId, resource);
    return integration;
  },
});
