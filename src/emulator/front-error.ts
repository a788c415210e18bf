import { MAX_SKEW_MS, type SignatureFault } from './authenticate.js';
import { IAM_DIALECT } from './iam/index.js';
import type { WireRequest, WireResponse } from './operation.js';
import { STS_DIALECT } from './sts/index.js';
import { toJsonError } from './wire/json-1-1.js';
import { type QueryDialect, toXmlError } from './wire/query-xml.js';
import { notEmulated, Refusal } from './wire/refusal.js';
import { restJsonError } from './wire/rest-json.js';
import { encodeXml } from './wire/rest-xml.js';

/** What the front refuses a request for, before any service has seen it. */
export type FrontFault = SignatureFault | 'unsigned' | 'incomplete-body' | { readonly notEmulated: string };

/** What an error answer is made of. */
export interface FrontErrorAsk {
  /** The refused request. */
  readonly request: WireRequest;
  /** The service's name in signatures. */
  readonly service: string;
  /** What is wrong with it. */
  readonly fault: FrontFault;
  /** Id that the answer names. */
  readonly requestId: string;
  /** Now on the world's clock, in milliseconds since 1970. */
  readonly wallMs: number;
}

const QUERY_DIALECTS: Readonly<Record<string, QueryDialect>> = { iam: IAM_DIALECT, sts: STS_DIALECT };

/**
 * Says in a service's own format what is wrong with a signature.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html
 */
export function toFrontError(ask: FrontErrorAsk): WireResponse {
  const { service, requestId } = ask;
  if (service === 's3') return toS3Error(ask);
  const dialect = Object.hasOwn(QUERY_DIALECTS, service) ? QUERY_DIALECTS[service] : undefined;
  const refusal = toRefusal(ask, dialect !== undefined);
  if (dialect !== undefined) return toXmlError(dialect, refusal, requestId);
  return isJsonService(service) ? toJsonError(refusal, requestId) : restJsonError(refusal, requestId);
}

/** Whether a service speaks JSON 1.1. */
export function isJsonService(service: string): boolean {
  return service === 'logs' || service === 'cognito-idp';
}

/** The exception and its sentence for a faulty signature on a JSON service or a served API. */
export function toRefusal({ request, service, fault, wallMs }: FrontErrorAsk, isQuery = false): Refusal {
  if (typeof fault === 'object') return notEmulated(service, fault.notEmulated);
  // AWS: client errors of JSON 1.1 are all 400. (CloudWatch Logs API Reference, PutLogEvents; Cognito API Reference, Common Errors)
  const status = isJsonService(service) ? 400 : 403;
  const suffix = isQuery ? '' : 'Exception';
  switch (fault) {
    case 'unsigned': {
      const message = isQuery ? 'Request is missing Authentication Token' : 'Missing Authentication Token';
      return new Refusal(`MissingAuthenticationToken${suffix}`, status, message);
    }
    case 'malformed':
      return new Refusal(`IncompleteSignature${suffix}`, isQuery ? 400 : status, MALFORMED);
    case 'unknown-key':
    case 'bad-token':
      return isQuery
        ? new Refusal('InvalidClientTokenId', 403, 'The security token included in the request is invalid.')
        : new Refusal('UnrecognizedClientException', status, 'The security token included in the request is invalid.');
    case 'expired-token':
      return new Refusal(`ExpiredToken${suffix}`, status, 'The security token included in the request is expired');
    default:
      return new Refusal(
        isQuery ? 'SignatureDoesNotMatch' : 'InvalidSignatureException',
        status,
        signatureMessage(request, fault, wallMs),
      );
  }
}

const MALFORMED =
  "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. " +
  "Authorization header requires 'SignedHeaders' parameter. " +
  "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.";

function signatureMessage(request: WireRequest, fault: SignatureFault | 'incomplete-body', wallMs: number): string {
  const signed = request.headers['x-amz-date'] ?? '';
  const [now, oldest, newest] = [wallMs, wallMs - MAX_SKEW_MS, wallMs + MAX_SKEW_MS].map(toAmzDate);
  if (fault === 'too-old') return `Signature expired: ${signed} is now earlier than ${oldest} (${now} - 15 min.)`;
  if (fault === 'too-new')
    return `Signature not yet current: ${signed} is still later than ${newest} (${now} + 15 min.)`;
  const first = 'The request signature we calculated does not match the signature you provided.';
  return `${first} Check your AWS Secret Access Key and signing method. Consult the service documentation for details.`;
}

function toAmzDate(ms: number): string {
  return new Date(ms).toISOString().replace(/[-:]|\.\d{3}/g, '');
}

interface S3Words {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

const SKEWED: S3Words = {
  status: 403,
  code: 'RequestTimeTooSkewed',
  message: 'The difference between the request time and the current time is too large.',
};

const S3_WORDS: Readonly<Record<SignatureFault | 'unsigned' | 'incomplete-body', S3Words>> = {
  unsigned: { status: 403, code: 'AccessDenied', message: 'Access Denied' },
  malformed: { status: 400, code: 'AuthorizationHeaderMalformed', message: 'The authorization header is malformed.' },
  'unknown-key': {
    status: 403,
    code: 'InvalidAccessKeyId',
    message: 'The AWS Access Key Id you provided does not exist in our records.',
  },
  'bad-token': {
    status: 400,
    code: 'InvalidToken',
    message: 'The provided token is malformed or otherwise invalid.',
  },
  'expired-token': { status: 400, code: 'ExpiredToken', message: 'The provided token has expired.' },
  'too-old': SKEWED,
  'too-new': SKEWED,
  'bad-body': {
    status: 400,
    code: 'XAmzContentSHA256Mismatch',
    message: "The provided 'x-amz-content-sha256' header does not match what was computed.",
  },
  'bad-signature': {
    status: 403,
    code: 'SignatureDoesNotMatch',
    message:
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
  },
  'incomplete-body': {
    status: 400,
    code: 'IncompleteBody',
    message: 'You did not provide the number of bytes specified by the Content-Length HTTP header',
  },
};

function toS3Error({ request, fault, requestId, wallMs }: FrontErrorAsk): WireResponse {
  const { status, code, message } = typeof fault === 'object' ? s3NotEmulated(fault.notEmulated) : S3_WORDS[fault];
  const times = {
    RequestTime: request.headers['x-amz-date'],
    ServerTime: new Date(wallMs).toISOString().replace(/\.\d{3}/, ''),
    MaxAllowedSkewMilliseconds: MAX_SKEW_MS,
  };
  const details = code === SKEWED.code ? times : {};
  const error = { Code: code, Message: message, ...details, RequestId: requestId };
  const headers = { 'x-amz-request-id': requestId, 'Content-Type': 'application/xml', Server: 'AmazonS3' };
  return { status, headers, body: request.method === 'HEAD' ? new Uint8Array() : encodeXml('Error', error) };
}

function s3NotEmulated(what: string): S3Words {
  return { status: 501, code: 'NotImplemented', message: notEmulated('s3', what).message };
}
