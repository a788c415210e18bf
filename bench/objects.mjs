// The objects of the sink's fast path: what S3 keeps of an object, without its bytes.
import { createHash } from 'node:crypto';

/** Where pixgate keeps its own lists: the only bodies that anybody reads back. */
const KEPT_BODIES = '.pixgate/';
const KEPT_HEADERS =
  /^(content-type|cache-control|content-disposition|content-encoding|content-language|expires|x-amz-meta-.*)$/;
const PAGE = 1000;

/** The objects of one bucket. Keys are ASCII, so the order of strings is that of bytes. */
export class Objects {
  #byKey = new Map();
  #sorted;

  get size() {
    return this.#byKey.size;
  }

  /** Answers { status, headers, body } to one request for an object. `body` comes whole. */
  answer(method, key, headers, body) {
    const there = this.#byKey.get(key);
    const refusal = refuse(method, there, headers);
    if (refusal !== undefined) return refusal;
    if (method === 'PUT') return this.#put(key, headers, body);
    if (method === 'DELETE') {
      if (this.#byKey.delete(key)) this.#sorted = undefined;
      return { status: 204 };
    }
    if (there === undefined) return failure(404, 'NoSuchKey');
    const { etag, size, modified, stored, bytes } = there;
    const told = {
      ...stored,
      ETag: etag,
      'Last-Modified': modified.toUTCString(),
      'Content-Length': String(size),
      'Accept-Ranges': 'bytes',
    };
    if (method === 'HEAD') return { status: 200, headers: told };
    return bytes === undefined ? failure(501, 'NotImplemented') : read(bytes, told, headers.range);
  }

  #put(key, headers, sent) {
    const isChunked = /STREAMING-/.test(headers['x-amz-content-sha256'] ?? '');
    const { body, trailer } = isChunked ? unpack(sent) : { body: sent, trailer: {} };
    const etag = `"${createHash('md5').update(body).digest('hex')}"`;
    const stored = Object.fromEntries(Object.entries(headers).filter(([name]) => KEPT_HEADERS.test(name)));
    if (isChunked) delete stored['content-encoding'];
    if (!this.#byKey.has(key)) this.#sorted = undefined;
    this.#byKey.set(key, {
      etag,
      size: body.length,
      // AWS: S3 keeps whole seconds.
      modified: new Date(Math.floor(Date.now() / 1000) * 1000),
      stored,
      bytes: key.startsWith(KEPT_BODIES) ? Buffer.from(body) : undefined,
    });
    const checksum = headers['x-amz-checksum-crc32'] ?? trailer['x-amz-checksum-crc32'];
    return {
      status: 200,
      headers: { ETag: etag, ...(checksum === undefined ? {} : { 'x-amz-checksum-crc32': checksum }) },
    };
  }

  /** One page of ListObjectsV2, as XML. */
  list(bucket, query) {
    const [prefix, delimiter] = [query.get('prefix') ?? '', query.get('delimiter') ?? ''];
    const limit = Math.min(Number(query.get('max-keys') ?? PAGE), PAGE);
    const isEncoded = query.get('encoding-type') === 'url';
    const spell = (key) => (isEncoded ? encodeURIComponent(key).replaceAll('%2F', '/') : escapeXml(key));
    this.#sorted ??= [...this.#byKey.keys()].sort();
    const keys = this.#sorted;
    const after = query.get('continuation-token') ?? query.get('start-after');
    let at = Math.max(firstFrom(keys, prefix), after === null ? 0 : firstFrom(keys, `${after}\0`));
    let [items, count, last] = ['', 0, ''];
    for (; count < limit && at < keys.length && keys[at].startsWith(prefix); count += 1) {
      const cut = delimiter === '' ? -1 : keys[at].indexOf(delimiter, prefix.length);
      if (cut < 0) {
        const { etag, size, modified } = this.#byKey.get(keys[at]);
        last = keys[at];
        items += `<Contents><Key>${spell(last)}</Key><LastModified>${modified.toISOString()}</LastModified><ETag>&quot;${etag.slice(1, -1)}&quot;</ETag><Size>${size}</Size><StorageClass>STANDARD</StorageClass></Contents>`;
        at += 1;
      } else {
        const group = keys[at].slice(0, cut + delimiter.length);
        last = `${group}\u{10ffff}`;
        items += `<CommonPrefixes><Prefix>${spell(group)}</Prefix></CommonPrefixes>`;
        at = firstFrom(keys, last);
      }
    }
    const isCut = at < keys.length && keys[at].startsWith(prefix);
    const next = isCut ? `<NextContinuationToken>${escapeXml(last)}</NextContinuationToken>` : '';
    return `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>${bucket}</Name><Prefix>${spell(prefix)}</Prefix><KeyCount>${count}</KeyCount><MaxKeys>${limit}</MaxKeys>${delimiter === '' ? '' : `<Delimiter>${escapeXml(delimiter)}</Delimiter>`}${isEncoded ? '<EncodingType>url</EncodingType>' : ''}<IsTruncated>${isCut}</IsTruncated>${items}${next}</ListBucketResult>`;
  }
}

/** An answer of S3 that refuses. */
export function failure(status, code) {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${code}</Message></Error>`;
  return { status, headers: { 'Content-Type': 'application/xml' }, body: Buffer.from(body) };
}

/** What the conditions of a request refuse; undefined when they hold. */
function refuse(method, there, headers) {
  const { 'if-match': match, 'if-none-match': noneMatch } = headers;
  const isRead = method === 'GET' || method === 'HEAD';
  const is = (wanted) =>
    there !== undefined && (wanted === '*' || wanted.replaceAll('"', '') === there.etag.slice(1, -1));
  if (match !== undefined && !is(match))
    return there === undefined && !isRead ? failure(404, 'NoSuchKey') : failure(412, 'PreconditionFailed');
  if (noneMatch !== undefined && is(noneMatch))
    return isRead ? { status: 304, headers: { ETag: there.etag } } : failure(412, 'PreconditionFailed');
  return undefined;
}

/** All of an object, or the one range that is asked for; pixgate begins each where the one before ended. */
function read(bytes, headers, range) {
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(range ?? '') ?? [];
  if (first === undefined) return { status: 200, headers, body: bytes };
  const body = bytes.subarray(Number(first), Number(last) + 1);
  if (body.length === 0) return failure(416, 'InvalidRange');
  const found = `bytes ${first}-${Number(first) + body.length - 1}/${bytes.length}`;
  return { status: 206, headers: { ...headers, 'Content-Length': String(body.length), 'Content-Range': found }, body };
}

/** The bytes of an `aws-chunked` body, and the headers that come after them. */
function unpack(sent) {
  const parts = [];
  let at = 0;
  for (;;) {
    const end = sent.indexOf('\r\n', at);
    const size = Number.parseInt(sent.toString('latin1', at, end), 16);
    at = end + 2;
    if (size === 0) break;
    parts.push(sent.subarray(at, at + size));
    at += size + 2;
  }
  const lines = sent
    .toString('latin1', at)
    .split('\r\n')
    .filter((line) => line.includes(':'));
  const trailer = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]),
  );
  return { body: parts.length === 1 ? parts[0] : Buffer.concat(parts), trailer };
}

/** Index of the first key that is not before `wanted`. */
function firstFrom(keys, wanted) {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (keys[middle] < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

function escapeXml(text) {
  return text.replace(/[<>&"\u{10ffff}]/gu, (is) => `&#${is.codePointAt(0)};`);
}
