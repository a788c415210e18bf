import type { Call, Handled, Service, WireRequest } from '../operation.js';
import { regionOfHost } from '../router.js';
import { createJsonService, toJsonError } from '../wire/json-1-1.js';
import { Refusal } from '../wire/refusal.js';
import {
  AdminCreateUser,
  AdminDeleteUser,
  AdminDisableUser,
  AdminEnableUser,
  AdminGetUser,
  AdminSetUserPassword,
} from './admin-user.js';
import { GetUser } from './get-user.js';
import { AdminInitiateAuth, InitiateAuth } from './initiate-auth.js';
import { ListUsers } from './list-users.js';
import { AdminSetUserMFAPreference, SetUserMFAPreference } from './mfa-preference.js';
import { AdminRespondToAuthChallenge, RespondToAuthChallenge } from './respond-to-auth-challenge.js';
import { SignUp } from './sign-up.js';
import { AssociateSoftwareToken, VerifySoftwareToken } from './software-token.js';
import { ListTagsForResource, TagResource, UntagResource } from './tags.js';
import { CreateUserPool, DeleteUserPool, DescribeUserPool, ListUserPools, UpdateUserPool } from './user-pool.js';
import {
  CreateUserPoolClient,
  DeleteUserPoolClient,
  DescribeUserPoolClient,
  ListUserPoolClients,
  UpdateUserPoolClient,
} from './user-pool-client.js';
import { GetUserPoolMfaConfig, SetUserPoolMfaConfig } from './user-pool-mfa-config.js';
import { answerWellKnown } from './well-known.js';

export {
  type UserPoolTokenAsk,
  type UserPoolTokenRefusal,
  type UserPoolTokenVerdict,
  verifyUserPoolToken,
} from './verify-user-pool-token.js';

/** What users call for themselves: with a password, a session or a token, and without any signature. */
const FOR_USERS = [
  AssociateSoftwareToken,
  GetUser,
  InitiateAuth,
  RespondToAuthChallenge,
  SetUserMFAPreference,
  SignUp,
  VerifySoftwareToken,
];

const FOR_ADMINISTRATORS = [
  AdminCreateUser,
  AdminDeleteUser,
  AdminDisableUser,
  AdminEnableUser,
  AdminGetUser,
  AdminInitiateAuth,
  AdminRespondToAuthChallenge,
  AdminSetUserMFAPreference,
  AdminSetUserPassword,
  CreateUserPool,
  CreateUserPoolClient,
  DeleteUserPool,
  DeleteUserPoolClient,
  DescribeUserPool,
  DescribeUserPoolClient,
  GetUserPoolMfaConfig,
  ListTagsForResource,
  ListUserPoolClients,
  ListUserPools,
  ListUsers,
  SetUserPoolMfaConfig,
  TagResource,
  UntagResource,
  UpdateUserPool,
  UpdateUserPoolClient,
];

const TARGET_PREFIX = 'AWSCognitoIdentityProviderService.';

const api = createJsonService({ signingName: 'cognito-idp', targetPrefix: TARGET_PREFIX }, [
  ...FOR_ADMINISTRATORS,
  ...FOR_USERS,
]);

/** Amazon Cognito: user pools, their app clients and users, sign-ins, and the public keys of their tokens. */
export const cognitoService: Service = {
  ...api,
  handle(request: WireRequest, call: Call): Handled {
    if (request.method === 'GET') return { operation: undefined, response: answerWellKnown(request, call) };
    const name = request.headers['x-amz-target']?.slice(TARGET_PREFIX.length);
    if (call.caller.kind !== 'anonymous') return api.handle(request, call);
    if (!FOR_ADMINISTRATORS.some((operation) => operation.name === name))
      // Where neither a signature nor the host names a Region, the client's id, session or token says enough.
      return api.handle(request, regionOfHost(request.host) === undefined ? { ...call, region: '' } : call);
    const refusal = new Refusal('MissingAuthenticationTokenException', 400, 'Missing Authentication Token');
    return { operation: name, response: toJsonError(refusal, call.requestId) };
  },
};
