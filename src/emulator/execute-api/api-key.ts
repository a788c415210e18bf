import { findApiKeyByValue, listPlansOfKey } from '../apigateway/usage-plan-membership.js';
import type { ApiKey, UsagePlan } from '../apigateway/usage-plan-model.js';
import { clientHeader, type Exchange, routeOf } from './context.js';
import { GatewayFailure, NotEmulated } from './gateway-failure.js';

/** How many characters of a key's id the log shows. */
const SHOWN = 6;

/**
 * Lets a request for a method that wants an API key pass when its `x-api-key` is the value of an enabled key of the Region
 * that is in a usage plan of this stage. Other methods pass with any key, or none, and use no plan.
 *
 * Keys and plans are those of this moment: a deployment freezes only whether the method wants one.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-key-source.html
 * @throws {GatewayFailure} INVALID_API_KEY
 * @throws {NotEmulated} for keys that an authoriser hands over.
 */
export function checkApiKey(exchange: Exchange): void {
  const { call, client, log, requestId, snapshot, stageName } = exchange;
  const { method, resource } = routeOf(exchange);
  const sent = clientHeader(client, 'x-api-key');
  const key = sent === undefined ? undefined : findApiKeyByValue(call.store, snapshot.api.region, sent);
  if (key !== undefined) log.conceal(key.value);
  const shown = sent === undefined ? '' : maskId(key);
  const apiStage = `${snapshot.api.id}/${stageName}`;
  log.add(`Extended Request Id: ${exchange.extendedRequestId}`);
  log.add(`Verifying Usage Plan for request: ${requestId}. API Key: ${shown} API Stage: ${apiStage}`);
  const name = `'${client.method} ${resource.path}'`;
  if (method.apiKeyRequired) {
    if (snapshot.api.apiKeySource === 'AUTHORIZER') throw new NotEmulated('API key source AUTHORIZER');
    const plan = key?.enabled ? findPlan(exchange, key) : undefined;
    if (key === undefined || plan === undefined)
      throw new GatewayFailure('INVALID_API_KEY', {
        log: `API Key ${shown} not authorized because method ${name} requires API Key and ${why(sent, key, apiStage)}`,
      });
    exchange.apiKey = { id: key.id, value: key.value, plan };
    log.add(
      `API Key ${shown} authorized because method ${name} requires API Key and API Key is associated with Usage Plan ${plan.id}`,
    );
  } else {
    log.add(
      `API Key ${shown} authorized because method ${name} does not require API Key. Request will not contribute to throttle or quota limits`,
    );
  }
  log.add(`Usage Plan check succeeded for API Key ${shown} and API Stage ${apiStage}`);
}

/** The one plan of the key that names the stage: it cannot be in two of them. */
function findPlan({ call, snapshot: { api }, stageName }: Exchange, { id }: ApiKey): UsagePlan | undefined {
  return listPlansOfKey(call.store, api.region, id).find(({ apiStages }) =>
    apiStages.some(({ apiId, stage }) => apiId === api.id && stage === stageName),
  );
}

/** The end of a key's id behind asterisks, and nothing but those for a key that is not there. */
function maskId(key: ApiKey | undefined): string {
  return `${'*'.repeat(4)}${key?.id.slice(-SHOWN) ?? ''}`;
}

function why(sent: string | undefined, key: ApiKey | undefined, apiStage: string): string {
  if (sent === undefined) return 'no API Key was sent';
  if (key === undefined) return 'API Key does not exist';
  return key.enabled ? `API Key is not associated with a Usage Plan for API Stage ${apiStage}` : 'API Key is disabled';
}
