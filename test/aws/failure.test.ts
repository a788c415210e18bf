import { once } from 'node:events';
import { get } from 'node:http';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { readFailure, toComplaint } from '../../src/aws/failure.js';
import { AwsError, LedgerError } from '../../src/errors.js';

/** An error as the SDK throws it. */
function sdkError(name: string, message: string, metadata: object = {}): Error {
  return Object.assign(new Error(message), { name, $metadata: metadata });
}

/** An error as Node throws it. */
function nodeError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

/** The complaint about a call of S3 in eu-west-9. */
function complain(error: unknown) {
  return toComplaint(error, 'S3', 'ListBuckets', 'eu-west-9');
}

/** The error of connecting to a port where nothing listens, on a host that has two addresses. */
async function refusedOnTwoAddresses(): Promise<Error> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  const addresses = [
    { address: '127.0.0.1', family: 4 },
    { address: '::1', family: 6 },
  ];
  const request = get({ hostname: 'both.example', port, lookup: (_host, _options, answer) => answer(null, addresses) });
  const [error] = (await once(request, 'error')) as [Error];
  return error;
}

test('readFailure() reads code, message, status, request id, attempts and the Region of a bucket', () => {
  const error = Object.assign(
    sdkError('PermanentRedirect', 'Elsewhere.', { httpStatusCode: 301, requestId: 'r-1', attempts: 2 }),
    { $response: { headers: { 'x-amz-bucket-region': 'us-west-2' } } },
  );

  expect(readFailure(error)).toEqual({
    code: 'PermanentRedirect',
    message: 'Elsewhere.',
    status: 301,
    requestId: 'r-1',
    attempts: 2,
    bucketRegion: 'us-west-2',
  });
});

test.each([
  ['an error of Node, by its code', nodeError('ENOTFOUND', 'getaddrinfo'), 'ENOTFOUND', 'getaddrinfo'],
  ['an error without a name', new Error('Odd.'), 'Unknown', 'Odd.'],
  ['a text', 'odd', 'Unknown', 'odd'],
  ['nothing', undefined, 'Unknown', 'undefined'],
  ['null', null, 'Unknown', 'null'],
])('readFailure() reads %s', (_what, error, code, message) => {
  expect(readFailure(error)).toMatchObject({ code, message, status: undefined, attempts: undefined });
});

test.each<[string, Error, string, string, string]>([
  [
    'no credentials',
    sdkError('CredentialsProviderError', 'Could not load credentials from any providers'),
    'NO_CREDENTIALS',
    'Cannot call S3 ListBuckets: no AWS credentials are found in the environment, the profile or an SSO session.',
    'aws configure, aws sso login, or set AWS_PROFILE',
  ],
  ...['ExpiredToken', 'ExpiredTokenException', 'RequestExpired'].map(
    (name): [string, Error, string, string, string] => [
      name,
      sdkError(name, 'The provided token has expired.'),
      'CREDENTIALS_EXPIRED',
      'Cannot call S3 ListBuckets: the AWS credentials have expired.',
      'renew them and run the same command again; it goes on where it stopped',
    ],
  ),
  ...['ENOTFOUND', 'EAI_AGAIN'].map((code): [string, Error, string, string, string] => [
    code,
    nodeError(code, `getaddrinfo ${code} s3.eu-west-9.amazonaws.com`),
    'REGION_UNREACHABLE',
    `Cannot call S3 ListBuckets: no such host for region "eu-west-9" (getaddrinfo ${code} s3.eu-west-9.amazonaws.com).`,
    'check that "eu-west-9" is a Region of AWS, and the network',
  ]),
  [
    'a refused port',
    nodeError('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:4510'),
    'ENDPOINT_REFUSED',
    'Cannot call S3 ListBuckets: nothing listens at the endpoint (connect ECONNREFUSED 127.0.0.1:4510).',
    'start it (pixgate local), or leave --endpoint-url out',
  ],
  [
    'no answer',
    sdkError('TimeoutError', 'Request timed out', { attempts: 4 }),
    'NO_ANSWER',
    'Cannot call S3 ListBuckets: AWS did not answer in 30 s, several times.',
    'check the network and run the same command again',
  ],
  [
    'HTML of a proxy',
    sdkError('SyntaxError', 'Unexpected token < in JSON at position 0'),
    'NOT_AWS',
    'Cannot call S3 ListBuckets: the answer did not come from AWS (HTML or half a document), so a proxy may stand in between.',
    'check the network and the proxy settings',
  ],
])('toComplaint() of %s says what to do', (_what, error, code, message, suggestion) => {
  const complaint = complain(error);

  expect(complaint).toBeInstanceOf(AwsError);
  const { cause } = complaint as AwsError;
  expect(complaint).toMatchObject({ code, message });
  // Nothing hangs on the cause: the SDK's error holds the whole signed request.
  expect(Object.getOwnPropertyNames(cause).sort()).toEqual(['message', 'name', 'stack']);
  expect(complaint.suggestions[0]).toBe(suggestion);
});

