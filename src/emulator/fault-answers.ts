import { cloud } from './cloud.js';
import type { Emulator } from './emulator.js';
import { SERVICES } from './front.js';
import { isJsonService, toFrontError } from './front-error.js';
import { IAM_DIALECT } from './iam/index.js';
import type { Call, Caller, Handled, WireRequest, WireResponse } from './operation.js';
import { guessService, regionOfHost, toPathStyle } from './router.js';
import { parseAuthorization } from './signature.js';
import { STS_DIALECT } from './sts/index.js';
import { toJsonError } from './wire/json-1-1.js';
import { toXmlError } from './wire/query-xml.js';
import { Refusal } from './wire/refusal.js';
import { restJsonError } from './wire/rest-json.js';
import { childrenOf, childText, decodeXml, encodeXml } from './wire/rest-xml.js';

/** What a call is, by name. */
export interface CallName {
  /** Name in signatures: 's3', 'apigateway', 'iam', 'sts', 'logs', 'cognito-idp'. */
  readonly service: string;
  /** AWS's name of the operation; '' when the request fits none. */
  readonly operation: string;
  /** Whether the operation can change the account. */
  readonly changing: boolean;
}

/** One call of a service, looked at before anything of it is done. */
export interface ServiceCall extends CallName {
  /** The request as it came. */
  readonly request: WireRequest;
  /** What a caller without any policy would be answered. */
  readonly denial: WireResponse;
}

/** Carries the answer of a rehearsal out of its transaction, which is undone. */
class Rehearsed extends Error {
  readonly handled: Handled;

  constructor(handled: Handled) {
    super('rehearsed');
    this.handled = handled;
  }
}

/** Id of an answer that no service gave. */
const REQUEST_ID = '00000000-0000-4000-8000-00000000fa17';

/**
 * Finds out what a call is, by a rehearsal: the service handles it for a caller who may do nothing, and all of it is
 * undone. So names and denials are the service's own.
 */
export function lookAtCall(emulator: Emulator, request: WireRequest): ServiceCall {
  const claim = parseAuthorization(request.headers['authorization'] ?? '');
  const name = claim?.service ?? guessService(request);
  const service = SERVICES.find(({ signingName }) => signingName === name);
  const region = claim?.region ?? regionOfHost(request.host) ?? 'us-east-1';
  const call = powerlessCall(emulator, region);
  const plain = name === 's3' ? toPathStyle(request) : request;
  try {
    return emulator.store.transaction(() => {
      throw new Rehearsed(service?.handle(plain, call) ?? { operation: undefined, response: refuse(name, request) });
    });
  } catch (error) {
    if (!(error instanceof Rehearsed)) throw error;
    const { operation = '', response } = error.handled;
    const changing = service?.operations.find((known) => known.name === operation)?.mutating ?? false;
    return { request, service: name, operation, changing, denial: response };
  }
}

function powerlessCall({ store, clock, accountId }: Emulator, region: string): Call {
  const arn = `arn:aws:iam::${accountId}:user/local-admin`;
  // The name is of nobody, so no policy is found; the ARN is the one that a denial names.
  const caller: Caller = { kind: 'user', accountId, arn, name: '', userId: 'AIDA' };
  const settings = { accountId, partition: 'aws', pageSize: 5, cacheClusterMs: 0 };
  const ids = { newId: (length: number) => '0'.repeat(length), newUuid: () => REQUEST_ID, requestId: REQUEST_ID };
  // The emulator may know more settings than these; what is refused for want of rights meets none of them.
  return {
    store,
    now: () => clock.now(),
    wall: () => clock.now(),
    ...ids,
    region,
    caller,
    settings: settings as Call['settings'],
    cloud,
  };
}

type Words = readonly [code: string, status: number, message: string];

const INTERNAL: Words = ['InternalFailure', 500, 'The request processing has failed because of an unknown error.'];

/** What each service says of a fault; '*' speaks for those that have no words of their own. */
const WORDS = {
  throttle: {
    apigateway: ['TooManyRequestsException', 429, 'Too Many Requests'],
    'cognito-idp': ['TooManyRequestsException', 400, 'Too many requests'],
    logs: ['ThrottlingException', 400, 'Rate exceeded'],
    s3: ['SlowDown', 503, 'Please reduce your request rate.'],
    '*': ['Throttling', 400, 'Rate exceeded'],
  },
  quota: {
    apigateway: ['LimitExceededException', 429, 'Maximum number of resources for this account has been reached.'],
    'cognito-idp': ['LimitExceededException', 400, 'Account limit exceeded.'],
    logs: ['LimitExceededException', 400, 'Resource limit exceeded.'],
    s3: ['TooManyBuckets', 400, 'You have attempted to create more buckets than allowed'],
    '*': ['LimitExceeded', 409, 'Cannot exceed quota for RolesPerAccount: 1000'],
  },
  'server-error': {
    'cognito-idp': ['InternalErrorException', 500, 'Something went wrong'],
    s3: ['InternalError', 500, 'We encountered an internal error. Please try again.'],
    '*': INTERNAL,
  },
  'slow-down': {
    apigateway: ['ServiceUnavailableException', 503, 'Service unavailable'],
    'cognito-idp': ['ServiceUnavailableException', 503, 'Service unavailable'],
    logs: ['ServiceUnavailableException', 503, 'The service cannot complete the request.'],
    s3: ['SlowDown', 503, 'Please reduce your request rate.'],
    '*': ['ServiceUnavailable', 503, 'The request has failed due to a temporary failure of the server.'],
  },
  conflict: {
    apigateway: [
      'ConflictException',
      409,
      'Unable to complete operation due to concurrent modification. Please try again later.',
    ],
    'cognito-idp': ['ConcurrentModificationException', 400, 'The resource is being modified concurrently.'],
    logs: [
      'OperationAbortedException',
      400,
      'Multiple concurrent requests to update the same resource were in conflict.',
    ],
    s3: [
      'OperationAborted',
      409,
      'A conflicting conditional operation is currently in progress against this resource. Please try again.',
    ],
    '*': [
      'ConcurrentModification',
      409,
      'The request was rejected because multiple requests to change this object were submitted simultaneously.',
    ],
  },
  'role-not-ready': {
    '*': [
      'BadRequestException',
      400,
      'The role ARN does not have required permissions configured. Please grant trust permission for API Gateway and add the required role policy.',
    ],
  },
} as const satisfies Record<string, Readonly<Record<string, Words>>>;

