import type { Call } from '../operation.js';
import { defaultModels } from './api-model.js';
import { compact } from './compact.js';
import { badRequest } from './errors.js';
import { type Resource, type RestApi, TABLES } from './model.js';
import { operation } from './operation.js';
import { checkCompressionSize, checkEndpoint, readPolicy, restApiAnswer } from './rest-api.js';
import { checkSecurityPolicy } from './security-policy.js';
import { fields, flag, integer, leftOut, listOf, mapOf, oneOf, required, someOf, text } from './shape.js';

const endpoint = fields({
  types: someOf(['PRIVATE', 'EDGE', 'REGIONAL']),
  ipAddressType: oneOf(['ipv4', 'dualstack']),
  vpcEndpointIds: listOf(text()),
});

const body = {
  name: required(text()),
  description: text(),
  version: text(),
  cloneFrom: leftOut('CreateRestApi cloneFrom'),
  binaryMediaTypes: listOf(text()),
  minimumCompressionSize: integer,
  apiKeySource: oneOf(['HEADER', 'AUTHORIZER']),
  endpointConfiguration: endpoint,
  policy: text(),
  tags: mapOf(text()),
  disableExecuteApiEndpoint: flag,
  securityPolicy: text(),
  endpointAccessMode: oneOf(['BASIC', 'STRICT']),
};

/** Makes an API with its root resource and AWS's two models. Two APIs may have the same name. */
export const CreateRestApi = operation({
  name: 'CreateRestApi',
  route: 'POST /restapis',
  success: 201,
  fidelity: 'recorded',
  source: 'LocalStack, recorded tests of RestApi (July 2025); security policies: API Reference, CreateRestApi',
  body,
  run(call, { body }) {
    if (body.description === '') throw badRequest('Description cannot be an empty string');
    if (body.minimumCompressionSize !== undefined) checkCompressionSize(body.minimumCompressionSize);
    const types = body.endpointConfiguration?.types ?? ['EDGE'];
    const ipAddressType = body.endpointConfiguration?.ipAddressType ?? (types[0] === 'PRIVATE' ? 'dualstack' : 'ipv4');
    checkEndpoint({ types, ipAddressType });
    checkSecurityPolicy(types[0] === 'EDGE', body);
    const id = call.newId(10);
    const { cloneFrom: _cloneFrom, endpointConfiguration: asked, policy, ...given } = body;
    const api: RestApi = {
      ...compact(given),
      id,
      accountId: call.settings.accountId,
      region: call.region,
      createdDate: Math.floor(call.now() / 1000),
      binaryMediaTypes: body.binaryMediaTypes ?? [],
      apiKeySource: body.apiKeySource ?? 'HEADER',
      endpointConfiguration: compact({ types, ipAddressType, vpcEndpointIds: asked?.vpcEndpointIds }),
      ...(policy !== undefined && { policy: readPolicy(call, id, policy) }),
      disableExecuteApiEndpoint: body.disableExecuteApiEndpoint ?? false,
      rootResourceId: call.newId(6),
    };
    save(call, api);
    return restApiAnswer(api);
  },
});

function save(call: Call, api: RestApi): void {
  const root: Resource = { id: api.rootResourceId, path: '/', methods: {} };
  call.store.put(TABLES.restApi, api.id, api);
  call.store.put(TABLES.resource, `${api.id}/${root.id}`, root);
  for (const model of defaultModels(call)) call.store.put(TABLES.model, `${api.id}/${model.name}`, model);
}
