import { createHash, timingSafeEqual } from 'node:crypto';

import { SignatureV4 } from '@smithy/signature-v4';
import type { WireRequest } from './operation.js';
import { Sha256 } from './sha256.js';

/** What an Authorization header of Signature Version 4 says. */
export interface SignatureClaim {
  /** Whose key it claims to be signed with. */
  readonly accessKeyId: string;
  /** Day of the credential scope: '20260131'. */
  readonly day: string;
  /** Region in the credential scope. */
  readonly region: string;
  /** Name in the credential scope: 's3', 'apigateway', 'execute-api'. */
  readonly service: string;
  /** Lower-case names. */
  readonly signedHeaders: readonly string[];
  /** 64 hexadecimal digits. */
  readonly signature: string;
}

const CREDENTIAL = /^([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request$/;

/** Reads an Authorization header; undefined when it is not a whole one of Signature Version 4. */
export function parseAuthorization(header: string): SignatureClaim | undefined {
  const [, rest] = /^AWS4-HMAC-SHA256\s+(.*)$/.exec(header) ?? [];
  if (rest === undefined) return undefined;
  const parts = new Map(rest.split(',').map((part) => splitOnce(part.trim())));
  const [, accessKeyId, day, region, service] = CREDENTIAL.exec(parts.get('Credential') ?? '') ?? [];
  const signedHeaders = parts.get('SignedHeaders')?.split(';');
  const signature = parts.get('Signature');
  if (accessKeyId === undefined || day === undefined || region === undefined || service === undefined) return undefined;
  if (signedHeaders === undefined || signature === undefined) return undefined;
  return { accessKeyId, day, region, service, signedHeaders, signature };
}

function splitOnce(text: string): [string, string] {
  const at = text.indexOf('=');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

/** Moment of the X-Amz-Date header in milliseconds since 1970; undefined when there is none or it is malformed. */
export function signedAt(request: WireRequest): number | undefined {
  const [, ...parts] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(request.headers['x-amz-date'] ?? '') ?? [];
  const [year, month = 0, day, hour, minute, second] = parts.map(Number);
  return year === undefined ? undefined : Date.UTC(year, month - 1, day, hour, minute, second);
}

/**
 * Whether a request was signed, as it stands, with a secret.
 *
 * The host, every signed header, the raw path and the query count, and the body by its hash (see `bodyMatches`). A signature that leaves out
 * `host` or `x-amz-date` is refused.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export async function isSignedBy(
  request: WireRequest,
  claim: SignatureClaim,
  secretAccessKey: string,
): Promise<boolean> {
  const atMs = signedAt(request);
  const { signedHeaders } = claim;
  if (atMs === undefined || !signedHeaders.includes('host') || !signedHeaders.includes('x-amz-date')) return false;
  const signer = new SignatureV4({
    credentials: { accessKeyId: claim.accessKeyId, secretAccessKey },
    region: claim.region,
    service: claim.service,
    sha256: Sha256,
    // AWS: every service but S3 signs the path percent-encoded once more. (IAM User Guide, "Create a signed AWS API request")
    uriEscapePath: claim.service !== 's3',
    applyChecksum: false,
  });
  const signed = await signer.sign(
    {
      method: request.method,
      protocol: 'https:',
      hostname: request.host,
      path: request.path,
      query: parseQuery(request.query),
      headers: headersToSign(request, signedHeaders),
      body: request.body,
    },
    { signingDate: new Date(atMs), signableHeaders: new Set(signedHeaders) },
  );
  const expected = parseAuthorization(signed.headers['authorization'] ?? '');
  // AWS: the names of the signed headers are signed too, those of headers that were not sent among them. (IAM User Guide, same page)
  const names = expected?.signedHeaders.join(';');
  return (
    expected?.day === claim.day && names === signedHeaders.join(';') && isEqual(expected.signature, claim.signature)
  );
}

/**
 * Whether the body is the one that X-Amz-Content-Sha256 names. True without that header, since the signature then covers the body itself,
 * and for the `UNSIGNED-…` and `STREAMING-…` marks, which name none.
 */
export function bodyMatches(request: WireRequest): boolean {
  const claimed = request.headers['x-amz-content-sha256'];
  if (claimed === undefined || /^(UNSIGNED|STREAMING)-/.test(claimed)) return true;
  return createHash('sha256').update(request.body).digest('hex') === claimed;
}

function headersToSign(request: WireRequest, names: readonly string[]): Record<string, string> {
  const hash = request.headers['x-amz-content-sha256'];
  // The signer takes the payload's hash from this header if it is there, signed or not; otherwise from the body.
  const headers: Record<string, string> = hash === undefined ? {} : { 'x-amz-content-sha256': hash };
  for (const name of names) {
    const value = request.headers[name];
    if (value !== undefined) headers[name] = value;
  }
  return headers;
}

function parseQuery(query: string): Record<string, string[]> {
  const bag = new Map<string, string[]>();
  for (const pair of query.split('&').filter((part) => part !== '')) {
    const [name, value] = splitOnce(pair).map(decode);
    if (name !== undefined && value !== undefined) bag.set(name, [...(bag.get(name) ?? []), value]);
  }
  return Object.fromEntries(bag);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A lone % cannot have been signed as anything but itself.
    return text;
  }
}

function isEqual(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}
