import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { S3 } from '../../src/aws/s3.js';
import {
  findManifest,
  keysOnList,
  type Manifest,
  type ManifestEntry,
  type Named,
  openList,
  putManifest,
} from '../../src/resources/manifest.js';
import { newWorld } from '../stories/world.js';

const BUCKET = 'pixgate-lists';
const KEY = '.pixgate/holiday.dev.eu-west-1.images.ndjson';
const HEAD = { token: 'token', complete: true, seenMs: 5, prefix: 'images/', gone: [], former: [] };

async function emptyBucket(): Promise<S3> {
  const { s3 } = await newWorld().aws();
  await s3.createBucket(BUCKET, {});
  return s3;
}

function entry(text: string, other: Partial<ManifestEntry> = {}): ManifestEntry {
  return { etag: `e${text}`, sha256: `s${text}`, sizeBytes: 1, contentType: 'image/png', headers: {}, ...other };
}

const put = (s3: S3, entries: Iterable<Named>, head: Partial<Manifest> = {}) =>
  putManifest(s3, { bucket: BUCKET, key: KEY, replaced: 'nothing' }, { ...HEAD, ...head }, () => entries);

/** Writes any text where the list lies. */
async function scribble(s3: S3, text: string): Promise<void> {
  const body = Buffer.from(text);
  await s3.putObject(BUCKET, { key: KEY, body, contentType: 'application/json', headers: {} });
}

test('findManifest() reads what putManifest() wrote, whatever the keys and headers', async () => {
  const s3 = await emptyBucket();
  const anEntry = fc.record({
    etag: fc.string(),
    sha256: fc.string(),
    sizeBytes: fc.nat(),
    contentType: fc.constantFrom('image/png', 'image/avif'),
    headers: fc.dictionary(fc.string(), fc.string(), { maxKeys: 2 }),
  });
  const lists = fc.uniqueArray(
    fc.tuple(
      fc.string({ unit: 'binary', minLength: 1 }),
      anEntry,
      fc.constantFrom('' as const, 'promised' as const, 'sent' as const),
    ),
    {
      selector: ([key]) => key,
      maxLength: 8,
    },
  );
  const written = (listed: readonly (readonly [string, ManifestEntry, '' | 'promised' | 'sent'])[]): Named[] =>
    listed.map(([key, is, state]) => [key, { ...is, ...(state === '' ? {} : { [state]: true }) }]);
  let replaced: 'nothing' | { etag: string } = 'nothing';

  await fc.assert(
    fc.asyncProperty(lists, lists, fc.boolean(), async (here, before, complete) => {
      const former = [{ prefix: 'old/', objects: new Map(written(before)), gone: ['x'] }];
      const head = { ...HEAD, complete, former, gone: ['a', 'b'] };
      const etag = await putManifest(s3, { bucket: BUCKET, key: KEY, replaced }, head, () => written(here));
      replaced = { etag };

      const found = await findManifest(s3, BUCKET, KEY);

      expect(found).toMatchObject({
        token: 'token',
        complete,
        seenMs: 5,
        prefix: 'images/',
        gone: ['a', 'b'],
        listEtag: etag,
      });
      expect([...(found?.objects ?? [])]).toEqual(written(here));
      expect(found?.former).toEqual(former);
    }),
    { numRuns: 30 },
  );
});

test('findManifest() keeps the order of keys that look like numbers', async () => {
  const s3 = await emptyBucket();

  await put(
    s3,
    ['10', '2', 'a', '1'].map((key): Named => [key, entry(key)]),
  );

  expect([...((await findManifest(s3, BUCKET, KEY))?.objects.keys() ?? [])]).toEqual(['10', '2', 'a', '1']);
});

