import {
  BAD_REQUEST,
  BAD_TYPE,
  FAILED,
  family,
  get,
  head,
  headersOf,
  image,
  NO_IMAGE,
  NO_RANGE,
  NO_ROUTE,
  NO_STAGE,
  NOT_HTTP,
  PREFLIGHT,
  part,
  type Row,
  send,
  TOO_LARGE,
  TOO_LONG,
} from './row.js';

const WAVES = '/dev/images/waves.png';
const IMAGE = image('waves.png');
const LONG_AGO = 'Mon, 01 Jan 2001 00:00:00 GMT';
/** Later than any upload, and in the past of the emulator's clock on no account. */
const FAR_AHEAD = 'Fri, 01 Jan 2100 00:00:00 GMT';

const METHODS: readonly Row[] = [
  ...family('methods', 'recorded', [
    [send('PUT', WAVES, [], 'evil'), NO_ROUTE],
    [send('PUT', '/dev/images/new.png', ['Content-Type: image/png'], 'evil'), NO_ROUTE],
    [send('POST', WAVES, [], 'evil'), NO_ROUTE],
    [send('POST', '/dev/images', ['Content-Type: application/xml'], '<Delete/>'), NO_ROUTE],
    [send('DELETE', WAVES), NO_ROUTE],
    [send('PATCH', WAVES, [], '[]'), NO_ROUTE],
    [send('TRACE', WAVES), NO_ROUTE],
    [send('PROPFIND', WAVES), NO_ROUTE],
    [send('OPTIONS', '/dev/nowhere'), NO_ROUTE],
  ]),
  ...family('methods', 'http', [
    [send('CONNECT', '{host}:443'), NOT_HTTP],
    [send('get', WAVES), NOT_HTTP],
    [send('GETT', WAVES), NOT_HTTP],
    [send('GET', WAVES, ['Content-Type: image/png'], 'a body'), IMAGE],
    [send('GET', WAVES, [], 'x'.repeat(10_485_761)), TOO_LARGE],
  ]),
  ...family('methods', 'documented', [
    [get(WAVES, 'X-HTTP-Method-Override: DELETE'), NO_ROUTE],
    [get(WAVES, 'X-HTTP-Method-Override: PUT'), NO_ROUTE],
    [get(WAVES, 'X-HTTP-Method-Override: GET'), IMAGE],
    [get(WAVES, 'X-HTTP-Method-Override: HEAD'), headersOf('waves.png')],
    [get(WAVES, 'X-HTTP-Method-Override: OPTIONS'), PREFLIGHT],
    [get(WAVES, 'X-HTTP-Method-Override: ANY'), NO_ROUTE],
    [get(WAVES, 'X-HTTP-Method-Override: constructor'), NO_ROUTE],
    [get(WAVES, 'X-HTTP-Method-Override:'), IMAGE, NO_ROUTE],
    [send('POST', WAVES, ['X-HTTP-Method-Override: PUT'], 'evil'), NO_ROUTE],
    [send('POST', WAVES, ['X-HTTP-Method-Override: GET'], 'evil'), IMAGE],
    [send('DELETE', WAVES, ['X-HTTP-Method-Override: GET']), IMAGE],
  ]),
];

