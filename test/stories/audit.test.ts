import { describe, expect, it } from 'vitest';
import type { Aws } from '../../src/aws/aws.js';
import { describeFindings } from '../../src/project/audit.js';
import { changing, newWorld } from './world.js';

const BUCKET = 'their-bucket';
const ARN = `arn:aws:s3:::${BUCKET}`;
const KEY = 'arn:aws:kms:eu-west-1:000000000000:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const PREFIX = 'images/';

const TLS_ONLY = {
  Sid: 'TlsOnly',
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:*',
  Resource: [ARN, `${ARN}/*`],
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
};

function policyOf(...statements: object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [TLS_ONLY, ...statements] });
}

/** A Deny on reading images. What pixgate itself keeps in the bucket stays readable, or `up` could not even be planned. */
function denyReads(change: object): string {
  const base = { Sid: 'Fence', Effect: 'Deny', Principal: '*', Action: 's3:GetObject', Resource: `${ARN}/images/*` };
  return policyOf({ ...base, ...change });
}

async function putObject(aws: Aws, key: string): Promise<void> {
  await aws.s3.putObject(BUCKET, { key, body: Buffer.from('theirs'), contentType: 'image/png', headers: {} });
}

interface Row {
  readonly bucket: string;
  /** What somebody did to a bucket that was clean. */
  readonly make: (aws: Aws) => Promise<void>;
  /** One pattern for each finding, in order. */
  readonly findings: readonly RegExp[];
}

const CLEAN = /: it is of this account and in the right Region, and nothing in it stands in the way\.$/;
const policy = (text: string) => (aws: Aws) => aws.s3.settings.write(BUCKET, 'policy', text);

