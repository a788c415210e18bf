import { identitySources } from '../apigateway/authorizer-model.js';
import { findAuthorizer } from './authorizer.js';
import type { Exchange } from './context.js';
import { CONCEALED } from './execution-log.js';

const SECRET_HEADERS = ['authorization', 'x-amz-security-token', 'x-api-key'];

/**
 * Headers or query parameters with asterisks in place of what the log must not tell: credentials, and identities for authorizers.
 *
 * AWS: "API Gateway redacts authorization headers, API key values, and similar sensitive request parameters from the logged data."
 * (source: Developer Guide, set-up-logging) Which parameters are similar is a guess.
 */
export function maskSecrets(
  exchange: Exchange,
  location: 'header' | 'querystring',
  entries: Iterable<readonly [string, string]>,
): [string, string][] {
  const authorizer = findAuthorizer(exchange);
  const sources = authorizer === undefined ? [] : identitySources(authorizer).map((source) => source.toLowerCase());
  const isSecret = (name: string): boolean =>
    (location === 'header' && SECRET_HEADERS.includes(name)) || sources.includes(`method.request.${location}.${name}`);
  return Array.from(entries, ([name, value]) => [name, isSecret(name.toLowerCase()) ? CONCEALED : value]);
}
