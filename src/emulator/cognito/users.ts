import type { Call } from '../operation.js';
import { Refusal } from '../wire/refusal.js';
import { invalidParameter } from './input.js';
import { COGNITO_TABLES, deleteRows, findPool, type RefreshGrant, type User, type UserPool } from './model.js';

/** What a user may be called. */
export const USERNAME_RULE = { min: 1, max: 128, pattern: '[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+' };

/** Attributes of OpenID Connect that every pool has; `sub` is not for anybody to set. (Developer Guide, "Working with user attributes") */
const STANDARD_ATTRIBUTES = [
  'address birthdate email email_verified family_name gender given_name locale middle_name name nickname',
  'phone_number phone_number_verified picture preferred_username profile updated_at website zoneinfo',
].flatMap((names) => names.split(' '));

/** Looks up a user by name. */
export function findUser(call: Call, pool: UserPool, username: string): User | undefined {
  return call.store.get<User>(COGNITO_TABLES.user, userKey(pool, username));
}

/** Finds a user by name. @throws {Refusal} UserNotFoundException. */
export function getUser(call: Call, pool: UserPool, username: string): User {
  const user = findUser(call, pool, username);
  if (user === undefined) throw userNotFound();
  return user;
}

/** Writes a user back. */
export function saveUser(call: Call, pool: UserPool, user: User): void {
  call.store.put(COGNITO_TABLES.user, userKey(pool, user.username), { ...user, modifiedAtMs: call.now() });
}

/** Removes a user and all sign-ins. */
export function deleteUser(call: Call, pool: UserPool, user: User): void {
  call.store.delete(COGNITO_TABLES.user, userKey(pool, user.username));
  forgetSignIns(call, user);
}

/** Ends what a user has begun or may refresh. */
export function forgetSignIns({ store }: Call, { poolId, username }: User): void {
  for (const table of [COGNITO_TABLES.session, COGNITO_TABLES.refresh])
    deleteRows<Pick<RefreshGrant, 'poolId' | 'username'>>(
      store,
      table,
      (row) => row.poolId === poolId && row.username === username,
    );
}

/** What is said of a user that is not there. */
export function userNotFound(): Refusal {
  return new Refusal('UserNotFoundException', 400, 'User does not exist.');
}

/** The pool of something that names it by id and cannot outlive it. */
export function poolOf(call: Call, { poolId }: { readonly poolId: string }): UserPool {
  const pool = findPool(call.store, poolId);
  if (pool === undefined) throw new Error(`The pool ${poolId} is gone, and something of it is not.`);
  return pool;
}

/** Refuses attributes that a pool without a schema of its own does not have. @throws {Refusal} InvalidParameterException. */
export function checkAttributes(names: readonly string[]): void {
  const unknown = names.find((name) => !STANDARD_ATTRIBUTES.includes(name));
  if (unknown !== undefined)
    throw invalidParameter(
      `Attributes did not conform to the schema: Type for attribute {${unknown}} could not be determined`,
    );
}

/** Attributes as AWS lists them, `sub` first. */
export function toAttributes({ sub, attributes }: User): { Name: string; Value: string }[] {
  return [
    { Name: 'sub', Value: sub },
    ...Object.entries(attributes).map(([name, value]) => ({ Name: name, Value: value })),
  ];
}

/** Which second factors a user has, as AdminGetUser and GetUser tell it. */
export function toMfaSettings({ totp, wantsTotp }: User): Record<string, unknown> {
  if (totp === undefined) return {};
  return {
    UserMFASettingList: ['SOFTWARE_TOKEN_MFA'],
    ...(wantsTotp === true ? { PreferredMfaSetting: 'SOFTWARE_TOKEN_MFA' } : {}),
  };
}

function userKey({ id, isCaseSensitive = true }: UserPool, username: string): string {
  return `${id}/${isCaseSensitive ? username : username.toLowerCase()}`;
}
