import type { Call, Verdict } from '../operation.js';
import { accessDenied, badRequest } from './errors.js';

const SERVICE = 'apigateway.amazonaws.com';

/**
 * Refuses a caller whose policies do not allow `action` on `resource`.
 *
 * @throws {Refusal} AccessDeniedException.
 */
export function authorise(
  call: Call,
  action: string,
  resource: string,
  context: Readonly<Record<string, string>> = {},
): void {
  const verdict = call.cloud.authorize(call, { caller: call.caller, action, resource, context });
  if (verdict !== 'allowed') throw accessDenied(denialMessage(call.caller.arn, action, resource, verdict));
}

/**
 * Refuses a caller who may not hand the role over to API Gateway.
 *
 * The role itself need not exist: PutIntegration does not look (recorded by LocalStack).
 *
 * @throws {Refusal} when the text is no role ARN, the role is another account's, or iam:PassRole is not allowed.
 */
export function authorisePassRole(call: Call, roleArn: string): void {
  const account = /^arn:[^:]+:iam::(\d{12}):role\/.+$/.exec(roleArn)?.[1];
  if (account === undefined) throw badRequest('Invalid ARN specified in the request');
  if (account !== call.settings.accountId) throw accessDenied('Cross-account pass role is not allowed.');
  authorise(call, 'iam:PassRole', roleArn, { 'iam:PassedToService': SERVICE });
}

/** The ARN under which a request's path is authorised. */
export function pathArn(call: Call, path: string): string {
  return `arn:${call.settings.partition}:apigateway:${call.region}::${path}`;
}

function denialMessage(arn: string, action: string, resource: string, verdict: Exclude<Verdict, 'allowed'>): string {
  const why =
    verdict === 'explicit-deny'
      ? 'with an explicit deny in an identity-based policy'
      : `because no identity-based policy allows the ${action} action`;
  return `User: ${arn} is not authorized to perform: ${action} on resource: ${resource} ${why}`;
}
