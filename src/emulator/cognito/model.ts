import type { Call } from '../operation.js';
import type { Store } from '../store.js';

/** What passwords of a pool must look like, in AWS's own names. */
export interface PasswordPolicy {
  /** Characters: 6 to 99. */
  readonly MinimumLength: number;
  /** Whether an upper-case letter is needed. */
  readonly RequireUppercase: boolean;
  /** Whether a lower-case letter is needed. */
  readonly RequireLowercase: boolean;
  /** Whether a digit is needed. */
  readonly RequireNumbers: boolean;
  /** Whether a special character is needed. */
  readonly RequireSymbols: boolean;
  /** Days for which an administrator's password lets its user in: 1 to 365. */
  readonly TemporaryPasswordValidityDays: number;
}

/** What CreateUserPool and UpdateUserPool set. */
export interface PoolSettings {
  /** What passwords must look like. */
  readonly passwordPolicy: PasswordPolicy;
  /** ACTIVE: the pool cannot be deleted. */
  readonly deletionProtection: 'ACTIVE' | 'INACTIVE';
  /** Whether only administrators make users. */
  readonly isAdminOnly: boolean;
  /** Attributes that Cognito would verify by message. */
  readonly autoVerified: readonly string[];
  /** Ways to recover an account, by priority; absent when nobody chose. */
  readonly recovery?: readonly { readonly Priority: number; readonly Name: string }[];
  /** LITE, ESSENTIALS or PLUS. */
  readonly tier: string;
  /** Whether a second factor is asked for. */
  readonly mfa: 'OFF' | 'ON' | 'OPTIONAL';
  /** Tags by key. */
  readonly tags: Readonly<Record<string, string>>;
}

/** A user pool as the account keeps it. */
export interface UserPool extends PoolSettings {
  /** `{region}_{9 characters}`, unique everywhere. */
  readonly id: string;
  /** Account that owns it: twelve digits. */
  readonly accountId: string;
  /** Region it lies in. */
  readonly region: string;
  /** `arn:…:cognito-idp:{region}:{account}:userpool/{id}`. */
  readonly arn: string;
  /** Name; several pools may share one. */
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly createdAtMs: number;
  /** Milliseconds since 1970. */
  readonly modifiedAtMs: number;
  /** Whether one-time codes of an authenticator are a second factor. */
  readonly hasSoftwareToken: boolean;
  /** Whether usernames that differ in case are two; absent when nobody chose, which means they are. */
  readonly isCaseSensitive?: boolean;
}

/** A password, so that it can be checked and not be read. */
export interface PasswordHash {
  /** Hexadecimal. */
  readonly salt: string;
  /** Hexadecimal, 32 bytes. */
  readonly hash: string;
}

/** A user of a pool. */
export interface User {
  /** Pool of the user. */
  readonly poolId: string;
  /** As the administrator spelt it. */
  readonly username: string;
  /** A UUID that never changes. */
  readonly sub: string;
  /** Values by name, without `sub`. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Whether the user may sign in. */
  readonly isEnabled: boolean;
  /** FORCE_CHANGE_PASSWORD: the password is an administrator's. */
  readonly status: 'FORCE_CHANGE_PASSWORD' | 'CONFIRMED';
  /** Absent: no password lets this user in. */
  readonly password?: PasswordHash;
  /** When an administrator's password ends, in milliseconds since 1970. */
  readonly passwordEndsMs?: number;
  /** Milliseconds since 1970. */
  readonly createdAtMs: number;
  /** Milliseconds since 1970. */
  readonly modifiedAtMs: number;
  /** Authenticator in use: its seed in Base32, and the time step of the last code that was taken. */
  readonly totp?: { readonly seed: string; readonly lastStep: number };
  /** Seed in Base32 of an authenticator that has not yet shown a code. */
  readonly pendingSeed?: string;
  /** Whether the user wants codes where they are optional. */
  readonly wantsTotp?: boolean;
  /** Access tokens from before are revoked; in milliseconds since 1970. */
  readonly revokedBeforeMs?: number;
}

/** A sign-in that waits for its next answer. */
export interface AuthSession {
  /** Pool of the user. */
  readonly poolId: string;
  /** App client that asked. */
  readonly clientId: string;
  /** Who signs in. */
  readonly username: string;
  /** What is asked for. */
  readonly challenge: Challenge;
  /** Whether an authenticator was set up within it. */
  readonly isVerified: boolean;
  /** How long the client has for its answer, in minutes. */
  readonly minutes: number;
  /** Milliseconds since 1970. */
  readonly endsMs: number;
}

/** What a sign-in may still need. */
export type Challenge = 'NEW_PASSWORD_REQUIRED' | 'MFA_SETUP' | 'SOFTWARE_TOKEN_MFA';

/** What a refresh token stands for. */
export interface RefreshGrant {
  /** Pool of the user. */
  readonly poolId: string;
  /** App client it was given to. */
  readonly clientId: string;
  /** Who signed in. */
  readonly username: string;
  /** The user's `sub`: a user made anew by the same name is another. */
  readonly sub: string;
  /** When the user signed in, in seconds since 1970. */
  readonly authTimeS: number;
  /** `jti` that all tokens of this sign-in share as `origin_jti`. */
  readonly originJti: string;
  /** Milliseconds since 1970. */
  readonly endsMs: number;
}

/** Tables of the store, and what lies in them under which key. Every value names its pool as `poolId`. */
export const COGNITO_TABLES = {
  /** pool id → UserPool */
  pool: 'cognito/pool',
  /** pool id → key pairs */
  keys: 'cognito/keys',
  /** client id → UserPoolClient */
  client: 'cognito/client',
  /** pool id, a slash, username → User */
  user: 'cognito/user',
  /** session → AuthSession */
  session: 'cognito/session',
  /** SHA-256 of a refresh token → RefreshGrant */
  refresh: 'cognito/refresh',
} as const;

/** The ARN of a pool of the caller's account and Region. */
export function poolArn({ settings, region, caller }: Call, poolId: string): string {
  return `arn:${settings.partition}:cognito-idp:${region}:${caller.accountId}:userpool/${poolId}`;
}

/** Looks up a pool in whichever account and Region. */
export function findPool(store: Store, poolId: string): UserPool | undefined {
  return store.get<UserPool>(COGNITO_TABLES.pool, poolId);
}

/** Whether a pool lies where a call is made. A Region of '' stands for the local front, which is in all of them. */
export function isInRegion({ region }: Call, poolId: string): boolean {
  return region === '' || poolId.startsWith(`${region}_`);
}

/** Who issues the tokens of a pool, which is also where its public keys lie. */
export function issuerOf({ region, id }: Pick<UserPool, 'region' | 'id'>): string {
  return `https://cognito-idp.${region}.amazonaws.com/${id}`;
}

/** Writes a pool back. */
export function savePool(call: Call, pool: UserPool): void {
  call.store.put(COGNITO_TABLES.pool, pool.id, { ...pool, modifiedAtMs: call.now() });
}

/** Removes the rows of a table that `isGone` picks. */
export function deleteRows<T>(store: Store, table: string, isGone: (value: T) => boolean): void {
  for (const { key, value } of store.list<T>(table)) if (isGone(value)) store.delete(table, key);
}
