import { expect, test } from 'vitest';
import type { FoundHeaders } from '../../src/aws/s3.js';
import type { MountConfig } from '../../src/config/config.js';
import type { Change } from '../../src/model/plan.js';
import { openDigests } from '../../src/resources/digests.js';
import { newEtagColumn } from '../../src/resources/etag-column.js';
import type { LocalImage } from '../../src/resources/local-images.js';
import type { ManifestEntry } from '../../src/resources/manifest.js';
import { objectsResource } from '../../src/resources/objects.js';
import type { ObjectsHave, ObjectsWant } from '../../src/resources/objects-work.js';
import { PickedImages } from '../../src/resources/picked-images.js';
import type { Environment } from '../../src/resources/resource.js';
import type { Row } from '../../src/resources/rows.js';

const ENVIRONMENT: Environment = {
  target: 'aws',
  account: '123456789012',
  partition: 'aws',
  region: 'eu-west-1',
  name: 'holiday',
  stage: 'dev',
  token: 'token',
  createdBy: '',
};

const MOUNT: MountConfig = {
  id: 'images',
  path: '/images',
  bucket: { name: 'my-bucket', create: true, prefix: 'images/', versioning: false },
  source: '/nowhere',
  access: { kind: 'public' },
  headers: {},
  upload: [],
};

const {
  diff: changesOf,
  ending,
  label,
  remember,
} = objectsResource(ENVIRONMENT, MOUNT, {
  prune: false,
  readFolder: true,
  digests: openDigests('/nowhere', () => 0),
});

/** The changes, as a document tells them. */
function diff(want: ObjectsWant, have: ObjectsHave | undefined): Change[] {
  return JSON.parse(JSON.stringify(changesOf(want, have)));
}

/** What is known of an object whose bytes have this digest. */
function entry(etag: string, other: Partial<ManifestEntry> = {}): ManifestEntry {
  return { etag, sha256: `sha of ${etag}`, sizeBytes: 1, contentType: 'image/png', headers: {}, ...other };
}

/** The files of the folder, by key. */
function want(files: Readonly<Record<string, ManifestEntry>>, prune = false): ObjectsWant {
  const all = Object.entries(files).map(([key, is], number) => ({ ...is, number, key, path: `/nowhere/${key}` }));
  const byKey = new Map<string, LocalImage>(all.map((image) => [image.key, image]));
  const images = Object.assign(byKey, {
    at: (number: number) => all[number],
    keyAt: (number: number) => all[number]?.key,
  });
  return {
    folder: { images, refused: [], refusedKeys: new Set<string>(), warnings: [] },
    concurrency: 1,
    prune,
    isWhole: true,
  };
}

interface There {
  /** ETags in the bucket, by key. */
  readonly listed?: Readonly<Record<string, string>>;
  /** What the manifest tells; undefined: there is none. */
  readonly told?: Readonly<Record<string, ManifestEntry>>;
  /** @default true */
  readonly complete?: boolean;
  /** What HEAD tells, by key. */
  readonly asked?: ReadonlyMap<string, Omit<FoundHeaders, 'etag'>>;
}

/** What the bucket holds. */
function have({ listed = {}, told, complete = true, asked = new Map() }: There): ObjectsHave {
  const keys = [...new Set([...Object.keys(listed), ...Object.keys(told ?? {})])].sort();
  const rows = keys.map((key): [string, Row] => {
    const [etag, headers] = [listed[key], asked.get(key)];
    const there = etag === undefined ? undefined : { key: `images/${key}`, etag, sizeBytes: 1, modifiedMs: 0 };
    const found = headers === undefined ? undefined : { ...headers, etag: etag ?? '' };
    return [key, { key, there, entry: told?.[key], headers: found }];
  });
  const nothing = {
    fresh: new PickedImages(want({}).folder.images),
    etags: newEtagColumn(),
    elsewhere: [],
    former: new Map(),
    listEtag: undefined,
  };
  return {
    ...nothing,
    rows: new Map(rows),
    online: { count: 0, bytes: 0 },
    strange: 0,
    seenMs: 0,
    listed: Object.keys(told ?? {}).length,
    list: told === undefined ? undefined : { complete, gone: [], writtenMs: 0, seenMs: 0 },
  };
}

test('objects.diff() sends everything to an empty bucket', () => {
  expect(diff(want({ 'a.png': entry('A'), 'b/c.png': entry('C') }), undefined)).toEqual([
    { path: 'put a.png', from: undefined, to: 'sha of A' },
    { path: 'put b/c.png', from: undefined, to: 'sha of C' },
  ]);
});

test('objects.diff() has nothing to do where listing and manifest agree with the folder', () => {
  const files = { 'a.png': entry('A'), 'b.png': entry('B', { headers: { 'Cache-Control': 'no-store' } }) };

  expect(diff(want(files), have({ listed: { 'a.png': 'A', 'b.png': 'B' }, told: files }))).toEqual([]);
});

test('objects.diff() has nothing to do where there is nothing at all', () => {
  expect(diff(want({}), undefined)).toEqual([]);
});

test.each([
  ['whose bytes differ', { listed: { 'a.png': 'old' }, told: { 'a.png': entry('old') } }, 'sha of old'],
  ['that is gone although the manifest tells of it', { listed: {}, told: { 'a.png': entry('A') } }, undefined],
  ['that somebody replaced', { listed: { 'a.png': 'theirs' }, told: { 'a.png': entry('A') } }, 'theirs'],
  ['of which only a listing tells that it differs', { listed: { 'a.png': 'old' } }, 'old'],
])('objects.diff() sends an image %s', (_what, there, from) => {
  expect(diff(want({ 'a.png': entry('A') }), have(there))).toEqual([{ path: 'put a.png', from, to: 'sha of A' }]);
});

