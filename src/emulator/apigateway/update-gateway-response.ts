import { badRequest, notFound } from './errors.js';
import { builtIn, findOwn, keep, RESPONSE_TYPE } from './gateway-response.js';
import type { GatewayResponse } from './model.js';
import { operation } from './operation.js';
import { applyPatch, entryRule, PATCH_BODY, type PatchRefusals, type PatchRules, PLAIN_REFUSALS } from './patch.js';
import { findRestApi } from './rest-api.js';

type MapMember = 'responseParameters' | 'responseTemplates';

const MISSING = 'Invalid parameter name specified';

const entries = (member: MapMember) =>
  entryRule<GatewayResponse, string>({
    pick: (response) => response[member],
    read(value) {
      if (!value) throw badRequest(`Invalid null or empty value in ${member}`);
      return value;
    },
    missing: MISSING,
  });

/** A path that names the whole map: replacing is told of a missing parameter, the rest of a wrong path. */
const wholeMap = {
  replace() {
    throw notFound(MISSING);
  },
};

const RULES: PatchRules<GatewayResponse> = {
  '/statusCode': {
    replace(response, value) {
      if (!/^[1-5]\d\d$/.test(value ?? '')) throw badRequest(`Invalid status code specified: ${value}`);
      response.statusCode = String(value);
    },
  },
  '/responseParameters': wholeMap,
  '/responseTemplates': wholeMap,
  '/responseParameters/*': entries('responseParameters'),
  '/responseTemplates/*': entries('responseTemplates'),
};

/** AWS: a wrong operation is told as a wrong path. (LocalStack, recorded: test_update_gateway_response) */
const REFUSALS: PatchRefusals = {
  ...PLAIN_REFUSALS,
  unknownOp: (_op, path) => badRequest(`Invalid patch path ${path}`),
};

/** Changes a gateway response; one that nobody put starts as AWS's own, which is a guess. */
export const UpdateGatewayResponse = operation({
  name: 'UpdateGatewayResponse',
  route: 'PATCH /restapis/{restApiId}/gatewayresponses/{responseType}',
  success: 200,
  fidelity: 'recorded',
  source: 'LocalStack, recorded: test_update_gateway_response (June 2024)',
  labels: { responseType: RESPONSE_TYPE },
  body: PATCH_BODY,
  run(call, { path, body }) {
    findRestApi(call, path.restApiId);
    const response = findOwn(call, path.restApiId, path.responseType) ?? builtIn(path.responseType);
    applyPatch(response, body.patchOperations, RULES, REFUSALS);
    return keep(call, path.restApiId, response);
  },
});
