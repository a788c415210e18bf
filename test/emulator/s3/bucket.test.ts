import {
  CreateBucketCommand,
  DeleteBucketCommand,
  GetBucketLocationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketTaggingCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  PutBucketTaggingCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { headersOf, newS3World, OWNER, refusalOf, rootOf, textOf } from './s3-world.js';

const INVALID_NAMES = [
  'ab',
  'a'.repeat(64),
  'Upper',
  'under_score',
  'two..dots',
  '192.168.5.4',
  'xn--name',
  'sthree-name',
  'amzn-s3-demo-name',
  'name-s3alias',
  'name--ol-s3',
  'name.mrap',
  'name--x-s3',
  'name--table-s3',
  '-name',
  'name-',
  'bücher',
  'name-111122223333-us-east-1-an',
];

describe('CreateBucket', () => {
  it('CreateBucket in us-east-1 answers a path as the location, and the ARN', async () => {
    const { s3 } = newS3World();

    const created = await s3.send(new CreateBucketCommand({ Bucket: 'pics' }));

    expect(created).toMatchObject({ Location: '/pics', BucketArn: 'arn:aws:s3:::pics' });
  });

  it('CreateBucket elsewhere answers a URL as the location', async () => {
    const world = newS3World();
    world.region = 'eu-west-1';

    const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' } as const;
    const created = await world.s3.send(new CreateBucketCommand({ Bucket: 'pics', CreateBucketConfiguration }));

    expect(created.Location).toBe('http://pics.s3.amazonaws.com/');
  });

  it.each([
    ['us-east-1', 'us-east-1', 'InvalidLocationConstraint', 'The specified location-constraint is not valid'],
    ['us-east-1', 'bar', 'InvalidLocationConstraint', 'The specified location-constraint is not valid'],
    [
      'eu-west-1',
      undefined,
      'IllegalLocationConstraintException',
      'The unspecified location constraint is incompatible for the region specific endpoint this request was sent to.',
    ],
    [
      'eu-west-1',
      'bar',
      'IllegalLocationConstraintException',
      'The bar location constraint is incompatible for the region specific endpoint this request was sent to.',
    ],
  ])('CreateBucket at %s refuses the constraint %s', (region, constraint, code, message) => {
    const world = newS3World();
    world.region = region;
    const body = `<CreateBucketConfiguration><LocationConstraint>${constraint}</LocationConstraint></CreateBucketConfiguration>`;

    const answer = world.raw({
      method: 'PUT',
      path: '/pics',
      body: Buffer.from(constraint === undefined ? '' : body),
    });

    expect(answer.status).toBe(400);
    expect(textOf(answer)).toContain(`<Error><Code>${code}</Code><Message>${message}</Message>`);
  });

  it.each(INVALID_NAMES)('CreateBucket refuses the name %s', (name) => {
    const world = newS3World();

    const answer = world.raw({ method: 'PUT', path: `/${encodeURIComponent(name)}` });

    expect(answer.status).toBe(400);
    expect(textOf(answer)).toContain(
      '<Code>InvalidBucketName</Code><Message>The specified bucket is not valid.</Message>',
    );
  });

  it.each(['abc', 'a'.repeat(63), 'a.b-c.9', '0name9'])('CreateBucket takes the name %s', (name) => {
    const world = newS3World();

    const answer = world.raw({ method: 'PUT', path: `/${name}` });

    expect(answer.status).toBe(200);
  });

  it('CreateBucket takes a name in the namespace of its account and Region', async () => {
    const { s3 } = newS3World();
    const Bucket = `pics-${OWNER}-us-east-1-an`;

    const created = await s3.send(new CreateBucketCommand({ Bucket, BucketNamespace: 'account-regional' }));

    expect(created.BucketArn).toBe(`arn:aws:s3:::${Bucket}`);
  });

  it('CreateBucket refuses a name outside the namespace it asks for', async () => {
    const { s3 } = newS3World();

    const refusal = await refusalOf(
      s3.send(new CreateBucketCommand({ Bucket: 'pics', BucketNamespace: 'account-regional' })),
    );

    expect(refusal).toMatchObject({ name: 'InvalidBucketName', status: 400 });
  });

  it('CreateBucket refuses account-regional names in a Region that has none, by what it refuses', async () => {
    const world = newS3World();
    world.region = 'me-south-1';
    const location = '<LocationConstraint>me-south-1</LocationConstraint>';

    const answer = world.raw({
      method: 'PUT',
      path: `/pics-${OWNER}-me-south-1-an`,
      headers: { 'x-amz-bucket-namespace': 'account-regional' },
      body: Buffer.from(`<CreateBucketConfiguration>${location}</CreateBucketConfiguration>`),
    });

    expect(answer.status).toBe(400);
    expect(textOf(answer)).toContain('<Code>InvalidNamespaceHeader</Code>');
  });

  it('CreateBucket keeps tags and ownership from the one request', async () => {
    const { s3 } = newS3World();
    const Tags = [{ Key: 'made-by', Value: 'me + you' }];

    await s3.send(
      new CreateBucketCommand({
        Bucket: 'pics',
        ObjectOwnership: 'BucketOwnerPreferred',
        CreateBucketConfiguration: { Tags },
      }),
    );

    const tagging = await s3.send(new GetBucketTaggingCommand({ Bucket: 'pics' }));
    const ownership = await s3.send(new GetBucketOwnershipControlsCommand({ Bucket: 'pics' }));
    expect(tagging.TagSet).toEqual(Tags);
    expect(ownership.OwnershipControls?.Rules).toEqual([{ ObjectOwnership: 'BucketOwnerPreferred' }]);
  });

  it('CreateBucket of an own bucket in us-east-1 answers 200 and changes nothing', async () => {
    const world = newS3World();
    const TagSet = [{ Key: 'a', Value: '1' }];
    await world.s3.send(new CreateBucketCommand({ Bucket: 'pics' }));
    await world.s3.send(new PutBucketTaggingCommand({ Bucket: 'pics', Tagging: { TagSet } }));
    world.nowMs += 60_000;

    const again = await world.s3.send(new CreateBucketCommand({ Bucket: 'pics' }));

    expect(again.Location).toBe('/pics');
    expect((await world.s3.send(new GetBucketTaggingCommand({ Bucket: 'pics' }))).TagSet).toEqual(TagSet);
    const { Buckets } = await world.s3.send(new ListBucketsCommand({}));
    expect(Buckets?.map((bucket) => bucket.CreationDate?.toISOString())).toEqual(['2026-03-01T12:00:00.000Z']);
  });

  it('CreateBucket of an own bucket elsewhere is refused', async () => {
    const world = newS3World();
    world.region = 'eu-west-1';
    const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' } as const;
    await world.s3.send(new CreateBucketCommand({ Bucket: 'pics', CreateBucketConfiguration }));

    const refusal = await refusalOf(
      world.s3.send(new CreateBucketCommand({ Bucket: 'pics', CreateBucketConfiguration })),
    );

    expect(refusal).toEqual({
      name: 'BucketAlreadyOwnedByYou',
      status: 409,
      message: 'Your previous request to create the named bucket succeeded and you already own it.',
    });
  });

  it("CreateBucket of somebody else's bucket is refused", async () => {
    const world = newS3World();
    await world.s3.send(new CreateBucketCommand({ Bucket: 'pics' }));
    world.caller = rootOf('999988887777');

    const refusal = await refusalOf(world.s3.send(new CreateBucketCommand({ Bucket: 'pics' })));

    expect(refusal).toMatchObject({ name: 'BucketAlreadyExists', status: 409 });
  });

  it('CreateBucket refuses what it would otherwise have to ignore', async () => {
    const world = newS3World();

    const answer = world.raw({
      method: 'PUT',
      path: '/pics',
      headers: { 'x-amz-bucket-object-lock-enabled': 'true' },
    });

    expect(answer.status).toBe(501);
    expect(textOf(answer)).toContain('The local cloud does not emulate S3 CreateBucket with object lock.');
  });
});

describe('GetBucketLocation', () => {
  it('GetBucketLocation is empty for us-east-1', async () => {
    const world = newS3World();
    await world.s3.send(new CreateBucketCommand({ Bucket: 'pics' }));

    const location = world.raw({ method: 'GET', path: '/pics', query: 'location' });

    expect(textOf(location)).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/"></LocationConstraint>',
    );
  });

  it.each([
    ['eu-central-1', 'eu-central-1'],
    ['EU', 'EU'],
  ] as const)(
    'GetBucketLocation asked at us-east-1 answers %s as it was asked for',
    async (LocationConstraint, expected) => {
      const { s3 } = newS3World();
      await s3.send(new CreateBucketCommand({ Bucket: 'pics', CreateBucketConfiguration: { LocationConstraint } }));

      const location = await s3.send(new GetBucketLocationCommand({ Bucket: 'pics' }));

      expect(location.LocationConstraint).toBe(expected);
    },
  );
});