test.each([
  ['Content-Type', { contentType: 'image/x-png' }],
  ['a header that is not wanted', { headers: { 'Cache-Control': 'no-store', Expires: 'then' } }],
  ['a header of another value', { headers: { 'Cache-Control': 'private' } }],
  ['a header that is missing', { headers: {} }],
])('objects.diff() sets headers anew, without sending the bytes, for another %s', (_what, stored) => {
  const wanted = entry('A', { headers: { 'Cache-Control': 'no-store' } });
  const there = { ...wanted, ...stored };

  const changes = diff(want({ 'a.png': wanted }), have({ listed: { 'a.png': 'A' }, told: { 'a.png': there } }));

  expect(changes).toEqual([
    {
      path: 'headers a.png',
      from: { 'Content-Type': there.contentType, ...there.headers },
      to: { 'Content-Type': 'image/png', 'Cache-Control': 'no-store' },
    },
  ]);
});

test('objects.diff() believes HEAD more than the manifest', () => {
  const files = { 'a.png': entry('A') };
  const asked = new Map([['a.png', { contentType: 'text/html', headers: {} }]]);

  const changes = diff(want(files), have({ listed: { 'a.png': 'A' }, told: files, complete: false, asked }));

  expect(changes.map(({ path }) => path)).toEqual(['headers a.png']);
});

test.each([
  ['there is none', undefined, true, 'missing'],
  ['it is unfinished', { 'a.png': entry('A') }, false, 'unfinished'],
] as const)(
  'objects.diff() writes the manifest where %s, though every object is right',
  (_what, told, complete, from) => {
    const asked = new Map([['a.png', { contentType: 'image/png', headers: {}, sha256: 'sha of A' }]]);
    const there = have({ listed: { 'a.png': 'A' }, complete, asked, ...(told === undefined ? {} : { told }) });

    expect(diff(want({ 'a.png': entry('A') }), there)).toEqual([{ path: 'manifest', from, to: 'complete' }]);
  },
);

/** An object as KMS has it: an ETag that is no MD5. */
const KMS = entry('A', { etag: 'random' });

test.each<[string, There, string[]]>([
  ['the manifest tells of both ETag and digest', { listed: { 'a.png': 'random' }, told: { 'a.png': KMS } }, []],
  [
    'only its own digest tells, and the manifest is gone',
    {
      listed: { 'a.png': 'random' },
      asked: new Map([['a.png', { contentType: 'image/png', headers: {}, sha256: 'sha of A' }]]),
    },
    ['manifest'],
  ],
  [
    'its own digest tells, and the manifest tells of an older ETag',
    {
      listed: { 'a.png': 'random' },
      told: { 'a.png': { ...KMS, etag: 'older' } },
      asked: new Map([['a.png', { contentType: 'image/png', headers: {}, sha256: 'sha of A' }]]),
    },
    ['manifest'],
  ],
  [
    'the manifest tells of the ETag with another digest',
    { listed: { 'a.png': 'random' }, told: { 'a.png': { ...KMS, sha256: 'sha of B' } } },
    ['put a.png'],
  ],
  ['nothing tells', { listed: { 'a.png': 'random' } }, ['put a.png']],
])('objects.diff() of an ETag that is no MD5 goes by digests where %s', (_what, there, paths) => {
  expect(diff(want({ 'a.png': entry('A') }), have(there)).map(({ path }) => path)).toEqual(paths);
});

const REST = { 'a.png': entry('A') };
const GONE = { ...REST, 'gone.png': entry('G') };

test.each<[string, boolean, There, string[]]>([
  ['keeps what the folder no longer holds', false, { listed: { 'a.png': 'A', 'gone.png': 'G' }, told: GONE }, []],
  [
    'removes it when asked to prune',
    true,
    { listed: { 'a.png': 'A', 'gone.png': 'G' }, told: GONE },
    ['remove gone.png'],
  ],
  ['leaves alone what somebody replaced', true, { listed: { 'a.png': 'A', 'gone.png': 'X' }, told: GONE }, []],
  ['leaves alone what it never sent', true, { listed: { 'a.png': 'A', 'theirs.png': 'T' }, told: REST }, []],
])('objects.diff() %s', (_what, prune, there, paths) => {
  expect(diff(want(REST, prune), have(there)).map(({ path }) => path)).toEqual(paths);
});

test('objects.diff() prunes nothing twice: what is gone from the bucket needs no removal', () => {
  const there = have({ listed: { 'a.png': 'A' }, told: GONE });

  expect(diff(want(REST, true), there)).toEqual([]);
});

test('objects.ending() keeps what nothing tells to be ours', () => {
  expect(ending?.(have({ listed: { 'a.png': 'A' } }))).toBe('keep');
  expect(ending?.(have({ listed: { 'a.png': 'A' }, told: REST }))).toBe('remove');
});

test('objects.label() and objects.remember() say where and how many', () => {
  expect(label(want({}))).toBe('s3://my-bucket/images/');
  expect(remember(have({ told: GONE }))).toEqual({ objects: 2 });
  expect(remember(have({}))).toEqual({ objects: 0 });
});
