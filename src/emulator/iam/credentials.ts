import type { Caller } from '../operation.js';
import type { Store } from '../store.js';
import { isSeed } from '../totp.js';
import { type AccessKey, findUser, IAM_TABLES, type MfaDevice, toIamTime, type User } from './model.js';

/** Name of the user that owns the local cloud. */
export const LOCAL_ADMIN_NAME = 'local-admin';
/** Access key id of the local cloud's administrator: of AWS's shape, and of no account. */
export const LOCAL_ADMIN_ACCESS_KEY_ID = 'AKIALOCALCLOUD000000';
/** Secret of the local cloud's administrator: known to everybody, and good for nothing else. */
export const LOCAL_ADMIN_SECRET_ACCESS_KEY = 'local-cloud/not-a-secret/000000000000000';

/** A user to put into the account from outside, with one access key. */
export interface NewUser {
  /** Twelve digits. */
  readonly accountId: string;
  /** Name of the user, unique in the account. */
  readonly name: string;
  /** AKIA and 16 characters. */
  readonly accessKeyId: string;
  /** Secret that goes with the access key id. */
  readonly secretAccessKey: string;
  /** Inline policies as JSON text, by name. @default none */
  readonly policies?: Readonly<Record<string, string>>;
  /** ARNs of managed policies. @default none */
  readonly attached?: readonly string[];
  /** The user's virtual MFA device, whose codes STS then takes. @default none */
  readonly mfa?: MfaDevice;
}

/**
 * Puts a user and its access key into the account, replacing one of the same name.
 *
 * Codes that an MFA device has been used with stay used, as long as its seed is the same.
 *
 * @throws {RangeError} when the seed of the MFA device is no Base32 in capitals without padding.
 */
export function putUser(store: Store, user: NewUser, nowMs: number, partition = 'aws'): void {
  const { accountId, name, accessKeyId, secretAccessKey, policies = {}, attached = [], mfa } = user;
  if (mfa !== undefined && !isSeed(mfa.seed)) throw new RangeError('The seed of an MFA device must be Base32.');
  const before = findUser(store, accountId, name)?.mfa;
  const lastStep = before !== undefined && before.seed === mfa?.seed ? before.lastStep : -1;
  const value: User = {
    name,
    path: '/',
    id: accessKeyId.replace(/^AKIA/, 'AIDA0').slice(0, 21),
    arn: `arn:${partition}:iam::${accountId}:user/${name}`,
    createdAt: toIamTime(nowMs),
    policies,
    attached,
    ...(mfa === undefined ? {} : { mfa: { ...mfa, lastStep } }),
  };
  store.put(IAM_TABLES.user, `${accountId}/${name}`, value);
  const key: AccessKey = { secretAccessKey, accountId, userName: name };
  store.put(IAM_TABLES.accessKey, accessKeyId, key);
}

/** Puts an access key of an account's root user into the store. */
export function putRootKey(
  store: Store,
  key: { readonly accountId: string; readonly accessKeyId: string; readonly secretAccessKey: string },
): void {
  const { accountId, accessKeyId, secretAccessKey } = key;
  store.put(IAM_TABLES.accessKey, accessKeyId, { secretAccessKey, accountId } satisfies AccessKey);
}

/** What a signature is checked against, and who it then is. */
export interface Credential {
  /** Secret that goes with the access key id. */
  readonly secretAccessKey: string;
  /** The token that has to come with it; absent for long-lived keys. */
  readonly sessionToken?: string;
  /** Until when it holds, in milliseconds since 1970 on the emulator's clock; absent for long-lived keys. */
  readonly expiresAtMs?: number;
  /** Who it is that signs with it. */
  readonly caller: Caller;
}

/** Looks up a long-lived access key. */
export function findAccessKey(store: Store, accessKeyId: string, partition: string): Credential | undefined {
  const key = store.get<AccessKey>(IAM_TABLES.accessKey, accessKeyId);
  if (key === undefined) return undefined;
  const { secretAccessKey, accountId, userName } = key;
  if (userName === undefined) {
    const arn = `arn:${partition}:iam::${accountId}:root`;
    return { secretAccessKey, caller: { kind: 'root', accountId, arn, userId: accountId, accessKeyId } };
  }
  const user = findUser(store, accountId, userName);
  if (user === undefined) return undefined;
  const { arn, name, id: userId } = user;
  return { secretAccessKey, caller: { kind: 'user', accountId, arn, name, userId, accessKeyId } };
}
