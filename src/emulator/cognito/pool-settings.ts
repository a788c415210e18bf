import type { JsonInput } from '../wire/json-1-1.js';
import { notEmulated } from '../wire/refusal.js';
import { findOneOf, invalidParameter } from './input.js';
import type { PasswordPolicy, PoolSettings } from './model.js';
import { checkTags } from './tag-rules.js';

/** What passwords of a new pool must look like when nobody says. (Amazon Cognito Developer Guide, "Adding user pool password requirements") */
const DEFAULT_POLICY: PasswordPolicy = {
  MinimumLength: 8,
  RequireUppercase: true,
  RequireLowercase: true,
  RequireNumbers: true,
  RequireSymbols: true,
  TemporaryPasswordValidityDays: 7,
};

const NOT_EMULATED = [
  'LambdaConfig',
  'AliasAttributes',
  'UsernameAttributes',
  'SmsVerificationMessage',
  'EmailVerificationMessage',
  'EmailVerificationSubject',
  'VerificationMessageTemplate',
  'SmsAuthenticationMessage',
  'UserAttributeUpdateSettings',
  'DeviceConfiguration',
  'EmailConfiguration',
  'SmsConfiguration',
  'Schema',
  'UserPoolAddOns',
  'DcrConfiguration',
  'KeyConfiguration',
  'IssuerConfiguration',
  'AcrConfiguration',
];

/**
 * Reads what CreateUserPool and UpdateUserPool share; what is left out gets its default in both.
 *
 * @param hasSoftwareToken Whether the pool already takes codes of an authenticator.
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPool.html
 * @throws {Refusal} InvalidParameterException; NotImplemented for members that are not emulated.
 */
export function readPoolSettings(input: JsonInput, operation: string, hasSoftwareToken: boolean): PoolSettings {
  for (const member of NOT_EMULATED)
    if (input.has(member)) throw notEmulated('cognito-idp', `${operation} with ${member}`);
  const mfa = findOneOf(input, 'MfaConfiguration', ['OFF', 'ON', 'OPTIONAL']) ?? 'OFF';
  // AWS: neither call can turn on the authenticator as a factor, so SMS is the only one it could mean: SetUserPoolMfaConfig comes first.
  if (mfa !== 'OFF' && !hasSoftwareToken)
    throw invalidParameter(
      'SMS configuration and Auto verification for phone_number are required when MFA is required/optional',
    );
  const admin = input.structure('AdminCreateUserConfig');
  for (const member of ['UnusedAccountValidityDays', 'InviteMessageTemplate'])
    if (admin.has(member)) throw notEmulated('cognito-idp', `${operation} with ${member}`);
  const tags = input.textMap('UserPoolTags');
  checkTags(tags);
  return {
    passwordPolicy: readPasswordPolicy(input.structure('Policies'), operation),
    deletionProtection: findOneOf(input, 'DeletionProtection', ['ACTIVE', 'INACTIVE']) ?? 'INACTIVE',
    isAdminOnly: admin.isTrue('AllowAdminCreateUserOnly'),
    autoVerified: readAutoVerified(input),
    ...readRecovery(input),
    tier: findOneOf(input, 'UserPoolTier', ['LITE', 'ESSENTIALS', 'PLUS']) ?? 'ESSENTIALS',
    mfa,
    tags,
  };
}

function readAutoVerified(input: JsonInput): string[] {
  const names = input.texts('AutoVerifiedAttributes');
  if (!names.every((name) => ['email', 'phone_number'].includes(name)))
    throw invalidParameter('AutoVerifiedAttributes are email and phone_number.');
  return names;
}

function readPasswordPolicy(policies: JsonInput, operation: string): PasswordPolicy {
  if (policies.has('SignInPolicy')) throw notEmulated('cognito-idp', `${operation} with SignInPolicy`);
  if (!policies.has('PasswordPolicy')) return DEFAULT_POLICY;
  const policy = policies.structure('PasswordPolicy');
  if (policy.has('PasswordHistorySize')) throw notEmulated('cognito-idp', `${operation} with PasswordHistorySize`);
  return {
    MinimumLength: policy.findInteger('MinimumLength', 6, 99) ?? DEFAULT_POLICY.MinimumLength,
    RequireUppercase: policy.isTrue('RequireUppercase'),
    RequireLowercase: policy.isTrue('RequireLowercase'),
    RequireNumbers: policy.isTrue('RequireNumbers'),
    RequireSymbols: policy.isTrue('RequireSymbols'),
    // AWS: 0 counts as absent. (API Reference, PasswordPolicyType)
    TemporaryPasswordValidityDays:
      policy.findInteger('TemporaryPasswordValidityDays', 0, 365) || DEFAULT_POLICY.TemporaryPasswordValidityDays,
  };
}

function readRecovery(input: JsonInput): Pick<PoolSettings, 'recovery'> {
  if (!input.has('AccountRecoverySetting')) return {};
  const recovery = input
    .structure('AccountRecoverySetting')
    .structures('RecoveryMechanisms')
    .map((mechanism) => ({
      Priority: mechanism.findInteger('Priority', 1, 2) ?? 1,
      Name: mechanism.getText('Name', { pattern: 'verified_email|verified_phone_number|admin_only' }),
    }));
  return { recovery };
}
