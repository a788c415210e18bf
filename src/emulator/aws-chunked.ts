import type { WireRequest } from './operation.js';

/** The mark in X-Amz-Content-Sha256 of a body in chunks that are not signed one by one. */
export const UNSIGNED_CHUNKS = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER';

/**
 * Unpacks an `aws-chunked` body: the bytes become the body, the trailer joins the headers, and the encoding's own traces go.
 *
 * Answers undefined when a chunk is cut short or the length is not the announced one.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
export function decodeAwsChunked(request: WireRequest): WireRequest | undefined {
  const body = Buffer.from(request.body.buffer, request.body.byteOffset, request.body.byteLength);
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = body.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const [, digits] = /^([0-9a-f]+)(?:;.*)?$/i.exec(body.toString('latin1', at, lineEnd)) ?? [];
    if (digits === undefined) return undefined;
    const size = Number.parseInt(digits, 16);
    at = lineEnd + 2;
    if (size === 0) break;
    chunks.push(body.subarray(at, at + size));
    at += size;
    if (body.toString('latin1', at, at + 2) !== '\r\n') return undefined;
    at += 2;
  }
  const decoded = Buffer.concat(chunks);
  if (decoded.length !== Number(request.headers['x-amz-decoded-content-length'])) return undefined;
  return { ...request, body: decoded, headers: plainHeaders(request, body.toString('latin1', at), decoded.length) };
}

function plainHeaders(request: WireRequest, trailer: string, length: number): Record<string, string> {
  const headers: Record<string, string> = { ...request.headers, 'content-length': String(length) };
  const encodings = (headers['content-encoding'] ?? '').split(',').map((name) => name.trim());
  const kept = encodings.filter((name) => name !== '' && name !== 'aws-chunked').join(', ');
  if (kept === '') delete headers['content-encoding'];
  else headers['content-encoding'] = kept;
  delete headers['transfer-encoding'];
  delete headers['x-amz-decoded-content-length'];
  for (const line of trailer.split('\r\n')) {
    const [, name, value] = /^([^:]+):\s*(.*?)\s*$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) headers[name.toLowerCase()] = value;
  }
  return headers;
}
