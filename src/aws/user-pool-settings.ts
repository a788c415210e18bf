import type {
  RecoveryOptionNameType,
  UpdateUserPoolCommandInput,
  UserPoolType,
} from '@aws-sdk/client-cognito-identity-provider';

/** What a password must hold, in AWS's words, in the order in which they are told. */
const CLASSES = ['Lowercase', 'Numbers', 'Symbols', 'Uppercase'] as const;

/** What of a user pool is set, as far as we care; its MFA is a setting apart. */
export interface PoolSettings {
  /** Whether anybody may make an account. */
  readonly selfSignUp: boolean;
  /** Fewest characters of a password: 6 to 99. */
  readonly passwordLength: number;
  /** What each password must hold, of 'Lowercase', 'Numbers', 'Symbols', 'Uppercase', in this order. */
  readonly passwordClasses: readonly string[];
  /** How long a temporary password holds, in days: 1 to 365. */
  readonly temporaryPasswordDays: number;
  /** Ways to a new password, first choice first: 'admin_only', 'verified_email', 'verified_phone_number'. */
  readonly recovery: readonly string[];
  /** Whether the pool refuses to be deleted. */
  readonly deletionProtection: boolean;
}

/** Reads a pool's settings. */
export function toPoolSettings(pool: UserPoolType): PoolSettings {
  const policy = pool.Policies?.PasswordPolicy ?? {};
  const mechanisms = pool.AccountRecoverySetting?.RecoveryMechanisms ?? [];
  return {
    selfSignUp: pool.AdminCreateUserConfig?.AllowAdminCreateUserOnly !== true,
    passwordLength: policy.MinimumLength ?? 0,
    passwordClasses: CLASSES.filter((name) => policy[`Require${name}`] === true),
    temporaryPasswordDays: policy.TemporaryPasswordValidityDays ?? 0,
    recovery: mechanisms.toSorted((a, b) => (a.Priority ?? 0) - (b.Priority ?? 0)).map(({ Name = '' }) => Name),
    deletionProtection: pool.DeletionProtection === 'ACTIVE',
  };
}

/** What CreateUserPool and UpdateUserPool share of them. */
type PoolInput = Pick<
  UpdateUserPoolCommandInput,
  'Policies' | 'AdminCreateUserConfig' | 'AccountRecoverySetting' | 'DeletionProtection'
>;

/** Writes settings in AWS's words. */
export function fromPoolSettings(settings: PoolSettings): PoolInput {
  const { passwordClasses, recovery, deletionProtection } = settings;
  return {
    Policies: {
      PasswordPolicy: {
        MinimumLength: settings.passwordLength,
        ...Object.fromEntries(CLASSES.map((name) => [`Require${name}`, passwordClasses.includes(name)])),
        TemporaryPasswordValidityDays: settings.temporaryPasswordDays,
      },
    },
    AdminCreateUserConfig: { AllowAdminCreateUserOnly: !settings.selfSignUp },
    AccountRecoverySetting: {
      RecoveryMechanisms: recovery.map((name, n) => ({ Name: name as RecoveryOptionNameType, Priority: n + 1 })),
    },
    DeletionProtection: deletionProtection ? 'ACTIVE' : 'INACTIVE',
  };
}

/**
 * All that UpdateUserPool takes of a pool, with our settings in it.
 *
 * AWS: what the call leaves out gets its default value again. (Cognito API Reference, "UpdateUserPool")
 */
export function toPoolUpdate(
  pool: UserPoolType,
  settings: PoolSettings,
): Omit<UpdateUserPoolCommandInput, 'UserPoolId'> {
  const ours = fromPoolSettings(settings);
  const kept = settingsOf(pool);
  // AWS: it is no longer in use where temporary passwords have days of their own. (API Reference, "AdminCreateUserConfigType")
  const { UnusedAccountValidityDays: _days, ...admin } = kept.AdminCreateUserConfig ?? {};
  return {
    ...kept,
    ...ours,
    Policies: {
      ...kept.Policies,
      PasswordPolicy: { ...kept.Policies?.PasswordPolicy, ...ours.Policies?.PasswordPolicy },
    },
    AdminCreateUserConfig: { ...admin, ...ours.AdminCreateUserConfig },
  };
}

/** What of a pool is chosen; the rest is fixed when it is made, or tells of it. What holds nothing is left out. */
function settingsOf(pool: UserPoolType): Omit<UpdateUserPoolCommandInput, 'UserPoolId'> {
  const {
    Id: _id,
    Name: _name,
    Arn: _arn,
    Status: _status,
    CreationDate: _created,
    LastModifiedDate: _modified,
    EstimatedNumberOfUsers: _users,
    SchemaAttributes: _schema,
    AliasAttributes: _aliases,
    UsernameAttributes: _usernames,
    UsernameConfiguration: _username,
    Domain: _domain,
    CustomDomain: _customDomain,
    SmsConfigurationFailure: _sms,
    EmailConfigurationFailure: _email,
    ...settings
  } = pool;
  const isEmpty = (value: unknown): boolean =>
    value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => !isEmpty(value)));
}
