import { deflateSync, gzipSync } from 'node:zlib';
import { type Answer, type ClientRequest, clientHeader } from './context.js';

/**
 * Compresses an answer of at least `minimumBytes` for a client that accepts gzip or deflate; one that already has a Content-Encoding
 * stays as it is.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gzip-compression-decompression.html
 */
export function compress(answer: Answer, client: ClientRequest, minimumBytes: number | undefined): Answer {
  const { bytes } = answer.payload;
  const coded = Object.keys(answer.headers).some((name) => name.toLowerCase() === 'content-encoding');
  if (minimumBytes === undefined || coded || bytes.byteLength === 0 || bytes.byteLength < minimumBytes) return answer;
  const coding = chooseCoding(clientHeader(client, 'accept-encoding') ?? '');
  if (coding === undefined) return answer;
  const packed = coding === 'gzip' ? gzipSync(bytes) : deflateSync(bytes);
  return {
    ...answer,
    headers: { ...answer.headers, 'Content-Encoding': coding },
    payload: { bytes: packed, binary: true },
  };
}

function chooseCoding(acceptEncoding: string): 'gzip' | 'deflate' | undefined {
  const accepted = acceptEncoding
    .split(',')
    .filter((entry) => !/;\s*q=0(\.0*)?\s*$/.test(entry))
    .map((entry) => entry.split(';')[0]?.trim());
  return (['gzip', 'deflate'] as const).find((coding) => accepted.includes(coding));
}
