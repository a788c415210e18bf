import type { JsonOperation } from '../wire/json-1-1.js';
import { getTokenUser } from './access-token.js';
import { toAttributes, toMfaSettings } from './users.js';

/** Tells a user, by access token, who that is. @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetUser.html */
export const GetUser: JsonOperation = {
  name: 'GetUser',
  mutating: false,
  fidelity: 'documented',
  source: 'Amazon Cognito API Reference, GetUser; its sentences are guessed',
  run(input, call) {
    const { user } = getTokenUser(input, call);
    return { Username: user.username, UserAttributes: toAttributes(user), ...toMfaSettings(user) };
  },
};
