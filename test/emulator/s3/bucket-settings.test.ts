import {
  CreateBucketCommand,
  DeleteBucketEncryptionCommand,
  DeleteBucketLifecycleCommand,
  DeleteBucketOwnershipControlsCommand,
  DeleteBucketPolicyCommand,
  DeleteBucketTaggingCommand,
  DeletePublicAccessBlockCommand,
  GetBucketAccelerateConfigurationCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  HeadObjectCommand,
  PutBucketAccelerateConfigurationCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { newS3World, refusalOf, type S3World, textOf } from './s3-world.js';

const Bucket = 'pics';

const MALFORMED_XML = 'The XML you provided was not well-formed or did not validate against our published schema';

async function worldWithBucket(name = Bucket): Promise<S3World> {
  const world = newS3World();
  await world.s3.send(new CreateBucketCommand({ Bucket: name }));
  return world;
}

describe('a bucket’s tags', () => {
  it('GetBucketTagging refuses when there are none, before and after', async () => {
    const { s3 } = await worldWithBucket();
    const expected = { name: 'NoSuchTagSet', status: 404, message: 'The TagSet does not exist' };

    const before = await refusalOf(s3.send(new GetBucketTaggingCommand({ Bucket })));
    await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: [{ Key: 'a', Value: 'b' }] } }));
    await s3.send(new DeleteBucketTaggingCommand({ Bucket }));
    const after = await refusalOf(s3.send(new GetBucketTaggingCommand({ Bucket })));

    expect([before, after]).toEqual([expected, expected]);
  });

  it('PutBucketTagging replaces all of them', async () => {
    const { s3 } = await worldWithBucket();
    const TagSet = [
      { Key: 'b', Value: '' },
      { Key: 'ключ', Value: 'a=b @ c/d' },
    ];
    await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: [{ Key: 'a', Value: 'b' }] } }));

    await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));

    expect((await s3.send(new GetBucketTaggingCommand({ Bucket }))).TagSet).toEqual(TagSet);
  });

  it.each([
    ['a key twice', ['a', 'a'], 'InvalidTag', 'Cannot provide multiple Tags with the same key'],
    ['a system key', ['aws:mine'], 'InvalidTag', 'System tags cannot be added/updated by requester'],
    ['a long key', ['k'.repeat(129)], 'InvalidTag', 'The TagKey you have provided is invalid'],
    ['a bad character', ['a&b'], 'InvalidTag', 'The TagKey you have provided is invalid'],
    [
      '51 tags',
      Array.from({ length: 51 }, (_, n) => `k${n}`),
      'BadRequest',
      'Bucket tag count cannot be greater than 50',
    ],
  ])('PutBucketTagging refuses %s', async (_, keys, name, message) => {
    const { s3 } = await worldWithBucket();
    const TagSet = keys.map((Key) => ({ Key, Value: 'v' }));

    const refusal = await refusalOf(s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } })));

    expect(refusal).toEqual({ name, status: 400, message });
  });
});

