import { type Context, conditionHolds } from './conditions.js';
import { matchesPattern, type Resolve } from './pattern.js';
import type { Policy, Statement } from './policy-document.js';
import { type Naming, namePrincipal, type Requester } from './principal.js';

/** One request as policies see it. */
export interface PolicyQuestion {
  /** Such as `s3:GetObject`; compared without regard to case. */
  readonly action: string;
  /** ARN; compared with regard to case. */
  readonly resource: string;
  /** Condition keys of the request. */
  readonly context: Context;
  /** Who asks: compared with Principal and NotPrincipal. Absent for identity policies, which have neither. */
  readonly who?: Requester;
}

/** What policies say; 'account' is an Allow to the requester's account, which that account's own policies must pass on. */
export type Outcome = 'deny' | 'allow' | 'account' | 'silent';

/**
 * What a set of policies says to one question: a Deny of any outweighs every Allow.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function evaluatePolicies(policies: readonly Policy[], question: PolicyQuestion): Outcome {
  let outcome: Outcome = 'silent';
  for (const policy of policies) {
    const resolve = policy.hasVariables ? (name: string) => findSingle(question.context, name) : undefined;
    for (const statement of policy.statements) {
      const naming = nameRequester(statement, question.who);
      if (naming === undefined || !applies(statement, question, resolve)) continue;
      if (statement.effect === 'Deny') return 'deny';
      if (statement.effect === 'Allow' && outcome !== 'allow') outcome = naming === 'direct' ? 'allow' : 'account';
    }
  }
  return outcome;
}

function findSingle(context: Context, name: string): string | undefined {
  const value = context.get(name.toLowerCase());
  return typeof value === 'string' ? value : undefined;
}

function nameRequester(statement: Statement, who: Requester | undefined): Naming {
  if (who === undefined) return 'direct';
  if (statement.principal !== undefined) return namePrincipal(statement.principal, who);
  if (statement.notPrincipal !== undefined)
    return namePrincipal(statement.notPrincipal, who) === undefined ? 'direct' : undefined;
  return undefined;
}

function applies(statement: Statement, question: PolicyQuestion, resolve: Resolve | undefined): boolean {
  const action = question.action.toLowerCase();
  const isAction = (pattern: string) => matchesPattern(pattern.toLowerCase(), action);
  const isResource = (pattern: string) => matchesPattern(pattern, question.resource, resolve);
  return (
    (statement.action?.some(isAction) ?? true) &&
    !statement.notAction?.some(isAction) &&
    // A trust policy has neither Resource nor NotResource: it lies on the resource it speaks of.
    (statement.resource?.some(isResource) ?? true) &&
    !statement.notResource?.some(isResource) &&
    statement.conditions.every((condition) => conditionHolds(condition, question.context, resolve))
  );
}
