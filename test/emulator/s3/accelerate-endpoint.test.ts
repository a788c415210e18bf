import {
  CreateBucketCommand,
  PutBucketAccelerateConfigurationCommand,
  PutObjectCommand,
  type S3ServiceException,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import type { WireRequest } from '../../../src/emulator/operation.js';
import { toPathStyle } from '../../../src/emulator/router.js';
import { newS3World, type S3World, textOf } from './s3-world.js';

const HOST = 's3-accelerate.amazonaws.com';

/** A bucket in eu-west-1 with one object, and what was set of its acceleration; then asked by way of us-east-1. */
async function worldFarAway(...statuses: readonly ('Enabled' | 'Suspended')[]): Promise<S3World> {
  const world = newS3World();
  world.region = 'eu-west-1';
  const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' as const };
  await world.s3.send(new CreateBucketCommand({ Bucket: 'pics', CreateBucketConfiguration }));
  await world.s3.send(new PutObjectCommand({ Bucket: 'pics', Key: 'a', Body: 'bytes of a' }));
  for (const Status of statuses) {
    const AccelerateConfiguration = { Status };
    await world.s3.send(new PutBucketAccelerateConfigurationCommand({ Bucket: 'pics', AccelerateConfiguration }));
  }
  world.region = 'us-east-1';
  return world;
}

/** Sends a request as it comes over the wire, with the bucket in the host. */
function ask(world: S3World, method: string, host: string, path: string, body = '') {
  const request: WireRequest = { method, host, path, query: '', headers: {}, body: Buffer.from(body) };
  return world.raw(toPathStyle(request));
}

describe('s3Service, at the endpoint of Transfer Acceleration,', () => {
  it.each([`pics.${HOST}`, 'pics.s3-accelerate.dualstack.amazonaws.com'])(
    'reads and writes a bucket of any Region: %s',
    async (host) => {
      const world = await worldFarAway('Enabled');

      const put = ask(world, 'PUT', host, '/b/c', 'bytes of c');
      const got = [ask(world, 'GET', host, '/a'), ask(world, 'GET', host, '/b/c')];

      expect(put.status).toBe(200);
      expect(got.map(textOf)).toEqual(['bytes of a', 'bytes of c']);
      expect(ask(world, 'GET', 'pics.s3.us-east-1.amazonaws.com', '/a').status).toBe(301);
    },
  );

  it.each([
    ['never had it', [], 'S3 Transfer Acceleration is not configured on this bucket'],
    ['had it once', ['Enabled', 'Suspended'] as const, 'S3 Transfer Acceleration is disabled on this bucket'],
  ])('refuses a bucket that %s, and keeps nothing', async (_what, statuses, message) => {
    const world = await worldFarAway(...statuses);

    const answer = ask(world, 'PUT', `pics.${HOST}`, '/b', 'bytes');

    expect([answer.status, textOf(answer)]).toEqual([
      400,
      expect.stringContaining(`<Code>InvalidRequest</Code><Message>${message}</Message>`),
    ]);
    world.region = 'eu-west-1';
    expect(ask(world, 'GET', 'pics.s3.eu-west-1.amazonaws.com', '/b').status).toBe(404);
  });

  it.each([
    ['ListBuckets', 'GET', HOST, '/', 405, 'MethodNotAllowed'],
    ['CreateBucket', 'PUT', `more.${HOST}`, '/', 405, 'MethodNotAllowed'],
    ['DeleteBucket', 'DELETE', `pics.${HOST}`, '/', 405, 'MethodNotAllowed'],
    ['the bucket in the path', 'GET', HOST, '/pics/a', 400, 'InvalidRequest'],
    ['a bucket that is not there', 'GET', `none.${HOST}`, '/a', 404, 'NoSuchBucket'],
  ])('refuses %s', async (_what, method, host, path, status, code) => {
    const world = await worldFarAway('Enabled');

    const answer = ask(world, method, host, path);

    expect([answer.status, textOf(answer)]).toEqual([status, expect.stringContaining(`<Code>${code}</Code>`)]);
  });
});

describe('the setting of Transfer Acceleration', () => {
  it.each([
    ['cn-north-1', 'UnsupportedArgument'],
    ['us-gov-west-1', 'UnsupportedArgument'],
    ['eu-north-1', 'UnsupportedArgument'],
    ['eu-west-1', undefined],
    ['xx-newest-1', undefined],
  ])('in %s: %s', async (region, refusal) => {
    const world = newS3World();
    world.region = region;
    const CreateBucketConfiguration = { LocationConstraint: region as 'eu-west-1' };
    await world.s3.send(new CreateBucketCommand({ Bucket: 'pics', CreateBucketConfiguration }));
    const AccelerateConfiguration = { Status: 'Enabled' } as const;

    const put = world.s3.send(new PutBucketAccelerateConfigurationCommand({ Bucket: 'pics', AccelerateConfiguration }));

    const code = await put.then(
      () => undefined,
      (error: S3ServiceException) => error.name,
    );
    expect(code).toBe(refusal);
  });
});
