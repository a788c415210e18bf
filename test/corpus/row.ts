/** How it is known that API Gateway answers so; 'http' for what RFC 9110 and RFC 9112 settle. */
export type Known = 'recorded' | 'documented' | 'guessed' | 'http';

/** One answer that is right. */
export type Wanted =
  /** The bytes of an image, or those from `first` to `last` as a 206. */
  | { readonly kind: 'image'; readonly key: string; readonly part?: readonly [first: number, last: number] }
  /** The headers of an image and nothing else: HEAD, or 304. */
  | { readonly kind: 'headers'; readonly key: string; readonly status: 200 | 206 | 304 }
  /** Our JSON, naming this error; no body when HEAD asked. */
  | { readonly kind: 'error'; readonly status: number; readonly error: string }
  /** What a browser is told before it asks across origins. */
  | { readonly kind: 'preflight' }
  /** A refusal at the front door, which nobody can shape. */
  | { readonly kind: 'door'; readonly status: number; readonly body: string };

/** One request, and every answer that is right. */
export interface Row {
  /** What it has in common with the rows around it: 'traversal'. */
  readonly family: string;
  /** Bytes as they go over the wire, in Latin-1; `{host}`, `{api}`, `{bucket}`, and `{etag}` and `{modified}` of waves.png are filled in. */
  readonly request: string;
  /** At least one; any of them will do. */
  readonly wanted: readonly Wanted[];
  /** Where what is right is known from. */
  readonly known: Known;
}

/** The whole image under a key. */
export const image = (key: string): Wanted => ({ kind: 'image', key });
/** Some bytes of an image, both ends counted. */
export const part = (key: string, first: number, last: number): Wanted => ({ kind: 'image', key, part: [first, last] });
/** An answer to HEAD, or a 304. */
export const headersOf = (key: string, status: 200 | 206 | 304 = 200): Wanted => ({ kind: 'headers', key, status });
const error = (status: number, name: string): Wanted => ({ kind: 'error', status, error: name });
const door = (status: number, body: string): Wanted => ({ kind: 'door', status, body });

/** Leave to ask across origins, from anywhere. */
export const PREFLIGHT: Wanted = { kind: 'preflight' };
/** Our JSON for an image that is not there. */
export const NO_IMAGE = error(404, 'ImageNotFound');
/** Our JSON for a path or a verb that nothing serves. */
export const NO_ROUTE = error(404, 'NotFound');
/** Our JSON for a path that nobody may ask for. */
export const NOT_ALLOWED = error(403, 'Forbidden');
/** Our JSON for an image that S3 keeps from the gateway. */
export const HIDDEN = error(403, 'ImageForbidden');
/** Our JSON for a path that S3 takes for no key. */
export const BAD_PATH = error(400, 'BadImagePath');
/** Our JSON for conditions that do not hold. */
export const FAILED = error(412, 'PreconditionFailed');
/** Our JSON for bytes that the image does not have. */
export const NO_RANGE = error(416, 'RangeNotSatisfiable');
/** Our JSON for a request that no template reads. */
export const BAD_TYPE = error(415, 'UNSUPPORTED_MEDIA_TYPE');
/** Our JSON for an image store that fails. */
export const STORE_FAILED = error(502, 'ImageStoreFailed');
/** Our JSON for an image store that is busy. */
export const STORE_BUSY = error(503, 'ImageStoreBusy');
/** Our JSON for whoever asks too much. */
export const TOO_MANY = error(429, 'TooManyRequests');
/** API Gateway's own words for a target that is no address. */
export const BAD_TARGET = door(400, '{"message":"Bad Request"}');
/** API Gateway's own words for an API or a stage that is not there. */
export const NO_STAGE = door(403, '{"message":"Forbidden"}');
/** The server's words for a request that is for nobody here. */
export const BAD_REQUEST = door(400, 'Bad Request');
/** The server's answer to what is no HTTP. */
export const NOT_HTTP = door(400, '');
/** The server's answer to more headers than it reads. */
export const TOO_LONG = door(431, '');
/** API Gateway's own words for more than 10 MB. */
export const TOO_LARGE = door(413, 'HTTP content length exceeded 10485760 bytes.');

/** A request whose target and headers stand as they are given; each header is one line without its end. */
export function send(verb: string, target: string, headers: readonly string[] = [], body = ''): string {
  const lines = [`${verb} ${target} HTTP/1.1`, 'Host: {host}', ...headers];
  if (body !== '') lines.push(`Content-Length: ${Buffer.byteLength(body, 'latin1')}`);
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

/** GET of a target. */
export const get = (target: string, ...headers: readonly string[]): string => send('GET', target, headers);
/** HEAD of a target. */
export const head = (target: string, ...headers: readonly string[]): string => send('HEAD', target, headers);

/** Rows of one family that are known in one way: each a request and what is right to answer. */
export function family(
  name: string,
  known: Known,
  rows: readonly (readonly [request: string, ...wanted: Wanted[]])[],
): readonly Row[] {
  return rows.map(([request, ...wanted]) => ({ family: name, known, request, wanted }));
}