const CONDITIONS: readonly Row[] = [
  ...family('conditions', 'documented', [
    [get(WAVES, 'Range: bytes=0-9'), part('waves.png', 0, 9)],
    [get(WAVES, 'Range: bytes=0-0'), part('waves.png', 0, 0)],
    [get(WAVES, 'Range: bytes=13680-'), part('waves.png', 13_680, 13_683)],
    [get(WAVES, 'Range: bytes=0-'), part('waves.png', 0, 13_683)],
    [get(WAVES, 'Range: bytes=-5'), part('waves.png', 13_679, 13_683)],
    [get(WAVES, 'Range: bytes=10-99999999'), part('waves.png', 10, 13_683)],
    [get('/dev/images/panorama.jpg', 'Range: bytes=1048570-1048585'), part('panorama.jpg', 1_048_570, 1_048_585)],
    [get(WAVES, 'Range: bytes=99999999-'), NO_RANGE],
    [get(WAVES, 'Range: bytes=0-3,5-9'), IMAGE],
    [get(WAVES, 'Range: bytes=9-0'), IMAGE],
    [get(WAVES, 'Range: chars=0-9'), IMAGE],
    [get(WAVES, 'Range:'), IMAGE],
    [head(WAVES, 'Range: bytes=0-9'), headersOf('waves.png', 206)],
    [head(WAVES, 'Range: bytes=99999999-'), NO_RANGE],
    [get(WAVES, 'If-None-Match: {etag}'), headersOf('waves.png', 304)],
    [get(WAVES, 'If-None-Match: W/{etag}'), headersOf('waves.png', 304)],
    [get(WAVES, 'If-None-Match: "x", {etag}'), headersOf('waves.png', 304)],
    [get(WAVES, 'If-None-Match: *'), headersOf('waves.png', 304)],
    [get(WAVES, 'If-None-Match: "x"'), IMAGE],
    [get(WAVES, 'If-None-Match: {etag}', 'Range: bytes=0-9'), headersOf('waves.png', 304)],
    [head(WAVES, 'If-None-Match: {etag}'), headersOf('waves.png', 304)],
    [get(WAVES, 'If-Modified-Since: {modified}'), headersOf('waves.png', 304)],
    [head(WAVES, 'If-Modified-Since: {modified}'), headersOf('waves.png', 304)],
    [get(WAVES, 'If-Modified-Since: {modified}', 'If-None-Match: "x"'), IMAGE],
    [get(WAVES, 'If-Unmodified-Since: {modified}'), IMAGE],
    [get(WAVES, `If-Modified-Since: ${LONG_AGO}`), IMAGE],
    [get(WAVES, 'If-Modified-Since: yesterday'), IMAGE],
    [get(WAVES, 'If-Match: {etag}'), IMAGE],
    [get(WAVES, 'If-Match: "x"'), FAILED],
    [head(WAVES, 'If-Match: "x"'), FAILED],
    [get(WAVES, `If-Unmodified-Since: ${LONG_AGO}`), FAILED],
    [get(WAVES, `If-Unmodified-Since: ${FAR_AHEAD}`), IMAGE],
    [get('/dev/images/none.png', 'If-None-Match: *'), NO_IMAGE],
    [get('/dev/images/none.png', 'Range: bytes=0-9'), NO_IMAGE],
  ]),
  ...family('conditions', 'guessed', [
    [get(WAVES, 'range: bytes=0-9'), part('waves.png', 0, 9), IMAGE],
    [get(WAVES, 'if-none-match: {etag}'), headersOf('waves.png', 304), IMAGE],
    [get(WAVES, 'Range: bytes=0-9', 'Range: bytes=10-19'), part('waves.png', 0, 9), part('waves.png', 10, 19), IMAGE],
  ]),
];

const line = (request: string): number => Buffer.byteLength(request.replaceAll('{host}', 'x'.repeat(46)));
/** A request whose line and headers come to so many bytes. */
const padded = (bytes: number): string => {
  const bare = get(WAVES, 'X-Padding: ');
  return get(WAVES, `X-Padding: ${'x'.repeat(bytes - line(bare))}`);
};

const FOREIGN_HEADERS = [
  'x-amz-security-token: IQoJb3JpZ2luX2VjEvil',
  'x-amz-acl: public-read-write',
  'x-amz-copy-source: /{bucket}/secret.png',
  'x-amz-server-side-encryption-customer-key: MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=',
  'x-amz-request-payer: requester',
  'x-amz-expected-bucket-owner: 999999999999',
  'x-amz-date: 20200101T000000Z',
  'x-amz-meta-evil: 1',
  'x-amz-website-redirect-location: http://evil.example/',
  'X-Amz-Target: Logs_20140328.DescribeLogGroups',
  'Authorization: Bearer evil',
  'Authorization: AWS4-HMAC-SHA256 Credential=evil',
  'X-Forwarded-For: 10.0.0.1',
  'X-Forwarded-Host: {bucket}.s3.eu-west-1.amazonaws.com',
  'X-Forwarded-Proto: http',
  'X-Original-URL: /secret.png',
  'X-Rewrite-URL: /dev/../secret.png',
  'X-Amzn-Trace-Id: Root=1-00000000-000000000000000000000000;Evil=1',
  'x-amzn-requestid: "},"evil":{"',
  'Forwarded: host={bucket}.s3.amazonaws.com',
  'Cookie: session=evil',
  'Referer: {bucket}',
  'User-Agent: <script>',
  'Upgrade: h2c',
  'TE: trailers',
  'Content-Type: application/x-www-form-urlencoded; Version=2010-05-08',
];