describe('a bucket’s policy', () => {
  const policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: ['arn:aws:s3:::pics', 'arn:aws:s3:::pics/*'],
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ],
  });

  it('GetBucketPolicy refuses when there is none, before and after', async () => {
    const { s3 } = await worldWithBucket();
    const expected = { name: 'NoSuchBucketPolicy', status: 404, message: 'The bucket policy does not exist' };

    const before = await refusalOf(s3.send(new GetBucketPolicyCommand({ Bucket })));
    await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: policy }));
    await s3.send(new DeleteBucketPolicyCommand({ Bucket }));
    const after = await refusalOf(s3.send(new GetBucketPolicyCommand({ Bucket })));

    expect([before, after]).toEqual([expected, expected]);
  });

  it('GetBucketPolicy gives the text as it was put', async () => {
    const { s3 } = await worldWithBucket();

    await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: policy }));

    expect((await s3.send(new GetBucketPolicyCommand({ Bucket }))).Policy).toBe(policy);
  });

  const statement = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: 'arn:aws:s3:::pics/*' };
  it.each([
    ['no JSON', '<xml/>', "Policies must be valid JSON and the first byte must be '{'"],
    ['an array', '[]', "Policies must be valid JSON and the first byte must be '{'"],
    ['broken JSON', '{"Statement":', "Policies must be valid JSON and the first byte must be '{'"],
    ['an empty object', '{}', 'Missing required field Statement'],
    ['no statements', '{"Statement":[]}', 'Could not parse the policy: Statement is empty!'],
    ['a bad effect', { ...statement, Effect: 'Maybe' }, 'Invalid effect: Maybe'],
    ['no principal', { ...statement, Principal: undefined }, 'Missing required field Principal'],
    ['no action', { ...statement, Action: undefined }, 'Missing required field Action'],
    ['no resource', { ...statement, Resource: undefined }, 'Missing required field Resource'],
    ['another bucket', { ...statement, Resource: 'arn:aws:s3:::other/*' }, 'Policy has invalid resource'],
    ['a longer bucket name', { ...statement, Resource: 'arn:aws:s3:::pics2/*' }, 'Policy has invalid resource'],
  ])('PutBucketPolicy refuses %s', async (_, policyOrStatement, message) => {
    const { s3 } = await worldWithBucket();
    const Policy =
      typeof policyOrStatement === 'string' ? policyOrStatement : JSON.stringify({ Statement: policyOrStatement });

    const refusal = await refusalOf(s3.send(new PutBucketPolicyCommand({ Bucket, Policy })));

    expect(refusal).toEqual({ name: 'MalformedPolicy', status: 400, message });
  });

  it.each([
    ['everybody', { Principal: '*' }, 403],
    ['everybody as a list', { Principal: { AWS: ['*'] } }, 403],
    ['all but one', { Principal: undefined, NotPrincipal: { AWS: 'arn:aws:iam::111122223333:root' } }, 403],
    ['everybody at any address', { Principal: '*', Condition: { IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } } }, 403],
    ['one account', { Principal: { AWS: 'arn:aws:iam::111122223333:root' } }, 204],
    ['a service', { Principal: { Service: 'apigateway.amazonaws.com' } }, 204],
    ['one network', { Principal: '*', Condition: { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } } }, 204],
  ])('PutBucketPolicy, with public policies blocked, that allows %s answers as AWS does', async (_, who, status) => {
    const world = await worldWithBucket();
    const document = { Statement: [{ ...statement, Effect: 'Allow', ...who }] };

    const answer = world.raw({
      method: 'PUT',
      path: `/${Bucket}`,
      query: 'policy',
      body: Buffer.from(JSON.stringify(document)),
    });

    expect(answer.status).toBe(status);
  });

  it('PutBucketPolicy takes a public policy once nothing blocks it', async () => {
    const { s3 } = await worldWithBucket();
    const Policy = JSON.stringify({ Statement: [{ ...statement, Effect: 'Allow' }] });
    await s3.send(new DeletePublicAccessBlockCommand({ Bucket }));

    await s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));

    expect((await s3.send(new GetBucketPolicyCommand({ Bucket }))).Policy).toBe(Policy);
  });

  it('DeleteBucketPolicy by the root user works although a policy denies everything', async () => {
    const world = await worldWithBucket();
    await world.s3.send(new PutBucketPolicyCommand({ Bucket, Policy: policy }));
    world.authorize = () => 'explicit-deny';

    await world.s3.send(new DeleteBucketPolicyCommand({ Bucket }));

    expect((await refusalOf(world.s3.send(new GetBucketPolicyCommand({ Bucket })))).name).toBe('NoSuchBucketPolicy');
  });
});

describe('a bucket’s public access block', () => {
  const allOn = {
    BlockPublicAcls: true,
    IgnorePublicAcls: true,
    BlockPublicPolicy: true,
    RestrictPublicBuckets: true,
  };

  it('GetPublicAccessBlock of a new bucket has all four on', async () => {
    const { s3 } = await worldWithBucket();

    const block = await s3.send(new GetPublicAccessBlockCommand({ Bucket }));

    expect(block.PublicAccessBlockConfiguration).toEqual(allOn);
  });

  it('PutPublicAccessBlock turns off what it does not name', async () => {
    const { s3 } = await worldWithBucket();

    await s3.send(
      new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: { IgnorePublicAcls: true } }),
    );

    const block = await s3.send(new GetPublicAccessBlockCommand({ Bucket }));
    expect(block.PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: false,
      IgnorePublicAcls: true,
      BlockPublicPolicy: false,
      RestrictPublicBuckets: false,
    });
  });

  it('GetPublicAccessBlock refuses after DeletePublicAccessBlock', async () => {
    const { s3 } = await worldWithBucket();

    await s3.send(new DeletePublicAccessBlockCommand({ Bucket }));

    expect(await refusalOf(s3.send(new GetPublicAccessBlockCommand({ Bucket })))).toEqual({
      name: 'NoSuchPublicAccessBlockConfiguration',
      status: 404,
      message: 'The public access block configuration was not found',
    });
  });
});

