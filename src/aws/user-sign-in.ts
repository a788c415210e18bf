import type { AuthenticationResultType } from '@aws-sdk/client-cognito-identity-provider';
import type { SendCognito } from './cognito.js';
import { sent } from './sender.js';

/** What a user pool answers to somebody who signs in: tokens, or what it wants to be told before. */
export type SignInAnswer =
  | {
      readonly kind: 'tokens';
      readonly idToken: string;
      readonly accessToken: string;
      /** From now on. */
      readonly expiresInSeconds: number;
    }
  | {
      readonly kind: 'challenge';
      /** AWS's name of it: 'SOFTWARE_TOKEN_MFA'. */
      readonly name: string;
      /** Goes along with the answer; good for one, and for some minutes. */
      readonly session: string;
    };

/** Signing in to a user pool: calls that nobody signs. What they are told is in no error. */
export interface UserSignIn {
  /** Begins with a password. */
  initiate(clientId: string, user: { readonly username: string; readonly password: string }): Promise<SignInAnswer>;
  /** Answers a challenge; `responses` are by AWS's names, without the user's: 'NEW_PASSWORD', 'SOFTWARE_TOKEN_MFA_CODE'. */
  respond(
    clientId: string,
    challenge: { readonly name: string; readonly session: string; readonly username: string },
    responses: Readonly<Record<string, string>>,
  ): Promise<SignInAnswer>;
  /** Gives whoever is signing in the seed of an authenticator, in Base32. */
  associate(session: string): Promise<{ readonly seed: string; readonly session: string }>;
  /** Tells the first code of that authenticator. */
  verify(session: string, code: string): Promise<{ readonly session: string }>;
}

/** Signing in by way of `send`. */
export function createUserSignIn(send: SendCognito): UserSignIn {
  return {
    async initiate(clientId, { username, password }) {
      const input = {
        ClientId: clientId,
        AuthFlow: 'USER_PASSWORD_AUTH' as const,
        AuthParameters: { USERNAME: username, PASSWORD: password },
      };
      const call = send('InitiateAuth', (client, sdk) => client.send(new sdk.InitiateAuthCommand(input)), {
        secrets: [password],
      });
      return toAnswer(await sent(call));
    },
    async respond(clientId, { name, session, username }, responses) {
      const input = {
        ClientId: clientId,
        ChallengeName: name as 'SOFTWARE_TOKEN_MFA',
        Session: session,
        ChallengeResponses: { ...responses, USERNAME: username },
      };
      const call = send(
        'RespondToAuthChallenge',
        (client, sdk) => client.send(new sdk.RespondToAuthChallengeCommand(input)),
        { secrets: [session, ...Object.values(responses)] },
      );
      return toAnswer(await sent(call));
    },
    async associate(session) {
      const call = send(
        'AssociateSoftwareToken',
        (client, sdk) => client.send(new sdk.AssociateSoftwareTokenCommand({ Session: session })),
        { secrets: [session] },
      );
      const { SecretCode = '', Session = '' } = await sent(call);
      return { seed: SecretCode, session: Session };
    },
    async verify(session, code) {
      const call = send(
        'VerifySoftwareToken',
        (client, sdk) => client.send(new sdk.VerifySoftwareTokenCommand({ Session: session, UserCode: code })),
        { secrets: [session, code] },
      );
      const { Session = '' } = await sent(call);
      return { session: Session };
    },
  };
}

function toAnswer(answer: {
  readonly AuthenticationResult?: AuthenticationResultType | undefined;
  readonly ChallengeName?: string | undefined;
  readonly Session?: string | undefined;
}): SignInAnswer {
  const { AuthenticationResult: result, ChallengeName: name = '', Session: session = '' } = answer;
  if (result === undefined) return { kind: 'challenge', name, session };
  const { IdToken = '', AccessToken = '', ExpiresIn = 0 } = result;
  return { kind: 'tokens', idToken: IdToken, accessToken: AccessToken, expiresInSeconds: ExpiresIn };
}
