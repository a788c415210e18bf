/** Status, x-amzn-ErrorType and message that AWS gives a kind of gateway response when nobody customised it. */
export interface ResponseType {
  /** HTTP status. */
  readonly status: number;
  /** Value of x-amzn-ErrorType. */
  readonly errorType: string;
  /** Message for the client. */
  readonly message: string;
}

const INTERNAL = { status: 500, errorType: 'InternalServerErrorException', message: 'Internal server error' };

/**
 * The gateway responses and their defaults.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
export const RESPONSE_TYPES = {
  ACCESS_DENIED: {
    status: 403,
    errorType: 'AccessDeniedException',
    message: 'User is not authorized to access this resource',
  },
  API_CONFIGURATION_ERROR: INTERNAL,
  AUTHORIZER_CONFIGURATION_ERROR: { ...INTERNAL, errorType: 'AuthorizerConfigurationException' },
  AUTHORIZER_FAILURE: INTERNAL,
  BAD_REQUEST_BODY: { status: 400, errorType: 'BadRequestException', message: 'Invalid request body' },
  BAD_REQUEST_PARAMETERS: { status: 400, errorType: 'BadRequestException', message: 'Invalid request parameters' },
  EXPIRED_TOKEN: { status: 403, errorType: 'ExpiredTokenException', message: 'The incoming token has expired' },
  INTEGRATION_FAILURE: { ...INTERNAL, status: 504 },
  INTEGRATION_TIMEOUT: { ...INTERNAL, status: 504, message: 'Endpoint request timed out' },
  INVALID_API_KEY: { status: 403, errorType: 'ForbiddenException', message: 'Forbidden' },
  INVALID_SIGNATURE: {
    status: 403,
    errorType: 'InvalidSignatureException',
    message:
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
  },
  MISSING_AUTHENTICATION_TOKEN: {
    status: 403,
    errorType: 'MissingAuthenticationTokenException',
    message: 'Missing Authentication Token',
  },
  QUOTA_EXCEEDED: { status: 429, errorType: 'LimitExceededException', message: 'Limit Exceeded' },
  RESOURCE_NOT_FOUND: { status: 404, errorType: 'NotFoundException', message: 'Not Found' },
  THROTTLED: { status: 429, errorType: 'TooManyRequestsException', message: 'Too Many Requests' },
  UNAUTHORIZED: { status: 401, errorType: 'UnauthorizedException', message: 'Unauthorized' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, errorType: 'BadRequestException', message: 'Unsupported Media Type' },
  WAF_FILTERED: { status: 403, errorType: 'ForbiddenException', message: 'Forbidden' },
} as const satisfies Record<string, ResponseType>;

/** Name of a gateway response that the chain can throw. */
export type ResponseTypeName = keyof typeof RESPONSE_TYPES;

/** What a failure says beyond its type. */
export interface FailureDetail {
  /** Message for the client in place of the type's own. */
  readonly message?: string;
  /** x-amzn-ErrorType in place of the type's own. */
  readonly errorType?: string;
  /** HTTP status in place of the type's own. */
  readonly status?: number;
  /** Line for the execution log. */
  readonly log?: string;
}

/** A request that ends in a gateway response, thrown by any handler of the chain. */
export class GatewayFailure extends Error {
  override readonly name = 'GatewayFailure';
  /** Which gateway response the client gets. */
  readonly type: ResponseTypeName;
  /** HTTP status unless customised. */
  readonly status: number;
  /** Value of x-amzn-ErrorType. */
  readonly errorType: string;
  /** Line for the execution log, if there is one. */
  readonly log: string | undefined;

  constructor(type: ResponseTypeName, detail: FailureDetail = {}) {
    const defaults: ResponseType = RESPONSE_TYPES[type];
    super(detail.message ?? defaults.message);
    this.type = type;
    this.status = detail.status ?? defaults.status;
    this.errorType = detail.errorType ?? defaults.errorType;
    this.log = detail.log;
  }
}

/** The failure of an API that is wired wrongly: 500 to the client, the reason in the execution log only. */
export function configurationError(reason: string): GatewayFailure {
  return new GatewayFailure('API_CONFIGURATION_ERROR', {
    log: `Execution failed due to configuration error: ${reason}`,
  });
}

/** The failure of a request whose body a template or a model needs as JSON, and is not. */
export function notJson(reason: string): GatewayFailure {
  return new GatewayFailure('BAD_REQUEST_BODY', { message: `Could not parse request body into json: ${reason}` });
}

/** A request that the front door turns away before the API sees it: no request id, not customisable. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  /** HTTP status. */
  readonly status: number;
  /** Content-Type of the body. */
  readonly contentType: string;
  /** Value of x-amzn-ErrorType, if it has one. */
  readonly errorType: string | undefined;

  /** `message` becomes the body as it stands. */
  constructor(status: number, contentType: string, message: string, errorType?: string) {
    super(message);
    this.status = status;
    this.contentType = contentType;
    this.errorType = errorType;
  }
}

/** Something of API Gateway that the local cloud does not emulate; answered with 501. */
export class NotEmulated extends Error {
  override readonly name = 'NotEmulated';

  constructor(what: string) {
    super(`The local cloud does not emulate execute-api ${what}.`);
  }
}
