import type { JsonOperation } from '../wire/json-1-1.js';
import { notEmulated } from '../wire/refusal.js';
import { findOneOf, invalidParameter, openPool } from './input.js';
import { savePool, type UserPool } from './model.js';

/** Sets whether a pool asks for a second factor, and which. @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SetUserPoolMfaConfig.html */
export const SetUserPoolMfaConfig: JsonOperation = {
  name: 'SetUserPoolMfaConfig',
  mutating: true,
  fidelity: 'documented',
  source:
    'Amazon Cognito API Reference, SetUserPoolMfaConfig; that what is left out stays, and the refusal of MFA without a factor, are guessed',
  run(input, call) {
    const before = openPool(input, call, 'SetUserPoolMfaConfig');
    for (const member of ['SmsMfaConfiguration', 'EmailMfaConfiguration', 'WebAuthnConfiguration'])
      if (input.has(member)) throw notEmulated('cognito-idp', `SetUserPoolMfaConfig with ${member}`);
    const pool: UserPool = {
      ...before,
      mfa: findOneOf(input, 'MfaConfiguration', ['OFF', 'ON', 'OPTIONAL']) ?? before.mfa,
      hasSoftwareToken: input.has('SoftwareTokenMfaConfiguration')
        ? input.structure('SoftwareTokenMfaConfiguration').isTrue('Enabled')
        : before.hasSoftwareToken,
    };
    if (pool.mfa !== 'OFF' && !pool.hasSoftwareToken)
      throw invalidParameter("Invalid MFA configuration given, can't disable all MFAs and require MFA.");
    savePool(call, pool);
    return toMfaFields(pool);
  },
};

/** Reads whether a pool asks for a second factor. @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetUserPoolMfaConfig.html */
export const GetUserPoolMfaConfig: JsonOperation = {
  name: 'GetUserPoolMfaConfig',
  mutating: false,
  fidelity: 'documented',
  source: 'Amazon Cognito API Reference, GetUserPoolMfaConfig',
  run(input, call) {
    return toMfaFields(openPool(input, call, 'GetUserPoolMfaConfig'));
  },
};

function toMfaFields({ mfa, hasSoftwareToken }: UserPool): Record<string, unknown> {
  return { SoftwareTokenMfaConfiguration: { Enabled: hasSoftwareToken }, MfaConfiguration: mfa };
}
