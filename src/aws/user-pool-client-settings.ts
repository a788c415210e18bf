import type {
  ExplicitAuthFlowsType,
  TimeUnitsType,
  UpdateUserPoolClientCommandInput,
  UserPoolClientType,
} from '@aws-sdk/client-cognito-identity-provider';

/** What of an app client is set, as far as we care. */
export interface PoolClientSettings {
  /** Ways to sign in, sorted: 'ALLOW_REFRESH_TOKEN_AUTH'. */
  readonly flows: readonly string[];
  /** Whether a sign-in tells that there is no such user. */
  readonly tellsUnknownUsers: boolean;
  /** Whether refresh tokens can be revoked. */
  readonly tokenRevocation: boolean;
  /** How long an ID token holds, in minutes: 5 to 1440. */
  readonly idTokenMinutes: number;
  /** How long an access token holds, in minutes: 5 to 1440. */
  readonly accessTokenMinutes: number;
  /** How long a refresh token holds, in minutes: 60 to ten years' worth. */
  readonly refreshTokenMinutes: number;
  /** Whether it takes part in OAuth, too. */
  readonly oauth: boolean;
}

const MINUTES: Readonly<Record<TimeUnitsType, number>> = { seconds: 1 / 60, minutes: 1, hours: 60, days: 1440 };

/**
 * Reads the settings of an app client.
 *
 * AWS: tokens hold an hour and refresh tokens 30 days when nobody chose; without a unit these are hours and days.
 * (Cognito API Reference, "UserPoolClientType")
 */
export function toClientSettings(client: UserPoolClientType): PoolClientSettings {
  const { IdToken = 'hours', AccessToken = 'hours', RefreshToken = 'days' } = client.TokenValidityUnits ?? {};
  const minutes = (value: number | undefined, unit: TimeUnitsType, otherwise: number): number =>
    value === undefined || value === 0 ? otherwise : value * MINUTES[unit];
  return {
    flows: (client.ExplicitAuthFlows ?? []).toSorted(),
    tellsUnknownUsers: client.PreventUserExistenceErrors !== 'ENABLED',
    tokenRevocation: client.EnableTokenRevocation === true,
    idTokenMinutes: minutes(client.IdTokenValidity, IdToken, MINUTES.hours),
    accessTokenMinutes: minutes(client.AccessTokenValidity, AccessToken, MINUTES.hours),
    refreshTokenMinutes: minutes(client.RefreshTokenValidity, RefreshToken, 30 * MINUTES.days),
    oauth: client.AllowedOAuthFlowsUserPoolClient === true,
  };
}

/** What CreateUserPoolClient and UpdateUserPoolClient share. */
type ClientInput = Omit<UpdateUserPoolClientCommandInput, 'UserPoolId' | 'ClientId' | 'ClientName'>;

/** Writes settings in AWS's words. */
export function fromClientSettings(settings: PoolClientSettings): ClientInput {
  return {
    ExplicitAuthFlows: settings.flows as ExplicitAuthFlowsType[],
    PreventUserExistenceErrors: settings.tellsUnknownUsers ? 'LEGACY' : 'ENABLED',
    EnableTokenRevocation: settings.tokenRevocation,
    IdTokenValidity: settings.idTokenMinutes,
    AccessTokenValidity: settings.accessTokenMinutes,
    RefreshTokenValidity: settings.refreshTokenMinutes,
    TokenValidityUnits: { IdToken: 'minutes', AccessToken: 'minutes', RefreshToken: 'minutes' },
    AllowedOAuthFlowsUserPoolClient: settings.oauth,
  };
}

/**
 * All that UpdateUserPoolClient takes of a client without OAuth, with our settings in it.
 *
 * AWS: what the call leaves out gets its default value again. (Cognito API Reference, "UpdateUserPoolClient")
 */
export function toClientUpdate(client: UserPoolClientType, settings: PoolClientSettings): ClientInput {
  const kept: ClientInput = {
    ReadAttributes: client.ReadAttributes,
    WriteAttributes: client.WriteAttributes,
    AnalyticsConfiguration: client.AnalyticsConfiguration,
    AuthSessionValidity: client.AuthSessionValidity,
  };
  return { ...kept, ...fromClientSettings(settings) };
}
