import { describe, expect, test } from 'vitest';
import type { WireRequest } from '../../../src/emulator/index.js';
import { openCloud, type SignAsk, sign, textOf } from './local-cloud.js';

const MINUTE_MS = 60_000;
const S3: SignAsk = {
  service: 's3',
  host: 's3.eu-west-1.amazonaws.com',
  method: 'PUT',
  path: '/bucket/a%20b%2Bc/%C3%BC.png',
  query: 'x-id=PutObject&tagging=',
  headers: { 'x-amz-meta-who': '  me   too ' },
  body: Buffer.from('bytes'),
};
const IAM: SignAsk = {
  service: 'iam',
  host: 'iam.amazonaws.com',
  region: 'us-east-1',
  method: 'POST',
  body: Buffer.from('Action=ListRoles&Version=2010-05-08'),
};
const LOGS: SignAsk = {
  service: 'logs',
  host: 'logs.eu-west-1.amazonaws.com',
  method: 'POST',
  headers: { 'x-amz-target': 'Logs_20140328.DescribeLogGroups' },
  body: Buffer.from('{}'),
};
const APIGATEWAY: SignAsk = {
  service: 'apigateway',
  host: 'apigateway.eu-west-1.amazonaws.com',
  path: '/restapis',
  query: 'limit=5',
  headers: { accept: 'application/json' },
};

/** The code in an error of any of the services' formats. */
function codeOf({
  headers,
  body,
}: {
  headers: Readonly<Record<string, string>>;
  body: Uint8Array;
}): string | undefined {
  const text = Buffer.from(body).toString();
  const inBody = /<Code>(\w+)<\/Code>|"__type":"(\w+)"/.exec(text);
  return inBody?.[1] ?? inBody?.[2] ?? headers['x-amzn-ErrorType'];
}

describe('a good signature', () => {
  test.each([
    ['S3, whose path is signed as it is', S3, 404],
    ['S3 with a path that would normalise', { ...S3, method: 'GET', path: '/bucket//a/../b' }, 404],
    ['IAM', IAM, 200],
    ['IAM without X-Amz-Content-Sha256', { ...IAM, withHash: false }, 200],
    ['CloudWatch Logs', LOGS, 200],
    ['API Gateway', APIGATEWAY, 200],
    ['API Gateway, whose path is signed percent-encoded once more', { ...APIGATEWAY, path: '/restapis/a%3Ab' }, 404],
    ['a signature of fourteen minutes ago', { ...IAM, atMs: Date.now() - 14 * MINUTE_MS }, 200],
    ['a signature fourteen minutes ahead', { ...IAM, atMs: Date.now() + 14 * MINUTE_MS }, 200],
  ])('passes for %s', async (_what, ask, status) => {
    const cloud = openCloud();

    const response = await cloud.sendSigned(ask);

    expect([response.status, codeOf(response)]).toEqual([
      status,
      status < 400 ? undefined : expect.not.stringMatching(/Signature/),
    ]);
  });

  test('passes when a header is signed that SDKs leave out', async () => {
    const cloud = openCloud();
    const { headers, ...request } = await sign(cloud.emulator.credentials, { ...IAM, headers: { 'x-late': '1' } });

    const response = await cloud.emulator.handle({ ...request, headers: { ...headers, 'user-agent': 'anything' } });

    expect(response.status).toBe(200);
  });
});

