import type { Authorization, Call, Caller, Verdict } from '../operation.js';
import { Refusal } from '../wire/refusal.js';
import type { Context } from './conditions.js';
import { evaluatePolicies, type Outcome } from './evaluate.js';
import { findManagedPolicy } from './managed-policies.js';
import { findRole, findUser, type Role } from './model.js';
import { type Policy, parsePolicy } from './policy-document.js';
import type { Requester } from './principal.js';

/** One question to the policy engine, whose condition keys may have several values each. */
export interface Question extends Omit<Authorization, 'context'> {
  /** Condition keys of this request. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

/**
 * Judges identity policies, and a resource policy if there is one, for a caller.
 *
 * Within the account an Allow of either is enough; across accounts both must allow; a Deny always wins. The root user is allowed everything
 * in its own account that no resource policy denies. A policy that speaks for the caller counts as one within the account.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function authorize(call: Call, ask: Question): Verdict {
  const [identity, resource] = judge(call, ask);
  if (identity === 'deny' || resource === 'deny') return 'explicit-deny';
  if (ask.callerPolicy !== undefined) return identity === 'allow' || resource === 'allow' ? 'allowed' : 'implicit-deny';
  if (ask.caller.kind === 'anonymous') return resource === 'allow' ? 'allowed' : 'implicit-deny';
  if (ask.caller.accountId === (ask.resourceAccount ?? call.settings.accountId))
    return identity === 'allow' || resource === 'allow' ? 'allowed' : 'implicit-deny';
  return identity === 'allow' && resource !== 'silent' ? 'allowed' : 'implicit-deny';
}

/**
 * Judges whether a caller may take on a role: the trust policy must name it, and where it names only the account, an identity policy must
 * pass that on.
 */
export function authorizeAssumeRole(call: Call, role: Role, context: Readonly<Record<string, string>>): Verdict {
  const resourceAccount = role.arn.split(':')[4] ?? '';
  const [identity, trust] = judge(call, {
    caller: call.caller,
    action: 'sts:AssumeRole',
    resource: role.arn,
    resourceAccount,
    resourcePolicy: role.trustPolicy,
    context,
  });
  if (identity === 'deny' || trust === 'deny') return 'explicit-deny';
  if (trust === 'allow' && call.caller.accountId === resourceAccount) return 'allowed';
  return trust !== 'silent' && identity === 'allow' ? 'allowed' : 'implicit-deny';
}

/** Has an AWS service take on a role, judging its trust policy with nothing but the condition keys handed in. */
export function assumeRoleAsService(
  call: Call,
  roleArn: string,
  servicePrincipal: string,
  context: Readonly<Record<string, string>> = {},
): Caller | undefined {
  const [, accountId = '', name = ''] = /^arn:[^:]+:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(roleArn) ?? [];
  const role = findRole(call.store, accountId, name);
  if (role?.arn !== roleArn) return undefined;
  const outcome = evaluatePolicies([parsePolicy(role.trustPolicy)], {
    action: 'sts:AssumeRole',
    resource: role.arn,
    context: toContext(context),
    who: { accountId: '', arns: [], service: servicePrincipal },
  });
  if (outcome !== 'allow') return undefined;
  // AWS: API Gateway's sessions bear this name in the denials that people paste into issues; no page of AWS's says so.
  return toSession(call, role, 'BackplaneAssumeRoleSession');
}

/** The caller that a session of a role makes. */
export function toSession(call: Call, role: Role, sessionName: string): Caller {
  const accountId = role.arn.split(':')[4] ?? '';
  return {
    kind: 'assumed-role',
    accountId,
    arn: `arn:${call.settings.partition}:sts::${accountId}:assumed-role/${role.name}/${sessionName}`,
    name: role.name,
    userId: `${role.id}:${sessionName}`,
  };
}

/** Refuses unless the caller's policies allow an action. @throws {Refusal} with the code and status of the asking service. */
export function demand(
  call: Call,
  ask: Omit<Question, 'caller'>,
  refusal = { code: 'AccessDenied', status: 403 },
): void {
  const verdict = authorize(call, { ...ask, caller: call.caller });
  if (verdict === 'allowed') return;
  throw new Refusal(refusal.code, refusal.status, denialMessage(call.caller, ask.action, ask.resource, verdict));
}

/** The sentence with which IAM and most services refuse. */
export function denialMessage(caller: Caller, action: string, resource: string, verdict: Verdict): string {
  const reason =
    verdict === 'explicit-deny'
      ? 'with an explicit deny in an identity-based policy'
      : `because no identity-based policy allows the ${action} action`;
  return `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${resource} ${reason}`;
}

function judge(call: Call, ask: Question): [identity: Outcome, resource: Outcome] {
  const role = ask.caller.kind === 'assumed-role' ? findCallerRole(call, ask.caller) : undefined;
  const who: Requester = {
    accountId: ask.caller.accountId,
    arns: ask.caller.arn === '' ? [] : role === undefined ? [ask.caller.arn] : [ask.caller.arn, role.arn],
    ...(ask.service !== undefined && { service: ask.service }),
  };
  const question = { action: ask.action, resource: ask.resource, context: contextOf(call, ask, role) };
  const identity = ask.caller.kind === 'root' ? 'allow' : evaluatePolicies(identityPolicies(call, ask, role), question);
  const policies = ask.resourcePolicy === undefined ? [] : [parsePolicy(ask.resourcePolicy)];
  return [identity, evaluatePolicies(policies, { ...question, who })];
}

function findCallerRole(call: Call, caller: Caller): Role | undefined {
  return findRole(call.store, caller.accountId, caller.name ?? '');
}

function identityPolicies(call: Call, { caller, callerPolicy }: Question, role: Role | undefined): Policy[] {
  if (callerPolicy !== undefined) return [parsePolicy(callerPolicy)];
  if (caller.kind === 'anonymous') return [];
  const holder =
    role ?? (caller.kind === 'user' ? findUser(call.store, caller.accountId, caller.name ?? '') : undefined);
  if (holder === undefined) return [];
  const managed = holder.attached.map((arn) => findManagedPolicy(arn)?.document);
  return [...Object.values(holder.policies), ...managed].filter((text) => text !== undefined).map(parsePolicy);
}

/** The global keys, which the session's and then the request's own keys overlay. */
function contextOf(call: Call, ask: Question, role: Role | undefined): Context {
  const { caller } = ask;
  const now = call.now();
  const known = caller.kind !== 'anonymous';
  return toContext({
    'aws:SecureTransport': 'true',
    'aws:ViaAWSService': 'false',
    'aws:CurrentTime': new Date(now).toISOString(),
    'aws:EpochTime': String(Math.floor(now / 1000)),
    'aws:RequestedRegion': call.region,
    'aws:ResourceAccount': ask.resourceAccount ?? call.settings.accountId,
    'aws:PrincipalType': PRINCIPAL_TYPES[caller.kind],
    'aws:userid': known ? caller.userId : undefined,
    'aws:PrincipalArn': known ? (role?.arn ?? caller.arn) : undefined,
    'aws:PrincipalAccount': known ? caller.accountId : undefined,
    'aws:username': caller.kind === 'user' ? caller.name : undefined,
    'aws:MultiFactorAuthAge': mfaAge(caller, now),
    ...caller.context,
    ...ask.context,
  });
}

/** How long ago a session showed a code, in seconds; undefined when it did not. It did so when it was issued. */
function mfaAge({ context = {} }: Caller, nowMs: number): string | undefined {
  if (context['aws:MultiFactorAuthPresent'] !== 'true') return undefined;
  return String(Math.floor((nowMs - Date.parse(context['aws:TokenIssueTime'] ?? '')) / 1000));
}

const PRINCIPAL_TYPES: Readonly<Record<Caller['kind'], string>> = {
  root: 'Account',
  user: 'User',
  'assumed-role': 'AssumedRole',
  anonymous: 'Anonymous',
};

function toContext(keys: Readonly<Record<string, string | readonly string[] | undefined>>): Context {
  const context = new Map<string, string | readonly string[]>();
  for (const [name, value] of Object.entries(keys)) if (value !== undefined) context.set(name.toLowerCase(), value);
  return context;
}
