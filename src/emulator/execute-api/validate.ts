import { clientHeader, type Exchange, routeOf } from './context.js';
import { GatewayFailure, NotEmulated } from './gateway-failure.js';
import { DEFAULT_TYPE, mediaType } from './media-type.js';
import { readParameter } from './parameter.js';
import { decodeUtf8 } from './utf8.js';

const LOCATIONS = ['header', 'path', 'querystring'] as const;

/**
 * Checks what the method's request validator asks for: that required parameters are there and not blank, and that the body is JSON.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html
 * @throws {GatewayFailure} BAD_REQUEST_PARAMETERS naming what is missing (headers, then path, then query), or BAD_REQUEST_BODY.
 * @throws {NotEmulated} for a body that a JSON schema would have to judge.
 */
export function validateRequest(exchange: Exchange): void {
  const { method } = routeOf(exchange);
  const validator = exchange.snapshot.validators[method.requestValidatorId ?? ''];
  if (validator?.validateRequestParameters === true) checkParameters(exchange, method.requestParameters ?? {});
  if (validator?.validateRequestBody === true) checkBody(exchange, method.requestModels ?? {});
}

function checkParameters(exchange: Exchange, declared: Readonly<Record<string, boolean>>): void {
  const missing = LOCATIONS.flatMap((location) => {
    const prefix = `method.request.${location}.`;
    return Object.entries(declared)
      .filter(([name, required]) => required && name.startsWith(prefix))
      .filter(([name]) => (readParameter(exchange, name) ?? '').trim() === '')
      .map(([name]) => name.slice(prefix.length));
  });
  if (missing.length === 0) return;
  const message = `Missing required request parameters: [${missing.join(', ')}]`;
  throw new GatewayFailure('BAD_REQUEST_PARAMETERS', { message });
}

function checkBody({ client }: Exchange, models: Readonly<Record<string, string>>): void {
  const model = models[mediaType(clientHeader(client, 'content-type')) ?? DEFAULT_TYPE];
  if (model === undefined) return;
  try {
    JSON.parse(decodeUtf8(client.body) || '{}');
  } catch {
    throw new GatewayFailure('BAD_REQUEST_BODY');
  }
  if (model !== 'Empty') throw new NotEmulated(`request validation against model ${model}`);
}
