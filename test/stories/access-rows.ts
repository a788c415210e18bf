import { type AccessRow, RIGHTS } from './access-rows-row.js';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const EMPTY = new Uint8Array();
const BODY = Buffer.from('{"image":"waves.png"}');

/** What a stranger may add to a request to be taken for somebody. */
const ADDED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'a range': { Range: 'bytes=0-9' },
  'the ETag of the image': { 'If-None-Match': '{etag}' },
  'another ETag': { 'If-Match': '"x"' },
  'a date': { 'If-Modified-Since': 'Mon, 01 Jan 2001 00:00:00 GMT' },
  'the wish for a fresh one': { 'Cache-Control': 'max-age=0' },
  'no wish for a kept one': { 'Cache-Control': 'no-cache', Pragma: 'no-cache' },
  'the wish for what is kept': { 'Cache-Control': 'only-if-cached' },
  'an origin': { Origin: 'https://a.example' },
  'another type': { Accept: 'text/html' },
  'an encoding': { 'Accept-Encoding': 'gzip' },
  'HEAD in place of GET': { 'X-HTTP-Method-Override': 'HEAD' },
  'an API key': { 'x-api-key': '{key}' },
  'a cookie': { Cookie: 'session={token}' },
  'the address of the API': { 'X-Forwarded-For': '127.0.0.1', 'X-Forwarded-Host': '{host}' },
  'another path': { 'X-Original-URL': '/dev/images/waves.png', 'X-Rewrite-URL': '/dev/images/waves.png' },
  'the name of an account': { 'X-Amzn-Caller': '{account}', 'X-Amz-User': 'reader' },
  'a session token': { 'X-Amz-Security-Token': '{token}' },
  'a date of signing': { 'X-Amz-Date': '20260301T120000Z' },
  'an empty Authorization': { Authorization: '' },
  'a bearer token': { Authorization: 'Bearer {token}' },
  'key and secret as name and password': { Authorization: 'Basic {basic}' },
  'a signature of version 2': { Authorization: 'AWS {key}:frJIUN8DYpKDtOLCwo//yllqDzg=' },
  'the name of the algorithm': { Authorization: 'AWS4-HMAC-SHA256' },
  'a signature without key': { Authorization: 'AWS4-HMAC-SHA256 SignedHeaders=host, Signature=00' },
  'a key without signature': {
    Authorization: 'AWS4-HMAC-SHA256 Credential={key}/20260301/eu-west-1/execute-api/aws4_request, SignedHeaders=host',
  },
};

const NONE: readonly AccessRow[] = [
  { what: 'nothing' },
  { what: 'nothing, for its headers', verb: 'HEAD' },
  { what: 'nothing, with a query', query: 'x=1' },
  { what: 'nothing, with an empty query', query: '' },
  { what: 'nothing, with a slash behind', path: '/dev/private/waves.png/' },
  { what: 'nothing, for a name spelled otherwise', path: '/dev/private/waves%2Epng' },
  { what: 'nothing, for an image that is not there', path: '/dev/private/none.png' },
  { what: 'nothing, for the mount', path: '/dev/private/' },
  { what: 'nothing, OPTIONS in place of GET', verb: 'OPTIONS', headers: { 'X-HTTP-Method-Override': 'GET' } },
  { what: 'nothing, POST in place of GET', verb: 'POST', headers: { 'X-HTTP-Method-Override': 'GET' } },
  { what: 'nothing, after leave was given to ask across origins', preflight: true },
  {
    what: 'nothing, by the path of the local cloud',
    path: '/_aws/execute-api/{api}/dev/private/waves.png',
    swapped: { host: '127.0.0.1' },
  },
  ...Object.entries(ADDED).map(([name, headers]) => ({ what: `nothing but ${name}`, headers })),
];

const QUERIES: readonly AccessRow[] = [
  'x-api-key={key}',
  'Authorization=AWS4-HMAC-SHA256',
  'AWSAccessKeyId={key}&Signature=frJIUN8DYpKDtOLCwo%2F%2FyllqDzg%3D&Expires=4102444800',
  'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={key}%2F20260301%2Feu-west-1%2Fexecute-api%2Faws4_request&X-Amz-Date=20260301T120000Z&X-Amz-SignedHeaders=host&X-Amz-Signature=00',
  'X-Amz-Security-Token={token}',
  'access_token={token}',
].map((query) => ({ what: 'the key in the query', query }));

