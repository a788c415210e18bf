import { scryptSync, timingSafeEqual } from 'node:crypto';
import type { Call } from '../operation.js';
import { Refusal } from '../wire/refusal.js';
import type { PasswordHash, PasswordPolicy } from './model.js';

/** Most characters of a password. (API Reference, AdminSetUserPassword) */
const MOST = 256;
/** Low, since nobody steals the passwords of a local cloud, and people wait for sign-ins. */
const COST = { N: 1024 };

/**
 * Refuses a password that breaks the policy of its pool.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/managing-users-passwords.html
 * @throws {Refusal} InvalidPasswordException, which says what is missing and not what was sent.
 */
export function checkPassword(policy: PasswordPolicy, password: string): void {
  const faults: readonly (readonly [boolean, string])[] = [
    [password.length < policy.MinimumLength, 'Password not long enough'],
    [password.length > MOST, 'Password too long'],
    [policy.RequireUppercase && !/[A-Z]/.test(password), 'Password must have uppercase characters'],
    [policy.RequireLowercase && !/[a-z]/.test(password), 'Password must have lowercase characters'],
    [policy.RequireNumbers && !/\d/.test(password), 'Password must have numeric characters'],
    [policy.RequireSymbols && !hasSymbol(password), 'Password must have symbol characters'],
    [/^\s|\s$/.test(password), 'Password must not begin or end with a space'],
  ];
  const fault = faults.find(([isBroken]) => isBroken);
  if (fault !== undefined)
    throw new Refusal('InvalidPasswordException', 400, `Password did not conform with policy: ${fault[1]}`);
}

/** AWS: a space in the middle counts as a special character. (Developer Guide, "Adding user pool password requirements") */
function hasSymbol(password: string): boolean {
  return /[\^$*.[\]{}()?"!@#%&/\\,><':;|_~`=+\- ]/.test(password);
}

/** What is kept of a password. */
export function hashPassword(call: Call, password: string): PasswordHash {
  const salt = call.newUuid().replaceAll('-', '');
  return { salt, hash: derive(password, salt).toString('hex') };
}

/** Whether a password is the one that was hashed. */
export function isPassword(password: string, { salt, hash }: PasswordHash): boolean {
  return timingSafeEqual(derive(password, salt), Buffer.from(hash, 'hex'));
}

function derive(password: string, salt: string): Buffer {
  return scryptSync(password, Buffer.from(salt, 'hex'), 32, COST);
}