describe('HeadBucket', () => {
  it('HeadBucket tells Region and ARN', async () => {
    const { s3 } = newS3World();
    await s3.send(new CreateBucketCommand({ Bucket: 'pics' }));

    const head = await s3.send(new HeadBucketCommand({ Bucket: 'pics' }));

    expect(head).toMatchObject({ BucketRegion: 'us-east-1', BucketArn: 'arn:aws:s3:::pics', AccessPointAlias: false });
  });

  it('HeadBucket of a missing bucket is a 404 without a body', () => {
    const answer = newS3World().raw({ method: 'HEAD', path: '/nowhere' });

    expect([answer.status, answer.body.length]).toEqual([404, 0]);
  });

  it('HeadBucket of a forbidden bucket is a 403 without a body that tells the Region', async () => {
    const world = newS3World();
    await world.s3.send(new CreateBucketCommand({ Bucket: 'pics' }));
    world.authorize = () => 'implicit-deny';

    const answer = world.raw({ method: 'HEAD', path: '/pics' });

    expect([answer.status, answer.body.length, headersOf(answer)['x-amz-bucket-region']]).toEqual([
      403,
      0,
      'us-east-1',
    ]);
  });

  it('HeadBucket at the endpoint of another Region is a 301 that tells where the bucket is', async () => {
    const world = newS3World();
    await world.s3.send(new CreateBucketCommand({ Bucket: 'pics' }));
    world.region = 'eu-west-1';

    const answer = world.raw({ method: 'HEAD', path: '/pics' });

    expect([answer.status, answer.body.length, headersOf(answer)['x-amz-bucket-region']]).toEqual([
      301,
      0,
      'us-east-1',
    ]);
  });
});

