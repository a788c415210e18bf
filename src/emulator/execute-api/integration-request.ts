import { convertRequest, textForTemplate } from './binary.js';
import {
  type ClientRequest,
  clientHeader,
  type Exchange,
  type IntegrationRequest,
  type Payload,
  routeOf,
  setOverrides,
} from './context.js';
import { configurationError, GatewayFailure } from './gateway-failure.js';
import { DEFAULT_TYPE, findTemplate, isBinaryType, mediaType } from './media-type.js';
import { readParameter, readParameterValues } from './parameter.js';
import { renderTemplate } from './vtl.js';

// AWS: a mapping onto one of these fails every call. (source: LocalStack's recording of TestApiGatewayHeaderRemapping, December 2024)
const FORBIDDEN_HEADERS = new Set([
  'authorization',
  'connection',
  'content-length',
  'expect',
  'proxy-authenticate',
  'te',
  'transfer-encoding',
]);

/**
 * Makes the request for the integration: maps parameters, converts the body, runs the template, applies what the template overrides.
 *
 * @throws {GatewayFailure} API_CONFIGURATION_ERROR for a header that may not be mapped or a body that cannot be converted;
 * UNSUPPORTED_MEDIA_TYPE by the passthrough behaviour.
 */
export function mapRequest(exchange: Exchange): void {
  const { client, overrides } = exchange;
  const { integration } = routeOf(exchange);
  const mapped = mapParameters(exchange, integration.requestParameters ?? {});
  const payload = mapBody(exchange, client);
  const { requestOverride } = overrides;
  for (const [name, value] of setOverrides(requestOverride.header)) mapped.header[name] = value;
  for (const [name, value] of setOverrides(requestOverride.path)) mapped.path[name] = value;
  for (const [name, value] of setOverrides(requestOverride.querystring)) mapped.querystring[name] = [value];
  exchange.outgoing = { ...mapped, payload };
}

function mapParameters(
  exchange: Exchange,
  parameters: Readonly<Record<string, string>>,
): Omit<IntegrationRequest, 'payload'> {
  const mapped: Omit<IntegrationRequest, 'payload'> = { path: {}, querystring: {}, header: {} };
  for (const [target, expression] of Object.entries(parameters)) {
    const [, location, name = ''] = /^integration\.request\.(path|querystring|header)\.(.+)$/.exec(target) ?? [];
    if (location === 'header' && FORBIDDEN_HEADERS.has(name.toLowerCase()))
      throw configurationError(`${name} header already present`);
    if (location === 'querystring') {
      const values = readParameterValues(exchange, expression);
      if (values.length > 0) mapped.querystring[name] = values;
    }
    const value = readParameter(exchange, expression);
    if (value === undefined) continue;
    if (location === 'path') mapped.path[name] = value;
    if (location === 'header') mapped.header[name] = value;
  }
  return mapped;
}

function mapBody(exchange: Exchange, client: ClientRequest): Payload {
  const { integration } = routeOf(exchange);
  const { binaryMediaTypes } = exchange.snapshot.api;
  const type = requestType(exchange);
  const template = chooseTemplate(exchange, type);
  const payload = convertRequest(client.body, isBinaryType(binaryMediaTypes, type), integration.contentHandling);
  if (template === undefined) return payload;
  const text = textForTemplate(payload, 'request');
  return { bytes: Buffer.from(renderTemplate(exchange, template, text, 'request')), binary: false };
}

/**
 * Media type of the client's payload.
 *
 * AWS: a test invocation always counts as application/json. (source: API Reference, TestInvokeMethod)
 */
function requestType({ client, stage }: Exchange): string {
  return (stage && mediaType(clientHeader(client, 'content-type'))) ?? DEFAULT_TYPE;
}

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/integration-passthrough-behaviors.html */
function chooseTemplate(exchange: Exchange, type: string): string | undefined {
  const { passthroughBehavior: behaviour, requestTemplates = {} } = routeOf(exchange).integration;
  const template = findTemplate(requestTemplates, type);
  if (template !== undefined) return template;
  const hasTemplates = Object.keys(requestTemplates).length > 0;
  if (behaviour === 'NEVER' || (behaviour === 'WHEN_NO_TEMPLATES' && hasTemplates))
    throw new GatewayFailure('UNSUPPORTED_MEDIA_TYPE');
  return undefined;
}
