import type { WireRequest, WireResponse } from './operation.js';

/** Reads a standard request as it would have come over the wire. The URL is as the Request class has normalised it. */
export async function fromFetchRequest(request: Request): Promise<WireRequest> {
  const url = new URL(request.url);
  const headers = { host: url.host, ...Object.fromEntries(request.headers) };
  return {
    method: request.method,
    host: url.hostname,
    path: url.pathname,
    query: url.search.slice(1),
    headers,
    body: new Uint8Array(await request.arrayBuffer()),
    rawHeaders: Object.entries(headers),
  };
}

/** Statuses that a standard response must have no body with. */
const BODILESS = [204, 205, 304];

/** Makes a standard response with the same status, headers and bytes. */
export function toFetchResponse({ status, headers, body }: WireResponse, method: string): Response {
  const hasBody = method !== 'HEAD' && !BODILESS.includes(status);
  return new Response(hasBody ? new Uint8Array(body) : null, { status, headers: { ...headers } });
}
