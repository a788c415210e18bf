import type { Call } from '../operation.js';
import type { JsonInput, JsonOperation } from '../wire/json-1-1.js';
import { notEmulated, Refusal } from '../wire/refusal.js';
import { findOneOf, getSecret, openPool } from './input.js';
import type { User, UserPool } from './model.js';
import { checkPassword, hashPassword } from './password.js';
import {
  checkAttributes,
  deleteUser,
  findUser,
  forgetSignIns,
  getUser,
  saveUser,
  toAttributes,
  toMfaSettings,
  USERNAME_RULE,
} from './users.js';

const DAY_MS = 86_400_000;

/**
 * Makes a user, who must change the temporary password at the first sign-in. No message is ever sent.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminCreateUser.html
 */
export const AdminCreateUser: JsonOperation = {
  name: 'AdminCreateUser',
  mutating: true,
  fidelity: 'documented',
  source: 'Amazon Cognito API Reference, AdminCreateUser; its sentences are guessed',
  run(input, call) {
    const pool = openPool(input, call, 'AdminCreateUser');
    const username = input.getText('Username', USERNAME_RULE);
    if (findOneOf(input, 'MessageAction', ['RESEND', 'SUPPRESS']) === 'RESEND')
      throw notEmulated('cognito-idp', 'AdminCreateUser with RESEND');
    if (input.isTrue('ForceAliasCreation')) throw notEmulated('cognito-idp', 'AdminCreateUser with ForceAliasCreation');
    if (findUser(call, pool, username) !== undefined)
      throw new Refusal('UsernameExistsException', 400, 'User account already exists');
    const attributes = Object.fromEntries(
      input.structures('UserAttributes').map((each) => [each.getText('Name'), each.findText('Value') ?? '']),
    );
    checkAttributes(Object.keys(attributes));
    const user: User = {
      poolId: pool.id,
      username,
      sub: call.newUuid(),
      attributes,
      isEnabled: true,
      status: 'FORCE_CHANGE_PASSWORD',
      ...(input.has('TemporaryPassword')
        ? toPassword(call, pool, getSecret(input, 'TemporaryPassword'), { isPermanent: false })
        : {}),
      createdAtMs: call.now(),
      modifiedAtMs: call.now(),
    };
    saveUser(call, pool, user);
    return { User: { ...toUserFields(user), Attributes: toAttributes(user) } };
  },
};

/** Removes a user. @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminDeleteUser.html */
export const AdminDeleteUser: JsonOperation = {
  name: 'AdminDeleteUser',
  mutating: true,
  fidelity: 'documented',
  source: 'Amazon Cognito API Reference, AdminDeleteUser',
  run(input, call) {
    const { pool, user } = openUser(input, call, 'AdminDeleteUser');
    deleteUser(call, pool, user);
    return undefined;
  },
};

/** Reads a user. @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminGetUser.html */
export const AdminGetUser: JsonOperation = {
  name: 'AdminGetUser',
  mutating: false,
  fidelity: 'documented',
  source: 'Amazon Cognito API Reference, AdminGetUser',
  run(input, call) {
    const { user } = openUser(input, call, 'AdminGetUser');
    return { ...toUserFields(user), UserAttributes: toAttributes(user), ...toMfaSettings(user) };
  },
};

/** Sets a password, for good or until the next sign-in. @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminSetUserPassword.html */
export const AdminSetUserPassword: JsonOperation = {
  name: 'AdminSetUserPassword',
  mutating: true,
  fidelity: 'documented',
  source: 'Amazon Cognito API Reference, AdminSetUserPassword; sentences of the policy are guessed',
  run(input, call) {
    const { pool, user } = openUser(input, call, 'AdminSetUserPassword');
    saveUser(call, pool, withPassword(call, pool, user, getSecret(input, 'Password'), input.isTrue('Permanent')));
    return {};
  },
};

/** Lets a user sign in again. @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminEnableUser.html */
export const AdminEnableUser: JsonOperation = {
  name: 'AdminEnableUser',
  mutating: true,
  fidelity: 'documented',
  source: 'Amazon Cognito API Reference, AdminEnableUser',
  run(input, call) {
    const { pool, user } = openUser(input, call, 'AdminEnableUser');
    saveUser(call, pool, { ...user, isEnabled: true });
    return {};
  },
};

/** Keeps a user out, and revokes all access tokens. @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminDisableUser.html */
export const AdminDisableUser: JsonOperation = {
  name: 'AdminDisableUser',
  mutating: true,
  fidelity: 'documented',
  source: 'Amazon Cognito API Reference, AdminDisableUser',
  run(input, call) {
    const { pool, user } = openUser(input, call, 'AdminDisableUser');
    saveUser(call, pool, { ...user, isEnabled: false, revokedBeforeMs: call.now() });
    forgetSignIns(call, user);
    return {};
  },
};

/** The user that a call of an administrator names. @throws {Refusal} AccessDeniedException, ResourceNotFoundException, UserNotFoundException. */
export function openUser(input: JsonInput, call: Call, action: string): { pool: UserPool; user: User } {
  const pool = openPool(input, call, action);
  return { pool, user: getUser(call, pool, input.getText('Username', USERNAME_RULE)) };
}

/** A user with another password. @throws {Refusal} InvalidPasswordException. */
export function withPassword(call: Call, pool: UserPool, user: User, password: string, isPermanent: boolean): User {
  const { passwordEndsMs: _, ...rest } = user;
  const status = isPermanent ? 'CONFIRMED' : 'FORCE_CHANGE_PASSWORD';
  return { ...rest, status, ...toPassword(call, pool, password, { isPermanent }) };
}

function toPassword(call: Call, { passwordPolicy }: UserPool, text: string, { isPermanent }: { isPermanent: boolean }) {
  checkPassword(passwordPolicy, text);
  const password = hashPassword(call, text);
  const passwordEndsMs = call.now() + passwordPolicy.TemporaryPasswordValidityDays * DAY_MS;
  return isPermanent ? { password } : { password, passwordEndsMs };
}

/** A user as lists show it, without attributes. */
export function toUserFields(user: User): Record<string, unknown> {
  return {
    Username: user.username,
    UserCreateDate: user.createdAtMs / 1000,
    UserLastModifiedDate: user.modifiedAtMs / 1000,
    Enabled: user.isEnabled,
    UserStatus: user.status,
  };
}
