import type { Call } from '../operation.js';
import type { JsonInput, JsonOperation } from '../wire/json-1-1.js';
import { notEmulated } from '../wire/refusal.js';
import { findOneOf, invalidParameter } from './input.js';
import { askOrAdmit, checkIdentity } from './sign-in.js';
import { refreshTokens } from './tokens.js';
import { getClient, openClient, type UserPoolClient } from './user-pool-client.js';
import { poolOf } from './users.js';

/** Every flow there is. */
const FLOWS = [
  'USER_SRP_AUTH',
  'REFRESH_TOKEN_AUTH',
  'REFRESH_TOKEN',
  'CUSTOM_AUTH',
  'ADMIN_NO_SRP_AUTH',
  'USER_PASSWORD_AUTH',
  'ADMIN_USER_PASSWORD_AUTH',
  'USER_AUTH',
] as const;

/** What an app client allows when nobody chose. (API Reference, CreateUserPoolClient) */
const DEFAULT_FLOWS = ['ALLOW_REFRESH_TOKEN_AUTH', 'ALLOW_USER_SRP_AUTH', 'ALLOW_CUSTOM_AUTH'];

/** Begins a sign-in, or refreshes its tokens. @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_InitiateAuth.html */
export const InitiateAuth: JsonOperation = {
  name: 'InitiateAuth',
  mutating: true,
  fidelity: 'documented',
  source: 'Amazon Cognito API Reference, InitiateAuth; most sentences are guessed',
  run(input, call) {
    return begin(input, call, getClient(input, call), 'USER_PASSWORD_AUTH');
  },
};

/** Does so for an administrator's server. @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminInitiateAuth.html */
export const AdminInitiateAuth: JsonOperation = {
  name: 'AdminInitiateAuth',
  mutating: true,
  fidelity: 'documented',
  source: 'Amazon Cognito API Reference, AdminInitiateAuth; most sentences are guessed',
  run(input, call) {
    return begin(input, call, openClient(input, call, 'AdminInitiateAuth'), 'ADMIN_USER_PASSWORD_AUTH');
  },
};

/** @param passwordFlow the one flow with a password that the operation knows; each is the other's only by mistake */
function begin(
  input: JsonInput,
  call: Call,
  client: UserPoolClient,
  passwordFlow: 'USER_PASSWORD_AUTH' | 'ADMIN_USER_PASSWORD_AUTH',
): Record<string, unknown> {
  const flow = findOneOf(input, 'AuthFlow', FLOWS);
  const parameters = input.textMap('AuthParameters');
  const pool = poolOf(call, client);
  if (flow === 'REFRESH_TOKEN_AUTH' || flow === 'REFRESH_TOKEN') {
    demandFlow(client, 'REFRESH_TOKEN_AUTH');
    const token = getParameter(parameters, 'REFRESH_TOKEN');
    return { ChallengeParameters: {}, AuthenticationResult: refreshTokens(call, { pool, client, token }) };
  }
  if (flow === passwordFlow) {
    demandFlow(client, passwordFlow);
    const [username, password] = [getParameter(parameters, 'USERNAME'), getParameter(parameters, 'PASSWORD')];
    const user = checkIdentity(call, { pool, client }, { username, password });
    return askOrAdmit(call, { pool, client, user });
  }
  const isWrongDoor = flow === undefined || flow === 'USER_PASSWORD_AUTH' || flow === 'ADMIN_USER_PASSWORD_AUTH';
  if (isWrongDoor) throw invalidParameter('Initiate Auth method not supported.');
  throw notEmulated('cognito-idp', `sign-in by ${flow}`);
}

function demandFlow({ flows = DEFAULT_FLOWS }: UserPoolClient, flow: string): void {
  if (!flows.includes(`ALLOW_${flow}`)) throw invalidParameter(`${flow} flow not enabled for this client`);
}

/** One of the texts that a sign-in needs. @throws {Refusal} InvalidParameterException when it is absent. */
export function getParameter(parameters: Readonly<Record<string, string>>, name: string): string {
  const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
  if (value === undefined) throw invalidParameter(`Missing required parameter ${name}`);
  return value;
}
