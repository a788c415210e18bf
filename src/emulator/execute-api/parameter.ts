import type { ClientRequest, Exchange } from './context.js';
import { readContext } from './context-variables.js';
import { readJsonPath } from './json-path.js';
import { decodeUtf8 } from './utf8.js';

// AWS: these headers of the client read as empty. (source: LocalStack's recording of TestApiGatewayHeaderRemapping, December 2024)
const UNREADABLE = new Set([
  'connection',
  'content-length',
  'content-md5',
  'expect',
  'max-forwards',
  'proxy-authenticate',
  'server',
  'te',
  'transfer-encoding',
  'trailer',
  'upgrade',
  'www-authenticate',
]);

/**
 * All values of a mapping expression: a method request parameter, an integration response value, a stage variable, a context variable
 * or a `'static'` text. Empty when there is none.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html
 */
export function readParameterValues(exchange: Exchange, expression: string): readonly string[] {
  const fixed = /^'(.*)'$/s.exec(expression);
  if (fixed !== null) return [fixed[1] ?? ''];
  const [, source = '', name = ''] =
    /^(method\.request\.(?:multivalue)?(?:path|querystring|header|body)|integration\.response\.(?:multivalue)?(?:header|body)|stageVariables|context)(?:\.(.+))?$/.exec(
      expression,
    ) ?? [];
  const value = readSource(exchange, source.replace('multivalue', ''), name);
  return source.includes('multivalue') ? value : value.slice(-1);
}

/** The one value of a mapping expression, several joined by a comma; undefined when there is none. */
export function readParameter(exchange: Exchange, expression: string): string | undefined {
  const values = readParameterValues(exchange, expression);
  return values.length === 0 ? undefined : values.join(',');
}

function readSource(exchange: Exchange, source: string, name: string): readonly string[] {
  const { client, incoming } = exchange;
  switch (source) {
    case 'method.request.path':
      return own(exchange.route?.pathParameters ?? {}, name);
    case 'method.request.querystring':
      return client.query[name] ?? [];
    case 'method.request.header':
      return readClientHeader(client, name);
    case 'method.request.body':
      return readBody(client.body, name);
    case 'integration.response.header':
      return Object.entries(incoming?.headers ?? {})
        .filter(([key]) => key.toLowerCase() === name.toLowerCase())
        .map(([, value]) => value);
    case 'integration.response.body':
      return readBody(incoming?.body ?? new Uint8Array(), name);
    case 'stageVariables':
      return own(exchange.stageVariables, name);
    case 'context':
      return own({ [name]: readContext(exchange, name) }, name);
    default:
      return [];
  }
}

/**
 * Values of a client's header, as mappings see it: by the exact case of its name where the client's case is known.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
 */
export function readClientHeader(client: ClientRequest, name: string): string[] {
  if (UNREADABLE.has(name.toLowerCase())) return [];
  const same = client.headerCaseKnown
    ? (key: string): boolean => key === name
    : (key: string): boolean => key.toLowerCase() === name.toLowerCase();
  return client.headers.filter(([key]) => same(key)).map(([, value]) => value);
}

function own(values: Readonly<Record<string, string | undefined>>, name: string): string[] {
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  return value === undefined ? [] : [value];
}

function readBody(body: Uint8Array, path: string): string[] {
  const text = decodeUtf8(body);
  if (path === '') return [text];
  try {
    const value = readJsonPath(JSON.parse(text), path);
    if (value === undefined || value === null) return [];
    return [typeof value === 'string' ? value : JSON.stringify(value)];
  } catch {
    // A body that is not JSON has no values; the mapping then yields nothing.
    return [];
  }
}
