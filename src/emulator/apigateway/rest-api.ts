import type { Call } from '../operation.js';
import { authorise, pathArn } from './authorise.js';
import { badRequest, notFound } from './errors.js';
import { type RestApi, TABLES } from './model.js';
import { operation } from './operation.js';
import { page } from './page.js';

const RECORDED = 'LocalStack, recorded tests of RestApi (July 2025)';

/**
 * Reads an API of the caller's account and Region.
 *
 * Ids are case-sensitive (recorded by LocalStack: test_get_api_case_insensitive).
 *
 * @throws {Refusal} NotFoundException.
 */
export function findRestApi(call: Call, id: string): RestApi {
  const api = call.store.get<RestApi>(TABLES.restApi, id);
  if (api === undefined || api.region !== call.region)
    throw notFound(`Invalid API identifier specified ${call.settings.accountId}:${id}`);
  return api;
}

/** An API as it goes over the wire. */
export function restApiAnswer(api: RestApi): Record<string, unknown> {
  const { accountId: _account, region: _region, binaryMediaTypes, policy, ...rest } = api;
  return {
    ...rest,
    ...(binaryMediaTypes.length > 0 && { binaryMediaTypes }),
    // AWS: the policy comes back as the inside of a JSON string, still escaped. (LocalStack, recorded)
    ...(policy !== undefined && { policy: JSON.stringify(policy).slice(1, -1) }),
  };
}

/** What is wrong with an endpoint configuration, if anything. */
export function checkEndpoint({ types, ipAddressType }: { types: readonly string[]; ipAddressType: string }): void {
  if (types.length === 0) throw badRequest('REGIONAL Configuration and EDGE Configuration cannot be both DISABLED.');
  if (types.length > 1) throw badRequest('Cannot create an api with multiple Endpoint Types.');
  if (types[0] === 'PRIVATE' && ipAddressType === 'ipv4')
    throw badRequest('Only dualstack ipAddressType is supported for Private APIs.');
}

/** Refuses a size from which answers would be compressed unless it is 0 to 10 MB. */
export function checkCompressionSize(bytes: number): number {
  if (Number.isInteger(bytes) && bytes >= 0 && bytes <= 10_485_760) return bytes;
  throw badRequest('Invalid minimum compression size, must be between 0 and 10485760');
}

/**
 * Reads a resource policy and writes its short resource names out: `execute-api:/*` becomes an ARN of this API.
 *
 * @throws {Refusal} when it is not a policy document, or the caller may not set policies.
 */
export function readPolicy(call: Call, apiId: string, policy: string): string {
  authorise(call, 'apigateway:UpdateRestApiPolicy', pathArn(call, `/restapis/${apiId}`));
  const arn = `arn:${call.settings.partition}:execute-api:${call.region}:${call.settings.accountId}:${apiId}/`;
  const document = parsePolicy(policy);
  return JSON.stringify(document, (key, value: unknown) => {
    if (key !== 'Resource' && key !== 'NotResource') return value;
    const expand = (item: unknown) => (typeof item === 'string' ? item.replace(/^execute-api:\/?/, () => arn) : item);
    return Array.isArray(value) ? value.map(expand) : expand(value);
  });
}

function parsePolicy(policy: string): object {
  try {
    const document: unknown = JSON.parse(policy);
    if (typeof document === 'object' && document !== null && 'Statement' in document) return document;
  } catch {
    // Not JSON: refused below like any other text that is no policy.
  }
  throw badRequest('Invalid policy document. Please check the policy syntax and ensure that Principals are valid.');
}

/** Answers one API. */
export const GetRestApi = operation({
  name: 'GetRestApi',
  route: 'GET /restapis/{restApiId}',
  success: 200,
  fidelity: 'recorded',
  source: RECORDED,
  run: (call, { path }) => restApiAnswer(findRestApi(call, path.restApiId)),
});

/** Lists the APIs of this Region by id; AWS's own order is not known. */
export const GetRestApis = operation({
  name: 'GetRestApis',
  route: 'GET /restapis',
  success: 200,
  fidelity: 'recorded',
  source: RECORDED,
  run(call, { query }) {
    const apis = call.store.list<RestApi>(TABLES.restApi).filter((row) => row.value.region === call.region);
    const { item, ...rest } = page(apis, query, call.settings.pageSize);
    return { item: item.map(restApiAnswer), ...rest };
  },
});
