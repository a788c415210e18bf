import { describe, expect, it } from 'vitest';
import type { WireRequest } from '../../src/emulator/index.js';
import { judgeAnswer, judgeSent, type Surroundings } from './judge.js';
import { parseAnswer, type RawAnswer } from './raw-socket.js';
import { get, head, headersOf, image, NO_IMAGE, part, type Wanted } from './row.js';

const WHOLE = Buffer.from('a picture of the sea');
const CANARY = Array.from({ length: 64 }, (_, n) => (n * 2_654_435_761).toString(36))
  .join('')
  .slice(0, 256);
const AROUND: Surroundings = {
  images: new Map([['sea.png', WHOLE]]),
  canaries: [CANARY],
  secrets: ['pixgate-holiday-bucket', '000000000000'],
  bucket: 'pixgate-holiday-bucket',
};
const SECURE = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
  'access-control-allow-origin': '*',
};
const IMAGE_HEADERS = {
  ...SECURE,
  'content-type': 'image/png',
  'cache-control': 'public, max-age=300',
  etag: '"1d1944056b2737b64a13cba0cfc77ebb"',
  'last-modified': 'Tue, 28 Jul 2026 09:45:44 GMT',
  'accept-ranges': 'bytes',
};
const ERROR_HEADERS = { ...SECURE, 'content-type': 'application/json', 'cache-control': 'no-store' };
const ERROR_BODY = {
  error: 'ImageNotFound',
  message: 'No image at /dev/images/none.png.',
  requestId: '1b7e2011-5451-41c2-8cdd-846a03e0bb66',
};

type Headers = Readonly<Record<string, string | undefined>>;

function answer(status: number, headers: Headers, body: string | Buffer): RawAnswer {
  const present = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : ([[name, value]] as const),
  );
  const lines = present.map(([name, value]) => `${name}: ${value}`);
  return {
    status,
    headers: new Map(present),
    body: Buffer.from(body),
    head: ['HTTP/1.1 200 OK', ...lines].join('\r\n'),
  };
}

const imageAnswer = (headers: Headers = {}, body: string | Buffer = WHOLE, status = 200): RawAnswer =>
  answer(status, { ...IMAGE_HEADERS, ...headers }, body);
const errorAnswer = (headers: Headers = {}, body: unknown = ERROR_BODY, status = 404): RawAnswer =>
  answer(status, { ...ERROR_HEADERS, ...headers }, typeof body === 'string' ? body : JSON.stringify(body));

const SEA = get('/dev/images/sea.png');
const NONE = get('/dev/images/none.png');

