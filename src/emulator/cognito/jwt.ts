import { createPublicKey, sign, verify } from 'node:crypto';
import type { SigningKey } from './signing-keys.js';

/** A token taken apart; nothing of it is to be believed before its signature is. */
export interface Jwt {
  /** Of the header: what it says it is signed with. */
  readonly alg: unknown;
  /** Of the header: the key it says it is signed with. */
  readonly kid: unknown;
  /** What it says. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** The text that is signed. */
  readonly signed: string;
  /** The bytes of the signature. */
  readonly signature: Buffer;
}

/** Signs claims with RS256. @see https://www.rfc-editor.org/rfc/rfc7515 */
export function signJwt({ kid, privateKey }: SigningKey, claims: Readonly<Record<string, unknown>>): string {
  const signed = [{ kid, alg: 'RS256' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), privateKey).toString('base64url')}`;
}

/** Takes a token apart; undefined for what is none. */
export function parseJwt(token: string): Jwt | undefined {
  const parts = token.split('.');
  const [header, claims] = parts.slice(0, 2).map(parseJson);
  const signature = fromBase64Url(parts[2] ?? '');
  if (parts.length !== 3 || header === undefined || claims === undefined || signature === undefined) return undefined;
  return { alg: header['alg'], kid: header['kid'], claims, signed: parts.slice(0, 2).join('.'), signature };
}

/** Whether a token is signed by one of `keys`, with RS256 and nothing else: an algorithm that the token could choose would be the forger's. */
export function isSignedBy({ alg, kid, signed, signature }: Jwt, keys: readonly SigningKey[]): boolean {
  const key = keys.find((each) => each.kid === kid);
  if (alg !== 'RS256' || key === undefined) return false;
  const publicKey = createPublicKey({ key: { kty: 'RSA', n: key.n, e: key.e }, format: 'jwk' });
  return verify('RSA-SHA256', Buffer.from(signed), publicKey, signature);
}

/** Bytes of text that is spelt as it must be: Node also reads what has letters too many, which would let a token be altered unnoticed. */
function fromBase64Url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}

function parseJson(part: string): Record<string, unknown> | undefined {
  const text = fromBase64Url(part)?.toString();
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
