import { STSClient } from '@aws-sdk/client-sts';
import { SignatureV4 } from '@smithy/signature-v4';
import { type AwsAccess, clientConfig } from './access.js';
import { createSend, sent } from './sender.js';

/** A request to a finished API, without a body. */
export interface InvokeRequest {
  readonly method: string;
  /** Percent-encoded as it will be sent. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** In what a signature is to be other than AWS wants it: what proves that such a one gets nobody in. */
export interface Flaw {
  /** Signed that long ago, in milliseconds; AWS takes signatures of up to 15 minutes, mostly of 5. @default 0 */
  readonly ageMs?: number;
  /** Signed for another Region. @default the API's */
  readonly region?: string;
  /** Signed with keys that AWS does not know, or with another secret than the key's. @default the run's own */
  readonly keys?: 'unknown' | 'wrong-secret';
}

/**
 * Signs a request to a finished API with Signature Version 4 and gives all headers to send, Host included.
 *
 * @throws {AwsError} when no credentials are found.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export type SignInvoke = (request: InvokeRequest, flaw?: Flaw) => Promise<Readonly<Record<string, string>>>;

/** Keys of AWS's documentation, which belong to nobody. */
const UNKNOWN_KEYS = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};

/** Makes the signer for the APIs of one Region, with the credentials that every other call uses. */
export function createInvokeSigner(access: AwsAccess): SignInvoke {
  // Any client of the SDK knows where credentials come from and how to hash; nothing is sent with this one.
  const { credentials, sha256 } = new STSClient(clientConfig(access)).config;
  const send = createSend({ service: 'API Gateway', region: access.region, clock: access.clock });
  const own = async () => (typeof credentials === 'function' ? await credentials() : credentials);
  const keysOf = async ({ keys }: Flaw) => {
    if (keys === 'unknown') return UNKNOWN_KEYS;
    const known = await own();
    return keys === undefined ? known : { ...known, secretAccessKey: UNKNOWN_KEYS.secretAccessKey };
  };
  return async ({ method, url, headers }, flaw = {}) => {
    const { protocol, hostname, host, origin, searchParams } = new URL(url);
    const [path = '/'] = url.slice(origin.length).split('?');
    const query = Object.fromEntries([...searchParams.keys()].map((name) => [name, searchParams.getAll(name)]));
    const plain = { method, protocol, hostname, path, query, headers: { host, ...headers } };
    const region = flaw.region ?? access.region;
    // Signatures go by the time of the world, as far as it is known how far this machine is off.
    const signingDate = new Date(Date.now() + (access.clockOffsetMs ?? 0) - (flaw.ageMs ?? 0));
    const sign = async () => {
      const signer = new SignatureV4({ service: 'execute-api', region, credentials: await keysOf(flaw), sha256 });
      return signer.sign(plain, { signingDate });
    };
    return (await sent(send('Invoke', sign))).headers;
  };
}
