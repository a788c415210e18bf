import type { Caller, Verdict } from '../operation.js';
import { type Exchange, routeOf } from './context.js';
import { GatewayFailure, NotEmulated } from './gateway-failure.js';
import { methodArn } from './method-arn.js';

const ANONYMOUS: Caller = { kind: 'anonymous', accountId: '', arn: '', userId: '' };

/**
 * Lets a request pass, or not, by the method's authorisation and the API's resource policy.
 *
 * With authorisation NONE everybody passes, unless the API has a policy: then it must allow the request expressly.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
 * @throws {GatewayFailure} for an unsigned, wrongly signed or denied request.
 * @throws {NotEmulated} for authorisers.
 */
export function authorise(exchange: Exchange): void {
  const { call, signatureError, snapshot } = exchange;
  const type = routeOf(exchange).method.authorizationType;
  if (type !== 'NONE' && type !== 'AWS_IAM') throw new NotEmulated(`authorization type ${type}`);
  if (type === 'NONE' && snapshot.api.policy === undefined) return;
  if (type === 'AWS_IAM' && signatureError !== undefined) throw new GatewayFailure('INVALID_SIGNATURE', signatureError);
  if (type === 'AWS_IAM' && call.caller.kind === 'anonymous') throw new GatewayFailure('MISSING_AUTHENTICATION_TOKEN');
  const caller = type === 'NONE' ? ANONYMOUS : call.caller;
  const verdict = judge(exchange, caller, 'execute-api:Invoke');
  if (verdict !== 'allowed') throw denied(exchange, caller, verdict);
}

/** What the policies say of `action` on this request. */
export function judge(exchange: Exchange, caller: Caller, action: string): Verdict {
  const { call, client, snapshot } = exchange;
  return call.cloud.authorize(call, {
    caller,
    action,
    resource: methodArn(exchange),
    resourceAccount: snapshot.api.accountId,
    resourcePolicy: snapshot.api.policy,
    context: { 'aws:SourceIp': client.sourceIp, 'aws:SecureTransport': 'true' },
  });
}

function denied(exchange: Exchange, caller: Caller, verdict: Verdict): GatewayFailure {
  const who = caller.kind === 'anonymous' ? 'anonymous' : caller.arn;
  const account = exchange.snapshot.api.accountId;
  const resource = methodArn(exchange).replace(account, `********${account.slice(-4)}`);
  const how = verdict === 'explicit-deny' ? ' with an explicit deny' : '';
  // AWS: the account is masked to its last four digits. (source: ASFHyP3/hyp3#2283, serverless/serverless#5071)
  return new GatewayFailure('ACCESS_DENIED', {
    message: `User: ${who} is not authorized to perform: execute-api:Invoke on resource: ${resource}${how}`,
  });
}
