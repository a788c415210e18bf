import type { Call } from '../operation.js';
import { matchingSteps } from '../totp.js';
import type { JsonInput, JsonOperation } from '../wire/json-1-1.js';
import { notEmulated, Refusal } from '../wire/refusal.js';
import { withPassword } from './admin-user.js';
import { invalidSession, takeSession } from './auth-session.js';
import { getParameter } from './initiate-auth.js';
import { getSecret, invalidParameter, notAuthorized } from './input.js';
import type { AuthSession, Challenge, User } from './model.js';
import { admit, askOrAdmit, type SignIn } from './sign-in.js';
import { getClient, openClient, type UserPoolClient } from './user-pool-client.js';
import { checkAttributes, findUser, poolOf, saveUser } from './users.js';

/** Answers a challenge. @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RespondToAuthChallenge.html */
export const RespondToAuthChallenge: JsonOperation = {
  name: 'RespondToAuthChallenge',
  mutating: true,
  fidelity: 'documented',
  source:
    'Amazon Cognito API Reference, RespondToAuthChallenge; that a session outlives a wrong answer, and most sentences, are guessed',
  run(input, call) {
    return respond(input, call, getClient(input, call));
  },
};

/** Does so for an administrator's server. @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminRespondToAuthChallenge.html */
export const AdminRespondToAuthChallenge: JsonOperation = {
  name: 'AdminRespondToAuthChallenge',
  mutating: true,
  fidelity: 'documented',
  source: 'Amazon Cognito API Reference, AdminRespondToAuthChallenge; as RespondToAuthChallenge',
  run(input, call) {
    return respond(input, call, openClient(input, call, 'AdminRespondToAuthChallenge'));
  },
};

type Responses = Readonly<Record<string, string>>;

/** One answer to a challenge: what the client said, within which session. */
interface Answer extends SignIn {
  readonly session: AuthSession;
  readonly responses: Responses;
}

const ANSWERS: Readonly<Record<Challenge, (call: Call, answer: Answer) => Record<string, unknown>>> = {
  NEW_PASSWORD_REQUIRED(call, { pool, client, user, responses }) {
    const password = getParameter(responses, 'NEW_PASSWORD');
    const changed = withPassword(call, pool, withAttributes(user, responses), password, true);
    saveUser(call, pool, changed);
    return askOrAdmit(call, { pool, client, user: changed });
  },
  MFA_SETUP(call, { session, ...signIn }) {
    if (!session.isVerified) throw invalidParameter('User has not verified software token mfa');
    return admit(call, signIn);
  },
  SOFTWARE_TOKEN_MFA(call, { responses, ...signIn }) {
    const user = withUsedCode(signIn.user, getParameter(responses, 'SOFTWARE_TOKEN_MFA_CODE'), [
      call.now(),
      call.wall(),
    ]);
    saveUser(call, signIn.pool, user);
    return admit(call, { ...signIn, user });
  },
};

function respond(input: JsonInput, call: Call, client: UserPoolClient): Record<string, unknown> {
  const name = input.getText('ChallengeName');
  if (!Object.hasOwn(ANSWERS, name)) throw notEmulated('cognito-idp', `answers to the challenge ${name}`);
  const responses = input.textMap('ChallengeResponses');
  const username = getParameter(responses, 'USERNAME');
  const session = takeSession(call, getSecret(input, 'Session'));
  const pool = poolOf(call, client);
  const user = findUser(call, pool, username);
  if (session.clientId !== client.id || session.challenge !== name || user?.username !== session.username)
    throw invalidSession();
  if (!user.isEnabled) throw notAuthorized('User is disabled.');
  return ANSWERS[session.challenge](call, { pool, client, user, session, responses });
}

/** AWS: a new password may come along with attributes, as `userAttributes.name`. (API Reference, RespondToAuthChallenge) */
function withAttributes(user: User, responses: Responses): User {
  const prefix = 'userAttributes.';
  const given = Object.entries(responses).flatMap(([name, value]) =>
    name.startsWith(prefix) ? [[name.slice(prefix.length), value] as const] : [],
  );
  checkAttributes(given.map(([name]) => name));
  return { ...user, attributes: { ...user.attributes, ...Object.fromEntries(given) } };
}

/** The user after a code, which then is used up together with all that come before it. @throws {Refusal} CodeMismatchException, ExpiredCodeException. */
function withUsedCode(user: User, code: string, momentsMs: readonly number[]): User {
  const { totp } = user;
  const steps = totp === undefined ? [] : matchingSteps(totp.seed, code, ...momentsMs);
  if (totp === undefined || steps.length === 0)
    throw new Refusal('CodeMismatchException', 400, 'Invalid code received for user');
  const lastStep = steps.find((step) => step > totp.lastStep);
  if (lastStep === undefined)
    throw new Refusal('ExpiredCodeException', 400, 'Your software token has already been used once.');
  return { ...user, totp: { ...totp, lastStep } };
}