const KEYS: readonly AccessRow[] = [
  ...(['reader, with another secret', 'nobody knows', 'nobody knows, with the secret of the reader'] as const),
  ...(['reader, with the id in lower case', 'reader, in a session that is over'] as const),
  ...(['root of a foreign account', 'a role without rights', 'a user without rights, in a session'] as const),
  ...(Object.keys(RIGHTS) as (keyof typeof RIGHTS)[]),
].flatMap((by) => [
  { what: 'the signature', by },
  { what: 'the signature, for its headers', by, verb: 'HEAD' },
]);

const FOR_SOMETHING_ELSE: readonly AccessRow[] = [
  { what: 'a signature for another API', signed: { host: '{elsewhere}.execute-api.eu-west-1.amazonaws.com' } },
  { what: 'a signature for another API, and its Host', swapped: { host: '{elsewhereHost}' } },
  { what: 'a signature for the local path', signed: { path: '/_aws/execute-api/{api}/dev/private/waves.png' } },
  { what: 'a signature for another stage', signed: { path: '/prod/private/waves.png' } },
  { what: 'a signature for another image', signed: { path: '/dev/private/dunes.jpg' } },
  { what: 'a signature for the public mount', signed: { path: '/dev/images/waves.png' } },
  { what: 'a signature for another spelling', signed: { path: '/dev/private/waves%2Epng' } },
  { what: 'a signature for a slash more', signed: { path: '/dev/private/waves.png/' } },
  { what: 'a signature with a query', signed: { query: 'x=1' } },
  { what: 'a signature without the query', query: 'x=1', signed: { query: '' } },
  { what: 'a signature for another query', query: 'x=1', signed: { query: 'x=2' } },
  { what: 'a signature for HEAD', signed: { method: 'HEAD' } },
  { what: 'a signature for GET, sent as HEAD', verb: 'HEAD', signed: { method: 'GET' } },
  { what: 'a signature for OPTIONS', signed: { method: 'OPTIONS' } },
  { what: 'a signature for another Region', signed: { region: 'us-east-1' } },
  ...['s3', 'apigateway', 'sts', 'execute-api-x'].map((service) => ({
    what: `a signature for ${service}`,
    signed: { service },
  })),
  { what: 'a signature for a body', signed: { body: BODY } },
  { what: 'a signature for a body, its hash untold', signed: { body: BODY, withHash: false } },
  { what: 'a signature for no body', body: BODY, signed: { body: EMPTY } },
  { what: 'a signature for no body, its hash untold', body: BODY, signed: { body: EMPTY, withHash: false } },
  { what: 'a signature for another body', body: Buffer.from('{}'), signed: { body: BODY } },
].map((row) => ({ by: 'reader', ...row }));

