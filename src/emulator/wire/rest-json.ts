import type { WireResponse } from '../operation.js';
import type { Refusal } from './refusal.js';

/**
 * An answer of a REST JSON service. An `output` of undefined is an empty body.
 *
 * @see https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html
 */
export function restJsonResponse(
  status: number,
  output: unknown,
  requestId: string,
  headers: Readonly<Record<string, string>> = {},
): WireResponse {
  const body = Buffer.from(output === undefined ? '' : JSON.stringify(output));
  return {
    status,
    headers: {
      'x-amzn-RequestId': requestId,
      'Content-Type': 'application/json',
      'Content-Length': String(body.length),
      ...headers,
    },
    body,
  };
}

/** An error of a REST JSON service: the code in `x-amzn-ErrorType`, the message in the body. */
export function restJsonError(refusal: Refusal, requestId: string): WireResponse {
  return restJsonResponse(refusal.status, { message: refusal.message }, requestId, {
    'x-amzn-ErrorType': refusal.code,
  });
}

/**
 * Reads a body as a JSON object; an empty one is an object without members. Answers undefined for anything else.
 */
export function parseJsonObject(body: Uint8Array): Record<string, unknown> | undefined {
  if (body.length === 0) return {};
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