const HEADERS: readonly Row[] = [
  ...family(
    'headers',
    'recorded',
    FOREIGN_HEADERS.map((header) => [get(WAVES, header), IMAGE]),
  ),
  ...family('headers', 'documented', [
    [padded(10_239), IMAGE],
    [padded(10_240), IMAGE],
    [get('/dev/images/none.png', 'x-amzn-requestid: "},"evil":{"'), NO_IMAGE],
    [get('/dev/nowhere', 'x-amzn-requestid: "},"evil":{"'), NO_ROUTE],
    [
      get('/_aws/execute-api/{api}/dev/images/waves.png').replace(
        '{host}',
        'zzzzzzzzzz.execute-api.eu-west-1.amazonaws.com',
      ),
      NO_STAGE,
    ],
    [get(WAVES).replace('{host}', '{api}.execute-api.us-east-1.amazonaws.com'), NO_STAGE],
    [get(WAVES).replace('{host}', '{host}:443'), IMAGE],
    [get('/_aws/execute-api/{api}/dev/images/waves.png').replace('{host}', 'evil.example'), IMAGE],
  ]),
  ...family('headers', 'guessed', [
    [padded(10_241), IMAGE, TOO_LONG],
    [padded(30_000), TOO_LONG],
    [get(WAVES, 'X-Twice: a', 'X-Twice: b'), IMAGE],
    [get(WAVES, 'X-Empty:'), IMAGE],
    [get(WAVES, 'X-Injected: a\r\nx-amz-acl: public-read'), IMAGE],
    [get(WAVES, 'X-Folded: a\r\n b'), IMAGE, NOT_HTTP],
    [get(WAVES, 'X-High: \xe9\xff'), IMAGE],
  ]),
  ...family('headers', 'http', [
    [get(WAVES, 'X-Null: a\0b'), NOT_HTTP],
    [get(WAVES, 'X-Bare: a\rb'), NOT_HTTP],
    [get(WAVES, 'X Space: a'), NOT_HTTP],
    [get(WAVES, 'X-Space : a'), NOT_HTTP],
    [get(WAVES, 'Host: other.example'), BAD_REQUEST],
    [get(WAVES, 'Host: {host}'), BAD_REQUEST],
    [get(WAVES).replace('Host: {host}\r\n', ''), NOT_HTTP],
    [get(WAVES, 'Connection: close'), IMAGE],
    [get('/_aws/execute-api/{api}/dev/images/waves.png').replace(' HTTP/1.1\r\nHost: {host}', ' HTTP/1.0'), IMAGE],
    [get(WAVES).replace('HTTP/1.1', 'HTTP/9.9'), NOT_HTTP],
    [send('POST', WAVES, ['Content-Length: 5', 'Content-Length: 6'], ''), NOT_HTTP],
    [`${send('POST', WAVES, ['Transfer-Encoding: chunked', 'Content-Length: 4'])}0\r\n\r\n${get(WAVES)}`, NOT_HTTP],
    [send('POST', WAVES, ['Content-Length: -1']), NOT_HTTP],
    [`${send('GET', WAVES, ['Transfer-Encoding: chunked'])}5\r\nhello\r\n0\r\n\r\n`, IMAGE],
    [`${send('POST', WAVES, ['Transfer-Encoding: chunked, gzip'])}0\r\n\r\n`, NOT_HTTP],
    ['\0\0\0\0\r\n\r\n', NOT_HTTP],
    ['\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', NOT_HTTP],
  ]),
];

const EVICTIONS = ['max-age=0', 'no-cache', 'no-store', 'max-age=0, no-cache', 'Max-Age=0', 'only-if-cached'];

/** What a stranger says of caches never costs the visitor his image. */
const CACHE: readonly Row[] = family('cache', 'documented', [
  ...EVICTIONS.map((said) => [get(WAVES, `Cache-Control: ${said}`), IMAGE] as const),
  [get(WAVES, 'Pragma: no-cache'), IMAGE],
  [get(WAVES, 'Cache-Control: max-age=0', 'Pragma: no-cache'), IMAGE],
  [get('/dev/images/none.png', 'Cache-Control: max-age=0'), NO_IMAGE],
  [head(WAVES, 'Cache-Control: max-age=0'), headersOf('waves.png')],
]);

const preflight = (...headers: readonly string[]): string => send('OPTIONS', WAVES, headers);
const ORIGIN = 'Origin: https://shop.example';

const CORS: readonly Row[] = family('cors', 'documented', [
  [preflight(ORIGIN, 'Access-Control-Request-Method: GET'), PREFLIGHT],
  [preflight(ORIGIN, 'Access-Control-Request-Method: DELETE'), PREFLIGHT],
  [preflight('Origin: null', 'Access-Control-Request-Method: GET'), PREFLIGHT],
  [preflight('Origin: not an origin', 'Access-Control-Request-Method: GET'), PREFLIGHT],
  [preflight(ORIGIN, `Access-Control-Request-Headers: ${'x-many,'.repeat(300)}x-last`), PREFLIGHT],
  [preflight(ORIGIN, 'Accept: image/png', 'Content-Type: application/json'), PREFLIGHT],
  [preflight(ORIGIN, 'Content-Type: text/plain'), PREFLIGHT, BAD_TYPE],
  [preflight(), PREFLIGHT],
  [send('OPTIONS', '/dev/images/none.png', [ORIGIN]), PREFLIGHT],
  [get(WAVES, ORIGIN), IMAGE],
  [get(WAVES, 'Origin: null'), IMAGE],
  [get('/dev/images/none.png', ORIGIN), NO_IMAGE],
  [get('/dev/nowhere', ORIGIN), NO_ROUTE],
  [get(WAVES, ORIGIN, 'Range: bytes=99999999-'), NO_RANGE],
  [get(WAVES, ORIGIN, 'If-Match: "x"'), FAILED],
]);

/** Requests whose verb or headers are what matters. */
export const HEADER_ROWS: readonly Row[] = [...METHODS, ...CONDITIONS, ...HEADERS, ...CACHE, ...CORS];