const TAMPERED: readonly AccessRow[] = [
  { what: 'a signature that is 16 minutes old', ageMs: 16 * MINUTE_MS },
  { what: 'a signature that is a day old', ageMs: DAY_MS },
  { what: 'a signature from 16 minutes ahead', ageMs: -16 * MINUTE_MS },
  { what: 'a signature from a day ahead', ageMs: -DAY_MS },
  { what: 'an old signature with a new date', ageMs: DAY_MS, swapped: { 'x-amz-date': '{now}' } },
  { what: 'no date', swapped: { 'x-amz-date': '' } },
  { what: 'half a date', swapped: { 'x-amz-date': '20260301' } },
  { what: 'another hash of the body', swapped: { 'x-amz-content-sha256': '0'.repeat(64) } },
  { what: 'no hash of the body', swapped: { 'x-amz-content-sha256': '' } },
  { what: 'an unsigned body', swapped: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } },
  { what: 'another range', headers: { Range: 'bytes=0-9' }, swapped: { Range: 'bytes=0-99' } },
  { what: 'no range', headers: { Range: 'bytes=0-9' }, swapped: { Range: '' } },
  { what: 'another ETag', headers: { 'If-None-Match': '"x"' }, swapped: { 'If-None-Match': '{etag}' } },
  { what: 'a session token', swapped: { 'x-amz-security-token': '{token}' } },
  ...(
    [
      ['another signature', /Signature=.{8}/, 'Signature=00000000'],
      ['half a signature', /Signature=(.{32}).*/, 'Signature=$1'],
      ['an empty signature', /Signature=.*/, 'Signature='],
      ['a signature that the host is left out of', /SignedHeaders=host;/, 'SignedHeaders='],
      ['a signature that the date is left out of', /;x-amz-date/, ''],
      ['a scope of another day', /\/\d{8}\//, '/20200101/'],
      ['a scope of another Region', /\/eu-west-1\//, '/us-east-1/'],
      ['a scope of another service', /\/execute-api\//, '/s3/'],
      ['a scope of another end', /aws4_request/, 'aws5_request'],
      ['the id of another key', /Credential=[^/]+/, 'Credential={otherKey}'],
      ['another algorithm', /AWS4-HMAC-SHA256/, 'AWS4-HMAC-SHA1'],
      ['an algorithm of keys', /AWS4-HMAC-SHA256/, 'AWS4-ECDSA-P256-SHA256'],
      ['two signatures', /(.*)/, '$1, $1x'],
    ] as const
  ).map(([what, found, put]) => ({ what, edit: [found, put] as const })),
].map((row) => ({ by: 'reader', ...row }));

const TOKENS: readonly AccessRow[] = [
  { what: 'no token', swapped: { 'x-amz-security-token': '' } },
  { what: 'the token of another', swapped: { 'x-amz-security-token': '{otherToken}' } },
  { what: 'the token and a letter', swapped: { 'x-amz-security-token': '{token}x' } },
  { what: 'the token in the query', swapped: { 'x-amz-security-token': '' }, query: 'X-Amz-Security-Token={token}' },
].map((row) => ({ by: 'reader, in a session', ...row }));

const WITHDRAWN: readonly AccessRow[] = (['reader', 'reader, in a session'] as const).flatMap((by) => [
  { what: 'rights that were taken away', by, withdrawn: true },
  { what: 'rights that were taken away, for its headers', by, verb: 'HEAD', withdrawn: true },
  { what: 'rights that were taken away, and a range', by, headers: { Range: 'bytes=0-9' }, withdrawn: true },
  { what: 'rights that were taken away, and the ETag', by, headers: { 'If-None-Match': '{etag}' }, withdrawn: true },
  { what: 'rights that were taken away, and max-age', by, headers: { 'Cache-Control': 'max-age=0' }, withdrawn: true },
]);

/** Requests that nobody may get an image with. */
export const ROWS: readonly AccessRow[] = [
  ...NONE,
  ...QUERIES,
  ...KEYS,
  ...FOR_SOMETHING_ELSE,
  ...TAMPERED,
  ...TOKENS,
  ...WITHDRAWN,
];

/** The same requests as they should be, and what they then get. */
export const LET_IN: readonly (AccessRow & { readonly gets: string })[] = [
  { what: 'a signature', by: 'reader', gets: '200, the image' },
  { what: 'a signature, for its headers', by: 'reader', verb: 'HEAD', gets: '200, its headers' },
  { what: 'a signature', by: 'reader, in a session', gets: '200, the image' },
  { what: 'a signature, for its headers', by: 'reader, in a session', verb: 'HEAD', gets: '200, its headers' },
  { what: 'a signature that is 14 minutes old', by: 'reader', ageMs: 14 * MINUTE_MS, gets: '200, the image' },
  { what: 'a signature from 14 minutes ahead', by: 'reader', ageMs: -14 * MINUTE_MS, gets: '200, the image' },
  { what: 'a signature with a query', by: 'reader', query: 'x=1', gets: '200, the image' },
  { what: 'a signature with a slash', by: 'reader', path: '/dev/private/waves.png/', gets: '200, the image' },
  { what: 'a signed ETag', by: 'reader', headers: { 'If-None-Match': '{etag}' }, gets: '304, its headers' },
  { what: 'a header that is not signed', by: 'reader', swapped: { 'user-agent': 'x' }, gets: '200, the image' },
  { what: 'a signature of the hash', by: 'reader', signed: { withHash: false }, gets: '200, the image' },
  {
    what: 'its own image',
    by: 'one who may read another image',
    path: '/dev/private/dunes.jpg',
    gets: '200, the image',
  },
  { what: 'nothing, for the public mount', path: '/dev/images/waves.png', gets: '200, the image' },
  { what: 'nothing, to ask across origins', verb: 'OPTIONS', gets: '204, its headers' },
];
