import type { Call } from '../operation.js';
import type { JsonInput, JsonOperation } from '../wire/json-1-1.js';
import { notEmulated } from '../wire/refusal.js';
import { getTokenUser } from './access-token.js';
import { openUser } from './admin-user.js';
import { invalidParameter } from './input.js';
import type { User, UserPool } from './model.js';
import { saveUser } from './users.js';

/** Sets whether a user is asked for codes where the pool leaves that open. @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SetUserMFAPreference.html */
export const SetUserMFAPreference: JsonOperation = {
  name: 'SetUserMFAPreference',
  mutating: true,
  fidelity: 'documented',
  source: 'Amazon Cognito API Reference, SetUserMFAPreference; its sentence is guessed',
  run(input, call) {
    return setPreference(input, call, 'SetUserMFAPreference', getTokenUser(input, call));
  },
};

/** Does so for an administrator. @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminSetUserMFAPreference.html */
export const AdminSetUserMFAPreference: JsonOperation = {
  name: 'AdminSetUserMFAPreference',
  mutating: true,
  fidelity: 'documented',
  source: 'Amazon Cognito API Reference, AdminSetUserMFAPreference; its sentence is guessed',
  run(input, call) {
    return setPreference(input, call, 'AdminSetUserMFAPreference', openUser(input, call, 'AdminSetUserMFAPreference'));
  },
};

function setPreference(
  input: JsonInput,
  call: Call,
  operation: string,
  { pool, user }: { pool: UserPool; user: User },
): Record<string, unknown> {
  for (const member of ['SMSMfaSettings', 'EmailMfaSettings', 'WebAuthnMfaSettings'])
    if (input.has(member)) throw notEmulated('cognito-idp', `${operation} with ${member}`);
  const wantsTotp = input.structure('SoftwareTokenMfaSettings').isTrue('Enabled');
  if (wantsTotp && user.totp === undefined) throw invalidParameter('User has not verified software token mfa');
  saveUser(call, pool, { ...user, wantsTotp });
  return {};
}
