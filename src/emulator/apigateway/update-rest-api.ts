import type { Call } from '../operation.js';
import { badRequest, notEmulated } from './errors.js';
import { type RestApi, TABLES } from './model.js';
import { operation } from './operation.js';
import {
  applyPatch,
  PATCH_BODY,
  type PatchRefusals,
  type PatchRule,
  type PatchRules,
  PLAIN_REFUSALS,
} from './patch.js';
import { checkCompressionSize, checkEndpoint, findRestApi, readPolicy, restApiAnswer } from './rest-api.js';

const KEY_SOURCES = ['HEADER', 'AUTHORIZER'] as const;
const ENDPOINT_TYPES = ['REGIONAL', 'EDGE', 'PRIVATE'];

const binaryMediaTypes: PatchRule<RestApi> = {
  add(api, _value, name) {
    if (!api.binaryMediaTypes.includes(name)) api.binaryMediaTypes.push(name);
  },
  remove(api, _value, name) {
    api.binaryMediaTypes = api.binaryMediaTypes.filter((type) => type !== name);
  },
  // AWS: the new type lands at the end of the list. (LocalStack, recorded: test_update_rest_api_operation_add_remove)
  replace(api, value, name) {
    const rest = api.binaryMediaTypes.filter((type) => type !== name && type !== value);
    api.binaryMediaTypes = value === undefined ? rest : [...rest, value];
  },
};

/** Paths of the endpoint are three segments deep, so they are rewritten before the rules are looked up. */
const ENDPOINT = '/endpointConfiguration/';

const endpointRules: PatchRules<RestApi> = {
  '/types/*': {
    replace(api, value) {
      if (value === undefined || !ENDPOINT_TYPES.includes(value))
        throw badRequest('Invalid EndpointTypes specified. Valid options are REGIONAL,EDGE,PRIVATE');
      const { ipAddressType } = api.endpointConfiguration;
      api.endpointConfiguration.types = [value];
      api.endpointConfiguration.ipAddressType = value === 'PRIVATE' ? 'dualstack' : ipAddressType;
    },
  },
  '/ipAddressType': {
    replace(api, value) {
      if (value !== 'ipv4' && value !== 'dualstack')
        throw badRequest('ipAddressType must be either ipv4 or dualstack.');
      api.endpointConfiguration.ipAddressType = value;
      checkEndpoint(api.endpointConfiguration);
    },
  },
};

const REFUSALS: PatchRefusals = {
  unknownPath: (op, path, paths) => PLAIN_REFUSALS.unknownPath(op, `${ENDPOINT.slice(0, -1)}${path}`, paths),
  unknownOp: (op, path, ops) =>
    path.startsWith('/types/')
      ? badRequest("Invalid patch operation specified. Must be 'add'|'remove'|'replace'")
      : PLAIN_REFUSALS.unknownOp(op, path, ops),
};

/** Changes the settings of an API. They are served with the next deployment. */
export const UpdateRestApi = operation({
  name: 'UpdateRestApi',
  route: 'PATCH /restapis/{restApiId}',
  success: 200,
  fidelity: 'recorded',
  source: 'LocalStack, recorded tests of UpdateRestApi (July 2025)',
  body: PATCH_BODY,
  run(call, { path, body }) {
    const api = findRestApi(call, path.restApiId);
    const rules = settingRules(call);
    for (const change of body.patchOperations ?? []) {
      if (!change.path?.startsWith(ENDPOINT)) applyPatch(api, [change], rules);
      else applyPatch(api, [{ ...change, path: change.path.slice(ENDPOINT.length - 1) }], endpointRules, REFUSALS);
    }
    call.store.put(TABLES.restApi, api.id, api);
    // AWS: an update answers empty tags where the other operations leave them out. (LocalStack, recorded)
    return { ...restApiAnswer(api), tags: api.tags ?? {} };
  },
});

function settingRules(call: Call): PatchRules<RestApi> {
  return {
    '/name': {
      replace(api, value = '') {
        if (value === '') throw badRequest('API name cannot be an empty string');
        api.name = value;
      },
    },
    '/description': {
      replace(api, value) {
        if (value) api.description = value;
        else delete api.description;
      },
    },
    '/policy': {
      replace(api, value) {
        if (value) api.policy = readPolicy(call, api.id, value);
        else delete api.policy;
      },
    },
    '/apiKeySource': {
      replace(api, value) {
        const source = KEY_SOURCES.find((known) => known === value);
        if (source === undefined) throw badRequest(`Invalid API key source specified: ${value}`);
        api.apiKeySource = source;
      },
    },
    '/minimumCompressionSize': {
      replace(api, value) {
        if (value) api.minimumCompressionSize = checkCompressionSize(Number(value));
        else delete api.minimumCompressionSize;
      },
    },
    '/disableExecuteApiEndpoint': {
      replace(api, value) {
        api.disableExecuteApiEndpoint = value?.toLowerCase() === 'true';
      },
    },
    '/securityPolicy': { replace: () => leaveOut('securityPolicy') },
    '/endpointAccessMode': { replace: () => leaveOut('endpointAccessMode') },
    '/binaryMediaTypes/*': binaryMediaTypes,
  };
}

function leaveOut(setting: string): never {
  throw notEmulated(`UpdateRestApi ${setting}`);
}
