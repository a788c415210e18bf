import { createHash } from 'node:crypto';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newS3World, type S3World, textOf } from './s3-world.js';

const Bucket = 'pics';

/** Keys that break clients and that S3 takes all the same. */
const KEYS = [
  'a',
  'A',
  'soap',
  '/leading',
  'trailing/',
  'a//b',
  '//',
  '.',
  '..',
  'a/../b',
  'a/./b',
  '%2e%2e',
  '%00',
  'test%123',
  'file%2Fname',
  'test@key/',
  'test%40key/',
  'test key/',
  'a/😀/',
  'nul\0nul',
  'nul',
  'one\x01',
  'two\x02',
  'line\nfeed',
  'carriage\rreturn',
  'tab\t',
  'del\x7f',
  'next\u0085line',
  'separator\u2028',
  'rtl\u202eoverride',
  'zero\u200bwidth',
  'caf\u00e9',
  'cafe\u0301',
  'a+b',
  'a b',
  'a%b',
  'a#b',
  'a?list-type=2',
  'a&b',
  'a;b',
  'a|b',
  `quotes'"`,
  'back\\slash',
  '<xml>]]>',
  '~tilde*(1)!',
  ' ',
  '\uffff',
  '\u{10fffe}',
  '\u{10ffff}',
  'x'.repeat(1024),
  '\u00fc'.repeat(512),
  'constructor',
  '__proto__',
];

const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

function rawPath(key: string): string {
  return `/${Bucket}/${encodeURIComponent(key)}`;
}

async function worldWithBucket(): Promise<S3World> {
  const world = newS3World();
  await world.s3.send(new CreateBucketCommand({ Bucket }));
  return world;
}

async function listAll(world: S3World, EncodingType?: 'url'): Promise<string[]> {
  const keys: string[] = [];
  for (let token: string | undefined, first = true; first || token !== undefined; first = false) {
    const page = await world.s3.send(
      new ListObjectsV2Command({
        Bucket,
        ...(token === undefined ? {} : { ContinuationToken: token }),
        ...(EncodingType === undefined ? {} : { EncodingType }),
      }),
    );
    keys.push(...(page.Contents ?? []).map(({ Key = '' }) => Key));
    token = page.NextContinuationToken;
  }
  return keys;
}

describe('an object’s key', () => {
  it('PutObject, GetObject, ListObjectsV2 and DeleteObject take every key literally', async () => {
    const world = await worldWithBucket();
    const digest = (key: string): string => createHash('sha256').update(key).digest('hex');
    for (const key of KEYS) world.raw({ method: 'PUT', path: rawPath(key), body: Buffer.from(digest(key)) });

    const bodies = KEYS.map((key) => textOf(world.raw({ method: 'GET', path: rawPath(key) })));
    const listed = await listAll(world, 'url');
    for (const key of KEYS) world.raw({ method: 'DELETE', path: rawPath(key) });

    expect(bodies).toEqual(KEYS.map(digest));
    expect(listed.map((key) => decodeURIComponent(key.replaceAll('+', ' ')))).toEqual([...KEYS].sort(byBytes));
    expect(world.store.list('s3/object')).toEqual([]);
  });

  it('the SDK’s own way of writing keys arrives at the same objects', async () => {
    const world = await worldWithBucket();
    const keys = KEYS.filter((key) => key !== '.' && key !== '..');

    for (const Key of keys) await world.s3.send(new PutObjectCommand({ Bucket, Key, Body: Key }));

    for (const Key of keys) {
      const got = await world.s3.send(new GetObjectCommand({ Bucket, Key }));
      expect([Key, textOf(world.raw({ method: 'GET', path: rawPath(Key) }))]).toEqual([Key, Key]);
      expect(await got.Body?.transformToString()).toBe(Key);
      await world.s3.send(new DeleteObjectCommand({ Bucket, Key }));
    }
    expect(world.store.list('s3/object')).toEqual([]);
  });

  it('a slash in the path and %2F in the path are the same key', async () => {
    const world = await worldWithBucket();

    world.raw({ method: 'PUT', path: '/pics/a/../b//c%2Fd', body: Buffer.from('x') });

    expect(await listAll(world)).toEqual(['a/../b//c/d']);
  });

  it.each(['/pics/%', '/pics/a%zz', '/pics/%c0%ae', '/pics/%ff', '/pics/%ed%a0%80', '/%e4/a'])(
    'the path %s is no URI',
    async (path) => {
      const world = await worldWithBucket();

      const answer = world.raw({ method: 'GET', path });

      expect([answer.status, textOf(answer)]).toEqual([400, expect.stringContaining('<Code>InvalidURI</Code>')]);
    },
  );

  it.each([
    ['x', 1025],
    ['\u00fc', 513],
  ])('a key of "%s" times %i is too long', async (char, times) => {
    const world = await worldWithBucket();

    const answer = world.raw({ method: 'PUT', path: rawPath(char.repeat(times)) });

    expect([answer.status, textOf(answer)]).toEqual([400, expect.stringContaining('<Code>KeyTooLongError</Code>')]);
  });

  it('ListObjectsV2 orders any keys by their UTF-8 bytes, page after page', async () => {
    const key = fc.string({
      unit: fc.constantFrom('a', 'b', '/', '\0', '\x01', '\x02', 'é', '\uffee', '😀', '\u{10ffff}'),
      minLength: 1,
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(key, { maxLength: 20 }), async (keys) => {
        const world = await worldWithBucket();
        for (const one of keys) world.raw({ method: 'PUT', path: rawPath(one) });

        const listed = await listAll(world, 'url');

        expect(listed.map((one) => decodeURIComponent(one.replaceAll('+', ' ')))).toEqual([...keys].sort(byBytes));
      }),
      { numRuns: 40 },
    );
  });
});
