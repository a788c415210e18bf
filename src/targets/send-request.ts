import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { AwsError } from '../errors.js';
import type { ApiAnswer, ApiRequest } from './target.js';

const TIMEOUT_MS = 35_000;

/**
 * Sends a request as it stands. `fetch` would normalise the path and add an Accept of its own, and both matter here.
 *
 * @throws {AwsError} when no answer comes within 35 s, longer than API Gateway itself waits.
 */
export function sendRequest({ method, url, headers }: ApiRequest): Promise<ApiAnswer> {
  const { protocol, hostname: host, port, origin } = new URL(url);
  // A URL keeps the brackets of an IPv6 address, and Node's look-up does not know them.
  const hostname = host.replace(/^\[|\]$/g, '');
  const send = protocol === 'https:' ? requestHttps : requestHttp;
  const path = url.slice(origin.length) || '/';
  return new Promise((resolve, reject) => {
    const failed = (cause: Error): void => reject(noAnswer(url, cause));
    const request = send({ method, hostname, port, path, headers, agent: false, timeout: TIMEOUT_MS }, (answer) => {
      readAnswer(answer).then(resolve, failed);
    });
    request.on('error', failed);
    request.on('timeout', () => request.destroy(new Error(`no answer in ${TIMEOUT_MS / 1_000} s`)));
    request.end();
  });
}

async function readAnswer(answer: IncomingMessage): Promise<ApiAnswer> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  const headers = Object.fromEntries(
    Object.entries(answer.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
  return { status: answer.statusCode ?? 0, headers, body: Buffer.concat(chunks) };
}

function noAnswer(url: string, cause: Error): AwsError {
  const code = (cause as NodeJS.ErrnoException).code ?? 'Unknown';
  return new AwsError(
    `Cannot reach ${url}: ${cause.message}.`,
    { service: 'API Gateway', operation: 'Invoke', awsCode: code },
    { code: 'API_UNREACHABLE', suggestions: ['check the network, then run the same command again'], cause },
  );
}
