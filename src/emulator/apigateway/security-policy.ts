import { badRequest } from './errors.js';

const REGIONAL = [
  'SecurityPolicy_TLS13_1_3_2025_09',
  'SecurityPolicy_TLS13_1_3_FIPS_2025_09',
  'SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09',
  'SecurityPolicy_TLS13_1_2_FIPS_PFS_PQ_2025_09',
  'SecurityPolicy_TLS13_1_2_PQ_2025_09',
  'SecurityPolicy_TLS13_1_2_FIPS_PQ_2025_09',
  'SecurityPolicy_TLS13_1_2_Ext2_PQ_2025_09',
  'SecurityPolicy_TLS13_1_2_Ext2_FIPS_PQ_2025_09',
  'SecurityPolicy_TLS13_1_2_2021_06',
];
const EDGE = ['SecurityPolicy_TLS13_2025_EDGE', 'SecurityPolicy_TLS12_PFS_2025_EDGE', 'SecurityPolicy_TLS12_2018_EDGE'];
/** From before November 2025; they know no access mode. */
const PLAIN = ['TLS_1_0', 'TLS_1_2'];

/**
 * Refuses a security policy that does not exist, is for the other kind of endpoint, or comes without an access mode; and
 * an access mode that comes without such a policy.
 *
 * @throws {Refusal} BadRequestException; its sentences are guessed.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies.html
 */
export function checkSecurityPolicy(
  isEdge: boolean,
  {
    securityPolicy,
    endpointAccessMode,
  }: { securityPolicy?: string | undefined; endpointAccessMode?: string | undefined },
): void {
  const isPlain = securityPolicy === undefined || PLAIN.includes(securityPolicy);
  if (!isPlain && ![...REGIONAL, ...EDGE].includes(securityPolicy))
    throw badRequest(`Invalid security policy specified: ${securityPolicy}`);
  if (!isPlain && EDGE.includes(securityPolicy) !== isEdge)
    throw badRequest(`Security policy ${securityPolicy} is not supported for the endpoint type of the API`);
  if (!isPlain && endpointAccessMode === undefined)
    throw badRequest(`Endpoint access mode must be specified for security policy ${securityPolicy}`);
  if (isPlain && endpointAccessMode !== undefined)
    throw badRequest('Endpoint access mode is only supported for security policies that start with SecurityPolicy_');
}