describe('a bucket’s ownership controls', () => {
  it('GetBucketOwnershipControls of a new bucket says BucketOwnerEnforced', async () => {
    const { s3 } = await worldWithBucket();

    const controls = await s3.send(new GetBucketOwnershipControlsCommand({ Bucket }));

    expect(controls.OwnershipControls?.Rules).toEqual([{ ObjectOwnership: 'BucketOwnerEnforced' }]);
  });

  it('PutObject with an ACL is refused while ACLs are off', async () => {
    const { s3 } = await worldWithBucket();

    const refusal = await refusalOf(s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'x', ACL: 'public-read' })));

    expect(refusal).toEqual({
      name: 'AccessControlListNotSupported',
      status: 400,
      message: 'The bucket does not allow ACLs',
    });
  });

  it('GetBucketOwnershipControls follows Put and Delete', async () => {
    const { s3 } = await worldWithBucket();
    const OwnershipControls = { Rules: [{ ObjectOwnership: 'ObjectWriter' as const }] };

    await s3.send(new PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls }));
    const put = await s3.send(new GetBucketOwnershipControlsCommand({ Bucket }));
    await s3.send(new DeleteBucketOwnershipControlsCommand({ Bucket }));
    const deleted = await refusalOf(s3.send(new GetBucketOwnershipControlsCommand({ Bucket })));

    expect(put.OwnershipControls).toEqual(OwnershipControls);
    expect(deleted).toMatchObject({ name: 'OwnershipControlsNotFoundError', status: 404 });
  });
});

describe('a bucket’s encryption', () => {
  it('GetBucketEncryption of a new bucket says AES256 without a bucket key', async () => {
    const { s3 } = await worldWithBucket();

    const { ServerSideEncryptionConfiguration } = await s3.send(new GetBucketEncryptionCommand({ Bucket }));

    expect(ServerSideEncryptionConfiguration?.Rules).toEqual([
      { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false },
    ]);
  });

  it('GetBucketEncryption after DeleteBucketEncryption is empty, and objects are AES256 all the same', async () => {
    const { s3 } = await worldWithBucket();

    await s3.send(new DeleteBucketEncryptionCommand({ Bucket }));

    const encryption = await s3.send(new GetBucketEncryptionCommand({ Bucket }));
    await s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'x' }));
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'a' }));
    expect(encryption.ServerSideEncryptionConfiguration?.Rules).toBeUndefined();
    expect(head.ServerSideEncryption).toBe('AES256');
  });

  it('PutBucketEncryption with a KMS key is the default of new objects, whose ETag is no MD5', async () => {
    const { s3 } = await worldWithBucket();
    const KMSMasterKeyID = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
    const Rules = [
      {
        ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' as const, KMSMasterKeyID },
        BucketKeyEnabled: true,
      },
    ];

    await s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules } }));

    const encryption = await s3.send(new GetBucketEncryptionCommand({ Bucket }));
    await s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'x' }));
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'a' }));
    expect(encryption.ServerSideEncryptionConfiguration?.Rules).toEqual(Rules);
    expect(head).toMatchObject({
      ServerSideEncryption: 'aws:kms',
      SSEKMSKeyId: KMSMasterKeyID,
      BucketKeyEnabled: true,
    });
    expect(head.ETag).not.toBe('"9dd4e461268c8034f5c8564e155c67a6"');
  });
});

