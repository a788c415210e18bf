import { AwsError, PixgateError } from '../errors.js';

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
  const named = shape.name === undefined || shape.name === 'Error' ? undefined : shape.name;
  return {
    code: named ?? shape.code ?? 'Unknown',
    message: shape.message ?? String(error),
    status: shape.$metadata?.httpStatusCode,
    requestId: shape.$metadata?.requestId,
    attempts: shape.$metadata?.attempts,
    bucketRegion: shape.$response?.headers?.['x-amz-bucket-region'],
  };
}

interface Sentence {
  readonly code: string;
  readonly reason: (failure: SdkFailure, region: string) => string;
  readonly suggestions: (region: string) => readonly string[];
}

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
  TimeoutError: {
    code: 'NO_ANSWER',
    reason: () => 'AWS did not answer in 30 s, several times',
    suggestions: () => ['check the network and run the same command again'],
  },
  SyntaxError: {
    code: 'NOT_AWS',
    reason: () => 'the answer did not come from AWS (HTML or half a document): is there a proxy in between?',
    suggestions: () => ['check the network and the proxy settings'],
  },
};

/** AWS's other names for the same fault. */
const SAME_AS: Readonly<Record<string, string>> = {
  ExpiredTokenException: 'ExpiredToken',
  RequestExpired: 'ExpiredToken',
  EAI_AGAIN: 'ENOTFOUND',
};

const DENIED = new Set(['AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation', 'Forbidden']);

/** Makes the complaint of a failed call. A complaint of ours passes as it is. */
export function toComplaint(error: unknown, service: string, operation: string, region: string): PixgateError {
  if (error instanceof PixgateError) return error;
  const failure = readFailure(error);
  const known = SENTENCES[SAME_AS[failure.code] ?? failure.code];
  const details = {
    service,
    operation,
    awsCode: failure.code,
    ...(failure.status === undefined ? {} : { status: failure.status }),
    ...(failure.requestId === undefined ? {} : { requestId: failure.requestId }),
    ...(failure.attempts === undefined ? {} : { attempts: failure.attempts }),
  };
  if (known !== undefined) {
    const options = { code: known.code, suggestions: known.suggestions(region), cause: error };
    return new AwsError(`Cannot call ${service} ${operation}: ${known.reason(failure, region)}.`, details, options);
  }
  const tries = failure.attempts === undefined || failure.attempts < 2 ? '' : ` after ${failure.attempts} tries`;
  const said = failure.message.trim().replace(/\.$/, '');
  const answer = `${service} answered ${failure.code} to ${operation}${tries}: ${said}.`;
  const suggestions = DENIED.has(failure.code)
    ? [`allow the action named above, then run the same command again`]
    : ['run the same command again; it goes on where it stopped'];
  return new AwsError(answer, details, {
    code: DENIED.has(failure.code) ? 'ACCESS_DENIED' : 'AWS',
    suggestions,
    cause: error,
  });
}
