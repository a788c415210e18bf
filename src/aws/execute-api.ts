import { STSClient } from '@aws-sdk/client-sts';
import { SignatureV4 } from '@smithy/signature-v4';
import { type AwsAccess, clientConfig } from './access.js';
import { createSend, sent } from './sender.js';

/** A request to a finished API, without a body. */
export interface InvokeRequest {
  readonly method: string;
  /** Percent-encoded as it will be sent, without a query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Signs a request to a finished API with Signature Version 4 and gives all headers to send, Host included.
 *
 * @throws {AwsError} when no credentials are found.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export type SignInvoke = (request: InvokeRequest) => Promise<Readonly<Record<string, string>>>;

/** Makes the signer for the APIs of one Region, with the credentials that every other call uses. */
export function createInvokeSigner(access: AwsAccess): SignInvoke {
  // Any client of the SDK knows where credentials come from and how to hash; nothing is sent with this one.
  const { credentials, sha256 } = new STSClient(clientConfig(access)).config;
  const signer = new SignatureV4({ service: 'execute-api', region: access.region, credentials, sha256 });
  const send = createSend({ service: 'API Gateway', region: access.region, clock: access.clock });
  return async ({ method, url, headers }) => {
    const { protocol, hostname, host, origin } = new URL(url);
    const path = url.slice(origin.length) || '/';
    const plain = { method, protocol, hostname, path, query: {}, headers: { host, ...headers } };
    return (await sent(send('Invoke', () => signer.sign(plain)))).headers;
  };
}
