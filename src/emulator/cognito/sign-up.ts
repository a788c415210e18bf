import type { JsonOperation } from '../wire/json-1-1.js';
import { notEmulated } from '../wire/refusal.js';
import { notAuthorized } from './input.js';
import { getClient } from './user-pool-client.js';
import { poolOf } from './users.js';

/** Refuses strangers where only administrators make users. @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SignUp.html */
export const SignUp: JsonOperation = {
  name: 'SignUp',
  mutating: false,
  fidelity: 'documented',
  source:
    'Amazon Cognito API Reference, SignUp and AdminCreateUserConfigType; pools that let strangers in are not emulated',
  run(input, call) {
    if (poolOf(call, getClient(input, call)).isAdminOnly)
      throw notAuthorized('SignUp is not permitted for this user pool');
    throw notEmulated('cognito-idp', 'SignUp where strangers may');
  },
};
