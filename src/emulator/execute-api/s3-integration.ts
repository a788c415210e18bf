import type { Caller, WireRequest, WireResponse } from '../operation.js';
import { MAX_PAYLOAD_BYTES } from './client-request.js';
import { clientHeader, type Exchange, type IntegrationAnswer, type IntegrationRequest, routeOf } from './context.js';
import { printBody, printMap } from './execution-log.js';
import { configurationError } from './gateway-failure.js';
import { DEFAULT_TYPE } from './media-type.js';
import { type S3Target, toS3Target } from './s3-uri.js';

const WITHOUT_BODY = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Sends the mapped request to S3 as the integration's role.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/integrating-api-with-aws-services-s3.html
 * @throws {GatewayFailure} API_CONFIGURATION_ERROR when the role cannot be assumed, the uri is illegal, or the answer exceeds 10 MB.
 */
export function sendToS3(exchange: Exchange): IntegrationAnswer {
  const { call, outgoing } = exchange;
  if (outgoing === undefined) throw new Error('The request was not mapped yet.');
  const { integration } = routeOf(exchange);
  const target = toS3Target(integration.uri ?? '', outgoing.path, exchange.stageVariables);
  const session = assume(exchange, integration.credentials);
  const request = toWireRequest(exchange, outgoing, target);
  logRequest(exchange, outgoing, request);
  const startedAtMs = call.now();
  const response = signatureHolds(request)
    ? call.cloud.s3(request, { ...call, region: target.region }, session)
    : signatureMismatch(request, call.requestId);
  const latencyMs = call.now() - startedAtMs;
  logResponse(exchange, response, latencyMs);
  if (response.body.byteLength > MAX_PAYLOAD_BYTES)
    // Guessed: neither the status nor the text is established.
    throw configurationError(
      `Integration response of reported length ${response.body.byteLength} is larger than allowed maximum of ${MAX_PAYLOAD_BYTES} bytes.`,
    );
  return { status: response.status, headers: response.headers, body: response.body, latencyMs };
}

function assume({ call }: Exchange, credentials: string | undefined): Caller {
  // AWS: this one stands for the caller's own identity. (source: API Reference, PutIntegration, credentials)
  if (credentials === 'arn:aws:iam::*:user/*' && call.caller.kind !== 'anonymous') return call.caller;
  // AWS: no aws:SourceAccount or aws:SourceArn goes along, so a trust policy with such a condition refuses.
  // (source: pull request 479 of aws-solutions-library-samples/accelerated-intelligent-document-processing-on-aws, July 2026)
  const session = call.cloud.assumeRoleAsService(call, credentials ?? '', 'apigateway.amazonaws.com');
  if (session === undefined)
    throw configurationError('API Gateway does not have permission to assume the provided role ARN');
  return session;
}

function toWireRequest(exchange: Exchange, outgoing: IntegrationRequest, target: S3Target): WireRequest {
  const { client, snapshot } = exchange;
  const { httpMethod } = routeOf(exchange).integration;
  const method = target.verb ?? (httpMethod === undefined || httpMethod === 'ANY' ? client.method : httpMethod);
  const hasBody = !WITHOUT_BODY.has(method);
  const body = hasBody ? outgoing.payload.bytes : new Uint8Array();
  const headers: Record<string, string> = {
    host: target.host,
    accept: DEFAULT_TYPE,
    'user-agent': `AmazonAPIGateway_${snapshot.api.id}`,
    'x-amzn-trace-id': exchange.traceId,
    'x-amzn-apigateway-api-id': snapshot.api.id,
  };
  if (hasBody) headers['content-type'] = clientHeader(client, 'content-type') ?? DEFAULT_TYPE;
  for (const [name, value] of Object.entries(outgoing.header)) headers[name.toLowerCase()] = value;
  if (hasBody) headers['content-length'] = String(body.byteLength);
  const mapped = Object.entries(outgoing.querystring).flatMap(([name, values]) =>
    values.map((value) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`),
  );
  const query = [target.query, ...mapped].filter((part) => part !== '').join('&');
  return { method, host: target.host, path: target.path, query, headers, body, sourceIp: client.sourceIp };
}

// AWS: a raw `+` in the path breaks the gateway's own signature. (source: aws/aws-sdk-java#1902)
function signatureHolds(request: WireRequest): boolean {
  return !request.path.includes('+');
}

function signatureMismatch(request: WireRequest, requestId: string): WireResponse {
  const message =
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.';
  const xml = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>SignatureDoesNotMatch</Code><Message>${message}</Message><RequestId>${requestId}</RequestId></Error>`;
  const body = request.method === 'HEAD' ? new Uint8Array() : Buffer.from(xml);
  return { status: 403, headers: { 'Content-Type': 'application/xml', 'x-amz-request-id': requestId }, body };
}

function logRequest({ call, log, snapshot }: Exchange, outgoing: IntegrationRequest, request: WireRequest): void {
  const url = `https://${request.host}${request.path}${request.query === '' ? '' : `?${request.query}`}`;
  const at = new Date(call.now()).toISOString().replace(/[-:]|\.\d+/g, '');
  log.add(`Endpoint request URI: ${url}`);
  const headers = {
    Authorization: '*'.repeat(40),
    'X-Amz-Date': at,
    'x-amzn-apigateway-api-id': snapshot.api.id,
    Accept: request.headers['accept'] ?? '',
    'User-Agent': request.headers['user-agent'] ?? '',
    ...outgoing.header,
    'X-Amz-Security-Token': '',
  };
  log.add(`Endpoint request headers: ${printMap(Object.entries(headers)).slice(0, -1)} [TRUNCATED]`);
  log.addBody(
    `Endpoint request body after transformations: ${printBody({ ...outgoing.payload, bytes: request.body })}`,
  );
  log.add(`Sending request to ${url}`);
}

function logResponse({ log, snapshot }: Exchange, response: WireResponse, latencyMs: number): void {
  const binary = snapshot.api.binaryMediaTypes.length > 0;
  log.add(`Received response. Status: ${response.status}, Integration latency: ${latencyMs} ms`);
  log.add(`Endpoint response headers: ${printMap(Object.entries(response.headers))}`);
  log.addBody(`Endpoint response body before transformations: ${printBody({ bytes: response.body, binary })}`);
}
