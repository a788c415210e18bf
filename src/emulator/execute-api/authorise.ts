import { authoriseByFunction } from './authorizer-function.js';
import { authoriseByUserPool } from './authorizer-user-pool.js';
import { type Exchange, type Handler, routeOf } from './context.js';
import { GatewayFailure, NotEmulated } from './gateway-failure.js';
import { ANONYMOUS, denied, judge } from './policy-verdict.js';

/** By authorisation type. */
const WAYS: ReadonlyMap<string, Handler> = new Map([
  ['NONE', authoriseAnybody],
  ['AWS_IAM', authoriseSigner],
  ['CUSTOM', authoriseByFunction],
  ['COGNITO_USER_POOLS', authoriseByUserPool],
]);

/**
 * Lets a request pass, or not, by the method's authorisation and the API's resource policy.
 *
 * With authorisation NONE everybody passes, unless the API has a policy: then it must allow the request expressly.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
 * @throws {GatewayFailure} for an unsigned, wrongly signed or denied request, and for what an authorizer does not accept.
 * @throws {FunctionNeeded} when the answer of the authorizer's function is not at hand.
 */
export function authorise(exchange: Exchange): void {
  const { authorizationType } = routeOf(exchange).method;
  const pass = WAYS.get(authorizationType);
  if (pass === undefined) throw new NotEmulated(`authorization type ${authorizationType}`);
  pass(exchange);
}

function authoriseAnybody(exchange: Exchange): void {
  if (exchange.snapshot.api.policy === undefined) return;
  const verdict = judge(exchange, ANONYMOUS, 'execute-api:Invoke');
  if (verdict !== 'allowed') throw denied(exchange, ANONYMOUS, verdict);
}

function authoriseSigner(exchange: Exchange): void {
  const { call, signatureError } = exchange;
  if (signatureError !== undefined) throw new GatewayFailure('INVALID_SIGNATURE', signatureError);
  if (call.caller.kind === 'anonymous') throw new GatewayFailure('MISSING_AUTHENTICATION_TOKEN');
  const verdict = judge(exchange, call.caller, 'execute-api:Invoke');
  if (verdict !== 'allowed') throw denied(exchange, call.caller, verdict);
}
