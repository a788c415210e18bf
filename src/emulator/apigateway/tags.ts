import type { Call } from '../operation.js';
import { findApiKey, saveApiKey } from './api-key.js';
import { notEmulated, notFound } from './errors.js';
import { TABLES } from './model.js';
import { operation } from './operation.js';
import { findRestApi } from './rest-api.js';
import { mapOf, required, text } from './shape.js';
import { findStage, saveStage } from './stage.js';
import { findUsagePlan, saveUsagePlan } from './usage-plan.js';

const path = '/tags/{resourceArn}';

interface Tagged {
  readonly tags: Readonly<Record<string, string>>;
  save(tags: Record<string, string>): void;
}

/**
 * Finds what an ARN means: `arn:aws:apigateway:{region}::/restapis/{id}`, or that with `/stages/{name}` behind;
 * `/apikeys/{id}`; `/usageplans/{id}`.
 */
function findTagged(call: Call, arn: string): Tagged {
  const [, region, resource = ''] = /^arn:[^:]+:apigateway:([^:]*):[^:]*:(\/.+)$/.exec(arn) ?? [];
  if (region !== call.region) throw notFound('Invalid ARN specified in the request');
  const [, keyId] = /^\/apikeys\/([^/]+)$/.exec(resource) ?? [];
  if (keyId !== undefined) {
    const key = findApiKey(call, keyId);
    return { tags: key.tags ?? {}, save: (tags) => saveApiKey(call, { ...key, tags }) };
  }
  const [, planId] = /^\/usageplans\/([^/]+)$/.exec(resource) ?? [];
  if (planId !== undefined) {
    const plan = findUsagePlan(call, planId);
    return { tags: plan.tags ?? {}, save: (tags) => saveUsagePlan(call, { ...plan, tags }) };
  }
  const [, apiId, stageName] = /^\/restapis\/([^/]+)(?:\/stages\/([^/]+))?$/.exec(resource) ?? [];
  if (apiId === undefined) throw notEmulated(`tags of ${resource}`);
  if (stageName === undefined) {
    const api = findRestApi(call, apiId);
    return { tags: api.tags ?? {}, save: (tags) => call.store.put(TABLES.restApi, apiId, { ...api, tags }) };
  }
  const stage = findStage(call, apiId, stageName);
  return { tags: stage.tags ?? {}, save: (tags) => saveStage(call, apiId, { ...stage, tags }) };
}

/** Adds tags to an API, a stage, an API key or a usage plan. */
export const TagResource = operation({
  name: 'TagResource',
  route: `PUT ${path}`,
  success: 204,
  fidelity: 'documented',
  source: 'API reference, TagResource',
  body: { tags: required(mapOf(text())) },
  run(call, { path, body }) {
    const { tags, save } = findTagged(call, path.resourceArn);
    save({ ...tags, ...body.tags });
    return undefined;
  },
});

/** Takes tags away from an API, a stage, an API key or a usage plan; those it does not have are passed over. */
export const UntagResource = operation({
  name: 'UntagResource',
  route: `DELETE ${path}`,
  success: 204,
  fidelity: 'documented',
  source: 'API reference, UntagResource',
  run(call, { path, query }) {
    const { tags, save } = findTagged(call, path.resourceArn);
    const keys = query.getAll('tagKeys');
    save(Object.fromEntries(Object.entries(tags).filter(([key]) => !keys.includes(key))));
    return undefined;
  },
});

/** Answers the tags of an API, a stage, an API key or a usage plan. */
export const GetTags = operation({
  name: 'GetTags',
  route: `GET ${path}`,
  success: 200,
  fidelity: 'documented',
  source: 'API reference, GetTags',
  run: (call, { path }) => ({ tags: findTagged(call, path.resourceArn).tags }),
});
