import type { Caller, Verdict } from '../operation.js';
import type { Exchange } from './context.js';
import { GatewayFailure } from './gateway-failure.js';
import { methodArn } from './method-arn.js';

/** The caller of a method that knows no IAM identities. */
export const ANONYMOUS: Caller = { kind: 'anonymous', accountId: '', arn: '', userId: '' };

/** What the policies say of `action` on this request; `callerPolicy` speaks for the caller in place of its own policies. */
export function judge(exchange: Exchange, caller: Caller, action: string, callerPolicy?: string): Verdict {
  const { call, client, snapshot } = exchange;
  return call.cloud.authorize(call, {
    caller,
    action,
    resource: methodArn(exchange),
    resourceAccount: snapshot.api.accountId,
    resourcePolicy: snapshot.api.policy,
    context: { 'aws:SourceIp': client.sourceIp, 'aws:SecureTransport': 'true' },
    ...(callerPolicy !== undefined && { callerPolicy }),
  });
}

/** The refusal of a caller whom the policies do not let invoke a method. */
export function denied(exchange: Exchange, caller: Caller, verdict: Verdict): GatewayFailure {
  const who = caller.kind === 'anonymous' ? 'anonymous' : caller.arn;
  const account = exchange.snapshot.api.accountId;
  const resource = methodArn(exchange).replace(account, `********${account.slice(-4)}`);
  const how = verdict === 'explicit-deny' ? ' with an explicit deny' : '';
  // AWS: the account is masked to its last four digits. (source: ASFHyP3/hyp3#2283, serverless/serverless#5071)
  return new GatewayFailure('ACCESS_DENIED', {
    message: `User: ${who} is not authorized to perform: execute-api:Invoke on resource: ${resource}${how}`,
  });
}
