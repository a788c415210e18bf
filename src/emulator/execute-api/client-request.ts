import type { WireRequest } from '../operation.js';
import type { ClientRequest } from './context.js';
import { Refusal } from './gateway-failure.js';
import { decodeForm } from './percent-encoding.js';

/** AWS: no payload above 10 MB passes, in either direction. (source: Developer Guide, "Amazon API Gateway quotas") */
export const MAX_PAYLOAD_BYTES = 10_485_760;

// Guessed: that the front door refuses what RFC 3986 forbids. AWS only documents it for `|`, `{` and `}` in a query.
const ILLEGAL_IN_TARGET = /[^!#-;=?-[\]_a-z~]|%(?![0-9A-Fa-f]{2})/;

/**
 * Takes a request apart.
 *
 * @throws {Refusal} for a target that no uri may look like (400), or a payload over 10 MB (413).
 */
export function parseClientRequest(request: WireRequest, path: string): ClientRequest {
  if (ILLEGAL_IN_TARGET.test(path) || ILLEGAL_IN_TARGET.test(request.query))
    throw new Refusal(400, 'application/json', '{"message":"Bad Request"}');
  // AWS: plain text, without any x-amzn header. (source: raw capture in koki-develop/lgtm-generator#10)
  if (request.body.byteLength > MAX_PAYLOAD_BYTES)
    throw new Refusal(413, 'text; charset=utf-8', `HTTP content length exceeded ${MAX_PAYLOAD_BYTES} bytes.`);
  return {
    method: request.headers['x-http-method-override'] ?? request.method,
    path: path.startsWith('/') ? path : `/${path}`,
    query: parseQuery(request.query),
    headers: request.rawHeaders ?? Object.entries(request.headers),
    headerCaseKnown: request.rawHeaders !== undefined,
    body: request.body,
    host: request.host,
    protocol: request.protocol ?? 'HTTP/1.1',
    sourceIp: request.sourceIp ?? '127.0.0.1',
  };
}

/**
 * Values by name of a raw query string; `;` splits as `&` does, `+` is a space.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
 */
export function parseQuery(query: string): Record<string, string[]> {
  const values: Record<string, string[]> = Object.create(null);
  for (const pair of query.split(/[&;]/)) {
    if (pair === '') continue;
    const [name = '', ...rest] = pair.split('=');
    const key = decodeForm(name);
    values[key] = [...(values[key] ?? []), decodeForm(rest.join('='))];
  }
  return values;
}