const ROWS: readonly Row[] = [
  { bucket: 'that is clean', make: async () => {}, findings: [CLEAN] },
  {
    bucket: 'with a Deny for other VPCs',
    make: policy(denyReads({ Condition: { StringNotEquals: { 'aws:SourceVpc': 'vpc-1' } } })),
    findings: [/policy's "Fence" may shut API Gateway's role out: it asks for a VPC, /],
  },
  {
    bucket: 'with a Deny for other VPC endpoints',
    make: policy(denyReads({ Action: 's3:Get*', Condition: { StringNotEquals: { 'aws:sourceVpce': ['vpce-1'] } } })),
    findings: [/asks for a VPC endpoint/],
  },
  {
    bucket: 'with a Deny for other addresses',
    make: policy(denyReads({ Condition: { NotIpAddress: { 'aws:SourceIp': '203.0.113.0/24' } } })),
    findings: [/asks for addresses/],
  },
  {
    bucket: 'with a Deny for other principals',
    make: policy(denyReads({ Condition: { StringNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:user/*' } } })),
    findings: [/asks for certain principals/],
  },
  {
    bucket: 'with a Deny for other organisations',
    make: policy(denyReads({ Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-1' } } })),
    findings: [/asks for an organisation/],
  },
  {
    bucket: 'with a Deny for all but a few',
    make: policy(
      denyReads({ Principal: undefined, NotPrincipal: { AWS: 'arn:aws:iam::000000000000:user/local-admin' } }),
    ),
    findings: [/denies everybody whom it does not name/],
  },
  {
    bucket: 'with a Deny for everybody, without a name',
    make: policy(denyReads({ Sid: undefined, Resource: `${ARN}/secret/*` })),
    findings: [/: statement 2 of its policy may shut API Gateway's role out: it denies reading without a condition/],
  },
  {
    bucket: 'with a Deny on a condition that we do not know',
    make: policy(denyReads({ Condition: { StringEquals: { 's3:ExistingObjectTag/secret': 'yes' } } })),
    findings: [/has a condition on s3:existingobjecttag\/secret/],
  },
  {
    bucket: 'whose Denies are about deleting, other principals and old TLS',
    make: policy(
      policyOf(
        { Effect: 'Deny', Principal: '*', Action: 's3:DeleteBucket', Resource: ARN },
        { Effect: 'Deny', Principal: { AWS: '111122223333' }, Action: 's3:*', Resource: `${ARN}/*` },
        {
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:*',
          Resource: `${ARN}/*`,
          Condition: { NumericLessThan: { 's3:TlsVersion': '1.2' } },
        },
      ),
    ),
    findings: [CLEAN],
  },
  {
    bucket: 'encrypted with KMS',
    make: (aws) => aws.s3.settings.write(BUCKET, 'encryption', { algorithm: 'aws:kms', kmsKey: KEY, bucketKey: true }),
    findings: [
      /may decrypt them only when bucket\.encryption names the key: \{ kms: arn:aws:kms:eu-west-1:.*\/1234abcd/,
    ],
  },
  {
    bucket: 'encrypted with the key that S3 keeps for the account',
    make: (aws) => aws.s3.settings.write(BUCKET, 'encryption', { algorithm: 'aws:kms', kmsKey: '', bucketKey: true }),
    findings: [CLEAN],
  },
  {
    bucket: 'with ACLs',
    make: (aws) => aws.s3.settings.write(BUCKET, 'objectOwnership', 'ObjectWriter'),
    findings: [/its ACLs are on/],
  },
  {
    bucket: 'that may be public',
    make: (aws) => aws.s3.settings.write(BUCKET, 'publicAccessBlocked', false),
    findings: [/Block Public Access is not on in full; that is left as it is/],
  },
  {
    bucket: 'that takes plain HTTP',
    make: policy(
      JSON.stringify({
        Version: '2012-10-17',
        Statement: {
          Effect: 'Allow',
          Principal: { AWS: 'arn:aws:iam::000000000000:root' },
          Action: 's3:GetObject',
          Resource: `${ARN}/*`,
        },
      }),
    ),
    findings: [/no policy refuses plain HTTP/],
  },
  {
    bucket: 'with versions',
    make: (aws) => aws.s3.settings.write(BUCKET, 'versioning', 'Enabled'),
    findings: [/versioning is on: teardown deletes every version that pixgate sent/],
  },
  {
    bucket: 'whose versioning is suspended',
    make: (aws) => aws.s3.settings.write(BUCKET, 'versioning', 'Off'),
    findings: [/versioning is suspended: teardown deletes every version that pixgate sent/],
  },
  {
    bucket: 'with objects below the prefix and beside it',
    make: async (aws) => {
      for (const key of ['images/a.png', 'images/b.png', 'images/c.png', 'images/d.png', 'other/e.png'])
        await putObject(aws, key);
    },
    findings: [
      /4 objects that pixgate did not send will be served too: "images\/a\.png", "images\/b\.png", "images\/c\.png", and 1 more\.$/,
    ],
  },
  {
    bucket: 'of another environment of pixgate',
    make: (aws) =>
      aws.s3.putBucketTags(BUCKET, { 'pixgate:token': 't', 'pixgate:name': 'site', 'pixgate:stage': 'prod' }),
    findings: [/belongs to pixgate's environment "site", stage "prod", whose teardown deletes it/],
  },
  {
    bucket: 'with several of these',
    make: async (aws) => {
      await aws.s3.settings.write(BUCKET, 'objectOwnership', 'ObjectWriter');
      await aws.s3.settings.write(BUCKET, 'versioning', 'Enabled');
      await putObject(aws, 'images/a.png');
    },
    findings: [/ACLs are on/, /versioning is on/, /1 object that pixgate did not send/],
  },
];

describe('the audit of an adopted bucket', () => {
  it.each(ROWS)('$bucket says what it found, in init and in up, and changes nothing', async ({ make, findings }) => {
    const world = newWorld();
    const aws = await world.aws();
    await aws.s3.createBucket(BUCKET, { team: 'web' });
    await aws.s3.settings.write(BUCKET, 'publicAccessBlocked', true);
    await aws.s3.settings.write(BUCKET, 'policy', policyOf());
    await make(aws);
    const config = world.config({}, { bucket: { name: BUCKET, create: false, prefix: PREFIX, versioning: false } });
    const before = world.everything();
    world.calls.length = 0;

    const plans = [await world.plan('init', config), await world.plan('up', config)];

    for (const { notices } of plans) {
      const said = notices.filter((notice) => notice.startsWith(`audit of bucket ${BUCKET}, ${PREFIX}: `));
      expect(said).toEqual(findings.map((finding) => expect.stringMatching(finding)));
    }
    expect(changing(world.calls)).toEqual([]);
    expect(world.everything()).toEqual(before);
  });

  it('says nothing of what pixgate itself has sent, and nothing in the other phases', async () => {
    const world = newWorld();
    const aws = await world.aws();
    await aws.s3.createBucket(BUCKET, {});
    await aws.s3.settings.write(BUCKET, 'policy', policyOf());
    const config = world.config({}, { bucket: { name: BUCKET, create: false, prefix: PREFIX, versioning: false } });
    await world.run('up', config);

    const up = await world.plan('up', config);
    const others = await Promise.all((['upload', 'wire', 'teardown'] as const).map((is) => world.plan(is, config)));

    expect(up.notices.filter((is) => is.startsWith('audit'))).toEqual([expect.stringMatching(CLEAN)]);
    expect(others.flatMap(({ notices }) => notices).filter((is) => is.startsWith('audit'))).toEqual([]);
  });

  it('goes on, and says so, where the operator may not read the settings', async () => {
    const world = newWorld();
    const aws = await world.aws();
    await aws.s3.createBucket(BUCKET, {});
    const fence = { Effect: 'Deny', Principal: '*', Action: 's3:GetEncryptionConfiguration', Resource: ARN };
    await aws.s3.settings.write(BUCKET, 'policy', policyOf(fence));
    const config = world.config({}, { bucket: { name: BUCKET, create: false, prefix: PREFIX, versioning: false } });

    const { notices } = await world.plan('init', config);

    expect(notices).toEqual([
      `audit of bucket ${BUCKET}, ${PREFIX}: GetBucketEncryption is not allowed to you, so its settings are not known.`,
    ]);
  });

  it('looks where the bucket is, and is content with a key that the config names', async () => {
    const world = newWorld();
    const s3 = (await world.aws()).s3In('us-east-1');
    const kms = KEY.replace('eu-west-1', 'us-east-1');
    await s3.createBucket(BUCKET, {});
    await s3.settings.write(BUCKET, 'policy', policyOf());
    await s3.settings.write(BUCKET, 'encryption', { algorithm: 'aws:kms', kmsKey: kms, bucketKey: true });
    const bucket = { name: BUCKET, create: false, prefix: PREFIX, versioning: false, region: 'us-east-1' };

    const unnamed = await world.plan('init', world.config({}, { bucket }));
    const named = await world.plan('init', world.config({}, { bucket: { ...bucket, encryption: { kms } } }));

    expect(unnamed.notices).toEqual([expect.stringContaining(`{ kms: ${kms} }`)]);
    expect(named.notices).toEqual([expect.stringMatching(CLEAN)]);
  });

  it('is silent about buckets that pixgate makes', async () => {
    const world = newWorld();

    const { notices } = await world.plan('up');

    expect(notices.filter((is) => is.startsWith('audit'))).toEqual([]);
  });
});

describe('describeFindings', () => {
  it('names archived objects, since S3 refuses to hand them out', () => {
    const findings = describeFindings({
      settings: {
        publicAccessBlocked: true,
        objectOwnership: 'BucketOwnerEnforced',
        encryption: { algorithm: 'AES256', kmsKey: '', bucketKey: false },
        policy: policyOf(),
        abortUploadsAfterDays: 0,
        versioning: 'Off',
      },
      tags: {},
      objects: [
        { key: 'images/a.png', storageClass: 'STANDARD' },
        { key: 'images/b.png', storageClass: 'DEEP_ARCHIVE' },
        { key: 'images/c.png', storageClass: 'GLACIER_IR' },
      ],
      kmsKey: undefined,
      roleArn: 'arn:aws:iam::000000000000:role/pixgate/reader',
      othersEnvironment: false,
    });

    expect(findings).toEqual([
      '3 objects that pixgate did not send will be served too: "images/a.png", "images/b.png", "images/c.png".',
      'S3 refuses to read what is archived, until it is restored: "images/b.png".',
    ]);
  });
});