describe('ListBuckets', () => {
  it('ListBuckets gives all own buckets at once, in order, and nobody else’s', async () => {
    const world = newS3World();
    for (const Bucket of ['ggg', 'bbb', 'aaa', 'ccc', 'fff', 'eee', 'ddd']) {
      await world.s3.send(new CreateBucketCommand({ Bucket }));
    }
    world.caller = rootOf('999988887777');
    await world.s3.send(new CreateBucketCommand({ Bucket: 'theirs' }));
    world.caller = rootOf(OWNER);

    const { Buckets, ContinuationToken } = await world.s3.send(new ListBucketsCommand({}));

    expect(Buckets?.map(({ Name }) => Name)).toEqual(['aaa', 'bbb', 'ccc', 'ddd', 'eee', 'fff', 'ggg']);
    expect(ContinuationToken).toBeUndefined();
  });

  it('ListBuckets pages when it is asked to', async () => {
    const { s3 } = newS3World();
    for (const Bucket of ['pic-1', 'pic-2', 'pic-3', 'other']) await s3.send(new CreateBucketCommand({ Bucket }));

    const first = await s3.send(new ListBucketsCommand({ MaxBuckets: 2, Prefix: 'pic-' }));
    const second = await s3.send(
      new ListBucketsCommand({
        MaxBuckets: 2,
        Prefix: 'pic-',
        ...(first.ContinuationToken === undefined ? {} : { ContinuationToken: first.ContinuationToken }),
      }),
    );

    expect(first.Buckets?.map(({ Name }) => Name)).toEqual(['pic-1', 'pic-2']);
    expect(second.Buckets?.map(({ Name, BucketRegion }) => [Name, BucketRegion])).toEqual([['pic-3', 'us-east-1']]);
    expect(second.ContinuationToken).toBeUndefined();
  });
});

describe('DeleteBucket', () => {
  it('DeleteBucket removes an empty bucket, and its name can be taken again without its settings', async () => {
    const { s3 } = newS3World();
    await s3.send(
      new CreateBucketCommand({ Bucket: 'pics', CreateBucketConfiguration: { Tags: [{ Key: 'a', Value: '' }] } }),
    );

    await s3.send(new DeleteBucketCommand({ Bucket: 'pics' }));

    await s3.send(new CreateBucketCommand({ Bucket: 'pics' }));
    const refusal = await refusalOf(s3.send(new GetBucketTaggingCommand({ Bucket: 'pics' })));
    expect(refusal.name).toBe('NoSuchTagSet');
  });

  it('DeleteBucket refuses a bucket with an object', async () => {
    const { s3 } = newS3World();
    await s3.send(new CreateBucketCommand({ Bucket: 'pics' }));
    await s3.send(new PutObjectCommand({ Bucket: 'pics', Key: 'a', Body: 'x' }));

    const refusal = await refusalOf(s3.send(new DeleteBucketCommand({ Bucket: 'pics' })));

    expect(refusal).toEqual({
      name: 'BucketNotEmpty',
      status: 409,
      message: 'The bucket you tried to delete is not empty',
    });
  });

  it('DeleteBucket of a missing bucket is a 404', async () => {
    const refusal = await refusalOf(newS3World().s3.send(new DeleteBucketCommand({ Bucket: 'nowhere' })));

    expect(refusal).toEqual({ name: 'NoSuchBucket', status: 404, message: 'The specified bucket does not exist' });
  });
});