/** A fault that a service tells in words of its own. */
export type SpokenFault = keyof typeof WORDS;

/** What a service answers to a call that meets a fault, in its own format. `retryAfterS` becomes a header. */
export function speak(fault: SpokenFault, { service, request }: ServiceCall, retryAfterS?: number): WireResponse {
  const said: Readonly<Record<string, Words>> = WORDS[fault];
  const answer = refuse(service, request, said[service] ?? said['*']);
  return retryAfterS === undefined
    ? answer
    : { ...answer, headers: { ...answer.headers, 'Retry-After': String(retryAfterS) } };
}

function refuse(service: string, { method }: WireRequest, [code, status, message]: Words = INTERNAL): WireResponse {
  const refusal = new Refusal(code, status, message);
  if (service === 'iam') return toXmlError(IAM_DIALECT, refusal, REQUEST_ID);
  if (service === 'sts') return toXmlError(STS_DIALECT, refusal, REQUEST_ID);
  if (isJsonService(service)) return toJsonError(refusal, REQUEST_ID);
  if (service !== 's3') return restJsonError(refusal, REQUEST_ID);
  const error = encodeXml('Error', { Code: code, Message: message, RequestId: REQUEST_ID });
  const headers = { 'x-amz-request-id': REQUEST_ID, 'Content-Type': 'application/xml' };
  // AWS: an answer to HEAD has no body, not even when it is an error. (S3 API Reference, HeadBucket)
  return { status, headers, body: method === 'HEAD' ? new Uint8Array() : error };
}

/** The token of the session has run out. */
export function expired({ service, request }: ServiceCall, wallMs: number): WireResponse {
  return toFrontError({ request, service, fault: 'expired-token', requestId: REQUEST_ID, wallMs });
}

/** A server whose clock is `skewMs` away refuses the signature, and tells its own time. */
export function skewed({ service, request }: ServiceCall, wallMs: number, skewMs: number): WireResponse {
  const fault = skewMs > 0 ? 'too-old' : 'too-new';
  const answer = toFrontError({ request, service, fault, requestId: REQUEST_ID, wallMs: wallMs + skewMs });
  return dated(answer, wallMs + skewMs);
}

/** An answer that tells another time, in milliseconds since 1970. */
export function dated(answer: WireResponse, atMs: number): WireResponse {
  const others = Object.entries(answer.headers).filter(([name]) => name.toLowerCase() !== 'date');
  return { ...answer, headers: { ...Object.fromEntries(others), Date: new Date(atMs).toUTCString() } };
}

/** What something between client and AWS says in AWS's place. */
export function html(status: number, title: string): WireResponse {
  const body = Buffer.from(
    `<!DOCTYPE html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`,
  );
  return { status, headers: { 'Content-Type': 'text/html', 'Content-Length': String(body.length) }, body };
}

/** The first `share` of an answer's body: 0 to 1. */
export function cut(answer: WireResponse, share: number): WireResponse {
  const body = answer.body.subarray(0, Math.floor(answer.body.length * share));
  const others = Object.entries(answer.headers).filter(([name]) => name.toLowerCase() !== 'content-length');
  return { ...answer, headers: { ...Object.fromEntries(others), 'Content-Length': String(body.length) }, body };
}

/** The answer of a DeleteObjects call of which nothing was done: InternalError for every key. */
export function nothingDeleted({ request }: ServiceCall): WireResponse {
  const objects = childrenOf(decodeXml(request.body)?.value, 'Object');
  const errors = objects.map((object) => ({
    Key: childText(object, 'Key'),
    VersionId: childText(object, 'VersionId'),
    Code: 'InternalError',
    Message: 'We encountered an internal error. Please try again.',
  }));
  const headers = { 'x-amz-request-id': REQUEST_ID, 'Content-Type': 'application/xml' };
  return {
    status: 200,
    headers,
    body: encodeXml('DeleteResult', { Error: errors }, 'http://s3.amazonaws.com/doc/2006-03-01/'),
  };
}

/** A stage whose cache cluster shows another status; anything else as it is. */
export function withClusterStatus(answer: WireResponse, cacheClusterStatus: string): WireResponse {
  if (answer.status !== 200) return answer;
  const stage = JSON.parse(Buffer.from(answer.body).toString()) as Record<string, unknown>;
  const body = Buffer.from(JSON.stringify({ ...stage, cacheClusterStatus }));
  return { ...answer, headers: { ...answer.headers, 'Content-Length': String(body.length) }, body };
}
