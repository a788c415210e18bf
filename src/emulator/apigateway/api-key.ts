import type { Call } from '../operation.js';
import { compact } from './compact.js';
import { badRequest, conflict, notFound } from './errors.js';
import { TABLES } from './model.js';
import { operation } from './operation.js';
import { page } from './page.js';
import { applyPatch, LISTING_REFUSALS, PATCH_BODY, type PatchRules } from './patch.js';
import { flag, leftOut, mapOf, text } from './shape.js';
import { findApiKeyByValue, leavePlan, listPlansOfKey } from './usage-plan-membership.js';
import { forgetUsage } from './usage-plan-meter.js';
import type { ApiKey } from './usage-plan-model.js';

const path = '/apikeys/{apiKey}';
const RECORDED = 'LocalStack, recorded tests of API keys (July 2023 to September 2025)';

/** Guessed: AWS tells this of a description that is too long, and not from where on. */
const LONGEST_DESCRIPTION = 125_000;

const keyOf = (call: Call, id: string): string => `${call.region}/${id}`;

/** Reads a key of this Region. @throws {Refusal} NotFoundException. */
export function findApiKey(call: Call, id: string): ApiKey {
  const key = call.store.get<ApiKey>(TABLES.apiKey, keyOf(call, id));
  if (key === undefined) throw notFound('Invalid API Key identifier specified');
  return key;
}

/** Writes a key. */
export function saveApiKey(call: Call, key: ApiKey): void {
  call.store.put(TABLES.apiKey, keyOf(call, key.id), key);
  call.store.put(TABLES.apiKeyValue, keyOf(call, key.value), key.id);
}

/** A key as it goes over the wire. Stages of its own are what keys had before there were usage plans: there are none. */
function apiKeyAnswer({ order: _order, value, ...key }: ApiKey, withValue: boolean): Record<string, unknown> {
  return { ...key, ...(withValue && { value }), stageKeys: [] };
}

function checkName(name: string | undefined): void {
  if (name !== undefined && name.length > 1024)
    throw badRequest('Invalid API Key name, can be at most 1024 characters.');
}

function checkDescription(description: string | undefined): void {
  if (description !== undefined && description.length > LONGEST_DESCRIPTION)
    throw badRequest('Invalid API Key description specified.');
}

/** Refuses a value that is too short, too long, or taken in this Region. The message never shows it. */
function checkValue(call: Call, value: string | undefined): void {
  if (value === undefined) return;
  if (value.length < 20) throw badRequest('API Key value should be at least 20 characters');
  if (value.length > 128) throw badRequest('API Key value exceeds maximum size of 128 characters');
  if (findApiKeyByValue(call.store, call.region, value) !== undefined) throw conflict('API Key already exists');
}

/** The keys of this Region, newest first. */
function listApiKeys(call: Call): ApiKey[] {
  const rows = call.store.list<ApiKey>(TABLES.apiKey, { prefix: keyOf(call, '') });
  return rows.map(({ value }) => value).sort((one, other) => other.order - one.order);
}

/** Makes a key. It opens nothing before it is enabled and in a usage plan. */
export const CreateApiKey = operation({
  name: 'CreateApiKey',
  route: 'POST /apikeys',
  success: 201,
  fidelity: 'recorded',
  source: `${RECORDED}; the refusal of a value that is taken is a guess`,
  body: {
    name: text(),
    description: text(),
    customerId: text(),
    enabled: flag,
    value: text(),
    // Deprecated (API reference, CreateApiKey): the id is always another than the value.
    generateDistinctId: flag,
    stageKeys: leftOut('CreateApiKey stageKeys'),
    tags: mapOf(text()),
  },
  run(call, { body }) {
    const { generateDistinctId: _distinct, stageKeys: _stages, enabled = false, value, ...rest } = body;
    checkName(rest.name);
    checkDescription(rest.description);
    checkValue(call, value);
    const now = Math.floor(call.now() / 1000);
    const key: ApiKey = {
      ...compact(rest),
      id: call.newId(10),
      value: value ?? call.newId(40),
      enabled,
      createdDate: now,
      lastUpdatedDate: now,
      order: (listApiKeys(call)[0]?.order ?? 0) + 1,
    };
    saveApiKey(call, key);
    return apiKeyAnswer(key, true);
  },
});

/** Answers one key, with its value where that is asked for. */
export const GetApiKey = operation({
  name: 'GetApiKey',
  route: `GET ${path}`,
  success: 200,
  fidelity: 'recorded',
  source: RECORDED,
  run: (call, { path, query }) => apiKeyAnswer(findApiKey(call, path.apiKey), query.get('includeValue') === 'true'),
});

/** Lists the keys of this Region, newest first, with their values where those are asked for. */
export const GetApiKeys = operation({
  name: 'GetApiKeys',
  route: 'GET /apikeys',
  success: 200,
  fidelity: 'recorded',
  source: RECORDED,
  run(call, { query }) {
    const customerId = query.get('customerId');
    const rows = listApiKeys(call)
      .filter(({ name = '' }) => name.startsWith(query.get('name') ?? ''))
      .filter((key) => !customerId || key.customerId === customerId)
      // The newest has the smallest key; all have 16 digits.
      .map((value) => ({ key: String(Number.MAX_SAFE_INTEGER - value.order), value }));
    const { item, ...rest } = page(rows, query, call.settings.pageSize);
    return { item: item.map((key) => apiKeyAnswer(key, query.get('includeValues') === 'true')), ...rest };
  },
});

type TextMember = 'name' | 'description' | 'customerId';

function setText(key: ApiKey, member: TextMember, value: string | undefined): void {
  if (value) key[member] = value;
  else delete key[member];
}

const PATCH_RULES: PatchRules<ApiKey> = {
  '/description': {
    replace(key, value) {
      checkDescription(value);
      setText(key, 'description', value);
    },
  },
  '/enabled': {
    // AWS: what is no boolean is false. (LocalStack, recorded)
    replace(key, value) {
      key.enabled = value?.toLowerCase() === 'true';
    },
  },
  '/name': {
    replace(key, value) {
      checkName(value);
      setText(key, 'name', value);
    },
  },
  '/customerId': { replace: (key, value) => setText(key, 'customerId', value) },
};

/** Changes a key; its value stays. */
export const UpdateApiKey = operation({
  name: 'UpdateApiKey',
  route: `PATCH ${path}`,
  success: 200,
  fidelity: 'recorded',
  source: `${RECORDED}; that the value is left out of the answer is a guess`,
  body: PATCH_BODY,
  run(call, { path, body }) {
    const key = findApiKey(call, path.apiKey);
    applyPatch(key, body.patchOperations, PATCH_RULES, LISTING_REFUSALS);
    key.lastUpdatedDate = Math.floor(call.now() / 1000);
    saveApiKey(call, key);
    return apiKeyAnswer(key, false);
  },
});

/** Removes a key, also from its usage plans. */
export const DeleteApiKey = operation({
  name: 'DeleteApiKey',
  route: `DELETE ${path}`,
  success: 202,
  fidelity: 'documented',
  source: 'API reference, DeleteApiKey',
  run(call, { path }) {
    const { id: keyId, value } = findApiKey(call, path.apiKey);
    const { region, store } = call;
    for (const { id: planId } of listPlansOfKey(store, region, keyId)) leavePlan(store, region, { keyId, planId });
    forgetUsage(store, region, { keyId });
    store.delete(TABLES.apiKeyValue, keyOf(call, value));
    store.delete(TABLES.apiKey, keyOf(call, keyId));
    return undefined;
  },
});
