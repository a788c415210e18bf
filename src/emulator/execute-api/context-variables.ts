import type { Exchange } from './context.js';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * The `$context` of one request: what templates, mappings, gateway responses and access logs may read.
 *
 * The overrides in it are the exchange's own, so that what a template sets is kept.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
 */
export function contextVariables(exchange: Exchange): Record<string, unknown> {
  const { client, failure, route, snapshot, stage, stageName } = exchange;
  const prefix = stage === undefined ? '' : `/${stageName}`;
  return {
    accountId: snapshot.api.accountId,
    apiId: snapshot.api.id,
    authorizer: exchange.authorizer,
    awsEndpointRequestId: incomingHeader(exchange, 'x-amz-request-id'),
    awsEndpointRequestId2: incomingHeader(exchange, 'x-amz-id-2'),
    deploymentId: stage?.deploymentId,
    domainName: client.host,
    domainPrefix: client.host.split('.')[0],
    error: failure && errorVariables(exchange),
    extendedRequestId: exchange.extendedRequestId,
    httpMethod: client.method,
    identity: identityVariables(exchange),
    path: `${prefix}${client.path}`,
    protocol: client.protocol,
    requestId: exchange.requestId,
    requestOverride: exchange.overrides.requestOverride,
    requestTime: commonLogTime(exchange.startedAtMs),
    requestTimeEpoch: exchange.startedAtMs,
    resourceId: route?.resource.id,
    resourcePath: route?.resource.path,
    responseOverride: exchange.overrides.responseOverride,
    stage: stageName,
    xrayTraceId: exchange.traceId,
  };
}

/** One context variable by its dotted name, as text; undefined when it is not set. */
export function readContext(exchange: Exchange, name: string): string | undefined {
  return readDotted(contextVariables(exchange), name);
}

/** A value by its dotted name, as text; undefined when it is missing or not a plain value. */
export function readDotted(variables: Readonly<Record<string, unknown>>, name: string): string | undefined {
  let value: unknown = variables;
  for (const part of name.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

function errorVariables({ failure }: Exchange): Record<string, unknown> {
  return {
    message: failure?.message,
    messageString: JSON.stringify(failure?.message),
    responseType: failure?.type,
    validationErrorString: failure?.type === 'BAD_REQUEST_BODY' ? failure.message : undefined,
  };
}

function identityVariables({ apiKey, call: { caller }, client }: Exchange): Record<string, unknown> {
  const userAgent = client.headers.find(([name]) => name.toLowerCase() === 'user-agent')?.[1];
  const where = { apiKey: apiKey?.value, apiKeyId: apiKey?.id, sourceIp: client.sourceIp, userAgent };
  if (caller.kind === 'anonymous') return where;
  const { accessKeyId: accessKey, accountId, arn, userId } = caller;
  return { ...where, accessKey, accountId, caller: userId, user: userId, userArn: arn };
}

function incomingHeader({ incoming }: Exchange, name: string): string | undefined {
  return Object.entries(incoming?.headers ?? {}).find(([key]) => key.toLowerCase() === name)?.[1];
}

/** A time as the common log format writes it, in UTC: `28/Jul/2026:09:45:44 +0000`. */
function commonLogTime(atMs: number): string {
  const at = new Date(atMs).toISOString();
  return `${at.slice(8, 10)}/${MONTHS[Number(at.slice(5, 7)) - 1]}/${at.slice(0, 4)}:${at.slice(11, 19)} +0000`;
}