describe('judgeAnswer()', () => {
  const right: readonly (readonly [string, string, Wanted, RawAnswer])[] = [
    ['a whole image', SEA, image('sea.png'), imageAnswer()],
    ['a part', SEA, part('sea.png', 2, 4), imageAnswer({ 'content-range': 'bytes 2-4/20' }, 'pic', 206)],
    ['a 304', SEA, headersOf('sea.png', 304), imageAnswer({}, '', 304)],
    ['HEAD', head('/dev/images/sea.png'), headersOf('sea.png'), imageAnswer({ 'x-object-size': '20' }, '')],
    ['an error', NONE, NO_IMAGE, errorAnswer()],
    ['an error to HEAD', head('/dev/images/none.png'), NO_IMAGE, errorAnswer({}, '')],
    [
      'a path that the client wrote himself',
      get('/dev/images/pixgate-holiday-bucket'),
      NO_IMAGE,
      errorAnswer({}, { ...ERROR_BODY, message: 'No image at /dev/images/pixgate-holiday-bucket.' }),
    ],
    ['31 bytes of a canary', NONE, NO_IMAGE, errorAnswer({}, { ...ERROR_BODY, message: CANARY.slice(3, 34) })],
  ];
  it.each(right)('judgeAnswer() finds nothing wrong with %s', (_, request, wanted, is) => {
    expect(judgeAnswer(request, [wanted], is, AROUND)).toEqual([]);
  });

  it('judgeAnswer() is content with any of several wanted answers', () => {
    expect(judgeAnswer(NONE, [image('sea.png'), NO_IMAGE], errorAnswer(), AROUND)).toEqual([]);
  });

  const wrong: readonly (readonly [string, string, Wanted, RawAnswer, RegExp])[] = [
    ['a wrong status', SEA, image('sea.png'), imageAnswer({}, WHOLE, 203), /^status is 203, not 200$/],
    ['other bytes', SEA, image('sea.png'), imageAnswer({}, 'a picture of the see'), /^digest is /],
    ['base64 for bytes', SEA, image('sea.png'), imageAnswer({}, WHOLE.toString('base64')), /^digest is /],
    ['another type', SEA, image('sea.png'), imageAnswer({ 'content-type': 'text/html' }), /^content-type is /],
    ['no nosniff', SEA, image('sea.png'), imageAnswer({ 'x-content-type-options': undefined }), /nosniff/],
    [
      'no CSP',
      SEA,
      image('sea.png'),
      imageAnswer({ 'content-security-policy': undefined }),
      /^content-security-policy/,
    ],
    ['no CORS', SEA, image('sea.png'), imageAnswer({ 'access-control-allow-origin': undefined }), /^access-control-a/],
    ['no date', SEA, image('sea.png'), imageAnswer({ 'last-modified': undefined }), /^Last-Modified is missing$/],
    [
      'a header of S3',
      SEA,
      image('sea.png'),
      imageAnswer({ 'x-amz-request-id': 'A1' }),
      /^has header x-amz-request-id$/,
    ],
    [
      'a stranger in a header',
      SEA,
      image('sea.png'),
      imageAnswer({ etag: '"000000000000"' }),
      /^tells of 000000000000$/,
    ],
    ['an error without nosniff', NONE, NO_IMAGE, errorAnswer({ 'x-content-type-options': undefined }), /nosniff/],
    ['an error without CORS', NONE, NO_IMAGE, errorAnswer({ 'access-control-allow-origin': undefined }), /^access-c/],
    ['an error that may be kept', NONE, NO_IMAGE, errorAnswer({ 'cache-control': 'max-age=9' }), /^cache-control is /],
    ['another error', NONE, NO_IMAGE, errorAnswer({}, { ...ERROR_BODY, error: 'Other' }), /^error is "Other"/],
    ['more than our shape', NONE, NO_IMAGE, errorAnswer({}, { ...ERROR_BODY, stack: 'at' }), /^not our shape/],
    ['no JSON', NONE, NO_IMAGE, errorAnswer({}, 'oops'), /^no JSON: "oops"$/],
    ["S3's XML", NONE, NO_IMAGE, errorAnswer({}, { ...ERROR_BODY, message: '<Error>' }), /^tells S3's XML$/],
    [
      'a bucket',
      NONE,
      NO_IMAGE,
      errorAnswer({}, { ...ERROR_BODY, message: 'pixgate-holiday-bucket' }),
      /^tells of pix/,
    ],
    [
      '32 bytes of a canary',
      NONE,
      NO_IMAGE,
      errorAnswer({}, { ...ERROR_BODY, message: CANARY.slice(3, 35) }),
      /^canary/,
    ],
    ['an image with a canary', SEA, image('sea.png'), imageAnswer({}, `xx${CANARY.slice(224)}`), /^canary/],
  ];
  it.each(wrong)('judgeAnswer() finds %s', (_, request, wanted, is, fault) => {
    expect(judgeAnswer(request, [wanted], is, AROUND)).toContainEqual(expect.stringMatching(fault));
  });
});

describe('judgeSent()', () => {
  const host = 's3.eu-west-1.amazonaws.com';
  const sound: WireRequest = {
    method: 'GET',
    host,
    path: '/pixgate-holiday-bucket/images/sea.png',
    query: '',
    headers: { host, accept: 'application/json', range: 'bytes=0-9' },
    body: new Uint8Array(),
  };

  it('judgeSent() finds nothing wrong with a read below the prefix', () => {
    expect(judgeSent([sound, { ...sound, method: 'HEAD' }], AROUND)).toEqual([]);
  });

  const wrong: readonly (readonly [string, Partial<WireRequest>, string])[] = [
    ['a verb that writes', { method: 'PUT' }, 'S3 was sent a PUT'],
    ['a query', { query: 'acl' }, 'S3 was asked for /pixgate-holiday-bucket/images/sea.png?acl'],
    ['another bucket', { path: '/other/images/sea.png' }, 'S3 was asked for /other/images/sea.png?'],
    [
      'what lies beside the prefix',
      { path: '/pixgate-holiday-bucket/a' },
      'S3 was asked for /pixgate-holiday-bucket/a?',
    ],
    ["a client's host", { headers: { host: 'x.example' } }, 'S3 was called s3.eu-west-1.amazonaws.com'],
    ["a client's x-amz-acl", { headers: { host, 'x-amz-acl': 'private' } }, 'S3 was sent x-amz-acl'],
    ["a client's Authorization", { headers: { host, authorization: 'x' } }, 'S3 was sent authorization'],
    ["a client's word", { headers: { host, range: 'evil' } }, 'S3 was sent range: evil'],
    ['a body', { body: Buffer.from('x') }, 'S3 was sent a body'],
  ];
  it.each(wrong)('judgeSent() finds %s', (_, change, fault) => {
    expect(judgeSent([{ ...sound, ...change }], AROUND)).toEqual([fault]);
  });
});

describe('parseAnswer()', () => {
  it('parseAnswer() takes an answer apart', () => {
    const { status, headers, body } = parseAnswer(
      Buffer.from('HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\nA: b \r\n\r\nok'),
      false,
    );

    expect({ status, headers: [...headers], body: body.toString() }).toEqual({
      status: 404,
      headers: [
        ['content-length', '2'],
        ['a', 'b'],
      ],
      body: 'ok',
    });
  });

  it.each([
    ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n1\r\n!\r\n0\r\n\r\n', 'ok!'],
    ['HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\nno', 'no'],
    ['HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n', ''],
  ])('parseAnswer() reads the body of %j', (text, body) => {
    expect(parseAnswer(Buffer.from(text), false).body.toString()).toBe(body);
  });

  it.each([
    ['', false, /^no end of headers/],
    ['HTTP/1.1 200 OK\r\nContent-Length: 2\r\n', false, /^no end of headers/],
    ['HTTP/2 200 OK\r\n\r\n', false, /^bad status line/],
    ['HTTP/1.1 OK\r\n\r\n', false, /^bad status line/],
    ['HTTP/1.1 200 OK\r\nContent-Length : 0\r\n\r\n', false, /^bad header/],
    ['HTTP/1.1 200 OK\r\nA: b\nEvil: c\r\n\r\n', false, /^bad header/],
    ['HTTP/1.1 200 OK\r\nA: b\r\na: c\r\n\r\n', false, /^a comes twice$/],
    ['HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nlong', false, /^4 bytes follow headers that promise 2$/],
    ['HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nok', false, /^2 bytes follow headers that promise 4$/],
    ['HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok', true, /^2 bytes follow headers that promise 0$/],
    ['HTTP/1.1 304 Not Modified\r\nContent-Length: 2\r\n\r\nok', false, /^2 bytes follow headers that promise 0$/],
    ['HTTP/1.1 204 No Content\r\n\r\nok', false, /^2 bytes follow headers that promise 0$/],
    ['HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\nok', false, /^bad Content-Length two$/],
    ['HTTP/1.1 200 OK\r\n\r\nok', false, /^nothing ends the body$/],
    ['HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nok', false, /^transfer-encoding is gzip$/],
    ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nHTTP/1.1 200 OK', false, /^bytes follow the last/],
    ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nok\r\n0\r\n\r\n', false, /^bad chunk$/],
    ['HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', false, /^both/],
  ])('parseAnswer() refuses %j', (text, isBodiless, fault) => {
    expect(() => parseAnswer(Buffer.from(text), isBodiless)).toThrow(fault);
  });
});
