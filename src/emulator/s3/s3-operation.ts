import type { Call, OperationInfo, WireRequest, WireResponse } from '../operation.js';
import { encodeXml, type XmlSource } from '../wire/rest-xml.js';

/** One request, taken apart as S3 reads it. */
export interface Ask {
  /** What the operation may touch. */
  readonly call: Call;
  /** The request as it came. */
  readonly wire: WireRequest;
  /** '' for a request to the service itself. */
  readonly bucketName: string;
  /** Percent-decoded once; '' for a request to a bucket. */
  readonly key: string;
  /** Decoded; the first of repeated parameters counts, and one without `=` is ''. */
  readonly query: ReadonlyMap<string, string>;
}

/** One S3 operation: how a request picks it, and what it does. */
export interface S3Operation extends OperationInfo {
  /** HTTP verb. */
  readonly method: string;
  /** What the path names. */
  readonly scope: Scope;
  /** Query parameters (and `x-amz-copy-source`, a header) that pick it, sorted and joined by ','. @default '' */
  readonly selectors?: string;
  /** Does it. @throws {S3Error} before anything is changed. */
  run(ask: Ask): WireResponse;
}

/** What the path of a request names. */
export type Scope = 'service' | 'bucket' | 'object';

/** The XML namespace of S3's answers. */
const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** A request header, undefined when it is absent or empty. */
export function headerOf(ask: Ask, name: string): string | undefined {
  const value = ask.wire.headers[name];
  return value === undefined || value === '' ? undefined : value;
}

/** An answer without a body. */
export function emptyAnswer(status: number, headers: Readonly<Record<string, string>> = {}): WireResponse {
  const length: Record<string, string> = status === 204 || status === 304 ? {} : { 'Content-Length': '0' };
  return { status, headers: { ...headers, ...length }, body: new Uint8Array() };
}

/** A 200 with an XML body. */
export function xmlAnswer(
  root: string,
  value: XmlSource,
  headers: Readonly<Record<string, string>> = {},
): WireResponse {
  return {
    status: 200,
    headers: { ...headers, 'Content-Type': 'application/xml' },
    body: encodeXml(root, value, NAMESPACE),
  };
}

/** Now, cut to whole seconds, as S3 dates objects and buckets. */
export function nowInSeconds(call: Call): number {
  return Math.floor(call.now() / 1000) * 1000;
}

/** A time as S3's XML writes it. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
