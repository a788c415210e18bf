import { connect } from 'node:net';

/** An answer as it came over the wire, taken apart. */
export interface RawAnswer {
  /** HTTP status. */
  readonly status: number;
  /** By lower-case name; every name comes once. */
  readonly headers: ReadonlyMap<string, string>;
  /** What follows the headers, chunks put together. */
  readonly body: Buffer;
  /** Status line and headers as they came, in Latin-1. */
  readonly head: string;
}

/** Silence, in milliseconds, after which an answer counts as missing. */
const SILENCE_MS = 4000;

const STATUS_LINE = /^HTTP\/1\.1 ([1-5]\d\d) [\t\x20-\x7e]*$/;
const FIELD = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\x20-\x7e\t\x80-\xff]*?)[ \t]*$/;

/**
 * Sends bytes as they are over a connection of their own and reads the one answer to them.
 *
 * The connection is given up once the answer is whole, unless the request asks the server to close it: then the server must.
 *
 * @throws {Error} for an answer that is missing, broken, or followed by bytes that no framing covers.
 */
export function exchange(port: number, request: Buffer): Promise<RawAnswer> {
  const asked = request.toString('latin1');
  const isBodiless = asked.startsWith('HEAD ');
  const serverCloses = /\r\nConnection: close\r\n/i.test(asked);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, '127.0.0.1', () => socket.write(request));
    socket.setTimeout(SILENCE_MS, () => socket.destroy(new Error(silence(Buffer.concat(chunks)))));
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      if (!serverCloses && isWhole(Buffer.concat(chunks), isBodiless)) socket.end();
    });
    socket.on('error', reject);
    socket.on('close', () => {
      try {
        resolve(parseAnswer(Buffer.concat(chunks), isBodiless));
      } catch (error) {
        reject(error);
      }
    });
  });
}

/**
 * Takes one answer apart, byte for byte.
 *
 * @throws {Error} for what RFC 9112 does not allow, a header that comes twice, or bytes that the framing does not cover.
 */
export function parseAnswer(bytes: Buffer, isBodiless: boolean): RawAnswer {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) throw new Error(`no end of headers in ${JSON.stringify(bytes.toString('latin1').slice(0, 200))}`);
  const head = bytes.toString('latin1', 0, end);
  const [first = '', ...lines] = head.split('\r\n');
  const status = Number(STATUS_LINE.exec(first)?.[1]);
  if (Number.isNaN(status)) throw new Error(`bad status line ${JSON.stringify(first)}`);
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, name = '', value = ''] = FIELD.exec(line) ?? [];
    if (name === '') throw new Error(`bad header ${JSON.stringify(line)}`);
    if (headers.has(name.toLowerCase())) throw new Error(`${name} comes twice`);
    headers.set(name.toLowerCase(), value);
  }
  const rest = bytes.subarray(end + 4);
  const coding = headers.get('transfer-encoding');
  if (coding !== undefined && headers.has('content-length'))
    throw new Error('both Transfer-Encoding and Content-Length');
  if (coding === 'chunked') return { status, headers, body: readChunks(rest), head };
  if (coding !== undefined) throw new Error(`transfer-encoding is ${coding}`);
  const length = lengthOf(headers, status, isBodiless);
  if (length !== undefined && rest.byteLength !== length)
    throw new Error(`${rest.byteLength} bytes follow headers that promise ${length}`);
  return { status, headers, body: rest, head };
}

function readChunks(rest: Buffer): Buffer {
  const [, size = ''] = /^([0-9a-f]+)\r\n/i.exec(rest.toString('latin1', 0, 20)) ?? [];
  const start = size.length + 2;
  const end = start + Number.parseInt(size, 16);
  if (!rest.subarray(end, end + 2).equals(Buffer.from('\r\n'))) throw new Error('bad chunk');
  if (end > start) return Buffer.concat([rest.subarray(start, end), readChunks(rest.subarray(end + 2))]);
  if (rest.byteLength > end + 2) throw new Error('bytes follow the last chunk');
  return Buffer.alloc(0);
}

/** Bytes of the body; undefined when the end of the connection ends it. */
function lengthOf(headers: ReadonlyMap<string, string>, status: number, isBodiless: boolean): number | undefined {
  const length = headers.get('content-length');
  if (length !== undefined && !/^\d+$/.test(length)) throw new Error(`bad Content-Length ${length}`);
  if (isBodiless || status === 204 || status === 304) return 0;
  if (length === undefined && headers.get('connection') !== 'close') throw new Error('nothing ends the body');
  return length === undefined ? undefined : Number(length);
}

function isWhole(bytes: Buffer, isBodiless: boolean): boolean {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return false;
  const head = bytes.toString('latin1', 0, end);
  if (isBodiless || /^HTTP\/1\.1 (204|304) /.test(head)) return true;
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  return length !== undefined && bytes.byteLength - end - 4 >= Number(length);
}

function silence(seen: Buffer): string {
  return seen.byteLength === 0
    ? 'no answer at all'
    : `the answer ${JSON.stringify(seen.toString('latin1').slice(0, 60))} does not end, or the server does not hang up`;
}
