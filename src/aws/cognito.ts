import type { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { type AwsAccess, clientConfig, failOnFullQuota } from './access.js';
import { createSend, type SendOptions } from './sender.js';

/** The SDK's commands. */
type Sdk = typeof import('./cognito-sdk.js');

/** How one call of Cognito is sent. */
export interface CognitoOptions extends SendOptions {
  /** Sent without another try when the reply is lost: it would make a second thing. @default false */
  readonly once?: boolean;
  /** What the call carries and no error may repeat: passwords, codes, sessions. @default none */
  readonly secrets?: readonly string[];
}

/** Sends a call of Cognito; `options.missing` and every failure are as `Send` has them. */
export type SendCognito = <T>(
  operation: string,
  call: (client: CognitoIdentityProviderClient, sdk: Sdk) => Promise<T>,
  options?: CognitoOptions,
) => Promise<T | undefined>;

/** Cognito in the Region of `access`. Its part of the SDK is loaded by the first call: most environments make none. */
export function openCognito(access: AwsAccess): SendCognito {
  const send = createSend({ service: 'Cognito', region: access.region, clock: access.clock });
  const load = async () => {
    const sdk = await import('./cognito-sdk.js');
    return {
      sdk,
      client: failOnFullQuota(new sdk.CognitoIdentityProviderClient(clientConfig(access))),
      clientOnce: new sdk.CognitoIdentityProviderClient(clientConfig(access, 1)),
    };
  };
  let loaded: ReturnType<typeof load> | undefined;
  return async (operation, call, { once = false, secrets = [], ...options } = {}) => {
    loaded ??= load();
    const { sdk, client, clientOnce } = await loaded;
    const attempt = () =>
      call(once ? clientOnce : client, sdk).catch((error: unknown) => {
        throw withoutSecrets(error, secrets);
      });
    return send(operation, attempt, options);
  };
}

/** AWS: what breaks a rule is repeated in the message: "Value '12345x' at 'userCode' failed to satisfy constraint". */
function withoutSecrets(error: unknown, secrets: readonly string[]): unknown {
  if (!(error instanceof Error)) return error;
  for (const secret of secrets.filter((text) => text !== '')) {
    error.message = error.message.replaceAll(secret, '***');
    if (error.stack !== undefined) error.stack = error.stack.replaceAll(secret, '***');
  }
  return error;
}
