import type { Principals } from './policy-document.js';

/** Who asks, as policies name them. */
export interface Requester {
  /** Twelve digits; '' for the anonymous and for a service. */
  readonly accountId: string;
  /** Every ARN a policy may name it by: a session's own and its role's. */
  readonly arns: readonly string[];
  /** An AWS service that asks for itself: 'apigateway.amazonaws.com'. */
  readonly service?: string;
}

/** Named in person (or as everybody), as part of its account, or not at all. */
export type Naming = 'direct' | 'account' | undefined;

/**
 * How a Principal element names the requester.
 *
 * An account, by its number or as `…:root`, is not the same as its users: it hands the decision to that account's own policies.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export function namePrincipal(principals: Principals, who: Requester): Naming {
  if (principals['*'] !== undefined) return 'direct';
  if (who.service !== undefined) return principals['Service']?.includes(who.service) ? 'direct' : undefined;
  const names = principals['AWS'] ?? [];
  if (names.some((name) => name === '*' || who.arns.includes(name))) return 'direct';
  return names.some((name) => isAccount(name, who.accountId)) ? 'account' : undefined;
}

function isAccount(name: string, accountId: string): boolean {
  if (accountId === '') return false;
  return name === accountId || new RegExp(`^arn:[^:]+:iam::${accountId}:root$`).test(name);
}
