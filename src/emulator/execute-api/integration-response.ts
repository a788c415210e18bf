import type { IntegrationResponse } from '../apigateway/model.js';
import { convertResponse, textForTemplate } from './binary.js';
import { clientHeader, type Exchange, type IntegrationAnswer, type Payload, routeOf, setOverrides } from './context.js';
import { configurationError } from './gateway-failure.js';
import { setHeader } from './gateway-response.js';
import { chooseAcceptedTemplate, DEFAULT_TYPE, firstAccepted, isBinaryType, mediaType } from './media-type.js';
import { readParameter } from './parameter.js';
import { renderTemplate } from './vtl.js';

const HEADER = 'method.response.header.';

/**
 * Makes the answer for the client out of the integration's: chooses the integration response by status, maps headers, converts the
 * body, runs the template, applies what templates override.
 *
 * @throws {GatewayFailure} API_CONFIGURATION_ERROR when none fits or the body cannot be converted.
 */
export function mapResponse(exchange: Exchange): void {
  const { incoming, overrides } = exchange;
  const { integration, method } = routeOf(exchange);
  if (incoming === undefined) throw new Error('The integration did not answer yet.');
  const chosen = chooseResponse(Object.values(integration.integrationResponses ?? {}), incoming.status);
  if (method.methodResponses?.[chosen.statusCode] === undefined)
    throw configurationError(`Output mapping refers to an invalid method response: ${chosen.statusCode}`);
  const headers: Record<string, string> = {};
  for (const [target, expression] of Object.entries(chosen.responseParameters ?? {})) {
    const value = readParameter(exchange, expression);
    if (value !== undefined) setHeader(headers, target.slice(HEADER.length), value);
  }
  const payload = mapBody(exchange, chosen, incoming);
  const { header, status } = overrides.responseOverride;
  for (const [name, value] of setOverrides(header)) setHeader(headers, name, value);
  exchange.answer = { status: overridden(status) ?? Number(chosen.statusCode), headers, payload };
}

/**
 * Chooses by the status of the backend: the pattern must match all of it, and an empty one takes what no other matches.
 *
 * Guessed: that patterns are anchored at both ends; AWS's documentation only ever shows such as mean the same either way.
 */
function chooseResponse(responses: readonly IntegrationResponse[], status: number): IntegrationResponse {
  const fits = ({ selectionPattern = '' }: IntegrationResponse): boolean => matches(selectionPattern, String(status));
  const isDefault = ({ selectionPattern = '' }: IntegrationResponse): boolean => selectionPattern === '';
  const chosen = responses.find(fits) ?? responses.find(isDefault);
  if (chosen === undefined)
    throw configurationError(
      `No match for output mapping and no default output mapping configured. Endpoint Response Status Code: ${status}`,
    );
  return chosen;
}

function matches(pattern: string, status: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`).test(status);
  } catch {
    throw configurationError(`Invalid selection pattern: ${pattern}`);
  }
}

function mapBody(exchange: Exchange, chosen: IntegrationResponse, incoming: IntegrationAnswer): Payload {
  const { binaryMediaTypes } = exchange.snapshot.api;
  const accept = clientHeader(exchange.client, 'accept');
  const type = mediaType(readParameter(exchange, 'integration.response.header.Content-Type')) ?? DEFAULT_TYPE;
  const payload = convertResponse(
    incoming.body,
    isBinaryType(binaryMediaTypes, type),
    isBinaryType(binaryMediaTypes, firstAccepted(accept)),
    chosen.contentHandling,
  );
  const template = chooseAcceptedTemplate(chosen.responseTemplates ?? {}, accept)?.template;
  if (template === undefined) return payload;
  const text = textForTemplate(payload, 'response');
  return { bytes: Buffer.from(renderTemplate(exchange, template, text, 'response')), binary: false };
}

/** Guessed: an override that is not a whole number of 100 to 599 is ignored. */
function overridden(status: unknown): number | undefined {
  const value = typeof status === 'string' || typeof status === 'number' ? Number(status) : Number.NaN;
  return Number.isInteger(value) && value >= 100 && value <= 599 ? value : undefined;
}