test('openList() tells how many objects there are, and every thousandth key, before it names them', async () => {
  const s3 = await emptyBucket();
  const keys = Array.from({ length: 2500 }, (_, n) => `${String(n).padStart(5, '0')}.png`);
  await put(
    s3,
    keys.map((key): Named => [key, entry(key)]),
  );

  const list = await openList(s3, BUCKET, KEY);

  expect(list?.manifest).toMatchObject({ count: 2500, splits: ['00999.png', '01999.png'] });
  await list?.manifest?.close();
});

describe('a list that is not one', () => {
  test.each([
    ['is no JSON', 'cheese'],
    ['is empty', ''],
    ['is JSON of another kind', '{"version":1}\n'],
    ['is null', 'null\n'],
    ['is of another version', '{"pixgate":"sent","version":3}\n'],
    ['has nothing but a name and a version', '{"pixgate":"sent","version":2}\n'],
  ])('that %s is there and not understood', async (_what, text) => {
    const s3 = await emptyBucket();
    await scribble(s3, text);

    expect(await findManifest(s3, BUCKET, KEY)).toBeUndefined();
    expect(await openList(s3, BUCKET, KEY)).toEqual({ listEtag: expect.any(String), manifest: undefined });
  });

  test.each([
    ['is no JSON', '["a.png",'],
    ['names headers that are not there', '["a.png","e","s",1,9]'],
    ['is null', 'null'],
    ['has no key', '[null,"e","s",1,0]'],
  ])('in which one line %s is as none', async (_what, line) => {
    const s3 = await emptyBucket();
    await put(s3, [['b.png', entry('b')]]);
    const text = Buffer.from((await s3.findObject(BUCKET, KEY))?.bytes ?? []).toString();
    await scribble(s3, `${text}${line}\n`);

    expect(await findManifest(s3, BUCKET, KEY)).toBeUndefined();
  });
});

test('putManifest() writes over the list that was read, and over no other', async () => {
  const s3 = await emptyBucket();
  const first = await put(s3, [['a.png', entry('a')]]);
  const second = await putManifest(s3, { bucket: BUCKET, key: KEY, replaced: { etag: first } }, HEAD, () => []);
  const changed = { code: 'LIST_CHANGED', message: expect.stringContaining(KEY) };

  await expect(put(s3, [['b.png', entry('b')]])).rejects.toMatchObject(changed);
  const stale = { bucket: BUCKET, key: KEY, replaced: { etag: first } };
  await expect(putManifest(s3, stale, HEAD, () => [['b.png', entry('b')]])).rejects.toMatchObject(changed);

  expect((await findManifest(s3, BUCKET, KEY))?.listEtag).toBe(second);
  // The very same list again is the try whose answer was lost.
  expect(await putManifest(s3, stale, HEAD, () => [])).toBe(second);
});

test('keysOnList() names ETags, but not those of promises', () => {
  const objects = new Map([
    ['a.png', entry('a')],
    ['b.png', entry('b', { promised: true })],
  ]);
  const former = [{ prefix: 'old/', objects: new Map([['c.png', entry('c')]]), gone: ['d.png'] }];

  expect([...keysOnList({ ...HEAD, objects, gone: ['e.png'], former })]).toEqual([
    ['old/d.png', undefined],
    ['old/c.png', 'ec'],
    ['images/e.png', undefined],
    ['images/a.png', 'ea'],
    ['images/b.png', undefined],
  ]);
});

test('putManifest() sends a list that is too long to be held in pieces', async () => {
  const s3 = await emptyBucket();
  const many = Array.from(
    { length: 60_000 },
    (_, n): Named => [`image-${`${n}`.padStart(6, '0')}.png`, entry('a'.repeat(40))],
  );
  let asked = 0;
  const entries = () => {
    asked += 1;
    return many;
  };

  await putManifest(s3, { bucket: BUCKET, key: KEY, replaced: 'nothing' }, HEAD, entries);

  const found = await findManifest(s3, BUCKET, KEY);
  expect([...(found?.objects ?? [])]).toEqual(many);
  expect(asked).toBe(3);
});