describe('a spoiled signature', () => {
  const spoil: [what: string, change: (request: WireRequest) => WireRequest][] = [
    ['another method', (request) => ({ ...request, method: 'DELETE' })],
    ['another path', (request) => ({ ...request, path: `${request.path}x` })],
    ['the same path encoded otherwise', (request) => ({ ...request, path: request.path.replace('%C3%BC', '%c3%bc') })],
    ['another query', (request) => ({ ...request, query: `${request.query}&acl` })],
    ['another host', (request) => withHeader(request, 'host', 'elsewhere.amazonaws.com')],
    ['another signed header', (request) => withHeader(request, 'x-amz-meta-who', 'you')],
    ['a signed header left out', (request) => withoutHeader(request, 'x-amz-meta-who')],
    ['another time', (request) => withHeader(request, 'x-amz-date', dateOf(Date.now() - MINUTE_MS))],
    ['another region', (request) => withAuthorization(request, (text) => text.replace('eu-west-1', 'us-east-1'))],
    [
      'another day in the scope',
      (request) => withAuthorization(request, (text) => text.replace(/\/\d{8}\//, '/20200101/')),
    ],
    ['another signature', (request) => withAuthorization(request, (text) => `${text.slice(0, -4)}0000`)],
    ['a short signature', (request) => withAuthorization(request, (text) => text.slice(0, -4))],
    [
      'fewer signed headers',
      (request) => withAuthorization(request, (text) => text.replace('x-amz-meta-who', 'x-amz-meta')),
    ],
    ['an unsigned host', (request) => withAuthorization(request, (text) => text.replace('host;', ''))],
    ['an unsigned date', (request) => withAuthorization(request, (text) => text.replace('x-amz-date;', ''))],
  ];
  test.each(spoil)('is refused for %s', async (_what, change) => {
    const cloud = openCloud();
    const request = await sign(cloud.emulator.credentials, S3);

    const response = await cloud.emulator.handle(change(request));

    expect([response.status, codeOf(response)]).toEqual([403, 'SignatureDoesNotMatch']);
    expect(cloud.calls).toEqual([
      { n: 1, service: 's3', operation: undefined, mutating: false, status: 403, region: expect.any(String) },
    ]);
  });

  const other = { accessKeyId: 'AKIANOBODY0000000000', secretAccessKey: 'x' };
  const wrongSecret = { accessKeyId: 'AKIALOCALCLOUD000000', secretAccessKey: 'x' };
  const longAgo = Date.now() - 16 * MINUTE_MS;
  const soon = Date.now() + 16 * MINUTE_MS;
  const rows: [what: string, ask: SignAsk, status: number, code: string][] = [
    ['S3, unknown key', { ...S3, keys: other }, 403, 'InvalidAccessKeyId'],
    ['IAM, unknown key', { ...IAM, keys: other }, 403, 'InvalidClientTokenId'],
    ['CloudWatch Logs, unknown key', { ...LOGS, keys: other }, 400, 'UnrecognizedClientException'],
    ['API Gateway, unknown key', { ...APIGATEWAY, keys: other }, 403, 'UnrecognizedClientException'],
    ['S3, wrong secret', { ...S3, keys: wrongSecret }, 403, 'SignatureDoesNotMatch'],
    ['IAM, wrong secret', { ...IAM, keys: wrongSecret }, 403, 'SignatureDoesNotMatch'],
    ['CloudWatch Logs, wrong secret', { ...LOGS, keys: wrongSecret }, 400, 'InvalidSignatureException'],
    ['API Gateway, wrong secret', { ...APIGATEWAY, keys: wrongSecret }, 403, 'InvalidSignatureException'],
    ['S3, sixteen minutes old', { ...S3, atMs: longAgo }, 403, 'RequestTimeTooSkewed'],
    ['S3, sixteen minutes ahead', { ...S3, atMs: soon }, 403, 'RequestTimeTooSkewed'],
    ['IAM, sixteen minutes old', { ...IAM, atMs: longAgo }, 403, 'SignatureDoesNotMatch'],
    ['API Gateway, sixteen minutes old', { ...APIGATEWAY, atMs: longAgo }, 403, 'InvalidSignatureException'],
    ['API Gateway, sixteen minutes ahead', { ...APIGATEWAY, atMs: soon }, 403, 'InvalidSignatureException'],
    ['S3, a token too many', { ...S3, keys: { ...wrongSecret, sessionToken: 't' } }, 400, 'InvalidToken'],
  ];
  test.each(rows)('%s: refused', async (_what, ask, status, code) => {
    const cloud = openCloud();

    const response = await cloud.sendSigned(ask);

    expect([response.status, codeOf(response)]).toEqual([status, code]);
  });

  test('says when it expired, and by how much', async () => {
    const cloud = openCloud();

    const response = await cloud.sendSigned({ ...APIGATEWAY, atMs: longAgo });

    const { message } = JSON.parse(textOf(response));
    expect(message).toMatch(
      /^Signature expired: \d{8}T\d{6}Z is now earlier than \d{8}T\d{6}Z \(\d{8}T\d{6}Z - 15 min\.\)$/,
    );
  });

  test.each([
    [S3, 400, 'XAmzContentSHA256Mismatch'],
    [IAM, 403, 'SignatureDoesNotMatch'],
    [{ ...IAM, withHash: false }, 403, 'SignatureDoesNotMatch'],
    [LOGS, 400, 'InvalidSignatureException'],
  ])('is refused for another body (%#)', async (ask, status, code) => {
    const cloud = openCloud();
    const request = await sign(cloud.emulator.credentials, ask);

    const response = await cloud.emulator.handle({ ...request, body: Buffer.from('others') });

    expect([response.status, codeOf(response)]).toEqual([status, code]);
  });

  test.each(['Bearer x', 'AWS4-HMAC-SHA256 Credential=AKIA/20260101/s3/aws4_request', 'AWS AKIA:sig', ''])(
    'is refused when the Authorization header reads "%s"',
    async (authorization) => {
      const cloud = openCloud();
      const request = { ...S3, query: '', headers: { host: S3.host, authorization }, body: new Uint8Array() };

      const response = await cloud.emulator.handle({ method: 'GET', path: '/', ...request });

      expect([response.status, codeOf(response)]).toEqual([400, 'AuthorizationHeaderMalformed']);
    },
  );
});

describe('no signature', () => {
  const rows: [ask: Partial<WireRequest> & { host: string }, status: number, code: string][] = [
    [{ host: 's3.eu-west-1.amazonaws.com' }, 403, 'AccessDenied'],
    [{ host: '127.0.0.1' }, 403, 'AccessDenied'],
    [{ host: 'iam.amazonaws.com', method: 'POST' }, 403, 'MissingAuthenticationToken'],
    [{ host: 'sts.eu-west-1.amazonaws.com', method: 'POST' }, 403, 'MissingAuthenticationToken'],
    [{ host: 'apigateway.eu-west-1.amazonaws.com', path: '/restapis' }, 403, 'MissingAuthenticationTokenException'],
    [{ host: 'logs.eu-west-1.amazonaws.com' }, 400, 'MissingAuthenticationTokenException'],
    [{ host: 'localhost', headers: { 'x-amz-target': 'Logs_20140328.X' } }, 400, 'MissingAuthenticationTokenException'],
    [
      {
        host: 'localhost',
        headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
        body: Buffer.from('Action=GetCallerIdentity&Version=2011-06-15'),
      },
      403,
      'MissingAuthenticationToken',
    ],
    [{ host: 's3.amazonaws.com', path: '/b/k', query: 'X-Amz-Signature=a' }, 501, 'NotImplemented'],
  ];
  test.each(rows)('%j is answered %i %s', async (ask, status, code) => {
    const cloud = openCloud();
    const request = { method: 'GET', path: '/', query: '', headers: {}, body: new Uint8Array(), ...ask };

    const response = await cloud.emulator.handle(request);

    expect([response.status, codeOf(response)]).toEqual([status, code]);
  });

  test('a service that is not emulated is named', async () => {
    const cloud = openCloud();
    const headers = { 'x-amz-target': 'DynamoDB_20120810.ListTables' };

    const response = await cloud.sendSigned({ service: 'dynamodb', host: 'dynamodb.eu-west-1.amazonaws.com', headers });

    expect([response.status, textOf(response)]).toEqual([
      501,
      '{"message":"The local cloud does not emulate dynamodb DynamoDB_20120810.ListTables."}',
    ]);
  });
});

function withHeader(request: WireRequest, name: string, value: string): WireRequest {
  return { ...request, headers: { ...request.headers, [name]: value } };
}

function withoutHeader(request: WireRequest, name: string): WireRequest {
  return { ...request, headers: Object.fromEntries(Object.entries(request.headers).filter(([key]) => key !== name)) };
}

function withAuthorization(request: WireRequest, change: (text: string) => string): WireRequest {
  return withHeader(request, 'authorization', change(request.headers['authorization'] ?? ''));
}

function dateOf(ms: number): string {
  return new Date(ms).toISOString().replace(/[-:]|\.\d{3}/g, '');
}
