import {
  CreateBucketCommand,
  DeletePublicAccessBlockCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import type { Authorization } from '../../../src/emulator/operation.js';
import { ANONYMOUS, newS3World, OWNER, rootOf, type S3World, textOf } from './s3-world.js';

const Bucket = 'pics';

async function worldWithObject(): Promise<S3World> {
  const world = newS3World();
  await world.s3.send(new CreateBucketCommand({ Bucket }));
  await world.s3.send(new PutObjectCommand({ Bucket, Key: 'a/b', Body: 'x' }));
  return world;
}

/** What is asked of the policy engine for one request, when it allows everything. */
async function asksOf(method: string, path: string, query = '', headers = {}): Promise<Authorization[]> {
  const world = await worldWithObject();
  const asks: Authorization[] = [];
  world.authorize = (ask) => {
    asks.push(ask);
    return 'allowed';
  };
  world.raw({ method, path, query, headers });
  return asks;
}

describe('permissions in S3', () => {
  it.each([
    ['GET', '/', '', 's3:ListAllMyBuckets', 'arn:aws:s3:::*'],
    ['PUT', '/new-one', '', 's3:CreateBucket', 'arn:aws:s3:::new-one'],
    ['HEAD', '/pics', '', 's3:ListBucket', 'arn:aws:s3:::pics'],
    ['GET', '/pics', 'list-type=2', 's3:ListBucket', 'arn:aws:s3:::pics'],
    ['GET', '/pics', '', 's3:ListBucket', 'arn:aws:s3:::pics'],
    ['GET', '/pics', 'versions', 's3:ListBucketVersions', 'arn:aws:s3:::pics'],
    ['GET', '/pics', 'uploads', 's3:ListBucketMultipartUploads', 'arn:aws:s3:::pics'],
    ['GET', '/pics', 'location', 's3:GetBucketLocation', 'arn:aws:s3:::pics'],
    ['GET', '/pics', 'policy', 's3:GetBucketPolicy', 'arn:aws:s3:::pics'],
    ['DELETE', '/pics', 'policy', 's3:DeleteBucketPolicy', 'arn:aws:s3:::pics'],
    ['GET', '/pics', 'publicAccessBlock', 's3:GetBucketPublicAccessBlock', 'arn:aws:s3:::pics'],
    ['DELETE', '/pics', 'publicAccessBlock', 's3:PutBucketPublicAccessBlock', 'arn:aws:s3:::pics'],
    ['GET', '/pics', 'encryption', 's3:GetEncryptionConfiguration', 'arn:aws:s3:::pics'],
    ['GET', '/pics', 'lifecycle', 's3:GetLifecycleConfiguration', 'arn:aws:s3:::pics'],
    ['GET', '/pics', 'accelerate', 's3:GetAccelerateConfiguration', 'arn:aws:s3:::pics'],
    ['DELETE', '/pics', '', 's3:DeleteBucket', 'arn:aws:s3:::pics'],
    ['GET', '/pics/a/b', '', 's3:GetObject', 'arn:aws:s3:::pics/a/b'],
    ['HEAD', '/pics/a/b', '', 's3:GetObject', 'arn:aws:s3:::pics/a/b'],
    ['GET', '/pics/a%2Fb', 'versionId=null', 's3:GetObjectVersion', 'arn:aws:s3:::pics/a/b'],
    ['GET', '/pics/a/b', 'tagging', 's3:GetObjectTagging', 'arn:aws:s3:::pics/a/b'],
    ['GET', '/pics/a/b', 'tagging&versionId=null', 's3:GetObjectVersionTagging', 'arn:aws:s3:::pics/a/b'],
    ['PUT', '/pics/a/b', '', 's3:PutObject', 'arn:aws:s3:::pics/a/b'],
    ['DELETE', '/pics/a/b', '', 's3:DeleteObject', 'arn:aws:s3:::pics/a/b'],
    ['DELETE', '/pics/a/b', 'versionId=null', 's3:DeleteObjectVersion', 'arn:aws:s3:::pics/a/b'],
  ])('%s %s?%s asks for %s', async (method, path, query, action, resource) => {
    const world = await worldWithObject();
    world.caller = { ...rootOf(OWNER), kind: 'user' };

    world.authorize = (ask) => (ask.action === action && ask.resource === resource ? 'allowed' : 'implicit-deny');
    const allowed = world.raw({ method, path, query }).status;
    world.authorize = (ask) => (ask.action === action && ask.resource === resource ? 'explicit-deny' : 'allowed');
    const denied = world.raw({ method, path, query }).status;

    expect([allowed === 403, denied]).toEqual([false, 403]);
  });

  it('a list tells the policy engine what is listed and how', async () => {
    const [ask] = await asksOf('GET', '/pics', 'list-type=2&prefix=a%2F&delimiter=%2F&max-keys=7');

    expect(ask?.context).toMatchObject({
      's3:prefix': 'a/',
      's3:delimiter': '/',
      's3:max-keys': '7',
      'aws:SecureTransport': 'true',
      'aws:ResourceAccount': OWNER,
    });
  });

  it('a missing key asks whether the bucket may be listed, without a prefix', async () => {
    const asks = await asksOf('GET', '/pics/missing');

    expect(asks.map(({ action, resource }) => [action, resource])).toEqual([
      ['s3:GetObject', 'arn:aws:s3:::pics/missing'],
      ['s3:ListBucket', 'arn:aws:s3:::pics'],
    ]);
    expect(Object.keys(asks[1]?.context ?? {})).not.toContain('s3:prefix');
  });

  it('the bucket’s policy and owner are part of every question', async () => {
    const world = await worldWithObject();
    const Policy = JSON.stringify({
      Statement: { Effect: 'Deny', Principal: '*', Action: 's3:PutObject', Resource: 'arn:aws:s3:::pics/*' },
    });
    await world.s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
    let asked: Authorization | undefined;
    world.authorize = (ask) => {
      asked = ask;
      return 'allowed';
    };
    world.caller = ANONYMOUS;

    world.raw({ method: 'GET', path: '/pics/a/b' });

    expect([asked?.resourcePolicy, asked?.resourceAccount, asked?.caller]).toEqual([Policy, OWNER, ANONYMOUS]);
  });

  it('Block Public Access keeps strangers out whatever a public policy says', async () => {
    const world = await worldWithObject();
    const policy = {
      Statement: { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::pics/*' },
    };
    await world.s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
    await world.s3.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify(policy) }));
    world.caller = ANONYMOUS;
    const open = world.raw({ method: 'GET', path: '/pics/a/b' }).status;
    world.caller = rootOf(OWNER);
    const body =
      '<PublicAccessBlockConfiguration><RestrictPublicBuckets>true</RestrictPublicBuckets></PublicAccessBlockConfiguration>';
    world.raw({ method: 'PUT', path: '/pics', query: 'publicAccessBlock', body: Buffer.from(body) });

    const owner = world.raw({ method: 'GET', path: '/pics/a/b' }).status;
    world.caller = ANONYMOUS;
    const anonymous = world.raw({ method: 'GET', path: '/pics/a/b' }).status;
    world.caller = rootOf('999988887777');
    const stranger = world.raw({ method: 'GET', path: '/pics/a/b' }).status;

    expect({ open, owner, anonymous, stranger }).toEqual({ open: 200, owner: 200, anonymous: 403, stranger: 403 });
  });

  it.each([
    [OWNER, 200],
    ['999988887777', 403],
    ['me', 400],
  ])('the expected bucket owner %s answers %i', async (owner, status) => {
    const world = await worldWithObject();
    const headers = { 'x-amz-expected-bucket-owner': owner };

    const answers = ['/pics/a/b', '/pics'].map((path) => world.raw({ method: 'GET', path, headers }).status);

    expect(answers).toEqual([status, status]);
  });

  it('an anonymous caller cannot list or make buckets', async () => {
    const world = await worldWithObject();
    world.caller = ANONYMOUS;

    const answers = [world.raw({ method: 'GET', path: '/' }), world.raw({ method: 'PUT', path: '/new-one' })];

    expect(answers.map((answer) => [answer.status, textOf(answer).includes('<Code>AccessDenied</Code>')])).toEqual([
      [403, true],
      [403, true],
    ]);
  });
});
