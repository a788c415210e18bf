import { Refusal } from '../wire/refusal.js';
import { isConditionOperator } from './conditions.js';
import { toList, toRecord } from './policy-document.js';

/** What a policy is for: who holds it may do what, or who may take on the role it lies on. */
export type PolicyKind = 'identity' | 'trust';

const VERSIONS: readonly unknown[] = [undefined, '2008-10-17', '2012-10-17'];

/**
 * Refuses a policy document that IAM would not store.
 *
 * Checks the grammar as far as people break it: JSON, version, effect, actions, resources, principals and condition operators. The
 * sentences are those people report; AWS documents only the code.
 *
 * @throws {Refusal} MalformedPolicyDocument.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function validatePolicy(text: string, kind: PolicyKind): void {
  const document = parseDocument(text);
  if (!VERSIONS.includes(document['Version'])) throw malformed('The policy document version is invalid.');
  const statements = toList(document['Statement']);
  if (statements.length === 0) throw malformed('Syntax errors in policy.');
  for (const statement of statements) {
    const fields = toRecord(statement);
    if (fields['Effect'] !== 'Allow' && fields['Effect'] !== 'Deny') throw malformed('Syntax errors in policy.');
    checkExclusive(fields);
    for (const name of ['Action', 'NotAction', 'Resource', 'NotResource']) checkTexts(fields[name]);
    if (kind === 'identity') checkIdentity(fields);
    else checkTrust(fields);
    checkConditions(fields['Condition']);
  }
}

function parseDocument(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return toRecord(value);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw malformed('This policy contains invalid Json');
  }
  throw malformed('Syntax errors in policy.');
}

function checkExclusive(fields: Record<string, unknown>): void {
  for (const name of ['Action', 'Resource', 'Principal'])
    if (fields[name] !== undefined && fields[`Not${name}`] !== undefined) throw malformed('Syntax errors in policy.');
}

function checkTexts(value: unknown): void {
  if (toList(value).some((item) => typeof item !== 'string')) throw malformed('Syntax errors in policy.');
}

function checkIdentity(fields: Record<string, unknown>): void {
  if (fields['Principal'] !== undefined || fields['NotPrincipal'] !== undefined)
    throw malformed('Policy document should not specify a principal.');
  const actions = [...toList(fields['Action']), ...toList(fields['NotAction'])].map(String);
  if (actions.length === 0) throw malformed('Policy statement must contain actions.');
  if (actions.some((action) => action !== '*' && !action.includes(':')))
    throw malformed('Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.');
  const resources = [...toList(fields['Resource']), ...toList(fields['NotResource'])].map(String);
  if (resources.length === 0) throw malformed('Policy statement must contain resources.');
  const odd = resources.find((resource) => resource !== '*' && !/^arn:[^:]*:[^:]*:[^:]*:[^:]*:./.test(resource));
  if (odd !== undefined) throw malformed(`Resource ${odd} must be in ARN format or "*".`);
}

function checkTrust(fields: Record<string, unknown>): void {
  if (fields['Resource'] !== undefined || fields['NotResource'] !== undefined)
    throw malformed('Has prohibited field Resource');
  const actions = toList(fields['Action']).map(String);
  if (actions.length === 0) throw malformed('Missing required field Action');
  if (actions.some((action) => !/^sts:/i.test(action)))
    throw malformed('AssumeRole policy may only specify STS AssumeRole actions.');
  const principal = fields['Principal'] ?? fields['NotPrincipal'];
  if (principal === undefined) throw malformed('Missing required field Principal');
  if (typeof principal === 'string' && principal !== '*') throw malformed('Syntax errors in policy.');
  for (const [kind, names] of Object.entries(toRecord(principal)))
    for (const name of toList(names).map(String)) checkPrincipal(kind, name);
}

const PRINCIPAL_FORMS: Readonly<Record<string, RegExp>> = {
  AWS: /^(\*|\d{12}|arn:[^:]+:(iam::\d{12}:(root|(user|role)\/.+)|sts::\d{12}:assumed-role\/.+))$/,
  Service: /^[a-z0-9.-]+\.amazonaws\.com(\.cn)?$/,
  Federated: /./,
};

function checkPrincipal(kind: string, name: string): void {
  const form = Object.hasOwn(PRINCIPAL_FORMS, kind) ? PRINCIPAL_FORMS[kind] : undefined;
  if (form?.test(name) !== true)
    throw malformed(`Invalid principal in policy: "${kind === 'Service' ? 'SERVICE' : kind}":"${name}"`);
}

function checkConditions(value: unknown): void {
  if (value === undefined) return;
  for (const operator of Object.keys(toRecord(value)))
    if (!isConditionOperator(operator)) throw malformed(`Invalid Condition type : ${operator}.`);
}

function malformed(message: string): Refusal {
  return new Refusal('MalformedPolicyDocument', 400, message);
}
