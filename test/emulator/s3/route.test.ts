import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { s3Service } from '../../../src/emulator/s3/index.js';
import { newS3World, textOf } from './s3-world.js';

async function worldWithObject() {
  const world = newS3World();
  await world.s3.send(new CreateBucketCommand({ Bucket: 'pics' }));
  await world.s3.send(new PutObjectCommand({ Bucket: 'pics', Key: 'a', Body: 'bytes of a' }));
  return world;
}

describe('s3Service', () => {
  it.each([
    ['GET', '/pics', 'acl', 'GetBucketAcl'],
    ['PUT', '/pics', 'website', 'PutBucketWebsite'],
    ['DELETE', '/pics', 'cors', 'DeleteBucketCors'],
    ['GET', '/pics', 'notification', 'GetBucketNotificationConfiguration'],
    ['GET', '/pics/a', 'acl', 'GetObjectAcl'],
    ['GET', '/pics/a', 'attributes', 'GetObjectAttributes'],
    ['POST', '/pics/a', 'restore', 'RestoreObject'],
    ['POST', '/pics/a', 'select&select-type=2', 'SelectObjectContent'],
    ['GET', '/pics/a', 'partNumber=1', 'GetObject with partNumber'],
    ['POST', '/pics', '', 'PostObject'],
  ])('%s %s?%s is not emulated, by name', async (method, path, query, name) => {
    const world = await worldWithObject();

    const answer = world.raw({ method, path, query });

    expect([answer.status, textOf(answer)]).toEqual([
      501,
      expect.stringContaining(
        `<Error><Code>NotImplemented</Code><Message>The local cloud does not emulate S3 ${name}.</Message>`,
      ),
    ]);
  });

  it.each([
    ['POST', '/pics/a', 'OBJECT'],
    ['PATCH', '/pics/a', 'OBJECT'],
    ['PATCH', '/pics', 'BUCKET'],
    ['DELETE', '/', 'SERVICE'],
  ])('%s %s is a method S3 does not have', async (method, path, type) => {
    const world = await worldWithObject();

    const answer = world.raw({ method, path });

    expect(answer.status).toBe(405);
    expect(textOf(answer)).toContain(
      `<Code>MethodNotAllowed</Code><Message>The specified method is not allowed against this resource.</Message><Method>${method}</Method><ResourceType>${type}</ResourceType>`,
    );
  });

  it('two sub-resources at once are a conflict', async () => {
    const world = await worldWithObject();

    const answer = world.raw({ method: 'GET', path: '/pics/a', query: 'acl&tagging' });

    expect([answer.status, textOf(answer)]).toEqual([
      400,
      expect.stringContaining('<Message>Conflicting query string parameters: acl, tagging</Message>'),
    ]);
  });

  it.each(['list-type=2', 'foo=bar', 'x-id=GetObject', 'prefix=b', 'policies'])(
    'GET of an object ignores the query %s',
    async (query) => {
      const world = await worldWithObject();

      const answer = world.raw({ method: 'GET', path: '/pics/a', query });

      expect([answer.status, textOf(answer)]).toEqual([200, 'bytes of a']);
    },
  );

  it('an encoded question mark belongs to the key', async () => {
    const world = await worldWithObject();

    const answer = world.raw({ method: 'GET', path: '/pics/a%3Flist-type=2' });

    expect([answer.status, textOf(answer)]).toEqual([404, expect.stringContaining('<Key>a?list-type=2</Key>')]);
  });

  it('a path with a slash behind the bucket is the bucket', async () => {
    const world = await worldWithObject();

    const answer = world.raw({ method: 'GET', path: '/pics/', query: 'list-type=2' });

    expect(textOf(answer)).toContain('<Key>a</Key>');
  });

  it('names every operation once, each with a source', () => {
    const { operations } = s3Service;

    expect(new Set(operations.map(({ name }) => name)).size).toBe(operations.length);
    expect(operations.filter(({ source }) => source === '')).toEqual([]);
  });
});
