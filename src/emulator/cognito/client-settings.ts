import type { JsonInput } from '../wire/json-1-1.js';
import { notEmulated } from '../wire/refusal.js';
import { findOneOf, invalidParameter } from './input.js';

/** Seconds of each unit of time that a validity may be told in. */
const SECONDS = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 } as const;

/** Units of time by AWS's names. */
type TimeUnit = keyof typeof SECONDS;

/** The three kinds of tokens, as TokenValidityUnits names them. */
type TokenKind = 'AccessToken' | 'IdToken' | 'RefreshToken';

/** How long tokens live, and in which units that was told. */
export interface TokenValidity {
  /** As it was set; absent: an hour for access and ID tokens, 30 days for refresh tokens. */
  readonly values: Partial<Readonly<Record<TokenKind, number>>>;
  /** As they were set; absent: hours, and days for refresh tokens. */
  readonly units: Partial<Readonly<Record<TokenKind, TimeUnit>>>;
}

/** What CreateUserPoolClient and UpdateUserPoolClient set. */
export interface ClientSettings {
  /** `ALLOW_…` by name; absent: refresh tokens, SRP and custom flows. */
  readonly flows?: readonly string[];
  /** ENABLED: a sign-in does not tell whether there is such a user; absent means LEGACY, which tells. */
  readonly existenceErrors?: 'ENABLED' | 'LEGACY';
  /** Whether tokens bear the `origin_jti` that revocation goes by. */
  readonly isRevocable: boolean;
  /** How long a challenge may take, in minutes: 3 to 15. */
  readonly sessionMinutes: number;
  /** How long tokens live. */
  readonly validity: TokenValidity;
}

/** Flows that an app client can allow. */
const FLOWS = [
  'ALLOW_ADMIN_USER_PASSWORD_AUTH',
  'ALLOW_CUSTOM_AUTH',
  'ALLOW_USER_PASSWORD_AUTH',
  'ALLOW_USER_SRP_AUTH',
  'ALLOW_REFRESH_TOKEN_AUTH',
  'ALLOW_USER_AUTH',
] as const;
const LEGACY_FLOWS = ['ADMIN_NO_SRP_AUTH', 'CUSTOM_AUTH_FLOW_ONLY', 'USER_PASSWORD_AUTH'];

const NOT_EMULATED = [
  'ClientSecret',
  'ReadAttributes',
  'WriteAttributes',
  'SupportedIdentityProviders',
  'CallbackURLs',
  'LogoutURLs',
  'DefaultRedirectURI',
  'AllowedOAuthFlows',
  'AllowedOAuthScopes',
  'AnalyticsConfiguration',
  'RefreshTokenRotation',
];
const NOT_EMULATED_WHEN_TRUE = [
  'GenerateSecret',
  'AllowedOAuthFlowsUserPoolClient',
  'EnablePropagateAdditionalUserContextData',
];

/** Default, longest value in any unit, and range in seconds of each kind of token. (API Reference, CreateUserPoolClient) */
const KINDS: Readonly<
  Record<TokenKind, { defaultS: number; unit: TimeUnit; most: number; rangeS: readonly [number, number] }>
> = {
  AccessToken: { defaultS: 3600, unit: 'hours', most: 86_400, rangeS: [300, 86_400] },
  IdToken: { defaultS: 3600, unit: 'hours', most: 86_400, rangeS: [300, 86_400] },
  RefreshToken: { defaultS: 2_592_000, unit: 'days', most: 315_360_000, rangeS: [3600, 315_360_000] },
};
const KIND_NAMES = Object.keys(KINDS) as readonly TokenKind[];

/**
 * Reads what CreateUserPoolClient and UpdateUserPoolClient share; what is left out gets its default in both.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html
 * @throws {Refusal} InvalidParameterException; NotImplemented for members that are not emulated.
 */
export function readClientSettings(input: JsonInput, operation: string): ClientSettings {
  const unknown = [
    ...NOT_EMULATED.filter((member) => input.has(member)),
    ...NOT_EMULATED_WHEN_TRUE.filter((member) => input.isTrue(member)),
  ];
  if (unknown[0] !== undefined) throw notEmulated('cognito-idp', `${operation} with ${unknown[0]}`);
  const existenceErrors = findOneOf(input, 'PreventUserExistenceErrors', ['LEGACY', 'ENABLED']);
  return {
    ...(input.has('ExplicitAuthFlows') ? { flows: readFlows(input.texts('ExplicitAuthFlows'), operation) } : {}),
    ...(existenceErrors === undefined ? {} : { existenceErrors }),
    isRevocable: !input.has('EnableTokenRevocation') || input.isTrue('EnableTokenRevocation'),
    sessionMinutes: input.findInteger('AuthSessionValidity', 3, 15) ?? 3,
    validity: readValidity(input),
  };
}

function readFlows(flows: readonly string[], operation: string): readonly string[] {
  const legacy = flows.find((flow) => LEGACY_FLOWS.includes(flow));
  if (legacy !== undefined) throw notEmulated('cognito-idp', `${operation} with the legacy flow ${legacy}`);
  const unknown = flows.find((flow) => !FLOWS.some((known) => known === flow));
  if (unknown !== undefined) throw invalidParameter(`The auth flow ${unknown} is not one of ${FLOWS.join(', ')}.`);
  return flows;
}

function readValidity(input: JsonInput): TokenValidity {
  const unitsGiven = input.structure('TokenValidityUnits');
  const values: Partial<Record<TokenKind, number>> = {};
  const units: Partial<Record<TokenKind, TimeUnit>> = {};
  for (const kind of KIND_NAMES) {
    const unit = findOneOf(unitsGiven, kind, Object.keys(SECONDS) as TimeUnit[]);
    if (unit !== undefined) units[kind] = unit;
    const isRefresh = kind === 'RefreshToken';
    const value = input.findInteger(`${kind}Validity`, isRefresh ? 0 : 1, KINDS[kind].most);
    // AWS: a refresh token's validity of 0 means the default. (API Reference, CreateUserPoolClient)
    if (value !== undefined && value !== 0) values[kind] = value;
    const [least, most] = KINDS[kind].rangeS;
    const seconds = lifetimeS({ values, units }, kind);
    if (seconds < least || seconds > most) throw invalidParameter('Invalid range for token validity.');
  }
  return { values, units };
}

/** How long tokens of a kind live, in seconds. */
export function lifetimeS({ values, units }: TokenValidity, kind: TokenKind): number {
  const value = values[kind];
  const { defaultS, unit } = KINDS[kind];
  return value === undefined ? defaultS : value * SECONDS[units[kind] ?? unit];
}
