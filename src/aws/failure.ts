import { AwsError, PixgateError } from '../errors.js';
import { adviseOnDenial } from './advise-on-denial.js';

/** What an error of the SDK says, whatever its shape. */
export interface SdkFailure {
  /** AWS's code, or Node's for a network fault; 'Unknown' when there is none. */
  readonly code: string;
  readonly message: string;
  readonly status: number | undefined;
  readonly requestId: string | undefined;
  readonly attempts: number | undefined;
  /** Region that S3 says the bucket is in. */
  readonly bucketRegion: string | undefined;
}

interface SdkErrorShape {
  readonly name?: string;
  readonly code?: string;
  readonly message?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string; readonly attempts?: number };
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
}

/** Reads an error that the SDK threw. */
export function readFailure(error: unknown): SdkFailure {
  const shape = (typeof error === 'object' && error !== null ? error : {}) as SdkErrorShape;
  return {
    code: codeOf(shape),
    message: shape.message ?? String(error),
    status: shape.$metadata?.httpStatusCode,
    requestId: shape.$metadata?.requestId,
    attempts: shape.$metadata?.attempts,
    bucketRegion: shape.$response?.headers?.['x-amz-bucket-region'],
  };
}

function codeOf({ name, code }: SdkErrorShape): string {
  // AWS SDK: a connection that breaks is called a TimeoutError too, and only Node's code tells the two apart.
  if (name === 'TimeoutError' && (code === 'ECONNRESET' || code === 'EPIPE')) return code;
  // Node names an error so when every address of a host refused.
  const isPlain = name === undefined || name === 'Error' || name === 'AggregateError';
  return isPlain ? (code ?? 'Unknown') : name;
}

interface Sentence {
  readonly code: string;
  readonly reason: (failure: SdkFailure, region: string) => string;
  readonly suggestions: (region: string) => readonly string[];
}

/** A code of ours: the SDK calls every lack of credentials the same, and only its words tell this one. */
const SSO_OVER = 'SsoSessionOver';

/** The faults that users meet most, in words that say what to do. By AWS's code or Node's. */
const SENTENCES: Readonly<Record<string, Sentence>> = {
  CredentialsProviderError: {
    code: 'NO_CREDENTIALS',
    reason: () => 'no AWS credentials are found in the environment, the profile or an SSO session',
    suggestions: () => [
      'aws configure, aws sso login, or set AWS_PROFILE',
      'try it without an account: add --target local',
    ],
  },
  [SSO_OVER]: {
    code: 'SSO_SESSION_OVER',
    reason: () => 'the SSO session is over',
    suggestions: () => ['aws sso login, then the same command again; it goes on where it stopped'],
  },
  ExpiredToken: {
    code: 'CREDENTIALS_EXPIRED',
    reason: () => 'the AWS credentials have expired',
    suggestions: () => ['renew them and run the same command again; it goes on where it stopped'],
  },
  ENOTFOUND: {
    code: 'REGION_UNREACHABLE',
    reason: ({ message }, region) => `no such host for region "${region}" (${message})`,
    suggestions: (region) => [`check that "${region}" is a Region of AWS, and the network`],
  },
  ECONNREFUSED: {
    code: 'ENDPOINT_REFUSED',
    reason: ({ message }) => `nothing listens at the endpoint (${message})`,
    suggestions: () => ['start it (pixgate local), or leave --endpoint-url out'],
  },
  ECONNRESET: {
    code: 'CONNECTION_LOST',
    reason: () => 'the connection broke before AWS had answered',
    suggestions: () => ['check the network and run the same command again; it goes on where it stopped'],
  },
  TimeoutError: {
    code: 'NO_ANSWER',
    reason: () => 'AWS did not answer in 30 s, several times',
    suggestions: () => ['check the network and run the same command again'],
  },
  SyntaxError: {
    code: 'NOT_AWS',
    reason: () => 'the answer did not come from AWS (HTML or half a document), so a proxy may stand in between',
    suggestions: () => ['check the network and the proxy settings'],
  },
};

/** AWS's other names for the same fault. */
const SAME_AS: Readonly<Record<string, string>> = {
  ExpiredTokenException: 'ExpiredToken',
  RequestExpired: 'ExpiredToken',
  TokenProviderError: 'CredentialsProviderError',
  EAI_AGAIN: 'ENOTFOUND',
  EPIPE: 'ECONNRESET',
};

const DENIED = new Set(['AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation', 'Forbidden']);

/** Whether a policy forbids the call. An answer to HEAD has no code, only the status. */
export function isDenied({ code, status }: Pick<SdkFailure, 'code' | 'status'>): boolean {
  return DENIED.has(code) || (status === 403 && /^(403|Unknown.*)$/.test(code));
}

/** Makes the complaint of a failed call. A complaint of ours passes as it is. */
export function toComplaint(error: unknown, service: string, operation: string, region: string): PixgateError {
  if (error instanceof PixgateError) return error;
  const failure = readFailure(error);
  const known = SENTENCES[kindOf(failure)];
  const details = {
    service,
    operation,
    awsCode: failure.code,
    ...(failure.status === undefined ? {} : { status: failure.status }),
    ...(failure.requestId === undefined ? {} : { requestId: failure.requestId }),
    ...(failure.attempts === undefined ? {} : { attempts: failure.attempts }),
  };
  if (known !== undefined) {
    const options = { code: known.code, suggestions: known.suggestions(region), cause: bareError(error) };
    return new AwsError(`Cannot call ${service} ${operation}: ${known.reason(failure, region)}.`, details, options);
  }
  const tries = failure.attempts === undefined || failure.attempts < 2 ? '' : ` after ${failure.attempts} tries`;
  const said = failure.message.trim().replace(/\.$/, '');
  const answer = `${service} answered ${failure.code} to ${operation}${tries}: ${said}.`;
  const suggestions = isDenied(failure)
    ? adviseOnDenial(failure.message)
    : ['run the same command again; it goes on where it stopped'];
  return new AwsError(answer, details, {
    code: isDenied(failure) ? 'ACCESS_DENIED' : 'AWS',
    suggestions,
    cause: bareError(error),
  });
}

/** By which name the table of sentences has a failure. */
function kindOf({ code, message }: SdkFailure): string {
  const isSso = code === 'CredentialsProviderError' || code === 'TokenProviderError';
  if (isSso && /aws sso login|Session token not found or invalid/.test(message)) return SSO_OVER;
  return SAME_AS[code] ?? code;
}

/** An error of the SDK without what hangs on it: the whole signed request, session token included. */
function bareError(error: unknown): unknown {
  if (!(error instanceof Error)) return undefined;
  const bare = new Error(error.message);
  bare.name = error.name;
  if (error.stack !== undefined) bare.stack = error.stack;
  return bare;
}
