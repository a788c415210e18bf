import { createHash } from 'node:crypto';
import type { Evidence } from '../evidence.js';
import { jsonBody, sha256 } from '../expectation.js';

/** The beginning of the answered body, one character a byte. */
export function bodyText({ answer }: Evidence): string {
  return Buffer.from(answer.body.subarray(0, 4096)).toString('latin1');
}

/** Whether API Gateway or S3 failed. */
export function failed({ answer }: Evidence): boolean {
  return answer.status >= 500;
}

/** Whether the answer claims to carry the image or a part of it. */
export function succeeded({ answer }: Evidence): boolean {
  return answer.status === 200 || answer.status === 206;
}

/** Whether a status is among those that are due. */
export function wants({ expected }: Evidence, status: number): boolean {
  return expected.status.includes(status);
}

/** Whether a header was sent. */
export function sent({ request }: Evidence, name: string): boolean {
  return request.headers?.[name] !== undefined;
}

/** Makes a test for a failure whose execution log matches. */
export function failedWithLog(pattern: RegExp): (evidence: Evidence) => boolean {
  return (evidence) => failed(evidence) && pattern.test(evidence.log);
}

/** What S3 answered, by the execution log: '404'; undefined when the log does not tell. */
export function backendStatus({ log }: Evidence): string | undefined {
  return /Received response\. Status: (\d{3})/.exec(log)?.[1];
}

/** The type that is due; undefined when none is promised. */
export function dueType({ expected }: Evidence): string | undefined {
  const due = Object.entries(expected.headers ?? {}).find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  return typeof due === 'string' ? due : undefined;
}

/** The names of headers that are due and absent. */
export function missingHeaders({ expected, answer }: Evidence): string[] {
  return Object.keys(expected.headers ?? {}).filter((name) => answer.headers[name.toLowerCase()] === undefined);
}

/** The message of API Gateway's own JSON body. */
export function gatewayMessage({ answer }: Evidence): unknown {
  const json = jsonBody(answer);
  // AWS: an authorizer's refusal spells it with a capital M (ASFHyP3/hyp3#2283).
  return json?.['message'] ?? json?.['Message'];
}

/** Whether an answer says that no route took the request. */
export function isUnrouted({ answer, unroutedError }: Pick<Evidence, 'answer' | 'unroutedError'>): boolean {
  // AWS: the error type is recorded beside API Gateway's own body (LocalStack, TestApigatewayRouting); that it stays with a
  // customised one is guessed. It is all that an answer to HEAD has.
  if (answer.headers['x-amzn-errortype']?.startsWith('MissingAuthenticationToken')) return true;
  const json = jsonBody(answer);
  return (
    json?.['message'] === 'Missing Authentication Token' ||
    (unroutedError !== undefined && json?.['error'] === unroutedError)
  );
}

/** Whether a body holds U+FFFD in UTF-8 where the image does not explain it. */
export function looksDecodedAsText({ answer, image, request }: Evidence): boolean {
  if (!Buffer.from(answer.body).includes(REPLACEMENT)) return false;
  const whole = request.headers?.['Range'] === undefined;
  return !whole || image === undefined || sha256(answer.body) !== image.sha256;
}

/** Whether a body is the base64 text of the bytes that were due. */
export function looksLikeBase64({ answer, expected }: Evidence): boolean {
  const text = Buffer.from(answer.body).toString('latin1').trim();
  if (text === '' || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return false;
  const decoded = Buffer.from(text, 'base64');
  if (expected.body?.kind === 'digest') return sha256(decoded) === expected.body.sha256;
  return expected.body?.kind === 'bytes' && Buffer.compare(decoded, expected.body.bytes) === 0;
}

/** Each byte that is not UTF-8 becomes these three when API Gateway takes an image for text. */
const REPLACEMENT = Buffer.from([0xef, 0xbf, 0xbd]);

/** Whether the body is what its ETag was made of, as far as that tells: AWS makes it of the MD5 where KMS is not used. */
export function carriesOwnTag({ answer }: Evidence): boolean {
  return answer.headers['etag'] === `"${createHash('md5').update(answer.body).digest('hex')}"`;
}
