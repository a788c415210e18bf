import { createHmac, hash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Body } from './long-body.js';

/** How the SDK reaches a bucket. */
export interface Lane {
  readonly protocol: string;
  readonly hostname: string;
  readonly port: number | undefined;
  /** Hostname, and the port where it is not the protocol's own. */
  readonly host: string;
  /** What the path of a key begins with, without a slash at the end. */
  readonly prefix: string;
  /** Region that signatures are for. */
  readonly region: string;
  readonly userAgent: string;
}

/** A put as it is signed. */
export interface Plain {
  /** As it stands in a path. */
  readonly key: string;
  readonly body: Body;
  /** SHA-256 of the body, in lower-case hex. */
  readonly sha256: string;
  /** CRC-32 of the body, in Base64. */
  readonly checksum: string;
  /** By lower-case names, in the order of signing. The date is still empty. */
  readonly headers: Record<string, string>;
}

/** `20261123T103218Z` */
function toAmzDate(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
}

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

type Sign = (lane: Lane, plain: Plain, keys: Keys, ms: number) => SignedPut;

/**
 * Makes what signs puts by Signature Version 4. It keeps what the last put has in common with the next: the time in whole
 * seconds, and the signing key, which serves a secret, a day and a Region.
 */
export function createSign(): Sign {
  let second = { at: Number.NaN, date: '' };
  let last: { readonly secret: string; readonly scope: string; readonly key: Buffer } | undefined;
  return (lane, { key, body, sha256, headers }, { accessKeyId, secretAccessKey: secret, sessionToken = '' }, ms) => {
    const at = Math.floor(ms / 1000);
    if (second.at !== at) second = { at, date: toAmzDate(at * 1000) };
    const { date } = second;
    const scope = `${date.slice(0, 8)}/${lane.region}/s3/aws4_request`;
    if (last?.secret !== secret || last.scope !== scope) last = { secret, scope, key: deriveKey(secret, scope) };
    headers['x-amz-date'] = date;
    if (sessionToken !== '') headers['x-amz-security-token'] = sessionToken;
    const path = `${lane.prefix}/${key}`;
    const { list, digest } = digestOf(path, headers, sha256);
    const signature = hmac(last.key, `AWS4-HMAC-SHA256\n${date}\n${scope}\n${digest}`).toString('hex');
    headers['authorization'] =
      `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${list}, Signature=${signature}`;
    headers['user-agent'] = lane.userAgent;
    const { protocol, hostname, port } = lane;
    const sent = body instanceof Uint8Array ? body : Readable.from(body.pieces(), { objectMode: false });
    return { method: 'PUT', protocol, hostname, port, path, query: NO_QUERY, headers, body: sent };
  };
}

/** A request as the SDK's transports take it. */
export interface SignedPut extends Pick<Lane, 'protocol' | 'hostname' | 'port'> {
  readonly method: 'PUT';
  readonly path: string;
  readonly query: typeof NO_QUERY;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | Readable;
}

const NO_QUERY: Readonly<Record<string, never>> = {};

function deriveKey(secret: string, scope: string): Buffer {
  return scope.split('/').reduce<Buffer>((key, part) => hmac(key, part), Buffer.from(`AWS4${secret}`));
}

/** The list of signed headers, and the digest of the canonical request that they are part of. */
function digestOf(
  path: string,
  headers: Readonly<Record<string, string>>,
  sha256: string,
): { readonly list: string; readonly digest: string } {
  let [list, lines] = ['', ''];
  for (const name in headers) {
    // The SDK does not sign this one either: a proxy may change it.
    if (name === 'cache-control') continue;
    list += list === '' ? name : `;${name}`;
    lines += `${name}:${headers[name]}\n`;
  }
  const canonical = `PUT\n${path}\n\n${lines}\n${list}\n${sha256}`;
  return { list, digest: hash('sha256', canonical, 'hex') };
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
