import { fitsExpression, getAuthorizer, readToken } from './authorizer.js';
import { type Exchange, routeOf } from './context.js';
import { GatewayFailure } from './gateway-failure.js';
import { ANONYMOUS, denied, judge } from './policy-verdict.js';

/**
 * Lets a request pass whose token is one of the authorizer's user pools.
 *
 * Where the API has a resource policy, it must then allow the request expressly: the page below says so in its prose, though its table A
 * would have a silent policy do; the stricter of both is taken.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
 * @throws {GatewayFailure} UNAUTHORIZED, EXPIRED_TOKEN or ACCESS_DENIED.
 */
export function authoriseByUserPool(exchange: Exchange): void {
  const { call, snapshot } = exchange;
  const authorizer = getAuthorizer(exchange);
  // Guessed: a token counts with `Bearer` before it as well as without.
  const token = readToken(exchange, authorizer).replace(/^Bearer +/i, '');
  const { authorizationScopes: scopes = [] } = routeOf(exchange).method;
  const verdict = call.cloud.verifyUserPoolToken(call, { providerArns: authorizer.providerARNs ?? [], token, scopes });
  if ('refusal' in verdict) throw refused(verdict.refusal);
  // AWS: the expression of such an authorizer is for the audience. (source: API Reference, CreateAuthorizer)
  const audience = verdict.claims['aud'] ?? verdict.claims['client_id'];
  if (!fitsExpression(authorizer, String(audience))) throw new GatewayFailure('UNAUTHORIZED');
  exchange.authorizer = { claims: toTexts(verdict.claims) };
  if (snapshot.api.policy === undefined) return;
  const policies = judge(exchange, ANONYMOUS, 'execute-api:Invoke');
  if (policies !== 'allowed') throw denied(exchange, ANONYMOUS, policies);
}

function refused(refusal: string): GatewayFailure {
  // Guessed: 401, though the type's own status is 403.
  if (refusal === 'expired')
    return new GatewayFailure('EXPIRED_TOKEN', { status: 401, errorType: 'UnauthorizedException' });
  // AWS: who is known and has no right gets ACCESS_DENIED, who is not known UNAUTHORIZED. That a lack of scopes is of the first kind is
  // inferred. (source: Developer Guide, supported-gateway-response-types)
  return new GatewayFailure(refusal === 'scopes' ? 'ACCESS_DENIED' : 'UNAUTHORIZED');
}

function toTexts(claims: Readonly<Record<string, unknown>>): Record<string, string> {
  const entries = Object.entries(claims).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : String(value)]),
  );
}
