/**
 * Fields of the access log and where API Gateway takes them from. None can be shaped freely by a client: a quote in a
 * user agent or a path would break the line, or forge one.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
 */
const FIELDS = {
  requestId: '$context.requestId',
  // AWS: a client can choose its requestId by a header; this one it cannot.
  extendedRequestId: '$context.extendedRequestId',
  ip: '$context.identity.sourceIp',
  requestTime: '$context.requestTime',
  httpMethod: '$context.httpMethod',
  resourcePath: '$context.resourcePath',
  status: '$context.status',
  protocol: '$context.protocol',
  responseLength: '$context.responseLength',
  responseLatency: '$context.responseLatency',
  integrationStatus: '$context.integration.status',
  integrationLatency: '$context.integration.latency',
  errorType: '$context.error.responseType',
} as const;

/** One line of JSON a request. */
export const ACCESS_LOG_FORMAT = JSON.stringify(FIELDS);
