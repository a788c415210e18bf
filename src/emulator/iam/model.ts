import type { Store } from '../store.js';

/** A role as the account keeps it. */
export interface Role {
  /** Name, unique in the account. */
  readonly name: string;
  /** '/' or '/pixgate/'. */
  readonly path: string;
  /** AROA and 17 characters. */
  readonly id: string;
  /** ARN, path included. */
  readonly arn: string;
  /** ISO 8601 without milliseconds. */
  readonly createdAt: string;
  /** Who may take it on: JSON text as it was sent. */
  trustPolicy: string;
  /** Free text; absent when none was given. */
  description?: string;
  /** Longest session, in seconds: 3600 to 43200. */
  maxSessionSeconds: number;
  /** Tags by key. */
  tags: Record<string, string>;
  /** Inline policies as JSON text, by name. */
  policies: Record<string, string>;
  /** ARNs of managed policies. */
  attached: string[];
}

/** A virtual MFA device, as users register it with IAM. */
export interface MfaDevice {
  /** `arn:aws:iam::{account}:mfa/{name}`: what callers name beside a code. */
  readonly serialNumber: string;
  /** What its codes come from: Base32 in capitals, without padding. Never told to anybody. */
  readonly seed: string;
}

/** A user as the account keeps it. */
export interface User {
  /** Name, unique in the account. */
  readonly name: string;
  /** '/' unless it was put deeper. */
  readonly path: string;
  /** AIDA and 17 characters. */
  readonly id: string;
  /** ARN, path included. */
  readonly arn: string;
  /** ISO 8601 without milliseconds. */
  readonly createdAt: string;
  /** Inline policies as JSON text, by name. */
  readonly policies: Readonly<Record<string, string>>;
  /** ARNs of managed policies. */
  readonly attached: readonly string[];
  /** The user's one MFA device, and the time step of the last code it was used with; absent for none. */
  readonly mfa?: MfaDevice & { readonly lastStep: number };
}

/** A long-lived access key. */
export interface AccessKey {
  /** Secret that goes with the key's id. */
  readonly secretAccessKey: string;
  /** Account of the owner: twelve digits. */
  readonly accountId: string;
  /** Whose it is; absent for the account's root. */
  readonly userName?: string;
}

/** Tables of the store, and what lies in them under which key. */
export const IAM_TABLES = {
  /** accountId/name in lower case → Role: AWS does not tell role names apart by case. */
  role: 'iam/role',
  /** accountId/name → User */
  user: 'iam/user',
  /** access key id → AccessKey */
  accessKey: 'iam/access-key',
} as const;

/** Looks up a role by its exact name. */
export function findRole(store: Store, accountId: string, name: string): Role | undefined {
  const role = store.get<Role>(IAM_TABLES.role, roleKey(accountId, name));
  return role?.name === name ? role : undefined;
}

/** Where a role lies in its table. */
export function roleKey(accountId: string, name: string): string {
  return `${accountId}/${name.toLowerCase()}`;
}

/** Looks up a user by its exact name. */
export function findUser(store: Store, accountId: string, name: string): User | undefined {
  return store.get<User>(IAM_TABLES.user, `${accountId}/${name}`);
}

/** A moment as IAM and STS write it: ISO 8601 without milliseconds. */
export function toIamTime(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z');
}
