import { expect, test } from 'vitest';
import {
  API_GATEWAY_TRUST,
  isSamePolicy,
  loggingPolicy,
  readPolicy,
  tlsOnlyPolicy,
} from '../../src/resources/policies.js';

const ASK = {
  partition: 'aws',
  account: '123456789012',
  bucket: 'my-bucket',
  prefix: 'images/',
  region: 'eu-west-1',
};
const Condition = { StringEquals: { 'aws:ResourceAccount': '123456789012' } };

test('API_GATEWAY_TRUST lets API Gateway in, without a condition that it could not meet', () => {
  expect(JSON.parse(API_GATEWAY_TRUST)).toEqual({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'apigateway.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  });
});

test('readPolicy() reads below the prefix and lists the bucket, in the own account only', () => {
  expect(JSON.parse(readPolicy(ASK)).Statement).toEqual([
    { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::my-bucket/images/*', Condition },
    { Effect: 'Allow', Action: 's3:ListBucket', Resource: 'arn:aws:s3:::my-bucket', Condition },
  ]);
});

test.each([
  ['aws', 'us-east-1', 's3.us-east-1.amazonaws.com'],
  ['aws-us-gov', 'us-gov-west-1', 's3.us-gov-west-1.amazonaws.com'],
  ['aws-cn', 'cn-north-1', 's3.cn-north-1.amazonaws.com.cn'],
])(
  'readPolicy() with a key adds one statement in %s: decrypt, with that key, by way of S3',
  (partition, region, via) => {
    const kmsKey = `arn:${partition}:kms:${region}:123456789012:key/1234abcd`;
    const ask = { ...ASK, partition, region };

    const { Statement } = JSON.parse(readPolicy({ ...ask, kmsKey }));

    expect(Statement).toEqual([
      ...JSON.parse(readPolicy(ask)).Statement,
      {
        Effect: 'Allow',
        Action: 'kms:Decrypt',
        Resource: kmsKey,
        Condition: { StringEquals: { 'kms:ViaService': via } },
      },
    ]);
  },
);

test('readPolicy() without a prefix lists nothing, and never reads the manifest', () => {
  expect(JSON.parse(readPolicy({ ...ASK, prefix: '' })).Statement).toEqual([
    { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::my-bucket/*', Condition },
    { Effect: 'Deny', Action: 's3:GetObject', Resource: 'arn:aws:s3:::my-bucket/.pixgate/*' },
  ]);
});

test('readPolicy() never reads the manifest, not even below a prefix that holds it', () => {
  const inside = { ...ASK, prefix: '.pixgate/' };

  expect(JSON.parse(readPolicy(inside)).Statement).toContainEqual({
    Effect: 'Deny',
    Action: 's3:GetObject',
    Resource: 'arn:aws:s3:::my-bucket/.pixgate/*',
  });
});

test.each(['images/', ''])('readPolicy() with the prefix %j lets nobody write', (prefix) => {
  const { Statement } = JSON.parse(readPolicy({ ...ASK, prefix }));

  const allowed = Statement.filter(({ Effect }: { Effect: string }) => Effect === 'Allow');

  for (const { Action } of allowed) expect(['s3:GetObject', 's3:ListBucket']).toContain(Action);
});

test('tlsOnlyPolicy() denies everything without TLS, on the bucket and all in it, and allows nothing', () => {
  expect(JSON.parse(tlsOnlyPolicy('aws', 'my-bucket')).Statement).toEqual([
    {
      Sid: 'DenyInsecureTransport',
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Resource: ['arn:aws:s3:::my-bucket', 'arn:aws:s3:::my-bucket/*'],
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
  ]);
});

test('loggingPolicy() covers all log groups of the account and Region, which the role of all stages needs', () => {
  expect(JSON.parse(loggingPolicy('aws', '123456789012', 'eu-west-1')).Statement).toEqual([
    {
      Effect: 'Allow',
      Action: [
        'logs:CreateLogGroup',
        'logs:CreateLogStream',
        'logs:DescribeLogStreams',
        'logs:PutLogEvents',
        'logs:GetLogEvents',
        'logs:FilterLogEvents',
      ],
      Resource: 'arn:aws:logs:eu-west-1:123456789012:log-group:*',
    },
    { Effect: 'Allow', Action: 'logs:DescribeLogGroups', Resource: '*' },
  ]);
});

test.each([
  ['trust', API_GATEWAY_TRUST],
  ['reading', readPolicy({ ...ASK, partition: 'aws-cn' })],
  ['TLS', tlsOnlyPolicy('aws-cn', 'my-bucket')],
  ['logging', loggingPolicy('aws-cn', '123456789012', 'cn-north-1')],
])('the policy on %s stays in its partition and is no longer than IAM takes', (_what, policy) => {
  expect(policy).not.toMatch(/arn:aws:/);
  expect(policy.length).toBeLessThan(2_048);
});

test.each([
  ['itself', readPolicy(ASK), readPolicy(ASK), true],
  ['another layout', '{"a":1,"b":2}', '{ "a": 1,\n "b": 2 }', true],
  ['another order of fields', '{"a":{"c":1,"d":2},"b":2}', '{"b":2,"a":{"d":2,"c":1}}', true],
  ['a list of one as a bare value', '{"Action":["s3:Get"]}', '{"Action":"s3:Get"}', true],
  ['a bare statement', '{"Statement":[{"Action":["a"]}]}', '{"Statement":{"Action":"a"}}', true],
  ['another value', '{"a":1}', '{"a":2}', false],
  ['a field more', '{"a":1}', '{"a":1,"b":2}', false],
  ['an item more', '{"a":["x"]}', '{"a":["x","y"]}', false],
  ['a number as text', '{"a":1}', '{"a":"1"}', false],
  ['an empty list in place of a value', '{"a":[]}', '{"a":"x"}', false],
  ['null', '{"a":null}', '{"a":null}', true],
  ['the same text that is not JSON', 'not JSON', 'not JSON', true],
  ['other text that is not JSON', 'not JSON', 'neither', false],
  ['a policy and text that is not JSON', '{}', 'not JSON', false],
])('isSamePolicy() compares %s', (_what, a, b, same) => {
  expect(isSamePolicy(a, b)).toBe(same);
  expect(isSamePolicy(b, a)).toBe(same);
});
