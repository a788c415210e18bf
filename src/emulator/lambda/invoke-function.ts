import type { Call, Caller, FunctionAsk, FunctionOutcome } from '../operation.js';
import { FunctionNeeded, toFunctionKey } from './function-needed.js';
import { findFunctionByArn, type LambdaFunction, policyOf } from './model.js';

const NOBODY: Caller = { kind: 'anonymous', accountId: '', arn: '', userId: '' };

/**
 * Answers what a function has answered to this call, if it may be called at all.
 *
 * @throws {FunctionNeeded} when it was not asked yet.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
 */
export function invokeFunction(call: Call, ask: FunctionAsk): FunctionOutcome {
  const { functionArn, event } = ask;
  const found = findFunctionByArn(call.store, functionArn);
  if (found === undefined) return { kind: 'missing' };
  if (!mayInvoke(call, found, ask)) return { kind: 'forbidden' };
  const outcome = call.functionOutcomes?.get(toFunctionKey(ask));
  if (outcome === undefined) throw new FunctionNeeded({ functionArn, event, file: found.file });
  return outcome;
}

function mayInvoke(call: Call, found: LambdaFunction, { caller, sourceArn }: FunctionAsk): boolean {
  const ask = { action: 'lambda:InvokeFunction', resource: found.arn, resourcePolicy: policyOf(found) };
  // Guessed: aws:SourceAccount does not go along, as it does not for the roles of integrations.
  const itself = {
    caller: NOBODY,
    service: 'apigateway.amazonaws.com',
    context: { 'aws:SourceArn': sourceArn },
  };
  return call.cloud.authorize(call, { ...ask, ...(caller === undefined ? itself : { caller }) }) === 'allowed';
}
