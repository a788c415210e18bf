import { authorizeAssumeRole, toSession } from '../iam/authorize.js';
import { findRole } from '../iam/model.js';
import type { Call } from '../operation.js';
import type { QueryInput, QueryOperation } from '../wire/query-xml.js';
import { constraintMessage, notEmulated, Refusal } from '../wire/refusal.js';
import { takeMfaCode } from './mfa-code.js';
import { beginSession } from './sessions.js';

const NOT_EMULATED = ['Policy', 'PolicyArns', 'Tags', 'TransitiveTagKeys', 'SourceIdentity'];

/** Takes on a role that trusts the caller. @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export const AssumeRole: QueryOperation = {
  name: 'AssumeRole',
  mutating: false,
  fidelity: 'documented',
  source:
    'STS API Reference, AssumeRole; the sentences of its errors as the SDKs report them, those about codes are guessed',
  run(input, call) {
    const roleArn = input.get('RoleArn');
    const sessionName = readSessionName(input);
    const seconds = input.findInteger('DurationSeconds', 900, 43_200) ?? 3600;
    for (const member of NOT_EMULATED) if (input.has(member)) throw notEmulated('sts', `AssumeRole with ${member}`);
    if (call.caller.kind === 'root')
      throw new Refusal('AccessDenied', 403, 'Roles may not be assumed by root accounts.');
    const [, accountId = '', name = ''] = /^arn:[^:]+:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(roleArn) ?? [];
    const role = findRole(call.store, accountId, name);
    const externalId = input.find('ExternalId');
    const context = {
      'sts:RoleSessionName': sessionName,
      ...(externalId === undefined ? {} : { 'sts:ExternalId': externalId }),
      ...(takeMfaCode(input, call) ? { 'aws:MultiFactorAuthPresent': 'true', 'aws:MultiFactorAuthAge': '0' } : {}),
    };
    // AWS: a role that is not there is refused just like one that does not trust the caller.
    if (role?.arn !== roleArn || authorizeAssumeRole(call, role, context) !== 'allowed') throw denied(call, roleArn);
    checkDuration(call, seconds, role.maxSessionSeconds);
    // AWS: the session of a role says nothing of MFA, whatever the call that began it showed. (IAM User Guide, "Secure API access with MFA")
    const session = toSession(call, role, sessionName);
    return {
      Credentials: beginSession(call, session, seconds),
      AssumedRoleUser: { AssumedRoleId: session.userId, Arn: session.arn },
    };
  },
};

function readSessionName(input: QueryInput): string {
  const name = input.get('RoleSessionName');
  if (/^[\w+=,.@-]{2,64}$/.test(name)) return name;
  const rule = 'Member must satisfy regular expression pattern: [\\w+=,.@-]{2,64}';
  throw new Refusal('ValidationError', 400, constraintMessage('roleSessionName', name, rule));
}

function checkDuration(call: Call, seconds: number, longest: number): void {
  const chained = call.caller.kind === 'assumed-role';
  if (seconds <= (chained ? 3600 : longest)) return;
  const message = chained
    ? 'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining'
    : 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.';
  throw new Refusal('ValidationError', 400, message);
}

function denied(call: Call, roleArn: string): Refusal {
  const message = `User: ${call.caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`;
  return new Refusal('AccessDenied', 403, message);
}
