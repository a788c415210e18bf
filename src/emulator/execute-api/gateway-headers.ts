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
  };
  for (const [name, value] of Object.entries({ ...answer.headers, ...cache?.headers })) setHeader(headers, name, value);
  if (failure === undefined && route?.integration.type === 'AWS') headers['X-Amzn-Trace-Id'] = exchange.traceId;
  return { status: answer.status, headers, body };
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
