import { type Exchange, routeOf } from './context.js';
import { GatewayFailure } from './gateway-failure.js';

/**
 * Refuses methods that want an API key: no key exists in the local cloud yet, so every one is wrong.
 *
 * @throws {GatewayFailure} INVALID_API_KEY
 */
export function checkApiKey(exchange: Exchange): void {
  const { log, requestId, snapshot, stageName } = exchange;
  const { method, resource } = routeOf(exchange);
  const apiStage = `${snapshot.api.id}/${stageName}`;
  log.add(`Extended Request Id: ${exchange.extendedRequestId}`);
  log.add(`Verifying Usage Plan for request: ${requestId}. API Key:  API Stage: ${apiStage}`);
  if (method.apiKeyRequired) throw new GatewayFailure('INVALID_API_KEY');
  const name = `${exchange.client.method} ${resource.path}`;
  log.add(
    `API Key  authorized because method '${name}' does not require API Key. Request will not contribute to throttle or quota limits`,
  );
  log.add(`Usage Plan check succeeded for API Key  and API Stage ${apiStage}`);
}
