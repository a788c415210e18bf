import { findUser, IAM_TABLES, type User } from '../iam/model.js';
import type { Call } from '../operation.js';
import { matchingSteps } from '../totp.js';
import type { QueryInput } from '../wire/query-xml.js';
import { constraintMessage, Refusal } from '../wire/refusal.js';

/**
 * Takes the code of the caller's MFA device that a call shows, which is used up by that together with all before it.
 *
 * @returns Whether the call shows one.
 * @throws {Refusal} AccessDenied for a device that is not the caller's and for a wrong or used code; ValidationError for what is no code.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
 */
export function takeMfaCode(input: QueryInput, call: Call): boolean {
  const serialNumber = input.find('SerialNumber');
  const code = readCode(input);
  if (serialNumber === undefined && code === undefined) return false;
  if (serialNumber === undefined || code === undefined)
    throw failed(', must provide both MFA serial number and one time pass code.');
  const user = findCallerUser(call);
  if (user?.mfa?.serialNumber !== serialNumber) {
    const advice = 'Please verify your MFA serial number is valid and associated with this user.';
    throw failed(`, unable to validate MFA code.  ${advice}`);
  }
  const { mfa } = user;
  const lastStep = matchingSteps(mfa.seed, code, call.now(), call.wall()).find((step) => step > mfa.lastStep);
  if (lastStep === undefined) throw failed(' with invalid MFA one time pass code.');
  call.store.put(IAM_TABLES.user, `${call.caller.accountId}/${user.name}`, { ...user, mfa: { ...mfa, lastStep } });
  return true;
}

/** The user whose own keys sign the call: neither the root user nor a role has a device here. */
function findCallerUser({ store, caller }: Call): User | undefined {
  return caller.kind === 'user' ? findUser(store, caller.accountId, caller.name ?? '') : undefined;
}

function readCode(input: QueryInput): string | undefined {
  const code = input.find('TokenCode');
  if (code === undefined || /^\d{6}$/.test(code)) return code;
  const rule = /^\d*$/.test(code)
    ? `Member must have length ${code.length < 6 ? 'greater' : 'less'} than or equal to 6`
    : 'Member must satisfy regular expression pattern: [\\d]*';
  throw new Refusal('ValidationError', 400, constraintMessage('tokenCode', code, rule));
}

function failed(how: string): Refusal {
  return new Refusal('AccessDenied', 403, `MultiFactorAuthentication failed${how}`);
}