describe('a bucket’s lifecycle', () => {
  const Rules = [
    {
      ID: 'abort',
      Status: 'Enabled' as const,
      Filter: { Prefix: '' },
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
    },
    {
      ID: 'old & gone',
      Status: 'Disabled' as const,
      Filter: { And: { Prefix: 'a/', Tags: [{ Key: 'k', Value: 'v' }] } },
      NoncurrentVersionExpiration: { NoncurrentDays: 30 },
    },
  ];

  it('GetBucketLifecycleConfiguration refuses when there is none, before and after', async () => {
    const { s3 } = await worldWithBucket();
    const expected = {
      name: 'NoSuchLifecycleConfiguration',
      status: 404,
      message: 'The lifecycle configuration does not exist',
    };

    const before = await refusalOf(s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket })));
    await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }));
    await s3.send(new DeleteBucketLifecycleCommand({ Bucket }));
    const after = await refusalOf(s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket })));

    expect([before, after]).toEqual([expected, expected]);
  });

  it('GetBucketLifecycleConfiguration gives the rules as they were put', async () => {
    const { s3 } = await worldWithBucket();

    await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }));

    const lifecycle = await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
    expect(lifecycle.Rules).toEqual(Rules);
    expect(lifecycle.TransitionDefaultMinimumObjectSize).toBe('all_storage_classes_128K');
  });

  it('PutBucketLifecycleConfiguration gives a rule without an ID one', async () => {
    const { s3 } = await worldWithBucket();
    const unnamed = { Status: 'Enabled' as const, Filter: { Prefix: '' }, Expiration: { Days: 1 } };

    await s3.send(
      new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules: [unnamed, unnamed] } }),
    );

    const lifecycle = await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
    const ids = lifecycle.Rules?.map(({ ID }) => ID) ?? [];
    expect(new Set(ids.filter(Boolean)).size).toBe(2);
  });

  it.each([
    ['no rule', '', 'MalformedXML'],
    ['no filter', '<Rule><Status>Enabled</Status><Expiration><Days>1</Days></Expiration></Rule>', 'MalformedXML'],
    [
      'an unknown status',
      '<Rule><Status>On</Status><Prefix/><Expiration><Days>1</Days></Expiration></Rule>',
      'MalformedXML',
    ],
    ['no action', '<Rule><Status>Enabled</Status><Prefix/></Rule>', 'InvalidRequest'],
    [
      'zero days',
      '<Rule><Status>Enabled</Status><Prefix/><AbortIncompleteMultipartUpload><DaysAfterInitiation>0</DaysAfterInitiation></AbortIncompleteMultipartUpload></Rule>',
      'InvalidArgument',
    ],
    [
      'an ID twice',
      '<Rule><ID>a</ID><Status>Enabled</Status><Prefix/><Expiration><Days>1</Days></Expiration></Rule>'.repeat(2),
      'InvalidArgument',
    ],
  ])('PutBucketLifecycleConfiguration refuses %s', async (_, rules, code) => {
    const world = await worldWithBucket();

    const answer = world.raw({
      method: 'PUT',
      path: `/${Bucket}`,
      query: 'lifecycle',
      body: Buffer.from(`<LifecycleConfiguration>${rules}</LifecycleConfiguration>`),
    });

    expect([answer.status, textOf(answer)]).toEqual([400, expect.stringContaining(`<Code>${code}</Code>`)]);
  });
});

describe('a bucket’s versioning', () => {
  it('GetBucketVersioning is empty until it is set, then follows', async () => {
    const { s3 } = await worldWithBucket();
    const seen: unknown[] = [(await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status];

    for (const Status of ['Enabled', 'Suspended'] as const) {
      await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
      seen.push((await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status);
    }

    expect(seen).toEqual([undefined, 'Enabled', 'Suspended']);
  });

  it.each([
    ['<VersioningConfiguration/>', 'IllegalVersioningConfigurationException', 400],
    ['<VersioningConfiguration><Status>enabled</Status></VersioningConfiguration>', 'MalformedXML', 400],
    ['<VersioningConfiguration><MfaDelete>Enabled</MfaDelete></VersioningConfiguration>', 'NotImplemented', 501],
    ['not xml', 'MalformedXML', 400],
  ])('PutBucketVersioning refuses %s', async (body, code, status) => {
    const world = await worldWithBucket();

    const answer = world.raw({ method: 'PUT', path: `/${Bucket}`, query: 'versioning', body: Buffer.from(body) });

    expect([answer.status, textOf(answer)]).toEqual([status, expect.stringContaining(`<Code>${code}</Code>`)]);
  });
});

describe('a bucket’s transfer acceleration', () => {
  it('GetBucketAccelerateConfiguration is empty until it is set, then follows', async () => {
    const { s3 } = await worldWithBucket();
    const seen: unknown[] = [(await s3.send(new GetBucketAccelerateConfigurationCommand({ Bucket }))).Status];

    for (const Status of ['Enabled', 'Suspended'] as const) {
      await s3.send(new PutBucketAccelerateConfigurationCommand({ Bucket, AccelerateConfiguration: { Status } }));
      seen.push((await s3.send(new GetBucketAccelerateConfigurationCommand({ Bucket }))).Status);
    }

    expect(seen).toEqual([undefined, 'Enabled', 'Suspended']);
  });

  it('PutBucketAccelerateConfiguration refuses a status in lower case', async () => {
    const { s3 } = await worldWithBucket();
    const AccelerateConfiguration = { Status: 'enabled' as 'Enabled' };

    const refusal = await refusalOf(
      s3.send(new PutBucketAccelerateConfigurationCommand({ Bucket, AccelerateConfiguration })),
    );

    expect(refusal).toEqual({ name: 'MalformedXML', status: 400, message: MALFORMED_XML });
  });

  it('PutBucketAccelerateConfiguration refuses a bucket with periods in its name', async () => {
    const { s3 } = await worldWithBucket('my.pics');

    const refusal = await refusalOf(
      s3.send(
        new PutBucketAccelerateConfigurationCommand({
          Bucket: 'my.pics',
          AccelerateConfiguration: { Status: 'Enabled' },
        }),
      ),
    );

    expect(refusal).toEqual({
      name: 'InvalidRequest',
      status: 400,
      message: 'S3 Transfer Acceleration is not supported for buckets with periods (.) in their names',
    });
  });
});