test('toComplaint() of an endpoint that is refused on all its addresses says that nothing listens', async () => {
  const error = await refusedOnTwoAddresses();

  const complaint = complain(error);

  expect(complaint).toMatchObject({ code: 'ENDPOINT_REFUSED', failure: { awsCode: 'ECONNREFUSED' } });
  expect(complaint.message).toContain('nothing listens at the endpoint');
});

test.each(['AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation', 'Forbidden'])(
  'toComplaint() of %s asks for the permission',
  (name) => {
    const complaint = complain(sdkError(name, 'User is not authorized to perform: s3:ListAllMyBuckets.'));

    expect(complaint).toMatchObject({
      code: 'ACCESS_DENIED',
      message: `S3 answered ${name} to ListBuckets: User is not authorized to perform: s3:ListAllMyBuckets.`,
      suggestions: [
        'add {"Effect":"Allow","Action":"s3:ListAllMyBuckets","Resource":"*"} to a policy of yours, then run the same command again',
      ],
    });
  },
);

test.each([
  [
    'User: arn:aws:iam::111122223333:user/ann is not authorized to perform: apigateway:POST on resource: arn:aws:apigateway:eu-west-1::/restapis because no identity-based policy allows the apigateway:POST action',
    'add {"Effect":"Allow","Action":"apigateway:POST","Resource":"arn:aws:apigateway:eu-west-1::/restapis"} to a policy of yours, then run the same command again',
  ],
  [
    's3:CreateBucket, s3:PutBucketOwnershipControls or s3:TagResource is not allowed on arn:aws:s3:::a',
    'add {"Effect":"Allow","Action":["s3:CreateBucket","s3:PutBucketOwnershipControls","s3:TagResource"],"Resource":"arn:aws:s3:::a"} to a policy of yours, then run the same command again',
  ],
  [
    'User: ann is not authorized to perform: iam:GetRole on resource: role x with an explicit deny in a service control policy',
    'take away what denies it, then run the same command again',
  ],
  ['Access Denied', 'allow the action named above, then run the same command again'],
])('toComplaint() of a refusal that says %j gives the line for a policy', (message, suggestion) => {
  expect(complain(sdkError('AccessDenied', message)).suggestions).toEqual([suggestion]);
});

test.each([
  'The SSO session associated with this profile has expired. To refresh this SSO session run aws sso login with the corresponding profile.',
  'UnauthorizedException: Session token not found or invalid',
])('toComplaint() knows an SSO session that is over by its words: %s', (message) => {
  expect(complain(sdkError('CredentialsProviderError', message))).toMatchObject({
    code: 'SSO_SESSION_OVER',
    suggestions: ['aws sso login, then the same command again; it goes on where it stopped'],
  });
});

test.each([
  [{}, 'S3 answered InternalError to ListBuckets: We encountered an internal error.'],
  [{ attempts: 1 }, 'S3 answered InternalError to ListBuckets: We encountered an internal error.'],
  [{ attempts: 4 }, 'S3 answered InternalError to ListBuckets after 4 tries: We encountered an internal error.'],
])('toComplaint() of anything else names service, code, operation and tries: %j', (metadata, message) => {
  const complaint = complain(sdkError('InternalError', ' We encountered an internal error. ', metadata));

  expect(complaint).toMatchObject({
    code: 'AWS',
    message,
    suggestions: ['run the same command again; it goes on where it stopped'],
  });
});

test('toComplaint() keeps the details for scripts, and none that AWS did not give', () => {
  const full = complain(sdkError('SlowDown', 'Slow.', { httpStatusCode: 503, requestId: 'r-1', attempts: 4 }));
  const bare = complain(new Error('Odd.'));

  expect(full).toHaveProperty('failure', {
    service: 'S3',
    operation: 'ListBuckets',
    awsCode: 'SlowDown',
    status: 503,
    requestId: 'r-1',
    attempts: 4,
  });
  expect(bare).toHaveProperty('failure', { service: 'S3', operation: 'ListBuckets', awsCode: 'Unknown' });
});

test('toComplaint() lets a complaint of ours pass as it is', () => {
  const complaint = new LedgerError('Locked.');

  expect(complain(complaint)).toBe(complaint);
});
