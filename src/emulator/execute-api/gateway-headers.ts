import { createHash } from 'node:crypto';
import type { WireResponse } from '../operation.js';
import type { Answer, Exchange } from './context.js';
import type { Refusal } from './gateway-failure.js';
import { setHeader } from './gateway-response.js';
import { DEFAULT_TYPE } from './media-type.js';

/**
 * The answer as it goes over the wire, with the headers that the gateway puts on every one.
 *
 * HEAD gets no body, and Content-Length tells of the body that is sent: guessed.
 */
export function toWireResponse(exchange: Exchange, answer: Answer): WireResponse {
  const { cache, call, client, failure, route } = exchange;
  const body = client.method === 'HEAD' ? new Uint8Array() : answer.payload.bytes;
  const headers: Record<string, string> = {
    Date: new Date(call.now()).toUTCString(),
    'Content-Type': DEFAULT_TYPE,
    'Content-Length': String(body.byteLength),
    Connection: 'keep-alive',
    'x-amzn-RequestId': exchange.requestId,
    'x-amz-apigw-id': exchange.extendedRequestId,
    ...(exchange.snapshot.api.endpointConfiguration.types.includes('EDGE') && edgeHeaders(exchange, answer)),
  };
  for (const [name, value] of Object.entries({ ...answer.headers, ...cache?.headers })) setHeader(headers, name, value);
  if (failure === undefined && route?.integration.type === 'AWS') headers['X-Amzn-Trace-Id'] = exchange.traceId;
  return { status: answer.status, headers, body };
}

// AWS: an edge-optimised API answers through CloudFront, which caches nothing and says so.
// (source: LocalStack's recordings of test_invocation_trace_id and TestApiGatewayHeaderRemapping, made on edge-optimised APIs)
function edgeHeaders({ requestId }: Exchange, { status }: Answer): Record<string, string> {
  const digest = createHash('sha256').update(requestId).digest();
  const id = digest.toString('hex', 0, 16);
  return {
    Via: `1.1 ${id}.cloudfront.net (CloudFront)`,
    'X-Cache': `${status < 400 ? 'Miss' : 'Error'} from cloudfront`,
    'X-Amz-Cf-Pop': 'FRA56-P1',
    'X-Amz-Cf-Id': `${digest.toString('base64url')}==`,
  };
}

/** A refusal as it goes over the wire; one with an error type also names the request. */
export function toRefusalResponse(refusal: Refusal, nowMs: number, requestId: string): WireResponse {
  const body = Buffer.from(refusal.message);
  const headers: Record<string, string> = {
    Date: new Date(nowMs).toUTCString(),
    'Content-Type': refusal.contentType,
    'Content-Length': String(body.byteLength),
    Connection: refusal.status === 413 ? 'close' : 'keep-alive',
  };
  if (refusal.errorType !== undefined) {
    headers['x-amzn-ErrorType'] = refusal.errorType;
    headers['x-amzn-RequestId'] = requestId;
  }
  return { status: refusal.status, headers, body };
}
